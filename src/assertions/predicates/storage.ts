import type { PredicateContext, PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
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
export const storage: readonly PredicateDefinition[] = [attachedTo, attached]
