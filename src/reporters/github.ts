import type { Failure, ReportedDiagnostic, ScenarioFinished, Status, Summary } from '../runner/events.ts'
import { STATUSES } from '../runner/events.ts'
import { plural, span } from './clock.ts'
import { failureLines } from './failure-text.ts'
import { defineReporter } from './reporter.ts'

/**
 * Annotations and the job summary of GitHub Actions (docs.github.com/actions/reference/workflow-commands-for-github-actions): each
 * failure at the line of its step. Used by default where GITHUB_ACTIONS is set.
 */
export const github = defineReporter({
  name: 'github',
  doc: 'GitHub Actions: an annotation at each step that did not hold, and a summary of the job',
  open(out) {
    const diagnostics: ReportedDiagnostic[] = [], kept: ScenarioFinished[] = []
    return event => {
      if (event.type === 'diagnostics') diagnostics.push(...event.diagnostics)
      if (event.type === 'scenarioFinished' && event.status !== 'passed' && event.status !== 'skipped') kept.push(event)
      if (event.type !== 'runFinished') return
      kept.sort((a, b) => a.scenario.index - b.scenario.index)
      for (const d of diagnostics) {
        out.write(command(d.severity === 'error' ? 'error' : 'warning', { file: d.file, line: d.line, col: d.column, title: d.code }, d.text))
      }
      for (const s of kept) {
        out.write(command(
          s.status === 'inconclusive' ? 'warning' : 'error', { file: s.scenario.file, line: lineOf(s, s.failure), title: `${s.status}: ${s.scenario.name}` },
          [s.failure?.message ?? s.status, ...failureLines(s)].join('\n')
        ))
      }
      out.summary?.(markdown(event.summary, kept, diagnostics))
    }
  },
})

const lineOf = (s: ScenarioFinished, failure: Failure | undefined): number =>
  failure?.step === undefined ? s.scenario.line : s.scenario.steps[failure.step].line

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
const command = (name: string, properties: Readonly<Record<string, string | number>>, message: string): string =>
  `::${name} ${Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`).join(',')}::${data(message)}\n`

const signs: Readonly<Record<Status, string>> = { passed: '✅', failed: '❌', vacuous: '❌', undefined: '❓', ambiguous: '❓', skipped: '⏭️', inconclusive: '⚠️' }

function markdown(summary: Summary, kept: readonly ScenarioFinished[], diagnostics: readonly ReportedDiagnostic[]): string {
  const errors = diagnostics.filter(d => d.severity === 'error')
  return [
    `### ${summary.exitCode === 0 ? '✅' : '❌'} kscenario: ${plural(summary.scenarios, 'scenario')}, ${STATUSES.filter(s => summary[s] > 0 || s === 'passed').map(s => `${summary[s]} ${s}`).join(', ')}${errors.length ? `, ${plural(errors.length, 'error')} in files` : ''}`,
    '',
    `${span(summary.virtualMs)} of cluster time · seed ${summary.seed} · exit ${summary.exitCode}`, '',
    ...(kept.length
      ? [
        '| | Scenario | Where | Why |', '|---|---|---|---|',
        ...kept.map(s =>
          `| ${signs[s.status]} | ${cell(s.scenario.name)} | \`${s.scenario.file}:${lineOf(s, s.failure)}\` | ${cell(s.failure?.message ?? s.status)} |`),
        '',
      ]
      : []),
    ...[
      ...errors.map(d => details(`${d.file}:${d.line}: ${d.message}`, d.text)),
      ...kept.map(s => details(`${s.status}: ${s.scenario.name}`, failureLines(s).join('\n'))),
    ],
  ].join('\n') + '\n'
}

const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const cell = (text: string): string => html(text.replace(/\s+/g, ' ').trim()).replaceAll('|', '\\|')
/** The story in a fence longer than any of its own. */
function details(title: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(m => m[0].length + 1)))
  return `<details><summary>${html(title)}</summary>\n\n${fence}\n${text}\n${fence}\n\n</details>\n`
}
