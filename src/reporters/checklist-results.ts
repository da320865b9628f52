import type { Checklist, ChecklistItem, RunnerEvent, ScenarioFinished, Status, Summary } from '../runner/events.ts'

export type ItemStatus = Status | 'not covered'
export interface ItemResult {
  readonly item: ChecklistItem
  readonly status: ItemStatus
  readonly scenarios: readonly ScenarioFinished[]
  /** of an item that did not pass: what is wrong, in a sentence */
  readonly why?: string
}
export interface Score { readonly points: number; readonly of: number }
export interface ChecklistResult { readonly checklist: Checklist; readonly items: readonly ItemResult[]; readonly passed: number; readonly score: Score }

/** from worst to best; what was skipped is no pass */
const WORST_FIRST: readonly Status[] = ['failed', 'vacuous', 'undefined', 'ambiguous', 'inconclusive', 'skipped', 'passed']

const resultOf = (item: ChecklistItem, finished: readonly ScenarioFinished[]): ItemResult => {
  const scenarios = finished.filter(s => s.scenario.tags.includes(`@checklist:${item.id}`))
  const status = WORST_FIRST.find(status => scenarios.some(s => s.status === status)) ?? 'not covered'
  const worst = status === 'passed' ? undefined : scenarios.find(s => s.status === status), why = worst?.failure?.message ?? worst?.reason
  return { item, scenarios, status, ...(why === undefined ? {} : { why }) }
}

/** Gathers a run and gives the result at its end. */
export function collectChecklists(report: (results: readonly ChecklistResult[], summary: Summary) => void): (event: RunnerEvent) => void {
  const finished: ScenarioFinished[] = []
  let checklists: readonly Checklist[] = []
  return event => {
    if (event.type === 'runStarted') checklists = event.checklists
    if (event.type === 'scenarioFinished') finished.push(event)
    if (event.type !== 'runFinished') return
    report(checklists.map(checklist => resultsOf(checklist, finished)), event.summary)
  }
}

export function resultsOf(checklist: Checklist, finished: readonly ScenarioFinished[]): ChecklistResult {
  const items = checklist.items.map(item => resultOf(item, finished)), passed = items.filter(i => i.status === 'passed')
  const sum = (all: readonly ItemResult[]): number => Math.round(all.reduce((total, i) => total + i.item.points, 0) * 100) / 100
  return { checklist, items, passed: passed.length, score: { points: sum(passed), of: sum(items) } }
}
