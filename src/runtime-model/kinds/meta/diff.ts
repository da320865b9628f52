import { structSchema, type TypeSchema } from '../../api/schema.ts'
import { internalFields } from './internal-fields.ts'

/**
 * Specs as the API server prints them in errors: JSON of its internal types, all fields, in the order of the Go structs.
 * Source: field errors and diffs of a 1.35.4 API server; names of the fields from k8s.io/api.
 */
export function internalJson(type: string, value: any): any { return internal({ is: 'struct', name: type }, value ?? {}, false) }

function internal(type: TypeSchema, value: any, pointer: boolean): any {
  if (type.is === 'list' || type.is === 'map') {
    if (value === undefined || value === null) return null
    return type.is === 'list'
      ? value.map((v: any) => internal(type.items, v, false))
      : Object.fromEntries(Object.keys(value).sort().map(k => [k, internal(type.values, value[k], false)]))
  }
  if (value === undefined || value === null) {
    if (pointer) return null
    if (type.is === 'struct') return internal(type, {}, false)
    return type.name === 'string' ? ''
      : type.name === 'bool' ? false
      : type.name === 'quantity' ? '0'
      : ['time', 'microtime', 'any', 'bytes'].includes(type.name) ? null
      : 0
  }
  if (type.is === 'scalar') return value
  // metav1 types keep their JSON names, as they are not converted.
  if (type.name.startsWith('meta.')) return value
  const lender = type.name === 'core.v1.PodSecurityContext' ? structSchema('core.v1.PodSpec') : undefined
  const from = type.name === 'core.v1.PodSpec'
    ? { ...value, securityContext: value.securityContext && { ...hostFields(value), ...value.securityContext } }
    : value
  const result: any = {}
  for (const field of internalFields(structSchema(type.name)!, lender)) result[field.goName] = internal(field.type, from[field.name], field.pointer)
  return result
}
const hostFields = ({ hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }: any): any =>
  ({ hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers })

/** A unified diff (three lines of context) of two values' internal JSON, indented by one space. */
export function specDiff(type: string, before: any, after: any): string {
  return unifiedDiff(JSON.stringify(internalJson(type, before), null, 1).split('\n'), JSON.stringify(internalJson(type, after), null, 1).split('\n'))
}

export function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  const edits = editScript(a, b), hunks: string[] = []
  for (let i = 0; i < edits.length;) {
    if (edits[i][0] === ' ') { i++; continue }
    const start = Math.max(0, i - 3)
    let end = i
    for (let j = i; j < edits.length && j - end <= 6; j++) if (edits[j][0] !== ' ') end = j
    const stop = Math.min(edits.length, end + 4), part = edits.slice(start, stop)
    const before = edits.slice(0, start), count = (list: readonly Edit[], skip: string): number => list.filter(e => e[0] !== skip).length
    hunks.push(
      `@@ -${range(count(before, '+'), count(part, '+'))} +${range(count(before, '-'), count(part, '-'))} @@\n` + part.map(e => e[0] + e[1] + '\n').join('')
    )
    i = stop
  }
  return hunks.join('')
}
const range = (start: number, length: number): string => length === 1 ? String(start + 1) : `${length === 0 ? start : start + 1},${length}`

type Edit = readonly [' ' | '-' | '+', string]
/** Longest matching block first, then the same on both sides of it; texts that occur all over do not start a block. Source: the difflib algorithm. */
function editScript(a: readonly string[], b: readonly string[]): Edit[] {
  const places = new Map<string, number[]>()
  b.forEach((line, j) => { const list = places.get(line); if (list) list.push(j); else places.set(line, [j]) })
  if (b.length >= 200) for (const [line, list] of places) if (list.length > Math.floor(b.length / 100) + 1) places.delete(line)
  const edits: Edit[] = []
  const emit = (kind: Edit[0], list: readonly string[], from: number, to: number): void => { for (let i = from; i < to; i++) edits.push([kind, list[i]]) }
  const compare = (aFrom: number, aTo: number, bFrom: number, bTo: number): void => {
    const [i, j, size] = longestBlock(a, b, places, aFrom, aTo, bFrom, bTo)
    if (size === 0) { emit('-', a, aFrom, aTo); emit('+', b, bFrom, bTo); return }
    compare(aFrom, i, bFrom, j)
    emit(' ', a, i, i + size)
    compare(i + size, aTo, j + size, bTo)
  }
  compare(0, a.length, 0, b.length)
  return edits
}

function longestBlock(
  a: readonly string[], b: readonly string[], places: ReadonlyMap<string, readonly number[]>, aFrom: number, aTo: number, bFrom: number, bTo: number
): [number, number, number] {
  let besti = aFrom, bestj = bFrom, size = 0, lengths = new Map<number, number>()
  for (let i = aFrom; i < aTo; i++) {
    const next = new Map<number, number>()
    for (const j of places.get(a[i]) ?? []) {
      if (j < bFrom || j >= bTo) continue
      const length = (lengths.get(j - 1) ?? 0) + 1
      next.set(j, length)
      if (length > size) { besti = i - length + 1; bestj = j - length + 1; size = length }
    }
    lengths = next
  }
  while (besti > aFrom && bestj > bFrom && a[besti - 1] === b[bestj - 1]) { besti--; bestj--; size++ }
  while (besti + size < aTo && bestj + size < bTo && a[besti + size] === b[bestj + size]) size++
  return [besti, bestj, size]
}
