import type { Diagnostic } from './diagnostic.ts'

/** How the parts of a diagnostic look; the terminal passes colours, everybody else nothing. */
export interface Style {
  error(text: string): string
  warning(text: string): string
  place(text: string): string
  dim(text: string): string
  help(text: string): string
}

const same = (text: string): string => text
export const plainStyle: Style = { error: same, warning: same, place: same, dim: same, help: same }

/** A diagnostic as text: message, `file:line:column`, the source line with a caret under the span, notes and help. */
export function renderDiagnostic(shown: Diagnostic, source: string | undefined, style: Style = plainStyle): string {
  const { line, column } = shown.span
  const mark = shown.severity === 'error' ? style.error : style.warning
  const out = [`${mark(`${shown.severity}[${shown.code}]`)}: ${shown.message}`]
  out.push(`  ${style.dim('at')} ${style.place(`${shown.file ?? '<text>'}:${line}:${column}`)}`)
  const text = source?.split(/\r?\n/)[line - 1]
  if (text !== undefined) out.push(...quoteSource(text, shown, mark, style))
  if (shown.expected?.length) out.push(`  ${style.dim('expected')} ${shown.expected.join(', ')}`)
  if (shown.suggestions?.length) out.push(`  ${style.help('did you mean')} ${shown.suggestions.map(s => `\`${s}\``).join(' or ')}?`)
  for (const note of shown.notes) out.push(`  ${style.dim('note')} ${note}`)
  if (shown.help) out.push(`  ${style.help('help')} ${shown.help}`)
  return out.join('\n')
}

/** so many characters of a source line are shown, and so many of them in front of the span, where the line is longer */
const widest = 200, before = 60

function quoteSource(whole: string, shown: Diagnostic, mark: (text: string) => string, style: Style): string[] {
  const { text, column, endColumn } = around(whole, shown.span), { line } = shown.span
  const gutter = String(line)
  // tabs are kept in the margin, so that the caret stands under its word whatever a tab's width
  const margin = [...text]
    .slice(0, column - 1)
    .map(c => (c === '\t' ? '\t' : ' '))
    .join('')
    .padEnd(column - 1)
  const caret = '^'.repeat(Math.max(1, endColumn - column))
  return [`  ${style.dim(`${gutter} |`)} ${text}`, `  ${style.dim(`${' '.repeat(gutter.length)} |`)} ${margin}${mark(caret)}`]
}

/** The part of a line that holds a span, with `…` where something is left out; columns are those of the part. */
function around(text: string, { column, endColumn }: Diagnostic['span']): { readonly text: string; readonly column: number; readonly endColumn: number } {
  if (text.length <= widest) return { text, column, endColumn }
  const from = Math.max(0, Math.min(column - 1 - before, text.length - 1)), to = Math.min(text.length, from + widest)
  const lead = from > 0 ? '…' : '', shift = from - lead.length
  return { text: `${lead}${text.slice(from, to)}${to < text.length ? '…' : ''}`, column: column - shift, endColumn: Math.min(endColumn, to + 1) - shift }
}
