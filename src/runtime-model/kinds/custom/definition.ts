import type { KindDefinition, KindRegistry } from '../kind.ts'
import { storageName } from '../kind-from-data.ts'
import { byPartOfGroup } from '../registry.ts'
import { customKind } from './kind.ts'
import { preferred } from './versions.ts'

/** CustomResourceDefinitions as the model reads them: which kinds they add, once their names are accepted. */
export const definitionsResource = 'customresourcedefinitions.apiextensions.k8s.io'

export const conditionOf = (definition: any, type: string): any => definition.status?.conditions?.find((c: any) => c.type === type)
export const hasCondition = (definition: any, type: string): boolean => conditionOf(definition, type)?.status === 'True'

const made = new WeakMap<object, readonly KindDefinition[]>()
/** Kinds that a stored definition serves: none before it is established. The one that is stored comes by itself in `storageVersion`. */
export function kindsOf(definition: any): readonly KindDefinition[] {
  let kinds = made.get(definition)
  if (!kinds) {
    const versions: readonly any[] = hasCondition(definition, 'Established') ? definition.spec.versions.filter((v: any) => v.served) : []
    made.set(definition, kinds = [...versions].sort(preferred).map(v => customKind(definition, v)))
  }
  return kinds
}
export const storageVersion = (definition: any): any => definition.spec.versions.find((v: any) => v.storage)
export const customResourceOf = (definition: any): string => storageName(definition.spec.group, definition.spec.names.plural)

/** All kinds of the built-in registry and those of these definitions. */
export function withCustomKinds(builtIn: KindRegistry, kinds: readonly KindDefinition[]): KindRegistry {
  if (kinds.length === 0) return builtIn
  const words = new Map<string, KindDefinition>(), first = (word: string, kind: KindDefinition): void => { if (!words.has(word)) words.set(word, kind) }
  const full = (k: KindDefinition): readonly string[] => [k.resource, k.singular, k.kind.toLowerCase()]
  for (const forms of [full, (k: KindDefinition) => k.shortNames]) for (const kind of kinds) {
    for (const form of forms(kind)) for (const word of [form, `${form}.${kind.group}`]) first(word, kind)
    if (forms === full) for (const form of full(kind)) first(`${form}.${kind.version}.${kind.group}`, kind)
  }
  return {
    all: [...builtIn.all, ...kinds],
    byResource: resource => builtIn.byResource(resource) ?? kinds.find(k => storageName(k.group, k.resource) === resource),
    byGroupKind: (group, kind) => builtIn.byGroupKind(group, kind) ?? kinds.find(k => k.group === group && k.kind === kind),
    find: word => builtIn.find(word) ?? words.get(word.toLowerCase()) ?? byPartOfGroup(kinds, word.toLowerCase()),
  }
}
