import type { TestContext } from 'vitest'
import { createWorkerHost } from '../cli/host.ts'
import { createLanguage } from '../cli/language.ts'
import { runOptions } from '../cli/run-options.ts'
import { failureLines } from '../reporters/failure-text.ts'
import type { Language, ScenarioSettings } from '../runner/run-suite.ts'
import { runOne } from '../runner/run-suite.ts'

/** What the test modules of feature files call. The language is made once for each of vitest's workers. */
const host = createWorkerHost()
let made: Promise<{ readonly language: Language; readonly settings: ScenarioSettings }> | undefined
const prepared = () => made ??= Promise.all([runOptions(['.'], {}, host), createLanguage(host)]).then(([options, { language, tools, createDriver }]) =>
  ({ language, settings: { ...options, tools, createDriver, files: host.files, wallMs: host.wallMs } }))

const read = new Map<string, { readonly text: string; readonly scenarios: ReturnType<Language['read']>['scenarios'] }>()
function scenariosOf(language: Language, file: string) {
  const text = host.files.read(file) ?? '', before = read.get(file)
  if (before?.text === text) return before.scenarios
  const { scenarios } = language.read(host.relative(file), text)
  read.set(file, { text, scenarios })
  return scenarios
}

/** The test of one pickle. */
export const run = (file: string, pickle: number) => async (context: TestContext): Promise<void> => {
  const { language, settings } = await prepared(), plan = scenariosOf(language, file)[pickle].bind()
  const finished = await runOne(plan, pickle, pickle, settings, () => {}), { status, failure, reason } = finished
  if (status === 'passed') return
  if (status === 'skipped' || status === 'inconclusive') context.skip(failure?.message ?? reason ?? status)
  const step = failure?.step === undefined ? undefined : plan.steps[failure.step]
  const error = new Error(`${step ? `${failure!.verdict}: ${step.text}` : failure?.message ?? status}\n${failureLines(finished).join('\n')}`)
  error.name = status
  error.stack = `${error.name}: ${error.message}\n    at ${file}:${step?.line ?? plan.line}:${step?.column ?? 3}`
  throw error
}
