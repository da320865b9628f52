import type { ReportedDiagnostic, ScenarioFinished } from '../runner/events.ts'
import { failureLines } from './failure-text.ts'
import { defineReporter } from './reporter.ts'

/**
 * TAP 14 (testanything.org/tap-version-14-specification): a test point a scenario, its story as a YAML block. What is wrong with a
 * file is a test point of its own. The plan comes last, as a run may stop early.
 */
export const tap = defineReporter({
  name: 'tap',
  doc: 'Test Anything Protocol 14: a test point a scenario, with its story as YAML',
  open(out) {
    let count = 0
    const point = (ok: boolean, text: string, directive = ''): void => out.write(`${ok ? 'ok' : 'not ok'} ${++count} - ${description(text)}${directive}\n`)
    return event => {
      switch (event.type) {
        case 'runStarted': out.write('TAP version 14\n'); break
        case 'diagnostics':
          for (const d of event.diagnostics) if (d.severity === 'error') { point(false, `${d.file}:${d.line}:${d.column}`); out.write(yamlOfDiagnostic(d)) }
          break
        case 'scenarioFinished': {
          const { scenario, status, reason } = event, name = `${scenario.file}:${scenario.line} ${scenario.name}`
          if (status === 'skipped') point(true, name, ` # SKIP ${description(reason ?? '')}`.trimEnd())
          else { point(status === 'passed', name); if (status !== 'passed') out.write(yamlOf(event)) }
          break
        }
        case 'runFinished':
          out.write(`1..${count}\n# seed ${event.summary.seed}, exit ${event.summary.exitCode}\n`)
          if (event.interrupted) out.write('Bail out! interrupted\n')
      }
    }
  },
})

/** `#` and `\` mean something to TAP, and a description is one line. */
const description = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/[\\#]/g, '\\$&')

const yamlOf = (s: ScenarioFinished): string => yaml([
  ['status', s.status], ['file', s.scenario.file], ['line', s.scenario.line], ['seed', s.scenario.seed],
  ...(s.failure ? [['message', s.failure.message], ['verdict', s.failure.verdict]] as const : []),
], failureLines(s))
const yamlOfDiagnostic = (d: ReportedDiagnostic): string => yaml([['status', 'error'], ['code', d.code], ['message', d.message]], d.text.split('\n'))

/** JSON strings are YAML strings; the story is a block that keeps its indentation. */
const yaml = (values: readonly (readonly [key: string, value: string | number])[], story: readonly string[]): string =>
  ['  ---', ...values.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`), '  story: |2', ...story.map(line => `    ${line}`), '  ...', ''].join('\n')
