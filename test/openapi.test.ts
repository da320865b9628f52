import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { registry } from '../src/runtime-model/kinds/index.ts'
import { builtInDocument } from '../src/runtime-model/kube-apiserver/openapi/document.ts'
import { schemaOf } from '../src/runtime-model/kube-apiserver/openapi/schemas.ts'
import { createCluster } from '../src/runtime-model/cluster.ts'
import { ADMIN } from '../src/runner/context.ts'
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
