const blanks = ' \t\v\f\r\u0085\u00A0'
const trim = (cell: string): string => {
  let from = 0, to = cell.length
  while (from < to && blanks.includes(cell[from])) from++
  while (to > from && blanks.includes(cell[to - 1])) to--
  return cell.slice(from, to)
}

/** The cells of a row as written, escapes and all, and what stands behind its last bar. */
function cellsOf(row: string): { readonly cells: readonly string[]; readonly tail: string } {
  const cells: string[] = []
  let start = -1
  for (let at = 0; at < row.length; at++) {
    if (row[at] === '\\') at++
    else if (row[at] === '|') {
      if (start >= 0) cells.push(trim(row.slice(start, at)))
      start = at + 1
    }
  }
  return { cells, tail: row.slice(start).trim() }
}

// East Asian wide and full-width characters and emoji take two columns, joining marks none
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u
const none = /[\p{Mn}\p{Me}\u200b-\u200d\ufe0e\ufe0f]/u
const widthOf = (text: string): number => [...text].reduce((sum, c) => sum + (none.test(c) ? 0 : wide.test(c) ? 2 : 1), 0)

/** Rows of one table (without indent) with their bars one below the other. */
export function alignRows(rows: readonly string[]): string[] {
  const cut = rows.map(cellsOf)
  const widths: number[] = []
  for (const { cells } of cut) cells.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, widthOf(cell)) })
  return cut.map(({ cells, tail }) => {
    const aligned = cells.map((cell, i) => ` ${cell}${' '.repeat(widths[i] - widthOf(cell))} |`).join('')
    return `|${aligned}${tail ? ` ${tail}` : ''}`
  })
}
