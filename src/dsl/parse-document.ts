import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { createBuilder } from './gherkin-builder.ts'
import type { GherkinDocument } from './gherkin-document.ts'
import { GherkinErrors, tooManyErrors, type GherkinError } from './gherkin-errors.ts'
import { GherkinLines } from './gherkin-lines.ts'
import { parse } from './generated/gherkin.js'
import { explainSyntax } from './explain-syntax.ts'

export interface ParsedDocument {
  /** absent when the file has errors, as with the official parser */
  readonly document?: GherkinDocument
  readonly diagnostics: readonly Diagnostic[]
}

/** A feature file → its GherkinDocument, or all its errors (at most eleven; `official` has the official wording). Never throws on any text. */
export function parseDocument(text: string, file?: string, newId: () => string = countingIds()): ParsedDocument {
  const foreign = encodingProblem(text, file)
  if (foreign) return { diagnostics: [foreign] }
  const errors = new GherkinErrors(), lines = new GherkinLines(text, errors)
  let document: GherkinDocument | undefined
  try {
    const outcome = parse(text, { lines, build: createBuilder(lines, newId), peg$library: true, peg$silentFails: 1 })
    document = outcome.peg$result
  } catch (stop) {
    if (stop !== tooManyErrors) throw stop
  }
  if (errors.all.length === 0) return { document, diagnostics: [] }
  const source = text.split(/\r?\n/)
  return { diagnostics: errors.all.map(error => toDiagnostic(error, source, file)) }
}

/** What was read as UTF-8 and is none: one error instead of one for each line. */
function encodingProblem(text: string, file: string | undefined): Diagnostic | undefined {
  const beginning = text.slice(0, 1000), wrong = beginning.split('\uFFFD').length - 1
  if (!beginning.startsWith('\uFFFD\uFFFD') && !beginning.includes('\0') && wrong < Math.max(4, beginning.length / 10)) return undefined
  const message = 'this is no text in UTF-8', official = '(1:1): not UTF-8'
  return diagnostic({
    code: 'gherkin-syntax', message, official, file, span: { line: 1, column: 1, endColumn: 2 },
    help: 'save the file as UTF-8 (UTF-16 and binary files cannot be read)',
  })
}

/** Ids `0`, `1`, `2` …: the same text has the same ids. */
export function countingIds(): () => string {
  let next = 0
  return () => String(next++)
}

function toDiagnostic(error: GherkinError, source: readonly string[], file: string | undefined): Diagnostic {
  const line = error.location.line
  const shown = source[line - 1] ?? ''
  const column = error.location.column ?? 1
  const endColumn = Math.max(column + 1, [...shown.trimEnd()].length + 1)
  return diagnostic({
    code: 'gherkin-syntax',
    ...explainSyntax(error, shown.trim()),
    official: error.message,
    notes: [`in Gherkin's own words: ${error.message.length > 400 ? `${error.message.slice(0, 400)}…` : error.message}`],
    file,
    span: { line, column, endColumn },
  })
}
