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
    if (value === null || value === undefined) continue
    if (isMap(value) && isMap(before) && member?.topology !== 'atomic') merged[name] = mergeTyped(member?.type, before, value)
    else if (Array.isArray(value) && Array.isArray(before) && member
      && (member.topology === 'map' || member.topology === 'set')) merged[name] = mergeItems(member, before, value)
    else merged[name] = value
  }
  return merged
}

/** Items of both lists: shared and new ones in the order of `applied`, live ones in between where they were. */
function mergeItems(member: Member, live: readonly any[], applied: readonly any[]): readonly any[] {
  const wanted = new Set(applied.map(item => elementOf(member, item))), had = new Map(live.map(item => [elementOf(member, item), item]))
  const merged: any[] = []
  let i = 0
  const takeLive = (): void => { for (; i < live.length && !wanted.has(elementOf(member, live[i])); i++) merged.push(live[i]) }
  for (const item of applied) {
    takeLive()
    const before = had.get(elementOf(member, item))
    merged.push(isMap(item) && isMap(before) ? mergeTyped(itemOf(member), before, item) : item)
    if (before !== undefined && i < live.length) i++
  }
  for (; i < live.length; i++) if (!wanted.has(elementOf(member, live[i]))) merged.push(live[i])
  return merged
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
    if (isMap(left[name]) && Object.keys(left[name]).length === 0 || Array.isArray(left[name]) && left[name].length === 0) delete left[name]
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
