import { itemOf, memberOf, typeOf, type Member } from '../../../runtime-model/api/merge-metadata.ts'
import type { TypeSchema } from '../../../runtime-model/api/schema.ts'
import type { PatchType } from '../../../runtime-model/api/request.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'

/**
 * Strategic merge patches as kubectl computes them, with their directives. Source: k8s.io/apimachinery pkg/util/strategicpatch/patch.go
 * (diffMaps, diffLists, CreateTwoWayMergePatch, CreateThreeWayMergePatch).
 */
type Json = any
interface Options { readonly ignoreDeletions?: boolean; readonly ignoreChanges?: boolean }

/** From `old` to `fresh`; `{}` if they are the same. */
export const twoWay = (kind: KindDefinition, old: Json, fresh: Json): Json => diffMaps(old, fresh, typeOf(kind.group, kind.version, kind.kind), {}, false)

/**
 * What makes `current` as `modified` says, and takes away what `original` (the last configuration that was applied) said and
 * `modified` no longer says; what others added stays.
 */
export function threeWay(kind: KindDefinition, original: Json, modified: Json, current: Json): Json {
  const type = typeOf(kind.group, kind.version, kind.kind)
  const changes = diffMaps(current, modified, type, { ignoreDeletions: true }, false)
  const deletions = diffMaps(original, modified, type, { ignoreChanges: true }, false)
  return mergePatches(deletions, changes, type)
}

/** Kinds without Go types are patched by plain JSON merge. */
export const patchTypeFor = (kind: KindDefinition): PatchType =>
  typeOf(kind.group, kind.version, kind.kind) ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json'

const isMap = (value: Json): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const sort = (value: Json): string => Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value

export function same(a: Json, b: Json): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((v, i) => same(v, b[i]))
  if (!isMap(a) || !isMap(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(k => Object.hasOwn(b, k) && same(a[k], b[k]))
}

function diffMaps(old: Json, fresh: Json, type: TypeSchema | undefined, options: Options, retain: boolean): Json {
  const patch: Json = {}, kept: string[] = []
  for (const key of Object.keys(old).sort()) {
    if (!Object.hasOwn(fresh, key)) { if (!options.ignoreDeletions) patch[key] = null; continue }
    kept.push(key)
    const before = old[key], after = fresh[key], member = memberOf(type, key)
    if (sort(before) !== sort(after)) { if (!options.ignoreChanges) patch[key] = after }
    else if (isMap(before)) {
      if (member?.patch === 'replace') { if (!options.ignoreChanges) patch[key] = after; continue }
      const inner = diffMaps(before, after, member?.type, options, member?.retainKeys ?? false)
      if (Object.keys(inner).length > 0) patch[key] = inner
    } else if (Array.isArray(before) && member?.type.is === 'list' && member.patch === 'merge') diffLists(patch, key, before, after, member, options)
    else if (!options.ignoreChanges && !same(before, after)) patch[key] = after
  }
  if (!options.ignoreChanges) for (const key of Object.keys(fresh)) if (!Object.hasOwn(old, key)) { patch[key] = fresh[key]; kept.push(key) }
  if (retain && kept.length > 0 && (Object.keys(patch).length > 0 || Object.keys(old).some(k => old[k] !== null && !Object.hasOwn(fresh, k)))) {
    patch['$retainKeys'] = Object.keys(fresh).sort()
  }
  return patch
}

function diffLists(patch: Json, key: string, before: Json[], after: Json[], member: Member, options: Options): void {
  if (before.length === 0 && after.length === 0) return
  if (isMap(before[0] ?? after[0])) {
    const id = member.patchKey
    if (!id) { if (!options.ignoreChanges && !same(before, after)) patch[key] = after; return }
    const order = after.map(item => ({ [id]: item[id] })), changes = diffItems(before, after, id, member, options)
    if (changes.length > 0) patch[key] = changes
    if (changes.length > 0 || (!options.ignoreChanges && !sameOrder(before.map(i => i[id]), after.map(i => i[id])))) patch[`$setElementOrder/${key}`] = order
    return
  }
  const added = options.ignoreChanges ? [] : after.filter(v => !before.includes(v))
  const gone = options.ignoreDeletions ? [] : before.filter(v => !after.includes(v))
  if (added.length > 0) patch[key] = added
  if (gone.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = gone
  if (added.length > 0 || gone.length > 0 || (!options.ignoreChanges && !sameOrder(before, after))) patch[`$setElementOrder/${key}`] = after
}
/** Do the members that both have stand in the same order? */
function sameOrder(before: Json[], after: Json[]): boolean {
  const a = before.filter(v => after.includes(v)), b = after.filter(v => before.includes(v))
  return same(a, b)
}

function diffItems(before: Json[], after: Json[], id: string, member: Member, options: Options): Json[] {
  const known = new Map(before.map(item => [item[id], item])), changes: Json[] = []
  for (const item of after) {
    const old = known.get(item[id])
    if (!old) { if (!options.ignoreChanges) changes.push(item); continue }
    const inner = diffMaps(old, item, itemOf(member), options, member.retainKeys)
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [id]: item[id] })
  }
  if (!options.ignoreDeletions) for (const item of before) if (!after.some(i => i[id] === item[id])) changes.push({ $patch: 'delete', [id]: item[id] })
  return changes
}

/** Two patches of one object in one; where both speak, the second holds. */
function mergePatches(first: Json, second: Json, type: TypeSchema | undefined): Json {
  const merged: Json = { ...first }
  for (const key of Object.keys(second)) {
    const a = first[key], b = second[key], member = memberOf(type, key)
    if (isMap(a) && isMap(b)) merged[key] = mergePatches(a, b, member?.type)
    else if (Array.isArray(a) && Array.isArray(b) && member?.patch === 'merge'
      && member.patchKey) merged[key] = arranged(mergeItems(a, b, member.patchKey, itemOf(member)), second[`$setElementOrder/${key}`], member.patchKey)
    else merged[key] = b
  }
  return merged
}
/** An API server wants items of a patch in the order that the patch gives; those to be deleted come after them. */
function arranged(items: Json[], order: Json[] | undefined, id: string): Json[] {
  if (!order) return items
  const rank = (item: Json): number => { const at = order.findIndex(o => o[id] === item[id]); return at < 0 ? order.length : at }
  return [...items].sort((x, y) => rank(x) - rank(y))
}
function mergeItems(a: Json[], b: Json[], id: string, type: TypeSchema): Json[] {
  const rest = b.filter(item => !a.some(i => i[id] === item[id]))
  return [...a.map(item => { const other = b.find(i => i[id] === item[id]); return other ? mergePatches(item, other, type) : item }), ...rest]
}
