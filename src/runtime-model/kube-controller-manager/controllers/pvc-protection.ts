import { defineController, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import { isFinished } from '../pods.ts'
import { claimNamesOf, claims, podsByClaim } from '../volume/claims.ts'
import { protect } from '../volume/protect.ts'

/** A claim stays until no pod that runs on a node uses it. */
export const pvcProtection = defineController({
  name: 'pvc-protection',
  watches: [
    { resource: claims, toKeys: delta => delta.new ? ownKey(delta) : NO_KEYS },
    {
      resource: 'pods',
      toKeys: ({ new: pod, stored }) =>
        pod && !isFinished(pod) && pod.spec.nodeName ? NO_KEYS : claimNamesOf(pod ?? stored!).map(name => `${(pod ?? stored!).metadata.namespace}/${name}`),
    },
  ],
  indexes: [podsByClaim],
  reconcile(key, view) {
    const { namespace, name } = splitKey(key)
    return protect(
      view.get(claims, namespace, name), claims, 'kubernetes.io/pvc-protection', () => view.by(podsByClaim, key).some(p => p.spec.nodeName && !isFinished(p)),
      view
    )
  },
  source: 'pkg/controller/volume/pvcprotection/pvc_protection_controller.go',
})
