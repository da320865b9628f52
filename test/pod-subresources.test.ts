import { expect, test } from 'vitest'
import { startServers } from './support/api-servers.ts'
import { withChanges } from './support/with-changes.ts'
import recorded from './pod-subresources.json' with { type: 'json' }

/** What a 1.35.4 API server says of pods that are resized or given ephemeral containers: `set` as in kinds-mistakes.json, put back through the subresource. */
const servers = (() => { const started = startServers(); started.say('create serviceaccounts default/default'); return started })()
const pods: Readonly<Record<string, any>> = recorded.pods

test.each(recorded.cases.map(c => [`${c.pod} ${c.subresource} ${JSON.stringify(c.set)}`, c] as const))('%s', (_, { pod: name, subresource, set, error }) => {
  const { ask } = servers.fork(), about = { resource: 'pods', namespace: 'default', name }
  ask({ ...about, verb: 'create', name: undefined, body: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: pods[name] } })
  const { metadata: { managedFields: _fields, ...metadata }, ...pod } = ask({ ...about, verb: 'get' }).body
  const answer = ask({ ...about, verb: 'update', subresource, dryRun: true, fieldValidation: 'Strict', body: withChanges({ ...pod, metadata }, set) })
  expect(answer.code < 300 ? null : answer.body.message).toBe(error)
})
