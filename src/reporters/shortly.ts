import type { Failure, ReportedDiagnostic, ScenarioFinished } from '../runner/events.ts'

/** So many problems are told in full, and so many of the rest in a line each; the reports have all of them. Of sentences that cannot be read less is enough. */
const LIMITS = { files: 5, unread: 10, failed: 100, lines: 200, steps: 10 } as const

export interface Told<T> {
  readonly full: readonly T[]
  /** a line each */
  readonly brief: readonly T[]
  /** only counted */
  readonly counted: readonly T[]
}
function dealt<T>(all: readonly T[], isFull: (one: T, index: number) => boolean): Told<T> {
  const full = all.filter(isFull), rest = all.filter((one, i) => !isFull(one, i))
  // a few lines that are left out would save nothing
  return { full, brief: rest.slice(0, LIMITS.lines), counted: rest.slice(LIMITS.lines) }
}
/** The same mistake in another file is told in full once. */
export function ofFiles(all: readonly ReportedDiagnostic[]): Told<ReportedDiagnostic> {
  const seen = new Set<string>(), full = new Set(all.filter(({ code, message }) => {
    const first = !seen.has(`${code} ${message}`)
    seen.add(`${code} ${message}`)
    return first && seen.size <= LIMITS.files
  }))
  return dealt(all, one => full.has(one))
}

export function ofScenarios(all: readonly ScenarioFinished[]): Told<ScenarioFinished> {
  const unread = (one: ScenarioFinished): boolean => one.status === 'undefined' || one.status === 'ambiguous'
  let unreadSoFar = 0, others = 0
  const full = new Set(all.filter(one => unread(one) ? unreadSoFar++ < LIMITS.unread : others++ < LIMITS.failed))
  return dealt(all, one => full.has(one))
}

/** `3 gherkin-syntax, 2 unreadable`, the most frequent first. */
export function byKind(kinds: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([kind, n]) => `${n} ${kind}`).join(', ')
}

/** What keeps a scenario from running, the first sentences in full and the others in a line each. */
export function fewerSentences(failure: Failure | undefined): Failure | undefined {
  const blocks = failure?.text?.split(/\n\n(?=\w+\[)/) ?? []
  if (!failure || blocks.length <= LIMITS.steps + 1) return failure
  const lines = blocks.slice(LIMITS.steps).map(block => {
    const [message, place = ''] = block.split('\n')
    return `${place.trim().replace(/^at /, '')}  ${message}`
  })
  const more = lines.length > LIMITS.lines ? [`… and ${lines.length - LIMITS.lines} more`] : []
  return { ...failure, text: [...blocks.slice(0, LIMITS.steps), [...lines.slice(0, LIMITS.lines), ...more].join('\n')].join('\n\n') }
}
/** the first line of what went wrong */
export const reasonOf = ({ failure, reason }: ScenarioFinished): string =>
  (failure?.text?.split('\n')[0] ?? failure?.message ?? reason ?? '').replace(/^error\[[\w-]+\]: /, '')
