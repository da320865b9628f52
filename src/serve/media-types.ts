import type { ApiRequest } from '../runtime-model/api/request.ts'
import { openApiProtobuf } from './openapi-protobuf.ts'

/** In which form a client wants its answer. */
export interface Wanted {
  readonly as?: ApiRequest['as']
  readonly yaml?: boolean
  /** discovery of all groups in one document: the media type it is told in */
  readonly aggregated?: string
  /** the OpenAPI v2 document in protobuf: its media type */
  readonly openApi?: string
}
const discovery = ['APIGroupDiscoveryList', 'APIGroupDiscovery']
/** what the server can write; protobuf and CBOR are not among it */
const written = new Set(['application/json', 'application/yaml', 'application/*', '*/*', 'application/json;stream=watch', 'text/plain', 'text/html'])

/**
 * The first of the forms a client accepts that the server can write; undefined: none. Clients of Kubernetes list them in the order of their wishes.
 * Source: k8s.io/apiserver pkg/endpoints/handlers/negotiation/negotiate.go
 */
export function wanted(accept: string | undefined): Wanted | undefined {
  if (accept === undefined || accept.trim() === '') return {}
  for (const part of accept.split(',')) {
    const [type, ...words] = part.split(';').map(word => word.trim()), parameters = Object.fromEntries(words.map(word => word.split('=')))
    if (type === openApiProtobuf) return { openApi: type }
    if (!written.has(type.toLowerCase())) continue
    const { as } = parameters, yaml = type === 'application/yaml' ? { yaml: true } : {}
    if (as === undefined) return yaml
    const { g: group, v: version } = parameters
    if (discovery.includes(as) && version === 'v2') return { ...yaml, aggregated: `application/json;g=apidiscovery.k8s.io;v=v2;as=${as}` }
    if (group === 'meta.k8s.io' && version === 'v1') return { ...yaml, as: as as ApiRequest['as'] }
  }
  return undefined
}
