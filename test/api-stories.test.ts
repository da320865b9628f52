import { describe, expect, test } from 'vitest'
import type { ApiRequest, ApiResponse } from '../src/runtime-model/api/request.ts'
import { summaryOf, textWithoutChance } from './support/api-answers.ts'
import { startServers, type Servers } from './support/api-servers.ts'
import recorded from './api-stories.json' with { type: 'json' }
import definitions from './api-stories-definitions.json' with { type: 'json' }
import empties from './api-stories-empties.json' with { type: 'json' }
import more from './api-stories-more.json' with { type: 'json' }
import platform from './api-stories-platform.json' with { type: 'json' }
import policies from './api-stories-policies.json' with { type: 'json' }

/**
 * Requests in the order in which a 1.35.4 API server was asked, and its answers: what a course's author or reader tries, with its mistakes. Every story has a
 * namespace of its own; `settle` waits so many milliseconds, `keep` compares managedFields too, `$rv(n)` and `$continue(n)` come from the story's nth answer.
 */
interface Case {
  readonly request: Partial<ApiRequest>
  readonly settle?: number
  readonly keep?: boolean
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly warnings?: readonly string[]
  readonly body?: any
}
interface Story { readonly story: string; readonly namespace: string; readonly cases: readonly Case[] }
const stories = [...recorded, ...more, ...policies, ...platform, ...empties, ...definitions] as unknown as readonly Story[]

const prepared: Servers = (() => {
  const servers = startServers()
  for (const { namespace } of stories) {
    servers.say(`create namespaces ${namespace}`)
    servers.say(`create serviceaccounts ${namespace}/default`)
    servers.say(`create configmaps ${namespace}/kube-root-ca.crt {"data":{"ca.crt":""}}`)
  }
  return servers
})()

const textOf = ({ verb, resource, subresource, name, path, body, ...more }: Partial<ApiRequest>): string =>
  [verb, path ?? resource, subresource, name, body && JSON.stringify(body).slice(0, 120), JSON.stringify(more)].filter(Boolean).join(' ')
const filledIn = (value: string | undefined, answers: readonly ApiResponse[]): string | undefined =>
  value?.replace(/^\$continue\((\d+)\)$/, (_, i) => answers[i].body.metadata.continue).replace(/^\$rv\((\d+)\)$/, (_, i) =>
    answers[i].body.metadata.resourceVersion)

describe.each(stories.map(s => [s.story, s] as const))('%s', (_, { cases }) => {
  const servers = prepared, answers: ApiResponse[] = []
  test.each(cases.map((c, i) => [i, textOf(c.request), c] as const))('%i %s', (__, ___, { request, settle, keep, ...expected }) => {
    const { continue: token, resourceVersion } = request
    const answer = servers.ask({ ...request, continue: filledIn(token, answers), resourceVersion: filledIn(resourceVersion, answers) })
    if (settle) servers.kernel.runTo(servers.kernel.now + settle)
    answers.push(answer)
    const failed = answer.code >= 300, { body } = answer
    expect({
      code: answer.code, reason: failed ? body?.reason : undefined,
      message: failed ? textWithoutChance(typeof body === 'string' ? body : body.message) : undefined,
      warnings: answer.warnings?.length ? answer.warnings : undefined, body: JSON.parse(JSON.stringify(summaryOf(answer, keep) ?? null)) ?? undefined,
    }).toEqual({ reason: undefined, message: undefined, warnings: undefined, body: undefined, ...expected })
  })
})
