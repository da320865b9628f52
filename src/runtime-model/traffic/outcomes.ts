import { statusAt, type Listener } from './listeners.ts'
import { triesOf, type Proxied } from './proxied.ts'
import type { Exit, Listening, Route } from './route.ts'

export interface Outcome {
  readonly lost?: string
  readonly pod?: string
  readonly ready?: boolean
  /** who asked may ask somebody else; `refused` or in vain */
  readonly again?: 'refused' | 'silent'
  /** who served it */
  readonly by?: Listening
}

/** What becomes of a request at a moment. `first`: whom a proxy asks first, modulo the number of its endpoints. */
export function outcome(exit: Exit, at: number, first: number, path?: string): Outcome {
  if (exit.lost !== undefined) return { lost: exit.lost, again: exit.refused ? 'refused' : 'silent' }
  if ('upstream' in exit) return proxied(exit, at, first)
  const status = statusAt(exit.listener, at, path)
  if (status === 0) return { lost: `pod ${exit.pod} does not answer`, again: 'silent' }
  return status >= 500 ? { lost: `pod ${exit.pod} answered ${status}` } : { pod: exit.pod, ready: exit.ready, by: exit }
}

/** 502: the last one refused; 504: it kept silent. */
function proxied(exit: Proxied, at: number, chance: number): Outcome {
  const { upstream, path, proxy, first = chance } = exit, mayNot = unless(exit, at, chance)
  if (mayNot !== undefined) return { lost: mayNot }
  let last: Outcome = { lost: `${proxy} has nobody to ask` }
  for (let i = 0; i < triesOf(exit); i++) {
    last = outcome(upstream[(first + i) % upstream.length], at, 0, path)
    if (last.again === undefined) return last
  }
  return { lost: `${proxy} answered ${last.again === 'refused' ? 502 : 504}: ${last.lost}` }
}
/**
 * Why another server that is asked first lets nobody in, if it does not. Source: https://nginx.org/en/docs/http/ngx_http_auth_request_module.html (2xx, 401,
 * 403; anything else is an error), ingress-nginx docs/user-guide/nginx-configuration/annotations.md (auth-signin)
 */
function unless({ asks, proxy }: Proxied, at: number, first: number): string | undefined {
  if (!asks) return undefined
  const exit = asks.exits[first % asks.exits.length], status = exit.lost === undefined ? statusAt(exit.listener, at, asks.path) : 0
  if (status >= 200 && status < 300) return undefined
  if (status === 401 && asks.signIn) return `${proxy} answered 302: its auth-url answered 401, and clients have to sign in`
  if (status === 401 || status === 403) return `${proxy} answered ${status}: its auth-url says so`
  return `${proxy} answered 500: its auth-url ${status > 0 ? `answered ${status}` : `does not answer: ${exit.lost ?? `pod ${exit.pod} is silent`}`}`
}
export const losesSome = (ways: readonly Route[], at: number): boolean =>
  ways.some(way => way.exits.some(exit =>
    'upstream' in exit ? exit.upstream.some((_, i) => outcome(exit, at, i).lost !== undefined) : outcome(exit, at, 0).lost !== undefined))

/** Every exit (of a proxy: for each endpoint that it may ask first) with its share of the requests, and whose answers change in time. */
export interface Chance { readonly exit: Exit; readonly first: number; readonly share: number; readonly listeners: readonly Listener[] }
export function chancesOf(ways: readonly Route[]): readonly Chance[] {
  return ways.flatMap(way => way.exits.flatMap((exit): Chance[] => {
    const share = 1 / ways.length / way.exits.length
    if (!('upstream' in exit)) return [{ exit, first: 0, share, listeners: exit.lost === undefined ? [exit.listener] : [] }]
    const { upstream } = exit
    const asked = (exit.asks?.exits ?? []).flatMap(e => e.lost === undefined ? [e.listener] : [])
    return upstream.map((u, first) => ({ exit, first, share: share / upstream.length, listeners: u.lost === undefined ? [u.listener, ...asked] : asked }))
  }))
}
