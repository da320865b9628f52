import type { Summary } from '../runner/events.ts'
import { collectChecklists } from './checklist-results.ts'
import type { ChecklistResult, ItemResult, ItemStatus } from './checklist-results.ts'
import { moment, plural } from './clock.ts'
import { failureLines } from './failure-text.ts'
import { defineReporter } from './reporter.ts'

export const checklistMarkdown = defineReporter({
  name: 'checklist',
  doc: 'the items of checklist.yaml as Markdown, each with its verdict and the scenarios that show it',
  defaultFile: 'reports/checklist.md',
  open: out => collectChecklists((results, summary) => out.write(markdown(results, summary))),
})

const SIGNS: Readonly<Record<ItemStatus, string>> = {
  passed: '✅ passed', failed: '❌ failed', vacuous: '❌ vacuous', undefined: '❓ undefined', ambiguous: '❓ ambiguous', skipped: '⏭️ skipped',
  inconclusive: '⚠️ inconclusive', 'not covered': '⬜ not covered',
}

function markdown(results: readonly ChecklistResult[], summary: Summary): string {
  if (results.length === 0) return '# Checklist\n\nNo `checklist.yaml` beside the features of this run.\n'
  return results.map(({ checklist, items, passed, score }) => [
    `# ${text(checklist.title)}`, '',
    `${passed} of ${items.length} items passed · ${score.points} of ${plural(score.of, 'point')} · seed ${summary.seed} · \`${checklist.file}\``, '',
    '| Item | Level | What | Concepts | Verdict | Shown by |', '|---|---|---|---|---|---|',
    ...items.map(row), '', ...items.flatMap(evidence),
  ].join('\n')).join('\n')
}

const text = (value: string): string => value.replace(/\s+/g, ' ').trim().replace(/([|<>])/g, '\\$1')
const concept = ({ name, link }: { readonly name: string; readonly link?: string }): string => link ? `[${text(name)}](${link})` : text(name)
const row = ({ item, status, scenarios, why }: ItemResult): string =>
  `| ${item.id} | ${item.level} | ${text(item.text)} | ${[...item.concepts, ...item.links].map(concept).join(', ')} | ${SIGNS[status]}${why ? `: ${text(why)}` : ''} | ${scenarios.map(s => `${text(s.scenario.name)} (${s.scenario.file}:${s.scenario.line})`).join('<br>')} |`

/** What did not pass, with the whole story. */
function evidence({ item, status, scenarios }: ItemResult): string[] {
  if (status === 'passed' || (status === 'not covered' && item.hints.length === 0)) return []
  return [`## ${item.id}: ${SIGNS[status]}`, '', ...hints(item.hints), ...scenarios.filter(s => s.status !== 'passed').flatMap(s => {
    const at = s.failure?.atMs === undefined ? '' : ` at ${moment(s.failure.atMs)}`
    return [`**${text(s.scenario.name)}** ${s.status}${at} (seed ${s.scenario.seed})`, '', '```', ...failureLines(s), '```', '']
  })]
}

/** Each opens by itself, so that a reader takes no more help than needed. */
const hints = (all: readonly string[]): string[] =>
  all.flatMap((hint, i) => [`<details><summary>Hint ${i + 1} of ${all.length}</summary>`, '', hint.trim(), '', '</details>', ''])
