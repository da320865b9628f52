import type { KubeObject } from '../api/request.ts'
import type { Delta } from '../network/informer.ts'
import type { ClusterEvent, Plugin } from './plugin.ts'
import { sameLabels } from './pod-info.ts'
import type { PodInfo } from './pod-info.ts'
import { podRequests } from './resources.ts'

/** Changes of the cluster in the terms in which plugins ask for them. Source: pkg/scheduler/framework/events.go, pkg/scheduler/eventhandlers.go */
const names: Readonly<Record<string, string>> = {
  nodes: 'Node', persistentvolumes: 'PersistentVolume', persistentvolumeclaims: 'PersistentVolumeClaim', 'storageclasses.storage.k8s.io': 'StorageClass',
  namespaces: 'Namespace', 'csinodes.storage.k8s.io': 'CSINode',
  'csistoragecapacities.storage.k8s.io': 'CSIStorageCapacity', 'resourceclaims.resource.k8s.io': 'ResourceClaim',
  'resourceslices.resource.k8s.io': 'ResourceSlice', 'deviceclasses.resource.k8s.io': 'DeviceClass',
}
const actions = { ADDED: 'Add', MODIFIED: 'Update', DELETED: 'Delete' } as const

export function eventsOf({ key, type, old, new: now }: Delta): readonly ClusterEvent[] {
  const name = names[key]
  if (!name) return NONE
  if (name !== 'Node' || type !== 'MODIFIED') return [{ key: `${name}/${actions[type]}`, old, new: now }]
  return nodeChanges(old!, now!).map(change => ({ key: `Node/${change}`, old, new: now }))
}
const NONE: readonly ClusterEvent[] = []

function nodeChanges(old: KubeObject, now: KubeObject): string[] {
  const changes: string[] = []
  if (differ(old.status?.allocatable, now.status?.allocatable)) changes.push('UpdateAllocatable')
  if (!sameLabels(old.metadata.labels, now.metadata.labels)) changes.push('UpdateLabel')
  // of cordons only their end is told
  if (differ(old.spec?.taints, now.spec?.taints) || old.spec?.unschedulable === true && !now.spec?.unschedulable) changes.push('UpdateTaint')
  return changes
}
/** What changed of a pod that plugins care about; `scope` is AssignedPod or UnscheduledPod. */
export function podChanges(scope: string, old: KubeObject, now: KubeObject): ClusterEvent[] {
  const changes: string[] = []
  if (!sameLabels(old.metadata.labels, now.metadata.labels)) changes.push('UpdateLabel')
  if (old.spec !== now.spec && (old.metadata.generation === undefined || old.metadata.generation !== now.metadata.generation)) {
    if (scaledDown(old, now)) changes.push('UpdateScaleDown')
    if (differ(old.spec.tolerations, now.spec.tolerations)) changes.push('UpdateToleration')
    if (differ(old.spec.nodeSelector, now.spec.nodeSelector) || differ(old.spec.affinity, now.spec.affinity)) changes.push('UpdateSelector')
  }
  return changes.map(change => ({ key: `${scope}/${change}`, old, new: now }))
}
function scaledDown(old: KubeObject, now: KubeObject): boolean {
  const before = podRequests(old.spec), after = podRequests(now.spec)
  return after.cpu < before.cpu || after.memory < before.memory || after.ephemeral < before.ephemeral
}
const differ = (a: unknown, b: unknown): boolean => a !== b && JSON.stringify(a) !== JSON.stringify(b)

/**
 * Does one of the plugins that refused the pod think that the event may help it? A changed taint wakes whoever waits for a plugin that hears of new nodes and
 * has nothing to say about taints itself. Source: pkg/scheduler/scheduler.go (buildQueueingHintMap, for issue 109437)
 */
export function mayHelp(
  event: ClusterEvent, pod: PodInfo, rejectedBy: readonly string[], plugins: ReadonlyMap<string, Plugin>,
  cluster: Parameters<NonNullable<Plugin['hints']>[string]>[2]
): boolean {
  // a plugin of a config that names no events is asked again after any, as upstream does with plugins that register none
  return rejectedBy.some(name => {
    const plugin = plugins.get(name), hint = plugin?.hints?.[event.key]
    if (hint) return hint(pod, event, cluster)
    return !plugin || event.key === 'Node/UpdateTaint' && plugin.hints?.['Node/Add'] !== undefined
  })
}
