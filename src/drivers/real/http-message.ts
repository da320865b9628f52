import { ofText } from '../../runtime-model/api/status.ts'
import { CannotHere } from '../driver.ts'
import { ANONYMOUS } from '../../runtime-model/api/request.ts'
import type { ApiRequest, ApiResponse, Credentials } from '../../runtime-model/api/request.ts'

/** A request as it goes over the wire. `as`: with which credentials, the kubeconfig's, none, or a bearer token. */
export interface HttpMessage {
  readonly method: string
  /** path and query */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
  readonly as: 'kubeconfig' | 'nobody' | { readonly token: string }
}

const methods = { get: 'GET', list: 'GET', watch: 'GET', create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE' } as const
const tables = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const groups = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

/**
 * What a client would send. `own`: whom the kubeconfig stands for; anybody else is impersonated. Sources: k8s.io/client-go rest/request.go,
 * k8s.io/client-go/transport (ImpersonateUserHeader), apimachinery pkg/apis/meta/v1 (ListOptions, CreateOptions, UpdateOptions, PatchOptions)
 */
export function messageOf(request: ApiRequest, own: (credentials: Credentials) => boolean): HttpMessage {
  const query = queryOf(request), body = bodyOf(request), { headers: whom, as } = identity(request.credentials, own)
  return {
    method: methods[request.verb], url: `${request.path ?? pathOf(request)}${query === '' ? '' : `?${query}`}`, as, ...body === undefined ? {} : { body },
    headers: {
      accept: acceptOf(request), 'user-agent': `${request.userAgent} kscenario`, 
      ...body === undefined ? {} : { 'content-type': request.patchType ?? 'application/json', 'content-length': String(Buffer.byteLength(body)) },
      ...whom,
    },
  }
}

export function pathOf({ group, version, resource, subresource, namespace, name, verb, body }: ApiRequest): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const of = name ?? (subresource && verb === 'create' ? body?.metadata?.name : undefined)
  return [root, ...namespace ? ['namespaces', namespace] : [], resource, ...of ? [of] : [], ...subresource ? [subresource] : []]
    .map((part, i) => i === 0 ? part : encodeURIComponent(part)).join('/')
}

function queryOf(request: ApiRequest): string {
  const { aggregated: _, ...asked } = request.query ?? {}, deletes = request.verb === 'delete' || request.verb === 'deletecollection'
  const said: Record<string, string | number | boolean | undefined> = {
    labelSelector: request.labelSelector, fieldSelector: request.fieldSelector, resourceVersion: request.resourceVersion,
    resourceVersionMatch: request.resourceVersionMatch, limit: request.limit, continue: request.continue, fieldManager: request.fieldManager,
    fieldValidation: request.fieldValidation, force: request.force, dryRun: request.dryRun && !deletes ? 'All' : undefined,
    watch: request.verb === 'watch' ? true : undefined, sendInitialEvents: request.sendInitialEvents, allowWatchBookmarks: request.allowWatchBookmarks,
  }
  const words = Object.entries(said).flatMap(([name, value]): [string, string][] => value === undefined || value === '' ? [] : [[name, String(value)]])
  return new URLSearchParams({ ...asked, ...Object.fromEntries(words) }).toString()
}

function bodyOf({ verb, body, dryRun }: ApiRequest): string | undefined {
  if (verb === 'get' || verb === 'list' || verb === 'watch') return undefined
  if (verb !== 'delete' && verb !== 'deletecollection') return typeof body === 'string' ? body : JSON.stringify(body)
  return JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', ...body, ...dryRun ? { dryRun: ['All'] } : {} })
}

function acceptOf({ as, path, query }: ApiRequest): string {
  if (as) return as === 'Table' ? tables : `application/json;as=${as};v=v1;g=meta.k8s.io,application/json`
  if (path === undefined) return 'application/json'
  return query?.['aggregated'] ? groups : 'application/json, */*'
}

function identity(credentials: Credentials, own: (credentials: Credentials) => boolean): Pick<HttpMessage, 'headers' | 'as'> {
  if (credentials.impersonate && credentials.token === undefined && !own(credentials)) {
    throw new CannotHere(`user ${credentials.user} is impersonated already, and cannot ask as ${credentials.impersonate.user}`)
  }
  if (credentials.token !== undefined) return { headers: impersonation(credentials.impersonate), as: { token: credentials.token } }
  if (credentials.user === ANONYMOUS.user) return { headers: {}, as: 'nobody' }
  return { headers: impersonation(credentials.impersonate ?? (own(credentials) ? undefined : credentials)), as: 'kubeconfig' }
}
function impersonation(who: Credentials['impersonate'] | undefined): HttpMessage['headers'] {
  if (!who) return {}
  const extra = Object.entries(who.extra ?? {}).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values])
  return {
    'impersonate-user': who.user, ...who.groups.length ? { 'impersonate-group': who.groups } : {}, ...who.uid ? { 'impersonate-uid': who.uid } : {},
    ...Object.fromEntries(extra),
  }
}

/** The texts of `Warning: 299 - "…"` headers. Source: apimachinery pkg/util/net/http.go (ParseWarningHeaders) */
export function warningsOf(header: string | undefined): readonly string[] {
  return [...(header ?? '').matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replace(/\\(.)/g, '$1'))
}

/** What came back, as data where it is JSON. `isText`: of a path that answers with text. */
export function answerOf(
  code: number, headers: Readonly<Record<string, string | readonly string[] | undefined>>, text: string, isText: boolean
): ApiResponse {
  const warnings = warningsOf([headers['warning'] ?? []].flat().join(', ')), isJson = String(headers['content-type'] ?? '').startsWith('application/json')
  const body = isJson && text !== '' ? parsed(text) : code >= 400 && !isText ? ofText(code, text) : text
  return { code, body, ...warnings.length ? { warnings } : {} }
}
const parsed = (text: string): any => { try { return JSON.parse(text) } catch { return text } }
