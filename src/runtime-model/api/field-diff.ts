import { sameValue } from '../../base/equal.ts'
import type { Building, FieldSet } from './field-set.ts'
import { childOf, isMember } from './field-set.ts'
import { itemOf, keyOf, memberOf } from './merge-metadata.ts'
import type { Member } from './merge-metadata.ts'
import { structOf, type TypeSchema } from './schema.ts'

/**
 * Which fields of an object a value has, or two values differ in, along the object's schema. Parts that are the same value are not looked at.
 * Source: sigs.k8s.io/structured-merge-diff typed (compare.go, tofieldset.go).
 */
const isMap = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const granular = (member: Member | undefined): boolean => member === undefined || member.topology !== 'atomic'
/** a type under an unknown field: everything below it is by name */
const unknown: Member = { type: { is: 'scalar', name: 'any' }, patch: 'merge', retainKeys: false, topology: 'granular', keys: [] }

/** `k:{"name":"app"}`, `v:"x"` of an item; undefined: it has no key */
export function elementOf(member: Member, item: any): string | undefined {
  if (member.topology === 'set') return `v:${JSON.stringify(item)}`
  const key = keyOf(member, item)
  return key && `k:${JSON.stringify(Object.fromEntries(Object.keys(key).sort().map(name => [name, key[name]])))}`
}
const keyed = (member: Member): boolean => member.topology === 'map' || member.topology === 'set'

/**
 * Everything in `value`, as an apply owns it: leaves, atomic parts as a whole, and items of lists. `withMaps`: maps, structs and lists too, as an update owns
 * what it adds.
 */
export function collect(type: TypeSchema | undefined, value: any, into: Building, withMaps = false): void {
  for (const name in value) {
    if (value[name] === undefined || withMaps && isLeftOut(type, name, value[name])) continue
    collectMember(memberOf(type, name) ?? unknown, value[name], childOf(into, `f:${name}`), withMaps || isEntry(type, name), withMaps)
  }
}
function collectMember(member: Member, value: any, into: Building, self: boolean, withMaps: boolean): void {
  if (isMap(value) && granular(member)) {
    if (self || Object.keys(value).length === 0) into['.'] = {}
    collect(member.type, value, into, withMaps)
  } else if (Array.isArray(value) && keyed(member)) {
    // an empty list of items is nobody's by an apply
    if (self) into['.'] = {}
    for (const item of value) {
      const element = elementOf(member, item)
      if (element !== undefined) collectItem(member, item, childOf(into, element), withMaps)
    }
  } else into['.'] = {}
}
function collectItem(member: Member, item: any, into: Building, withMaps: boolean): void {
  into['.'] = {}
  if (isMap(item) && !isWhole(itemOf(member))) collect(itemOf(member), item, into, withMaps)
}
/** A struct that has one owner as a whole: a reference to a Secret. */
const isWhole = (type: TypeSchema): boolean => type.is === 'struct' && structOf(type)?.map === 'atomic'
/** Entries of maps are owned themselves; fields of structs only through what is in them. */
const isEntry = (type: TypeSchema | undefined, name: string): boolean => type?.is !== 'struct' || !structOf(type)?.byName.has(name)
/**
 * Whether the field can be absent, so that to set it is a change of its own: not so for structs by value (`spec`, `template`), nor for lists that Go writes
 * even when they are empty (`containers`).
 */
function isNullable(type: TypeSchema | undefined, name: string): boolean {
  if (type?.is !== 'struct') return true
  const field = structOf(type)?.byName.get(name)
  return field === undefined || field.pointer || (field.type.is !== 'struct' && (type.schema !== undefined || field.omitEmpty || field.type.is === 'scalar'))
}

/** what a field that is always written is before anybody sets it */
function isZero(type: TypeSchema | undefined, name: string, value: unknown): boolean {
  if (value === null) return true
  const field = type?.is === 'struct' && !type.schema ? structOf(type)?.byName.get(name) : undefined
  return field !== undefined && !field.pointer && !field.omitEmpty && field.type.is === 'scalar' && (value === 0 || value === '' || value === false)
}

/** an empty list or map of a field that is encoded only when something is in it */
function isLeftOut(type: TypeSchema | undefined, name: string, value: any): boolean {
  if (typeof value !== 'object' || value === null || type?.is !== 'struct' || type.schema) return false
  for (const _ in value) return false
  const field = structOf(type)?.byName.get(name)
  return field !== undefined && field.omitEmpty && !field.pointer && (field.type.is === 'list' || field.type.is === 'map')
}

/** `literal`: of a document as it was sent, where a null and an empty map are values of their own, rather than of an object in memory */
export interface Difference { readonly changed: Building; readonly removed: Building; readonly literal: boolean }
export const noDifference = (literal = false): Difference => ({ changed: {}, removed: {}, literal })
const within = ({ changed, removed, literal }: Difference, element: string): Difference =>
  ({ changed: childOf(changed, element), removed: childOf(removed, element), literal })

/** Adds what is new or different in `next` to `changed`, what is gone to `removed`. */
export function compare(type: TypeSchema | undefined, old: any, next: any, out: Difference): void {
  if (old === next) return
  for (const name in next) {
    const before = old?.[name], now = next[name]
    if (now === before || now === undefined) continue
    if (!out.literal && (isLeftOut(type, name, now) || before === undefined && isZero(type, name, now))) continue
    const member = memberOf(type, name) ?? unknown, element = `f:${name}`
    // a struct that cannot be absent was there, without anything in it
    if (before === undefined && isMap(now) && member.type.is === 'struct' && !isNullable(type, name)) compareMember(member, {}, now, out, element)
    else if (before === undefined) collectMember(member, now, childOf(out.changed, element), isNullable(type, name), true)
    else compareMember(member, before, now, out, element)
  }
  for (const name in old) {
    if (old[name] !== undefined && (next?.[name] === undefined || !out.literal && isLeftOut(type, name, next[name]))) {
      collectMember(memberOf(type, name) ?? unknown, old[name], childOf(out.removed, `f:${name}`), true, true)
    }
  }
}

/** A null where the other has parts is as good as empty: only the parts differ. */
const beside = (member: Member, value: any, other: any): any => value !== null ? value
  : Array.isArray(other) && keyed(member) && other.length > 0 ? none
  : isMap(other) && granular(member) && Object.keys(other).length > 0 ? {}
  : value
const none: readonly any[] = Object.freeze([])
function compareMember(member: Member, was: any, is: any, out: Difference, element: string): void {
  const before = beside(member, was, is), now = beside(member, is, was)
  if (isMap(before) && isMap(now) && granular(member)) {
    compare(member.type, before, now, within(out, element))
  } else if (Array.isArray(before) && Array.isArray(now) && keyed(member)) {
    compareItems(member, before, now, within(out, element))
  } else if (!(out.literal ? sameValue(before, now) : sameParts(member.type, before, now))) childOf(out.changed, element)['.'] = {}
}
/** Structs by what is encoded of them, lists by what is in memory: an empty list in an item of one is another than none. Source: smd value/listreflect.go. */
function sameParts(type: TypeSchema | undefined, before: any, now: any): boolean {
  if (type?.is !== 'struct' || !isMap(before) || !isMap(now)) return sameValue(before, now)
  const told = (value: any, name: string): any => isLeftOut(type, name, value[name]) ? undefined : value[name]
  return [before, now].every(value => Object.keys(value).every(name => sameParts(memberOf(type, name)?.type, told(before, name), told(now, name))))
}

function compareItems(member: Member, before: readonly any[], now: readonly any[], out: Difference): void {
  const old = new Map(before.map(item => [elementOf(member, item), item])), seen = new Set<string | undefined>()
  for (const item of now) {
    const element = elementOf(member, item)
    seen.add(element)
    if (element === undefined) continue
    const previous = old.get(element)
    if (previous === item) continue
    if (previous !== undefined) {
      if (isWhole(itemOf(member))) { if (!sameValue(previous, item)) childOf(out.changed, element)['.'] = {} }
      else if (isMap(item)) compare(itemOf(member), previous, item, within(out, element))
      continue
    }
    collectItem(member, item, childOf(out.changed, element), true)
  }
  for (const [element, item] of old) {
    if (element !== undefined && !seen.has(element)) collectItem(member, item, childOf(out.removed, element), true)
  }
}

/** The set with every named field of a struct in it, which is there as soon as something below it is. Source: fieldpath (EnsureNamedFieldsAreMembers) */
export function withNamedFields(type: TypeSchema | undefined, set: FieldSet): FieldSet {
  const named: Building = {}
  for (const element in set) {
    if (element === '.') { named['.'] = {}; continue }
    const name = element.slice(2), member = element.startsWith('f:') ? memberOf(type, name) : undefined
    const isField = element.startsWith('f:') && !isEntry(type, name)
    const inner = withNamedFields(
      member ? member.type : element.startsWith('f:') ? undefined : type?.is === 'list' ? type.items : type, set[element]
    ) as Building
    named[element] = isField || isMember(set[element]) ? { ...inner, '.': {} } : inner
  }
  return named
}
