import { expect, test } from 'vitest'
import { startServers } from './support/api-servers.ts'
import { withChanges } from './support/with-changes.ts'
import recorded from './custom-objects-mistakes.json' with { type: 'json' }

/** What a 1.35.4 API server says of objects of a kind with a schema: `set` as in kinds-mistakes.json. */
interface Case { readonly set: Readonly<Record<string, any>>; readonly error: string | null; readonly warnings?: readonly string[] }
const about = { group: 'example.com', version: 'v1', resource: 'gadgets', namespace: 'default' }, options = { dryRun: true, fieldValidation: 'Strict' } as const
const servers = (() => {
  const started = startServers()
  started.ask({ verb: 'create', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', body: recorded.definition })
  started.kernel.runTo(started.kernel.now + 15_000)
  return started
})()
const titled = (list: unknown): (readonly [string, Case])[] => (list as readonly Case[]).map(c => [JSON.stringify(c.set), c] as const)

test.each(titled(recorded.creates))('a new one: %s', (_, { set, error, warnings = [] }) => {
  const answer = servers.fork().ask({ ...about, ...options, verb: 'create', body: withChanges(recorded.object, set) })
  expect(answer.code < 300 ? null : answer.body.message).toBe(error)
  if (error === null) expect(answer.warnings ?? []).toEqual(warnings)
})
test.each([...titled(recorded.updates).map(c => [...c, undefined] as const), ...titled(recorded.statusUpdates).map(c => [...c, 'status'] as const)])(
  'a change: %s', (_, { set, error, warnings = [] }, subresource) => {
  const { ask } = servers.fork(), { name } = recorded.object.metadata
  ask({ ...about, verb: 'create', body: recorded.object })
  const { metadata: { managedFields: _fields, ...metadata }, ...rest } = ask({ ...about, verb: 'get', name }).body
  const answer = ask({ ...about, ...options, verb: 'update', name, subresource, body: withChanges({ ...rest, metadata }, set) })
  expect(answer.code < 300 ? null : answer.body.message).toBe(error)
  if (error === null) expect(answer.warnings ?? []).toEqual(warnings)
}
)
