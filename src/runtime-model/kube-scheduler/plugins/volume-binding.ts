import { unitsOf } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { labelsMatch } from '../../api/selectors.ts'
import { always, definePlugin, rejection } from '../plugin.ts'
import type { ClusterView, Cycle, Prepared } from '../plugin.ts'
import type { PodInfo } from '../pod-info.ts'
import { anyTerm } from '../terms.ts'

const NAME = 'VolumeBinding'
const noVolume = rejection(NAME, true, "node(s) didn't find available persistent volumes to bind")
const otherNode = rejection(NAME, true, "node(s) didn't match PersistentVolume's node affinity")
const noRoom = rejection(NAME, true, 'node(s) did not have enough free storage')
const reject = (text: string): Prepared => ({ reject: rejection(NAME, true, text) })
export const selectedNode = 'volume.kubernetes.io/selected-node', bindCompleted = 'pv.kubernetes.io/bind-completed'

/** Claims of a pod, in the order of its volumes; those of ephemeral volumes are named after pod and volume. */
export function claimNames(pod: KubeObject): { readonly name: string; readonly ephemeral: boolean }[] {
  return (pod.spec.volumes ?? []).flatMap((v: any) => v.persistentVolumeClaim ? [{ name: v.persistentVolumeClaim.claimName, ephemeral: false }]
    : v.ephemeral ? [{ name: `${pod.metadata.name}-${v.name}`, ephemeral: true }]
    : [])
}
export const isBound = (claim: KubeObject): boolean => !!claim.spec.volumeName && claim.metadata.annotations?.[bindCompleted] !== undefined
const volumeFits = (volume: KubeObject, node: KubeObject): boolean => anyTerm(volume.spec?.nodeAffinity?.required)?.(node) ?? true

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
      const reaches = bound.every(volume => volumeFits(volume, node.node!)), plans = plansFor(unbound, node.node!, cluster)
      const lacks = plans === 'no volume' ? noVolume : plans === 'no room' ? noRoom : undefined
      return reaches ? lacks : lacks ? rejection(NAME, true, ...otherNode.reasons, ...lacks.reasons) : otherNode
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

/** How claims that wait for their first consumer would get volumes on this node, each with its own: one that exists, or a new one. */
export type VolumePlan = { readonly claim: KubeObject; readonly volume?: KubeObject }
/** The smallest claim chooses first. Source: binder.go (FindPodVolumes, findMatchingVolumes, checkVolumeProvisions) */
export function plansFor(claims: readonly KubeObject[], node: KubeObject, cluster: ClusterView): readonly VolumePlan[] | 'no volume' | 'no room' {
  const size = (claim: KubeObject): number => unitsOf(claim.spec.resources?.requests?.storage), taken = new Set<string>(), plans: VolumePlan[] = []
  let room = true
  for (const claim of claims.length > 1 ? [...claims].sort((a, b) => size(a) - size(b)) : claims) {
    const wanted = claim.metadata.annotations?.[selectedNode]
    if (wanted !== undefined && wanted !== node.metadata.name) return 'no volume'
    const volume = wanted === undefined ? smallestFor(claim, node, cluster, taken) : undefined
    plans.push({ claim, ...volume ? { volume } : undefined })
    if (volume) { taken.add(volume.metadata.name); continue }
    const storageClass = classOf(claim, cluster), provisioner: string | undefined = storageClass?.provisioner
    if (!provisioner || provisioner === 'kubernetes.io/no-provisioner' || !allows(storageClass!, node)) return 'no volume'
    room &&= hasRoom(claim, storageClass!, node, cluster)
  }
  return room ? plans : 'no room'
}
/**
 * A driver that tells how much room there is needs one object that says enough, of the class and for the node; each claim is looked at alone. Source: binder.go
 * (hasEnoughCapacity), https://kubernetes.io/docs/concepts/storage/storage-capacity/
 */
function hasRoom(claim: KubeObject, storageClass: KubeObject, node: KubeObject, cluster: ClusterView): boolean {
  if (cluster.get('csidrivers.storage.k8s.io', '', storageClass.provisioner)?.spec?.storageCapacity !== true) return true
  const wanted = unitsOf(claim.spec.resources?.requests?.storage)
  return cluster.list('csistoragecapacities.storage.k8s.io').some(({ storageClassName, nodeTopology, capacity, maximumVolumeSize = capacity }) =>
    storageClassName === storageClass.metadata.name && maximumVolumeSize !== undefined && unitsOf(maximumVolumeSize) >= wanted
      && nodeTopology !== undefined && labelsMatch(nodeTopology, node.metadata.labels))
}

/** Source: pkg/volume/util (FindMatchingVolume): the smallest that is large enough, right in class, modes and labels, and reachable from the node. */
function smallestFor(claim: KubeObject, node: KubeObject, cluster: ClusterView, taken: ReadonlySet<string>): KubeObject | undefined {
  let best: KubeObject | undefined
  const size = (v: KubeObject): number => unitsOf(v.spec?.capacity?.storage), wanted = unitsOf(claim.spec.resources?.requests?.storage)
  for (const volume of cluster.list('persistentvolumes')) {
    const { spec, metadata, status } = volume
    const reserved = spec?.claimRef
    const mine = reserved && reserved.name === claim.metadata.name && reserved.namespace === claim.metadata.namespace
      && (!reserved.uid || reserved.uid === claim.metadata.uid)
    if (reserved && !mine || !mine && status?.phase !== 'Available' || metadata.deletionTimestamp || taken.has(metadata.name)) continue
    if ((spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? '')
      || (spec.volumeAttributesClassName ?? '') !== (claim.spec.volumeAttributesClassName ?? '')
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
/** Source: volume_binding.go (isSchedulableAfterCSIStorageCapacityChange; a driver that changes wakes only pods with inline volumes of it) */
const grew = (before: string | undefined, now: string | undefined): boolean => now !== undefined && (before === undefined || unitsOf(now) > unitsOf(before))
export const volumeBinding = definePlugin({
  name: NAME, preFilter,
  hints: {
    'PersistentVolumeClaim/Add': (pod, e) => concernsClaim(pod, e.new!.metadata.name, e.new!.metadata.namespace),
    'PersistentVolumeClaim/Update': (pod, e) => concernsClaim(pod, e.new!.metadata.name, e.new!.metadata.namespace),
    'PersistentVolume/Add': always, 'PersistentVolume/Update': always, 'StorageClass/Add': always, 'StorageClass/Update': always, 'Node/Add': always,
    'Node/UpdateLabel': always, 'CSIStorageCapacity/Add': always,
    'CSIStorageCapacity/Update': (_pod, { old, new: now }) => grew(old?.capacity, now?.capacity) || grew(old?.maximumVolumeSize, now?.maximumVolumeSize),
  },
  source: 'pkg/scheduler/framework/plugins/volumebinding/{volume_binding,binder}.go',
})
