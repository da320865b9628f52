import { suggest } from '../../base/suggest.ts'
import type { Driver } from '../../drivers/driver.ts'
import { registry, storageName } from '../../runtime-model/kinds/index.ts'
import { CannotRun, NotModelled } from '../errors.ts'

/** A kind as assertions need it: how its objects are stored and what kubectl says of them. */
export interface ServedKind {
  readonly group: string
  readonly kind: string
  /** storage name: `pods`, `deployments.apps` */
  readonly resource: string
  /** what kubectl prints in front of a name: `pod`, `deployment.apps` */
  readonly singular: string
  readonly namespaced: boolean
  readonly statusWord?: (object: any, nowMs: number) => string
}

const served = new Map<string, ServedKind>()

/** The kind that a word of a sentence means: built in, or of a custom resource that the cluster serves. */
export function kindOf(word: string, driver: Driver): ServedKind {
  const known = served.get(word)
  if (known) return known
  const definition = registry.find(word) ?? registry.find(word.toLowerCase())
  if (!definition) return customKind(word, driver) ?? unknown(word)
  if (!definition.modelled) throw new NotModelled(definition.kind)
  const { group, kind, namespaced, singular, statusWord } = definition
  const found = {
    group, kind, namespaced, singular, statusWord: statusWord && ((object: any, nowMs: number) => statusWord.call(definition, object, nowMs)),
    resource: storageName(group, definition.resource),
  }
  served.set(word, found)
  return found
}

/** The kind of a custom resource that a word means; undefined of those that are built in, and where no such kind is served. */
export function customKind(word: string, driver: Driver): ServedKind | undefined {
  if (registry.find(word) ?? registry.find(word.toLowerCase())) return undefined
  const lower = word.toLowerCase(), [bare, ...rest] = lower.split('.')
  for (const crd of driver.storedList('customresourcedefinitions.apiextensions.k8s.io')) {
    const { group, scope, names } = crd.spec
    const words = [names.plural, names.singular, names.kind?.toLowerCase(), ...(names.shortNames ?? [])]
    if ((words.includes(lower)) || (words.includes(bare) && rest.join('.') === group))
      return {
        group, kind: names.kind, namespaced: scope !== 'Cluster', singular: names.singular ?? names.kind.toLowerCase(),
        resource: storageName(group, names.plural),
      }
  }
  return undefined
}

function unknown(word: string): never {
  const near = suggest(word, registry.all.flatMap(k => [k.kind, k.resource, ...k.shortNames]))
  throw new CannotRun(`the cluster serves no kind ${word}${near.length ? `; did you mean ${near.join(' or ')}?` : ''}`)
}
