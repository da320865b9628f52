import { sameValue } from '../../base/equal.ts'
import { withoutAdmitted } from './admitted.ts'
import { compare, noDifference } from './field-diff.ts'
import { EMPTY, finish, isEmpty, union, without } from './field-set.ts'
import type { Building, FieldSet } from './field-set.ts'
import { typeOf } from './merge-metadata.ts'
import type { TypeSchema } from './schema.ts'

/**
 * Who set which fields of an object. Most objects are never applied and their managedFields never seen, so entries are stored short and
 * spelled out by `expandManagedFields`:
 * `of` — everything that the object had when it was created (a reference to it, sharing its parts with the stored one).
 * Source: k8s.io/apimachinery pkg/util/managedfields, sigs.k8s.io/structured-merge-diff merge (update.go).
 */
export interface ManagedFieldsEntry {
  readonly manager: string
  readonly operation: 'Update' | 'Apply'
  readonly apiVersion: string
  /** none on what went through the subresource `scale` */
  readonly time?: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1?: FieldSet
  readonly subresource?: string
  readonly of?: any
  /** that is the object as it was stored, not as it was written */
  readonly admitted?: boolean
}
/** `type`: of a custom resource, whose shape no table has; its entries are spelled out at once */
export interface Writing {
  readonly manager: string
  readonly operation: 'Update' | 'Apply'
  readonly subresource?: string
  readonly nowText: string
  readonly type?: TypeSchema
  /** what the writer gave, where the server has added to it or keeps what was there */
  readonly given?: any
  /** the writer asked to forget who wrote what before */
  readonly resets?: boolean
  /** …or said it itself */
  readonly instead?: readonly ManagedFieldsEntry[]
}

/** entries of updates that are kept apart; older ones merge into one. Source: managedfields/capmanagers.go */
const updatesLimit = 10, ancient = 'ancient-changes'
/** fields that nobody owns. Source: managedfields/stripmeta.go */
const unowned = [
  'name', 'namespace', 'creationTimestamp', 'uid', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'deletionTimestamp',
  'deletionGracePeriodSeconds',
]

export function typeOfObject(object: any): TypeSchema | undefined {
  const apiVersion: string = object.apiVersion, slash = apiVersion.indexOf('/')
  return slash < 0 ? typeOf('', apiVersion, object.kind) : typeOf(apiVersion.slice(0, slash), apiVersion.slice(slash + 1), object.kind)
}

/** what a write of a kind is not believed to have set, as it may not. Source: GetResetFields of its strategy */
const reset: Readonly<Record<string, readonly string[]>> = { 'certificates.v1.CertificateSigningRequest': ['f:spec'] }

/** Takes out what nobody owns, and what this way of writing does not write: status, or all but status. */
export function stripped(set: Building, subresource: string | undefined, type?: TypeSchema): FieldSet {
  const { 'f:apiVersion': _a, 'f:kind': _k, 'f:metadata': metadata, ...rest } = set
  const kept: Building = { ...rest }
  if (metadata) {
    const owned = { ...metadata }
    for (const name of unowned) delete owned[`f:${name}`]
    delete owned['.']
    kept['f:metadata'] = owned
  }
  const name = type?.is === 'struct' ? type.name : ''
  if (reset[name] && !subresource) for (const element of reset[name]) delete kept[element]
  if (subresource === 'status') for (const element in kept) { if (element !== 'f:status') delete kept[element] }
  else if (type?.is !== 'struct' || !type.schema?.ownsStatus) delete kept['f:status']
  return finish(kept)
}

/** The entry with its fields. */
function spelledOut(entry: ManagedFieldsEntry, object: any): ManagedFieldsEntry {
  if (entry.fieldsV1) return entry
  const { of: stored, admitted, ...rest } = entry, type = typeOfObject(stored.apiVersion ? stored : object), difference = noDifference()
  const created = admitted ? withoutAdmitted(stored) : stored
  compare(type, zeroOf(created), created, difference)
  return { ...rest, fieldsV1: stripped(difference.changed, entry.subresource, type) }
}
/** What a new object has without anybody's doing: parts that Go writes as structs. */
export const zeroOf = (created: any): any => ({ metadata: {}, ...created.spec ? { spec: {} } : undefined })

/** The managedFields of an object as the API shows them. */
export const expandManagedFields = (object: any): readonly ManagedFieldsEntry[] =>
  ((object.metadata?.managedFields ?? []) as readonly ManagedFieldsEntry[]).map(entry => spelledOut(entry, object)).filter(entry => !isEmpty(entry.fieldsV1!))
    .sort(inShownOrder)
/** Source: managedfields/internal/managedfields.go (sortEncodedManagedFields) */
export function inShownOrder(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  for (const key of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const one = a[key] ?? '', other = b[key] ?? ''
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** `next` with its managedFields, after `by` wrote it over `old`. Call it only when something else than managedFields changed. */
export function withManagedFields(old: any, next: any, by: Writing): any {
  // …and nobody is noted again before somebody applies
  if (by.resets) return set(next, [])
  const before: readonly ManagedFieldsEntry[] = by.instead ?? old?.metadata.managedFields ?? []
  const entry: ManagedFieldsEntry = {
    manager: by.manager, operation: by.operation, apiVersion: next.apiVersion, ...by.subresource === 'scale' ? undefined : { time: by.nowText },
    fieldsType: 'FieldsV1',
    ...by.subresource ? { subresource: by.subresource } : undefined,
  }
  if (by.type) return compared(by.type, old, next, by, before, entry)
  if (old === undefined) return set(next, [by.given ? { ...entry, of: snapshot(by.given) } : { ...entry, of: snapshot(next), admitted: true }])
  return compared(typeOfObject(next), old, next, by, before, entry)
}
/** Of an object that nobody is noted for: it had no fields to own when it was made, or such that cannot be told apart. */
export const unnoted = (object: any, by: Writing): any =>
  set(object, [{ manager: by.manager, operation: by.operation, apiVersion: object.apiVersion, fieldsType: 'FieldsV1', time: by.nowText, of: nothing }])
const nothing = Object.freeze({ metadata: {} })
/** whether it is so, and stays so until somebody applies. Source: managedfields/internal/skipnonapplied.go */
export function isUnnoted(object: any): boolean {
  const [first, ...others]: readonly ManagedFieldsEntry[] = object.metadata.managedFields ?? []
  return first?.of !== undefined && others.length === 0 && isEmpty(spelledOut(first, object).fieldsV1!)
}
function compared(type: TypeSchema | undefined, old: any, next: any, by: Writing, before: readonly ManagedFieldsEntry[], entry: ManagedFieldsEntry): any {
  const difference = noDifference()
  compare(type, old ?? { metadata: {} }, by.given ?? next, difference)
  const changed = stripped(difference.changed, by.subresource, type), removed = stripped(difference.removed, by.subresource, type)
  if (isEmpty(changed) && isEmpty(removed)) return set(next, before)
  const others = before.filter(e => !isSameWriter(e, entry))
    .map(e => withoutFields(e, old, union(changed, removed)))
    .filter(e => e.of || !isEmpty(e.fieldsV1!))
  const own = before.find(e => isSameWriter(e, entry)), fieldsV1 = without(union(own ? spelledOut(own, old).fieldsV1! : EMPTY, changed), removed)
  return set(next, capped(isEmpty(fieldsV1) ? others : [...others, { ...entry, fieldsV1 }]))
}
/** An object as it is now, without what its entry does not own or what would keep older objects alive. */
function snapshot({ status: _, ...object }: any): any {
  if (object.metadata.managedFields === undefined) return object
  const { managedFields: _m, ...metadata } = object.metadata
  return { ...object, metadata }
}
function set(object: any, managedFields: readonly ManagedFieldsEntry[]): any {
  if (object.metadata.managedFields === managedFields) return object
  const { managedFields: before, ...metadata } = object.metadata
  return managedFields.length > 0 ? { ...object, metadata: { ...metadata, managedFields } } : before === undefined ? object : { ...object, metadata }
}
/**
 * Whether a client gives managedFields away: none at all, or one empty entry, take the place of those that were there.
 * Source: k8s.io/apimachinery pkg/util/managedfields/fieldmanager.go (isResetManagedFields)
 */
export const resetsManagedFields = (managedFields: unknown): boolean => Array.isArray(managedFields)
  && (managedFields.length === 0 || managedFields.length === 1 && Object.keys(managedFields[0] ?? {}).length === 0)
export const isSameWriter = (a: ManagedFieldsEntry, b: Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): boolean =>
  a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource && (a.operation === 'Apply' || a.apiVersion === b.apiVersion)

/** Whether the same writers are noted for the same fields, at whatever times. */
export function sameOwners(a: any, b: any): boolean {
  if (a.metadata.managedFields === b.metadata.managedFields) return true
  const one = expandManagedFields(a), other = expandManagedFields(b)
  return one.length === other.length && one.every(e => other.some(o => isSameWriter(e, o) && sameValue(e.fieldsV1, o.fieldsV1)))
}

/** An entry that lost fields to another writer; itself if it had none of them. */
export function withoutFields(entry: ManagedFieldsEntry, object: any, lost: FieldSet): ManagedFieldsEntry {
  const full = spelledOut(entry, object), fieldsV1 = without(full.fieldsV1!, lost)
  return sameValue(fieldsV1, full.fieldsV1) ? entry : { ...full, fieldsV1 }
}

function capped(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const updates = entries.filter(e => e.operation === 'Update' && e.fieldsV1 && !e.subresource)
  if (updates.length <= updatesLimit) return entries
  const old = new Set([...updates].sort((a, b) => a.time! < b.time! ? -1 : a.time! > b.time! ? 1 : 0).slice(0, updates.length - updatesLimit + 1))
  const merged = [...old].reduce((sum, e) => union(sum, e.fieldsV1!), EMPTY)
  return [...entries.filter(e => !old.has(e)), { ...updates[0], manager: ancient, fieldsV1: merged }]
}
