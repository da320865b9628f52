import type { DiagnosticCode } from './codes.ts'

/** A place in a source text. Lines and columns are 1-based; `endColumn` is the column just behind the span. */
export interface SourceSpan {
  readonly line: number
  readonly column: number
  readonly endColumn: number
}

/** A mistake of an author as a value: what is wrong, where, why it matters and what to do about it. */
export interface Diagnostic {
  /** a code of `codes.ts`, or of an extension */
  readonly code: DiagnosticCode | (string & {})
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly file?: string
  readonly span: SourceSpan
  /** further facts, other places */
  readonly notes: readonly string[]
  /** the one thing to do */
  readonly help?: string
  /** what could stand at the span instead */
  readonly expected?: readonly string[]
  /** nearest known forms, best first */
  readonly suggestions?: readonly string[]
  /** the official Gherkin wording of a syntax error, `(line:column): expected: …` */
  readonly official?: string
}

export type DiagnosticInit = Partial<Diagnostic> & Pick<Diagnostic, 'code' | 'message' | 'span'>

export const diagnostic = (init: DiagnosticInit): Diagnostic => ({ severity: 'error', notes: [], ...init })

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(d => d.severity === 'error')

/** The same diagnostic in another place: a step's own columns become those of its file. */
export function moveTo(moved: Diagnostic, at: { readonly file?: string; readonly line: number; readonly column: number }): Diagnostic {
  const shift = at.column - 1
  return {
    ...moved,
    file: at.file ?? moved.file,
    span: { line: at.line, column: moved.span.column + shift, endColumn: moved.span.endColumn + shift },
  }
}
