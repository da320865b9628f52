import { always, definePlugin, rejection } from '../plugin.ts'
import type { Cycle, Prepared } from '../plugin.ts'
import { claimNames } from './volume-binding.ts'

const NAME = 'VolumeZone', conflict = rejection(NAME, true, 'node(s) had no available volume zone')
const keys = [
  'topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region',
]

/**
 * Labels of a volume for zone and region (several are joined by `__`) must hold of the node, if it has any. Volumes of drivers say it by node affinity instead,
 * which is VolumeBinding's.
 */
function preFilter({ pod, cluster }: Cycle): Prepared {
  const wanted = claimNames(pod.pod).flatMap(({ name }) => {
    const volumeName = cluster.get('persistentvolumeclaims', pod.namespace, name)?.spec.volumeName
    const labels = volumeName ? cluster.get('persistentvolumes', '', volumeName)?.metadata.labels : undefined
    return keys.flatMap(key => labels?.[key] === undefined ? [] : [{ key, values: labels[key].split('__') }])
  })
  if (wanted.length === 0) return 'skip'
  return {
    filter({ node }) {
      const labels = node!.metadata.labels ?? {}
      if (!keys.some(k => k in labels)) return undefined
      return wanted.some(({ key, values }) => !values.includes(labels[key])) ? conflict : undefined
    },
  }
}
export const volumeZone = definePlugin({
  name: NAME, preFilter,
  hints: {
    'PersistentVolumeClaim/Add': always, 'PersistentVolumeClaim/Update': always, 'PersistentVolume/Add': always, 'PersistentVolume/Update': always,
    'StorageClass/Add': always, 'Node/Add': always, 'Node/UpdateLabel': always,
  },
  source: 'pkg/scheduler/framework/plugins/volumezone/volume_zone.go',
})
