import { keptName } from '../api/image-names.ts'
import type { Earlier, Mount } from '../api/cri.ts'
import { contentSource, parseContentSource, storageKey } from '../kinds/csi-names.ts'
import { claimOf } from './volume-needs.ts'
import type { Worker } from './worker.ts'

/** Where the files of a container's volumes live: with the pod, on the machine, or in the storage behind a driver, which all machines share. */
export const mountsOf = (worker: Worker, container: any, bare: boolean): Mount[] => (container.volumeMounts ?? []).map((m: any): Mount => {
  const { key, from, image } = placeOfVolume(worker, m.name, bare), under = (k: string): string => m.subPath ? `${k}/${m.subPath}` : k
  return { path: m.mountPath, key: under(key), ...image ? { image } : undefined, ...from ? { from: from.map(f => ({ ...f, key: under(f.key) })) } : undefined }
})
interface Home { readonly key: string; readonly from?: readonly Earlier[]; readonly image?: string }
function placeOfVolume({ uid, pod, objects }: Worker, name: string, bare: boolean): Home {
  const { metadata, spec } = pod, volume = spec.volumes?.find((v: any) => v.name === name), claim = claimOf(metadata.name, volume)
  if (volume?.hostPath) return { key: `host ${volume.hostPath.path}` }
  if (volume?.image) { const image = keptName(volume.image.reference, bare); return { key: `image ${image}`, image } }
  if (volume?.nfs) return { key: `storage nfs ${volume.nfs.server}:${volume.nfs.path}` }
  if (!claim) return { key: `${uid}/${name}` }
  const bound: string = (objects[`persistentvolumeclaims/${claim}`] || undefined)?.spec.volumeName ?? `${metadata.namespace}/${claim}`
  const source = (objects[`persistentvolumes/${bound}`] || undefined)?.spec
  // a volume that is a directory of the node is not even read
  if (!source) return { key: `host volume ${bound}` }
  if (source.csi) {
    const from = parseContentSource(source.csi.volumeAttributes?.[contentSource] ?? '')
    return {
      key: storageKey(source.csi.driver, source.csi.volumeHandle),
      ...from.length > 0 ? { from: from.map(({ handle, time }) => ({ key: storageKey(source.csi.driver, handle), time })) } : undefined,
    }
  }
  const path: string | undefined = source.hostPath?.path ?? source.local?.path
  if (path !== undefined) return { key: `host ${path}` }
  return { key: source.nfs ? `storage nfs ${source.nfs.server}:${source.nfs.path}` : `storage volume ${bound}` }
}
