import type { ReportedDiagnostic, ScenarioFinished, Summary } from '../runner/events.ts'
import { defineReporter } from './reporter.ts'

export const json = defineReporter({
  name: 'json',
  doc: 'one JSON document: { summary, scenarios: [{ file, line, name, tags, status, virtualMs, seed, steps: [{ text, line, status, message? }] }] }',
  defaultFile: 'reports/results.json',
  open(out) {
    const scenarios: ScenarioFinished[] = [], diagnostics: ReportedDiagnostic[] = []
    return event => {
      if (event.type === 'diagnostics') diagnostics.push(...event.diagnostics)
      if (event.type === 'scenarioFinished') scenarios.push(event)
      if (event.type === 'runFinished') {
        out.write(JSON.stringify({ summary: { ...event.summary, ...diagnosed(diagnostics) }, scenarios: scenarios.map(entry) }, null, 2) + '\n')
      }
    }
  },
})

const diagnosed = (diagnostics: readonly ReportedDiagnostic[]): { diagnostics?: unknown } =>
  diagnostics.length
    ? { diagnostics: diagnostics.map(({ severity, code, file, line, column, message }) => ({ severity, code, file, line, column, message })) }
    : {}

function entry(s: ScenarioFinished): object {
  const steps = s.scenario.steps.map((step, i) => {
    const failed = s.failure?.step === i
    const message = s.steps[i]?.message ?? (failed ? s.failure?.message : undefined)
    return { text: step.text, line: step.line, status: s.steps[i]?.status ?? 'skipped', ...(message === undefined ? {} : { message }) }
  })
  const { file, line, name, tags, seed } = s.scenario
  const message = s.failure && s.failure.step === undefined ? s.failure.message : s.reason
  return {
    file, line, name, tags, status: s.status, ...(message === undefined ? {} : { message }), virtualMs: s.virtualMs, seed,
    ...(s.traceHash ? { traceHash: s.traceHash } : {}), steps,
  }
}

export type ResultsSummary = Summary
