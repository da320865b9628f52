import type { StepContext } from '../kernel/actor.ts'
import { isLetGo } from './balancer.ts'
import { listenerOn } from './listeners.ts'
import type { Listening, Route } from './route.ts'
import { nodeAlive, physicalPod, type Physics } from './physics.ts'
import { firstFrom, requestAt, takenBy, type Source, type Taken } from './sources.ts'

/**
 * Requests that take their time. They count as served when somebody takes them, and are lost after all if what they go through ends before they are
 * answered: the container that works on them, its node, the node that they came in by, or the proxy between (which, told to end, finishes what it has
 * begun). That its address leaves the rules meanwhile does not matter: the connection is in the node's table of connections. Source:
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow, https://nginx.org/en/docs/control.html (QUIT)
 */
export interface Stretch { /** requests up to here (not including) went these ways */ readonly until: number; readonly ways: readonly Route[] }

/** What has to be remembered when other ways begin: the ways of all who may still be in flight. */
export function remember(source: Source, ways: readonly Route[], now: number): Source {
  if (!source.takesMs) return source
  const oldest = firstFrom(source, now - source.takesMs)
  return { ...source, recent: [...source.recent.filter(s => s.until > oldest), { until: source.next, ways }] }
}

/** What a request in flight hangs on. `key` tells it from others; `ended`: why it was cut off, if it was. */
interface Carrier { readonly key: string; ended(): string | undefined }
interface Cut { readonly key: string; readonly pod: string; readonly reason: string; count: number; unready: number }

/** Takes back what was cut off now. `ways`: those since the last change; everything before now has been counted. */
export function cutOff(physics: Physics | StepContext, source: Source, ways: readonly Route[], now: number): Source {
  const { takesMs = 0 } = source, known = new Map<string, string | undefined>(), cuts = new Map<string, Cut>()
  const reasonOf = ({ key, ended }: Carrier): string | undefined => { if (!known.has(key)) known.set(key, ended()); return known.get(key) }
  let k = firstFrom(source, now - takesMs + 1)
  for (const stretch of [...source.recent, { until: source.next, ways }]) for (; k < stretch.until; k++) {
    const taken = takenBy(source, stretch.ways, k), by = taken?.outcome.by
    if (!taken || !by) continue
    const carriers = carriersOf(physics, source, taken, by, now), at = requestAt(source, k)
    if (carriers.some(({ key }) => at < (source.cut[key] ?? 0))) continue
    const broken = carriers.find(carrier => reasonOf(carrier) !== undefined)
    if (!broken) continue
    const reason = reasonOf(broken)!, id = `${by.pod} ${reason}`, cut = cuts.get(id) ?? { key: broken.key, pod: by.pod, reason, count: 0, unready: 0 }
    cuts.set(id, cut)
    cut.count++
    if (!by.ready) cut.unready++
  }
  return cuts.size === 0 ? source : takenBack(source, [...cuts.values()], now)
}

function carriersOf(physics: Physics | StepContext, source: Source, { way, exit }: Taken, by: Listening, now: number): readonly Carrier[] {
  const takes = `requests take ${source.takesMs! / 1000}s`, carriers: Carrier[] = []
  if (by.to.uid !== undefined) carriers.push(podCarrier(by, () => hasEnded(physics, by) ? `pod ${by.pod} ended before it had answered (${takes})` : undefined))
  if ('upstream' in exit) {
    const { front } = exit
    carriers.push(podCarrier(front, () => broke(physics, front) ? `pod ${front.pod} of ${exit.proxy} ended before it had answered (${takes})` : undefined))
  }
  if (source.pod || way.node === '') return carriers
  const lost = (why: string): string => `${why} before they were answered (${takes})`
  return [...carriers, {
    key: `node ${way.node}`,
    ended: () => !nodeAlive(physics, way.node) ? lost(`node ${way.node}, by which they had come, was gone`)
      : isLetGo(source, way.node, now) ? lost(`the load balancer let go of node ${way.node}`)
      : undefined,
  }]
}
const podCarrier = ({ to, listener }: Listening, ended: Carrier['ended']): Carrier => ({ key: `${to.uid} ${listener.startedAt}`, ended })

function hasEnded(physics: Physics | StepContext, { to, listener }: Listening): boolean {
  const now = nodeAlive(physics, to.node!) ? listenerOn(physics, to.node!, to.uid!, to.port, 'TCP', true) : undefined
  return now?.startedAt !== listener.startedAt
}
/** Has a proxy's container ended otherwise than by being told to? */
function broke(physics: Physics | StepContext, { to, listener }: Listening): boolean {
  if (!nodeAlive(physics, to.node!)) return true
  const container = physicalPod(physics, to.node!, to.uid!)?.containers.find((c: any) => c.startedAt === listener.startedAt)
  return container?.state === 'exited' && container.exitCode !== 0
}

function takenBack(source: Source, cuts: readonly Cut[], now: number): Source {
  const why = { ...source.counts.why }, servedBy = { ...source.counts.servedBy }, cut: Record<string, number> = { ...source.cut }
  let count = 0, unready = 0
  for (const { key, pod, reason, count: all, unready: ofThem } of cuts) {
    // shares of very many requests are rounded: what was never given cannot be taken
    const taken = Math.min(all, servedBy[pod] ?? 0)
    why[reason] = (why[reason] ?? 0) + taken
    servedBy[pod] = (servedBy[pod] ?? 0) - taken
    if (servedBy[pod] === 0) delete servedBy[pod]
    count += taken; unready += Math.min(taken, ofThem)
    cut[key] = now
  }
  const { counts } = source
  return {
    ...source, cut, counts: { served: counts.served - count, lost: counts.lost + count, why, servedBy, servedByUnready: counts.servedByUnready - unready },
  }
}
