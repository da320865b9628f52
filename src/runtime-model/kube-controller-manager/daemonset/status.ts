import type { KubeObject } from '../../api/request.ts'
import { get, update } from '../../network/client.ts'
import { withoutZeros } from '../conditions.ts'
import type { View } from '../controller.ts'
import { isAvailable, isReady } from '../pods.ts'
import { errorText, isOk } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf } from '../status-update.ts'
import { podsByTarget } from './nodes.ts'
import type { Scene } from './plan.ts'
import { isUpdated } from './template.ts'

/** Counts of a DaemonSet's nodes, by the oldest pod on each. Source: updateDaemonSetStatus, storeDaemonSetStatus */
export interface Counts {
  readonly desiredNumberScheduled: number
  readonly currentNumberScheduled: number
  readonly numberMisscheduled: number
  readonly numberReady: number
  readonly updatedNumberScheduled: number
  readonly numberAvailable: number
  readonly numberUnavailable: number
}

export function countNodes({ set, hash, nodes, pods, nowMs }: Scene): Counts {
  const byNode = podsByTarget(pods)
  let desired = 0, current = 0, misscheduled = 0, ready = 0, updated = 0, available = 0
  for (const { name, run } of nodes) {
    const pod = byNode.get(name)?.[0]
    if (!run) { if (pod) misscheduled++; continue }
    desired++
    if (!pod) continue
    current++
    if (isReady(pod)) { ready++; if (isAvailable(pod, set.spec.minReadySeconds ?? 0, nowMs)) available++ }
    if (isUpdated(set, pod, hash)) updated++
  }
  return {
    desiredNumberScheduled: desired, currentNumberScheduled: current, numberMisscheduled: misscheduled, numberReady: ready, updatedNumberScheduled: updated,
    numberAvailable: available, numberUnavailable: desired - available,
  }
}

const fields: readonly (keyof Counts)[] = [
  'desiredNumberScheduled', 'currentNumberScheduled', 'numberMisscheduled', 'numberReady', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable',
]
/** `observed`: the controller has acted on this generation. After a refusal the DaemonSet is read anew and written once more; answers what went wrong. */
export function writeStatus(io: Script, view: View, set: KubeObject, counts: Counts, observed: boolean): string | undefined {
  const before = set.status ?? {}
  if (fields.every(f => counts[f] === (before[f] ?? 0)) && (before.observedGeneration ?? 0) >= set.metadata.generation!) return undefined
  const { currentNumberScheduled, numberMisscheduled, desiredNumberScheduled, numberReady, ...rest } = counts, target = targetOf('daemonsets.apps', set)
  const put = (o: KubeObject): any => ({ ...o, status: {
    currentNumberScheduled, numberMisscheduled, desiredNumberScheduled, numberReady,
    ...withoutZeros({
      observedGeneration: observed ? set.metadata.generation : o.status?.observedGeneration, ...rest, collisionCount: o.status?.collisionCount,
    }),
  } })
  const write = (o: KubeObject) => io.ask(() => update(view.identity, { ...target, subresource: 'status' }, put(o)), 'any'), first = write(set)
  if (isOk(first)) return undefined
  const fresh = io.ask(() => get(view.identity, target), 'any'), second = isOk(fresh) ? write(fresh.body) : fresh
  return isOk(second) ? undefined : errorText(second)
}
