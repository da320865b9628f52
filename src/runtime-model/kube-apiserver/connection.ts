import { hashString } from '../../base/hash.ts'
import type { Turn } from './state.ts'

/**
 * Connections to etcd. All break when etcd goes away; each is tried again by itself after 1 s × 1.6^n (120 s at most), ± 20 %, so after a long outage
 * some resources come back up to two minutes after others. In closed form: when a connection would be tried follows from when it broke, and
 * nothing happens unless somebody waits for it; the stream of changes always does.
 * Source: grpc/grpc doc/connection-backoff.md; k8s.io/apiserver pkg/storage/storagebackend/factory (a client for each resource).
 */
export interface Connection {
  /** kernel time at which etcd was found to be away; -1: all is well */
  readonly brokenAt: number
  /** kernel time at which it was found to be back; -1: not yet */
  readonly upAt: number
  /** it takes requests and answers none */
  readonly silent: boolean
}
export const WELL_CONNECTED: Connection = Object.freeze({ brokenAt: -1, upAt: -1, silent: false })
const firstMs = 1000, growth = 1.6, limitMs = 120_000, jitter = 0.2

/** The first attempt of a broken connection at `after` or later. */
export function nextAttempt({ brokenAt }: Connection, resource: string, after: number): number {
  let at = brokenAt
  for (let n = 0; at < after; n++) {
    const share = hashString(`${resource} ${brokenAt} ${n}`) % 1000 / 1000
    at += Math.floor(Math.min(limitMs, firstMs * growth ** n) * (1 - jitter + 2 * jitter * share))
  }
  return at
}

/** Connected for good: no connection waits longer than the longest pause. */
export function isConnected({ state, context }: Turn, resource: string): boolean {
  const { brokenAt, upAt } = state.connection
  if (brokenAt < 0) return true
  if (upAt < 0) return false
  if (context.now - upAt > limitMs * (1 + jitter)) { state.connection = WELL_CONNECTED; return true }
  return nextAttempt(state.connection, resource, upAt) <= context.now
}

export function connectionLost(turn: Turn): void {
  const { state, context } = turn
  if (state.connection.brokenAt >= 0 && state.connection.upAt < 0) return
  state.connection = { brokenAt: context.now, upAt: -1, silent: false }
  says(turn, false)
}

/** A request was not answered in time: until one is, health checks would fail here. */
export function answeredNothing(turn: Turn): void {
  if (turn.state.connection.silent) return
  turn.state.connection = { ...turn.state.connection, silent: true }
  says(turn, false)
}

/** Any answer of etcd, an error too, means that it is back. */
export function answered(turn: Turn): void {
  const { state, context } = turn
  if (state.connection.silent) {
    state.connection = { ...state.connection, silent: false }
    if (state.phase === 'serving') says(turn, true)
  }
  if (state.connection.brokenAt < 0 || state.connection.upAt >= 0) return
  state.connection = { ...state.connection, upAt: context.now }
  if (state.phase === 'serving') says(turn, true)
}

/** Whether heartbeats over this server reach etcd; a load balancer sends requests where that is so, and the server says that it is ready. */
export const says = (turn: Turn, serving: boolean): void => { turn.effects.push({ do: 'condition', name: `${turn.context.self} serving`, holds: serving }) }
export const saysReady = (turn: Turn, ready: boolean): void => { turn.effects.push({ do: 'condition', name: `${turn.context.self} ready`, holds: ready }) }
