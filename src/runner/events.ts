import type { GherkinDocument, Pickle } from '../dsl/gherkin-document.ts'
import type { Shard } from './shard.ts'

/**
 * The one stream that every reporter reads: plain, serialisable data in the order of the run. Virtual times are whole
 * milliseconds since the scenario's cluster began; `wallMs` figures are the only ones that differ between two runs of one seed.
 */
export type Status = 'passed' | 'failed' | 'vacuous' | 'undefined' | 'ambiguous' | 'skipped' | 'inconclusive'
export const STATUSES: readonly Status[] = ['passed', 'failed', 'vacuous', 'undefined', 'ambiguous', 'skipped', 'inconclusive']

export type RunnerEvent = RunStarted | DiagnosticsFound | DefinitionsRead | FeatureRead | ScenarioStarted | StepFinished | ScenarioRecord | ScenarioFinished
  | RunFinished

/** Events that are made only for a reporter that wants them, as they cost time or memory. */
export interface Wants {
  /** `scenarioRecord`: what the cluster of each scenario did */
  readonly records?: boolean
  /** `definitionsRead`, and `featureRead`: source, document and pickles of each file */
  readonly documents?: boolean
}

export interface RunStarted {
  readonly type: 'runStarted'
  readonly version: string
  readonly seed: number
  /** feature files in the order of the run */
  readonly files: readonly string[]
  /** scenarios selected */
  readonly scenarios: number
  readonly checklists: readonly Checklist[]
  /** the run is one of several that share a suite; `kscenario merge` puts them together */
  readonly shard?: Shard
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

/** Steps and parameter types of one's own, used or not. */
export interface DefinitionsRead {
  readonly type: 'definitionsRead'
  readonly steps: readonly { readonly id: string; readonly phrase: string; readonly at?: string }[]
  readonly parameterTypes: readonly { readonly name: string; readonly regexps: readonly string[] }[]
}
/** A feature file as it was read: the official GherkinDocument and pickles (github.com/cucumber/messages), ids counted within the file. */
export interface FeatureRead {
  readonly type: 'featureRead'
  readonly file: string
  readonly text: string
  /** undefined: it is not Gherkin, as the diagnostics of the file say */
  readonly document?: GherkinDocument
  readonly pickles: readonly Pickle[]
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
  /** position among the pickles of its file */
  readonly pickle?: number
  readonly steps: readonly StepInfo[]
}
export interface StepInfo {
  readonly keyword: string
  readonly text: string
  readonly line: number
  readonly argument?: readonly string[]
  /** what gives the step its meaning: id and first phrase of its declaration; absent where it has no single reading */
  readonly definition?: {
    readonly id: string; readonly phrase: string; /** made for a reporter that wants documents */ readonly arguments?: readonly MatchedArgument[]
  }
}
/** What filled in a parameter of a phrase, as the official Group: offsets into the step's text. */
export interface MatchedArgument { readonly group: MatchedGroup; readonly parameterTypeName?: string }
export interface MatchedGroup { readonly start?: number; readonly value?: string; readonly children?: readonly MatchedGroup[] }

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
/** What one scenario's cluster did, for reports that draw it; comes just before `scenarioFinished`. */
export interface ScenarioRecord {
  readonly type: 'scenarioRecord'
  readonly scenario: number
  readonly untilMs: number
  readonly lanes: readonly Lane[]
  /** in order of time */
  readonly moments: readonly Moment[]
  readonly faults: readonly FaultWindow[]
  readonly changes: readonly ObjectChange[]
  readonly journeys: readonly Journey[]
  /** moments, lanes and changes that were left out of a very long run */
  readonly left: number
}
/** Who or what a line of the time axis is about. */
export interface Lane {
  readonly name: string
  readonly group: 'scenario' | 'component' | 'node' | 'object' | 'traffic'
  /** its state before the first moment; absent: it was not there, or has no states */
  readonly before?: string
}
export type MomentSort = 'step' | 'fault' | 'component' | 'object' | 'event' | 'request' | 'refusal' | 'schedule' | 'container' | 'probe' | 'proxy' | 'traffic'
  | 'note'
export interface Moment {
  readonly atMs: number
  /** position in `lanes` */
  readonly lane: number
  readonly sort: MomentSort
  readonly text: string
  /** position in `moments` of what led to it */
  readonly cause?: number
  /** the lane's state from now on; '' : it is gone */
  readonly state?: string
}
/** `untilMs` absent: not healed before the scenario ended; equal to `fromMs`: over at once */
export interface FaultWindow { readonly text: string; readonly fault: string; readonly fromMs: number; readonly untilMs?: number }
/** An object as it was before and after a step; absent: it was not there. Both are the stored objects, as data. */
export interface ObjectChange {
  readonly step: number
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly before?: unknown
  readonly after?: unknown
}
/** Who asked whom for what, from the first word about an object until nobody speaks of it. */
export interface Journey { readonly about: string; readonly arrows: readonly JourneyArrow[]; /** arrows left out */ readonly left: number }
export interface JourneyArrow { readonly atMs: number; readonly from: string; readonly to: string; readonly what: string }

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
  /** the component, machine or container whose failing brought it about, where there is one */
  readonly atFault?: string
  readonly timeline?: readonly TimelineEntry[]
  /** entries of the timeline that were left out */
  readonly more?: number
  readonly notes?: readonly string[]
  /** of `kscenario why`: the stored objects that it speaks of */
  readonly objects?: readonly { readonly resource: string; readonly namespace: string; readonly name: string }[]
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
  /** the cluster that the scenarios ran on, where it is not the model; times are real there */
  readonly cluster?: string
}

/** A `checklist.yaml`, and the items that scenarios speak of with `@checklist:ID`. */
export interface Checklist { readonly file: string; readonly title: string; readonly items: readonly ChecklistItem[] }
export interface ChecklistItem {
  readonly id: string
  readonly text: string
  readonly level: 'MUST' | 'SHOULD' | 'MAY'
  readonly concepts: readonly { readonly name: string; readonly link?: string }[]
  /** what the item is worth; 1 where the file says nothing */
  readonly points: number
  /** from a nudge to the way itself; a reader opens one after the other */
  readonly hints: readonly string[]
  /** where to read on */
  readonly links: readonly { readonly name: string; readonly link?: string }[]
}
