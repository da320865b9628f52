import { evaluate, parseJsonPath, relaxJsonPath, type JsonPath } from '../../../dsl/jsonpath.ts'
import { failure } from '../errors.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'

interface Column { readonly header: string; readonly path: JsonPath }

/** `NAME:.metadata.name,IMAGE:.spec.containers[*].image`. Source: kubectl pkg/cmd/get/customcolumn.go. */
export function customColumns(spec: string): (objects: readonly any[], noHeaders: boolean) => string {
  if (spec === '') throw failure('custom-columns format specified but no custom columns given')
  const columns = spec.split(',').map(part => {
    const colon = part.indexOf(':')
    if (colon < 0) throw failure(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
    return { header: part.slice(0, colon), path: pathOf(part.slice(colon + 1)) }
  })
  return (objects, noHeaders) => alignTabs(
    [...noHeaders ? [] : [columns.map(c => c.header).join('\t')], ...objects.map(o => columns.map(c => cell(c, o)).join('\t'))].map(l => `${l}\n`).join(''),
    TABLE
  )
}
export function pathOf(expression: string): JsonPath {
  const relaxed = relaxJsonPath(expression)
  if ('error' in relaxed) throw failure(relaxed.error)
  const parsed = parseJsonPath(relaxed.template)
  if (!parsed.value) throw failure(parsed.diagnostics[0].message)
  return parsed.value
}
function cell({ path }: Column, object: any): string {
  const found = evaluate(path, object)
  if ('error' in found) return '<none>'
  const values = found.results[0] ?? []
  return values.length === 0 ? '<none>' : values.map(goText).join(',')
}
/** a value as Go's `%v` prints it */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (typeof value === 'object') return `map[${Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => `${k}:${goText(v)}`).join(' ')}]`
  return String(value)
}
