import { sameValue } from '../../base/equal.ts'
import { decode, storedForm, unmodelledFields, type KindDefinition } from '../kinds/index.ts'
import { alreadyExists, badRequest, forbidden, generateNameConflict, invalid, notModelled, rawError, strictDecoding } from '../api/status.ts'
import type { EtcdResult } from '../api/etcd.ts'
import type { ApiRequest } from '../api/request.ts'
import { formatTime } from '../api/time.ts'
import { mutate, validate, type Admitted } from './admission-chain.ts'
import { answer, pass, refuseAt, warn } from './answers.ts'
import { wrongDocument, wrongNamespace, wrongWriteOptions } from './documents.ts'
import { asSent } from './empties.ts'
import { escalates } from './escalation.ts'
import { flightWith, newWrite, withWrite, writeWith } from './flights.ts'
import { withoutDisabled, withUnheardOf } from './older-versions.ts'
import { updateManagedFields } from './patch/index.ts'
import { allocateForCreate } from './service-addresses.ts'
import type { Flight, Turn } from './state.ts'
import { finish, put, storeFirst } from './storage.ts'
import type { Target } from './target.ts'
import { cached } from './watch-cache.ts'

/**
 * A create, from the client's document to etcd. Source: k8s.io/apiserver pkg/endpoints/handlers/create.go, pkg/registry/rest/create.go,
 * pkg/registry/generic/registry/store.go (Create: names are generated up to eight times).
 */
const nameAttempts = 8

export function beginCreate(turn: Turn, flight: Flight, target: Target): void {
  const { kind } = target, { request } = flight, decoded = decodeBody(turn, flight, kind, request.body)
  if (!decoded) return
  const { object } = decoded, meta = object.metadata ?? {}
  const elsewhere = wrongNamespace(meta, kind.namespaced ? request.namespace : undefined)
  if (elsewhere) return refuseAt(turn, decoded.flight, 'validation', elsewhere)
  // storage sees to it, which a dry run does not reach
  if (meta.resourceVersion && !request.dryRun) {
    return refuseAt(turn, decoded.flight, 'validation', rawError('resourceVersion should not be set on objects to be created'))
  }
  startCreate(turn, decoded.inMemory === undefined ? decoded.flight : flightWith(decoded.flight, { inMemory: decoded.inMemory }), target, object)
}

/** The same for an object that was made here (and belongs to this request): by an apply of something that does not exist. */
export function startCreate(turn: Turn, flight: Flight, target: Target, object: any): void {
  const { kind } = target, { request } = flight
  // Source: k8s.io/apiextensions-apiserver pkg/apiserver/customresource_handler.go
  if (kind.terminating) {
    return refuseAt(turn, flight, 'validation', forbidden(kind, object.metadata?.name, 'create not allowed while custom resource definition is terminating'))
  }
  object.metadata = newMeta(object.metadata ?? {}, kind.namespaced ? request.namespace ?? '' : undefined, request.verb === 'patch')
  const write = newWrite('CREATE', target.resource, kind.namespaced ? request.namespace ?? '' : '', object.metadata.name ?? '', kind.defaults(object))
  const noted = flight.user.name.startsWith('system:') ? write : writeWith(write, { given: asWritten(kind, write.object) })
  continueMutating(turn, flightWith(flight, { handler: 'create', write: noted }), target)
}

/** what a client is noted to have set */
export const asWritten = (kind: KindDefinition, object: any): any => kind.asWritten?.(object) ?? object

export function resumeCreate(turn: Turn, flight: Flight, target: Target, result: EtcdResult | undefined): void {
  const admitted = flight as Admitted
  switch (flight.phase) {
    case 'mutating': return continueMutating(turn, admitted, target)
    case 'validating': return continueValidating(turn, admitted, target)
    case 'first': case 'before': return storeFirst(
      turn, admitted, result!, again => continueValidating(turn, again, target), ready => store(turn, ready, target)
    )
    case 'store': return stored(turn, admitted, target, result!)
    case 'after': return finish(turn, admitted)
  }
}

/**
 * The object is this request's own, to be changed in place. decode: 400 with the decoder's words; unknown fields are an error, a warning or nothing, as the
 * client asked.
 */
export function decodeBody(
  turn: Turn, flight: Flight, kind: KindDefinition, body: any, known?: any
): { readonly flight: Flight; readonly object: any; readonly inMemory?: any } | undefined {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version, { fieldValidation } = flight.request
  const unfit = wrongWriteOptions(flight.request)
  if (unfit) { refuseAt(turn, flight, 'validation', unfit); return undefined }
  if (flight.request.canonical) return { flight, object: { ...body } }
  if (body?.apiVersion !== apiVersion || body.kind !== kind.kind) {
    const wrong = wrongDocument(kind, body)
    if (wrong) { refuseAt(turn, flight, 'validation', wrong); return undefined }
  }
  const { object, inMemory, error, strict: odd } = decode(kind, body ?? {}, known), strict = withUnheardOf(turn.options, kind, object, odd)
  if (error !== undefined) { refuseAt(turn, flight, 'validation', badRequest(error)); return undefined }
  if (strict.length > 0 && fieldValidation === 'Strict') {
    refuseAt(turn, flight, 'validation', strictDecoding(kind.kind, kind.version, strict))
    return undefined
  }
  const full = object.kind === kind.kind && object.apiVersion === apiVersion && object !== body ? object : { kind: kind.kind, apiVersion, ...object }
  const warned = strict.length > 0 && fieldValidation !== 'Ignore' ? warn(flight, strict) : flight
  return full.metadata?.ownerReferences?.length > 1 ? withOwnersOnce(full, warned)
    : inMemory === undefined ? { object: full, flight: warned }
    : { object: full, flight: warned, inMemory: { ...inMemory, kind: kind.kind, apiVersion } }
}
/** Source: k8s.io/apiserver pkg/endpoints/handlers/rest.go (dedupOwnerReferencesAndAddWarning) */
function withOwnersOnce(object: any, flight: Flight): { readonly flight: Flight; readonly object: any } {
  const owners: readonly any[] = object.metadata.ownerReferences
  const repeats = owners.filter((o, i) => owners.slice(0, i).some(other => sameValue(o, other)))
  if (repeats.length === 0) return { object, flight }
  const once = owners.filter(o => !repeats.includes(o)), twice = repeats.map(o => o.uid)
  return {
    object: { ...object, metadata: { ...object.metadata, ownerReferences: once } },
    flight: warn(flight, [
      `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${twice.join(', ')}`,
    ]),
  }
}

/** `applied`: its managedFields were made here */
function newMeta(
  { name, generateName, generation, labels, annotations, ownerReferences, finalizers, managedFields }: any, inNamespace: string | undefined, applied: boolean
): any {
  const meta: any = {}
  if (name) meta.name = name
  if (generateName) meta.generateName = generateName
  if (inNamespace !== undefined) meta.namespace = inNamespace
  if (generation) meta.generation = generation
  return withClientFields(meta, labels, annotations, ownerReferences, finalizers, applied ? managedFields : undefined)
}
function withClientFields(meta: any, labels: any, annotations: any, ownerReferences: any, finalizers: any, managedFields: any): any {
  if (labels !== undefined) meta.labels = labels
  if (annotations !== undefined) meta.annotations = annotations
  if (ownerReferences !== undefined) meta.ownerReferences = ownerReferences
  if (finalizers !== undefined) meta.finalizers = finalizers
  if (managedFields !== undefined) meta.managedFields = managedFields
  return meta
}

function continueMutating(turn: Turn, flight: Admitted, target: Target): void {
  const mutated = mutate(turn, flight)
  if (mutated) strategy(turn, mutated, target)
}

/** What the kind itself does with a new object, and whether it is valid. */
function strategy(turn: Turn, flight: Admitted, target: Target): void {
  const { kind } = target
  // name and uid first: what a Job selects by is made of them
  const given = flight.write.object, meta = identified(given.metadata, turn, kind.uidStream)
  let object = withoutDisabled(turn.options, kind, kind.beforeCreate(kind.withMetadata(given, meta), flight.user))
  if (object.metadata !== meta) {
    object = kind.withMetadata(object, arranged(object.metadata, object.metadata.name, object.metadata.uid, object.metadata.creationTimestamp))
  }
  if (flight.request.canonical) {
    return continueValidating(turn, pass(turn, withWrite(flight, { object, name: object.metadata.name }), 'validation'), target)
  }
  const allocated = allocateForCreate(turn, kind, object, flight.request.dryRun)
  if ('status' in allocated) return refuseAt(turn, flight, 'validation', allocated.status)
  object = allocated.object
  const escalation = escalates(turn.state.cache, kind, flight, object, undefined)
  if (escalation) return refuseAt(turn, flight, 'validation', escalation)
  const problems = kind.validate(object)
  if (problems.length > 0) {
    const told = asSent(problems, object, flight.inMemory, kind.validate)
    return refuseAt(turn, flight, 'validation', invalid(kind.errorKind ?? kind, object.metadata.name ?? '', told))
  }
  const warned = warn(flight, kind.warnings?.(object))
  const next = withWrite(warned as Admitted, { object, name: object.metadata.name, before: allocated.before, undo: allocated.undo })
  continueValidating(turn, pass(turn, next, 'validation'), target)
}

/** Name, uid and time of a new object; all fields in the order in which the API prints them. */
function identified(meta: any, turn: Turn, uidStream: string | undefined): any {
  const { name, generateName } = meta
  return arranged(meta, name || (generateName ? generated(generateName, turn) : name), turn.context.uid(uidStream), formatTime(turn.context.wallMs))
}
function arranged(
  { generateName, namespace, generation, deletionTimestamp, deletionGracePeriodSeconds, labels, annotations, ownerReferences, finalizers, managedFields }: any,
  name: string, uid: string, creationTimestamp: string
): any {
  const meta: any = { name }
  if (generateName) meta.generateName = generateName
  if (namespace) meta.namespace = namespace
  meta.uid = uid
  meta.resourceVersion = ''
  if (generation !== undefined) meta.generation = generation
  meta.creationTimestamp = creationTimestamp
  if (deletionTimestamp !== undefined) meta.deletionTimestamp = deletionTimestamp
  if (deletionGracePeriodSeconds !== undefined) meta.deletionGracePeriodSeconds = deletionGracePeriodSeconds
  return withClientFields(meta, labels, annotations, ownerReferences, finalizers, managedFields)
}
/** Source: k8s.io/apiserver pkg/storage/names/generate.go (prefix cut to 58 characters) */
const generated = (prefix: string, turn: Turn): string => prefix.slice(0, 58) + turn.context.suffix()

function continueValidating(turn: Turn, flight: Admitted, target: Target): void {
  const validated = validate(turn, flight)
  if (!validated) return
  const { kind } = target, { object } = validated.write
  // whoever refuses it is asked first
  const unmodelled = validated.request.canonical || kind.schema ? []
    : !kind.modelled && !validated.request.dryRun ? [kind.kind]
    : unmodelledFields(kind.kind, object)
  if (unmodelled.length > 0) return refuseAt(turn, validated, 'validation', notModelled(unmodelled.join(', ')))
  if (validated.request.dryRun) return answerDryRun(turn, validated, target)
  storeFirst(turn, validated, undefined, again => continueValidating(turn, again, target), ready => store(turn, ready, target))
}

/** Nothing is stored, but a name that is taken is refused all the same. Source: k8s.io/apiserver pkg/registry/generic/registry/dryrun.go. */
function answerDryRun(turn: Turn, flight: Admitted, target: Target): void {
  const { write } = flight, { kind } = target
  if (cached(turn.state.cache, target.resource, write.namespace, write.name)) {
    return refuseAt(turn, flight, 'storage', alreadyExists({ group: kind.group, resource: kind.resource }, write.name, false))
  }
  const { toStored = same, fromStored = same } = kind.storedAs ?? {}
  const made = fromStored(toStored(managed(turn, flight, target))), { resourceVersion: _, ...metadata } = made.metadata
  answer(turn, pass(turn, flight, 'storage'), { code: 201, body: { ...made, metadata } })
}

const same = (object: any): any => object

/** with its managedFields, as it is after it has been stored */
function managed(turn: Turn, flight: Admitted, target: Target): any {
  const noted = withOwners(turn, flight, target)
  return flight.request.canonical ? noted : storedForm(target.kind, noted)
}
function withOwners(turn: Turn, { request, write }: Admitted, { kind }: Target): any {
  // Nobody applies the Events of the cluster's own components; who owns their fields is not noted.
  if (request.patchType === 'application/apply-patch+yaml' || write.resource === 'events' && !write.given) return write.object
  return updateManagedFields(kind, undefined, write.object, {
    manager: managerOf(request), operation: 'Update', subresource: request.subresource, nowText: formatTime(turn.context.wallMs),
    ...write.given ? { given: write.given } : undefined,
  })
}
/** Who is named in managedFields: what the client says, else its User-Agent up to the first slash. */
export const managerOf = (request: ApiRequest): string => request.fieldManager || request.userAgent.split('/', 1)[0]

function store(turn: Turn, flight: Admitted, target: Target): void {
  const { kind } = target, object = managed(turn, flight, target)
  put(turn, flightWith(flight, { phase: 'store' }), target, 0, kind.storedAs ? kind.storedAs.toStored(object) : object)
}

function stored(turn: Turn, flight: Admitted, { kind, resource }: Target, result: EtcdResult): void {
  if (!result.ok) return
  const { write, request } = flight
  if (result.succeeded) {
    const passed = pass(turn, flight, 'storage'), body = kind.storedAs ? kind.storedAs.fromStored(result.object) : result.object
    return finish(turn, withWrite(passed, { undo: [], outcome: { code: 201, body } }))
  }
  const generateName = request.name === undefined && !request.body?.metadata?.name ? write.object.metadata.generateName : undefined
  if (generateName && write.names + 1 < nameAttempts) {
    const name = generated(generateName, turn)
    return store(
      turn, withWrite(flight, { name, names: write.names + 1, object: { ...write.object, metadata: { ...write.object.metadata, name } } }),
      { kind, resource }
    )
  }
  const of = { group: kind.group, resource: kind.resource }
  const status = generateName ? generateNameConflict(of, write.name) : alreadyExists(of, write.name, result.object?.metadata.deletionTimestamp !== undefined)
  turn.effects.push({
    do: 'record', observation: { type: 'stage', request: flight.number, stage: 'storage', refused: status.message ?? '', what: flight.what },
  })
  finish(turn, withWrite(flight, { after: write.undo, outcome: { code: status.code, body: status } }))
}
