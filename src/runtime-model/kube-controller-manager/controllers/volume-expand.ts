import { compareQuantities } from '../../api/quantity.ts'
import { defineController, DONE, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import { claims, volumes } from '../volume/claims.ts'

/**
 * Says of a claim that is to grow that somebody else has to see to it: no plugin of kube-controller-manager can grow a volume any more. Of volumes of a CSI
 * driver the driver's resizer says it here, before it begins. Keys: claims.
 */
export const volumeExpand = defineController({
  name: 'persistentvolume-expander',
  serviceAccount: 'expand-controller',
  watches: [
    {
      resource: claims,
      toKeys: delta => delta.type === 'MODIFIED' && delta.old!.spec !== delta.new!.spec && delta.new!.spec.volumeName
        && compareQuantities(sizeOf(delta.new), sizeOf(delta.old)) > 0
        ? ownKey(delta)
        : NO_KEYS,
    },
    { resource: volumes, toKeys: () => NO_KEYS },
  ],
  reconcile(key, view) {
    const { namespace, name } = splitKey(key), claim = view.get(claims, namespace, name), volume = claim && view.get(volumes, undefined, claim.spec.volumeName)
    if (!claim || !volume || volume.spec.csi || claim.status?.phase !== 'Bound') return DONE
    return {
      effects: [{
        do: 'event',
        event: {
          regarding: claim, type: 'Normal', reason: 'ExternalExpanding', message: 'waiting for an external controller to expand this PVC',
          component: 'volume_expand',
        },
      }],
    }
  },
  source: 'pkg/controller/volume/expand/expand_controller.go',
})
const sizeOf = (claim: any): string => claim.spec.resources?.requests?.storage ?? '0'
