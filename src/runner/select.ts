import type { PlannedScenario } from './plan.ts'

/** What a user asked for: paths (FILE, FILE:LINE[:LINE…], DIR), a tag expression, names. */
export interface Selection {
  readonly tags?: (tags: readonly string[]) => boolean
  readonly names: readonly RegExp[]
}
export interface Target { readonly path: string; readonly lines: readonly number[] }

/** `a/b.feature:12:30` → path and lines; a colon that no number follows belongs to the path (`C:\…`). */
export function parseTarget(text: string): Target {
  const match = /^(.*?)((?::\d+)*)$/s.exec(text)!
  return { path: match[1], lines: match[2].split(':').filter(Boolean).map(Number) }
}

type Selectable = Pick<PlannedScenario, 'name' | 'tags' | 'line' | 'lines'>

/** Any line inside a scenario selects it; the line of an example's row selects that row only, any other line of its table the rows of that table. */
export function selects(scenario: Selectable, selection: Selection, lines: readonly number[], rows: ReadonlySet<number>): boolean {
  const { first, last, row, table } = scenario.lines
  const byLine = lines.length === 0 || lines.some(line => rows.has(line) ? line === row
    : line >= first && line <= last && (table === undefined || line < table.all || (line >= table.first && line <= table.last)))
  return byLine && (selection.tags?.(scenario.tags) ?? true) && (selection.names.length === 0 || selection.names.some(n => n.test(scenario.name)))
}

/** By UTF-16 code unit, whatever the locale of the machine. */
export const byCodeUnit = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
