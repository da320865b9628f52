import type { KeyspaceView } from '../api/etcd.ts'
import type { Keyspace } from '../etcd/index.ts'

/** Where the prefix of a resource is not its own name. Source: pkg/kubeapiserver/default_storage_factory_builder.go (SpecialDefaultResourcePrefixes), pkg/registry */
const prefixes: Readonly<Record<string, string>> = {
  nodes: 'minions', services: 'services/specs', endpoints: 'services/endpoints', replicationcontrollers: 'controllers', 'ingresses.networking.k8s.io': 'ingress',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices', 'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
}

export interface StoredKey { readonly path: string; readonly resource: string; readonly namespace: string; readonly name: string; readonly revision: number }

/** All keys as etcd orders them: `/registry/pods/default/catalog`. */
export function allKeys(keyspace: Keyspace): StoredKey[] {
  const keys: StoredKey[] = []
  for (const resource of keyspace.resources()) {
    const prefix = `/registry/${prefixes[resource] ?? resource.split('.')[0]}`
    for (const [key, item] of keyspace.table(resource)!.items()) {
      const { namespace = '', name } = item.object.metadata
      keys.push({ path: `${prefix}/${key}`, resource, namespace, name, revision: item.revision })
    }
  }
  return keys.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
}

export const valueAt = (view: KeyspaceView, { resource, namespace, name }: StoredKey): string => view.raw(resource, namespace, name) ?? ''
