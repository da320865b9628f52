import { expect, it, test } from 'vitest'
import { createModelDriver } from '../src/drivers/model.ts'
import type { ApiRequest, ApiResponse } from '../src/runtime-model/api/request.ts'

/** What a 1.35.4 API server answered to requests that no kubectl would make by itself. */
const admin = { credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'test', group: '', version: 'v1' } as const
async function cluster() {
  const driver = createModelDriver({ nodes: [{ name: 'worker-1' }] })
  await driver.advance(5000)
  return driver
}
const shop = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shop' }, spec: { containers: [{ name: 'app', image: 'shop/web:1' }] } }

it.each([
  ['of a service account with a path in it', { serviceAccountName: 'a/b' }, 403,
    `pods "shop" is forbidden: error looking up service account default/a/b: invalid resource name "a/b": [may not contain '/']`],
  ['of a service account that goes up', { serviceAccountName: '..' }, 403,
    `pods "shop" is forbidden: error looking up service account default/..: invalid resource name "..": [may not be '..']`],
  ['of a RuntimeClass with a path in it', { runtimeClassName: 'a/b' }, 500, `invalid resource name "a/b": [may not contain '/']`],
  ['of a RuntimeClass without a name', { runtimeClassName: '' }, 500, 'resource name may not be empty'],
])('a pod %s is refused', async (_, spec, code, message) => {
  const driver = await cluster(), body = { ...shop, spec: { ...shop.spec, ...spec } }
  expect(await driver.request({ ...admin, verb: 'create', resource: 'pods', namespace: 'default', body })).toMatchObject({ code, body: { message } })
})
test('a pod without a name is called Unknown by who refuses it before', async () => {
  const driver = await cluster(), body = { ...shop, metadata: {}, spec: { ...shop.spec, serviceAccountName: 'robot' } }
  expect(await driver.request({ ...admin, verb: 'create', resource: 'pods', namespace: 'default', body })).toMatchObject({
    code: 403, body: { message: 'pods "Unknown" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found', details: { name: 'Unknown' } },
  })
})

it.each(['application/merge-patch+json', 'application/strategic-merge-patch+json'] as const)('%s leaves an object where it is', async patchType => {
  const driver = await cluster(), of = { ...admin, resource: 'configmaps', namespace: 'default', name: 'settings' } as const
  await driver.request({ ...of, verb: 'create', name: undefined, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } } })
  const patch = (metadata: unknown): Promise<ApiResponse> => driver.request({ ...of, verb: 'patch', patchType, body: { metadata } } satisfies ApiRequest)
  const before = driver.stored('configmaps', 'default', 'settings')
  for (const namespace of [null, '']) expect(await patch({ namespace })).toMatchObject({ code: 200, body: before! })
  expect(await patch({ namespace: 'kube-system' })).toMatchObject({
    code: 400, body: { message: 'the namespace of the provided object does not match the namespace sent on the request' },
  })
  const node = { ...admin, resource: 'nodes', name: 'worker-1', verb: 'patch', patchType, body: { metadata: { namespace: 'x', labels: { a: 'b' } } } } as const
  const answer = await driver.request(node)
  expect([answer.code, answer.body.metadata.namespace, answer.body.metadata.labels.a]).toEqual([200, undefined, 'b'])
})
test('bytes that are none are told of as whoever patches reads them', async () => {
  const driver = await cluster(), of = { ...admin, resource: 'configmaps', namespace: 'default', name: 'settings' } as const
  await driver.request({ ...of, verb: 'create', name: undefined, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } } })
  const said = async (patchType: NonNullable<ApiRequest['patchType']>): Promise<string> =>
    (await driver.request({ ...of, verb: 'patch', patchType, body: { binaryData: { key: 'x' } } })).body.message
  expect(await said('application/strategic-merge-patch+json')).toMatch(/: error decoding from json: illegal base64 data at input byte 0$/)
  expect(await said('application/merge-patch+json')).toMatch(/: illegal base64 data at input byte 0$/)
  expect(await said('application/merge-patch+json')).not.toMatch(/error decoding from json/)
})
