import { moveLeader, review } from './election.ts'
import { Keyspace } from './keyspace.ts'
import { groupIn } from './group.ts'
import type { MemberChange, Membership } from './membership.ts'
import { append, revoke, whoBelongs } from './replication.ts'
import type { Command } from './state-machine.ts'
import { NEW_RAFT, type Turn } from './state.ts'
import { closeWatches } from './watches.ts'

/** What operators (through etcdctl) and faults do to a member outside of its protocol. */
export function onOperate(turn: Turn, operation: string, args: any): void { operations[operation]?.(turn, args) }

const operations: Readonly<Record<string, (turn: Turn, args: any) => void>> = {
  'lose-disk': ({ state }) => {
    state.keyspace = new Keyspace()
    state.raft = { ...NEW_RAFT, generation: state.raft.generation, blank: true }
  },
  nospace: (turn, { on }: { readonly on: boolean }) => { turn.state.keyspace.space = on ? 'full' : 'free'; setAlarm(turn, on) },
  'disarm-alarm': turn => setAlarm(turn, false),
  defragment: ({ state: { keyspace } }) => { if (keyspace.space === 'compacted') keyspace.space = 'free' },
  compact: (turn, { revision }: { readonly revision: number }) => {
    if (turn.state.raft.role === 'leader') append(turn, { op: 'compact', revision }, turn.group.self, 0)
  },
  /** what etcdctl asks a leader to do */
  command: (turn, { command }: { readonly command: Command }) => { if (turn.state.raft.role === 'leader') append(turn, command, turn.group.self, 0) },
  /** one at a time: as long as a change waits to be committed, others are dropped. Source: etcd-io/raft raft.go (pendingConfIndex) */
  member: (turn, { change }: { readonly change: MemberChange }) => {
    const { role, tail } = turn.state.raft
    if (role === 'leader' && !tail.some(entry => entry.command.op === 'member')) {
      append(turn, { op: 'member', change, base: turn.group.membership }, turn.group.self, 0)
    }
  },
  revoke: (turn, { id }: { readonly id: string }) => { if (turn.state.raft.role === 'leader') revoke(turn, id) },
  'move-leader': (turn, { to }: { readonly to: string }) => moveLeader(turn, to),
  'force-new-cluster': forceNewCluster,
  /** `keyspace` is never changed after it was saved */
  'save-snapshot': ({ state }, { file, keyspace }: { readonly file: string; readonly keyspace: Keyspace }) => { state.files.set(file, keyspace) },
  'restore-snapshot': restore,
}

/** The alarm is raised and disarmed for the whole group; each member is told of it by itself. */
function setAlarm({ state, effects }: Turn, on: boolean): void {
  state.keyspace.alarm = on
  if (state.raft.role === 'leader') effects.push({ do: 'condition', name: 'etcd writable', holds: !on })
}

interface Restored { readonly keyspace: Keyspace; readonly generation: number; readonly membership?: Membership }

/** A new data directory, made from a snapshot: a new group, whose members have yet to elect a leader. Source: https://etcd.io/docs/v3.6/op-guide/recovery/ */
function restore(turn: Turn, { keyspace, generation, membership }: Restored): void {
  const { state, effects, group } = turn
  closeWatches(turn)
  state.keyspace = keyspace.restored()
  state.keyspace.membership = membership
  turn.group = membership ? groupIn(group, membership) : group
  state.raft = { ...NEW_RAFT, term: 1, generation }
  effects.push({ do: 'condition', name: `${group.self} votes`, holds: true }, { do: 'condition', name: 'etcd writable', holds: true })
  review(turn)
}

/** It goes on alone, with all that it had: whoever else was there does not belong to it any more. Source: https://etcd.io/docs/v3.6/op-guide/recovery/ */
function forceNewCluster(turn: Turn, { generation }: { readonly generation: number }): void {
  const { state, group } = turn, { members, removed } = group.membership, own = members.find(m => m.number === group.number)!
  const membership: Membership = {
    members: [{ ...own, learner: false }], removed: [...removed, ...members.flatMap(m => m.number === group.number ? [] : [m.number])],
  }
  closeWatches(turn)
  turn.effects.push(...whoBelongs(group.membership, membership), { do: 'condition', name: `${group.self} serving`, holds: true })
  state.keyspace.membership = membership
  turn.group = groupIn(group, membership)
  state.raft = { ...NEW_RAFT, term: state.raft.term, generation }
  review(turn)
}
