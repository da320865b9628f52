import { collect, compare, noDifference, withNamedFields } from '../../api/field-diff.ts'
import { goJson } from '../../api/go-json.ts'
import { EMPTY, finish, intersection, isEmpty, pathsOf, union, without } from '../../api/field-set.ts'
import type { Building, FieldSet } from '../../api/field-set.ts'
import { expandManagedFields, isSameWriter, stripped, typeOfObject, withoutFields, zeroOf } from '../../api/managed-fields.ts'
import type { ManagedFieldsEntry } from '../../api/managed-fields.ts'
import type { TypeSchema } from '../../api/schema.ts'
import { applyConflict } from '../../api/status.ts'
import type { PatchOptions, PatchResult } from './index.ts'
import { mergeTyped, removeFields, withoutEmptied } from './typed-merge.ts'

/**
 * Server-side apply: the configuration is merged into the live object; what this manager applied before and now leaves out goes unless
 * somebody else owns it too; what others own and would get another value is a conflict, or with force becomes this manager's.
 * Source: structured-merge-diff merge/update.go (Apply), k8s.io/apimachinery pkg/util/managedfields/internal (structuredmerge.go, conflict.go).
 */
export function serverSideApply(current: any, config: any, options: PatchOptions, custom?: TypeSchema): PatchResult {
  const type = custom ?? typeOfObject(config)
  const entry = { manager: options.manager, operation: 'Apply' as const, apiVersion: config.apiVersion, subresource: options.subresource }
  const collected: Building = {}
  collect(type, config, collected)
  const applied = stripped(collected, options.subresource, type), written: ManagedFieldsEntry = {
    manager: options.manager, operation: 'Apply', apiVersion: config.apiVersion, time: options.nowText, fieldsType: 'FieldsV1', fieldsV1: applied,
    ...options.subresource ? { subresource: options.subresource } : undefined,
  }
  if (current === undefined) return { object: { ...config, metadata: { ...config.metadata, ...isEmpty(applied) ? undefined : { managedFields: [written] } } } }
  const entries = knownEntries(current, options, type), own = entries.find(e => isSameWriter(e, entry)), others = entries.filter(e => e !== own)
  const merged = prune(type, mergeTyped(type, current, config), own?.fieldsV1 ?? EMPTY, finish(collected), others)
  const difference = noDifference(true)
  compare(type, current, merged, difference)
  const changed = stripped(difference.changed, options.subresource, type)
  const conflicts = others.map(e => ({ entry: e, paths: intersection(e.fieldsV1!, changed) })).filter(c => !isEmpty(c.paths))
  const unforeseen = conflicts.length === 0 || options.force ? []
    : options.manager === 'kubectl' ? beyond(conflicts, lastApplied(type, current))
    : conflicts
  if (unforeseen.length > 0) return { status: refusal(unforeseen) }
  const removed = stripped(difference.removed, options.subresource, type)
  const left = others.map(e => withoutFields(withoutFields(e, current, changed), current, removed)).filter(e => !isEmpty(e.fieldsV1!))
  // the time of an entry is that of a change
  const isSame = isEmpty(finish(difference.changed)) && isEmpty(finish(difference.removed)), { time: _, ...untimed } = written
  const kept = !isSame ? written : own?.time ? { ...untimed, time: own.time } : untimed
  const whole = withoutEmptied(merged)
  const object = options.manager === 'kubectl' && whole.metadata.annotations?.[LAST_APPLIED] !== undefined ? withLastApplied(whole, config) : whole
  const owners = isEmpty(applied) ? left : [...left, kept]
  if (owners.length === 0) return { object: ownedByNobody(object, isSame ? current : undefined) }
  return { object: { ...object, metadata: { ...object.metadata, managedFields: owners } } }
}
/** Nothing is anybody's: an object in which nothing has changed is what it was. */
function ownedByNobody(object: any, same: any): any {
  const { managedFields: _, ...metadata } = object.metadata, before = same?.metadata.managedFields
  return { ...object, metadata: before === undefined ? metadata : { ...metadata, managedFields: before } }
}

/** Entries spelled out; an object that nobody is known to have written belongs to `before-first-apply`. */
function knownEntries(current: any, options: PatchOptions, type: TypeSchema | undefined): readonly ManagedFieldsEntry[] {
  const entries = expandManagedFields(current)
  if (entries.length > 0) return entries
  const difference = noDifference()
  compare(type, zeroOf(current), current, difference)
  return [{
    manager: 'before-first-apply', operation: 'Update', apiVersion: current.apiVersion, time: options.nowText, fieldsType: 'FieldsV1',
    fieldsV1: stripped(difference.changed, undefined, type),
  }]
}

/**
 * Without what this manager applied before and nobody says any more: struct fields go with all that is in them, what somebody owns is put back, and so is
 * what was never applied. `applied`: all that the configuration says, the name included. Source: structured-merge-diff merge/update.go (prune,
 * addBackOwnedItems, addBackDanglingItems)
 */
function prune(type: TypeSchema | undefined, merged: any, before: FieldSet, applied: FieldSet, others: readonly ManagedFieldsEntry[]): any {
  if (isEmpty(without(before, applied))) return merged
  const named = (set: FieldSet): FieldSet => withNamedFields(type, set), all = named(fieldsOf(type, merged)), last = named(before)
  const owned = others.reduce((set, e) => union(set, named(e.fieldsV1!)), named(applied))
  const left = (value: any): FieldSet => named(fieldsOf(type, value))
  const pruned = removeFields(type, merged, without(all, union(left(removeFields(type, merged, last)), owned)))
  return removeFields(type, merged, intersection(without(all, left(pruned)), last))
}
function fieldsOf(type: TypeSchema | undefined, value: any): FieldSet {
  const set: Building = {}
  collect(type, value, set)
  return finish(set)
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** kubectl's own server-side apply keeps the annotation of the other kind true. Source: managedfields/internal/lastappliedupdater.go. */
function withLastApplied(merged: any, config: any): any {
  const { annotations: own, ...metadata } = config.metadata, { [LAST_APPLIED]: _, ...annotations } = own ?? {}
  const text = `${goJson({ ...config, metadata: own === undefined ? metadata : { ...metadata, annotations } })}\n`
  return { ...merged, metadata: { ...merged.metadata, annotations: { ...merged.metadata.annotations, [LAST_APPLIED]: text } } }
}
interface Conflict { readonly entry: ManagedFieldsEntry; readonly paths: FieldSet }
/** What client-side apply wrote, by its annotation: kubectl may take over what is still so. Source: managedfields/internal/lastappliedmanager.go. */
function lastApplied(type: TypeSchema | undefined, current: any): FieldSet {
  const text = current.metadata?.annotations?.[LAST_APPLIED], set: Building = {}
  if (text === undefined) return EMPTY
  const applied = parsed(text), since = noDifference()
  if (applied === undefined) return EMPTY
  collect(type, applied, set)
  compare(type, applied, current, since)
  return [since.changed, since.removed].reduce((left, gone) => without(left, stripped(gone, undefined, type)), stripped(set, undefined, type))
}
const parsed = (text: string): any => { try { return JSON.parse(text) } catch { return undefined } }
const beyond = (conflicts: readonly Conflict[], allowed: FieldSet): readonly Conflict[] =>
  conflicts.map(c => ({ ...c, paths: without(c.paths, allowed) })).filter(c => !isEmpty(c.paths))

function refusal(conflicts: readonly Conflict[]): ReturnType<typeof applyConflict> {
  const all = conflicts.flatMap(c => pathsOf(c.paths).map(path => ({ manager: managerText(c.entry), path }))).sort((a, b) =>
    a.manager < b.manager ? -1 : a.manager > b.manager ? 1 : 0)
  const causes = all.map(c => ({ message: `conflict with ${c.manager}`, field: c.path }))
  if (all.length === 1) return applyConflict(`Apply failed with 1 conflict: conflict with ${all[0].manager}: ${all[0].path}`, causes)
  const lines = [...new Set(all.map(c => c.manager))].flatMap(manager =>
    [`conflicts with ${manager}:`, ...all.filter(c => c.manager === manager).map(c => `- ${c.path}`)])
  return applyConflict(`Apply failed with ${all.length} conflicts: ${lines.join('\n')}`, causes)
}
const managerText = (e: ManagedFieldsEntry): string =>
  `${JSON.stringify(e.manager)}${e.subresource ? ` with subresource ${JSON.stringify(e.subresource)}` : ''}${e.operation === 'Update' ? ` using ${e.apiVersion}` : ''}`
