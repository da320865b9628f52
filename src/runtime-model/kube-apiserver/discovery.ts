import { sha256 } from '../../base/sha256.ts'
import { registry } from '../kinds/index.ts'
import type { ServedNames } from '../kinds/metrics.ts'

/** What the server serves, in both forms of discovery. Source: k8s.io/apiserver pkg/endpoints/discovery; data of a 1.35.4 API server. */
const byGroup = new Map<string, Map<string, ServedNames[]>>()
registry.each(kind => {
  const versions = byGroup.get(kind.group) ?? new Map<string, ServedNames[]>()
  byGroup.set(kind.group, versions)
  versions.set(kind.version, [...(versions.get(kind.version) ?? []).filter(k => k.resource !== kind.resource), kind])
})

function only(groups: Groups, isThere: (kind: ServedNames) => boolean): Groups {
  const left = new Map<string, ReadonlyMap<string, readonly ServedNames[]>>()
  for (const [group, versions] of groups) {
    const kept = new Map([...versions].map(([version, kinds]) => [version, kinds.filter(isThere)] as const).filter(([, kinds]) => kinds.length > 0))
    if (kept.size > 0) left.set(group, kept)
  }
  return left
}
type Groups = ReadonlyMap<string, ReadonlyMap<string, readonly ServedNames[]>>
/** Built-in groups, then those of custom resources; a group of both has the versions of both. */
function withCustom(kinds: readonly ServedNames[]): Groups {
  if (kinds.length === 0) return byGroup
  const all = new Map<string, Map<string, readonly ServedNames[]>>([...byGroup].map(([group, versions]) =>
    [group, new Map<string, readonly ServedNames[]>(versions)]))
  for (const kind of [...kinds].sort((a, b) => a.group === b.group ? 0 : a.group < b.group ? -1 : 1)) {
    const versions = all.get(kind.group) ?? new Map<string, readonly ServedNames[]>()
    all.set(kind.group, versions.set(kind.version, [...versions.get(kind.version) ?? [], kind]))
  }
  return all
}

/** `/apis/apps`, `/apis/apps/v1`: of everything built in that is there */
export const groupPaths = (isThere?: (kind: ServedNames) => boolean): readonly string[] => [...isThere ? only(byGroup, isThere) : byGroup].flatMap(
  ([group, versions]) => group === '' ? [] : [`/apis/${group}`, ...[...versions.keys()].map(version => `/apis/${group}/${version}`)]
)

/** `isThere`: of an older server, what it has; `storedIn`: of a custom resource, its stored version */
export function discoveryDocument(
  path: string, aggregated: boolean, serverAddress: string, custom: readonly ServedNames[], isThere?: (kind: ServedNames) => boolean,
  storedIn: (kind: ServedNames) => string = kind => kind.version
): any {
  const byGroup = isThere ? only(withCustom(custom), isThere) : withCustom(custom)
  const parts = path.split('/').filter(p => p !== '')
  if (parts[0] === 'api') {
    if (parts.length === 1) {
      return aggregated
        ? aggregatedList(byGroup, [''])
        : { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] }
    }
    return parts.length === 2 ? resourceList(byGroup, '', parts[1], storedIn) : undefined
  }
  if (parts[0] !== 'apis') return undefined
  const groups = [...byGroup.keys()].filter(g => g !== '')
  if (parts.length === 1) {
    return aggregated ? aggregatedList(byGroup, groups) : { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(g => groupOf(byGroup, g)) }
  }
  if (parts.length === 2) return byGroup.has(parts[1]) ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(byGroup, parts[1]) } : undefined
  return parts.length === 3 ? resourceList(byGroup, parts[1], parts[2], storedIn) : undefined
}

const groupVersion = (group: string, version: string): string => group === '' ? version : `${group}/${version}`
function groupOf(byGroup: Groups, group: string): any {
  const versions = [...byGroup.get(group)!.keys()].map(version => ({ groupVersion: groupVersion(group, version), version }))
  return { name: group, versions, preferredVersion: versions[0] }
}

function resourceList(byGroup: Groups, group: string, version: string, storedIn: (kind: ServedNames) => string): any {
  const kinds = byGroup.get(group)?.get(version)
  if (!kinds) return undefined
  const resources = kinds.flatMap(k => [
    {
      name: k.resource, singularName: k.singular, namespaced: k.namespaced, kind: k.kind, verbs: k.verbs,
      ...k.shortNames.length > 0 ? { shortNames: k.shortNames } : undefined, ...k.categories.length > 0 ? { categories: k.categories } : undefined,
      ...isStored(k) ? { storageVersionHash: storageVersionHash(k, storedIn(k)) } : undefined,
    },
    ...Object.entries(k.subresources).map(([name, s]) => ({
      name: `${k.resource}/${name}`, singularName: '', namespaced: k.namespaced,
      ...s.group !== k.group || s.version !== k.version ? { group: s.group, version: s.version } : undefined, kind: s.kind, verbs: s.verbs,
    })),
  ])
  return { kind: 'APIResourceList', ...group === '' ? undefined : { apiVersion: 'v1' }, groupVersion: groupVersion(group, version), resources }
}

function aggregatedList(byGroup: Groups, groups: readonly string[]): any {
  const items = groups.map(group => ({
    metadata: group === '' ? {} : { name: group },
    versions: [...byGroup.get(group)!].map(([version, kinds]) => ({ version, freshness: 'Current', resources: kinds.map(aggregatedResource) })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
}
function aggregatedResource(k: ServedNames): any {
  const subresources = Object.entries(k.subresources).map(([subresource, s]) =>
    ({ subresource, responseKind: { group: s.group, version: s.version, kind: s.kind }, verbs: s.verbs }))
  return {
    resource: k.resource, responseKind: { group: k.group, version: k.version, kind: k.kind }, scope: k.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: k.singular, verbs: k.verbs,
    ...k.shortNames.length > 0 ? { shortNames: k.shortNames } : undefined, ...k.categories.length > 0 ? { categories: k.categories } : undefined,
    ...subresources.length > 0 ? { subresources } : undefined,
  }
}

/**
 * Which version of a kind is stored, as a hash: whoever moves stored objects on goes by it.
 * Source: k8s.io/apiserver pkg/endpoints/discovery/storageversionhash.go
 */
function storageVersionHash({ group, kind }: ServedNames, version: string): string {
  const stored = storedAs[`${group}/${version}/${kind}`] ?? `${group}/${version}/${kind}`
  let hash = hashes.get(stored)
  if (hash === undefined) {
    const bytes = sha256(stored).slice(0, 16).match(/../g)!.map(byte => Number.parseInt(byte, 16))
    hashes.set(stored, hash = btoa(String.fromCharCode(...bytes)))
  }
  return hash
}
const hashes = new Map<string, string>()
const isStored = ({ verbs }: ServedNames): boolean => verbs.includes('list') && verbs.includes('create')
/** kinds whose objects are stored as another kind's, or in another version */
const storedAs: Readonly<Record<string, string>> = {
  'storage.k8s.io/v1/VolumeAttributesClass': 'storage.k8s.io/v1beta1/VolumeAttributesClass',
  'apiextensions.k8s.io/v1/CustomResourceDefinition': 'apiextensions.k8s.io/v1beta1/CustomResourceDefinition', 'events.k8s.io/v1/Event': '/v1/Event', 'autoscaling/v1/HorizontalPodAutoscaler': 'autoscaling/v2/HorizontalPodAutoscaler',
}
