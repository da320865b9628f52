/** A table as etcdctl draws it with `-w table`: headers in the middle, values at the right. Source: etcdctl/ctlv3/command/printer_table.go */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((h, i) => Math.max(h.length, ...rows.map(row => row[i].length)))
  const rule = `+${widths.map(w => '-'.repeat(w + 2)).join('+')}+\n`
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const centred = (text: string, width: number): string => {
    const gap = width - text.length, left = Math.floor(gap / 2)
    return ' '.repeat(left) + text + ' '.repeat(gap - left)
  }
  return rule + line(header.map((h, i) => centred(h, widths[i]))) + rule + rows.map(row => line(row.map((cell, i) => cell.padStart(widths[i])))).join('') + rule
}

/** 1,000-based sizes with at most one decimal: `20 kB`, `2.1 MB`. Source: dustin/go-humanize Bytes */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  if (bytes < 10) return `${bytes} B`
  const power = Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1000))), value = Math.floor(bytes / 1000 ** power * 10 + 0.5) / 10
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[power]}`
}
