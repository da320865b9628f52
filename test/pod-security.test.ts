import { expect, test } from 'vitest'
import { startServers } from './support/api-servers.ts'
import recorded from './pod-security.json' with { type: 'json' }

/**
 * Random pods in namespaces with levels of the Pod Security Standards, and what a 1.35.4 API server said: those that it refused with its words, those that it
 * let in with its warnings.
 */
interface Case {
  readonly pod: any
  readonly in: Readonly<Record<string, { readonly code: number; readonly message?: string; readonly warnings?: readonly string[] }>>
}
const label = (text: string): string => `pod-security.kubernetes.io/${text}`
const namespaces: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  psb: { [label('enforce')]: 'baseline' }, psr: { [label('enforce')]: 'restricted' }, psw: { [label('warn')]: 'restricted', [label('enforce')]: 'privileged' },
  pso: {
    [label('enforce')]: 'restricted', [label('enforce-version')]: 'v1.24', [label('warn')]: 'baseline', [label('warn-version')]: 'v1.18',
  },
}
const servers = startServers()
for (const [name, labels] of Object.entries(namespaces)) {
  servers.ask({ verb: 'create', resource: 'namespaces', body: { metadata: { name, labels } }, userAgent: 'curl' })
  servers.say(`create serviceaccounts ${name}/default`)
}

test.each((recorded as unknown as readonly Case[]).map((c, i) => [i + 1, c] as const))('pod %i', (_, { pod, in: told }) => {
  for (const [namespace, expected] of Object.entries(told)) {
    const answer = servers.fork().ask({ verb: 'create', resource: 'pods', namespace, dryRun: true, body: pod, userAgent: 'curl' })
    const { code, body, warnings = [] } = answer
    expect({ namespace, code, ...code < 300 ? undefined : { message: body.message }, ...warnings.length > 0 ? { warnings: [...warnings].sort() } : undefined })
      .toEqual({ namespace, ...expected })
  }
})
