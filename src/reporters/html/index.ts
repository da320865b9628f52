import type { RunnerEvent, RunStarted, ScenarioFinished } from '../../runner/events.ts'
import { STATUSES } from '../../runner/events.ts'
import { resultsOf } from '../checklist-results.ts'
import type { ChecklistResult } from '../checklist-results.ts'
import type { Output, Write } from '../reporter.ts'
import { createStrings, encodeRecord, encodeScenario, nothing } from './encode.ts'
import type { ChecklistData, ReportData, ScenarioData } from './model.ts'
import { page } from './page.ts'

/** One page for a browser, without a network: everything about a run, drawn when it is looked at. */
export function openHtml(out: Output): Write {
  const strings = createStrings(), finished: ScenarioFinished[] = [], scenarios: ScenarioData[] = [], problems: string[] = []
  let start: RunStarted | undefined, recorded = nothing
  return (event: RunnerEvent) => {
    switch (event.type) {
      case 'runStarted': start = event; break
      case 'diagnostics': problems.push(...event.diagnostics.map(d => d.text)); break
      case 'scenarioRecord': recorded = encodeRecord(event, strings); break
      case 'scenarioFinished':
        finished.push(event); scenarios.push(encodeScenario(event, recorded)); recorded = nothing
        break
      case 'runFinished': {
        const { seed, exitCode, reason, virtualMs } = event.summary
        const data: ReportData = {
          version: start?.version ?? '', seed, exitCode, ...(reason ? { reason } : {}), virtualMs,
          counts: Object.fromEntries(STATUSES.map(s => [s, event.summary[s]])) as ReportData['counts'],
          strings: strings.all, problems, scenarios, checklists: (start?.checklists ?? []).map(c => checklistData(resultsOf(c, finished), finished)),
        }
        out.write(page(data))
      }
    }
  }
}

const checklistData = ({ checklist, items, score }: ChecklistResult, finished: readonly ScenarioFinished[]): ChecklistData => ({
  title: checklist.title, file: checklist.file, points: score.points, of: score.of,
  items: items.map(({ item, status, why, scenarios }) => ({
    id: item.id, level: item.level, text: item.text, points: item.points, status, ...(why === undefined ? {} : { why }),
    links: [...item.concepts, ...item.links], hints: item.hints, scenarios: scenarios.map(s => finished.indexOf(s)),
  })),
})
