import type { KubeObject } from '../../api/request.ts'
import { update } from '../../network/client.ts'
import { defineController, DONE, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import type { Reconciled, View } from '../controller.ts'
import { isFinished } from '../pods.ts'
import { claimNamesOf, claims, podsByClaim, volumes } from '../volume/claims.ts'

/** The finalizer is added where it is missing and taken off what is deleted and no longer in use. */
function protect(object: KubeObject | undefined, resource: string, finalizer: string, inUse: (object: KubeObject) => boolean, view: View): Reconciled {
  if (!object) return DONE
  const { metadata } = object, finalizers = metadata.finalizers ?? [], has = finalizers.includes(finalizer), going = metadata.deletionTimestamp !== undefined
  if (has === !going || going && inUse(object)) return DONE
  const next = going ? finalizers.filter(f => f !== finalizer) : [...finalizers, finalizer]
  return { effects: [{ do: 'request', request: update(view.identity, { resource, namespace: metadata.namespace, name: metadata.name }, { ...object, metadata: { ...metadata, finalizers: next } }), accept: [404] }] }
}

/** A claim stays until no pod that runs on a node uses it. */
export const pvcProtection = defineController({
  name: 'pvc-protection',
  watches: [
    { resource: claims, toKeys: delta => delta.new ? ownKey(delta) : NO_KEYS },
    { resource: 'pods', toKeys: ({ new: pod, stored }) => pod && !isFinished(pod) && pod.spec.nodeName ? NO_KEYS : claimNamesOf(pod ?? stored!).map(name => `${(pod ?? stored!).metadata.namespace}/${name}`) },
  ],
  indexes: [podsByClaim],
  reconcile(key, view) {
    const { namespace, name } = splitKey(key)
    return protect(view.get(claims, namespace, name), claims, 'kubernetes.io/pvc-protection', () => view.by(podsByClaim, key).some(p => p.spec.nodeName && !isFinished(p)), view)
  },
  source: 'pkg/controller/volume/pvcprotection/pvc_protection_controller.go',
})

/** A volume stays until it is not bound. */
export const pvProtection = defineController({
  name: 'pv-protection',
  watches: [{ resource: volumes, toKeys: delta => delta.new ? [delta.new.metadata.name] : NO_KEYS }],
  reconcile: (key, view) => protect(view.get(volumes, undefined, key), volumes, 'kubernetes.io/pv-protection', v => v.status?.phase === 'Bound', view),
  source: 'pkg/controller/volume/pvprotection/pv_protection_controller.go',
})
