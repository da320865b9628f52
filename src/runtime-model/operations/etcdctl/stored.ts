import { keyPrefix, plainKeys, type EtcdKey } from '../../api/etcd.ts'
import { memberNumber, rawValue, type Change, type Item, type Keyspace } from '../../etcd/index.ts'
import { registry, storageName } from '../../kinds/index.ts'
import { keyValue, type KeyValue } from './printing.ts'

/** A key as etcd has it, `/registry/pods/default/catalog`, and where the model keeps it. */
export interface StoredKey { readonly path: string; readonly key: EtcdKey; readonly item: Item }

export function pathOf({ resource, namespace, name }: EtcdKey): string {
  return resource === plainKeys ? name : `/registry/${keyPrefix(resource)}/${namespace === '' ? '' : `${namespace}/`}${name}`
}

/** All keys in the order of their bytes. */
export function allKeys(keyspace: Keyspace): StoredKey[] {
  const keys = keyspace.resources().flatMap(resource => keyspace.table(resource)!.items().map(([, item]) => stored(resource, item)))
  return keys.sort(byPath)
}
function stored(resource: string, item: Item): StoredKey {
  const { namespace = '', name } = item.object.metadata, key = { resource, namespace, name }
  return { path: pathOf(key), key, item }
}
const byPath = (a: StoredKey, b: StoredKey): number => a.path < b.path ? -1 : a.path > b.path ? 1 : 0

/** Where the model keeps a key, whether or not there is one: with the objects of its kind, or with those that are none of Kubernetes'. */
export function keyOf(keyspace: Keyspace, path: string): EtcdKey {
  const resources = new Set([...keyspace.resources(), ...registry.all.map(k => storageName(k.group, k.resource))])
  for (const resource of resources) {
    const prefix = `/registry/${keyPrefix(resource)}/`
    if (resource === plainKeys || !path.startsWith(prefix)) continue
    const parts = path.slice(prefix.length).split('/'), namespaced = registry.all.find(k => storageName(k.group, k.resource) === resource)?.namespaced
    if (parts.length === 2 && namespaced !== false) return { resource, namespace: parts[0], name: parts[1] }
    if (parts.length === 1 && namespaced !== true) return { resource, namespace: '', name: parts[0] }
  }
  return { resource: plainKeys, namespace: '', name: path }
}

/** The bytes of a value, and the lease it is under. */
export function shown(keyspace: Keyspace, { path, item }: StoredKey): KeyValue {
  return keyValue(path, rawValue(item), item, item.lease ?? leaseOf(keyspace, item) ?? '')
}

/** The lease of an API server, as for Events: shared by what was put within a minute. */
function leaseOf(keyspace: Keyspace, { object: { metadata }, revision }: Item): string | undefined {
  const lease = keyspace.leases.shared().find(({ keys }) => keys.some(l => l.revision === revision && l.key.name === metadata.name))
  return lease && sharedLeaseId(lease)
}
export const sharedLeaseId = ({ ttlSeconds, grantedAt }: { readonly ttlSeconds: number; readonly grantedAt: number }): string =>
  memberNumber('lease', `${ttlSeconds} ${grantedAt}`).padStart(16, '0').replace(/^[89a-f]/, '3')

/** All keys as they were at a revision that is not compacted. */
export function keysAt(keyspace: Keyspace, revision: number): StoredKey[] {
  const then = new Map(allKeys(keyspace).map(k => [k.path, k])), changes = keyspace.changesAfter(keyspace.compacted - 1)
  for (const change of changes.filter(c => c.revision > revision).reverse()) {
    const path = pathOf(change.key), before = itemBefore(changes, change)
    if (before) then.set(path, { path, key: change.key, item: before })
    else then.delete(path)
  }
  return [...then.values()].sort(byPath)
}

/** What a key was before a change of it. */
export function itemBefore(changes: readonly Change[], change: Change): Item | undefined {
  if (!change.old) return undefined
  const last = changes.findLast(c => c.revision < change.revision && pathOf(c.key) === pathOf(change.key))
  return {
    object: change.old, revision: last?.revision ?? Number(change.old.metadata.resourceVersion), encrypted: last ? last.encrypted : change.encrypted,
    created: change.created, version: change.type === 'DELETE' ? change.version : change.version - 1, lease: last?.lease,
  }
}
