import type { KubeObject } from '../../api/request.ts'
import { controllerOf, defineController, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import { isFinished } from '../pods.ts'
import { claimNamesOf, claims, podsByClaim } from '../volume/claims.ts'
import { protect } from '../volume/protect.ts'

/** A claim stays as long as there is a pod with a node that names it, be it finished; one of an ephemeral volume until the kubelet is done with its pod. */
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
    const inUse = (claim: KubeObject): boolean => view.by(podsByClaim, key).some(pod => pod.spec.nodeName && uses(pod, claim))
    return protect(view.get(claims, namespace, name), claims, 'kubernetes.io/pvc-protection', inUse, view)
  },
  source: 'pkg/controller/volume/pvcprotection/pvc_protection_controller.go',
})

function uses(pod: KubeObject, claim: KubeObject): boolean {
  const { name } = claim.metadata, { deletionTimestamp, deletionGracePeriodSeconds: graceSeconds } = pod.metadata
  const isShutDown = deletionTimestamp !== undefined && graceSeconds === 0
  return pod.spec.volumes.some((v: any) => v.persistentVolumeClaim?.claimName === name
    || !isShutDown && v.ephemeral && `${pod.metadata.name}-${v.name}` === name && controllerOf(claim)?.uid === pod.metadata.uid)
}
