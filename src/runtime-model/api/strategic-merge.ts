import { sameValue } from '../../base/equal.ts'
import { itemOf, memberOf } from './merge-metadata.ts'
import type { Member } from './merge-metadata.ts'
import type { TypeSchema } from './schema.ts'
import { goText } from './go-text.ts'

/**
 * Strategic merge: objects merge by field, lists with a merge key item by item, lists of scalars as sets, other lists whole. Directives:
 * `$patch: delete | replace`, `$retainKeys`, `$setElementOrder/LIST`, `$deleteFromPrimitiveList/LIST`. Parts that the patch leaves alone stay the same values.
 * Source: k8s.io/apimachinery pkg/util/strategicpatch/patch.go.
 */
export class StrategicMergeError extends Error {}
/** What is no patch at all is the client's mistake. */
export class StrategicFormatError extends StrategicMergeError {}

const orderWord = '$setElementOrder', order = `${orderWord}/`, drop = '$deleteFromPrimitiveList/', retain = '$retainKeys', directive = '$patch'
const isObject = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

export function strategicMerge(type: TypeSchema | undefined, current: any, patch: any): any {
  if (hasDirectives(patch)) return directed(type, current, patch)
  let merged: any
  for (const key in patch) {
    const value = patch[key]
    if (value === null) { if (key in current) delete (merged ??= { ...current })[key]; continue }
    const next = typeof value === 'object' ? mergeValue(memberOf(type, key), current[key], value, undefined) : value
    if (next !== current[key] && next !== undefined) (merged ??= { ...current })[key] = next
  }
  return merged ?? current
}
function hasDirectives(patch: any): boolean {
  for (const key in patch) if (key.charCodeAt(0) === dollar) return true
  return false
}
const dollar = 36

function directed(type: TypeSchema | undefined, current: any, patch: any): any {
  if (patch[directive] !== undefined) {
    if (patch[directive] === 'delete') return {}
    if (patch[directive] === 'replace') { const { [directive]: _, ...rest } = patch; return rest }
    throw new StrategicMergeError(`unknown patch type: ${String(patch[directive])} in map: ${goText(patch)}`)
  }
  const merged: any = { ...current }, kept = keptFields(patch)
  if (kept !== undefined) for (const key in merged) if (!kept.includes(key)) delete merged[key]
  for (const key in patch) {
    if (key.startsWith(orderWord) && !key.startsWith(order)) throw new StrategicFormatError('invalid patch format of setElementOrder list')
    if (key === directive || key === retain || key.startsWith(drop)) continue
    if (key.startsWith(order)) {
      const list = key.slice(order.length)
      if (!(list in patch) && Array.isArray(merged[list])) merged[list] = arrange(memberOf(type, list), merged[list], [], patch[key], merged[list])
      continue
    }
    const value = patch[key], ordered = patch[order + key]
    if (value === null) delete merged[key]
    else {
      if (Array.isArray(ordered) && Array.isArray(value)) inOrder(memberOf(type, key), current[key] ?? [], value, ordered)
      const next = mergeValue(memberOf(type, key), merged[key], value, ordered)
      if (next === undefined) delete merged[key]; else merged[key] = next
    }
  }
  for (const key in patch) if (key.startsWith(drop)) {
    const list = key.slice(drop.length), left = (merged[list] as readonly any[] | undefined)?.filter(item => !(patch[key] as readonly any[]).includes(item))
    if (left) merged[list] = left
  }
  return merged
}

/** Source: patch.go (applyRetainKeysDirective) */
function keptFields(patch: any): readonly string[] | undefined {
  const kept = patch[retain]
  if (kept === undefined) return undefined
  const saysOf = (key: string): boolean => key !== retain && patch[key] !== null && !key.startsWith(drop) && !key.startsWith(order)
  if (!Array.isArray(kept) || Object.keys(patch).some(key => saysOf(key) && !kept.includes(key))) throw new StrategicFormatError('invalid patch format of retainKeys')
  return kept
}

/** What the patch adds or changes has to stand in the order it gives. Source: patch.go (validatePatchWithSetOrderList) */
function inOrder(member: Member | undefined, current: readonly any[], list: readonly any[], ordered: readonly any[]): void {
  if (current.length === 0 && list.length === 0) throw new StrategicMergeError('no elements in any of the given slices')
  const key = member?.patchKey, idOf = (item: any): any => key !== undefined && isObject(item) ? item[key] : item
  const items = key === undefined ? list : list.filter(item => item?.[directive] !== 'delete')
  if (key !== undefined && items.some(item => item?.[key] === undefined)) return // that is told first
  let at = 0
  for (const item of ordered) if (at < items.length && sameValue(idOf(items[at]), idOf(item))) at++
  if (at < items.length) throw new StrategicMergeError(`The order in patch list:\n${goText(list)}\n doesn't match ${orderWord} list:\n${goText(ordered)}\n`)
}

function mergeValue(member: Member | undefined, current: any, value: any, ordered: readonly any[] | undefined): any {
  if (current === undefined) return dropDirectives(value)
  if (isObject(value)) return isObject(current) && member?.patch !== 'replace' ? strategicMerge(member?.type, current, value) : value
  if (!Array.isArray(value)) return value
  return member?.patch === 'merge' && member.type.is === 'list' && Array.isArray(current)
    ? mergeList(member, current, value, ordered).slice() // without the room that a list has taken as it grew
    : value
}

/** Items of one list are of one type. Source: patch.go (sliceElementType). */
const sortOf = (item: any): string => item === null ? 'nil' : Array.isArray(item) ? 'slice' : isObject(item) ? 'map' : typeof item
/**
 * What stands where nothing was: without nulls, and without what a directive stands in, whatever it says; undefined: nothing is left of it. Source: patch.go
 * (discardNullValuesFromPatch, removeDirectives)
 */
function dropDirectives(value: any): any {
  if (Array.isArray(value)) return value.map(dropDirectives).filter(item => item !== undefined)
  if (!isObject(value)) return value
  if (value[directive] !== undefined) return undefined
  let kept: any
  for (const key in value) {
    const inner = value[key], next = inner === null ? undefined : dropDirectives(inner)
    if (next === inner) continue
    kept ??= { ...value }
    if (next === undefined) delete kept[key]; else kept[key] = next
  }
  return kept ?? value
}

function mergeList(member: Member, current: readonly any[], patch: readonly any[], ordered: readonly any[] | undefined): readonly any[] {
  const sorts = new Set([...current, ...patch].map(sortOf))
  if (sorts.size > 1) throw new StrategicMergeError(`list element types are not identical: [${goText(current)} ${goText(patch)}]`)
  if (!sorts.has('map')) {
    const all = [...new Set([...current, ...patch])]
    return arrange(member, all, patch, ordered ?? patch, current)
  }
  const key = member.patchKey
  if (key === undefined) throw new StrategicMergeError('cannot merge lists without merge key')
  const keyOf = (item: any): any => {
    if (item?.[key] === undefined) throw new StrategicMergeError(`map: ${goText(item)} does not contain declared merge key: ${key}`)
    return item[key]
  }
  if (patch.some(item => item?.[directive] === 'replace' && item[key] === undefined)) return patch.filter(item => item[directive] === undefined)
  for (const item of patch) {
    const asked = item?.[directive]
    if (asked === 'merge') throw new StrategicMergeError('merging lists cannot yet be specified in the patch')
    if (asked !== undefined && asked !== 'delete' && asked !== 'replace') throw new StrategicMergeError(`unknown patch type: ${asked} in map: ${goText(item)}`)
  }
  const removed = new Set(patch.filter(item => item?.[directive] === 'delete').map(keyOf))
  const base = removed.size > 0 ? current.filter(item => !removed.has(item?.[key])) : current
  const items = patch.filter(item => item?.[directive] !== 'delete'), merged = [...base]
  for (const item of items) {
    const value = keyOf(item), at = merged.findIndex(m => sameValue(m?.[key], value))
    if (at < 0) merged.push(item) // as it is: a directive in it is an unknown field
    else merged[at] = strategicMerge(itemOf(member), merged[at], item)
  }
  return arrange(member, merged, items, ordered ?? items, base)
}

/**
 * The order of a merged list: items that the patch speaks of in the order it gives, the others where the server had them. Without an
 * order of its own a patch puts what is new in front. Source: strategicpatch normalizeElementOrder, mergeSortedSlice.
 */
function arrange(member: Member | undefined, merged: readonly any[], patch: readonly any[], ordered: readonly any[], server: readonly any[]): readonly any[] {
  const key = member?.patchKey, idOf = (item: any): any => key !== undefined && isObject(item) ? item[key] : item
  const whole = wholeOrder(merged, ordered, idOf)
  if (whole) return whole
  const index = (list: readonly any[]): Map<any, number> => {
    const m = new Map<any, number>()
    list.forEach((item, i) => { const id = idOf(item); if (!m.has(id)) m.set(id, i) })
    return m
  }
  const wanted = index(ordered), had = index(server), patched = new Set([...patch, ...ordered].map(idOf))
  const rank = (map: Map<any, number>, item: any): number => map.get(idOf(item)) ?? Number.MAX_SAFE_INTEGER
  const byPatch = merged.filter(item => patched.has(idOf(item))).sort((a, b) => rank(wanted, a) - rank(wanted, b))
  const byServer = merged.filter(item => !patched.has(idOf(item))).sort((a, b) => rank(had, a) - rank(had, b))
  const result: any[] = []
  let i = 0, j = 0
  while (i < byServer.length || j < byPatch.length) {
    if (i === byServer.length) result.push(byPatch[j++])
    else if (j === byPatch.length) result.push(byServer[i++])
    else {
      const left = had.get(idOf(byServer[i])), right = had.get(idOf(byPatch[j]))
      result.push(left !== undefined && right !== undefined && left < right ? byServer[i++] : byPatch[j++])
    }
  }
  return result
}

/** The usual case, quickly: the patch gives the order of all items. */
function wholeOrder(merged: readonly any[], ordered: readonly any[], idOf: (item: any) => any): readonly any[] | undefined {
  if (merged.length !== ordered.length || merged.length > 16) return undefined
  const result: any[] = []
  let same = true
  for (let i = 0; i < ordered.length; i++) {
    const id = idOf(ordered[i])
    if (idOf(merged[i]) === id) { result.push(merged[i]); continue }
    same = false
    const found = merged.find(item => idOf(item) === id)
    if (found === undefined) return undefined
    result.push(found)
  }
  return same ? merged : result
}
