import { plainKeys, type EtcdResult } from '../api/etcd.ts'
import type { Effect } from '../kernel/actor.ts'
import type { Membership } from './membership.ts'
import { groupIn } from './group.ts'
import { changesOf, type Change, type Effects } from './keyspace.ts'
import type { RaftBody, RaftMessage } from './messages.ts'
import { evaluate, type Command, type Expected } from './state-machine.ts'
import { answer, lastEntry, setRaft, type Entry, type Turn } from './state.ts'
import { forgetPending } from './pending.ts'
import { closeWatches, tellWatchers } from './watches.ts'

export function sendTo(turn: Turn, to: string, body: RaftBody, term = turn.state.raft.term): void {
  turn.effects.push({ do: 'send', to, message: { type: 'etcd raft', from: turn.group.self, term, generation: turn.state.raft.generation, ...body } })
}
export function handTo(turn: Turn, to: string, body: RaftBody): void {
  turn.effects.push({
    do: 'hand', to, message: { type: 'etcd raft', from: turn.group.self, term: turn.state.raft.term, generation: turn.state.raft.generation, ...body },
  })
}

/** Members that would acknowledge an entry now, this leader among them: those in step over a connection that has not broken since. */
function inStep({ state, context, group }: Turn): readonly string[] {
  return group.peers.filter(peer => {
    const progress = state.raft.progress[peer]
    return progress?.inStep === true && progress.connection === context.connection(peer)
  })
}
/** Whether this leader can commit: learners do not count. */
export function hasQuorum(turn: Turn): boolean {
  const { majority, voters, peers } = turn.group
  if (majority === 1) return true
  const followers = inStep(turn), count = voters.length === peers.length ? followers.length : followers.filter(id => voters.includes(id)).length
  return 1 + count >= majority
}
/** Whether this leader may serve linearizable reads: it is followed by a majority and has committed in its own term. */
export const isSure = (turn: Turn): boolean =>
  turn.state.raft.role === 'leader' && hasQuorum(turn) && turn.state.raft.tail.length === 0 && turn.state.keyspace.appliedTerm === turn.state.raft.term

/**
 * A leader appends a command to its log, and commits it if a majority acknowledges. `client`: who is answered then; otherwise
 * the proposer answers the call that it keeps.
 */
export function append(turn: Turn, command: Command, proposer: string, call: number, client?: string): void {
  const { raft } = turn.state, entry: Entry = { index: lastEntry(turn.state).index + 1, term: raft.term, command, proposer, call }
  if (raft.tail.length === 0 && hasQuorum(turn)) return commit(turn, entry, inStep(turn), client)
  setRaft(turn, { tail: [...raft.tail, entry] })
  commitTail(turn)
}
/** Whether this member commits what it is asked for at once. */
export const commitsAtOnce = (turn: Turn): boolean => turn.state.raft.role === 'leader' && turn.state.raft.tail.length === 0 && hasQuorum(turn)

/** Commits what waits for a majority. */
export function commitTail(turn: Turn): void {
  if (!hasQuorum(turn)) return
  const { tail } = turn.state.raft, followers = inStep(turn)
  if (tail.length) setRaft(turn, { tail: [] })
  for (const entry of tail) if (!isRemoved(turn.group)) commit(turn, entry, followers)
}

/** The moment of commit: the entry is on the disks of a majority, and nothing can undo it. */
function commit(turn: Turn, entry: Entry, followers: readonly string[], client?: string): void {
  const { state, context, effects, group } = turn, { keyspace } = state
  const outcome = evaluate(keyspace, entry.command, entry.call, context.now), { change, alarm } = outcome.effects
  const changes = change ? changesOf(change) : NONE
  keyspace.take(outcome.effects, entry.index, entry.term)
  for (const c of changes) if (c.key.resource !== plainKeys) recordChange(turn, c)
  for (const follower of followers) handTo(turn, follower, { kind: 'commit', entry, effects: outcome.effects, result: outcome.result })
  tellWatchers(turn, changes)
  if (alarm !== undefined) effects.push({ do: 'condition', name: 'etcd writable', holds: !alarm })
  if (change?.leased && change.leased.ordinal === 1 || outcome.effects.grants) armLeases(turn)
  if (client !== undefined) answer(turn, client, entry.call, outcome.result)
  else if (entry.proposer === group.self) settle(turn, entry.call, outcome.result)
  regroup(turn, outcome.effects)
}

const NONE: readonly Change[] = []

function recordChange({ effects }: Turn, change: Change): void {
  const { resource, namespace, name } = change.key
  effects.push({
    do: 'record',
    observation: {
      type: 'object', change: change.type === 'DELETE' ? 'DELETED' : change.old ? 'MODIFIED' : 'ADDED', resource, kind: change.object.kind, namespace, name,
      old: change.old, new: change.type === 'DELETE' ? undefined : change.object, revision: change.revision,
    },
  })
}

/** Answers the call, if its client still waits. */
export function settle(turn: Turn, call: number, result: EtcdResult): void {
  const pending = call === 0 ? undefined : turn.state.pending.get(String(call))
  if (!pending) return
  forgetPending(turn, pending)
  answer(turn, pending.from, call, result)
}

/** A follower is handed an entry that is committed. */
export function onCommit(turn: Turn, message: RaftMessage & { readonly kind: 'commit' }): void {
  const { state, group } = turn, { entry, effects, result } = message
  // a leader of an old term does not know yet that it is none
  if (message.term < state.raft.term || entry.index !== state.keyspace.applied + 1) return sendTo(turn, message.from, { kind: 'stale' })
  state.keyspace.take(effects, entry.index, entry.term)
  if (effects.change) tellWatchers(turn, changesOf(effects.change))
  if (entry.proposer === group.self) settle(turn, entry.call, result)
  regroup(turn, effects)
}

/** A member that lacks entries, or has others, is handed all that is committed. */
export function install(turn: Turn, to: string): void { handTo(turn, to, { kind: 'install', keyspace: turn.state.keyspace.fork() }) }

export function onInstall(turn: Turn, message: RaftMessage & { readonly kind: 'install' }): void {
  const { state, group, effects } = turn, { revision } = state.keyspace, wasBlank = state.raft.blank
  if (message.term < state.raft.term) return sendTo(turn, message.from, { kind: 'stale' })
  const { membership } = message.keyspace
  state.keyspace = message.keyspace.fork()
  setRaft(turn, { blank: false, tail: [], inStep: true })
  if (wasBlank) effects.push({ do: 'condition', name: `${group.self} votes`, holds: true })
  regroup(turn, { membership })
  if (wasBlank || state.keyspace.compacted > revision + 1) return closeWatches(turn)
  const missed = state.keyspace.changesAfter(revision)
  tellWatchers(turn, missed)
  for (const change of missed) {
    settle(turn, change.call, { ok: true, revision: change.revision, succeeded: true, object: change.type === 'DELETE' ? change.old : change.object })
  }
}

/** One timer for the lease that ends first; only the leader ends leases. */
export function armLeases({ state, context, effects }: Turn): void {
  const { leases, grants } = state.keyspace, next = grants.reduce((at, grant) => Math.min(at, grant.expiresAt), leases.nextAt())
  if (next < Infinity) effects.push({ do: 'timer', key: 'leases', afterMs: Math.max(0, next - context.now), background: true })
}
export function expireLeases(turn: Turn): void {
  const { state, context, group } = turn
  if (state.raft.role !== 'leader') return
  const due = new Map<string, Expected[]>()
  for (const { key, revision, grantedAt, expiresAt } of state.keyspace.leases.takeDue(context.now)) {
    if (state.keyspace.item(key)?.revision !== revision) continue
    const lease = `${grantedAt} ${expiresAt}`
    due.set(lease, [...due.get(lease) ?? [], { key, expected: revision }])
  }
  for (const keys of due.values()) append(turn, { op: 'expire', keys }, group.self, 0)
  for (const { id, expiresAt } of state.keyspace.grants) if (expiresAt <= context.now) revoke(turn, id)
  armLeases(turn)
}

/** A lease ends, with all that was put under it. */
export const revoke = (turn: Turn, id: string): void => append(turn, { op: 'revoke', id }, turn.group.self, 0)

/** The group has changed: who belongs to it now counts from the next entry on, and who does not ends. Source: etcd-io/raft (applyConfChange), etcdserver.go */
function regroup(turn: Turn, { membership }: Effects): void {
  const { state, effects, group: before } = turn
  if (membership === undefined) return
  const group = turn.group = groupIn(before, membership)
  effects.push(...whoBelongs(before.membership, membership), { do: 'condition', name: `${group.self} serving`, holds: !group.learns })
  if (isRemoved(group)) return leave(turn)
  const { progress } = state.raft, left = Object.keys(progress).filter(id => !group.peers.includes(id))
  if (left.length) setRaft(turn, { progress: Object.fromEntries(Object.entries(progress).filter(([id]) => !left.includes(id))) })
  effects.push({ do: 'timer', key: 'review', afterMs: 0 })
}

/** Who counts where closed forms ask for a majority. */
export const whoBelongs = (before: Membership, now: Membership): Effect[] => [
  ...before.members.filter(m => !now.members.some(other => other.id === m.id)).map(({ id }): Effect =>
    ({ do: 'condition', name: `${id} belongs`, holds: false })),
  ...now.members.map(({ id, learner }): Effect => ({ do: 'condition', name: `${id} belongs`, holds: !learner })),
]

/** Whether this member has been told that it does not belong to the group any more. */
export const isRemoved = ({ membership, number }: Turn['group']): boolean => membership.removed.includes(number)

/** Ends the process: its supervisor starts it again, and it ends again. Source: etcd server/etcdserver/errors.go ErrMemberRemoved */
export function leave(turn: Turn): void {
  if (turn.state.raft.role === 'leader') resign(turn)
  turn.effects.push({ do: 'exit', reason: 'the member has been permanently removed from the cluster' })
}

/** A leader that leads no more: its followers hear no heartbeats from now on. */
export function resign(turn: Turn): void {
  const { effects, group, context } = turn
  for (const peer of group.peers) if (context.connection(peer) !== 0) handTo(turn, peer, { kind: 'resign' })
  effects.push(
    { do: 'record', observation: { type: 'component', component: 'etcd', node: group.name, state: 'follower' } }, { do: 'cancel', key: 'check quorum' },
    { do: 'cancel', key: 'leases' }
  )
}
