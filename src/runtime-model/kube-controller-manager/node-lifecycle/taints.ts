import type { ApiRequest, KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { patch } from '../../network/client.ts'
import type { Identity } from '../../network/client.ts'

/** Taints that say how a node is. Source: k8s.io/api core/v1 well_known_taints.go, pkg/controller/nodelifecycle/node_lifecycle_controller.go */
export interface Taint { readonly key: string; readonly value?: string; readonly effect: string; readonly timeAdded?: string }
export const NOT_READY = 'node.kubernetes.io/not-ready', UNREACHABLE = 'node.kubernetes.io/unreachable', UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'

/** condition → its status → the NoSchedule taint that goes with it */
const byCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}
const ours = new Set([UNSCHEDULABLE, ...Object.values(byCondition).flatMap(Object.values<string>)])

export const taintsOf = (node: KubeObject): readonly Taint[] => node.spec?.taints ?? []
export const hasTaint = (node: KubeObject, key: string, effect: string): boolean => taintsOf(node).some(t => t.key === key && t.effect === effect)

/** NoSchedule taints to add and to take away, as the node's conditions and `spec.unschedulable` want it. */
export function noScheduleChanges(node: KubeObject): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const wanted: string[] = []
  for (const { type, status } of node.status?.conditions ?? []) { const key = byCondition[type]?.[status]; if (key) wanted.push(key) }
  if (node.spec?.unschedulable) wanted.push(UNSCHEDULABLE)
  const there = taintsOf(node).filter(t => t.effect === 'NoSchedule' && ours.has(t.key)).map(t => t.key)
  return { add: wanted.filter(k => !there.includes(k)), remove: there.filter(k => !wanted.includes(k)) }
}

/** The NoExecute taint of a node that is not ready; undefined when it is. */
export function noExecuteWanted(node: KubeObject): string | undefined {
  const ready = readyStatus(node)
  return ready === 'False' ? NOT_READY : ready === 'Unknown' ? UNREACHABLE : undefined
}
export const readyStatus = (node: KubeObject): string | undefined => node.status?.conditions?.find((c: any) => c.type === 'Ready')?.status
export const noExecuteKeys = (node: KubeObject): string[] => [NOT_READY, UNREACHABLE].filter(key => hasTaint(node, key, 'NoExecute'))

/** Source: pkg/controller/controller_utils.go (PatchNodeTaints): the patch names the version it was made for. */
export function addTaints(identity: Identity, node: KubeObject, keys: readonly string[], effect: string, wallMs: number): ApiRequest {
  const left = taintsOf(node).filter(t => !(keys.includes(t.key) && t.effect === effect))
  return patchTaints(identity, node, [...left, ...keys.map(key => ({ key, effect, timeAdded: formatTime(wallMs) }))])
}
export const removeTaints = (identity: Identity, node: KubeObject, keys: readonly string[], effect: string): ApiRequest =>
  patchTaints(identity, node, taintsOf(node).filter(t => !(keys.includes(t.key) && t.effect === effect)))
function patchTaints(identity: Identity, { metadata: { name, resourceVersion } }: KubeObject, taints: readonly Taint[]): ApiRequest {
  return patch(identity, { resource: 'nodes', name }, 'application/strategic-merge-patch+json', {
    metadata: { resourceVersion }, spec: { taints: taints.length ? taints : null },
  })
}
