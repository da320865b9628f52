import type { ApiResponse } from '../api/request.ts'

/**
 * What lies between machines: latency, partitions, and rules that delay, drop or fail messages. Plain data, changed only by
 * faults. Latencies are fixed (calm mode), so each connection is first-in first-out; a delay rule keeps the order of what it delays.
 */
export interface Rule {
  readonly id: string
  /** component whose incoming messages are meant, and the type of message: `request`, `watch`, `etcd` … */
  readonly to: string
  readonly type: string
  readonly effect: { readonly do: 'delay'; readonly ms: number } | { readonly do: 'drop' } | { readonly do: 'answer'; readonly response: ApiResponse }
  /** messages it has altered so far: a rule that altered none makes its fault vacuous */
  readonly altered: number
}

export interface Links {
  /** host pairs that cannot talk, `a|b` with a < b; or `a|*` */
  readonly blocked: ReadonlySet<string>
  readonly rules: readonly Rule[]
  /** by component, ms that pass before it hears what kube-apiserver tells it, beside the way between machines: work and disks of a real server */
  readonly apiLatencyMs?: Readonly<Record<string, number>>
}
export const WELL: Links = { blocked: new Set(), rules: [] }

export const pair = (a: string, b: string): string => a < b ? `${a}|${b}` : `${b}|${a}`

export const connected = (links: Links, a: string, b: string): boolean => a === b || links.blocked.size === 0 || !links.blocked.has(pair(a, b))

/** Milliseconds a message takes, by what it is: inside a machine nothing worth counting, between machines 1 ms. */
export const latencyMs = (fromHost: string, toHost: string): number => fromHost === toHost ? 0 : 1
