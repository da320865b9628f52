import type { Status } from '../../../runner/events.ts'
import { sorts } from '../model.ts'
import type { ReportData, ScenarioData } from '../model.ts'

export const data: ReportData = JSON.parse(document.getElementById('data')!.textContent!)
export const text = (at: number): string => data.strings[at]

export interface Moment {
  readonly index: number
  readonly atMs: number
  readonly lane: number
  readonly sort: string
  readonly text: string
  readonly cause?: number
  readonly state?: string
}
export interface Arrow { readonly atMs: number; readonly from: string; readonly to: string; readonly what: string }

export function momentsOf({ moments: m }: ScenarioData): Moment[] {
  const all: Moment[] = []
  for (let i = 0, atMs = 0; i < m.length; i += 6) {
    atMs += m[i]
    all.push({
      index: all.length, atMs, lane: m[i + 1], sort: sorts[m[i + 2]], text: text(m[i + 3]), cause: m[i + 4] ? all.length - m[i + 4] : undefined,
      state: m[i + 5] ? text(m[i + 5] - 1) : undefined,
    })
  }
  return all
}

export function arrowsOf({ arrows: a }: ScenarioData['journeys'][number]): Arrow[] {
  const all: Arrow[] = []
  for (let i = 0, atMs = 0; i < a.length; i += 4) {
    atMs += a[i]
    all.push({ atMs, from: text(a[i + 1]), to: text(a[i + 2]), what: text(a[i + 3]) })
  }
  return all
}

export const signs: Readonly<Record<Status | 'not covered', string>> = {
  passed: '✓', failed: '✗', vacuous: '∅', undefined: '?', ambiguous: '?', skipped: '–', inconclusive: '!', 'not covered': '○',
}
export const good = (status: Status): boolean => status === 'passed' || status === 'skipped'
/** the class that colours a status */
export const tone = (status: Status | 'not covered'): string =>
  status === 'passed' ? 'good' : status === 'skipped' || status === 'not covered' ? 'mute' : status === 'inconclusive' ? 'warn' : 'bad'

/** How a lane's state looks: `2 of 3 ready` waits, `3 of 3 ready` is good. */
export function look(state: string): 'good' | 'wait' | 'bad' | 'gone' {
  if (state === '') return 'gone'
  const counted = /^(\d+) of (\d+) ready/.exec(state)
  if (counted) return counted[1] === counted[2] && counted[2] !== '0' ? 'good' : 'wait'
  if (/^(Running|Ready|up|leader|Bound|Active|Available|Complete|Completed|Succeeded|present)\b/.test(state) && !/SchedulingDisabled/.test(state)) return 'good'
  return /down|hung|NotReady|BackOff|Err|OOM|Fail|Evict|Lost|Unknown|Dead/.test(state) ? 'bad' : 'wait'
}
