import { expect, test } from 'vitest'
import { startServers } from './support/api-servers.ts'

/** What rows tell of their objects, as a 1.35.4 API server answers `Accept: application/json;as=Table` with includeObject. */
const servers = startServers()
servers.say('create configmaps default/a {"data":{"a":"1"}}')
const rowsOf = (includeObject: string | undefined, verb: 'get' | 'list'): any =>
  servers.ask({
    verb, resource: 'configmaps', namespace: 'default', as: 'Table', ...verb === 'get' ? { name: 'a' } : {},
    ...includeObject === undefined ? {} : { query: { includeObject } },
  }).body.rows.map((r: any) => r.object && [r.object.kind, r.object.metadata.name, r.object.data])

test.each([undefined, '', 'Metadata'])('metadata alone by default: %s', asked => {
  for (const verb of ['get', 'list'] as const) expect(rowsOf(asked, verb)).toEqual([['PartialObjectMetadata', 'a', undefined]])
})
test('whole objects', () => {
  for (const verb of ['get', 'list'] as const) expect(rowsOf('Object', verb)).toEqual([['ConfigMap', 'a', { a: '1' }]])
})
test('none', () => { for (const verb of ['get', 'list'] as const) expect(rowsOf('None', verb)).toEqual([null]) })
