import type { KubeObject } from '../../api/request.ts'
import { update } from '../../network/client.ts'
import type { View } from '../controller.ts'
import type { Script } from '../script.ts'
import { annotated, annotation, boundStatus, claims, volumes } from './claims.ts'

/**
 * The four writes that make a volume and a claim one; those that are done are left out. Source: pkg/controller/volume/persistentvolume/pv_controller.go (bind).
 */
export function bind(io: Script, volume: KubeObject, claim: KubeObject, view: View): void {
  const { namespace, name, uid, resourceVersion } = claim.metadata, own = { resource: claims, namespace, name }
  const target = { resource: volumes, name: volume.metadata.name }
  const put = (at: typeof target | typeof own, object: KubeObject, subresource?: string): KubeObject =>
    io.ask(() => update(view.identity, { ...at, subresource }, object)).body
  let v = volume, c = claim
  if (v.spec.claimRef?.uid !== uid) {
    const claimRef = { ...v.spec.claimRef, kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
    v = put(target, { ...v.spec.claimRef ? v : annotated(v, { [annotation.boundByController]: 'yes' }), spec: { ...v.spec, claimRef } })
  }
  if (v.status?.phase !== 'Bound') v = put(target, { ...v, status: { ...v.status, phase: 'Bound' } }, 'status')
  const named = c.spec.volumeName === v.metadata.name
  const bound = annotated(
    named ? c : { ...annotated(c, { [annotation.boundByController]: 'yes' }), spec: { ...c.spec, volumeName: v.metadata.name } },
    { [annotation.bindCompleted]: 'yes' }
  )
  if (bound !== c) c = put(own, bound)
  const status = boundStatus(c, v)
  if (status !== c.status) put(own, { ...c, status }, 'status')
}
