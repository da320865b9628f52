/**
 * What the API server answers when it does not answer with an object. Source: k8s.io/apimachinery pkg/api/errors (errors.go) and
 * pkg/apis/meta/v1/types.go; codes and words as a 1.35.4 API server sends them.
 */
export interface StatusCause { readonly reason?: string; readonly message?: string; readonly field?: string }
export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly StatusCause[]
  readonly retryAfterSeconds?: number
}
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: { readonly continue?: string }
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: StatusDetails
  readonly code: number
}
/** `FieldError` of kinds/kind.ts */
export interface FieldProblem { readonly type: string; readonly field: string; readonly body: string }
/** of what a request was: '' is the core group */
export interface GroupResource { readonly group: string; readonly resource: string }

export const isStatus = (body: any): body is Status => body?.kind === 'Status' && body.apiVersion === 'v1'
/** `pods`, `deployments.apps` */
export const qualified = ({ group, resource }: GroupResource): string => group === '' ? resource : `${resource}.${group}`

const failure = (code: number, reason: string | undefined, message: string, details?: StatusDetails): Status =>
  ({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...reason ? { reason } : undefined, ...details ? { details } : undefined, code,
  })
const detailsOf = (of: GroupResource, name: string | undefined, more?: StatusDetails): StatusDetails =>
  ({ ...name ? { name } : undefined, ...of.group ? { group: of.group } : undefined, ...of.resource ? { kind: of.resource } : undefined, ...more })

/** answer of a DELETE that does not return the object */
export const deleted = (of: GroupResource, name: string, uid: string): Omit<Status, 'code'> =>
  ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { ...detailsOf(of, name), uid } })

export const notFound = (of: GroupResource, name: string): Status => failure(404, 'NotFound', `${qualified(of)} ${quote(name)} not found`, detailsOf(of, name))
/** no such path, resource or version: the client's words for the plain `404 page not found` */
export const noSuchResource = (of: GroupResource, name?: string): Status =>
  failure(404, 'NotFound', 'the server could not find the requested resource', detailsOf(of, name))
export const alreadyExists = (of: GroupResource, name: string, deleting = false): Status =>
  failure(409, 'AlreadyExists', `${deleting ? 'object is being deleted: ' : ''}${qualified(of)} ${quote(name)} already exists`, detailsOf(of, name))
export const generateNameConflict = (of: GroupResource, name: string): Status =>
  failure(
    409, 'AlreadyExists', `${qualified(of)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`,
    detailsOf(of, name, { retryAfterSeconds: 1 })
  )
export const conflict = (
  of: GroupResource, name: string, why = 'the object has been modified; please apply your changes to the latest version and try again'
): Status =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(of)} ${quote(name)}: ${why}`, detailsOf(of, name))
/** server-side apply: `conflicts` in field order */
export const applyConflict = (message: string, causes: readonly { readonly message: string; readonly field: string }[]): Status =>
  failure(409, 'Conflict', message, { causes: causes.map(c => ({ reason: 'FieldManagerConflict', ...c })) })
/** `key`: of the object in etcd; the answer leaves out its `/registry` */
/** `key`: as etcd has it; a dry run leaves out where the keys begin */
export const uidConflict = (of: GroupResource, name: string, key: string, asked: string, actual: string): Status => conflict(
  of, name,
  `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${actual}`
)

/** `Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be …`; `kind` as in the object, `group` of its apiVersion */
export function invalid(of: { readonly group: string; readonly kind: string }, name: string, problems: readonly FieldProblem[]): Status {
  const texts = problems.map(p => p.field === '' ? p.body : `${p.field}: ${p.body}`)
  const distinct = [...new Set(texts)]
  const summary = distinct.length === 1 ? distinct[0] : `[${distinct.join(', ')}]`
  const causes = problems.map((p): StatusCause => ({ reason: p.type, message: p.body, field: p.field }))
  return failure(
    422, 'Invalid', `${of.group ? `${of.kind}.${of.group}` : of.kind} ${quote(name)} is invalid: ${summary}`,
    detailsOf({ group: of.group, resource: of.kind }, name, { causes })
  )
}
/** a JSON patch that does not fit */
export const unprocessable = (): Status => failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})

/** `pods "x" is forbidden: why`, for a create without a name `pods is forbidden: why` */
export const forbidden = (of: GroupResource, name: string | undefined, why: string, causes?: readonly StatusCause[]): Status =>
  failure(
    403, 'Forbidden', of.resource === '' ? `forbidden: ${why}` : `${qualified(of)}${name ? ` ${quote(name)}` : ''} is forbidden: ${why}`,
    detailsOf(of, name, causes ? { causes } : undefined)
  )
export interface AskedAction extends GroupResource {
  readonly user: string
  readonly verb: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly path?: string
}
/** RBAC said no. `namespace` undefined: cluster scope; `path`: a non-resource request */
export function unauthorizedAction(asked: AskedAction, reason = ''): Status {
  const more = reason ? `: ${reason}` : ''
  if (asked.path !== undefined) {
    return failure(403, 'Forbidden', `forbidden: User ${quote(asked.user)} cannot ${asked.verb} path ${quote(asked.path)}${more}`, {})
  }
  const resource = asked.subresource ? `${asked.resource}/${asked.subresource}` : asked.resource
  const place = asked.namespace ? `in the namespace ${quote(asked.namespace)}` : 'at the cluster scope'
  return forbidden(
    asked, asked.name, `User ${quote(asked.user)} cannot ${asked.verb} resource ${quote(resource)} in API group ${quote(asked.group)} ${place}${more}`
  )
}
export const unauthorized = (): Status => failure(401, 'Unauthorized', 'Unauthorized')
export const badRequest = (message: string): Status => failure(400, 'BadRequest', message)
/** unknown and duplicate fields under fieldValidation=Strict */
export const strictDecoding = (kind: string, version: string, problems: readonly string[]): Status =>
  badRequest(`${kind} in version ${quote(version)} cannot be handled as a ${kind}: strict decoding error: ${problems.join(', ')}`)
/** of a verb that has no route: what is there is not told */
export const methodNotAllowed = (): Status => failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
/** What the router of a server refuses, before anybody has looked at it. Source: github.com/emicklei/go-restful curly.go */
export function unrouted(code: number, reason: string, message: string): Status {
  const { code: _, ...status } = failure(code, reason, `${code}: ${message}`)
  return { ...status, details: {}, code }
}
export const unsupportedMediaType = (accepted: readonly string[]): Status =>
  failure(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`)
/** Why a body is no object. Source: k8s.io/apiserver pkg/endpoints/handlers/rest.go (transformDecodeError, summarizeData) */
export function unrecognized(kind: string, content: string, why: string): string {
  const most = 30, bytes = new TextEncoder().encode(content), rest = bytes.length > most ? ' ...' : ''
  const hex = Array.from(bytes.subarray(0, most), byte => byte.toString(16).padStart(2, '0')).join('')
  const shown = bytes.length === 0 ? '<empty>' : content.startsWith('{') ? content.slice(0, most) : hex
  return `the object provided is unrecognized (must be of type ${kind}): ${why} (${shown}${rest})`
}
export const notAcceptable = (message: string): Status => failure(406, 'NotAcceptable', message)
export const tooLarge = (limitBytes = 3_145_728): Status => failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`)

/** 410 of lists and watches that ask for too old a state */
export const expired = (message: string, continueToken?: string): Status =>
  ({ ...failure(410, 'Expired', message), metadata: continueToken ? { continue: continueToken } : {} })
export const tooOldResourceVersion = (asked: number | string, oldest: number | string): Status => expired(`too old resource version: ${asked} (${oldest})`)
export const tooLargeResourceVersion = (asked: number | string, current: number | string): Status =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1,
  })

export const tooManyRequests = (message: string, retryAfterSeconds?: number, causes?: readonly StatusCause[]): Status =>
  failure(429, 'TooManyRequests', message, { ...causes ? { causes } : undefined, ...retryAfterSeconds ? { retryAfterSeconds } : undefined })
/** flow control: a plain text answer on the wire */
export const overloaded = (retryAfterSeconds = 1): Status => tooManyRequests('Too many requests, please try again later.', retryAfterSeconds)
/** an eviction that a budget does not allow */
export const disruptionBudget = (message: string, retryAfterSeconds?: number): Status =>
  tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds, [{ reason: 'DisruptionBudget', message }])

export const internalError = (error: string): Status => failure(500, 'InternalError', `Internal error occurred: ${error}`, { causes: [{ message: error }] })
/** an error of storage as it is, without a reason: `etcdserver: request timed out` */
export const rawError = (message: string): Status => failure(500, undefined, message)
export const serverTimeout = (of: GroupResource, operation: string, retryAfterSeconds = 2): Status =>
  failure(
    500, 'ServerTimeout', `The ${operation} operation against ${qualified(of)} could not be completed at this time, please try again.`,
    detailsOf(of, operation, { retryAfterSeconds })
  )
/** a write that took longer than 34 s */
export const requestTimeout = (why = 'context deadline exceeded'): Status =>
  failure(504, 'Timeout', `Timeout: request did not complete within requested timeout - ${why}`, {})
/** a read that took longer than 60 s, in the words of the client for the gateway's plain answer */
export const gatewayTimeout = (of: GroupResource, verb: string): Status =>
  failure(
    504, 'Timeout', `the server was unable to return a response in the time allotted, but may still be processing the request (${verb} ${qualified(of)})`,
    detailsOf(of, undefined)
  )
export const unavailable = (message: string): Status => failure(503, 'ServiceUnavailable', message)

const quote = (text: string): string => JSON.stringify(text)

/**
 * What a real cluster could do and this model cannot: code 501, reason `NotModelled`. Clients turn it into "not modelled: <what>", which makes a
 * scenario inconclusive; no component may take it for an answer of Kubernetes.
 */
export const notModelled = (what: string): Status => failure(501, 'NotModelled', `not modelled: ${what}`)

/** How client-go words an answer that is no Status. Source: apimachinery pkg/api/errors/errors.go (NewGenericServerResponse) */
export function ofText(code: number, text: string): Status {
  const [reason, message] = worded[code] ?? ['InternalError', `an error on the server (${JSON.stringify(text.replace(/\n$/, ''))}) has prevented the request from succeeding`]
  return failure(code, reason, message)
}
const worded: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  403: ['Forbidden', 'the server does not allow access to the requested resource'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  410: ['Expired', 'the requested resource is no longer available'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'the server was unable to return a response in the time allotted, but may still be processing the request'],
}
