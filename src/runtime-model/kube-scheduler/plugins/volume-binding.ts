import { unitsOf } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { labelsMatch } from '../../api/selectors.ts'
import { always, definePlugin, rejection } from '../plugin.ts'
import type { ClusterView, Cycle, Prepared } from '../plugin.ts'
import type { PodInfo } from '../pod-info.ts'
import { nodeTerm } from '../terms.ts'

const NAME = 'VolumeBinding'
const noVolume = rejection(NAME, true, "node(s) didn't find available persistent volumes to bind")
const otherNode = rejection(NAME, true, "node(s) didn't match PersistentVolume's node affinity")
const neither = rejection(NAME, true, ...otherNode.reasons, ...noVolume.reasons)
const reject = (text: string): Prepared => ({ reject: rejection(NAME, true, text) })
export const selectedNode = 'volume.kubernetes.io/selected-node', bindCompleted = 'pv.kubernetes.io/bind-completed'

/** Claims of a pod, in the order of its volumes; those of ephemeral volumes are named after pod and volume. */
export function claimNames(pod: KubeObject): { readonly name: string; readonly ephemeral: boolean }[] {
  return (pod.spec.volumes ?? []).flatMap((v: any) => v.persistentVolumeClaim ? [{ name: v.persistentVolumeClaim.claimName, ephemeral: false }]
    : v.ephemeral ? [{ name: `${pod.metadata.name}-${v.name}`, ephemeral: true }]
    : [])
}
export const isBound = (claim: KubeObject): boolean => !!claim.spec.volumeName && claim.metadata.annotations?.[bindCompleted] !== undefined
const volumeFits = (volume: KubeObject, node: KubeObject): boolean => {
  const terms = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms
  return !terms || terms.some((t: any) => nodeTerm(t)(node))
}

function preFilter({ pod, cluster }: Cycle): Prepared {
  const names = claimNames(pod.pod)
  if (names.length === 0) return 'skip'
  const bound: KubeObject[] = [], unbound: KubeObject[] = []
  let immediate = false
  for (const { name, ephemeral } of names) {
    const claim = cluster.get('persistentvolumeclaims', pod.namespace, name)
    if (!claim) {
      return reject(
        ephemeral ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"` : `persistentvolumeclaim "${name}" not found`
      )
    }
    if (ephemeral && !claim.metadata.ownerReferences?.some(o => o.controller && o.uid === pod.uid)) {
      return reject(`PVC ${pod.namespace}/${name} was not created for pod ${pod.key} (pod is not owner)`)
    }
    if (claim.status?.phase === 'Lost') return reject(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`)
    if (claim.metadata.deletionTimestamp) return reject(`persistentvolumeclaim "${name}" is being deleted`)
    if (isBound(claim)) {
      const volume = cluster.get('persistentvolumes', '', claim.spec.volumeName)
      if (!volume) return reject(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`)
      bound.push(volume)
    } else if (waitsForConsumer(claim, cluster)) unbound.push(claim)
    else immediate = true
  }
  if (immediate) return reject('pod has unbound immediate PersistentVolumeClaims')
  return {
    filter: node => {
      const reaches = bound.every(volume => volumeFits(volume, node.node!)), finds = unbound.every(claim => planFor(claim, node.node!, cluster))
      return reaches ? finds ? undefined : noVolume : finds ? otherNode : neither
    },
  }
}

function waitsForConsumer(claim: KubeObject, cluster: ClusterView): boolean {
  if (claim.spec.volumeName) return false
  return classOf(claim, cluster)?.volumeBindingMode === 'WaitForFirstConsumer'
}
const classOf = (claim: KubeObject, cluster: ClusterView): KubeObject | undefined =>
  claim.spec.storageClassName ? cluster.get('storageclasses.storage.k8s.io', '', claim.spec.storageClassName) : undefined

/** Source: component-helpers scheduling/corev1 (MatchTopologySelectorTerms) */
function allows({ allowedTopologies }: KubeObject, node: KubeObject): boolean {
  const terms: readonly any[] | undefined = allowedTopologies as any
  return !terms?.length || terms.some(t => (t.matchLabelExpressions ?? []).every((e: any) => e.values.includes(node.metadata.labels?.[e.key])))
}

/** How a claim that waits for its first consumer would get a volume on this node: one that exists, or a new one. */
export type VolumePlan = { readonly volume: KubeObject } | { readonly provision: true }
export function planFor(claim: KubeObject, node: KubeObject, cluster: ClusterView): VolumePlan | undefined {
  const wanted = claim.metadata.annotations?.[selectedNode]
  if (wanted !== undefined) return wanted === node.metadata.name ? { provision: true } : undefined
  const volume = smallestFor(claim, node, cluster)
  if (volume) return { volume }
  const storageClass = classOf(claim, cluster), provisioner = storageClass?.provisioner
  return provisioner && provisioner !== 'kubernetes.io/no-provisioner' && allows(storageClass, node) ? { provision: true } : undefined
}

/** Source: pkg/volume/util (FindMatchingVolume): the smallest that is large enough, right in class, modes and labels, and reachable from the node. */
function smallestFor(claim: KubeObject, node: KubeObject, cluster: ClusterView): KubeObject | undefined {
  let best: KubeObject | undefined
  const size = (v: KubeObject): number => unitsOf(v.spec?.capacity?.storage), wanted = unitsOf(claim.spec.resources?.requests?.storage)
  for (const volume of cluster.list('persistentvolumes')) {
    const { spec, metadata, status } = volume
    const reserved = spec?.claimRef
    const mine = reserved && reserved.name === claim.metadata.name && reserved.namespace === claim.metadata.namespace
      && (!reserved.uid || reserved.uid === claim.metadata.uid)
    if (reserved && !mine || !mine && status?.phase !== 'Available' || metadata.deletionTimestamp) continue
    if ((spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? '')
      || (spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) {
      continue
    }
    if (!claim.spec.accessModes?.every((m: string) => spec.accessModes?.includes(m))
      || claim.spec.selector && !labelsMatch(claim.spec.selector, metadata.labels)) {
      continue
    }
    if (size(volume) < wanted || !volumeFits(volume, node)) continue
    if (mine) return volume
    if (!best || size(volume) < size(best)) best = volume
  }
  return best
}

/** What has to happen before a pod with claims that wait can be bound to its node. */
export function unboundClaims(pod: PodInfo, cluster: ClusterView): KubeObject[] {
  return claimNames(pod.pod).flatMap(({ name }) => {
    const claim = cluster.get('persistentvolumeclaims', pod.namespace, name)
    return claim && !isBound(claim) ? [claim] : []
  })
}

const concernsClaim = (pod: PodInfo, name: string, namespace: string | undefined): boolean =>
  namespace === pod.namespace && claimNames(pod.pod).some(c => c.name === name)
export const volumeBinding = definePlugin({
  name: NAME, preFilter,
  hints: {
    'PersistentVolumeClaim/Add': (pod, e) => concernsClaim(pod, e.new!.metadata.name, e.new!.metadata.namespace),
    'PersistentVolumeClaim/Update': (pod, e) => concernsClaim(pod, e.new!.metadata.name, e.new!.metadata.namespace),
    'PersistentVolume/Add': always, 'PersistentVolume/Update': always, 'StorageClass/Add': always, 'StorageClass/Update': always, 'Node/Add': always,
    'Node/UpdateLabel': always,
  },
  source: 'pkg/scheduler/framework/plugins/volumebinding/{volume_binding,binder}.go',
})
