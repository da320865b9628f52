import type { KubeObject } from '../../api/request.ts'
import { create, remove } from '../../network/client.ts'
import type { View } from '../controller.ts'
import { isFinished } from '../pods.ts'
import { isOk } from '../script.ts'
import type { Script } from '../script.ts'
import { podsByClaim } from './claims.ts'

/**
 * The policy Recycle, which is deprecated: a pod empties the directory of a released volume, which is free for another claim then. Volumes of other kinds have
 * nobody who could. Approximate: files that containers of the model have written there are not looked at, and what happens to the pod is told at the pod alone.
 * Source: pkg/controller/volume/persistentvolume/pv_controller.go (recycleVolumeOperation), pkg/volume/util/recyclerclient, pkg/volume/plugins.go
 * (NewPersistentVolumeRecyclerPodTemplate)
 */
export type Recycling = 'waits' | 'done' | { readonly failed: string } | { readonly inUse: string }
const namespace = 'default', prefix = 'recycler-for-'
/** Whose recycler a pod is. */
export const recycledBy = ({ metadata }: KubeObject): string | undefined =>
  metadata.namespace === namespace && metadata.name.startsWith(prefix) ? metadata.name.slice(prefix.length) : undefined

export function recycle(io: Script, volume: KubeObject, view: View): Recycling {
  const { name } = volume.metadata, ref = volume.spec.claimRef, podName = `${prefix}${name}`
  if (!volume.spec.hostPath && !volume.spec.nfs) return { failed: 'No recycler plugin found for the volume!' }
  const users = io.look(() => view.by(podsByClaim, `${ref.namespace}/${ref.name}`).filter(p => !isFinished(p)).map(p => `${ref.namespace}/${p.metadata.name}`))
  if (users.length > 0) return { inUse: `Volume is used by pods: ${users.join(',')}` }
  const pod = io.look(() => view.get('pods', namespace, podName)), own: string | undefined = io.look(() => view.memory.recycling.get(name))
  const forget = (): void => {
    io.ask(() => remove(view.identity, { resource: 'pods', namespace, name: podName }), [404])
    io.do({ do: 'remember', in: 'recycling', key: name, value: undefined })
  }
  if (own !== undefined && pod?.metadata.uid === own) {
    const { phase, message } = pod.status ?? {}
    if (phase !== 'Succeeded' && phase !== 'Failed') return 'waits'
    forget()
    return phase === 'Succeeded' ? 'done' : { failed: `Recycle failed: ${message || 'pod failed, pod.Status.Message unknown'}` }
  }
  if (own !== undefined && !pod) return gone(io, name)
  const made = io.ask(() => create(view.identity, { resource: 'pods', namespace }, podFor(volume, podName)), [409])
  if (!isOk(made)) { forget(); return { failed: 'Recycle failed: old recycler pod found, will retry later' } }
  io.do({ do: 'remember', in: 'recycling', key: name, value: made.body.metadata.uid })
  return 'waits'
}
function gone(io: Script, name: string): Recycling {
  io.do({ do: 'remember', in: 'recycling', key: name, value: undefined })
  return { failed: 'Recycle failed: recycler pod was deleted' }
}
function podFor({ spec: { hostPath, nfs } }: KubeObject, name: string): any {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace },
    spec: {
      restartPolicy: 'Never', activeDeadlineSeconds: 300, volumes: [{ name: 'vol', ...hostPath ? { hostPath: { path: hostPath.path } } : { nfs } }],
      containers: [{
        name: 'pv-recycler', image: 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.6', command: ['/bin/sh'],
        args: ['-c', 'test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1'],
        volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
      }],
    },
  }
}
