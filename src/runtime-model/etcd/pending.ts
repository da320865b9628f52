import type { EtcdResult } from '../api/etcd.ts'
import { errors } from './errors.ts'
import { answer, type Pending, type Turn } from './state.ts'

/** 5 s and two election timeouts. Source: etcd server/config/config.go ReqTimeout */
export const requestTimeoutMs = 7000
const electionMs = 1000

export function addPending(turn: Turn, pending: Pending): void {
  if (!pending.patient && !hasDeadline(turn)) turn.effects.push({ do: 'timer', key: 'timeout', afterMs: requestTimeoutMs })
  turn.state.pending.set(String(pending.call), pending)
}
export function forgetPending(turn: Turn, pending: Pending): void {
  turn.state.pending.delete(String(pending.call))
  if (!pending.patient && !hasDeadline(turn)) turn.effects.push({ do: 'cancel', key: 'timeout' })
}
function hasDeadline({ state }: Turn): boolean {
  if (state.pending.size > 0) for (const { patient } of state.pending.values()) if (!patient) return true
  return false
}
export const inOrder = (turn: Turn): Pending[] => [...turn.state.pending.values()].sort((a, b) => a.at - b.at || a.call - b.call)

export function fail(turn: Turn, pending: Pending, error: string): void {
  const result: EtcdResult = { ok: false, error }
  forgetPending(turn, pending)
  answer(turn, pending.from, pending.call, result)
}

/** Calls that have waited for so long are given up; a proposal may still be committed later. */
export function onTimeout(turn: Turn): void {
  const { context, effects } = turn
  for (const pending of inOrder(turn)) {
    if (!pending.patient && pending.at + requestTimeoutMs <= context.now) {
      fail(turn, pending, isRead(pending) ? errors.timeout : pending.sent ? timeoutError(turn, pending.at) : errors.deadline)
    }
  }
  const next = inOrder(turn).find(pending => !pending.patient)
  if (next) effects.push({ do: 'timer', key: 'timeout', afterMs: next.at + requestTimeoutMs - context.now })
}

export const isRead = ({ operation }: Pending): boolean => operation.op === 'get' || operation.op === 'list' || operation.op === 'revision'

/** Why a proposal may have been lost. Source: etcd server/etcdserver/server.go parseProposeCtxErr */
function timeoutError({ state, group, context }: Turn, start: number): string {
  if (start > state.leaderSince - 2 * electionMs && start < state.leaderSince) return errors.timeoutLeaderFailed
  const { leader } = state.raft, connectedSinceStart = (peer: string): boolean => context.connection(peer) !== 0 && (state.peers[peer]?.since ?? 0) < start
  const connected = leader === undefined || leader === group.self
    ? 1 + group.peers.filter(connectedSinceStart).length >= group.majority
    : connectedSinceStart(leader)
  return connected ? errors.timeout : errors.timeoutConnectionLost
}
