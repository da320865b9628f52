import { evaluate, parseJsonPath, type JsonPath } from '../../../dsl/jsonpath.ts'
import { failure } from '../errors.ts'
import { relaxed } from '../relaxed-path.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'

/** `NAME:.metadata.name,IMAGE:.spec.containers[*].image`. Source: kubectl pkg/cmd/get/customcolumn.go. */
export function customColumns(spec: string): (session: Session, objects: readonly any[], noHeaders: boolean) => void {
  if (spec === '') throw failure('custom-columns format specified but no custom columns given')
  const parts = spec.split(','), odd = parts.find(part => !part.includes(':'))
  if (odd !== undefined) throw failure(`unexpected custom-columns spec: ${odd}, expected <header>:<json-path-expr>`)
  const columns = parts.map(part => {
    const colon = part.indexOf(':')
    return { header: part.slice(0, colon), path: relaxed(part.slice(colon + 1)) }
  })
  return (session, objects, noHeaders) => {
    const lines = noHeaders ? [] : [columns.map(c => c.header).join('\t')]
    // what stands above one that cannot be read is shown
    try {
      const paths = columns.map(c => parsed(c.path))
      for (const o of objects) lines.push(paths.map(path => cell(path, o)).join('\t'))
    } finally {
      session.stdout += alignTabs(lines.map(l => `${l}\n`).join(''), TABLE)
    }
  }
}
/** `.metadata.name` and the like as a path. */
export const pathOf = (expression: string): JsonPath => parsed(relaxed(expression))
/** …once it stands in braces; what is wrong is told without the template. */
function parsed(template: string): JsonPath {
  const { value, diagnostics } = parseJsonPath(template)
  if (!value) throw failure(diagnostics[0].message.replace(`error parsing jsonpath ${template}, `, ''))
  return value
}
function cell(path: JsonPath, object: any): string {
  const found = evaluate(path, object)
  if ('error' in found) throw failure(found.error)
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
