import type { KubeObject } from '../../api/request.ts'
import { create } from '../../network/client.ts'
import { defineController, DONE, NO_KEYS, objectOf } from '../controller.ts'

/** the code of what is there already, or cannot be because the namespace ends */
export const harmlessCreate: readonly number[] = [409, 403, 404]
export const isActiveNamespace = (namespace: KubeObject | undefined): boolean => namespace?.status?.phase === 'Active'

/** Every namespace has the service account `default`, also after somebody deleted it. */
export const serviceAccount = defineController({
  name: 'serviceaccount',
  serviceAccount: 'service-account-controller',
  watches: [
    { resource: 'namespaces', toKeys: delta => delta.new ? [objectOf(delta).metadata.name] : NO_KEYS },
    { resource: 'serviceaccounts', toKeys: delta => delta.type === 'DELETED' ? [objectOf(delta).metadata.namespace!] : NO_KEYS },
  ],
  reconcile(key, view) {
    if (!isActiveNamespace(view.get('namespaces', '', key)) || view.get('serviceaccounts', key, 'default')) return DONE
    return {
      effects: [{
        do: 'request',
        request: create(view.identity, { resource: 'serviceaccounts', namespace: key }, {
          apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: key },
        }),
        accept: harmlessCreate,
      }],
    }
  },
  source: 'pkg/controller/serviceaccount/serviceaccounts_controller.go',
})
