import { stringify } from 'yaml'
import { indented, rawBody } from '../clients/kubectl/printers/raw-body.ts'
import type { ApiResponse, WatchEvent } from '../runtime-model/api/request.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import type { Asked } from './http-request.ts'
import { inProtobuf } from './openapi-protobuf.ts'

/** What goes back over the wire. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | Uint8Array
}
type Form = Pick<Asked, 'wanted' | 'pretty'>

/** Source: k8s.io/apiserver pkg/endpoints/handlers/responsewriters/writers.go, pkg/endpoints/filters (warning.go, cachecontrol.go) */
export function httpAnswer({ code, body, warnings }: ApiResponse, form: Form): HttpAnswer {
  const { openApi } = form.wanted
  if (openApi && body?.swagger) return { status: code, headers: { 'content-type': openApi.replace('@', '.') }, body: inProtobuf(body) }
  const isText = typeof body === 'string', after = body?.details?.retryAfterSeconds
  const headers = {
    'content-type': isText ? 'text/plain; charset=utf-8' : form.wanted.aggregated && body?.kind?.startsWith('APIGroupDiscovery') ? form.wanted.aggregated
      : form.wanted.yaml ? 'application/yaml' : 'application/json',
    'cache-control': 'no-cache, private', ...warnings?.length ? { warning: warnings.map(text => `299 - ${JSON.stringify(text)}`) } : {},
    ...after && (code === 429 || code === 503) ? { 'retry-after': String(after) } : {},
  }
  return { status: code, headers, body: isText ? body : body === undefined ? '' : written(body, form) }
}
function written(body: any, { wanted, pretty }: Form): string {
  const json = rawBody(registry, body)
  return wanted.yaml ? stringify(JSON.parse(json)) : pretty ? indented(json) : `${json}\n`
}

/** A line of a watch. Source: apimachinery pkg/apis/meta/v1 (WatchEvent) */
export const watchLine = ({ type, object }: WatchEvent): string => `{"type":${JSON.stringify(type)},"object":${rawBody(registry, object)}}\n`
