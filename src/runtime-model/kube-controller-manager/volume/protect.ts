import type { KubeObject } from '../../api/request.ts'
import { update } from '../../network/client.ts'
import { DONE } from '../controller.ts'
import type { Reconciled, View } from '../controller.ts'

/** The finalizer is added where it is missing and taken off what is deleted and no longer in use. */
export function protect(object: KubeObject | undefined, resource: string, finalizer: string, inUse: (object: KubeObject) => boolean, view: View): Reconciled {
  if (!object) return DONE
  const { metadata } = object, finalizers = metadata.finalizers ?? [], has = finalizers.includes(finalizer), going = metadata.deletionTimestamp !== undefined
  if (has === !going || going && inUse(object)) return DONE
  const next = going ? finalizers.filter(f => f !== finalizer) : [...finalizers, finalizer]
  return {
    effects: [{
      do: 'request',
      request: update(view.identity, { resource, namespace: metadata.namespace, name: metadata.name }, {
        ...object, metadata: { ...metadata, finalizers: next },
      }),
      accept: [404],
    }],
  }
}
