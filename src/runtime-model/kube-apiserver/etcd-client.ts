import type { EtcdOperation, EtcdResult } from '../api/etcd.ts'
import type { CallFailure } from '../kernel/actor.ts'
import { gatewayTimeout, rawError, requestTimeout } from '../api/status.ts'
import { refuse } from './answers.ts'
import type { Flight, Turn } from './state.ts'

/**
 * How requests reach etcd. One connection: refused, it is tried again after 1 s × 1.6^n (120 s at most, ± 20 %), and until then requests wait for
 * it, writes up to 34 s and reads up to 60 s, after which they end with 504. Errors of an etcd without a leader are tried again until then.
 * Source: measured on a 1.35.4 cluster; grpc/grpc doc/connection-backoff.md; k8s.io/apiserver pkg/endpoints/handlers (34 s), server/config.go (60 s).
 */
const operationNames: Readonly<Record<EtcdOperation['op'], string>> = { get: 'range', list: 'range', revision: 'range', put: 'put', delete: 'delete', watch: 'watch', compact: 'compact' }
const isWriteVerb = (verb: string): boolean => verb !== 'get' && verb !== 'list' && verb !== 'watch'
export const deadlineMs = (verb: string, asked: number | undefined): number => Math.min(asked ?? Infinity, isWriteVerb(verb) ? 34_000 : 60_000)

/** How a key is spelled in a real etcd. Source: k8s.io/apiserver pkg/registry/generic; pkg/registry/core/rest (minions, services/specs). */
const keyPrefixes: Readonly<Record<string, string>> = { nodes: 'minions', services: 'services/specs', endpoints: 'services/endpoints' }
export function keyText(resource: string, namespace: string, name: string): string {
  const dot = resource.indexOf('.'), plural = dot < 0 ? resource : resource.slice(0, dot)
  return namespace === '' ? `/registry/${keyPrefixes[plural] ?? plural}/${name}` : `/registry/${keyPrefixes[plural] ?? plural}/${namespace}/${name}`
}
function textOf(operation: EtcdOperation): string | undefined {
  if ('key' in operation) return keyText(operation.key.resource, operation.key.namespace, operation.key.name)
  return operation.op === 'list' ? keyText(operation.resource, operation.namespace ?? '', '') : undefined
}

/** Sends an operation for a request; the request goes on in its handler when etcd has answered. */
export function ask(turn: Turn, flight: Flight, operation: EtcdOperation): void {
  if (turn.state.connection.broken) return park(turn, flight, operation)
  const id = turn.context.nextId(), what = operationNames[operation.op]
  turn.state.calls.set(String(id), { flight, operation })
  turn.effects.push(
    { do: 'record', observation: { type: 'etcd', to: turn.options.etcd, operation: what, key: textOf(operation), what, request: flight.number } },
    { do: 'send', to: turn.options.etcd, message: { type: 'etcd', id, operation, request: flight.number }, timeoutMs: Math.max(1, flight.deadlineAt - turn.context.now) },
  )
}

/** The server's own calls: lists and the watch at its start, health checks. `purpose` comes back with the answer. */
export function askOwn(turn: Turn, operation: EtcdOperation, purpose: string, timeoutMs = 60_000): void {
  const id = turn.context.nextId()
  turn.state.own.set(String(id), purpose)
  turn.effects.push({ do: 'send', to: turn.options.etcd, message: { type: 'etcd', id, operation, request: 0 }, timeoutMs })
}

function park(turn: Turn, flight: Flight, operation: EtcdOperation): void {
  turn.state.parked.set(String(flight.number), { flight, operation, for: 'connection' })
  turn.effects.push({ do: 'timer', key: `deadline ${flight.number}`, afterMs: Math.max(0, flight.deadlineAt - turn.context.now) })
}

/** Errors that say nothing about the operation itself: another try may work. */
const passing = new Set(['etcdserver: request timed out', 'etcdserver: no leader', 'etcdserver: leader changed', 'etcdserver: not leader', 'etcdserver: request timed out, possibly due to previous leader failure', 'etcdserver: request timed out, possibly due to connection lost'])
const retryMs = 100

/** An answer of etcd that is an error: true if that was dealt with. */
export function etcdRefused(turn: Turn, flight: Flight, operation: EtcdOperation, result: EtcdResult): boolean {
  if (result.ok) return false
  if (!passing.has(result.error)) { refuse(turn, flight, rawError(result.error)); return true }
  if (turn.context.now + retryMs >= flight.deadlineAt) { giveUp(turn, flight); return true }
  turn.state.parked.set(String(flight.number), { flight, operation, for: 'retry' })
  turn.effects.push({ do: 'timer', key: `retry ${flight.number}`, afterMs: retryMs })
  return true
}

/** A call of a request will not be answered. */
export function callFailed(turn: Turn, flight: Flight, operation: EtcdOperation, why: CallFailure): void {
  if (why === 'timeout' || why === 'unreachable') return giveUp(turn, flight)
  const write = operation.op === 'put' || operation.op === 'delete'
  if (why === 'reset' && write) return refuse(turn, flight, rawError('rpc error: code = Unavailable desc = error reading from server: EOF'))
  connectionLost(turn)
  park(turn, flight, operation)
}

export function giveUp(turn: Turn, flight: Flight): void {
  const { request } = flight
  refuse(turn, flight, isWriteVerb(request.verb) ? requestTimeout() : gatewayTimeout(request, 'get'))
}

/** Nothing is sent until the next attempt to connect. */
export function connectionLost(turn: Turn): void {
  const { state, context } = turn
  if (state.connection.broken) return
  state.connection = { broken: true, failures: 0 }
  says(turn, false)
  turn.effects.push({ do: 'timer', key: 'connect', afterMs: backOffMs(0, context.choose('etcd reconnect', 400)) })
}
/** Whether a load balancer would send requests here, and heartbeats over this server reach etcd. */
export const says = (turn: Turn, serving: boolean): void => { turn.effects.push({ do: 'condition', name: `${turn.context.self} serving`, holds: serving }) }

function backOffMs(failures: number, choice: number): number {
  const base = Math.min(120_000, 1000 * 1.6 ** failures)
  // seed 0 takes the middle
  return Math.floor(base * (800 + (choice + 200) % 400) / 1000)
}

/** The timer `connect`: a probe; what waits is sent when it is answered. */
export const tryToConnect = (turn: Turn): void => askOwn(turn, { op: 'revision' }, 'connect', 20_000)

export function connectFailed(turn: Turn): void {
  const { state, context } = turn, failures = state.connection.failures + 1
  state.connection = { broken: true, failures }
  turn.effects.push({ do: 'timer', key: 'connect', afterMs: backOffMs(failures, context.choose('etcd reconnect', 400)) })
}

/** Any answer of etcd, an error too, means that it can be reached again. */
export function connected(turn: Turn): void {
  const { state } = turn
  state.connection = { broken: false, failures: 0 }
  if (state.phase === 'serving') says(turn, true)
  for (const [key, parked] of state.parked.sorted()) {
    if (parked.for !== 'connection') continue
    state.parked.delete(key)
    turn.effects.push({ do: 'cancel', key: `deadline ${parked.flight.number}` })
    ask(turn, parked.flight, parked.operation!)
  }
}
