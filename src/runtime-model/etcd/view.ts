import type { KeyspaceView } from '../api/etcd.ts'
import { Keyspace } from './keyspace.ts'
import type { MemberState } from './state.ts'

/** The keyspace as it is committed: that of the member that has come farthest, also when the group has no leader. */
export function committedView(states: readonly MemberState[]): KeyspaceView {
  let best: MemberState | undefined
  for (const state of states) if (!best || isFarther(state, best)) best = state
  return best?.keyspace ?? new Keyspace()
}
const isFarther = (a: MemberState, b: MemberState): boolean =>
  a.raft.generation !== b.raft.generation ? a.raft.generation > b.raft.generation : a.keyspace.applied > b.keyspace.applied
