import { requestText } from '../api/request.ts'
import type { ApiRequest } from '../api/request.ts'
import { registry, storageName, type KindDefinition } from '../kinds/index.ts'
import { served } from './custom-resources/served.ts'
import type { WatchCache } from './watch-cache.ts'

/** What a request is about, looked up once per version of a resource. */
export interface Target {
  readonly kind: KindDefinition
  /** where its objects are stored: `pods`, `events` for events.k8s.io Events too */
  readonly resource: string
}

const targets = new Map<string, Target>()

/** the same by plural alone, as a request names it: there are few of one name */
const byPlural = new Map<string, Target[]>()

/** Built in, or of a custom resource that this server knows; undefined: no such group, version or resource is served */
export function targetOf({ group, version, resource }: ApiRequest, cache: WatchCache): Target | undefined {
  const all = byPlural.get(resource)
  if (all !== undefined) for (const target of all) if (target.kind.group === group && target.kind.version === version) return target
  const kind = cache.definitions && served(cache).byPath.get(`${group}/${version}/${resource}`)
  return kind && { kind, resource: storageName(group, resource) }
}

/** The kind whose rules hold for stored objects of a resource. */
export const storedKind = (resource: string, cache: WatchCache): KindDefinition => registry.byResource(resource) ?? served(cache).byResource.get(resource)!

/** Every resource that etcd holds. */
const stored: string[] = []
export const storedResources: readonly string[] = stored

registry.each(kind => {
  const resource = kind.storedAs?.resource ?? storageName(kind.group, kind.resource)
  const path = `${kind.group}/${kind.version}/${kind.resource}`, target: Target = { kind, resource }, others = byPlural.get(kind.resource) ?? []
  targets.set(path, target)
  byPlural.set(kind.resource, [...others.filter(t => t.kind.group !== kind.group || t.kind.version !== kind.version), target])
  if (kind.verbs.includes('list') && kind.resource !== 'componentstatuses' && !stored.includes(resource)) stored.push(resource)
})

/** `create pod catalog`, `list pods`, `create pod/binding catalog`: a request as journeys name it. */
export function nameRequest(request: ApiRequest, target: Target | undefined): string {
  return requestText(request, target && wordOf(target.kind))
}
const words = new Map<string, string>()
/** `pod`, `replicaset`: a kind as journeys name it */
export function wordOf({ kind }: KindDefinition): string {
  let word = words.get(kind)
  if (word === undefined) words.set(kind, word = kind.toLowerCase())
  return word
}
/** by `group/version/resource`; undefined: it is no longer served */
export const kindNamed = (path: string, cache: WatchCache): KindDefinition | undefined => targets.get(path)?.kind ?? served(cache).byPath.get(path)
