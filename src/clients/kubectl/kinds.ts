import { registry } from '../../runtime-model/kinds/index.ts'
import type { KindDefinition } from '../../runtime-model/kinds/kind.ts'
import { failure } from './errors.ts'

/** The kind meant by `pods`, `po`, `Pod`, `deployments.apps`. Source: client-go restmapper (shortcut.go, discovery.go). */
export function kindOf(word: string): KindDefinition {
  const kind = registry.find(word)
  if (!kind) throw failure(`the server doesn't have a resource type ${JSON.stringify(word)}`)
  return kind
}
export const findKind = (word: string): KindDefinition | undefined => registry.find(word)
/** `pods,svc`, or the category `all` */
export const kindsOf = (words: string): KindDefinition[] => words.split(',').flatMap(word => word === 'all' ? inCategory('all') : [kindOf(word)])
const inCategory = (category: string): KindDefinition[] => registry.all.filter(k => k.modelled && k.categories.includes(category))
export const allKinds = (): readonly KindDefinition[] => registry.all

export const kindOfObject = (object: any): KindDefinition | undefined => {
  const { group, version } = groupVersion(String(object.apiVersion))
  const kind = registry.byGroupKind(group, object.kind)
  if (kind && kind.version === version) return kind
  return registry.all.find(k => k.group === group && k.version === version && k.kind === object.kind)
}
export function groupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}
export const apiVersionOf = (kind: Pick<KindDefinition, 'group' | 'version'>): string => kind.group ? `${kind.group}/${kind.version}` : kind.version
/** `deployments.apps`, `pods` */
export const qualifiedResource = (kind: Pick<KindDefinition, 'group' | 'resource'>): string => kind.group ? `${kind.resource}.${kind.group}` : kind.resource
/** `deployment.apps`, `pod`: what stands in front of a name */
export const qualifiedSingular = (kind: Pick<KindDefinition, 'group' | 'kind'>): string => kind.group ? `${kind.kind.toLowerCase()}.${kind.group}` : kind.kind.toLowerCase()
/** `deployment.apps/web` */
export const nameOf = (kind: Pick<KindDefinition, 'group' | 'kind'>, name: string): string => `${qualifiedSingular(kind)}/${name}`
