import type { Checklist, ChecklistItem, RunnerEvent, ScenarioFinished, Status, Summary } from '../runner/events.ts'

export type ItemStatus = Status | 'not covered'
export interface ItemResult { readonly item: ChecklistItem; readonly status: ItemStatus; readonly scenarios: readonly ScenarioFinished[] }
export interface ChecklistResult { readonly checklist: Checklist; readonly items: readonly ItemResult[]; readonly passed: number }

/** from worst to best; what was skipped is no pass */
const WORST_FIRST: readonly Status[] = ['failed', 'vacuous', 'undefined', 'ambiguous', 'inconclusive', 'skipped', 'passed']

const resultOf = (item: ChecklistItem, finished: readonly ScenarioFinished[]): ItemResult => {
  const scenarios = finished.filter(s => s.scenario.tags.includes(`@checklist:${item.id}`))
  return { item, scenarios, status: WORST_FIRST.find(status => scenarios.some(s => s.status === status)) ?? 'not covered' }
}

/** Gathers a run and gives the result at its end. */
export function collectChecklists(report: (results: readonly ChecklistResult[], summary: Summary) => void): (event: RunnerEvent) => void {
  const finished: ScenarioFinished[] = []
  let checklists: readonly Checklist[] = []
  return event => {
    if (event.type === 'runStarted') checklists = event.checklists
    if (event.type === 'scenarioFinished') finished.push(event)
    if (event.type !== 'runFinished') return
    report(checklists.map(checklist => {
      const items = checklist.items.map(item => resultOf(item, finished))
      return { checklist, items, passed: items.filter(i => i.status === 'passed').length }
    }), event.summary)
  }
}
