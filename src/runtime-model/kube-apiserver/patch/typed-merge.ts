import { elementOf } from '../../api/field-diff.ts'
import type { FieldSet } from '../../api/field-set.ts'
import { isMember } from '../../api/field-set.ts'
import { itemOf, memberOf } from '../../api/merge-metadata.ts'
import type { Member } from '../../api/merge-metadata.ts'
import type { TypeSchema } from '../../api/schema.ts'

/** How an applied configuration meets the live object. Source: sigs.k8s.io/structured-merge-diff typed (merge.go, remove.go). */
const isMap = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `live` with everything that `applied` says: maps by field, lists by item, atomic parts whole. */
export function mergeTyped(type: TypeSchema | undefined, live: any, applied: any): any {
  const merged: any = { ...live }
  for (const name in applied) {
    const member = memberOf(type, name), value = applied[name], before = merged[name]
    if (value === undefined || value === null && hasParts(member, before)) continue
    if (isMap(value) && isMap(before) && member?.topology !== 'atomic') merged[name] = mergeTyped(member?.type, before, value)
    else if (Array.isArray(value) && Array.isArray(before) && member
      && (member.topology === 'map' || member.topology === 'set')) merged[name] = mergeItems(member, before, value)
    else merged[name] = value
  }
  return merged
}

/** A map, struct or list of items with something in it: nothing said of its parts, they stay. A null is the value of anything else. */
function hasParts(member: Member | undefined, before: any): boolean {
  if (isMap(before)) return member?.topology !== 'atomic' && Object.keys(before).length > 0
  return Array.isArray(before) && (member?.topology === 'map' || member?.topology === 'set') && before.length > 0
}

/**
 * Items of both lists: those of both in the order of `applied`, live ones where they stand before the next of both, new ones where they are applied.
 * Source: structured-merge-diff typed/merge.go (mergeListItems)
 */
function mergeItems(member: Member, live: readonly any[], applied: readonly any[]): readonly any[] {
  const idOf = (item: any): string | undefined => elementOf(member, item), had = new Map(live.map(item => [idOf(item), item]))
  const wanted = new Set(applied.map(idOf)), shared = applied.map(idOf).filter(id => had.has(id)), done = new Set<string | undefined>(), merged: any[] = []
  const take = (item: any): void => {
    const id = idOf(item), before = had.get(id)
    done.add(id)
    merged.push(isMap(item) && isMap(before) ? mergeTyped(itemOf(member), before, item) : item)
  }
  let next = shared.shift(), l = 0, r = 0
  while (l < live.length || r < applied.length) {
    const left = l < live.length ? idOf(live[l]) : undefined, right = r < applied.length ? idOf(applied[r]) : undefined
    if (l < live.length && r < applied.length) {
      if (left === right) { take(applied[r]); l++; r++; next = shared.shift(); continue }
      if (wanted.has(left) && next !== undefined && next !== left) { l++; continue }
    }
    if (l < live.length) {
      if (!wanted.has(left)) { merged.push(live[l++]); continue }
      if (done.has(left)) l++
    }
    if (r < applied.length) {
      take(applied[r++])
      if (next === right) next = shared.shift()
    }
  }
  return merged
}

/** a map of which nothing is left: as good as absent, and yet its owners keep it */
const emptied = Object.freeze({})
/** `value` without what has been emptied. */
export function withoutEmptied(value: any): any {
  if (Array.isArray(value)) return value.map(withoutEmptied)
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== emptied).map(([name, inner]) => [name, withoutEmptied(inner)]))
}
/** `value` without the members of `set`. */
export function removeFields(type: TypeSchema | undefined, value: any, set: FieldSet): any {
  const left: any = { ...value }
  for (const element in set) {
    if (!element.startsWith('f:')) continue
    const name = element.slice(2), node = set[element], member = memberOf(type, name)
    if (left[name] === undefined) continue
    if (isMember(node)) { delete left[name]; continue }
    left[name] = Array.isArray(left[name]) && member ? removeItems(member, left[name], node) : removeFields(member?.type, left[name], node)
    if (isMap(left[name]) && Object.keys(left[name]).length === 0) left[name] = emptied
    else if (Array.isArray(left[name]) && left[name].length === 0) delete left[name]
  }
  return left
}
function removeItems(member: Member, list: readonly any[], set: FieldSet): readonly any[] {
  return list.flatMap(item => {
    const element = elementOf(member, item), node = element === undefined ? undefined : set[element]
    if (node === undefined) return [item]
    return isMember(node) ? [] : [removeFields(itemOf(member), item, node)]
  })
}
