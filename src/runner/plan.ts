import type { SelectingLines } from '../dsl/bind.ts'
import type { StepArgument, StepAst } from '../dsl/step-ast.ts'
import type { ReportedDiagnostic } from './events.ts'

/** What the runner needs of a bound scenario: every step has one reading, or a diagnostic that says why it has none. */
export interface PlannedScenario {
  readonly feature: string
  readonly rule?: string
  readonly name: string
  readonly file: string
  /** of the scenario, or of its row in an Examples table */
  readonly line: number
  /** all lines that select it with FILE:LINE */
  readonly lines: SelectingLines
  readonly tags: readonly string[]
  readonly steps: readonly PlannedStep[]
}

/** Given, When, Then; a conjunction has the type of the step before it; `*` and leading conjunctions are unknown. */
export type KeywordType = 'context' | 'action' | 'outcome' | 'unknown'

export interface PlannedStep {
  readonly keyword: string
  readonly keywordType: KeywordType
  readonly text: string
  readonly line: number
  /** 1-based column of the text's first character */
  readonly column: number
  readonly argument: StepArgument
  readonly reading: Reading
  /** id and first phrase of what gives it its meaning */
  readonly definition?: { readonly id: string; readonly phrase: string }
}
/** `inconclusive`: reading it failed in a way that is ours, and not the author's. */
export type Reading =
  | { readonly type: 'bound'; readonly ast: StepAst }
  | { readonly type: 'undefined' | 'ambiguous' | 'inconclusive'; readonly diagnostics: readonly ReportedDiagnostic[] }
