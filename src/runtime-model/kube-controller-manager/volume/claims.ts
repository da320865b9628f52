import { compareQuantities } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { labelsMatch } from '../../api/selectors.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import type { Index, View } from '../controller.ts'

/** What controllers know of claims, volumes and classes. Sources: k8s.io/component-helpers storage/volume, pkg/controller/volume/persistentvolume. */
export const claims = 'persistentvolumeclaims', volumes = 'persistentvolumes', classes = 'storageclasses.storage.k8s.io'
export const attributesClasses = 'volumeattributesclasses.storage.k8s.io'
export const annotation = {
  bindCompleted: 'pv.kubernetes.io/bind-completed', boundByController: 'pv.kubernetes.io/bound-by-controller', provisionedBy: 'pv.kubernetes.io/provisioned-by',
  selectedNode: 'volume.kubernetes.io/selected-node',
  provisioner: 'volume.kubernetes.io/storage-provisioner', betaProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  betaClass: 'volume.beta.kubernetes.io/storage-class',
} as const
export const noProvisioner = 'kubernetes.io/no-provisioner'

/** '' is a class too: none at all */
export const classOf = ({ metadata, spec }: KubeObject): string => metadata.annotations?.[annotation.betaClass] ?? spec.storageClassName ?? ''
export const hasNoClass = ({ metadata, spec }: KubeObject): boolean =>
  metadata.annotations?.[annotation.betaClass] === undefined && spec.storageClassName === undefined
export const isBindCompleted = (claim: KubeObject): boolean => claim.metadata.annotations?.[annotation.bindCompleted] !== undefined
export const refersTo = (volume: KubeObject, claim: KubeObject): boolean => {
  const ref = volume.spec.claimRef
  return ref !== undefined && ref.namespace === claim.metadata.namespace && ref.name === claim.metadata.name && (!ref.uid || ref.uid === claim.metadata.uid)
}
const none: readonly string[] = []
const claimOf = ({ spec: { claimRef } }: KubeObject): readonly string[] => claimRef ? [`${claimRef.namespace}/${claimRef.name}`] : none

export const volumesByClaim: Index = { name: 'persistentvolumes by claim', resource: volumes, keysOf: claimOf }
export const freeVolumesByClass: Index = { name: 'unclaimed persistentvolumes by class', resource: volumes, keysOf: v => v.spec.claimRef ? [] : [classOf(v)] }
export const unboundClaimsByClass: Index = { name: 'unbound claims by class', resource: claims, keysOf: c => isBindCompleted(c) ? [] : [classOf(c)] }
export const claimsByVolume: Index = { name: 'claims by the volume they name', resource: claims, keysOf: c => c.spec.volumeName ? [c.spec.volumeName] : none }
/** pods by `namespace/claim` of their volumes; claims of ephemeral volumes are named after pod and volume */
export const podsByClaim: Index = { name: 'pods by claim', resource: 'pods', keysOf: pod => claimNamesOf(pod).map(name => `${pod.metadata.namespace}/${name}`) }
export function claimNamesOf(pod: KubeObject): readonly string[] {
  const list: readonly any[] | undefined = pod.spec.volumes
  if (!list || !list.some(v => v.persistentVolumeClaim || v.ephemeral)) return none
  return list.flatMap(v => v.persistentVolumeClaim ? [v.persistentVolumeClaim.claimName] : v.ephemeral ? [`${pod.metadata.name}-${v.name}`] : [])
}
/** Why a volume that a claim asks for by name is not for it; undefined: it is. */
export const mismatch = (volume: KubeObject, claim: KubeObject): string | undefined => misfit(volume, claim, true)
function misfit(volume: KubeObject, claim: KubeObject, ofItsClass = false): string | undefined {
  if (compareQuantities(volume.spec.capacity?.storage ?? '0', claim.spec.resources?.requests?.storage ?? '0') < 0) return 'requested PV is too small'
  if (ofItsClass && classOf(volume) !== classOf(claim)) return 'storageClassName does not match'
  if ((volume.spec.volumeAttributesClassName ?? '') !== (claim.spec.volumeAttributesClassName ?? '')) return 'volumeAttributesClassName does not match'
  if ((volume.spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) return 'incompatible volumeMode'
  return (claim.spec.accessModes ?? []).every((m: string) => volume.spec.accessModes?.includes(m)) ? undefined : 'incompatible accessMode'
}

/**
 * The volume that was set aside for the claim, whatever its class and labels, or the smallest free one that is right for it; but among those with the fewest
 * access modes first, whichever they are. Claims that wait for a consumer take only the former. Source: persistentvolume/index.go (findByClaim),
 * k8s.io/component-helpers storage/volume/pv_helpers.go (FindMatchingVolume)
 */
export function bestMatch(claim: KubeObject, waits: boolean, view: View): KubeObject | undefined {
  const { metadata: { namespace, name }, spec: { selector } } = claim
  const reserved = view.by(volumesByClaim, `${namespace}/${name}`).filter(v => refersTo(v, claim))
  const free = waits ? [] : view.by(freeVolumesByClass, classOf(claim)).filter(v =>
    v.status?.phase === 'Available' && (!selector || labelsMatch(selector, v.metadata.labels)))
  let best: KubeObject | undefined
  for (const v of [...reserved, ...free]) {
    if (v.metadata.deletionTimestamp === undefined && misfit(v, claim) === undefined && (best === undefined || isBetter(v, best))) best = v
  }
  return best
}
function isBetter(v: KubeObject, best: KubeObject): boolean {
  const more = (v.spec.accessModes ?? []).length - (best.spec.accessModes ?? []).length
  if (more !== 0) return more < 0
  return best.spec.claimRef === undefined && compareQuantities(v.spec.capacity?.storage ?? '0', best.spec.capacity?.storage ?? '0') < 0
}

/** `object` with annotations; the object itself if it has them. */
export function annotated(object: KubeObject, more: Readonly<Record<string, string>>): KubeObject {
  return Object.keys(more).every(k => object.metadata.annotations?.[k] === more[k])
    ? object
    : { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...more } } }
}
/** What a bound claim says of its volume. */
export function boundStatus(claim: KubeObject, volume: KubeObject): any {
  // of a claim that is bound already capacity and attributes are the business of who changes them
  const isBound = claim.status?.phase === 'Bound', capacity = isBound && claim.status.capacity ? claim.status.capacity : volume.spec.capacity
  const attributes = isBound ? claim.status.currentVolumeAttributesClassName : volume.spec.volumeAttributesClassName
  const status = {
    ...claim.status, phase: 'Bound', accessModes: volume.spec.accessModes, capacity,
    ...attributes === undefined ? undefined : { currentVolumeAttributesClassName: attributes },
  }
  return deepEqual(status, claim.status) ? claim.status : status
}
