import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'
import { conditionOf } from '../pods.ts'

/** When the Service and its pods last changed, as far as endpoints go, by the last look at them. */
export interface Triggers { readonly service: number; readonly pods: PersistentMap<number> }

/**
 * The earliest change since the last look, which slices carry in an annotation so that the delay of endpoints can be measured; undefined:
 * nothing that the API tells a time of. Source: k8s.io/endpointslice/util/trigger_time_tracker.go
 */
export function triggerTime(before: Triggers | undefined, service: KubeObject, pods: readonly KubeObject[]): { readonly at: number | undefined; readonly triggers: Triggers } {
  const created = parseTime(service.metadata.creationTimestamp), known = before?.pods, changed: [string, number][] = []
  let at = Infinity, count = 0
  for (const pod of pods) {
    const time = readyChange(pod), last = known?.get(pod.metadata.name)
    if (Number.isNaN(time)) continue
    count++
    if (time === last) continue
    changed.push([pod.metadata.name, time])
    if (last === undefined || time > last) at = Math.min(at, time)
  }
  if (created > (before?.service ?? -Infinity)) at = Math.min(at, created)
  return { at: before === undefined ? created : at === Infinity ? undefined : at, triggers: { service: created, pods: updated(known, changed, count, pods) } }
}
/** A map of its own, so that what was known before stays as it was. */
function updated(known: Triggers['pods'] | undefined, changed: readonly [string, number][], count: number, pods: readonly KubeObject[]): Triggers['pods'] {
  if (known && changed.length === 0 && known.size === count) return known
  const next = known?.fork() ?? new PersistentMap<number>()
  for (const [name, time] of changed) next.set(name, time)
  if (next.size > count) { const there = new Set(pods.map(p => p.metadata.name)); for (const name of [...next.keys()]) if (!there.has(name)) next.delete(name) }
  return next
}
/** When a pod became Ready or ceased to be; kept with the pod, which never changes. */
function readyChange(pod: KubeObject): number {
  let time = changes.get(pod)
  if (time === undefined) changes.set(pod, time = parseTime(conditionOf(pod, 'Ready')?.lastTransitionTime ?? ''))
  return time
}
const changes = new WeakMap<KubeObject, number>()
export const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
