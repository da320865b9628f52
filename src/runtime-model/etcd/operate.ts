import { Keyspace } from './keyspace.ts'
import { NEW_RAFT, type Turn } from './state.ts'

/** What operators and faults do to a member outside of its protocol. */
export function onOperate(turn: Turn, operation: string, args: any): void {
  const { state, effects } = turn
  if (operation === 'lose-disk') {
    state.keyspace = new Keyspace()
    state.raft = { ...NEW_RAFT, generation: state.raft.generation, blank: true }
  } else if (operation === 'nospace') {
    state.keyspace.space = args.on ? 'full' : 'free'
    state.keyspace.alarm = args.on
    if (state.raft.role === 'leader') effects.push({ do: 'condition', name: 'etcd writable', holds: !args.on })
  }
}
