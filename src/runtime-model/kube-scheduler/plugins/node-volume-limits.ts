import type { KubeObject } from '../../api/request.ts'
import { always, definePlugin, rejection } from '../plugin.ts'
import type { ClusterView, Cycle, Prepared } from '../plugin.ts'
import { claimNames } from './volume-binding.ts'

const NAME = 'NodeVolumeLimits', full = rejection(NAME, false, 'node(s) exceed max volume count')

/** Volumes of drivers that a pod needs: name of the volume → driver. A claim that has none yet counts as the one that its class will make. */
function volumesOf(pod: KubeObject, cluster: ClusterView): readonly (readonly [volume: string, driver: string])[] {
  return claimNames(pod).flatMap(({ name }): (readonly [string, string])[] => {
    const claim = cluster.get('persistentvolumeclaims', pod.metadata.namespace!, name)
    if (!claim) return []
    if (claim.spec.volumeName) {
      const csi = cluster.get('persistentvolumes', '', claim.spec.volumeName)?.spec.csi
      return csi ? [[`${csi.driver}/${csi.volumeHandle}`, csi.driver]] : []
    }
    const driver = claim.spec.storageClassName ? cluster.get('storageclasses.storage.k8s.io', '', claim.spec.storageClassName)?.provisioner : undefined
    return driver ? [[`${pod.metadata.namespace}/${name}`, driver]] : []
  })
}

function preFilter({ pod, cluster }: Cycle): Prepared {
  if (claimNames(pod.pod).length === 0) return 'skip'
  const wanted = volumesOf(pod.pod, cluster)
  if (wanted.length === 0) return 'skip'
  return {
    filter(node) {
      const drivers: readonly any[] = cluster.get('csinodes.storage.k8s.io', '', node.name)?.spec?.drivers ?? []
      const limits = new Map<string, number>(drivers.flatMap(d => d.allocatable?.count === undefined ? [] : [[d.name, d.allocatable.count] as const]))
      if (!wanted.some(([, driver]) => limits.has(driver))) return undefined
      const there = new Map<string, string>()
      for (const other of node.pods.values()) for (const [volume, driver] of volumesOf(other.pod, cluster)) there.set(volume, driver)
      for (const [driver, limit] of limits) {
        const fresh = new Set(wanted.filter(([volume, d]) => d === driver && !there.has(volume)).map(([volume]) => volume)).size
        const used = [...there.values()].filter(d => d === driver).length
        if (fresh > 0 && used + fresh > limit) return full
      }
      return undefined
    },
  }
}

/** How many volumes of a driver a node may have, as its CSINode says. Volumes that are attached for no pod are not counted. */
export const nodeVolumeLimits = definePlugin({
  name: NAME, preFilter,
  hints: { 'CSINode/Add': always, 'CSINode/Update': always, 'AssignedPod/Delete': always, 'PersistentVolumeClaim/Add': always, 'Node/Add': always },
  source: 'pkg/scheduler/framework/plugins/nodevolumelimits/csi.go',
})
