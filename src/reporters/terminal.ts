import { Chalk } from 'chalk'
import type { ReportedDiagnostic, RunnerEvent, RunStarted, ScenarioFinished, Status } from '../runner/events.ts'
import { STATUSES } from '../runner/events.ts'
import { span } from './clock.ts'
import { failureLines } from './failure-text.ts'
import type { Paint } from './failure-text.ts'
import { defineReporter } from './reporter.ts'
import { byKind, fewerSentences, ofFiles, ofScenarios, reasonOf } from './shortly.ts'
import type { Output, ReporterSettings } from './reporter.ts'
import { SIGNS } from './signs.ts'

/** a run of so many scenarios is told by file, not scenario by scenario */
const MANY = 300

export const terminal = defineReporter({
  name: 'terminal',
  doc: 'for people: a line a scenario, progress on long runs, failures again at the very end in file order',
  open(out, settings) {
    const paint = paints(out)
    const loud = !settings.quiet
    const kept: ScenarioFinished[] = [], diagnostics: ReportedDiagnostic[] = []
    let start: RunStarted | undefined, file = '', done = 0
    return event => {
      switch (event.type) {
        case 'runStarted': start = event; break
        case 'diagnostics': diagnostics.push(...event.diagnostics); break
        case 'scenarioStarted': out.progress?.(progressLine(done, start!, kept.length, event.scenario.name, out.columns)); break
        case 'scenarioFinished':
          done++
          if (event.status !== 'passed' && event.status !== 'skipped') kept.push(event)
          if (loud && event.scenario.file !== file) {
            file = event.scenario.file
            out.write(`${paint.bold(event.scenario.feature || file)}  ${paint.dim(file)}\n`)
          }
          if (loud && (settings.verbose || start!.scenarios <= MANY || event.status !== 'passed')) out.write(scenarioLine(event, start!, paint))
          if (settings.verbose) out.write(stepLines(event, paint))
          break
        case 'runFinished': finish(event, out, paint, kept.sort((a, b) => a.scenario.index - b.scenario.index), diagnostics, start!, settings)
      }
    }
  },
})

/** `37 of 101, 2 not passed  the name of what runs now`, on one line */
function progressLine(done: number, start: RunStarted, notPassed: number, name: string, columns = 80): string {
  const text = `${done} of ${start.scenarios}${notPassed ? `, ${notPassed} not passed` : ''}  ${name}`
  return text.length < columns ? text : `${text.slice(0, columns - 2)}…`
}

function paints(out: Output): Paint & { readonly of: (status: Status) => (text: string) => string } {
  const chalk = new Chalk({ level: out.colourLevel })
  const paint = { bad: chalk.red, good: chalk.green, dim: chalk.dim, bold: chalk.bold, warn: chalk.yellow }
  return { ...paint, of: status => status === 'passed' ? paint.good : status === 'skipped' ? paint.dim : status === 'inconclusive' ? paint.warn : paint.bad }
}
type Paints = ReturnType<typeof paints>

/** `✗ CP-03 MUST  name` */
function titleOf(event: ScenarioFinished, start: RunStarted): string {
  const items = new Map(start.checklists.flatMap(c => c.items.map(i => [i.id, i] as const)))
  const ids = event.scenario.tags.filter(t => t.startsWith('@checklist:')).map(t => t.slice('@checklist:'.length))
  return [...ids.map(id => items.has(id) ? `${id} ${items.get(id)!.level} ` : `${id} `), event.scenario.name || '(no name)'].join(' ')
}

const scenarioLine = (event: ScenarioFinished, start: RunStarted, paint: Paints): string =>
  `  ${paint.of(event.status)(`${SIGNS[event.status]} ${titleOf(event, start)}`)}${event.status === 'passed' || event.status === 'failed' ? '' : `  ${paint.of(event.status)(event.status)}`}${
    event.reason ? `  ${paint.dim(`(${event.reason})`)}` : ''}${event.virtualMs ? `  ${paint.dim(span(event.virtualMs))}` : ''}\n`

function stepLines(event: ScenarioFinished, paint: Paints): string {
  return event.scenario.steps.map((step, i) => {
    const result = event.steps[i]
    const status = result?.status ?? 'skipped'
    const took = result && result.untilMs > result.atMs ? `  ${paint.dim(`t+${span(result.atMs)} … t+${span(result.untilMs)}`)}` : ''
    return [
      `    ${paint.of(status)(SIGNS[status])} ${step.keyword.trimEnd()} ${step.text}${took}`, ...(step.argument ?? []).map(l => `        ${paint.dim(l)}`),
      ...(result?.output ? result.output.trimEnd().split('\n').map(l => `        ${l}`) : []),
    ].join('\n') + '\n'
  }).join('')
}

function finish(
  event: Extract<RunnerEvent, { type: 'runFinished' }>, out: Output, paint: Paints, kept: readonly ScenarioFinished[],
  diagnostics: readonly ReportedDiagnostic[], start: RunStarted, { quiet, verbose }: ReporterSettings
): void {
  out.progress?.('')
  const { summary } = event
  tellFiles(diagnostics, out, paint, verbose)
  tellScenarios(kept, out, paint, start, verbose)
  const counts = STATUSES.filter(s => summary[s] > 0 || s === 'passed').sort((a, b) => order(a) - order(b)).map(s => paint.of(s)(`${summary[s]} ${s}`))
  if (summary.errors) counts.unshift(paint.bad(`${summary.errors} ${summary.errors === 1 ? 'error' : 'errors'}`))
  out.write(
    `${quiet && kept.length + diagnostics.length === 0 ? '' : '\n'}${counts.join(', ')} · ${summary.scenarios} scenario${summary.scenarios === 1 ? '' : 's'} · ${
    summary.cluster ? `${span(summary.virtualMs)} on ${summary.cluster}` : `${span(summary.virtualMs)} virtual in ${(event.wallMs / 1000).toFixed(2)}s · seed ${summary.seed}`} · exit ${summary.exitCode}${
    summary.reason && (summary.exitCode !== 1) ? ` (${summary.reason})` : ''}\n`
  )
  if (summary.reason === 'no feature file found') out.write('`kscenario init` makes a project to begin with\n')
}

const elsewhere = (n: number, kinds: readonly string[]): string => `  … and ${n} more (${byKind(kinds)}); \`--verbose\` tells of all of them, and so do the reports\n`

/** What is wrong with files as such: the first in full, the others in a line each, those behind them by their number. */
function tellFiles(diagnostics: readonly ReportedDiagnostic[], out: Output, paint: Paints, verbose: boolean): void {
  const { full, brief, counted } = verbose ? { full: diagnostics, brief: [], counted: [] } : ofFiles(diagnostics)
  for (const d of full) out.write(`\n${d.severity === 'error' ? d.text : paint.warn(d.text)}\n`)
  if (brief.length) out.write('\n')
  for (const d of brief) out.write(`${d.file}:${d.line}:${d.column}  ${(d.severity === 'error' ? paint.bad : paint.warn)(`${d.severity}[${d.code}]`)}: ${d.message}\n`)
  if (counted.length) out.write(elsewhere(counted.length, counted.map(d => d.code)))
}
function tellScenarios(kept: readonly ScenarioFinished[], out: Output, paint: Paints, start: RunStarted, verbose: boolean): void {
  const { full, brief, counted } = verbose ? { full: kept, brief: [], counted: [] } : ofScenarios(kept)
  const head = (failed: ScenarioFinished): string =>
    `${paint.of(failed.status)(`${SIGNS[failed.status]} ${titleOf(failed, start)}`)}   ${failed.status === 'failed' ? '' : `${failed.status}  `}`
  for (const failed of full) {
    const { scenario } = failed
    out.write(`\n${head(failed)}${paint.dim(`${scenario.file}:${scenario.line}  seed ${scenario.seed}`)}\n`)
    for (const line of failureLines(verbose ? failed : { ...failed, failure: fewerSentences(failed.failure) }, paint)) out.write(line + '\n')
  }
  if (brief.length) out.write('\n')
  for (const failed of brief) out.write(`${head(failed)}${paint.dim(`${failed.scenario.file}:${failed.scenario.line}`)}  ${reasonOf(failed)}\n`)
  if (counted.length) out.write(elsewhere(counted.length, counted.map(f => f.status)))
}

/** what went wrong comes first */
const order = (status: Status): number => ['failed', 'vacuous', 'undefined', 'ambiguous', 'inconclusive', 'passed', 'skipped'].indexOf(status)
