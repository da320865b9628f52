import resources from './data/resources.json' with { type: 'json' }
import type { KindDefinition, KindRegistry } from './kind.ts'
import { kindFromData, storageName, type KindRules, type ResourceData } from './kind-from-data.ts'

/** The registry of the process: built once, and open for the kinds of a config. */
export interface OpenRegistry extends KindRegistry {
  /** Visits every kind, and each that is added later: what is looked up by kind is kept in tables of its own. */
  each(visit: (kind: KindDefinition) => void): void
  /** Adds a kind of one's own; added again (another config of the same process), the new one takes its place. */
  add(kind: KindDefinition): void
}

/** All kinds that a plain API server serves, in the order of its discovery, with the rules of those that have a file of their own. */
export function makeRegistry(rules: readonly KindRules[]): OpenRegistry {
  const ruled = new Map(rules.map(r => [r.version ? `${r.resource} ${r.version}` : r.resource, r]))
  const rulesOf = (resource: string, version: string): KindRules | undefined => ruled.get(`${resource} ${version}`) ?? ruled.get(resource)
  const all = (resources as unknown as readonly ResourceData[]).map(data => kindFromData(data, rulesOf(storageName(data.group, data.resource), data.version)))
  // Two versions of one resource (HorizontalPodAutoscaler): the first one listed is the preferred one.
  const byResource = new Map<string, KindDefinition>(), byGroupKind = new Map<string, KindDefinition>(), words = new Map<string, KindDefinition>()
  const first = (map: Map<string, KindDefinition>, key: string, kind: KindDefinition): void => { if (!map.has(key)) map.set(key, kind) }
  for (const kind of all) {
    first(byResource, storageName(kind.group, kind.resource), kind)
    first(byGroupKind, `${kind.group}/${kind.kind}`, kind)
  }
  for (const forms of [resourceForms, shortForms]) for (const kind of all) for (const form of forms(kind)) {
    first(words, form, kind)
    first(words, `${form}.${kind.group}`, kind)
    // a short name that is told with its group stands for the preferred version, whatever version is told
    first(words, `${form}.${kind.version}.${kind.group}`, forms === shortForms ? byResource.get(storageName(kind.group, kind.resource))! : kind)
  }
  const visitors: ((kind: KindDefinition) => void)[] = []
  return {
    all,
    each(visit) { visitors.push(visit); all.forEach(visit) },
    add(kind) {
      const before = all.findIndex(k => k.group === kind.group && k.version === kind.version && k.resource === kind.resource)
      if (before < 0) all.push(kind); else all[before] = kind
      byResource.set(storageName(kind.group, kind.resource), kind)
      byGroupKind.set(`${kind.group}/${kind.kind}`, kind)
      for (const form of [...resourceForms(kind), ...shortForms(kind)]) {
        for (const word of [form, `${form}.${kind.group}`]) if (!words.has(word) || words.get(word)!.group === kind.group) words.set(word, kind)
      }
      visitors.forEach(visit => visit(kind))
    },
    byResource: resource => byResource.get(resource),
    byGroupKind: (group, kind) => byGroupKind.get(`${group}/${kind}`),
    find: word => words.get(word.toLowerCase()) ?? byPartOfGroup(all, word.toLowerCase()),
  }
}
/**
 * `deploy.app`: the beginning of a group is enough, and a short name takes a version besides (`hpa.v1.auto`). Source: client-go restmapper/shortcut.go
 * (expandResourceShortcut), apimachinery pkg/api/meta/restmapper.go (ResourcesFor)
 */
export function byPartOfGroup(all: readonly KindDefinition[], word: string): KindDefinition | undefined {
  const [name, ...rest] = word.split('.'), begins = rest.join('.'), [version, ...parts] = rest, after = parts.join('.')
  if (begins === '') return undefined
  const isShort = (kind: KindDefinition): boolean => shortForms(kind).includes(name)
  const found = all.find(k => k.group.startsWith(begins) && (isShort(k) || resourceForms(k).includes(name)))
  if (found || after === '') return found
  return all.find(k => k.group === after && isShort(k)) ?? all.find(k => k.version === version && k.group.startsWith(after) && isShort(k))
}
// Full names win over short names of other kinds, as in kubectl.
const resourceForms = (kind: KindDefinition): readonly string[] => [kind.resource, kind.singular, kind.kind.toLowerCase()]
const shortForms = (kind: KindDefinition): readonly string[] => kind.shortNames
