import { createHash } from 'node:crypto'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { expect, test } from 'vitest'
import { createModelDriver } from '../src/drivers/model.ts'
import { registry } from '../src/runtime-model/kinds/index.ts'
import { builtInDocument } from '../src/runtime-model/kube-apiserver/openapi/document.ts'
import { schemaOf } from '../src/runtime-model/kube-apiserver/openapi/schemas.ts'
import { createCluster } from '../src/runtime-model/cluster.ts'
import { ADMIN } from '../src/runner/context.ts'
import { inProtobuf } from '../src/serve/openapi-protobuf.ts'
import real from './support/openapi-documents.json' with { type: 'json' }

const builtIn = registry.all.filter(k => k.schema === undefined)
const inOrder = (value: any): any =>
  Array.isArray(value) ? value.map(inOrder)
    : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, inOrder(v)]))
    : value
const fingerprint = (document: any): string => createHash('sha256').update(JSON.stringify(inOrder(document))).digest('hex').slice(0, 16)

// SHA-256 of what a 1.35.4 API server says, its keys in order
test.each(Object.entries(real))('the OpenAPI v3 document of %s is that of a real API server', (path, print) => {
  expect(fingerprint(builtInDocument(`/${path}`, builtIn, '1.35.4'))).toBe(print)
})

test('an API server tells them, under the paths that it lists', () => {
  const cluster = createCluster({ nodes: [{ name: 'worker-1' }] })
  const at = (path: string) =>
    cluster.request({ verb: 'get', group: '', version: 'v1', resource: '', path, credentials: ADMIN, userAgent: 'kubectl' })
  const listed = Object.keys(at('/openapi/v3').body.paths)
  expect(listed).toEqual(Object.keys(real))
  const { code, body } = at('/openapi/v3/apis/apps/v1')
  expect([code, Object.keys(body.components.schemas)[0]]).toEqual([200, 'io.k8s.api.apps.v1.ControllerRevision'])
  expect(body.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch.parameters.map((p: any) => p.name))
    .toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force'])
  expect(at('/openapi/v3/apis/nowhere/v1').code).toBe(404)
})

test('a type that nobody has has no schema', () => {
  expect(schemaOf('io.k8s.api.core.v1.Nothing')).toBe(undefined)
  expect(schemaOf('io.k8s.api.core.v1.NothingList')).toBe(undefined)
})

/** What is shared is called by a hash, which is not the same here: each stands in its place. */
function inPlace(document: any): any {
  const each = (parameters: readonly any[]) => parameters.map(p => p.$ref ? document.parameters[p.$ref.slice('#/parameters/'.length)] : p)
  const paths = Object.entries<any>(document.paths).map(([path, item]) => [path, Object.fromEntries(Object.entries<any>(item).map(([word, value]) =>
    [word, word === 'parameters' ? each(value) : value.parameters ? { ...value, parameters: each(value.parameters) } : value]))])
  return { ...document, paths: Object.fromEntries(paths), parameters: Object.keys(document.parameters).map(name => name.slice(0, -9)).sort() }
}
test('the OpenAPI v2 document is that of a real API server', () => {
  const cluster = createCluster({ nodes: [{ name: 'worker-1' }] }), at = (path: string) =>
    cluster.request({ verb: 'get', group: '', version: 'v1', resource: '', path, credentials: ADMIN, userAgent: 'kubectl' }).body
  const document = inPlace(at('/openapi/v2'))
  expect(fingerprint(document.definitions)).toBe('3c70e9809cce391b')
  expect(fingerprint(document.paths)).toBe('90a9262518cc47c6')
  expect([document.swagger, document.info, document.security, document.parameters.length])
    .toEqual(['2.0', { title: 'Kubernetes', version: '1.35' }, [{ BearerToken: [] }], 46])
})

test('custom resources stand in both', async () => {
  const driver = createModelDriver({ bare: true, nodes: [{ name: 'worker-1' }] })
  const ask = (request: object) => driver.request({ verb: 'get', group: '', version: 'v1', resource: '', credentials: ADMIN, userAgent: 'kubectl', ...request } as any)
  const property = { any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: { type: 'string' } } }, port: { 'x-kubernetes-int-or-string': true } }
  const made = await ask({
    verb: 'create', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions',
    body: {
      apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'things.ex.org' },
      spec: {
        group: 'ex.org', scope: 'Namespaced', names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
        versions: [{
          name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: {
            openAPIV3Schema: {
              type: 'object', properties: { ...property, nul: { type: 'string', nullable: true, enum: ['a'] }, num: { type: 'integer', default: 3 } },
            },
          },
        }],
      },
    },
  })
  expect(made.code).toBe(201)
  await driver.advance(2000)
  const three = (await ask({ path: '/openapi/v3/apis/ex.org/v1' })).body, two = (await ask({ path: '/openapi/v2' })).body
  const paths = ['', '/{name}', '/{name}/status'].map(end => `/apis/ex.org/v1/namespaces/{namespace}/things${end}`)
  expect(Object.keys(three.paths).sort()).toEqual([...paths, '/apis/ex.org/v1/things'])
  // by this kubectl knows that the server validates fields
  expect(three.paths[paths[1]].patch).toMatchObject({ 'x-kubernetes-group-version-kind': { group: 'ex.org', version: 'v1', kind: 'Thing' } })
  expect(three.paths[paths[1]].patch.parameters.map((p: any) => p.name)).toContain('fieldValidation')
  expect(three.components.schemas['org.ex.v1.Thing'].properties.port).toEqual({ ...property.port, anyOf: [{ type: 'integer' }, { type: 'string' }] })
  // what kubectl of old cannot read is left out
  expect(two.definitions['org.ex.v1.Thing'].properties).toMatchObject({
    any: { 'x-kubernetes-preserve-unknown-fields': true }, port: { 'x-kubernetes-int-or-string': true }, nul: { enum: ['a'] }, num: { type: 'integer' },
  })
  expect(Object.keys(two.definitions['org.ex.v1.Thing'].properties.any)).toEqual(['x-kubernetes-preserve-unknown-fields'])
  expect(two.definitions['org.ex.v1.ThingList'].properties.items.items).toEqual({ $ref: '#/definitions/org.ex.v1.Thing' })
  expect(two.paths[paths[0]].post.consumes).toEqual(['application/json', 'application/yaml'])
})

test('it is told in protobuf too', () => {
  const document = { swagger: '2.0', paths: { '/a': { get: { tags: ['x'], operationId: 'a', responses: { 200: { description: 'OK' } }, 'x-kubernetes-action': 'get' } } },
    definitions: { A: { type: 'object', required: ['b'], properties: { b: { $ref: '#/definitions/B' } }, 'x-kubernetes-group-version-kind': [{ kind: 'A' }] } } }
  const read = (bytes: Uint8Array): any[] => {
    const reader = new BinaryReader(bytes), fields: any[] = []
    while (reader.pos < reader.len) { const [number, wire] = reader.tag(); fields.push(wire === 2 ? [number, reader.bytes()] : [number, reader.int32()]) }
    return fields
  }
  const field = (bytes: Uint8Array, ...path: number[]): any => path.reduce((at: any, number) => read(at).find(([n]) => n === number)[1], bytes)
  const text = (...path: number[]): string => new TextDecoder().decode(field(inProtobuf(document), ...path))
  expect([text(1), text(8, 2, 1), text(8, 2, 2, 2, 5), text(8, 2, 2, 2, 9, 1, 2, 1, 1), text(8, 2, 2, 2, 13, 1), text(8, 2, 2, 2, 13, 2, 2)])
    .toEqual(['2.0', '/a', 'a', 'OK', 'x-kubernetes-action', '"get"\n'])
  expect([text(9, 1, 1), text(9, 1, 2, 22, 1), text(9, 1, 2, 19), text(9, 1, 2, 25, 1, 1), text(9, 1, 2, 25, 1, 2, 1), text(9, 1, 2, 31, 2, 2)])
    .toEqual(['A', 'object', 'b', 'b', '#/definitions/B', '[{"kind":"A"}]\n'])
})
