import type { PredicateContext, PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { nanoOf } from '../../runtime-model/api/quantity.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import { CannotRun } from '../errors.ts'
import { referenceOf } from '../subjects/index.ts'
import { onlyOf } from './fitting.ts'
import { everStored, holdsIf, moot, no, nodeIn } from './support.ts'

/** Nodes to which the volume of a claim is attached, or a PersistentVolume, as VolumeAttachments say. */
function nodesOf(object: any, at: PredicateContext): readonly string[] | undefined {
  const volume = object.kind === 'PersistentVolume' ? object.metadata.name : object.kind === 'PersistentVolumeClaim' ? object.spec?.volumeName ?? '' : undefined
  if (volume === undefined) return undefined
  return at.driver.storedList('volumeattachments.storage.k8s.io')
    .filter(a => a.spec.source?.persistentVolumeName === volume && a.status?.attached)
    .map(a => a.spec.nodeName as string)
}
const reads = (o: Observation): boolean => o.type === 'object' && o.resource === 'volumeattachments.storage.k8s.io'
const source = 'https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume-attachment-v1/'
const attachedTo = definePredicate({
  id: 'attached-to', phrases: ['is attached to node {node}'], subjects: ['object'], misfit: onlyOf('persistentvolumeclaims', 'persistentvolumes'), reads,
  doc: 'A VolumeAttachment says that the volume (of a claim, or a PersistentVolume) is attached to the node.',
  examples: ['persistentvolumeclaim data-db-0 is attached to node worker-2'], source,
  test({ object, label }, { node }, at) {
    const nodes = nodesOf(object, at), wanted = nodeIn(node, at)
    if (!nodes) return no(`${label} is neither a claim nor a PersistentVolume`)
    if (!nodes.includes(wanted) && !everStored(at, { resource: 'nodes', name: wanted })) return moot(`there is no node ${wanted}`)
    return holdsIf(nodes.includes(wanted), () => nodes.length === 0 ? 'attached to no node' : `attached to ${nodes.join(', ')}`)
  },
})
const attached = definePredicate({
  id: 'attached', phrases: ['is attached'], subjects: ['object'], misfit: onlyOf('persistentvolumeclaims', 'persistentvolumes'), reads,
  doc: 'A VolumeAttachment says that the volume (of a claim, or a PersistentVolume) is attached to some node.',
  examples: ['persistentvolumeclaim data-db-0 is attached'], source,
  test({ object, label }, _args, at) {
    const nodes = nodesOf(object, at)
    return nodes ? holdsIf(nodes.length > 0, () => 'attached to no node') : no(`${label} is neither a claim nor a PersistentVolume`)
  },
})
const boundTo = definePredicate({
  id: 'bound-to', phrases: ['is bound to {other}'], parameters: { other: 'subject' }, subjects: ['object'],
  misfit: onlyOf('persistentvolumeclaims', 'persistentvolumes'),
  reads: o => o.type === 'object' && (o.resource === 'persistentvolumes' || o.resource === 'persistentvolumeclaims'),
  doc: 'A claim and this volume, or a volume and this claim, name each other.', examples: ['pvc data is bound to pv disk-1', 'persistentvolume disk-1 is bound to pvc data'],
  source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding',
  test({ object, ref }, { other }, at) {
    const { ref: wanted, label } = referenceOf(other, at), isClaim = ref!.resource === 'persistentvolumeclaims'
    if (wanted.resource !== (isClaim ? 'persistentvolumes' : 'persistentvolumeclaims')) {
      throw new CannotRun(`${label}: a claim is bound to a PersistentVolume, and a PersistentVolume to a claim`)
    }
    if (!everStored(at, wanted)) return moot(`there is no ${label}`)
    const of = object.spec?.claimRef, found = isClaim ? object.spec?.volumeName : of && `${of.namespace}/${of.name}`
    const bound = object.status?.phase === 'Bound' && found === (isClaim ? wanted.name : `${wanted.namespace}/${wanted.name}`)
    return holdsIf(bound, () => found ? `${object.status?.phase}, to ${found}` : `${object.status?.phase ?? 'Pending'}, bound to none`)
  },
})
const capacity = definePredicate({
  id: 'capacity', phrases: ['has capacity {size}', 'has a capacity of {size}'], parameters: { size: 'quantity' }, subjects: ['object'],
  misfit: onlyOf('persistentvolumeclaims', 'persistentvolumes'),
  doc: 'What a PersistentVolume holds, or the volume that a claim is bound to, as its status says; 1Gi and 1024Mi are the same.',
  examples: ['pvc data eventually has capacity 2Gi', 'persistentvolume disk-1 has capacity 5Gi'],
  source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#capacity',
  test({ object, ref }, { size }) {
    const found = (ref?.resource === 'persistentvolumes' ? object.spec : object.status)?.capacity?.storage
    return found === undefined ? moot('it is bound to no volume') : holdsIf(nanoOf(found) === nanoOf(size), () => `capacity ${found}`)
  },
})
export const storage: readonly PredicateDefinition[] = [attachedTo, attached, boundTo, capacity]
