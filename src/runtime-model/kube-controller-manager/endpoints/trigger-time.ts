import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'
import { conditionOf } from '../pods.ts'

/** When the Service and its pods last changed, as far as endpoints go, by the last look at them. */
export interface Triggers { readonly service: number; readonly pods: Readonly<Record<string, number>> }

/**
 * The earliest change since the last look, which slices carry in an annotation so that the delay of endpoints can be measured; undefined:
 * nothing that the API tells a time of. Source: k8s.io/endpointslice/util/trigger_time_tracker.go
 */
export function triggerTime(before: Triggers | undefined, service: KubeObject, pods: readonly KubeObject[]): { readonly at: number | undefined; readonly triggers: Triggers } {
  const times: Record<string, number> = {}, created = parseTime(service.metadata.creationTimestamp)
  let at = Infinity
  for (const pod of pods) {
    const time = parseTime(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '')
    if (Number.isNaN(time)) continue
    times[pod.metadata.name] = time
    if (!(time <= (before?.pods[pod.metadata.name] ?? -Infinity))) at = Math.min(at, time)
  }
  if (created > (before?.service ?? -Infinity)) at = Math.min(at, created)
  return { at: before === undefined ? created : at === Infinity ? undefined : at, triggers: { service: created, pods: times } }
}
export const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
