import { collectChecklists } from './checklist-results.ts'
import type { ChecklistResult } from './checklist-results.ts'
import { defineReporter } from './reporter.ts'

export const checklistJson = defineReporter({
  name: 'checklist-json',
  doc:
    'the items of checklist.yaml as JSON: { seed, checklists: [{ file, title, passed, total, score: { points, of }, items: [{ id, level, text, points, concepts, status, why?, scenarios }] }] }',
  defaultFile: 'reports/checklist.json',
  variantOf: { name: 'checklist', ending: '.json' },
  open: out => collectChecklists((results, summary) => out.write(JSON.stringify({ seed: summary.seed, checklists: results.map(entry) }, null, 2) + '\n')),
})

const entry = ({ checklist, items, passed, score }: ChecklistResult): object => ({
  file: checklist.file, title: checklist.title, passed, total: items.length, score,
  items: items.map(({ item, status, scenarios, why }) => ({
    id: item.id, level: item.level, text: item.text, points: item.points, concepts: item.concepts, ...(item.hints.length ? { hints: item.hints } : {}),
    ...(item.links.length ? { links: item.links } : {}), status, ...(why === undefined ? {} : { why }),
    scenarios: scenarios.map(s => ({
      file: s.scenario.file, line: s.scenario.line, name: s.scenario.name, status: s.status, seed: s.scenario.seed, virtualMs: s.virtualMs,
      ...(s.failure ? { message: s.failure.message, verdict: s.failure.verdict } : {}),
    })),
  })),
})
