import { errors } from './errors.ts'
import type { Change } from './keyspace.ts'
import { plainKeys } from '../api/etcd.ts'
import { answer, type Turn } from './state.ts'

/** Opens a stream of all changes after a revision. The client wants a leader to be there, as kube-apiserver does (WithRequireLeader). */
export function openWatch(turn: Turn, from: string, call: number, afterRevision: number): void {
  const { state, context, effects, group } = turn, { keyspace } = state
  if (state.raft.leader === undefined) return answer(turn, from, call, { ok: false, error: errors.noLeader })
  if (afterRevision + 1 < keyspace.compacted) return answer(turn, from, call, { ok: false, error: errors.compacted })
  const stream = context.nextId(), watcher = { stream, client: from, after: afterRevision }
  state.watchers = [...state.watchers, watcher]
  effects.push({ do: 'open', stream, client: from })
  answer(turn, from, call, { ok: true, revision: keyspace.revision }, { stream })
  const changes = keyspace.changesAfter(afterRevision), events = ofKubernetes(changes)
  if (changes.length) {
    effects.push({ do: 'send', to: from, message: { type: 'etcd watch', stream, events, revision: keyspace.revision }, extraMs: group.roundTripMs })
  }
}

/** Every watcher has been told all before `changes`; who asked for later ones only waits for them. */
export function tellWatchers({ state, effects, group }: Turn, changes: readonly Change[]): void {
  if (changes.length === 0) return
  for (const { stream, client, after } of state.watchers) {
    const news = changes[0].revision > after ? changes : changes.filter(change => change.revision > after), events = ofKubernetes(news)
    // of what is none of its own an API server learns by its progress only
    if (news.length) {
      effects.push({ do: 'send', to: client, message: { type: 'etcd watch', stream, events, revision: state.keyspace.revision }, extraMs: group.roundTripMs })
    }
  }
}

const ofKubernetes = (changes: readonly Change[]): readonly Change[] =>
  changes.length === 1 && changes[0].key.resource !== plainKeys ? changes : changes.filter(change => change.key.resource !== plainKeys)

export function closeWatches({ state, effects }: Turn): void {
  for (const { stream } of state.watchers) effects.push({ do: 'close', stream })
  state.watchers = []
}
export function onClosed({ state }: Turn, stream: number): void { state.watchers = state.watchers.filter(w => w.stream !== stream) }
