import { indented, rawBody, watchLineOf } from '../clients/kubectl/printers/raw-body.ts'
import { toYaml } from '../clients/kubectl/printers/yaml.ts'
import type { ApiResponse, WatchEvent } from '../runtime-model/api/request.ts'
import { noSuchResource } from '../runtime-model/api/status.ts'
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
export function httpAnswer({ code, body: given, warnings }: ApiResponse, form: Form): HttpAnswer {
  const body = form.wanted.beta && given?.apiVersion === 'meta.k8s.io/v1' ? { ...given, apiVersion: 'meta.k8s.io/v1beta1' } : asSaid(given)
  const { openApi } = form.wanted
  if (openApi && body?.swagger) return { status: code, headers: { 'content-type': openApi.replace('@', '.') }, body: inProtobuf(body) }
  const isText = typeof body === 'string', after = body?.details?.retryAfterSeconds
  const headers = {
    'content-type': isText ? 'text/plain; charset=utf-8' : form.wanted.aggregated && body?.kind?.startsWith('APIGroupDiscovery') ? form.wanted.aggregated
      : form.wanted.yaml ? 'application/yaml' : 'application/json',
    'cache-control': 'no-cache, private', ...warnings?.length ? { warning: warnings.map(text => `299 - ${JSON.stringify(text)}`) } : {},
    ...after ? { 'retry-after': String(after) } : {},
  }
  return { status: code, headers, body: isText ? body : body === undefined ? '' : written(body, form) }
}
/** Of a resource that nobody has heard of clients know the name by themselves: a server says that it is not there, below a group of its own in a Status. */
function asSaid(body: any): any {
  if (body?.code !== 404 || body.message !== noSuchResource({ group: '', resource: '' }).message || !body.details?.kind) return body
  return registry.all.some(({ group }) => group === (body.details.group ?? '')) ? { ...body, details: {} } : '404 page not found\n'
}
function written(body: any, { wanted, pretty }: Form): string {
  const json = rawBody(registry, body)
  return wanted.yaml ? toYaml(JSON.parse(json)) : pretty ? indented(json) : `${json}\n`
}

export const watchLine = (event: WatchEvent): string => watchLineOf(registry, event)
