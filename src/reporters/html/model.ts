import type { Failure, MomentSort, Lane, Status } from '../../runner/events.ts'

/**
 * What a report holds, as JSON in its page. A number where a text is meant is a position in `strings`: texts of a run repeat
 * a great deal, and sharing them keeps the page small.
 */
export interface ReportData {
  readonly version: string
  readonly seed: number
  readonly exitCode: number
  readonly reason?: string
  readonly virtualMs: number
  readonly counts: Readonly<Record<Status, number>>
  readonly strings: readonly string[]
  readonly checklists: readonly ChecklistData[]
  /** what is wrong with files, ready to print */
  readonly problems: readonly string[]
  readonly scenarios: readonly ScenarioData[]
}

export interface ChecklistData {
  readonly title: string
  readonly file: string
  readonly points: number
  readonly of: number
  readonly items: readonly {
    readonly id: string
    readonly level: string
    readonly text: string
    readonly points: number
    readonly status: Status | 'not covered'
    readonly why?: string
    readonly links: readonly { readonly name: string; readonly link?: string }[]
    readonly hints: readonly string[]
    /** positions in `scenarios` */
    readonly scenarios: readonly number[]
  }[]
}

export interface ScenarioData {
  readonly name: string
  readonly feature: string
  readonly rule?: string
  readonly file: string
  readonly line: number
  readonly seed: number
  readonly tags: readonly string[]
  readonly status: Status
  readonly reason?: string
  readonly virtualMs: number
  readonly steps: readonly StepData[]
  readonly failure?: Failure
  readonly lanes: readonly (readonly [name: number, group: Lane['group'], before: number])[]
  /**
   * six numbers a moment: ms since the one before, lane, sort (position in `sorts`), text, how many moments back its cause is (0: none), state + 1 (0: the
   * same)
   */
  readonly moments: readonly number[]
  readonly faults: readonly (readonly [text: number, fault: number, fromMs: number, untilMs: number])[]
  /** lines begin with `+`, `-` or a blank */
  readonly changes: readonly {
    readonly step: number; readonly object: number; readonly what: 'created' | 'changed' | 'deleted'; readonly lines: readonly number[]
  }[]
  /** four numbers an arrow: ms since the one before, from, to, what */
  readonly journeys: readonly { readonly about: number; readonly arrows: readonly number[]; readonly left: number }[]
  readonly left: number
}
export interface StepData {
  readonly keyword: string
  readonly text: string
  readonly line: number
  readonly status: Status
  readonly atMs: number
  readonly untilMs: number
  readonly argument?: readonly string[]
  readonly output?: string
}

export const sorts: readonly MomentSort[] = [
  'step', 'fault', 'component', 'object', 'event', 'request', 'refusal', 'schedule', 'container', 'probe', 'proxy', 'traffic', 'note',
]
/** a fault that was not healed before the scenario ended */
export const open = -1
