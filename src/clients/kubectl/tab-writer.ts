/**
 * Aligns tab-terminated cells in columns. A column is a block of neighbouring lines that have a cell there; text after a line's last tab
 * belongs to no column. Source: Go's text/tabwriter, as kubectl's tables and describe set it up.
 */
export interface TabStyle { readonly minWidth: number; readonly padding: number }
export const TABLE: TabStyle = { minWidth: 6, padding: 3 }
export const DESCRIBE: TabStyle = { minWidth: 0, padding: 2 }

export function alignTabs(text: string, { minWidth, padding }: TabStyle): string {
  const trailing = text.endsWith('\n')
  const lines = (trailing ? text.slice(0, -1) : text).split('\n').map(line => line.split('\t'))
  const widths: number[] = [], out: string[] = []
  const write = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const cells = lines[i]
      out[i] = cells.map((cell, j) => j < cells.length - 1 ? j < widths.length ? cell + ' '.repeat(Math.max(0, widths[j] - width(cell))) : cell : cell).join('')
    }
  }
  const format = (from: number, to: number): void => {
    const column = widths.length
    let start = from
    for (let at = from; at < to; at++) {
      if (column >= lines[at].length - 1) continue
      write(start, at)
      let end = at, widest = minWidth
      for (; end < to && column < lines[end].length - 1; end++) widest = Math.max(widest, width(lines[end][column]) + padding)
      widths.push(widest)
      format(at, end)
      widths.pop()
      start = end
      at = end - 1
    }
    write(start, to)
  }
  format(0, lines.length)
  return out.join('\n') + (trailing ? '\n' : '')
}

const width = (cell: string): number => [...cell].length
