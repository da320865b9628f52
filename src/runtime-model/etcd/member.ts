import type { EtcdMessage } from '../api/etcd.ts'
import type { Actor, Effect, Input } from '../kernel/actor.ts'
import { onCall, onPropose, onReadIndex, onReadIndexAnswer, serveReads } from './client.ts'
import {
  onCheckQuorum, onElectionTimeout, onHeartbeat, onHeartbeatAnswer, onInStep, onNoLeader, onResign, onStale, onRemoved, onTimeoutNow, onVoteAnswer,
  onVoteRequest, review,
} from './election.ts'
import type { RaftMessage } from './messages.ts'
import { onOperate } from './operate.ts'
import { onTimeout } from './pending.ts'
import { groupAtFirst, groupIn, memberId } from './group.ts'
import { armLeases, expireLeases, isRemoved, leave, onCommit, onInstall, resign } from './replication.ts'
import { initialState, NEW_RAFT, restarted, type MemberOptions, type MemberState, type Turn } from './state.ts'
import { Keyspace } from './keyspace.ts'
import { closeWatches, onClosed } from './watches.ts'

/**
 * A member of etcd: Raft with the others, an MVCC keyspace, and the clients that call it. A group in health commits in closed form: a leader
 * that is followed by a majority over unbroken connections hands each entry over with its commit; messages are sent when a
 * connection has broken. What makes this safe is said at `inStep` and tested in test/etcd-laws.test.ts.
 */
export function etcdMember(options: MemberOptions): Actor<MemberState> {
  const atFirst = groupAtFirst(options.name, options.members, options.joins)
  return {
    id: atFirst.self, component: 'etcd', host: options.host, supervised: true,
    peers: options.members.filter(name => name !== options.name).map(memberId),
    init: () => initialState(options),
    restart: state => restarted(state, options),
    step(state, input, context) {
      const effects: Effect[] = []
      const { membership } = state.keyspace
      handle({ state, context, effects, group: membership === undefined ? atFirst : groupIn(atFirst, membership) }, input)
      return { state, effects }
    },
  }
}

function handle(turn: Turn, input: Input): void {
  switch (input.on) {
    case 'start': return start(turn, input.boot)
    case 'timer': return timers[input.key]?.(turn)
    case 'peer': return review(turn)
    case 'message': return input.message.type === 'etcd' ? onCall(turn, input.from, input.message as EtcdMessage) : onRaft(turn, input.message as RaftMessage)
    case 'closed': return onClosed(turn, input.stream)
    case 'operate': return onOperate(turn, input.operation, input.args)
  }
}

const timers: Readonly<Record<string, (turn: Turn) => void>> = {
  election: onElectionTimeout, 'check quorum': onCheckQuorum, 'no leader': onNoLeader, timeout: onTimeout, leases: expireLeases, review,
}

/** At its first start a member finds a group that is well; later it follows nobody until it hears of a leader. */
function start(turn: Turn, boot: number): void {
  const { state, context, effects, group } = turn
  if (isRemoved(group)) return leave(turn)
  if (boot === 0 && state.raft.leader === group.self) {
    state.raft = {
      ...state.raft,
      progress: Object.fromEntries(group.peers.flatMap(peer =>
        context.connection(peer) === 0 ? [] : [[peer, { connection: context.connection(peer), inStep: true }]])),
    }
    effects.push({ do: 'record', observation: { type: 'component', component: 'etcd', node: group.name, state: 'leader' } })
    armLeases(turn)
  } else if (boot === 0 && state.raft.leader !== undefined) {
    const connection = context.connection(state.raft.leader)
    state.raft = { ...state.raft, leaderConnection: connection, inStep: connection !== 0 }
  }
  if (state.raft.blank) effects.push({ do: 'condition', name: `${group.self} votes`, holds: false })
  review(turn)
}

function onRaft(turn: Turn, message: RaftMessage): void {
  if (message.generation !== turn.state.raft.generation && !joins(turn, message)) return
  switch (message.kind) {
    case 'pre-vote': case 'vote': return onVoteRequest(turn, message)
    case 'pre-vote answer': case 'vote answer': return onVoteAnswer(turn, message)
    case 'heartbeat': return onHeartbeat(turn, message)
    case 'heartbeat answer': return onHeartbeatAnswer(turn, message)
    case 'in step': return onInStep(turn, message)
    case 'resign': return onResign(turn, message)
    case 'stale': return onStale(turn, message)
    case 'timeout now': return onTimeoutNow(turn, message)
    case 'removed': return onRemoved(turn, message)
    case 'propose': return onPropose(turn, message)
    case 'read index': return onReadIndex(turn, message)
    case 'read index answer': return onReadIndexAnswer(turn, message)
    case 'install': onInstall(turn, message); return serveReads(turn)
    case 'commit': return onCommit(turn, message)
  }
}

/** The group was restored from a snapshot without this member: it gives up what it had and is filled by the new group. */
function joins(turn: Turn, message: RaftMessage): boolean {
  const { state, effects, group } = turn
  if (message.generation < state.raft.generation) return false
  if (state.raft.role === 'leader') resign(turn)
  closeWatches(turn)
  state.keyspace = new Keyspace()
  state.raft = { ...NEW_RAFT, generation: message.generation, blank: true }
  effects.push({ do: 'condition', name: `${group.self} votes`, holds: false })
  return true
}
