import { ensureImage } from './images.ts'
import type { Session } from './session.ts'
import type { Refused, Worker } from './worker.ts'

/**
 * Volumes that are made of an image, which is pulled by their policy with every sync of the pod, mounted or not. A container that mounts one whose image
 * is not here does not start, for the reason and with the message of that pull. What the image holds is not known.
 * Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go (getImageVolumes, toKubeContainerImageVolumes), pkg/volume/image/image.go;
 * https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/
 */
export function pullForVolume(session: Session, worker: Worker, volume: string): boolean {
  const { reference, pullPolicy } = worker.busy!.pod.spec.volumes.find((v: any) => v.name === volume).image
  const found = ensureImage(session, worker, { image: reference, policy: pullPolicy })
  if (found === 'waits') return false
  if (found !== 'present') worker.busy = { ...worker.busy!, lacking: { ...worker.busy!.lacking, [volume]: found } }
  return true
}

/** Why a container cannot have its volumes: each one that it lacks is told, and the last is what its status says. */
export function lackingVolume(session: Session, worker: Worker, container: any): Refused | undefined {
  let last: Refused | undefined
  for (const { name } of container.volumeMounts ?? []) {
    const lacking = worker.busy!.lacking[name]
    if (!lacking) continue
    session.podEvent(worker, 'Warning', 'Failed', `Error: ${lacking.reason}`, container.name)
    last = lacking
  }
  return last
}
