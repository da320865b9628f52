import type { ApiRequest, ApiResponse, WatchEvent } from '../api/request.ts'
import { isStatus, notAcceptable, rawError } from '../api/status.ts'
import type { KindDefinition } from '../kinds/index.ts'
import { packageOf } from './documents.ts'
import { scaleTable, tableOf, wrongTable } from './table.ts'

/**
 * What a client is told in place of an object or a list: rows of a Table, or metadata alone. A write is done by then, whether or not its answer can be told so.
 * Source: k8s.io/apiserver pkg/endpoints/handlers/response.go (doTransformObject, transformResponseObject).
 */
export function represented(kind: KindDefinition | undefined, request: ApiRequest, response: ApiResponse, nowMs: number): ApiResponse {
  const { body, code } = response
  if (code >= 300 || kind === undefined || typeof body !== 'object' || body === null || isStatus(body)) return response
  const shown = told(kind, request, body, nowMs)
  return isStatus(shown) ? { code: shown.code, body: shown } : { ...response, body: shown }
}
function told(kind: KindDefinition, request: ApiRequest, body: any, nowMs: number): any {
  const { as } = request, isList = Array.isArray(body.items)
  if (as === 'Table') {
    const isScale = body.kind === 'Scale' && kind.kind !== 'Scale'
    // answers of reviews are of a kind that nobody prints
    if (!isScale && !kind.verbs.includes('get')) return notAcceptable(`only the following media types are accepted: ${mediaTypes}`)
    const wrong = wrongTable(request)
    if (wrong) return wrong
    return isScale ? scaleTable(body, nowMs, request) : tableOf(kind, isList ? body.items : [body], placeOf(body, isList), nowMs, request)
  }
  if (isList === (as === 'PartialObjectMetadataList')) {
    return isList ? { kind: as, apiVersion, metadata: body.metadata, items: body.items.map(partial) } : partial(body)
  }
  if (kind.schema && !isList) return rawError('content is not a list')
  return notAcceptable(`you requested ${as}, but the requested object is ${isList ? 'a list' : 'not a list'} (${goType(kind, body)})`)
}
const apiVersion = 'meta.k8s.io/v1', mediaTypes = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
const partial = ({ metadata }: any): any => ({ kind: 'PartialObjectMetadata', apiVersion, metadata })
const goType = ({ group, schema }: KindDefinition, { kind, items }: any): string =>
  schema ? `*unstructured.Unstructured${items ? 'List' : ''}` : `*${kind === 'Scale' ? 'autoscaling' : packageOf(group)}.${kind}`
function placeOf({ metadata }: any, isList: boolean): any {
  return isList ? metadata : metadata.resourceVersion ? { resourceVersion: metadata.resourceVersion } : {}
}

/** The same of the events of a watch; only the first Table of a stream has its columns. Undefined: nothing can be told, and the stream ends. */
export function eventsAs(
  kind: KindDefinition, asked: Pick<ApiRequest, 'as' | 'query'>, events: readonly WatchEvent[], isFirst: boolean, nowMs: number
): readonly WatchEvent[] | undefined {
  if (asked.as === 'PartialObjectMetadataList') return undefined
  return events.map((event, i) => {
    if (event.type === 'ERROR') return event
    if (asked.as !== 'Table') return { type: event.type, object: partial(event.object) }
    const table = tableOf(kind, [event.object], { resourceVersion: event.object.metadata.resourceVersion }, nowMs, asked as ApiRequest)
    return { type: event.type, object: isFirst && i === 0 ? table : { ...table, columnDefinitions: null } }
  })
}
