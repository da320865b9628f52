import type { StepContext } from '../kernel/actor.ts'
import { listenerOn } from './listeners.ts'
import type { Listening, Route } from './route.ts'
import { nodeAlive, type Physics } from './physics.ts'
import { firstFrom, outcomeOf, requestAt, type Source } from './sources.ts'

/**
 * Requests that take their time. They count as served when somebody takes them, and are lost after all if the container that works on them ends before
 * it has answered, or its node does. That its address leaves the rules meanwhile does not matter: the connection is in the node's table of
 * connections. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow
 */
export interface Stretch { /** requests up to here (not including) went these ways */ readonly until: number; readonly ways: readonly Route[] }

/** What has to be remembered when other ways begin: the ways of all who may still be in flight. */
export function remember(source: Source, ways: readonly Route[], now: number): Source {
  if (!source.takesMs) return source
  const oldest = firstFrom(source, now - source.takesMs)
  return { ...source, recent: [...source.recent.filter(s => s.until > oldest), { until: source.next, ways }] }
}

/** Takes back what was cut off now. `ways`: those since the last change; everything before now has been counted. */
export function cutOff(physics: Physics | StepContext, source: Source, ways: readonly Route[], now: number): Source {
  const { takesMs = 0 } = source, ended = new Map<string, boolean>(), lost = new Map<string, { pod: string; count: number; unready: number }>()
  let k = firstFrom(source, now - takesMs + 1)
  for (const stretch of [...source.recent, { until: source.next, ways }]) for (; k < stretch.until; k++) {
    const by = outcomeOf(source, stretch.ways, k)?.by, uid = by?.to.uid
    if (!by || uid === undefined || requestAt(source, k) < (source.cut[uid] ?? 0)) continue
    const instance = `${uid} ${by.listener.startedAt}`
    if (!ended.has(instance)) ended.set(instance, hasEnded(physics, by))
    if (!ended.get(instance)) continue
    const entry = lost.get(uid) ?? { pod: by.pod, count: 0, unready: 0 }
    lost.set(uid, entry)
    entry.count++
    if (!by.ready) entry.unready++
  }
  return lost.size === 0 ? source : takenBack(source, lost, now)
}

function hasEnded(physics: Physics | StepContext, { to, listener }: Listening): boolean {
  const now = nodeAlive(physics, to.node!) ? listenerOn(physics, to.node!, to.uid!, to.port) : undefined
  return now?.startedAt !== listener.startedAt
}

function takenBack(source: Source, lost: ReadonlyMap<string, { readonly pod: string; readonly count: number; readonly unready: number }>, now: number): Source {
  const why = { ...source.counts.why }, servedBy = { ...source.counts.servedBy }, cut: Record<string, number> = { ...source.cut }
  let count = 0, unready = 0
  for (const [uid, entry] of lost) {
    const reason = `pod ${entry.pod} ended before it had answered (requests take ${source.takesMs! / 1000}s)`
    // shares of very many requests are rounded: what was never given cannot be taken
    const taken = Math.min(entry.count, servedBy[entry.pod] ?? 0)
    why[reason] = (why[reason] ?? 0) + taken
    servedBy[entry.pod] = (servedBy[entry.pod] ?? 0) - taken
    if (servedBy[entry.pod] === 0) delete servedBy[entry.pod]
    count += taken; unready += Math.min(taken, entry.unready)
    cut[uid] = now
  }
  const { counts } = source
  return {
    ...source, cut, counts: { served: counts.served - count, lost: counts.lost + count, why, servedBy, servedByUnready: counts.servedByUnready - unready },
  }
}
