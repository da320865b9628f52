import type { KubeObject } from '../api/request.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/** Names of the volumes that containers of a pod mount or have as devices: the kubelet sets up no others. Source: pkg/volume/util (GetPodVolumeNames) */
export function usedVolumes(spec: any): ReadonlySet<string> {
  const names = new Set<string>()
  for (const list of [spec.containers, spec.initContainers, spec.ephemeralContainers]) for (const c of list ?? []) {
    for (const m of c.volumeMounts ?? []) names.add(m.name)
    for (const d of c.volumeDevices ?? []) names.add(d.name)
  }
  return names
}

const root = '/var/lib/kubelet'
/**
 * A volume without a file system is mapped into the pod instead of mounted, which the kubelet tells twice. Source: pkg/volume/util/operationexecutor
 * (GenerateMapVolumeFunc), pkg/volume/csi/csi_block.go, pkg/volume/local/local.go
 */
export function tellMapped(session: Session, worker: Worker, volume: KubeObject): void {
  const { name } = volume.metadata, [plugin, map] = volume.spec.csi
    ? ['kubernetes.io~csi', `${root}/plugins/kubernetes.io/csi/volumeDevices/${name}/dev`]
    : ['kubernetes.io~local-volume', `${root}/plugins/kubernetes.io~local-volume/volumeDevices/${name}`]
  for (const path of [`globalMapPath "${map}"`, `volumeMapPath "${root}/pods/${worker.uid}/volumeDevices/${plugin}"`]) {
    session.podEvent(worker, 'Normal', 'SuccessfulMountVolume', `MapVolume.MapPodDevice succeeded for volume "${name}" ${path}`)
  }
}
