import { evaluate } from '../../../dsl/jsonpath.ts'
import { parseQuantity } from '../../../runtime-model/api/quantity.ts'
import { logLine } from '../discovery.ts'
import { Exit, failure } from '../errors.ts'
import { pathOf } from '../printers/custom-columns.ts'
import type { Printable } from '../printers/index.ts'
import type { TableBody } from '../printers/table.ts'
import type { Session } from '../session.ts'

/** `--sort-by`. Source: kubectl pkg/cmd/get/sorter.go: nothing first, numbers by value, quantities as such, text in natural order; stable. */
export const sortObjects = (session: Session, objects: readonly Printable[], expression: string): Printable[] =>
  sorted(objects, expression, p => p.object, unsortable(session, '*unstructured.Unstructured', 329)) ?? fail(expression, objects)
const fail = (expression: string, objects: readonly Printable[]): Printable[] => {
  if (objects.length > 0) throw noField(expression)
  return []
}

/** One table in order; one whose rows have not the field, or an expression that is none, is not told, and nor is why. */
export function sortTable(session: Session, rows: TableBody['rows'], expression: string): TableBody['rows'] {
  if (rows.length < 2) return rows
  try { return sorted(rows, expression, r => r.object, unsortable(session, '[][][]reflect.Value', 375)) ?? [] } catch (error) {
    if (error instanceof Exit && !isFatal(error)) return []
    throw error
  }
}

export const noField = (expression: string): Exit =>
  failure(`couldn't find any field with path ${JSON.stringify(pathOf(expression).template)} in the list of objects`)

/** kubectl gives up there and then: nothing else is told. */
export const isFatal = (error: Exit): boolean => error instanceof Fatal
class Fatal extends Exit {}

type Unsortable = (template: string, value: unknown) => Exit
const unsortable = (session: Session, of: string, line: number): Unsortable => (template, value) => {
  const why = `Field ${template} in ${of} is an unsortable type: interface, err: unsortable type: ${goType(value)}`
  return new Fatal(`${logLine(session, 'F', `sorter.go:${line}`, why)}\n`)
}
const goType = (value: unknown): string => typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'

/** undefined: none has the field */
function sorted<T>(rows: readonly T[], expression: string, objectOf: (row: T) => any, cannot: Unsortable): T[] | undefined {
  const path = pathOf(expression)
  const keyed = rows.map(row => {
    const found = evaluate(path, objectOf(row)), results = 'error' in found ? [] : found.results[0] ?? []
    return { row, key: results[0] ?? undefined, known: results.length > 0 }
  })
  if (keyed.every(k => !k.known)) return undefined
  return keyed.sort((a, b) => compare(a.key, b.key, value => { throw cannot(path.template, value) })).map(k => k.row)
}
function compare(a: unknown, b: unknown, cannot: (value: unknown) => never): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  if (!['number', 'string'].includes(typeof a)) return cannot(a)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const x = String(a), y = String(b), p = parseQuantity(x), q = parseQuantity(y)
  if (p && q) return p.nano < q.nano ? -1 : p.nano > q.nano ? 1 : 0
  return x === y ? 0 : natural(x) < natural(y) ? -1 : 1
}
/** numbers within text compare by value */
const natural = (value: string): string => value.replace(/\d+/g, digits => digits.padStart(20, '0'))
