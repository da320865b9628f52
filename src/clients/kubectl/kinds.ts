import { typeOf } from '../../runtime-model/api/merge-metadata.ts'
import { registry } from '../../runtime-model/kinds/index.ts'
import type { KindDefinition, KindRegistry } from '../../runtime-model/kinds/kind.ts'
import { failure } from './errors.ts'

/** The kind meant by `pods`, `po`, `Pod`, `deployments.apps`. Source: client-go restmapper (shortcut.go, discovery.go). */
export function kindOf(word: string, kinds: KindRegistry = registry): KindDefinition {
  const kind = kinds.find(word)
  if (!kind) throw failure(`the server doesn't have a resource type ${JSON.stringify(word.split('.', 1)[0])}`)
  return kind
}
export const findKind = (word: string, kinds: KindRegistry = registry): KindDefinition | undefined => kinds.find(word)
/** `pods,svc`, or a category: `all`; each kind once. Source: cli-runtime resource/builder.go (resourceMappings) */
export const kindsOf = (words: string, kinds: KindRegistry): KindDefinition[] =>
  [...new Set(words.split(',').flatMap(word => {
    const found = kinds.find(word) ? [] : inCategory(word, kinds)
    return found.length > 0 ? found : [kindOf(word, kinds)]
  }))]
const inCategory = (category: string, kinds: KindRegistry): KindDefinition[] =>
  kinds.all.filter((k, i, all) => k.modelled && k.categories.includes(category) && all.findIndex(o => o.group === k.group && o.resource === k.resource) === i)

export const kindOfObject = (object: any, kinds: KindRegistry): KindDefinition | undefined => {
  const { group, version } = groupVersion(String(object.apiVersion))
  const kind = kinds.byGroupKind(group, object.kind)
  if (kind && kind.version === version) return kind
  return kinds.all.find(k => k.group === group && k.version === version && k.kind === object.kind)
}
/** kubectl has a type of it: of built-in kinds, but for those of the API server itself. Source: client-go kubernetes/scheme/register.go */
export const hasTypeOf = ({ group, version, kind }: KindDefinition): boolean =>
  !['apiextensions.k8s.io', 'apiregistration.k8s.io'].includes(group) && typeOf(group, version, kind) !== undefined
export function groupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}
export const apiVersionOf = (kind: Pick<KindDefinition, 'group' | 'version'>): string => kind.group ? `${kind.group}/${kind.version}` : kind.version
/** `deployments.apps`, `pods` */
export const qualifiedResource = (kind: Pick<KindDefinition, 'group' | 'resource'>): string => kind.group ? `${kind.resource}.${kind.group}` : kind.resource
/** `deployment.apps`, `pod`: what stands in front of a name */
export const qualifiedSingular = (kind: Pick<KindDefinition, 'group' | 'kind'>): string =>
  kind.group ? `${kind.kind.toLowerCase()}.${kind.group}` : kind.kind.toLowerCase()
/** `deployment.apps/web` */
export const nameOf = (kind: Pick<KindDefinition, 'group' | 'kind'>, name: string): string => `${qualifiedSingular(kind)}/${name}`
