import { expect, test } from 'vitest'
import type { ApiRequest } from '../src/runtime-model/api/request.ts'
import { startServers, type Servers } from './support/api-servers.ts'
import recorded from './api-requests.json' with { type: 'json' }

/**
 * Requests and what a 1.35.4 API server answered: selectors and options that make no sense, patches that do not fit, documents of another kind, subresources
 * and
 * verbs that are not there. All but reviews and tokens are dry runs or reads, so each finds the same few objects.
 */
interface Case {
  readonly request: Partial<ApiRequest>
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly warnings?: readonly string[]
}
const cases = recorded as unknown as readonly Case[]

const prepared: Servers = (() => {
  const servers = startServers()
  const create = (resource: string, body: any, group = ''): void => {
    servers.ask({ verb: 'create', group, resource, namespace: 'default', body, userAgent: 'curl' })
  }
  servers.say('create serviceaccounts default/default')
  for (const name of ['one', 'two', 'three']) create('configmaps', { metadata: { name, labels: { a: name } }, data: { x: name } })
  create(
    'deployments',
    {
      metadata: { name: 'dep' },
      spec: {
        replicas: 0, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    },
    'apps'
  )
  create('pods', { metadata: { name: 'late' }, spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'i' }] } })
  create('services', { metadata: { name: 'svc' }, spec: { ports: [{ port: 80 }] } })
  return servers
})()

test.each(cases.map(c =>
  [
    `${c.request.verb} ${c.request.resource} ${JSON.stringify({ ...c.request, verb: undefined, resource: undefined, group: undefined, version: undefined, namespace: undefined })}`,
    c,
  ] as const))('%s', (_, { request, code, reason, message, warnings = [] }) => {
  const answer = prepared.fork().ask({ ...request, userAgent: 'curl' })
  expect({ code: answer.code, message: answer.code < 300 ? undefined : answer.body.message }).toEqual({ code, message })
  if (answer.code < 300) expect(answer.warnings ?? []).toEqual(warnings)
  else expect(answer.body.reason).toBe(reason)
})
