import { expect, test } from 'vitest'
import { registry, unmodelledFields, type KindDefinition } from '../src/runtime-model/kinds/index.ts'
import type { ApiRequest, ApiResponse } from '../src/runtime-model/api/request.ts'
import { startServers } from './support/api-servers.ts'
import recorded from './kinds-mistakes.json' with { type: 'json' }

// One valid object of every kind, through a whole API server; some are changed by controllers of the server meanwhile.
const changedMeanwhile = ['CustomResourceDefinition', 'FlowSchema']
const objects = (recorded as unknown as readonly { readonly object: any }[]).map(e => e.object).filter(o => !changedMeanwhile.includes(o.kind))
const kindOf = ({ apiVersion, kind }: any): KindDefinition =>
  registry.all.find(k => k.kind === kind && (k.group ? `${k.group}/${k.version}` : k.version) === apiVersion)!
const about = (kind: KindDefinition, verb: ApiRequest['verb'], more: Partial<ApiRequest> = {}): Partial<ApiRequest> =>
  ({ verb, group: kind.group, version: kind.version, resource: kind.resource, namespace: kind.namespaced ? 'default' : undefined, ...more })
const servers = (() => { const started = startServers(); started.say('create serviceaccounts default/default'); return started })()

test.each(objects.map(o => [`${o.kind} ${o.apiVersion} ${o.metadata.name}`, o] as const))(
  '%s is created, read, listed, replaced by itself and removed', (_, object) => {
  const { ask } = servers.fork(), kind = kindOf(object), { name } = object.metadata
  const created = ask(about(kind, 'create', { body: object, fieldValidation: 'Strict' }))
  if (!kind.modelled || unmodelledFields(kind.kind, object).length > 0) {
    expect(created).toMatchObject({ code: 501, body: { reason: 'NotModelled' } })
    return
  }
  expect(created.body).toMatchObject({ kind: object.kind, apiVersion: object.apiVersion, metadata: { name } })
  const read = ask(about(kind, 'get', { name }))
  expect(read.body).toEqual(created.body)
  const listed = ask(about(kind, 'list')).body.items.find((o: any) => o.metadata.name === name)
  expect({ kind: object.kind, apiVersion: object.apiVersion, ...listed }).toEqual(created.body)
  const replaced: ApiResponse = ask(about(kind, 'update', { name, body: read.body, fieldValidation: 'Strict' }))
  expect(replaced.code).toBe(200)
  expect(replaced.body.metadata.resourceVersion).toBe(created.body.metadata.resourceVersion)
  expect(
    ask(about(kind, 'patch', { name, patchType: 'application/merge-patch+json', body: { metadata: { labels: { a: 'b' } } } })).body
  ).toMatchObject({ metadata: { labels: { a: 'b' } } })
  expect(ask(about(kind, 'delete', { name })).code).toBeLessThan(300)
}
)
test('there is one of every kind that can be stored', () => {
  const storable = registry.all.filter(k => k.verbs.includes('create') && k.verbs.includes('get') && !changedMeanwhile.includes(k.kind))
  const missing = storable.filter(k => !objects.some(o => kindOf(o) === k)).map(k => `${k.resource}.${k.group}`)
  expect(missing).toEqual([])
})
