import { alignTabs, TABLE } from '../tab-writer.ts'

/** A server-side Table: `columnDefinitions` and `rows` with the objects they tell of. */
export interface TableBody {
  readonly columnDefinitions: readonly { readonly name: string; readonly type: string; readonly format?: string; readonly priority: number }[]
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object?: any }[]
}
export interface TableOptions {
  readonly wide?: boolean
  readonly noHeaders?: boolean
  readonly withNamespace?: boolean
  readonly showLabels?: boolean
  readonly labelColumns?: readonly string[]
  /** `pod`, put before the names when several kinds are shown */
  readonly namePrefix?: string
}

/** Source: cli-runtime pkg/printers/tableprinter.go. */
export const renderTable = (table: TableBody, options: TableOptions): string =>
  alignTabs(tableCells(table, options).map(l => `${l.join('\t')}\n`).join(''), TABLE)
export function tableCells(table: TableBody, options: TableOptions): string[][] {
  const columns = table.columnDefinitions.map((c, index) => ({ ...c, index })).filter(c => options.wide || c.priority === 0)
  const named = table.columnDefinitions.findIndex(c => c.format === 'name' && c.type === 'string')
  const before = options.withNamespace ? ['NAMESPACE'] : []
  const labels = [...(options.labelColumns ?? []).map(l => l.slice(l.lastIndexOf('/') + 1).toUpperCase()), ...options.showLabels ? ['LABELS'] : []]
  const lines = options.noHeaders ? [] : [[...before, ...columns.map(c => c.name.toUpperCase()), ...labels]]
  for (const { cells, object } of table.rows) {
    const of = object?.metadata?.labels ?? {}
    lines.push([
      ...options.withNamespace ? [object?.metadata?.namespace ?? ''] : [],
      ...columns.map(c => `${options.namePrefix && c.index === named ? `${options.namePrefix}/` : ''}${cellText(cells[c.index])}`),
      ...(options.labelColumns ?? []).map(l => of[l] ?? ''),
      ...options.showLabels ? [labelsText(of)] : [],
    ])
  }
  return lines
}
const cellText = (cell: unknown): string => {
  const text = cell === null || cell === undefined ? '' : String(cell), end = text.search(/[\f\n\r]/)
  return end < 0 ? text : `${text.slice(0, end)}...`
}
/** Labels in a line, each sorted as it is written: `a-b=` comes before `a=`. Source: apimachinery pkg/labels/labels.go (Set.String) */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined | null, none = '<none>'): string =>
  Object.entries(labels ?? {}).map(([k, v]) => `${k}=${v}`).sort().join(',') || none
