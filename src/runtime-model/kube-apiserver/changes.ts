import type { ApiRequest, ApiResponse, KubeObject } from '../api/request.ts'
import { conflict, invalid, unauthorizedAction, uidConflict, type Status } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import type { FieldError, KindDefinition } from '../kinds/index.ts'
import type { Admitted } from './admission-chain.ts'
import { decide } from './authorization.ts'
import { binding } from './binding.ts'
import { managerOf, startCreate } from './create.ts'
import { unreadableResourceVersion, wrongPlace } from './documents.ts'
import { keyText } from './etcd-client.ts'
import { resetsManagedFields } from '../api/managed-fields.ts'
import { restatedFields } from '../api/shown-fields.ts'
import { applyPatch } from './patch/index.ts'
import { customScale, scale } from './scale.ts'
import type { Turn } from './state.ts'
import type { Target } from './target.ts'

/** What one kind of write makes of the object that is there. `inMemory`: the object with the empty lists and maps that the client sent */
export type Changed = { readonly object: any; readonly inMemory?: any; readonly warnings?: readonly string[] } | { readonly status: Status }
  | { readonly create: (turn: Turn, flight: Admitted, target: Target) => void }
export interface Change {
  /** the new object from the old one, as admission is to see it */
  compute(turn: Turn, flight: Admitted, kind: KindDefinition, old: KubeObject | undefined): Changed
  /** may be asked although there is no object */
  createsMissing?(request: ApiRequest, kind: KindDefinition): boolean
  prepare(kind: KindDefinition, object: any, old: KubeObject, subresource: string | undefined, nowMs: number): any
  validate(kind: KindDefinition, object: any, old: KubeObject, subresource: string | undefined): readonly FieldError[]
  /** who is invalid, if not the object itself */
  readonly errorKind?: { readonly group: string; readonly kind: string }
  /** admission looks at the client's document (a Binding, an Eviction), not at what becomes of the object */
  readonly admitsBody?: boolean
  /** the answer, if not the object with 200 */
  outcome?(stored: any, kind: KindDefinition): ApiResponse
}

export function changeOf(kind: KindDefinition, request: ApiRequest): Change {
  switch (request.subresource) {
    case undefined: return main
    case 'status': return status
    case 'scale': return kind.scalePaths ? ofCustom : scale
    case 'binding': return binding
    case 'eviction': return eviction
    default: return kind.subresourceStrategies?.[request.subresource] ? ofKind : main
  }
}

const ofCustom: Change = customScale()

const main: Change = {
  compute: (turn, flight, kind, old) => computeBody(turn, flight, kind, old),
  createsMissing: ({ verb, patchType }, kind) => verb === 'patch' ? patchType === 'application/apply-patch+yaml' : kind.updateCreates === true,
  prepare: (kind, object, old) => kind.beforeUpdate(object, old),
  validate: (kind, object, old) => kind.validateUpdate(object, old),
}
const status: Change = {
  ...main, createsMissing: (request, kind) => request.verb === 'update' && kind.updateCreates === true,
  prepare: (kind, object, old, _subresource, nowMs) => kind.beforeStatusUpdate(object, old, nowMs),
  validate: (kind, object, old) => kind.validateStatusUpdate?.(object, old) ?? [],
}
/** pods/resize, pods/ephemeralcontainers, namespaces/finalize */
const ofKind: Change = {
  ...main, createsMissing: undefined,
  prepare: (kind, object, old, subresource, nowMs) => kind.subresourceStrategies![subresource!].beforeUpdate(object, old, nowMs),
  validate: (kind, object, old, subresource) => kind.subresourceStrategies![subresource!].validateUpdate(object, old),
}
/** A delete by another name. Source: pkg/registry/core/pod/storage/eviction.go; see eviction.ts for what stands in its way. */
const eviction: Change = {
  ...main, createsMissing: undefined, admitsBody: true,
  outcome: () => ({ code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } }),
}

function computeBody(turn: Turn, flight: Admitted, kind: KindDefinition, old: KubeObject | undefined): Changed {
  return flight.request.verb === 'patch' ? patched(turn, flight, kind, old) : old ? replaced(flight, kind, old) : replacing(turn, flight, kind)
}

/** PUT: the client's object, if it was made from the newest one. */
function replaced(flight: Admitted, kind: KindDefinition, old: KubeObject): Changed {
  const object = flight.body, meta = object.metadata ?? {}
  const wrong = preconditions(kind, flight, meta, old)
  if (wrong) return { status: wrong }
  const sent = flight.inMemory
  return {
    object: kind.defaults(complete(object, meta, old)), ...sent ? { inMemory: kind.defaults(complete(sent, sent.metadata ?? {}, old)) } : undefined,
  }
}
/** PUT of what is not there makes it, if one may create such. Sources: registry/generic/registry/store.go (Update), handlers/update.go (withAuthorization) */
function replacing({ state: { cache } }: Turn, flight: Admitted, kind: KindDefinition): Changed {
  const { request, body, user, write } = flight, { group, resource } = kind, { name, namespace } = write, meta = body.metadata ?? {}
  const action = { user, verb: 'create', group, resource, name, namespace: namespace || undefined }, decision = decide(cache, action)
  if (!decision.allowed) return { status: unauthorizedAction({ ...action, user: user.name }, decision.reason) }
  if (meta.uid) return { status: uidConflict(kind, name, keyText(write.resource, namespace, name, request.dryRun), meta.uid, '') }
  return { create: (turn, missing, target) => startCreate(turn, missing, target, { ...body, metadata: { ...meta, name } }) }
}
const NONE: readonly never[] = Object.freeze([])
/** name, namespace and managedFields of the stored object, where the client leaves them out */
function complete(object: any, meta: any, old: KubeObject): any {
  const stored = old.metadata
  // what most clients do: they change parts of the object that they were given
  if (meta.name === stored.name && meta.namespace === stored.namespace && meta.resourceVersion === stored.resourceVersion
    && meta.managedFields === stored.managedFields) {
    return object
  }
  const { managedFields, ...own } = inPlace(meta, old)
  const metadata = { ...own, name: stored.name, resourceVersion: stored.resourceVersion }
  const owners = saidOfOwners(managedFields, old)
  return { ...object, metadata: owners ? { ...metadata, managedFields: owners } : metadata }
}

/** The namespace is that of the URL, said or not; what is in none has none. Source: registry/rest/meta.go (EnsureObjectNamespaceMatchesRequestNamespace) */
function inPlace(meta: any, { metadata: { namespace } }: KubeObject): any {
  if (meta.namespace === namespace) return meta
  const { namespace: _, ...rest } = meta
  return namespace === undefined ? rest : { ...rest, namespace }
}

function preconditions(kind: KindDefinition, flight: Admitted, meta: any, old: KubeObject): Status | undefined {
  const { name, uid, resourceVersion } = old.metadata
  const unreadable = unreadableResourceVersion(meta.resourceVersion)
  if (unreadable) return unreadable
  if (meta.resourceVersion && meta.resourceVersion !== '0' && meta.resourceVersion !== resourceVersion) return conflict(kind, name)
  if (meta.uid && meta.uid !== uid && flight.request.verb === 'update') {
    return uidConflict(kind, name, keyText(flight.write.resource, flight.write.namespace, name, flight.request.dryRun), meta.uid, uid)
  }
  if ((!meta.resourceVersion || meta.resourceVersion === '0') && kind.needsResourceVersion && flight.request.verb === 'update') {
    return invalid({ group: kind.group, kind: kind.resource }, name, [{
      type: 'FieldValueInvalid', field: 'metadata.resourceVersion', body: 'Invalid value: 0: must be specified for an update',
    }])
  }
  return undefined
}

function patched(turn: Turn, flight: Admitted, kind: KindDefinition, old: KubeObject | undefined): Changed {
  const { request } = flight, { leadsTo } = request
  if (leadsTo && old && leadsTo.from === old.status && request.body.metadata.uid === old.metadata.uid) return { object: { ...old, status: leadsTo.to } }
  const result = applyPatch(kind, request.patchType!, old, request.body, {
    manager: request.patchType === 'application/apply-patch+yaml' ? request.fieldManager ?? '' : managerOf(request), force: request.force ?? false,
    nowText: formatTime(turn.context.wallMs), subresource: request.subresource, fieldValidation: request.fieldValidation,
  })
  if ('status' in result) return result
  const given = result.object.metadata ?? {}
  if (!old) return applied(kind, request, result.object, given)
  const owned = given.managedFields !== old.metadata.managedFields && request.patchType !== 'application/apply-patch+yaml'
    ? { ...given, managedFields: request.subresource ? old.metadata.managedFields : saidOfOwners(given.managedFields, old) }
    : given
  const wrong = wrongPlace(owned, old.metadata.name, old.metadata.namespace) ?? preconditions(kind, flight, owned, old)
  if (wrong) return { status: wrong }
  const meta = inPlace(owned, old)
  // what a spec lacks, a default gave it before; labels may be a default too, and a client's status may lack what a component's does not
  const whole = request.subresource !== 'status' || flight.user.name.startsWith('system:')
  const complete = whole && old.spec !== undefined && result.object.spec === old.spec && meta.labels === old.metadata.labels
  const object = meta === given ? result.object : { ...result.object, metadata: meta }
  const sent = result.inMemory && { ...result.inMemory, metadata: meta }
  return { object: complete ? object : kind.defaults(object), warnings: result.warnings, ...sent ? { inMemory: kind.defaults(sent) } : undefined }
}
const saidOfOwners = (given: unknown, old: KubeObject): any => resetsManagedFields(given) ? NONE : restatedFields(given, old) ?? old.metadata.managedFields
/** An apply of what is not there makes it, unless the configuration means an object that was. */
function applied(kind: KindDefinition, request: ApiRequest, object: any, meta: any): Changed {
  const name = request.name ?? '', wrong = wrongPlace(meta, name, kind.namespaced ? request.namespace : undefined)
  if (wrong) return { status: wrong }
  if (meta.uid) return { status: conflict(kind, name, `uid mismatch: the provided object specified uid ${meta.uid}, and no existing object was found`) }
  return { create: (turn, flight, target) => startCreate(turn, flight, target, { ...object, metadata: { ...meta, name } }) }
}
