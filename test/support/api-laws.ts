import { isDeepStrictEqual } from 'node:util'
import { expandManagedFields } from '../../src/runtime-model/api/managed-fields.ts'
import type { ApiRequest, ApiResponse } from '../../src/runtime-model/api/request.ts'
import type { Observation } from '../../src/runtime-model/kernel/observation.ts'
import { decode, registry } from '../../src/runtime-model/kinds/index.ts'
import { admin, type Servers } from './api-servers.ts'
import type { Served } from './api-objects.ts'

/** A promise of the API that a call has broken. */
export class Broken extends Error { override readonly name = 'Broken' }
const must = (holds: boolean, text: () => string): void => { if (!holds) throw new Broken(text()) }
const json = (value: any): string => JSON.stringify(value)?.slice(0, 1500)

// ---- answers
const codes: Readonly<Record<string, readonly number[]>> = {
  BadRequest: [400], Unauthorized: [401], Forbidden: [403], NotFound: [404], MethodNotAllowed: [405], AlreadyExists: [409], Conflict: [409], Expired: [410],
  RequestEntityTooLarge: [413], UnsupportedMediaType: [415],
  Invalid: [422], TooManyRequests: [429], InternalError: [500], ServerTimeout: [500], Timeout: [504], ServiceUnavailable: [503], NotModelled: [501],
}
/** What a template prints where there is nothing; CEL speaks of undefined fields itself. */
const unsaid = /\bundefined\b(?! field)(?<!must be undefined)|\[object [A-Z]|\bNaN\b/
/** Failures of storage have no reason. */
const withoutReason =
  /^resourceVersion should not be set on objects to be created$|^failed to (create typed patch|convert new) object |^(resourceVersion: Invalid value: "[^"]*": )?strconv.ParseUint: |does not contain declared merge key: |^list element types are not identical: |^Unknown patch type: |target.(name|kind): /

/** A refusal is a Status in the form in which API servers send it; anything else is an object, a list, a Table, or the Success of a delete. */
export function properAnswer(request: ApiRequest, { code, body, failure, warnings }: ApiResponse): void {
  must(code > 0, () => `nobody answered: ${failure}`)
  for (const w of warnings ?? []) must(typeof w === 'string' && w !== '' && !unsaid.test(w), () => `warning ${json(w)}`)
  if (code < 300) return request.verb === 'watch' ? undefined : properSuccess(body, code)
  must(
    body?.kind === 'Status' && body.apiVersion === 'v1' && isDeepStrictEqual(Object.keys(body.metadata).filter(k => k !== 'continue'), [])
      && body.status === 'Failure' && body.code === code,
    () => `no Status of ${code}: ${json(body)}`
  )
  must(typeof body.message === 'string' && body.message !== '' && !unsaid.test(body.message.replaceAll('must be true or undefined', '')), () => `message ${json(body.message)}`)
  must(body.reason === undefined ? withoutReason.test(body.message) : codes[body.reason]?.includes(code) ?? false, () =>
    `reason ${body.reason} of ${code}: ${body.message}`)
  must(code !== 500 || body.reason === undefined || /failed calling webhook|failed to allocate a serviceIP: range is full/.test(body.message), () => `an internal error: ${body.message}`)
  for (const cause of body.details?.causes ?? []) {
    must(typeof cause.message === 'string' && !unsaid.test(`${cause.message} ${cause.field ?? ''}`.replaceAll('must be true or undefined', '')), () => `cause ${json(cause)}`)
  }
  if (code === 422 && body.message !== 'the server rejected our request due to an error in our request') {
    must(body.details.causes.length > 0 && Object.values(body.details).every(v => v !== ''), () => `details ${json(body.details)}`)
  }
  if ([403, 404, 405, 409].includes(code)) {
    must(
      body.details !== undefined && (body.details.kind !== undefined || body.details.causes !== undefined || body.details.name === undefined),
      () => `details ${json(body.details)} of ${body.message}`
    )
  }
}
function properSuccess(body: any, code: number): void {
  // the connection is handed on, as that of `nodes/worker-1/proxy`
  if (code === 101) return must(body !== undefined, () => 'handed on to nobody')
  must(code === 200 || code === 201 || code === 202, () => `code ${code}`)
  if (typeof body === 'string') return
  must(typeof body?.kind === 'string' && typeof body.apiVersion === 'string', () => `a success without kind: ${json(body)}`)
  if (body.kind === 'Status') must(body.status === 'Success', () => `status ${json(body)}`)
}

// ---- objects
/** Leases that are renewed in closed form: what is read of them tells a later time than what is stored. */
export const isRenewed = ({ kernel }: Servers, { kind, metadata }: any): boolean =>
  kind === 'Lease' && kernel.heartbeat(`leases.coordination.k8s.io/${metadata.namespace}/${metadata.name}`) !== undefined
export const withoutBeat = (servers: Servers, object: any): any => isRenewed(servers, object) || object.kind === 'Lease' ? { ...object, spec: { ...object.spec, renewTime: undefined } } : object
/**
 * What is stored is in the form that decoding gives, defaulting and updating it change nothing, and a PUT of what a GET returned leaves its resourceVersion.
 */
export function properObject(servers: Servers, what: Served, object: any): void {
  const { metadata } = object
  const of = {
    group: what.group, version: what.version, resource: what.resource, namespace: what.namespaced ? metadata.namespace : undefined, name: metadata.name,
    credentials: admin,
  }
  must(
    /^[0-9a-f-]{36}$/.test(metadata.uid) && /^\d+$/.test(metadata.resourceVersion) && /^\d{4}-.*Z$/.test(metadata.creationTimestamp),
    () => `metadata ${json(metadata)}`
  )
  if (what.definition) canonical(what, object)
  properOwners(object)
  if (!what.verbs.includes('update')) return
  if (what.resource === 'customresourcedefinitions' || isRenewed(servers, object)) return
  const put = servers.ask({ ...of, verb: 'update', body: object })
  if (put.code === 501) return
  must(put.code === 200, () => `a PUT of what a GET returned answers ${put.code} ${put.body?.message}`)
  must(put.body.metadata.resourceVersion === metadata.resourceVersion, () => `a PUT of what a GET returned writes: ${json(difference(object, put.body))}`)
}
function canonical({ definition }: Served, object: any): void {
  const kind = definition!, again = decode(kind, structuredClone(withoutManagedFields(object)))
  must(again.error === undefined && again.strict.length === 0, () => `what is stored cannot be read: ${again.error ?? again.strict.join()}`)
  must(isDeepStrictEqual(again.object, plain(withoutManagedFields(object))), () =>
    `decoding changes what is stored: ${json(difference(withoutManagedFields(object), again.object))}`)
  const complete = kind.defaults(again.object)
  must(isDeepStrictEqual(plain(complete), again.object), () => `defaulting changes what is stored: ${json(difference(again.object, complete))}`)
  // its status is not looked at when it is written
  const problems = kind.kind === 'CustomResourceDefinition' ? [] : kind.validateUpdate(object, object)
  must(problems.length === 0, () => `what is stored is not valid: ${problems.map(p => `${p.field}: ${p.body}`).join(', ')}`)
}
const plain = (value: any): any => JSON.parse(JSON.stringify(value))
const withoutManagedFields = ({ metadata: { managedFields: _, ...metadata }, ...object }: any): any => ({ ...object, metadata })

function properOwners(object: any): void {
  const entries = expandManagedFields(object), seen = new Set<string>()
  for (const e of entries) {
    const who = `${e.manager} ${e.operation} ${e.operation === 'Apply' ? '' : e.apiVersion} ${e.subresource ?? ''}`
    must(
      typeof e.manager === 'string' && (e.operation === 'Update' || e.operation === 'Apply') && e.fieldsType === 'FieldsV1'
        // what goes through scale has none, and what clients say themselves need not
        && (e.time === undefined || /Z$/.test(e.time)),
      () => `managedFields entry ${json(e)}`
    )
    must(!seen.has(who), () => `managedFields name ${who} twice`)
    seen.add(who)
    for (const path of Object.keys(e.fieldsV1 as any)) must(path === '.' || path.startsWith('f:'), () => `managedFields of ${who} begin with ${path}`)
    for (const name of ['f:uid', 'f:resourceVersion', 'f:managedFields', 'f:creationTimestamp', 'f:generation']) {
      must(!(name in ((e.fieldsV1 as any)['f:metadata'] ?? {})), () => `${who} owns metadata ${name}`)
    }
  }
}

/** Where two values differ: path → [one, other]. */
export function difference(a: any, b: any, path = '', out: Record<string, any> = {}): Record<string, any> {
  if (isDeepStrictEqual(a, b)) return out
  const inner = typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && Array.isArray(a) === Array.isArray(b)
  if (!inner) { out[path] = [a ?? null, b ?? null]; return out }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) difference(a[key], b[key], `${path}.${key}`, out)
  return out
}

// ---- changes
/** Every change of a stored object: revisions grow, identity stays, a generation counts what is wanted. */
export function properChange(o: Observation & { readonly type: 'object' }, lastRevision: number): void {
  must(o.revision === lastRevision + 1 || lastRevision === 0, () => `revision ${o.revision} follows ${lastRevision}`)
  if (o.change !== 'MODIFIED') return
  const before = o.old.metadata, after = o.new.metadata, of = `${o.kind} ${o.name}`
  must(Number(after.resourceVersion) === o.revision && o.revision > Number(before.resourceVersion), () =>
    `resourceVersion of ${of}: ${before.resourceVersion} → ${after.resourceVersion} at ${o.revision}`)
  for (const field of ['uid', 'name', 'namespace', 'creationTimestamp']) {
    must(before[field] === after[field], () => `${field} of ${of}: ${before[field]} → ${after[field]}`)
  }
  must(before.deletionTimestamp === undefined || after.deletionTimestamp !== undefined, () => `${of} is no longer being deleted`)
  const wanted = !isDeepStrictEqual(wantedOf(o.old), wantedOf(o.new)), marked = before.deletionTimestamp === undefined && after.deletionTimestamp !== undefined
  const grew = (after.generation ?? 0) - (before.generation ?? 0)
  // The revision of a Deployment is among its annotations, the Service of an EndpointSlice among its labels.
  const counts = wanted || marked || o.kind === 'Deployment' && !isDeepStrictEqual(before.annotations, after.annotations)
    // …and some kinds count what is written as nothing.
    || registry.byResource(o.resource)?.exactlyCounted !== undefined && !isDeepStrictEqual(before.resourceVersion, after.resourceVersion)
    || o.kind === 'EndpointSlice' && !isDeepStrictEqual(before.labels, after.labels)
  must(grew === 0 || counts && grew === 1, () => `generation of ${of}: ${before.generation} → ${after.generation}: ${json(difference(o.old, o.new))}`)
  // Whom a pod is bound to is said in a subresource, which counts nothing.
  const bound = o.kind === 'Pod' && before.nodeName !== after.nodeName
  // That of a PriorityClass is 1 for good (pkg/registry/scheduling/priorityclass/strategy.go).
  // of a Namespace nobody counts: it keeps what its creator said
  const stays = o.resource === 'pods' || o.resource === 'namespaces' || o.kind === 'PriorityClass'
  if (wanted && before.generation > 0 && registry.byResource(o.resource) && !bound && !stays) {
    must(grew === 1, () => `generation of ${of} stays ${before.generation}: ${json(difference(o.old, o.new))}`)
  }
}
/** without what says nothing */
const wantedOf = ({ metadata: _m, status: _s, ...rest }: any): any =>
  JSON.parse(JSON.stringify(rest, (_, v) => v === null || typeof v === 'object' && Object.keys(v).length === 0 ? undefined : v))
