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
function proxied(exit: Proxied, at: number, first: number): Outcome {
  const { upstream, path, proxy } = exit
  let last: Outcome = { lost: `${proxy} has nobody to ask` }
  for (let i = 0; i < triesOf(exit); i++) {
    last = outcome(upstream[(first + i) % upstream.length], at, 0, path)
    if (last.again === undefined) return last
  }
  return { lost: `${proxy} answered ${last.again === 'refused' ? 502 : 504}: ${last.lost}` }
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
    return upstream.map((u, first) => ({ exit, first, share: share / upstream.length, listeners: u.lost === undefined ? [u.listener] : [] }))
  }))
}
