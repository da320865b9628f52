import { pursueAll, serveReads } from './client.ts'
import type { RaftMessage, Refusal } from './messages.ts'
import { armLeases, commitTail, append, handTo, install, leave, resign, sendTo } from './replication.ts'
import { lastEntry, setRaft, type Turn } from './state.ts'
import { closeWatches } from './watches.ts'

/**
 * Elections with PreVote and CheckQuorum, as etcd runs them. Heartbeats are closed forms (kernel/peers.ts): a follower whose connection to
 * the leader breaks waits an election timeout from then, a leader that is cut off from a majority steps down after one. Nobody
 * tries where no majority can be reached: the next connection wakes it. So a group without quorum costs no events.
 * Source: https://etcd.io/docs/v3.6/tuning/ (100 ms, 1000 ms), etcd-io/raft raft.go. Approximation: the phase of the heartbeats, up to 100 ms, is left out.
 */
const electionMs = 1000
/** A single member campaigns with its first tick. Source: etcd server/etcdserver/server.go advanceTicks */
const singleMemberMs = 100
/** Streams are cancelled after so many election timeouts without a leader. Source: etcd api/v3rpc/interceptor.go maxNoLeaderCnt */
const noLeaderMs = 3 * electionMs

const connected = ({ context }: Turn, among: readonly string[]): readonly string[] => among.filter(peer => context.connection(peer) !== 0)
/** Whom it talks to: who is there under the same name now may be another member, which has nothing of what the one before had. */
const numberOf = ({ group }: Turn, peer: string): string => group.membership.members.find(m => m.id === peer)!.number
const reachesMajority = (turn: Turn): boolean => turn.group.votes && 1 + connected(turn, turn.group.voters).length >= turn.group.majority

/** A random time of one to two election timeouts; the choice 0 staggers the members. */
function armElection({ context, effects, group }: Turn): void {
  const afterMs = group.majority === 1 ? singleMemberMs : electionMs + (context.choose('election timeout', electionMs) + group.ordinal * 137) % electionMs
  effects.push({ do: 'timer', key: 'election', afterMs })
}

// ---- what a member knows of its leader

/** Looks again at its connections: at the start, and when one has broken or been made. */
export function review(turn: Turn): void {
  const { state, context, group, effects } = turn, { raft } = state
  for (const peer of group.peers) {
    const connection = context.connection(peer)
    if (state.peers[peer]?.connection !== connection) state.peers = { ...state.peers, [peer]: { connection, since: context.now } }
  }
  if (raft.role === 'leader') {
    probe(turn)
    effects.push(reachesMajority(turn) ? { do: 'cancel', key: 'check quorum' } : { do: 'timer', key: 'check quorum', afterMs: electionMs })
    return
  }
  if (raft.leader === undefined) {
    if (raft.role === 'follower' && reachesMajority(turn)) armElection(turn)
  } else if (raft.leaderLostAt < 0 && context.connection(raft.leader) !== raft.leaderConnection) loseLeader(turn)
}

function loseLeader(turn: Turn): void {
  setRaft(turn, { leaderLostAt: turn.context.now, inStep: false })
  armElection(turn)
}

/** Whether it heard of its leader within an election timeout: then it supports nobody else. */
function hasLease({ state: { raft }, context, group }: Turn): boolean {
  if (raft.leader === undefined) return false
  return raft.leader === group.self || raft.leaderLostAt < 0 && context.connection(raft.leader) === raft.leaderConnection
    || context.now - raft.leaderLostAt < electionMs && raft.leaderLostAt >= 0
}

function follow(turn: Turn, term: number, leader?: string): void {
  const { state, context, effects } = turn, { raft } = state, known = leader === undefined ? {} : { leaderConnection: context.connection(leader) }
  if (raft.role === 'leader') resign(turn)
  const changed = leader !== undefined && (raft.leader !== leader || raft.term !== term)
  state.raft = {
    ...raft, role: 'follower', term, votedFor: term === raft.term ? raft.votedFor : undefined, leader, leaderConnection: 0, ...known, leaderLostAt: -1,
    inStep: false, votes: [], refusals: [], progress: {}, reads: [],
  }
  if (leader !== undefined) {
    effects.push({ do: 'cancel', key: 'election' }, { do: 'cancel', key: 'no leader' })
    if (changed) state.leaderSince = context.now
    pursueAll(turn, changed)
  } else noLeader(turn)
}

function noLeader({ effects, state }: Turn): void { if (state.watchers.length) effects.push({ do: 'timer', key: 'no leader', afterMs: noLeaderMs }) }
export function onNoLeader(turn: Turn): void { if (turn.state.raft.leader === undefined) closeWatches(turn) }

// ---- a leader

/** Asks everybody with whom it is not in step over the present connection. */
function probe(turn: Turn): void {
  const { state, context } = turn
  for (const peer of connected(turn, turn.group.peers)) {
    const connection = context.connection(peer)
    if (state.raft.progress[peer]?.connection === connection) continue
    setRaft(turn, { progress: { ...turn.state.raft.progress, [peer]: { connection, inStep: false } } })
    sendTo(turn, peer, { kind: 'heartbeat', connection, asked: numberOf(turn, peer) })
  }
}

export function onHeartbeat(turn: Turn, message: RaftMessage & { readonly kind: 'heartbeat' }): void {
  const { state, context } = turn, { from, term, connection } = message
  if (message.asked !== turn.group.number) return
  if (context.connection(from) !== connection) return // broken since; the next connection brings another one
  if (term < state.raft.term) return sendTo(turn, from, { kind: 'stale' })
  follow(turn, term, from)
  sendTo(turn, from, {
    kind: 'heartbeat answer', connection, applied: state.keyspace.applied, appliedTerm: state.keyspace.appliedTerm, blank: state.raft.blank,
  })
}

export function onHeartbeatAnswer(turn: Turn, message: RaftMessage & { readonly kind: 'heartbeat answer' }): void {
  const { state: { raft, keyspace }, context } = turn, { from, connection, term, applied, appliedTerm, blank } = message
  if (raft.role !== 'leader' || term !== raft.term) return sendTo(turn, from, { kind: 'resign' }, term) // stepped down meanwhile
  if (context.connection(from) !== connection || raft.progress[from]?.connection !== connection) return
  if (!blank && applied === keyspace.applied && appliedTerm === keyspace.appliedTerm) handTo(turn, from, { kind: 'in step' })
  else install(turn, from)
  setRaft(turn, { progress: { ...raft.progress, [from]: { connection, inStep: true } } })
  tellName(turn, from)
  commitTail(turn)
  serveReads(turn)
}
/** Who is there for the first time tells the group its name and address. Source: etcd server/etcdserver/server.go publishV3 */
function tellName(turn: Turn, id: string): void {
  const { membership: base, self } = turn.group, member = base.members.find(m => m.id === id)
  if (member?.started === false) append(turn, { op: 'member', change: { do: 'start', number: member.number }, base }, self, 0)
}
export function onInStep(turn: Turn, { from, term }: RaftMessage): void {
  if (term === turn.state.raft.term && turn.state.raft.leader === from) setRaft(turn, { inStep: true, tail: [] })
  serveReads(turn)
}

export function onCheckQuorum(turn: Turn): void {
  if (turn.state.raft.role !== 'leader' || reachesMajority(turn)) return
  follow(turn, turn.state.raft.term)
}
export function onResign(turn: Turn, { from, term }: RaftMessage): void {
  const { raft } = turn.state
  if (raft.leader === from && raft.term === term && raft.leaderLostAt < 0) loseLeader(turn)
}
export function lead(turn: Turn): void {
  const { state, context, effects, group } = turn
  setRaft(turn, { role: 'leader', leader: group.self, leaderConnection: 0, leaderLostAt: -1, inStep: false, votes: [], refusals: [], progress: {}, reads: [] })
  state.leaderSince = context.now
  effects.push({ do: 'cancel', key: 'election' }, { do: 'cancel', key: 'no leader' }, {
    do: 'record', observation: { type: 'component', component: 'etcd', node: group.name, state: 'leader' },
  })
  effects.push({ do: 'condition', name: 'etcd writable', holds: !state.keyspace.alarm })
  append(turn, { op: 'nothing' }, group.self, 0)
  tellName(turn, group.self)
  review(turn)
  armLeases(turn)
  pursueAll(turn, true)
}

// ---- a candidate

export function onElectionTimeout(turn: Turn): void {
  const { state, context, group } = turn, { raft } = state
  if (raft.role === 'leader' || raft.leader !== undefined && raft.leaderLostAt < 0 && context.connection(raft.leader) === raft.leaderConnection) return
  setRaft(turn, { role: 'follower', leader: undefined, leaderLostAt: -1, votes: [], refusals: [] })
  if (raft.leader !== undefined) noLeader(turn)
  if (raft.blank || !reachesMajority(turn)) return
  if (group.majority === 1) { setRaft(turn, { term: raft.term + 1, votedFor: group.self }); return lead(turn) }
  setRaft(turn, { role: 'pre-candidate', votes: [group.self] })
  ask(turn, 'pre-vote', raft.term + 1)
}

function ask(turn: Turn, kind: 'pre-vote' | 'vote', term: number, force = false): void {
  const { index, term: lastTerm } = lastEntry(turn.state)
  for (const peer of connected(turn, turn.group.voters)) {
    sendTo(turn, peer, { kind, index, lastTerm, number: turn.group.number, asked: numberOf(turn, peer), force }, term)
  }
  armElection(turn)
}

export function onVoteRequest(turn: Turn, message: RaftMessage & { readonly kind: 'pre-vote' | 'vote' }): void {
  const { from, kind, term } = message, why = refusal(turn, message)
  if (turn.group.membership.removed.includes(message.number)) return sendTo(turn, from, { kind: 'removed', number: message.number })
  if (kind === 'vote' && why !== 'leader' && why !== 'term' && term > turn.state.raft.term) follow(turn, term)
  if (why === undefined && kind === 'vote') setRaft(turn, { votedFor: from })
  const { raft } = turn.state
  // who is asked by one who cannot win has no leader to hope for: it must try itself
  if (raft.leader === undefined && raft.role === 'follower' && (why === 'log' || kind === 'vote')) armElection(turn)
  sendTo(turn, from, { kind: `${kind} answer`, granted: why === undefined, why } as any, why === undefined ? term : raft.term)
}

function refusal(turn: Turn, message: RaftMessage & { readonly kind: 'pre-vote' | 'vote' }): Refusal | undefined {
  const { raft } = turn.state, last = lastEntry(turn.state), { from, term, index, lastTerm } = message
  if (raft.blank || message.asked !== turn.group.number) return 'blank'
  if (!message.force && hasLease(turn)) return 'leader'
  if (term < raft.term || message.kind === 'pre-vote' && term === raft.term) return 'term'
  if (term === raft.term && (raft.votedFor === undefined ? raft.leader !== undefined : raft.votedFor !== from)) return 'voted'
  return lastTerm < last.term || lastTerm === last.term && index < last.index ? 'log' : undefined
}

export function onVoteAnswer(turn: Turn, message: RaftMessage & { readonly kind: 'pre-vote answer' | 'vote answer' }): void {
  const { group, effects } = turn, { from, granted, why } = message
  if (!granted && message.term > turn.state.raft.term) { follow(turn, message.term); return armElection(turn) }
  const { raft } = turn.state, round = message.kind === 'vote answer' ? 'candidate' : 'pre-candidate', term = raft.term + (round === 'candidate' ? 0 : 1)
  if (raft.role !== round || granted && message.term !== term) return
  if (!granted) {
    if (raft.refusals.includes(from) || why === 'voted' || why === 'term') return
    setRaft(turn, { refusals: [...raft.refusals, from] })
    // others will try, or a leader will be heard: whoever loses its leader asks this member too
    if (1 + connected(turn, group.voters).filter(peer => !turn.state.raft.refusals.includes(peer)).length < group.majority) {
      setRaft(turn, { role: 'follower', votes: [] })
      effects.push({ do: 'cancel', key: 'election' })
    }
    return
  }
  if (raft.votes.includes(from)) return
  setRaft(turn, { votes: [...raft.votes, from] })
  if (turn.state.raft.votes.length < group.majority) return
  if (round === 'candidate') return lead(turn)
  setRaft(turn, { role: 'candidate', term, votedFor: group.self, votes: [group.self], refusals: [] })
  ask(turn, 'vote', term)
}

/**
 * A leader gives its place away: it leads no more, so that nothing is committed which the other one has not heard of, and that one need not wait for its
 * election timeout. Source: https://etcd.io/docs/v3.6/op-guide/maintenance/, etcd-io/raft raft.go (MsgTransferLeader)
 */
export function moveLeader(turn: Turn, to: string): void {
  const { raft } = turn.state
  if (raft.role !== 'leader' || !turn.group.voters.includes(to) || !raft.progress[to]?.inStep || raft.tail.length) return
  sendTo(turn, to, { kind: 'timeout now' })
  follow(turn, raft.term)
  if (reachesMajority(turn)) armElection(turn)
}

/** The leader gives its place away: this member stands for election at once. Source: etcd-io/raft raft.go (MsgTimeoutNow, campaignTransfer) */
export function onTimeoutNow(turn: Turn, { term }: RaftMessage): void {
  const { state: { raft }, group } = turn
  if (term !== raft.term || raft.role !== 'follower' || raft.blank || !group.votes) return
  setRaft(turn, { role: 'candidate', term: term + 1, votedFor: group.self, leader: undefined, leaderLostAt: -1, votes: [group.self], refusals: [] })
  ask(turn, 'vote', term + 1, true)
}
export function onRemoved(turn: Turn, { number }: RaftMessage & { readonly kind: 'removed' }): void {
  if (number !== turn.group.number) return
  const { membership } = turn.group
  turn.state.keyspace.membership = { members: membership.members.filter(m => m.number !== number), removed: [...membership.removed, number] }
  leave(turn)
}

/** Somebody is in a later term: a leader of an earlier one is none. */
export function onStale(turn: Turn, { term }: RaftMessage): void {
  if (term <= turn.state.raft.term) return
  follow(turn, term)
  if (reachesMajority(turn)) armElection(turn)
}
