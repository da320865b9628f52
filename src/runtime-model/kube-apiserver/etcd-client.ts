import { keyPrefix, type EtcdOperation, type EtcdResult } from '../api/etcd.ts'
import type { CallFailure } from '../kernel/actor.ts'
import { gatewayTimeout, rawError, requestTimeout } from '../api/status.ts'
import { refuse } from './answers.ts'
import { answeredNothing, connectionLost, isConnected, nextAttempt } from './connection.ts'
import type { Flight, Turn } from './state.ts'

/**
 * How requests reach etcd. Requests that find it refused wait for their resource's connection (connection.ts), writes up to 34 s and reads up to
 * 60 s, after which they end with 504. Reads that fail for want of a leader are tried again until then, and so are writes that no leader took; a write that
 * may have been proposed ends with etcd's error. Source: etcd client/v3/retry.go (isSafeRetryMutableRPC), retry_interceptor.go (isContextError); measured on a
 * 1.35.4 cluster; k8s.io/apiserver pkg/endpoints/handlers (34 s), server/config.go (60 s).
 */
const operationNames: Readonly<Record<EtcdOperation['op'], string>> = {
  get: 'range', list: 'range', revision: 'range', put: 'put', delete: 'delete', watch: 'watch', compact: 'compact',
}
const isWriteVerb = (verb: string): boolean => verb !== 'get' && verb !== 'list' && verb !== 'watch'
export const deadlineMs = (verb: string, asked: number | undefined): number => Math.min(asked ?? Infinity, isWriteVerb(verb) ? 34_000 : 60_000)

/** How a key is spelled in a real etcd. Source: k8s.io/apiserver pkg/registry/generic. */
export function keyText(resource: string, namespace: string, name: string, dryRun = false): string {
  return `${dryRun ? '' : '/registry'}/${keyPrefix(resource)}/${namespace === '' ? '' : `${namespace}/`}${name}`
}
function textOf(operation: EtcdOperation): string | undefined {
  if ('key' in operation) return keyText(operation.key.resource, operation.key.namespace, operation.key.name)
  return operation.op === 'list' ? keyText(operation.resource, operation.namespace ?? '', '') : undefined
}

/** Sends an operation for a request; the request goes on in its handler when etcd has answered. */
export function ask(turn: Turn, flight: Flight, operation: EtcdOperation): void {
  if (!isConnected(turn, resourceOf(flight))) return park(turn, flight, operation)
  send(turn, flight, operation)
}
/** Each resource has a connection of its own, as in a real server. */
const resourceOf = (flight: Flight): string => flight.request.resource

function send(turn: Turn, flight: Flight, operation: EtcdOperation): void {
  const id = turn.context.nextId(), what = operationNames[operation.op]
  turn.state.calls.set(String(id), { flight, operation })
  if (turn.context.isObserved('etcd')) {
    turn.effects.push({
      do: 'record', observation: { type: 'etcd', to: turn.options.etcd, operation: what, key: textOf(operation), what, request: flight.number },
    })
  }
  turn.effects.push({
    do: 'send', to: turn.options.etcd, message: { type: 'etcd', id, operation, request: flight.number },
    timeoutMs: Math.max(1, flight.deadlineAt - turn.context.now),
  })
}

/** The server's own calls: lists and the watch at its start, health checks. `purpose` comes back with the answer. */
export function askOwn(turn: Turn, operation: EtcdOperation, purpose: string, timeoutMs = 60_000): void {
  const id = turn.context.nextId()
  turn.state.own.set(String(id), purpose)
  turn.effects.push({ do: 'send', to: turn.options.etcd, message: { type: 'etcd', id, operation, request: 0 }, timeoutMs })
}

function park(turn: Turn, flight: Flight, operation: EtcdOperation): void {
  const { now } = turn.context, at = nextAttempt(turn.state.connection, resourceOf(flight), now + 1)
  turn.state.parked.set(String(flight.number), { flight, operation, for: 'connection' })
  turn.effects.push(
    at < flight.deadlineAt
      ? { do: 'timer', key: `connect ${flight.number}`, afterMs: at - now }
      : { do: 'timer', key: `deadline ${flight.number}`, afterMs: Math.max(0, flight.deadlineAt - now) }
  )
}
/** The timer `connect N`: the connection is tried again, with the request itself. */
export const sendParked = send

/** Errors that say nothing about the operation itself: another try may work, and does no harm. */
const passingOfWrites = new Set(['context deadline exceeded'])
const passing = new Set([
  'etcdserver: request timed out', 'etcdserver: no leader', 'etcdserver: leader changed', 'etcdserver: not leader',
  'etcdserver: request timed out, possibly due to previous leader failure', 'etcdserver: request timed out, possibly due to connection lost',
])
const retryMs = 100

/** An answer of etcd that is an error: true if that was dealt with. */
export function etcdRefused(turn: Turn, flight: Flight, operation: EtcdOperation, result: EtcdResult): boolean {
  if (result.ok) return false
  const again = operation.op === 'put' || operation.op === 'delete' ? passingOfWrites : passing
  if (!again.has(result.error)) { refuse(turn, flight, rawError(result.error)); return true }
  if (turn.context.now + retryMs >= flight.deadlineAt) { giveUp(turn, flight); return true }
  turn.state.parked.set(String(flight.number), { flight, operation, for: 'retry' })
  turn.effects.push({ do: 'timer', key: `retry ${flight.number}`, afterMs: retryMs })
  return true
}

/** A call of a request will not be answered. */
export function callFailed(turn: Turn, flight: Flight, operation: EtcdOperation, why: CallFailure): void {
  if (why === 'timeout' || why === 'unreachable') { answeredNothing(turn); return giveUp(turn, flight) }
  const write = operation.op === 'put' || operation.op === 'delete'
  if (why === 'reset' && write) return refuse(turn, flight, rawError('rpc error: code = Unavailable desc = error reading from server: EOF'))
  connectionLost(turn)
  park(turn, flight, operation)
}

export function giveUp(turn: Turn, flight: Flight): void {
  const { request } = flight
  refuse(turn, flight, isWriteVerb(request.verb) ? requestTimeout() : gatewayTimeout(request, 'get'))
}
