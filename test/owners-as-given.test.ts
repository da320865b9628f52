import { beforeEach, expect, test } from 'vitest'
import { createCluster, type Cluster } from '../src/runtime-model/cluster.ts'
import { ADMIN } from '../src/runner/context.ts'
import { withShownFields } from '../src/runtime-model/api/shown-fields.ts'
import { expandManagedFields } from '../src/runtime-model/api/managed-fields.ts'

/** What clients say of managedFields, and what is left of them: as a 1.35.4 API server answered. */
let cluster: Cluster
beforeEach(() => { cluster = createCluster({ nodes: [{ name: 'worker-1' }] }) })
const base = { group: '', version: 'v1', namespace: 'default', credentials: ADMIN, userAgent: 'kubectl' } as const
const made = (): any => cluster.request({
  ...base, verb: 'create', resource: 'configmaps', body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } },
}).body
const ownersOf = (object: any) => expandManagedFields(object).map(({ manager, operation, fieldsType, fieldsV1 }) => ({ manager, operation, fieldsType, fieldsV1 }))
const put = (object: any, owners: readonly unknown[]): any =>
  cluster.request({ ...base, verb: 'update', resource: 'configmaps', name: 'a', body: { ...object, metadata: { ...object.metadata, managedFields: owners } } }).body
const own = { manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { '.': {}, 'f:x': {} } } }

test('entries that do not say in which form they are change nothing', () => {
  const object = made(), [entry] = expandManagedFields(object), { fieldsType: _, ...formless } = entry, answer = put(object, [formless])
  expect(ownersOf(answer)).toEqual([own])
  expect(answer.metadata.resourceVersion).toBe(object.metadata.resourceVersion)
})
test('what a client was shown, it may send back', () => {
  const pod = cluster.request({
    ...base, verb: 'create', resource: 'pods', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'a', image: 'a' }] } },
  }).body
  cluster.advance(10_000)
  const shown = withShownFields(cluster.request({ ...base, verb: 'get', resource: 'pods', name: pod.metadata.name }).body)
  expect(shown.metadata.managedFields.map((e: any) => e.manager)).toEqual(['kubectl', 'kubelet'])
  const { body } = cluster.request({ ...base, verb: 'update', resource: 'pods', name: 'p', body: JSON.parse(JSON.stringify(shown)) })
  expect(body.metadata.resourceVersion).toBe(shown.metadata.resourceVersion)
})
test('of two entries of one writer the last is believed', () => {
  const object = made(), [entry] = expandManagedFields(object)
  expect(ownersOf(put(object, [{ ...entry, fieldsV1: { 'f:data': {} } }, entry]))).toEqual([own])
})
test('entries that are written in another order are the same', () => {
  const object = made(), [{ fieldsV1, ...rest }] = expandManagedFields(object), answer = put(object, [{ fieldsV1, ...rest }])
  expect(answer.metadata.resourceVersion).toBe(object.metadata.resourceVersion)
})
test('to apply nothing to what nobody owns writes nothing', () => {
  const get = (): any => cluster.request({ ...base, verb: 'get', resource: 'serviceaccounts', name: 'default' }).body, before = get()
  const { body } = cluster.request({
    ...base, verb: 'patch', resource: 'serviceaccounts', name: 'default', patchType: 'application/apply-patch+yaml', fieldManager: 'two',
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
  })
  expect([body.metadata.resourceVersion, get()]).toEqual([before.metadata.resourceVersion, before])
})
