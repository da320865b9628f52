import type { CodeAction, Diagnostic as Shown } from 'vscode-languageserver'
import type { Diagnostic } from '../base/diagnostic.ts'
import { lineAt } from './lines.ts'

const SEVERITY = { error: 1, warning: 2 } as const

/** A finding as editors show it; what could stand there instead goes along as data, for the quick fix. */
export function shown({ span, severity, code, message, notes, help, suggestions }: Diagnostic): Shown {
  const start = { line: span.line - 1, character: span.column - 1 }
  return {
    range: { start, end: { line: span.line - 1, character: Math.max(span.endColumn - 1, span.column) } }, severity: SEVERITY[severity], code,
    source: 'kscenario',
    message: [message, ...notes, ...(help ? [`help: ${help}`] : []), ...(suggestions?.length ? [`did you mean: ${suggestions.join(' · ')}`] : [])].join('\n'),
    ...(suggestions?.length ? { data: { suggestions } } : {}),
  }
}

/** Quick fixes: a sentence that was meant, in place of the one that is not known. Forms with slots are for reading only. */
export function fixes(uri: string, text: string, diagnostics: readonly Shown[]): CodeAction[] {
  return diagnostics.flatMap(diagnostic =>
    ((diagnostic.data as { suggestions?: readonly string[] } | undefined)?.suggestions ?? []).filter(s => !/[{…]/.test(s)).map((suggestion, i): CodeAction => {
    const { line } = diagnostic.range.start, step = lineAt(text, line)
    const whole = step.is === 'step' && / /.test(suggestion)
    const range = whole ? { start: { line, character: step.start }, end: { line, character: step.start + step.text.length } } : diagnostic.range
    return {
      title: `Write: ${suggestion}`, kind: 'quickfix', diagnostics: [diagnostic], isPreferred: i === 0,
      edit: { changes: { [uri]: [{ range, newText: suggestion }] } },
    }
  }))
}
