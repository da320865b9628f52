import { askOwn } from './etcd-client.ts'
import type { Turn } from './state.ts'

/**
 * Every five minutes history older than five minutes is given up, so that etcd keeps the last five to ten. Where nothing changes there is nothing to
 * give up, and no timer. Every replica does it; whoever comes second is told that it is done.
 * Source: k8s.io/apiserver pkg/storage/etcd3/compact.go (--etcd-compaction-interval).
 */
const intervalMs = 300_000

/** After changes have come from etcd. */
export function keepCompacting(turn: Turn): void {
  if (turn.state.compaction !== undefined) return
  turn.state.compaction = 0
  turn.effects.push({ do: 'timer', key: 'compact', afterMs: intervalMs, background: true })
}

/** The timer `compact`: gives up what was old at the last one. */
export function compact(turn: Turn): void {
  const { state } = turn, { revision } = state.cache, old = state.compaction ?? 0
  if (old > 0) askOwn(turn, { op: 'compact', revision: old }, 'compact')
  if (old === revision) { state.compaction = undefined; return }
  state.compaction = revision
  turn.effects.push({ do: 'timer', key: 'compact', afterMs: intervalMs, background: true })
}
