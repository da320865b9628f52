import { sameValue } from '../../base/equal.ts'
import type { EtcdResult } from '../api/etcd.ts'
import type { ApiRequest, KubeObject } from '../api/request.ts'
import { conflict, deleted, invalid, notFound, notModelled, type Status } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { storedForm, unmodelledFields, type KindDefinition } from '../kinds/index.ts'
import { mutate, validate, type Admitted } from './admission-chain.ts'
import { answer, pass, refuseAt, warn } from './answers.ts'
import { changeOf, type Changed } from './changes.ts'
import { asWritten, managerOf } from './create.ts'
import { deletionOf, endsWithUpdate } from './deletion.ts'
import { asSent } from './empties.ts'
import { escalates } from './escalation.ts'
import { deletionOfEvicted, evictionOptions, judgeEviction, withNewestPod } from './eviction.ts'
import { ask } from './etcd-client.ts'
import { resetsManagedFields, sameOwners } from '../api/managed-fields.ts'
import { restatedFields } from '../api/shown-fields.ts'
import { flightWith, newWrite, withWrite } from './flights.ts'
import { withoutDisabled } from './older-versions.ts'
import { updateManagedFields } from './patch/index.ts'
import { sameObject } from './same-object.ts'
import { allocateForUpdate, releases } from './service-addresses.ts'
import type { Flight, Turn } from './state.ts'
import { finish, put, storeFirst } from './storage.ts'
import { storedKind, type Target } from './target.ts'
import { cached } from './watch-cache.ts'

/**
 * Everything that changes or ends an object which is there: PUT, PATCH, writes to subresources, DELETE. Made from the cache's copy first; if etcd has
 * another revision, or the cache's copy leads to a refusal, made again from etcd's. Nothing is written when nothing changes.
 * Source: k8s.io/apiserver pkg/storage/etcd3/store.go (GuaranteedUpdate), pkg/registry/generic/registry/store.go (Update, Delete).
 */
const patchConflictLimit = 5, conflictLimit = 1000

export function beginModify(turn: Turn, flight: Flight, target: Target, name: string, inNamespace = flight.request.namespace): void {
  const removing = flight.request.verb === 'delete' || flight.request.verb === 'deletecollection' || flight.request.subresource === 'eviction'
  const namespace = target.kind.namespaced ? inNamespace ?? '' : ''
  const current = removing ? undefined : cached(turn.state.cache, target.resource, namespace, name)
  const write = newWrite(removing ? 'DELETE' : 'UPDATE', target.resource, namespace, name, undefined, current)
  const next: Admitted = flightWith(flight, { handler: 'modify', write })
  if (current) return change(turn, next, target)
  read(turn, next)
}

function read(turn: Turn, flight: Admitted): void {
  const { resource, namespace, name } = flight.write
  ask(turn, flightWith(flight, { phase: 'read' }), { op: 'get', key: { resource, namespace, name }, linearizable: true })
}

export function resumeModify(turn: Turn, flight: Flight, target: Target, result: EtcdResult | undefined): void {
  const now = flight as Admitted, { write } = now
  switch (flight.phase) {
    case 'read': if (result?.ok) change(turn, withWrite(now, { old: result.object, live: true }), target); return
    case 'mutating': return continueMutating(turn, now, target)
    case 'validating': return continueValidating(turn, now, target)
    case 'first': case 'before': return storeFirst(
      turn, now, result!, again => write.operation === 'DELETE' ? mutateDelete(turn, again, target) : continueValidating(turn, again, target),
      ready => evicting(ready) ? deleteEvicted(turn, ready, target) : store(turn, ready, target)
    )
    case 'store': return stored(turn, now, target, result!)
    case 'after': return conclude(turn, now, target)
  }
}

/** A refusal that was judged by the cache's copy alone is judged again by etcd's. */
function refused(turn: Turn, flight: Admitted, status: Status): void {
  if (!flight.write.live) return read(turn, flight)
  if (flight.collection && status.code === 404) return nextOfCollection(turn, flight, storedTarget(turn, flight))
  refuseAt(turn, flight, 'validation', status)
}

const storedTarget = (turn: Turn, flight: Admitted): Target => ({ kind: storedKind(flight.write.resource, turn.state.cache), resource: flight.write.resource })

function change(turn: Turn, flight: Admitted, target: Target): void {
  const { write } = flight, { kind } = target
  if (write.operation === 'DELETE') return write.old ? mutateDelete(turn, flight, target) : refused(turn, flight, notFound(kind, write.name))
  const handler = changeOf(kind, flight.request)
  if (!write.old && !handler.createsMissing?.(flight.request, kind)) return refused(turn, flight, notFound(kind, write.name))
  const current = write.old && kind.storedAs ? kind.storedAs.fromStored(write.old) : write.old
  const changed: Changed = handler.compute(turn, flight, kind, current)
  if ('status' in changed) return refused(turn, flight, changed.status)
  if ('create' in changed) return changed.create(turn, flight, target)
  const warned = warn(flight, changed.warnings) as Admitted
  continueMutating(
    turn,
    withWrite(changed.inMemory === undefined ? warned : flightWith(warned, { inMemory: changed.inMemory }), {
      old: current, object: changed.object, plugin: 0, waited: 0, memo: undefined, answers: [], reinvocation: undefined, first: [],
      given: isNoted(flight) ? asWritten(kind, changed.inMemory ?? changed.object) : write.given,
    }),
    target
  )
}

function continueMutating(turn: Turn, flight: Admitted, target: Target): void {
  if (flight.write.operation === 'DELETE') return mutateDelete(turn, flight, target)
  const mutated = changeOf(target.kind, flight.request).admitsBody ? flight : mutate(turn, flight)
  if (mutated) strategy(turn, mutated, target)
}

/** What the kind itself does with the change, and whether it is valid. */
function strategy(turn: Turn, flight: Admitted, target: Target): void {
  const { write, request } = flight, { kind } = target, handler = changeOf(kind, request), old = write.old!
  let object = handler.prepare(kind, withoutDisabled(turn.options, kind, write.object, old), old, request.subresource, turn.context.wallMs)
  object = countedExactly(kind, object, old, write.given)
  const escalation = escalates(turn.state.cache, kind, flight, object, old)
  if (escalation) return refused(turn, flight, escalation)
  const problems = handler.validate(kind, object, old, request.subresource)
  if (problems.length > 0) {
    const told = asSent(problems, object, flight.inMemory, sent => handler.validate(kind, sent, old, request.subresource))
    return refused(turn, flight, invalid(handler.errorKind ?? kind.errorKind ?? kind, write.name, told))
  }
  const allocated = request.subresource ? { object, before: [], undo: [] } : allocateForUpdate(turn, kind, object, old, request.dryRun)
  if ('status' in allocated) return refused(turn, flight, allocated.status)
  object = allocated.object
  if (object.spec !== old.spec && !request.subresource) {
    const unmodelled = kind.schema ? [] : !kind.modelled && !request.dryRun ? [kind.kind] : unmodelledFields(kind.kind, object)
    if (unmodelled.length > 0) return refused(turn, flight, notModelled(unmodelled.join(', ')))
  }
  const warned = warn(flight, request.subresource ? [] : kind.warnings?.(object, old))
  const next = withWrite(warned as Admitted, {
    object, removes: endsWithUpdate(kind, object, old), before: allocated.before, undo: allocated.undo,
    after: 'after' in allocated ? allocated.after ?? [] : [],
  })
  continueValidating(turn, pass(turn, next, 'validation'), target)
}

function continueValidating(turn: Turn, flight: Admitted, target: Target): void {
  const judged = changeOf(target.kind, flight.request).admitsBody ? flight : validate(turn, flight)
  if (!judged) return
  const validated = judged.write.operation === 'DELETE' ? judged : inStoredForm(judged, target.kind)
  const { write, request } = validated, { kind } = target
  if (write.operation === 'DELETE') return store(turn, validated, target)
  const old = write.old!, unchanged = !write.removes && sameObject(write.object, old) && ownersUnchanged(validated, kind, old)
    && !resets(write.object, old) && !restatedFields(write.object.metadata.managedFields, old)
  if (unchanged && !write.live && write.attempts === 0 && !request.dryRun && ownedByOthers(turn)) return read(turn, validated)
  if (unchanged) return done(turn, validated, target, old)
  const object = managed(validated, kind, formatTime(turn.context.wallMs))
  if (request.dryRun) return done(turn, validated, target, { ...object, metadata: { ...object.metadata, resourceVersion: old.metadata.resourceVersion } })
  storeFirst(
    turn, withWrite(validated, { object }), undefined, again => continueValidating(turn, again, target), ready => store(turn, ready, target)
  )
}
/** Source: the strategies of NetworkPolicies, webhook configurations and ResourceSlices (reflect.DeepEqual, where others ask whether the same is meant) */
function countedExactly(kind: KindDefinition, object: any, old: any, given: any): any {
  const { generation } = old.metadata
  if (!kind.exactlyCounted || given === undefined || object.metadata.generation !== generation) return object
  return sameValue(kind.exactlyCounted(given), kind.exactlyCounted(old))
    ? object
    : { ...object, metadata: { ...object.metadata, generation: (generation ?? 0) + 1 } }
}
function inStoredForm(flight: Admitted, kind: KindDefinition): Admitted {
  const { write } = flight, object = flight.request.canonical ? write.object : storedForm(kind, write.object)
  return object === write.object ? flight : withWrite(flight, { object })
}
/** To apply what is there already may still make one an owner of it, and so may to write what the server then puts back. */
function ownersUnchanged(flight: Admitted, kind: KindDefinition, old: any): boolean {
  const { request, write: { given, object } } = flight
  const written = isApply(request) || request.subresource === 'scale' ? object : given === undefined || sameObject(given, old) ? old : managed(flight, kind, '')
  return written === old || sameOwners(written, old)
}
const resets = (object: any, old: any): boolean => old.metadata.managedFields !== undefined && resetsManagedFields(object.metadata.managedFields)
/** With other servers about, the cache alone does not prove that nothing changes. */
const ownedByOthers = (turn: Turn): boolean => turn.context.instances('kube-apiserver').length > 1

/**
 * managedFields of what clients write. Approximation: what the cluster's own components change in existing objects is not noted as they write it, which would
 * cost more than the write itself (`statusWriters` names those of status when somebody looks); but for replicas, which others apply.
 */
function managed({ request, write, user }: Admitted, kind: KindDefinition, nowText: string): any {
  const isTold = !user.name.startsWith('system:') || request.subresource === 'scale'
  if (!isTold || isApply(request) || changeOf(kind, request).admitsBody) return write.object
  const instead = restatedFields(write.object.metadata.managedFields, write.old)
  return updateManagedFields(kind, write.old, write.object, {
    manager: managerOf(request), operation: 'Update', subresource: request.subresource, nowText,
    ...write.given ? { given: write.given } : undefined,
    ...resets(write.object, write.old) ? { resets: true } : undefined,
    ...instead ? { instead } : undefined,
  })
}
/** the writer is a client, and writes what is stored: the object itself, or a part of it */
const isNoted = ({ request, user }: Flight): boolean => !ofAnotherForm.has(request.subresource ?? '') && !user.name.startsWith('system:') && !isApply(request)
const ofAnotherForm: ReadonlySet<string> = new Set(['scale', 'binding', 'eviction'])
const isApply = ({ verb, patchType }: ApiRequest): boolean => verb === 'patch' && patchType === 'application/apply-patch+yaml'

// ---- deletes
function mutateDelete(turn: Turn, given: Admitted, target: Target): void {
  const flight = evicting(given) ? withNewestPod(given) : given, { write, request } = flight, admitsBody = changeOf(target.kind, request).admitsBody
  const mutated = admitsBody ? flight : mutate(turn, flight)
  if (!mutated) return
  const deletion = deletionOf(target.kind, write.old!, optionsOf(flight), turn.context.wallMs)
  if ('status' in deletion) return refused(turn, mutated, deletion.status)
  const evicted = evicting(flight) ? judgeEviction(turn, flight) : undefined
  if (evicted && 'status' in evicted) return refused(turn, mutated, evicted.status)
  const next = withWrite(
    mutated,
    'put' in deletion ? { object: deletion.put, removes: false, removesNext: deletion.thenRemove }
    : { object: 'same' in deletion ? write.old : undefined, removes: !('same' in deletion), removesNext: false }
  )
  const validated = admitsBody ? next : validate(turn, next)
  if (!validated) return
  if ('same' in deletion && !evicted?.first.length || request.dryRun) return done(turn, validated, target, next.write.object ?? write.old!)
  const before = evicted ? withWrite(validated, { first: evicted.first }) : validated
  storeFirst(turn, before, undefined, again => mutateDelete(turn, again, target), ready => store(turn, ready, target))
}
function deleteEvicted(turn: Turn, flight: Admitted, target: Target): void {
  const deleting = deletionOfEvicted(turn, flight, target)
  if (deleting) store(turn, deleting, target); else done(turn, flight, target, flight.write.old!)
}
const evicting = ({ request }: Flight): boolean => request.subresource === 'eviction'
const optionsOf = (flight: Admitted): any => evicting(flight) ? evictionOptions(flight) : flight.request.body

// ---- storage
function store(turn: Turn, flight: Admitted, target: Target): void {
  const { write } = flight, key = { resource: write.resource, namespace: write.namespace, name: write.name }
  const expected = Number(write.old!.metadata.resourceVersion)
  if (write.removes) {
    return ask(
      turn, withWrite(flight, { after: releases(turn, storedKind(write.resource, turn.state.cache), write.old!) }, 'store'), { op: 'delete', key, expected }
    )
  }
  const { kind } = target
  put(
    turn, flightWith(flight, { phase: 'store' }), target, expected,
    kind.storedAs && write.operation !== 'DELETE' ? kind.storedAs.toStored(write.object) : write.object
  )
}

function stored(turn: Turn, flight: Admitted, target: Target, result: EtcdResult): void {
  if (!result.ok) return
  const { write } = flight
  if (!result.succeeded) return again(turn, flight, target, result.object)
  if (write.removesNext) {
    return store(turn, withWrite(flight, { old: result.object, object: undefined, removes: true, removesNext: false, marked: true }), target)
  }
  // an update that ended the object answers with what the client made of it
  done(turn, flight, target, write.removes && write.operation === 'UPDATE' ? write.object : result.object ?? write.old!)
}

/** Another writer was faster. */
function again(turn: Turn, flight: Admitted, target: Target, newest: KubeObject | undefined): void {
  const { write, request } = flight, attempts = write.attempts + 1
  // marked as ended without grace, the object was removed by whoever waited for that
  if (write.removes && !newest && write.marked) return done(turn, flight, target, write.old!)
  if (attempts >= (request.verb === 'patch' ? patchConflictLimit : conflictLimit)) return refuseAt(turn, flight, 'storage', conflict(target.kind, write.name))
  change(turn, withWrite(flight, { old: newest, live: true, attempts, first: [] }), target)
}

/** The end of a write that worked: what the client gets, after what is left to be given back. */
function done(turn: Turn, flight: Admitted, target: Target, object: KubeObject): void {
  const { kind } = target
  const { request, write } = flight, passed = pass(turn, flight, 'storage')
  const shown = kind.storedAs && write.operation === 'DELETE' ? kind.storedAs.fromStored(object)
    : kind.storedAs && object.apiVersion !== apiVersionOf(kind) ? kind.storedAs.fromStored(object)
    : object
  const seen = kind.whenRead?.(shown) ?? shown
  if (write.operation !== 'DELETE' || request.subresource === 'eviction') {
    const handler = changeOf(kind, request)
    return conclude(turn, withWrite(passed, { outcome: handler.outcome?.(seen, kind) ?? { code: 200, body: seen } }), target)
  }
  const body = write.removes && !kind.deleteReturnsObject ? deleted(kind, write.name, object.metadata.uid) : shown
  const code = !write.removes && request.body?.orphanDependents === false ? 202 : 200
  conclude(turn, withWrite(passed, { outcome: { code, body } }), target)
}

/** What is left is given back; then the answer, or the next object of a collection. */
function conclude(turn: Turn, flight: Admitted, target: Target): void {
  if (flight.collection && flight.write.after.length === 0) return nextOfCollection(turn, flight, target)
  finish(turn, flight)
}

/** DELETE of a collection: one object after the other, as they were listed. Source: store.go (DeleteCollection). */
export function nextOfCollection(turn: Turn, flight: Flight, target: Target): void {
  const { listed, at } = flight.collection!, next = listed[at]
  if (next) return beginModify(turn, flightWith(flight, { collection: { listed, at: at + 1 } }), target, next.metadata.name, next.metadata.namespace)
  const { kind } = target
  answer(turn, flight, {
    code: 200,
    body: { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata: { resourceVersion: String(turn.state.cache.revision) }, items: listed },
  })
}
const apiVersionOf = ({ group, version }: KindDefinition): string => group ? `${group}/${version}` : version
