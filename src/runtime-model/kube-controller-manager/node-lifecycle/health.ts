import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import type { View } from '../controller.ts'

/**
 * When a node counts as lost. Source: cmd/kube-controller-manager/app/options/nodelifecyclecontroller.go, node_lifecycle_controller.go (tryUpdateNodeHealth)
 */
export const monitorMs = 5000
const graceMs = 50_000, startupGraceMs = 60_000

/** What the monitor remembers of a node. */
export interface Known {
  /** when it was first seen, or when everything began anew */
  readonly since: number
  /** when a new heartbeat time was last seen in its status */
  readonly statusAt: number
}
export const leaseOf = (node: string): string => `leases.coordination.k8s.io/kube-node-lease/${node}`

/** ms until the node counts as lost: 0 now, Infinity while its heartbeats go on. A heartbeat counts from the round of the monitor that sees it. */
export function lostIn(node: KubeObject, { since, statusAt }: Known, view: View): number {
  const lease = view.heartbeat(leaseOf(node.metadata.name))
  if (lease?.kept) return Infinity
  const last = Math.max(since, statusAt, lease?.lastAt ?? 0), next = view.now + view.untilTick(monitorMs)
  const seenAt = Math.min(view.now, next - Math.floor((next - last) / monitorMs) * monitorMs)
  const hasStatus = node.status?.conditions?.some((c: any) => c.type === 'Ready') === true
  return Math.max(0, seenAt + (hasStatus ? graceMs : startupGraceMs) - view.now)
}

const watchedConditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']
/** Status of a node that nobody has heard of for too long; undefined if it says so already. */
export function lostStatus(node: KubeObject, view: View): any | undefined {
  const now = formatTime(view.wallMs), conditions: any[] = [...node.status?.conditions ?? []]
  let changed = false
  for (const type of watchedConditions) {
    const at = conditions.findIndex(c => c.type === type)
    if (at < 0)
      conditions.push({
        type, status: 'Unknown', reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.',
        lastHeartbeatTime: node.metadata.creationTimestamp, lastTransitionTime: now,
      })
    else if (conditions[at].status === 'Unknown') continue
    else conditions[at] = {
      ...conditions[at], status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime: now,
    }
    changed = true
  }
  return changed ? { ...node.status, conditions } : undefined
}

/** A pod on a node that is not ready any more is not ready either; undefined if it is not already, or nothing is known of it. */
export function notReadyConditions(pod: KubeObject, view: View): readonly any[] | undefined {
  const ready = pod.status?.conditions?.find((c: any) => c.type === 'Ready')
  return ready && ready.status !== 'False' ? [{ ...ready, status: 'False', lastTransitionTime: formatTime(view.wallMs) }] : undefined
}
