import type { KubeObject } from '../../api/request.ts'
import { create } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, DONE, NO_KEYS, objectOf, ownKey, splitKey } from '../controller.ts'
import type { ControllerEffect, Keys, View } from '../controller.ts'
import { isFinished } from '../pods.ts'
import { claims, podsByClaim } from '../volume/claims.ts'

/** Makes the claims of volumes that live as long as their pod: each belongs to the pod, and goes with it. Keys: pods. */
export const ephemeralVolume = defineController({
  name: 'ephemeral-volume',
  watches: [
    { resource: 'pods', toKeys: delta => delta.type === 'ADDED' && volumesOf(delta.new!).length > 0 ? ownKey(delta) : NO_KEYS },
    { resource: claims, toKeys: keysOfClaim },
  ],
  indexes: [podsByClaim],
  reconcile(key, view) {
    const { namespace, name } = splitKey(key), pod = view.get('pods', namespace, name)
    if (!pod || pod.metadata.deletionTimestamp || isFinished(pod)) return DONE
    return { effects: volumesOf(pod).flatMap(volume => claimFor(pod, volume, view)) }
  },
  source: 'pkg/controller/volume/ephemeral/controller.go, k8s.io/component-helpers storage/ephemeral',
})

const volumesOf = (pod: KubeObject): readonly any[] => (pod.spec.volumes as readonly any[] | undefined)?.filter(v => v.ephemeral) ?? []
/** A claim that is gone while its pod is not is made again. */
function keysOfClaim(delta: Delta, view: View): Keys {
  if (delta.new) return NO_KEYS
  const { namespace, name } = objectOf(delta).metadata
  return view.by(podsByClaim, `${namespace}/${name}`).filter(pod => volumesOf(pod).length > 0).map(pod => `${namespace}/${pod.metadata.name}`)
}

/** Nothing where the claim is there. One of that name that is not the pod's own is an error, which is told and tried again. */
function claimFor(pod: KubeObject, volume: any, view: View): readonly ControllerEffect[] {
  const { namespace, name: podName, uid } = pod.metadata, name = `${podName}-${volume.name}`, claim = view.get(claims, namespace, name)
  const { metadata = {}, spec } = volume.ephemeral.volumeClaimTemplate
  if (claim) {
    if (claim.metadata.ownerReferences?.some(o => o.controller && o.uid === uid)) return []
    const why = `ephemeral volume ${volume.name}: PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`
    return [
      { do: 'event', event: { regarding: pod, type: 'Warning', reason: 'FailedBinding', message: why, component: 'ephemeral_volume' } }, { do: 'retry', why },
    ]
  }
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: podName, uid, controller: true, blockOwnerDeletion: true }]
  const body = {
    apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace, labels: metadata.labels, annotations: metadata.annotations, ownerReferences },
    spec,
  }
  return [{ do: 'request', request: create(view.identity, { resource: claims, namespace }, body) }]
}
