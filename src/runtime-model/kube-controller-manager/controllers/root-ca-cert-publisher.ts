import { rootCertificate } from '../../api/certificate.ts'
import { create, update } from '../../network/client.ts'
import { defineController, DONE, NO_KEYS, objectOf } from '../controller.ts'
import { harmlessCreate, isActiveNamespace } from './serviceaccount.ts'

const name = 'kube-root-ca.crt'
const annotations = Object.freeze({
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
})
const data = Object.freeze({ 'ca.crt': rootCertificate })

/** Every namespace has the ConfigMap with the cluster's root certificate, as it should be. */
export const rootCaCertPublisher = defineController({
  name: 'root-ca-cert-publisher',
  serviceAccount: 'root-ca-cert-publisher',
  watches: [
    { resource: 'namespaces', toKeys: delta => delta.new ? [objectOf(delta).metadata.name] : NO_KEYS },
    {
      resource: 'configmaps',
      toKeys: delta => objectOf(delta).metadata.name === name && delta.type !== 'ADDED' ? [objectOf(delta).metadata.namespace!] : NO_KEYS,
    },
  ],
  reconcile(key, view) {
    if (!isActiveNamespace(view.get('namespaces', '', key))) return DONE
    const found = view.get('configmaps', key, name), target = { resource: 'configmaps', namespace: key }
    if (!found) {
      return {
        effects: [{
          do: 'request', request: create(view.identity, target, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: key, annotations }, data }),
          accept: harmlessCreate,
        }],
      }
    }
    const [description] = Object.keys(annotations) as (keyof typeof annotations)[]
    if (Object.keys(found.data ?? {}).length === 1 && found.data['ca.crt'] === data['ca.crt']
      && found.metadata.annotations?.[description] === annotations[description]) {
      return DONE
    }
    return {
      effects: [{ do: 'request', request: update(view.identity, { ...target, name }, { ...found, data, metadata: { ...found.metadata, annotations } }) }],
    }
  },
  source: 'pkg/controller/certificates/rootcacertpublisher/publisher.go',
})
