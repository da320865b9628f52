import { PersistentLog } from '../../base/persistent-log.ts'
import { PersistentMap } from '../../base/persistent-map.ts'
import type { EtcdEvent } from '../api/etcd.ts'
import { objectKey } from '../api/object-key.ts'
import type { KubeObject } from '../api/request.ts'
import { definitionsResource } from '../kinds/index.ts'
import type { PolicyRule } from './rbac.ts'

/**
 * What an API server remembers of etcd: the current objects of every resource and the last changes of each, from which watches resume.
 * Source: k8s.io/apiserver pkg/storage/cacher (watch_cache.go: capacity 100 that grows while its events span less than 75 s).
 */
export interface WatchCache {
  readonly forkable: true
  /** how far the stream from etcd has come */
  revision: number
  /** changes whenever an object of RBAC does: compiled rules belong to one of these */
  rbac: object
  /** not of etcd: what the Node authorizer is built with */
  readonly nodeRules: readonly PolicyRule[]
  /** the same for CustomResourceDefinitions; undefined: there never were any */
  definitions: object | undefined
  /** the same for admission policies and webhooks */
  admission: object | undefined
  readonly resources: { readonly forkable: true } & Record<string, any>
}
interface ResourceCache {
  readonly forkable: true
  /** `namespace/name` → object; cluster-scoped: `/name` */
  readonly objects: PersistentMap<KubeObject>
  readonly log: PersistentLog<CachedEvent>
  /** revision of the list it began with: older states are unknown */
  listedAt: number
}
export interface CachedEvent { readonly event: EtcdEvent; readonly at: number }

const minimumEvents = 100, windowMs = 75_000

export const emptyCache = (nodeRules: readonly PolicyRule[]): WatchCache =>
  ({ forkable: true, revision: 0, nodeRules, rbac: Object.freeze({}), definitions: undefined, admission: undefined, resources: { forkable: true } })
const resourceOf = (cache: WatchCache, resource: string): ResourceCache | undefined => cache.resources[resource]

/** Begins anew with the objects of a list. */
export function fillCache(cache: WatchCache, resource: string, objects: readonly KubeObject[], revision: number): void {
  const fresh: ResourceCache = { forkable: true, objects: new PersistentMap(), log: new PersistentLog(), listedAt: revision }
  for (const object of objects) fresh.objects.set(objectKey(object.metadata.namespace ?? '', object.metadata.name), object)
  cache.resources[resource] = fresh
  if (isRbac(resource)) cache.rbac = Object.freeze({})
  else if (resource === definitionsResource && (objects.length > 0 || cache.definitions)) cache.definitions = Object.freeze({})
  else if (isAdmission(resource) && (objects.length > 0 || cache.admission)) cache.admission = Object.freeze({})
}

/** Takes a change from etcd; false if the list it began with already has it. */
export function applyEvent(cache: WatchCache, event: EtcdEvent, now: number): boolean {
  let r = resourceOf(cache, event.key.resource)
  if (!r) {
    cache.resources[event.key.resource] = r = {
      forkable: true, objects: new PersistentMap<KubeObject>(), log: new PersistentLog<CachedEvent>(), listedAt: 0,
    } satisfies ResourceCache
  }
  if (event.revision <= r.listedAt) return false
  const key = objectKey(event.key.namespace, event.key.name)
  if (event.type === 'PUT') r.objects.set(key, event.object)
  else r.objects.delete(key)
  const { log } = r
  log.append({ event, at: now })
  while (log.length - log.first > minimumEvents && log.get(log.first)!.at < now - windowMs) log.dropBefore(log.first + 1)
  if (isRbac(event.key.resource)) cache.rbac = Object.freeze({})
  else if (event.key.resource === definitionsResource) cache.definitions = Object.freeze({})
  else if (isAdmission(event.key.resource)) cache.admission = Object.freeze({})
  return true
}
const isAdmission = (resource: string): boolean => resource.endsWith('.admissionregistration.k8s.io')
const isRbac = (resource: string): boolean => resource.endsWith('.rbac.authorization.k8s.io')

export const cached = (cache: WatchCache, resource: string, namespace: string, name: string): KubeObject | undefined =>
  resourceOf(cache, resource)?.objects.get(objectKey(namespace, name))
export const isCached = (cache: WatchCache, resource: string): boolean => cache.resources[resource] !== undefined

/** All objects (of a namespace) in key order. */
export function listCached(cache: WatchCache, resource: string, namespace?: string): KubeObject[] {
  const objects = resourceOf(cache, resource)?.objects
  return objects ? inOrder(objects, namespace) : []
}
/** In no defined order of meaning, but the same in every run; for counting and looking up. */
export function visitCached(cache: WatchCache, resource: string, visit: (object: KubeObject) => void): void {
  resourceOf(cache, resource)?.objects.forEach(visit)
}

function inOrder(objects: PersistentMap<KubeObject>, namespace: string | undefined): KubeObject[] {
  if (namespace === undefined) return objects.sorted().map(entry => entry[1])
  const prefix = namespace + '/', found: [string, KubeObject][] = []
  objects.forEach((object, key) => { if (key.startsWith(prefix)) found.push([key, object]) })
  return found.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0).map(entry => entry[1])
}

/** Objects as they were at a revision; undefined if that is too long ago. */
export function listCachedAt(cache: WatchCache, resource: string, namespace: string | undefined, revision: number): KubeObject[] | undefined {
  const r = resourceOf(cache, resource)
  if (!r) return []
  if (revision < oldestRevision(cache, resource)) return undefined
  const then = r.objects.fork()
  for (let i = r.log.length - 1; i >= r.log.first; i--) {
    const { event } = r.log.get(i)!, key = objectKey(event.key.namespace, event.key.name)
    if (event.revision <= revision) break
    if (event.old) then.set(key, event.old)
    else then.delete(key)
  }
  return inOrder(then, namespace)
}

/** The oldest revision after which all changes of the resource are still known. */
export function oldestRevision(cache: WatchCache, resource: string): number {
  const r = resourceOf(cache, resource)
  if (!r) return 0
  return r.log.first === 0 ? r.listedAt : r.log.get(r.log.first)!.event.revision - 1
}

/** Changes after a revision, in order; undefined if they are no longer all known. */
export function eventsAfter(cache: WatchCache, resource: string, revision: number): EtcdEvent[] | undefined {
  const r = resourceOf(cache, resource)
  if (!r) return []
  if (revision < oldestRevision(cache, resource)) return undefined
  let low = r.log.first, high = r.log.length
  while (low < high) { const mid = (low + high) >> 1; if (r.log.get(mid)!.event.revision <= revision) low = mid + 1; else high = mid }
  const events: EtcdEvent[] = []
  for (let i = low; i < r.log.length; i++) events.push(r.log.get(i)!.event)
  return events
}
