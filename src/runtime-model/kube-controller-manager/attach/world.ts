import type { KubeObject } from '../../api/request.ts'
import { uniqueVolumeName } from '../../kinds/csi-names.ts'
import type { Index, View } from '../controller.ts'
import { attachments } from '../csi/driver.ts'
import { isFinished } from '../pods.ts'
import { claimNamesOf, claims, podsByClaim } from '../volume/claims.ts'

/** What should be attached and what is, as the API shows it. Source: pkg/controller/volume/attachdetach/{cache,util} */
export const attachmentsByVolume: Index = {
  name: 'attachments by volume', resource: attachments, keysOf: a => a.spec.source?.persistentVolumeName ? [a.spec.source.persistentVolumeName] : [],
}
export const attachmentsByNode: Index = { name: 'attachments by node', resource: attachments, keysOf: a => [a.spec.nodeName] }

/** Nothing of the pod runs any more. Source: pkg/volume/util/util.go (IsPodTerminated) */
function isOver(pod: KubeObject): boolean {
  if (isFinished(pod)) return true
  return pod.metadata.deletionTimestamp !== undefined && !(pod.status?.containerStatuses ?? []).some((c: any) => !c.state?.terminated && !c.state?.waiting)
}
/** Pods that need the volume, by node. Nodes in the order of their names. */
export function wantedBy(volume: KubeObject, view: View): ReadonlyMap<string, readonly KubeObject[]> {
  const ref = volume.spec.claimRef, wanted = new Map<string, KubeObject[]>()
  if (!ref || view.get(claims, ref.namespace, ref.name)?.spec.volumeName !== volume.metadata.name) return wanted
  for (const pod of view.by(podsByClaim, `${ref.namespace}/${ref.name}`)) {
    const node = pod.spec.nodeName
    if (!node || isOver(pod) || !view.get('nodes', undefined, node)) continue
    wanted.set(node, [...wanted.get(node) ?? [], pod])
  }
  return new Map([...wanted].sort(([a], [b]) => a < b ? -1 : 1))
}
/** Names of the volumes that a pod's claims are bound to. */
export const volumesOfPod = (pod: KubeObject, view: View): readonly string[] =>
  claimNamesOf(pod).flatMap(name => { const volume = view.get(claims, pod.metadata.namespace, name)?.spec.volumeName; return volume ? [volume] : [] })

export const isInUse = (node: KubeObject | undefined, volume: KubeObject): boolean => node?.status?.volumesInUse?.includes(uniqueVolumeName(volume)) ?? false
export const isReported = (node: KubeObject | undefined, volume: KubeObject): boolean =>
  node?.status?.volumesAttached?.some((v: any) => v.name === uniqueVolumeName(volume)) ?? false
/** Source: reconciler.go (nodeIsHealthy, hasOutOfServiceTaint) */
export const isHealthy = (node: KubeObject | undefined): boolean =>
  node?.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false
export const isOutOfService = (node: KubeObject | undefined): boolean =>
  node?.spec?.taints?.some((t: any) => t.key === 'node.kubernetes.io/out-of-service') ?? false

/** Why a volume that is on another node cannot be attached. Source: reconciler.go (reportMultiAttachError) */
export function multiAttachText(volume: KubeObject, pod: KubeObject, others: readonly KubeObject[]): string {
  const own = others.filter(o => o.metadata.namespace === pod.metadata.namespace).map(o => o.metadata.name), foreign = others.length - own.length
  const start = `Multi-Attach error for volume "${volume.metadata.name}" `
  if (others.length === 0) return `${start}Volume is already exclusively attached to one node and can't be attached to another`
  if (own.length === 0) return `${start}Volume is already used by ${foreign} pod(s) in different namespaces`
  return `${start}Volume is already used by pod(s) ${own.join(', ')}${foreign > 0 ? ` and ${foreign} pod(s) in different namespaces` : ''}`
}
