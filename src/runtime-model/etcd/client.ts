import type { EtcdMessage, EtcdOperation, EtcdResult } from '../api/etcd.ts'
import { errors } from './errors.ts'
import type { Keyspace } from './keyspace.ts'
import type { RaftMessage } from './messages.ts'
import { addPending, fail, forgetPending, inOrder, isRead } from './pending.ts'
import { append, commitsAtOnce, isSure, sendTo } from './replication.ts'
import { answer, setRaft, type Pending, type Turn } from './state.ts'
import { openWatch } from './watches.ts'
import type { Command } from './state-machine.ts'

/** A call of kube-apiserver: reads that need no leader are answered at once, all else may have to wait for one. */
export function onCall(turn: Turn, from: string, message: EtcdMessage): void {
  const { operation, id: call } = message
  if (turn.group.learns && !('linearizable' in operation && !operation.linearizable)) {
    return answer(turn, from, call, { ok: false, error: errors.notForLearner })
  }
  if (operation.op === 'watch') return openWatch(turn, from, call, operation.afterRevision)
  if ((operation.op === 'get' || operation.op === 'list') && !operation.linearizable || isReadOperation(operation) && mayRead(turn)) {
    return answer(turn, from, call, read(turn.state.keyspace, operation))
  }
  if (!isReadOperation(operation) && commitsAtOnce(turn)) return append(turn, operation as Command, turn.group.self, call, from)
  const pending: Pending = { call, from, operation, at: turn.context.now, sent: false, patient: operation.op === 'list' && message.request === 0 }
  addPending(turn, pending)
  pursue(turn, pending)
}

const isReadOperation = (operation: EtcdOperation): boolean => operation.op === 'get' || operation.op === 'list' || operation.op === 'revision'

/** Source: etcd server/etcdserver/v3_server.go (Range, linearizableReadNotify) */
function read(keyspace: Keyspace, operation: EtcdOperation): EtcdResult {
  const { revision } = keyspace
  if (operation.op === 'get') return { ok: true, revision, object: keyspace.get(operation.key.resource, operation.key.namespace, operation.key.name) }
  if (operation.op === 'list') return { ok: true, revision, objects: keyspace.list(operation.resource, operation.namespace) }
  return { ok: true, revision }
}

/** A linearizable read needs no message when this member and its leader are a majority by themselves. */
function mayRead(turn: Turn): boolean {
  const { state: { raft, keyspace }, context, group } = turn
  if (raft.role === 'leader') return isSure(turn)
  return group.majority === 2 && raft.inStep && keyspace.appliedTerm === raft.term && raft.leader !== undefined
    && context.connection(raft.leader) === raft.leaderConnection
}

/** Gives a waiting call to the leader, if there is one; what is asked for while the connection to it is broken waits for the next. */
function pursue(turn: Turn, pending: Pending): void {
  const { state, group } = turn, { leader } = state.raft
  if (pending.sent || leader === undefined || state.raft.leaderLostAt >= 0) return
  if (leader === group.self) {
    if (!isRead(pending)) { mark(turn, pending, { sent: true }); append(turn, pending.operation as Command, group.self, pending.call) }
    return
  }
  mark(turn, pending, { sent: true })
  sendTo(
    turn, leader, isRead(pending) ? { kind: 'read index', call: pending.call } : { kind: 'propose', command: pending.operation as Command, call: pending.call }
  )
}
const mark = (turn: Turn, pending: Pending, change: Partial<Pending>): void => { turn.state.pending.set(String(pending.call), { ...pending, ...change }) }

/** A leader is known, again or anew: what waits goes to it. Reads that were under way fail with the change, and are tried again by the client. */
export function pursueAll(turn: Turn, changed: boolean): void {
  for (const pending of inOrder(turn)) {
    if (!isRead(pending)) pursue(turn, pending)
    else if (changed && !pending.patient) fail(turn, pending, errors.leaderChanged)
    else pursue(turn, { ...pending, sent: false })
  }
}

/** Answers the reads that have become possible. */
export function serveReads(turn: Turn): void {
  const { state } = turn
  if (isSure(turn) && state.raft.reads.length) {
    for (const { from, call } of state.raft.reads) sendTo(turn, from, { kind: 'read index answer', call, index: state.keyspace.applied })
    setRaft(turn, { reads: [] })
  }
  if (state.pending.size === 0) return
  const sure = mayRead(turn)
  for (const pending of inOrder(turn)) {
    if (!isRead(pending) || !(sure || (pending.index !== undefined && pending.index <= state.keyspace.applied))) continue
    forgetPending(turn, pending)
    answer(turn, pending.from, pending.call, read(state.keyspace, pending.operation))
  }
}

export function onPropose(turn: Turn, { from, command, call }: RaftMessage & { readonly kind: 'propose' }): void {
  if (turn.state.raft.role === 'leader') append(turn, command, from, call) // a proposal to somebody else is lost
}
export function onReadIndex(turn: Turn, { from, call }: RaftMessage & { readonly kind: 'read index' }): void {
  const { raft } = turn.state
  if (raft.role !== 'leader') return
  setRaft(turn, { reads: [...raft.reads, { from, call }] })
  serveReads(turn)
}
export function onReadIndexAnswer(turn: Turn, { call, index }: RaftMessage & { readonly kind: 'read index answer' }): void {
  const pending = turn.state.pending.get(String(call))
  if (!pending) return
  mark(turn, pending, { index })
  serveReads(turn)
}
