import type { ReportedDiagnostic, Status, Summary } from './events.ts'

export interface Tally {
  readonly counts: Readonly<Record<Status, number>>
  readonly seed: number
  readonly virtualMs: number
  readonly interrupted: boolean
  readonly cluster?: string
  readonly files: number
  readonly selected: number
  readonly diagnostics: readonly ReportedDiagnostic[]
}

/** 0 passed · 1 a scenario failed · 2 cannot run as written · 3 inconclusive · 130 interrupted; the smallest that applies of 1, 2, 3. */
export function summarise(tally: Tally): Summary {
  const { counts } = tally
  const errors = tally.diagnostics.filter(d => d.severity === 'error').length
  const reasons: [number, number, string][] = [
    [1, counts.failed, 'failed'], [1, counts.vacuous, 'vacuous (a pass that shows nothing is a failure)'],
    [2, errors, errors === 1 ? 'error in a file' : 'errors in files'], [2, counts.undefined, 'undefined'], [2, counts.ambiguous, 'ambiguous'],
    [2, tally.selected === 0 && errors === 0 ? 1 : 0, tally.files === 0 ? 'no feature file found' : 'no scenario selected'],
    [3, counts.inconclusive, 'inconclusive'],
  ]
  const applying = reasons.filter(([, n]) => n > 0)
  const exitCode = tally.interrupted ? 130 : applying.length ? Math.min(...applying.map(([code]) => code)) : 0
  const reason = tally.interrupted
    ? 'interrupted'
    : applying.filter(([code]) => code === exitCode).map(([, n, what]) => /^no /.test(what) ? what : `${n} ${what}`).join(', ')
  return {
    seed: tally.seed, scenarios: Object.values(counts).reduce((a, b) => a + b, 0), ...counts, errors,
    warnings: tally.diagnostics.length - errors, virtualMs: tally.virtualMs, exitCode, ...(reason ? { reason } : {}),
    ...(tally.cluster ? { cluster: tally.cluster } : {}),
  }
}
