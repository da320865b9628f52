import { keyPrefix, type KeyspaceView } from '../api/etcd.ts'
import type { Keyspace } from '../etcd/index.ts'

export interface StoredKey { readonly path: string; readonly resource: string; readonly namespace: string; readonly name: string; readonly revision: number }

/** All keys as etcd orders them: `/registry/pods/default/catalog`. */
export function allKeys(keyspace: Keyspace): StoredKey[] {
  const keys: StoredKey[] = []
  for (const resource of keyspace.resources()) {
    const prefix = `/registry/${keyPrefix(resource)}`
    for (const [key, item] of keyspace.table(resource)!.items()) {
      const { namespace = '', name } = item.object.metadata
      keys.push({ path: `${prefix}/${key}`, resource, namespace, name, revision: item.revision })
    }
  }
  return keys.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
}

export const valueAt = (view: KeyspaceView, { resource, namespace, name }: StoredKey): string => view.raw(resource, namespace, name) ?? ''
