import type { Outcome, TemporalPlan, Truth } from '../../src/assertions/temporal.ts'
import { runMonitor } from './monitor-run.ts'
import { naive } from './naive-temporal.ts'
import type { TraceMoment } from './naive-temporal.ts'

/**
 * The table of docs/language.md: each modality with each window, over the courses that a claim can take. The window opens at 10 and closes
 * (or its condition comes) at 80, or early at 30; what changes does so at 40; `within` and `for` are 50, `stays` is 20.
 */
const opens = 10, changes = 40, closes = 80, closesEarly = 30
const base = { startedAt: 0, deadlineMs: 60, observeMs: 100 } as const

export const modalities: readonly (readonly [string, Pick<TemporalPlan, 'modality' | 'withinMs' | 'forMs' | 'staysMs'>])[] = [
  ['Ready', { modality: 'now' }],
  ['eventually Ready', { modality: 'eventually' }],
  ['eventually Ready within D', { modality: 'eventually', withinMs: 50 }],
  ['eventually Ready and stays so for D', { modality: 'eventually', staysMs: 20 }],
  ['always Ready', { modality: 'always' }],
  ['stays Ready for D', { modality: 'always', forMs: 50 }],
  ['never Ready', { modality: 'never' }],
  ['never Ready for D', { modality: 'never', forMs: 50 }],
]
export const windows = ['', 'while', 'until', 'after', 'before'] as const
type Window = (typeof windows)[number]
/** of the claim inside of the window, and of the window's condition */
export const courses = [
  'holds all the time', 'holds, then breaks', 'comes to hold', 'never holds', 'nobody there', 'holds, window shorter than D', 'holds only after the window',
  'q never comes',
] as const
type Course = (typeof courses)[number]

const truthAt = (course: Course, at: number): Truth => {
  switch (course) {
    case 'holds all the time': case 'holds, window shorter than D': case 'q never comes': return 'holds'
    case 'holds, then breaks': return at < changes ? 'holds' : 'fails'
    case 'comes to hold': case 'holds only after the window': return at < changes ? 'fails' : 'holds'
    case 'never holds': return 'fails'
    case 'nobody there': return 'empty'
  }
}
const conditionAt = (window: Window, course: Course, at: number): boolean =>
  course !== 'q never comes' && (window === 'while' ? at >= opens && at < closeOf(course) : window === 'after' ? at >= opens : at >= closeOf(course))
const closeOf = (course: Course): number => early.has(course) ? closesEarly : closes
const early = new Set<Course>(['holds, window shorter than D', 'holds only after the window'])
/** A course that only a window that closes can take. */
const means = (window: Window, course: Course): boolean =>
  window === '' ? course !== 'q never comes' && !early.has(course) : window !== 'after' || !early.has(course)

function traceOf(window: Window, course: Course): TraceMoment[] {
  return [0, opens, closesEarly, changes, closes].map(at =>
    ({ at, conditions: window === '' ? [] : [conditionAt(window, course, at)], truth: truthAt(course, at) }))
}

const letters: Readonly<Record<string, string>> = {
  false: '✗', deadline: '✗ᵈ', quiescent: '✗ᑫ', 'window closed': '✗ᶜ', 'condition never came': '✗ⁿ', broke: '✗ᵇ',
  'vacuous never opened': '∅ᵒ', 'vacuous empty': '∅ᵉ', 'vacuous no time': '∅ᵗ', 'vacuous condition never came': '∅ⁿ', 'vacuous window too short': '∅ˢ',
}
const mark = (o: Outcome): string => o.verdict === 'holds' ? '✓' : letters[o.verdict === 'vacuous' ? `vacuous ${o.why}` : o.why]

export interface Cell {
  readonly said: string
  readonly course: Course
  readonly mark: string
  readonly verdict: Outcome['verdict']
  readonly naive: Outcome['verdict']
}
export const cells: readonly (readonly Cell[])[] = windows.flatMap(window => modalities.map(([said, timing]) => courses.map((course): Cell => {
  const plan: TemporalPlan = { ...base, ...timing, gates: window === '' ? [] : [window] }, trace = traceOf(window, course), outcome = runMonitor(plan, trace)
  return {
    said: `${said}${window ? ` ${window} q` : ''}`, course, mark: means(window, course) ? mark(outcome) : '', verdict: outcome.verdict,
    naive: naive(plan, trace),
  }
})))

/** As Markdown. */
export const truthTable = (): string => [
  `| | ${courses.join(' | ')} |`, `|---|${courses.map(() => '---').join('|')}|`,
  ...cells.map(row => `| \`${row[0].said}\` | ${row.map(c => c.mark).join(' | ')} |`),
].join('\n')
