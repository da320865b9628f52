import type { TableCell } from './gherkin-document.ts'

const cellBlanks = ' \t\v\f\r\u0085\u00A0'
/** Cells between unescaped bars; text behind the last bar is no cell. Source: cucumber/gherkin, GherkinLine.getTableCells. */
export function cellsOf(row: string, line: number, indent: number): TableCell[] {
  if (!row.includes('\\')) return plainCells(row, line, indent)
  const cells: TableCell[] = []
  let cell = ''
  let start = 1
  let first = true
  for (let at = 0; at < row.length; at++) {
    const char = row[at]
    if (char === '|') {
      if (first) first = false
      else {
        cells.push(cellOf(cell, line, indent + start))
      }
      cell = ''
      start = at + 2
    } else if (char === '\\') {
      const next = row[++at]
      cell += next === 'n' ? '\n' : next === '|' || next === '\\' ? next : `\\${next}`
    } else cell += char
  }
  return cells
}
function cellOf(cell: string, line: number, column: number): TableCell {
  let from = 0
  let to = cell.length
  while (from < to && cellBlanks.includes(cell[from])) from++
  while (to > from && cellBlanks.includes(cell[to - 1])) to--
  return { location: { line, column: column + from }, value: cell.slice(from, to) }
}
/** The same for a row without escapes. */
function plainCells(row: string, line: number, indent: number): TableCell[] {
  const cells: TableCell[] = []
  let from = row.indexOf('|') + 1
  for (let bar = row.indexOf('|', from); bar >= 0; from = bar + 1, bar = row.indexOf('|', from)) {
    cells.push(cellOf(row.slice(from, bar), line, indent + from + 1))
  }
  return cells
}
