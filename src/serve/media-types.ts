import type { ApiRequest } from '../runtime-model/api/request.ts'
import { notAcceptable, unrouted, type Status } from '../runtime-model/api/status.ts'
import { openApiProtobuf } from './openapi-protobuf.ts'

/** In which form a client wants its answer. */
export interface Wanted {
  readonly as?: ApiRequest['as']
  readonly yaml?: boolean
  /** the same in the version before */
  readonly beta?: boolean
  /** discovery of all groups in one document: the media type it is told in */
  readonly aggregated?: string
  /** the OpenAPI v2 document in protobuf: its media type */
  readonly openApi?: string
}
const discovery = ['APIGroupDiscoveryList', 'APIGroupDiscovery']
/** what the server can write; protobuf and CBOR are not among it */
const written = new Set(['application/json', 'application/yaml', '*/*', 'application/json;stream=watch'])
/** what is no resource is written as it is, whatever somebody accepts */
const plain = new Set(['text/plain', 'text/html', 'application/*'])
const forms: readonly string[] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']

/**
 * The form that a client would have most that the server can write, or why there is none. Sources: k8s.io/apiserver
 * pkg/endpoints/handlers/negotiation/negotiate.go; github.com/munnerz/goautoneg; go-restful (Produces)
 */
export function wanted(accept: string | undefined, ofResource = true): Wanted | Status {
  if (accept === undefined || accept.trim() === '') return {}
  const clauses = accept.split(',').map(part => {
    const [type, ...words] = part.split(';').map(word => word.trim()), parameters = Object.fromEntries(words.map(word => word.split('=')))
    return { type: type.toLowerCase(), parameters, weight: Number(parameters['q'] ?? 1) }
  })
  for (const { type, parameters } of clauses.sort((a, b) => b.weight - a.weight)) {
    if (type === openApiProtobuf) return { openApi: type }
    if (!written.has(type) && (ofResource || !plain.has(type))) continue
    const { as, g: group, v: version } = parameters, yaml = type === 'application/yaml' ? { yaml: true } : {}
    if (as === undefined) return yaml
    if (discovery.includes(as) && version === 'v2') return { ...yaml, aggregated: `application/json;g=apidiscovery.k8s.io;v=v2;as=${as}` }
    if (group !== 'meta.k8s.io' || !forms.includes(as) || version !== 'v1' && version !== 'v1beta1') continue
    return { ...yaml, as: as as ApiRequest['as'], ...version === 'v1beta1' ? { beta: true } : {} }
  }
  const known = clauses.some(({ type }) => written.has(type) || type.startsWith('application/vnd.kubernetes.protobuf'))
  if (known) return notAcceptable('only the following media types are accepted: application/json, application/yaml')
  return unrouted(406, 'NotAcceptable', 'Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf')
}
