import type { ApiRequest } from '../api/request.ts'
import { registry, storageName, type KindDefinition } from '../kinds/index.ts'

/** What a request is about, looked up once per version of a resource. */
export interface Target {
  readonly kind: KindDefinition
  /** where its objects are stored: `pods`, `events` for events.k8s.io Events too */
  readonly resource: string
}

const targets = new Map<string, Target>()

/** undefined: no such group, version or resource is served */
export const targetOf = (request: ApiRequest): Target | undefined => targets.get(`${request.group}/${request.version}/${request.resource}`)

/** The kind whose rules hold for stored objects of a resource. */
export const storedKind = (resource: string): KindDefinition => registry.byResource(resource)!

/** Every resource that etcd holds. */
const stored: string[] = []
export const storedResources: readonly string[] = stored

registry.each(kind => {
  const resource = kind.storedAs?.resource ?? storageName(kind.group, kind.resource)
  targets.set(`${kind.group}/${kind.version}/${kind.resource}`, { kind, resource })
  if (kind.verbs.includes('list') && kind.resource !== 'componentstatuses' && !stored.includes(resource)) stored.push(resource)
})

/** `create pod catalog`, `list pods`, `create pod/binding catalog`: a request as journeys name it. */
export function nameRequest(request: ApiRequest, target: Target | undefined): string {
  if (request.path !== undefined) return `get ${request.path}`
  const plural = request.verb === 'list' || request.verb === 'watch' || request.verb === 'deletecollection'
  const word = plural ? request.resource : target?.kind.kind.toLowerCase() ?? request.resource
  const name = plural ? '' : request.name ?? request.body?.metadata?.name ?? request.body?.metadata?.generateName ?? ''
  return `${request.verb} ${word}${request.subresource ? `/${request.subresource}` : ''}${name ? ` ${name}` : ''}`
}
/** by `group/version/resource` */
export const kindNamed = (served: string): KindDefinition => targets.get(served)!.kind
