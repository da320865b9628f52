import type { FeatureRead, ScenarioFinished, Status } from '../../runner/events.ts'
import { failureLines } from '../failure-text.ts'
import { duration, timestamp } from './run.ts'
import type { Run } from './run.ts'

type Pickle = FeatureRead['pickles'][number]
const statuses: Readonly<Record<Status, string>> = {
  passed: 'PASSED', failed: 'FAILED', vacuous: 'FAILED', undefined: 'UNDEFINED', ambiguous: 'AMBIGUOUS', skipped: 'SKIPPED', inconclusive: 'PENDING',
}

interface CaseStep {
  readonly id: string
  readonly status: string
  readonly message?: string
  readonly type?: string
  readonly short?: string
  readonly output?: string
  readonly note?: string
  readonly unknown?: { readonly pickleStepId: string; readonly text: string }
  readonly atMs: number
  readonly untilMs: number
}

/** One scenario: its test case, and what became of each step. */
export function caseEnvelopes(finished: ScenarioFinished, pickle: Pickle, run: Run): void {
  const testCaseId = run.newId(), testCaseStartedId = run.newId(), began = run.clockMs
  const declared: object[] = []
  const steps = pickle.steps.map((step, i): CaseStep => {
    const id = run.newId(), { definition } = finished.scenario.steps[i]
    const bound = definition !== undefined && !['undefined', 'ambiguous'].includes(finished.steps[i]?.status)
    declared.push({
      id, pickleStepId: step.id,
      ...(bound
        ? { stepDefinitionIds: [run.definition(definition)], stepMatchArgumentsLists: [{ stepMatchArguments: definition.arguments ?? [] }] }
        : { stepDefinitionIds: [], stepMatchArgumentsLists: [] }),
    })
    return { id, ...resultOf(finished, i), ...(finished.steps[i]?.status === 'undefined' ? { unknown: { pickleStepId: step.id, text: step.text } } : {}) }
  })
  if (asAWhole(finished)) {
    const id = run.newId()
    declared.push({ id, hookId: run.hook() })
    steps.push({
      id, status: statuses[finished.status], message: story(finished), type: finished.status, short: finished.failure?.message, atMs: finished.virtualMs,
      untilMs: finished.virtualMs,
    })
  }
  run.emit({ testCase: { id: testCaseId, pickleId: pickle.id, testSteps: declared, testRunStartedId: run.testRunStartedId } })
  run.emit({ testCaseStarted: { id: testCaseStartedId, testCaseId, attempt: 0, timestamp: timestamp(began) } })
  for (const step of steps) stepEnvelopes(step, testCaseStartedId, began, run)
  run.emit({ testCaseFinished: { testCaseStartedId, willBeRetried: false, timestamp: timestamp(began + finished.virtualMs) } })
}

function stepEnvelopes(
  { id, status, message, type, short, output, note, unknown, atMs, untilMs }: CaseStep, testCaseStartedId: string, began: number, run: Run
): void {
  run.emit({ testStepStarted: { testCaseStartedId, testStepId: id, timestamp: timestamp(began + atMs) } })
  if (unknown) {
    run.emit({ suggestion: { id: run.newId(), pickleStepId: unknown.pickleStepId, snippets: [{ language: 'typescript', code: snippet(unknown.text) }] } })
  }
  for (const body of [output, note]) {
    if (body) {
      run.emit({
        attachment: {
          testCaseStartedId, testStepId: id, body, contentEncoding: 'IDENTITY', mediaType: 'text/x.cucumber.log+plain', timestamp: timestamp(began + untilMs),
        },
      })
    }
  }
  const exception = type === undefined
    ? {}
    : { exception: { type, ...(short === undefined ? {} : { message: short }), ...(message === undefined ? {} : { stackTrace: message }) } }
  run.emit({
    testStepFinished: {
      testCaseStartedId, testStepId: id, timestamp: timestamp(began + untilMs),
      testStepResult: { status, duration: duration(untilMs - atMs), ...(message === undefined ? {} : { message }), ...exception },
    },
  })
}

/** A step of one's own that would read this sentence. */
function snippet(text: string): string {
  const names: string[] = []
  const expression = text.replace(/[\\/(){}]/g, '\\$&').replace(/"[^"]*"|(?<![\w.-])\d+(?![\w.-])/g, found => {
    const type = found.startsWith('"') ? 'string' : 'int'
    names.push(`${type}${names.length + 1}`)
    return `{${type}}`
  })
  return `step(${JSON.stringify(expression)}, async (${['cluster', ...names].join(', ')}) => {\n  cluster.fail('not written yet')\n})`
}

/** The verdict belongs to no step: an invariant, `@expect-failure` that did not fail, a scenario without steps. */
const asAWhole = ({ status, failure, steps }: ScenarioFinished): boolean =>
  status !== 'passed' && (steps.length === 0 || (failure !== undefined && failure.step === undefined))

const story = (finished: ScenarioFinished): string => failureLines(finished).join('\n')

function resultOf(finished: ScenarioFinished, index: number): Omit<CaseStep, 'id'> {
  const step = finished.steps[index], times = { atMs: step?.atMs ?? 0, untilMs: step?.untilMs ?? 0, ...(step?.output ? { output: step.output } : {}) }
  const status = step?.status ?? 'skipped'
  // a failure that was expected is a pass of the whole: every report says the same
  if (finished.status === 'passed' && status !== 'passed') {
    return { ...times, status: 'PASSED', note: status === 'skipped' ? `not reached: ${finished.reason ?? ''}` : `${finished.reason ?? ''}\n${story(finished)}` }
  }
  if (finished.failure?.step === index && status !== 'passed') {
    return { ...times, status: statuses[status], message: story(finished), type: status, short: finished.failure.message }
  }
  if (['undefined', 'ambiguous'].includes(status)) return { ...times, status: statuses[status], ...(step.message ? { message: step.message } : {}) }
  return { ...times, status: statuses[status] }
}
