/**
 * The one stream that every reporter reads: plain, serialisable data in the order of the run. Virtual times are whole
 * milliseconds since the scenario's cluster began; `wallMs` figures are the only ones that differ between two runs of one seed.
 */
export type Status = 'passed' | 'failed' | 'vacuous' | 'undefined' | 'ambiguous' | 'skipped' | 'inconclusive'
export const STATUSES: readonly Status[] = ['passed', 'failed', 'vacuous', 'undefined', 'ambiguous', 'skipped', 'inconclusive']

export type RunnerEvent = RunStarted | DiagnosticsFound | ScenarioStarted | StepFinished | ScenarioFinished | RunFinished

export interface RunStarted {
  readonly type: 'runStarted'
  readonly version: string
  readonly seed: number
  /** feature files in the order of the run */
  readonly files: readonly string[]
  /** scenarios selected */
  readonly scenarios: number
  readonly checklists: readonly Checklist[]
}

/** What is wrong with a file or its steps: errors stop their file or scenario only. `text` is ready to print, with a caret. */
export interface DiagnosticsFound { readonly type: 'diagnostics'; readonly file: string; readonly diagnostics: readonly ReportedDiagnostic[] }
export interface ReportedDiagnostic {
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly text: string
}

export interface ScenarioInfo {
  /** position in the run, from 0: names the scenario in all of its events */
  readonly index: number
  readonly feature: string
  readonly rule?: string
  readonly name: string
  readonly file: string
  readonly line: number
  readonly tags: readonly string[]
  readonly seed: number
  readonly steps: readonly StepInfo[]
}
export interface StepInfo { readonly keyword: string; readonly text: string; readonly line: number; readonly argument?: readonly string[] }

export interface ScenarioStarted { readonly type: 'scenarioStarted'; readonly scenario: ScenarioInfo }
export interface StepFinished {
  readonly type: 'stepFinished'
  readonly scenario: number
  readonly step: number
  readonly status: Status
  readonly atMs: number
  readonly untilMs: number
  readonly message?: string
  /** what a step printed that may interest a reader of --verbose */
  readonly output?: string
}
export interface ScenarioFinished {
  readonly type: 'scenarioFinished'
  readonly scenario: ScenarioInfo
  readonly status: Status
  readonly steps: readonly StepFinished[]
  readonly virtualMs: number
  readonly wallMs: number
  /** why it did not pass; also kept for one that failed as `@expect-failure` wanted */
  readonly failure?: Failure
  /** why it was skipped, or what was expected */
  readonly reason?: string
  readonly traceHash?: string
}

/** The story of a failure (design.md §4). */
export interface Failure {
  /** which step; undefined: the scenario as a whole (an invariant) */
  readonly step?: number
  /** one line: what is wrong */
  readonly message: string
  /** `violated at t+97s`, `precondition not met` */
  readonly verdict: string
  /** the part of the step's text that broke, 0-based offsets */
  readonly caret?: { readonly start: number; readonly end: number; readonly says?: string }
  readonly expected?: string
  readonly seen?: string
  readonly atMs?: number
  /** the causal chain, from the first cause to what was seen */
  readonly why?: readonly string[]
  readonly timeline?: readonly TimelineEntry[]
  /** entries of the timeline that were left out */
  readonly more?: number
  readonly notes?: readonly string[]
  /** ready to print instead of everything above (a diagnostic of the language) */
  readonly text?: string
  readonly replay: string
}
export interface TimelineEntry { readonly atMs: number; readonly text: string; readonly count?: number; readonly untilMs?: number }

export interface RunFinished {
  readonly type: 'runFinished'
  readonly summary: Summary
  readonly wallMs: number
  readonly interrupted?: boolean
}
export interface Summary extends Readonly<Record<Status, number>> {
  readonly seed: number
  readonly scenarios: number
  /** errors of files: what could not be parsed */
  readonly errors: number
  readonly warnings: number
  readonly virtualMs: number
  readonly exitCode: number
  /** one line that says why the exit code is what it is, when it is not 0 */
  readonly reason?: string
}

/** A `checklist.yaml`, and the items that scenarios speak of with `@checklist:ID`. */
export interface Checklist { readonly file: string; readonly title: string; readonly items: readonly ChecklistItem[] }
export interface ChecklistItem {
  readonly id: string
  readonly text: string
  readonly level: 'MUST' | 'SHOULD' | 'MAY'
  readonly concepts: readonly { readonly name: string; readonly link?: string }[]
}
