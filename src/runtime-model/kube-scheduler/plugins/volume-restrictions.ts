import { definePlugin, rejection } from '../plugin.ts'
import type { Cycle, Prepared } from '../plugin.ts'
import { claimNames } from './volume-binding.ts'

const NAME = 'VolumeRestrictions'
const taken = rejection(NAME, false, 'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod')
const takenBefore34 = rejection(NAME, false, 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode')

/** A claim that one pod may use at a time keeps all others from every node. */
function preFilter({ pod, nodes, cluster, minorVersion }: Cycle): Prepared {
  const alone = claimNames(pod.pod).map(c => c.name).filter(name =>
    cluster.get('persistentvolumeclaims', pod.namespace, name)?.spec.accessModes?.includes('ReadWriteOncePod'))
  if (alone.length === 0) return 'skip'
  const used = nodes.list.some(node => [...node.pods.values()].some(other =>
    other.namespace === pod.namespace && other.uid !== pod.uid && claimNames(other.pod).some(c => alone.includes(c.name))))
  return used ? { filter: () => minorVersion < 34 ? takenBefore34 : taken } : 'skip'
}
export const volumeRestrictions = definePlugin({
  name: NAME, preFilter,
  hints: {
    'AssignedPod/Delete': (pod, { old }) =>
      old!.metadata.namespace === pod.namespace && claimNames(old!).some(c => claimNames(pod.pod).some(own => own.name === c.name)),
    'PersistentVolumeClaim/Add': (pod, { new: claim }) => claim!.metadata.namespace === pod.namespace, 'Node/Add': () => true,
  },
  source: 'pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go',
})
