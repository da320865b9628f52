import { parse } from 'yaml'
import type { ApiRequest, Credentials, Impersonation, PatchType, Verb } from '../runtime-model/api/request.ts'
import { jsonSyntaxError } from '../runtime-model/api/json-syntax.ts'
import { askedInQuery, asWatched, deletionOf, isTrue, readOnlyPath, resourceOfPath, wrongInQuery, type Named } from '../runtime-model/api/paths.ts'
import { badRequest, isStatus, methodNotAllowed, notAcceptable, unrecognized, unrouted, unsupportedMediaType, type Status } from '../runtime-model/api/status.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import { yamlMistake } from '../clients/kubectl/yaml/parser.ts'
import { wanted, type Wanted } from './media-types.ts'
import { fromProtobuf } from './protobuf.ts'

/** A request as it comes over the wire. `headers` by their names in lower case. */
export interface HttpRequest {
  readonly method: string
  /** path and query */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}
/** What it asks of an API server, and how its answer is to look. `forMs`: of a watch, how long it lasts at most. */
export interface Asked { readonly request: ApiRequest; readonly wanted: Wanted; readonly pretty: boolean; readonly forMs?: number }

const patchTypes: readonly PatchType[] = [
  'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml',
]
/** Source: k8s.io/apiserver pkg/endpoints/handlers/responsewriters (WriteRawJSON) */
const alwaysPretty = /^\/(index\.html|version\/?)?$/
const PROTOBUF = 'application/vnd.kubernetes.protobuf', bodies = ['application/json', 'application/yaml', PROTOBUF]

/**
 * The request that an HTTP request is, or why it is none. Who brings no token is the administrator: nobody but those on this machine can ask.
 * Sources: k8s.io/apiserver pkg/endpoints/request/requestinfo.go, pkg/endpoints/handlers; apimachinery pkg/apis/meta/v1 (ListOptions, CreateOptions, …)
 */
export function asked(http: HttpRequest, administrator: Credentials): Asked | Status {
  const url = new URL(http.url, 'http://server'), query = Object.fromEntries(url.searchParams)
  const found = resourceOfPath(decodeURI(url.pathname)), form = wanted(one(http.headers['accept']), found !== undefined)
  if (isStatus(form)) return form
  const nobody = withoutUser(http)
  if (nobody) return nobody
  const who = { credentials: credentialsOf(http, administrator), userAgent: agentOf(http), ...http.headers['upgrade'] === undefined ? {} : { upgrade: true } }
  const pretty = /^(1|t|true)$/i.test(query['pretty'] ?? '')
  if (!found) {
    if (http.method !== 'GET' && readOnlyPath.test(url.pathname)) return methodNotAllowed()
    const asQuery = form.aggregated && /^\/apis?\/?$/.test(url.pathname) ? { ...query, aggregated: 'true' } : query
    const request: ApiRequest = { verb: 'get', group: '', version: 'v1', resource: '', path: url.pathname, query: asQuery, ...who }
    return { request, wanted: form, pretty: pretty || alwaysPretty.test(url.pathname) }
  }
  const named = asWatched(found), verb = found.watches && http.method === 'GET' ? 'watch' : verbOf(http.method, named.name, query)
  if (!verb || verb === 'patch' && named.name === undefined) return methodNotAllowed()
  if (verb === 'watch' && form.yaml) return notAcceptable(`only the following media types are accepted: ${['application/json', PROTOBUF].map(type => `${type};stream=watch`).join(', ')}`)
  const wrong = named.subresource === undefined || named.subresource === 'log' ? wrongInQuery(query, verb) : undefined
  if (wrong !== undefined) return badRequest(wrong)
  const body = verb === 'get' || verb === 'list' || verb === 'watch' || isHandedOn(found) ? {} : bodyOf(http, verb, query, kindOf(found))
  if ('kind' in body && body.kind === 'Status') return body as Status
  const request: ApiRequest = { ...named, verb, query, ...askedInQuery(query, verb), ...body as Partial<ApiRequest>, ...form.as ? { as: form.as } : {}, ...who }
  return { request, wanted: form, pretty, ...query['timeoutSeconds'] ? { forMs: Number(query['timeoutSeconds']) * 1000 } : {} }
}

/** Of a session with a pod, all that is asked stands in the query. */
export const isSession = ({ resource, subresource = '' }: Named): boolean => resource === 'pods' && ['exec', 'attach', 'portforward'].includes(subresource)

/** Where a request only passes through: what it holds is not the API server's to read. */
export const isHandedOn = (named: Named): boolean => isSession(named) || named.subresource === 'proxy'

const one = (header: string | readonly string[] | undefined): string | undefined => typeof header === 'string' ? header : header?.[0]
const all = (header: string | readonly string[] | undefined): readonly string[] => header === undefined ? [] : typeof header === 'string' ? [header] : header
/** `kubectl/v1.35.4 (linux/amd64) …` is kubectl */
const agentOf = ({ headers }: HttpRequest): string => (one(headers['user-agent']) ?? 'unknown').split('/', 1)[0] || 'unknown'

function verbOf(method: string, name: string | undefined, query: Readonly<Record<string, string>>): Verb | undefined {
  switch (method) {
    case 'GET': return name !== undefined ? 'get' : isTrue(query['watch']) ? 'watch' : 'list'
    case 'POST': return 'create'
    case 'PUT': return 'update'
    case 'PATCH': return 'patch'
    case 'DELETE': return name === undefined ? 'deletecollection' : 'delete'
  }
  return undefined
}

/**
 * Groups, a uid and the like are asked for only with whom they belong to. Source: k8s.io/apiserver pkg/endpoints/filters/impersonation.go
 * (buildImpersonationRequests)
 */
function withoutUser({ headers }: HttpRequest): Status | undefined {
  if (one(headers['impersonate-user']) !== undefined) return undefined
  const extras = Object.entries(headers).filter(([name]) => name.startsWith('impersonate-extra-')).flatMap(([name, value]) =>
    all(value).map(text => `{UserExtra  ${text}  authentication.k8s.io/v1  ${name.slice(18)}}`))
  const asked = [
    ...all(headers['impersonate-group']).map(group => `{Group  ${group}    }`), ...extras,
    ...all(headers['impersonate-uid']).map(uid => `{UID  ${uid}  authentication.k8s.io/v1  }`),
  ]
  return asked.length > 0 ? badRequest(`requested [${asked.join(' ')}] without impersonating a user`) : undefined
}
function credentialsOf({ headers }: HttpRequest, administrator: Credentials): Credentials {
  const token = /^Bearer (.+)$/i.exec(one(headers['authorization']) ?? '')?.[1], own = token === undefined ? administrator : { user: '', groups: [], token }
  const user = one(headers['impersonate-user'])
  if (user === undefined) return own
  const extra = Object.entries(headers).flatMap(([name, value]) => name.startsWith('impersonate-extra-') ? [[name.slice(18), all(value)] as const] : [])
  const uid = one(headers['impersonate-uid'])
  const impersonate: Impersonation = {
    user, groups: all(headers['impersonate-group']).flatMap(groups => groups.split(', ')), ...uid ? { uid } : {},
    ...extra.length ? { extra: Object.fromEntries(extra) } : {},
  }
  return { ...own, impersonate }
}

const unreadablePatch: Readonly<Partial<Record<PatchType, string>>> = {
  'application/json-patch+json': 'error decoding patch: ', 'application/merge-patch+json': 'error decoding patch: ',
  'application/apply-patch+yaml': 'error decoding YAML: ',
}
const kindOf = ({ group, version, resource }: Named): string =>
  registry.all.find(kind => kind.group === group && kind.version === version && kind.resource === resource)?.kind ?? 'a known type'
/** The body, as data; what a DELETE says of itself may stand in the query. */
function bodyOf({ headers, body }: HttpRequest, verb: Verb, query: Readonly<Record<string, string>>, kind: string): Partial<ApiRequest> | Status {
  const type = (one(headers['content-type']) ?? 'application/json').split(';', 1)[0].trim().toLowerCase()
  if (verb === 'patch') {
    const patchType = patchTypes.find(known => known === type)
    if (!patchType) return unrouted(415, 'UnsupportedMediaType', 'Unsupported Media Type')
    const patch = data(body, patchType === 'application/apply-patch+yaml' ? 'yaml' : 'json')
    if (typeof patch === 'string') return badRequest(`${unreadablePatch[patchType] ?? ''}${patch}`)
    // a text stands for JSON as it was sent
    return { patchType, body: typeof patch.value === 'string' ? JSON.stringify(patch.value) : patch.value }
  }
  const deletes = verb === 'delete' || verb === 'deletecollection'
  if (body.length === 0 && deletes) return deletionOf({}, query)
  if (!bodies.includes(type)) return unsupportedMediaType(bodies)
  const read = data(body, type === PROTOBUF ? 'protobuf' : type === 'application/yaml' ? 'yaml' : 'json')
  const json = type === 'application/json' && typeof read === 'string' ? `couldn't get version/kind; json parse error: ${read}` : undefined
  if (typeof read === 'string') return badRequest(deletes ? json ?? read : unrecognized(kind, new TextDecoder().decode(body), json ?? read.replace('error converting YAML to JSON: ', '')))
  const odd = deletes && read.value?.kind !== undefined && read.value.kind !== 'DeleteOptions'
  if (odd) return badRequest(`no kind ${JSON.stringify(read.value.kind)} is registered for version ${JSON.stringify(read.value.apiVersion ?? 'meta.k8s.io/v1')} in scheme "pkg/runtime/scheme.go:111"`)
  return deletes ? deletionOf(read.value ?? {}, query) : { body: read.value }
}
/** What the bytes say; a text says why they say nothing. */
function data(bytes: Uint8Array, form: 'json' | 'yaml' | 'protobuf'): { readonly value: any } | string {
  try {
    if (form === 'protobuf') {
      const value = fromProtobuf(bytes)
      return value === undefined ? 'no object in protobuf of a kind that is known here' : { value }
    }
    const text = new TextDecoder().decode(bytes)
    const mistake = form === 'yaml' ? yamlMistake(text) : undefined
    if (mistake !== undefined) return `error converting YAML to JSON: yaml: ${mistake}`
    if (form === 'yaml') return { value: parse(text) }
    return jsonSyntaxError(text) ?? { value: JSON.parse(text) }
  } catch (error) { return `${form === 'yaml' ? 'error converting YAML to JSON: ' : ''}${(error as Error).message.split('\n', 1)[0]}` }
}
