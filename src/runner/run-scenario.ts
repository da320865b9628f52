import type { Driver } from '../drivers/driver.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { sharedSteps } from './beginnings.ts'
import type { Beginning, Beginnings } from './beginnings.ts'
import { createContext } from './context.ts'
import type { Surroundings } from './context.ts'
import type { Failure, RunnerEvent, ScenarioFinished, ScenarioInfo, Status, StepFinished } from './events.ts'
import type { PlannedScenario, PlannedStep } from './plan.ts'
import { runStep } from './run-step.ts'
import type { StepResult } from './run-step.ts'
import { createRecorder } from './record/recorder.ts'
import { readTags } from './tags.ts'
import type { Tools } from './tools.ts'

export interface ScenarioOptions {
  readonly surroundings: Surroundings
  readonly tools: Tools
  readonly replay: string
  /** wall-clock milliseconds, for durations only */
  readonly wallMs: () => number
  /** one who looks on, and may let time pass (a replay of a recorded run) */
  readonly onlooker?: Onlooker
  /** does a reporter want to know what the cluster did? */
  readonly record?: boolean
  /** what is said of the run, where nothing else is */
  readonly reason?: string
  /** what earlier scenarios of the run have begun with, and some that come next */
  readonly sharing?: { readonly beginnings: Beginnings; readonly following: readonly PlannedScenario[] }
}
/** A replay compares two runs to their ends: a refused command or a step that does not hold never stops it. */
export interface Onlooker {
  before(step: PlannedStep, context: ScenarioContext): Promise<void>
  after(step: PlannedStep, context: ScenarioContext, result: StepResult): Promise<void>
  end(context: ScenarioContext): Promise<void>
}

type Emit = (event: RunnerEvent) => void

/** Runs one scenario from start to end and tells it as events. */
export async function runScenario(plan: PlannedScenario, info: ScenarioInfo, options: ScenarioOptions, emit: Emit): Promise<ScenarioFinished> {
  const began = options.wallMs()
  emit({ type: 'scenarioStarted', scenario: info })
  const run = (options.onlooker ? undefined : unrunnable(plan, info, options)) ?? await play(plan, info, options, emit)
  const { status, failure, reason } = expected(run.status, run.failure, run.reason ?? options.reason, plan)
  const finished: ScenarioFinished = {
    type: 'scenarioFinished', scenario: info, status, steps: run.steps, virtualMs: run.virtualMs, wallMs: options.wallMs() - began, failure, reason,
    traceHash: run.traceHash,
  }
  if (run.silent) for (const step of run.steps) emit(step)
  emit(finished)
  return finished
}

export interface Run {
  readonly status: Status
  readonly steps: readonly StepFinished[]
  readonly virtualMs: number
  readonly failure?: Failure
  readonly reason?: string
  readonly traceHash?: string
  readonly silent?: boolean
}

/** A scenario that is not begun: skipped by its tags, without steps, or with a step that has no single reading. */
function unrunnable(plan: PlannedScenario, info: ScenarioInfo, options: ScenarioOptions): Run | undefined {
  const untouched = (status: (step: PlannedStep) => Status): readonly StepFinished[] =>
    plan.steps.map((step, index) => ({
      type: 'stepFinished', scenario: info.index, step: index, status: status(step), atMs: 0, untilMs: 0,
      message: step.reading.type === 'bound' ? undefined : step.reading.diagnostics[0]?.message,
    }))
  const base = { virtualMs: 0, silent: true }
  const skip = readTags(plan.tags).skip
  if (skip) return { ...base, status: 'skipped', reason: skip, steps: untouched(() => 'skipped') }
  const bad = plan.steps.findIndex(s => s.reading.type !== 'bound')
  if (bad >= 0) {
    const reading = plan.steps[bad].reading as Exclude<PlannedStep['reading'], { type: 'bound' }>
    const failure: Failure = {
      step: bad, verdict: reading.type === 'inconclusive' ? 'internal error' : reading.type, message: reading.diagnostics[0]?.message ?? reading.type,
      text: plan.steps.flatMap(s => s.reading.type === 'bound' ? [] : s.reading.diagnostics.map(d => d.text)).join('\n\n'), replay: options.replay,
    }
    return { ...base, status: reading.type, failure, steps: untouched(step => step.reading.type === 'bound' ? 'skipped' : step.reading.type) }
  }
  if (plan.steps.length === 0) {
    const message = 'a scenario without steps shows nothing'
    return { ...base, status: 'vacuous', failure: { verdict: 'vacuous', message, replay: options.replay }, steps: [] }
  }
  return undefined
}

async function play(plan: PlannedScenario, info: ScenarioInfo, options: ScenarioOptions, emit: Emit): Promise<Run> {
  const { sharing } = options, common = new Set(sharing?.following.map(next => sharedSteps(plan, next))), from = sharing?.beginnings.find(plan, info.seed)
  const playing = begin(plan, info, options, emit, from), at = from?.steps.length ?? 0
  for (let index = at; index < plan.steps.length; index++) {
    const step = playing.step(index)
    if ('then' in step) await step
    if (common.has(index + 1)) { const beginning = playing.beginning(); if (beginning) sharing!.beginnings.keep(plan, info.seed, beginning) }
  }
  return playing.end()
}

/** A scenario under way: each step once, in order. Another runner (src/cucumber) goes through it at its own pace. */
export interface Playing {
  /** at once, if the step does not wait for anything */
  step(index: number): Played | Promise<Played>
  end(): Promise<Run>
  /** What it has come to, for another scenario to go on from; undefined: not all passed, or it cannot be copied. */
  beginning(): Beginning | undefined
  readonly context: ScenarioContext
}
interface Played { readonly finished: StepFinished; readonly failure?: Failure }
export function begin(plan: PlannedScenario, info: ScenarioInfo, options: ScenarioOptions, emit: Emit, from?: Beginning): Playing {
  let driver: Driver | undefined, refused = false
  const recorder = options.record ? createRecorder(info.index) : undefined
  const context = from?.context.fork()
    ?? createContext(
      { ...options.surroundings, onStart: started => { driver = started; recorder?.started(started); options.surroundings.onStart?.(started) } }, info.seed
    )
  if (from) driver = context.driver()
  const now = (): number => driver?.now() ?? 0
  const steps = (from?.steps ?? []).map((step): StepFinished => ({ ...step, scenario: info.index }))
  for (const step of steps) emit(step)
  let status: Status = 'passed', failure: Failure | undefined
  const finish = (index: number, atMs: number, result: StepResult): Played => {
    refused ||= result.refused === true
    if (result.refused && (options.onlooker || spokenOfLater(plan.steps, index, options.tools, context))) result = { status: 'passed', output: result.output }
    const own: Failure | undefined = result.status === 'passed' || result.status === 'skipped' && !result.story
      ? undefined
      : { step: index, ...(result.story ?? { verdict: result.status, message: result.status }), replay: options.replay }
    if (own && status === 'passed') { status = result.status; failure = own }
    const finished: StepFinished = {
      type: 'stepFinished', scenario: info.index, step: index, status: result.status, atMs, untilMs: now(), message: result.story?.message ?? result.note,
      output: result.output,
    }
    steps.push(finished); emit(finished)
    return own ? { finished, failure: own } : { finished }
  }
  const watched = async (index: number, onlooker: Onlooker, atMs: number): Promise<Played> => {
    const step = plan.steps[index]
    await onlooker.before(step, context)
    const result = await runStep(step, context, options.tools)
    await onlooker.after(step, context, result.refused ? { status: 'passed', output: result.output } : result)
    return finish(index, atMs, result)
  }
  return {
    context,
    step(index) {
      const step = plan.steps[index], atMs = now(), { onlooker } = options
      if (status !== 'passed' && !onlooker) return finish(index, atMs, { status: 'skipped' })
      recorder?.step(index, step.text, atMs)
      if (onlooker) return watched(index, onlooker, atMs)
      const running = runStep(step, context, options.tools)
      return 'then' in running ? running.then(result => finish(index, atMs, result)) : finish(index, atMs, running)
    },
    beginning: () => status === 'passed' && !refused && driver?.fork && !driver.awaits ? { steps: [...steps], context: context.fork() } : undefined,
    async end() {
      await options.onlooker?.end(context)
      const broken = invariantFailure(driver, options.replay)
      if (broken && (status === 'passed' || status === 'vacuous')) { status = 'failed'; failure = broken }
      if (recorder) emit(recorder.end(now()))
      const idle = status === 'passed' && !options.onlooker ? driver?.idleFaults?.() ?? [] : []
      if (idle.length) {
        status = 'vacuous'
        failure = { verdict: 'vacuous', message: `a fault altered nothing: ${idle.join(', ')}; the scenario would pass without it`, replay: options.replay }
      }
      const end = { status, steps, virtualMs: now(), failure, traceHash: driver?.traceHash?.(), reason: status === 'passed' ? noted(steps, plan) : undefined }
      await context.stop()
      return end
    },
  }
}

/** What is to be known of a step that passed. */
function noted(steps: readonly StepFinished[], plan: PlannedScenario): string | undefined {
  const step = steps.find(s => s.status === 'passed' && s.message !== undefined)
  return step && `line ${plan.steps[step.step].line} ${step.message}`
}

/** Is the outcome of the action at `index` spoken of before the next action replaces it? */
function spokenOfLater(steps: readonly PlannedStep[], index: number, tools: Tools, context: ScenarioContext): boolean {
  const sent = (description: string): boolean => {
    for (const o of context.driver().history()) if (o.type === 'request' && o.id > context.beforeLatest.observation && o.what === description) return true
    return false
  }
  for (const step of steps.slice(index + 1)) {
    if (step.reading.type !== 'bound') continue
    if (tools.speaksOfOutcome(step.reading.ast, sent)) return true
    if (step.reading.ast.type === 'action') return false
  }
  return false
}

/** What must hold in any cluster (runtime-model/checkers), whatever the scenario asserts. */
function invariantFailure(driver: (Driver & { invariantViolations?(): readonly string[] }) | undefined, replay: string): Failure | undefined {
  const violations = driver?.invariantViolations?.() ?? []
  if (violations.length === 0) return undefined
  return { verdict: 'invariant broken', message: violations[0], notes: violations.slice(1, 10), replay }
}

/**
 * `@expect-failure`: the scenario passes when it fails (at the step that the tag names, if it names one), and only then. What is vacuous has not failed: it
 * passes only at a step that is named, as a misspelt name makes any other vacuous too.
 */
export function expected(
  status: Status, failure: Failure | undefined, reason: string | undefined, plan: Pick<PlannedScenario, 'tags' | 'steps'>
): { status: Status; failure?: Failure; reason?: string } {
  const wanted = readTags(plan.tags).expectFailure
  if (!wanted) return { status, failure, reason }
  if (status === 'passed') {
    return {
      status: 'failed',
      failure: { verdict: 'passed, though @expect-failure', message: 'the scenario is tagged @expect-failure, and every step held', replay: '' },
    }
  }
  if (status !== 'failed' && (status !== 'vacuous' || wanted.step === undefined)) return { status, failure, reason }
  const step = failure?.step === undefined ? undefined : plan.steps[failure.step]
  if (wanted.step !== undefined && (!step || !names(wanted.step, step))) {
    return { status: 'failed', failure: { ...failure!, verdict: `failed, but not at the step @expect-failure:${wanted.step} names; ${failure!.verdict}` } }
  }
  return { status: 'passed', failure, reason: `failed as expected${step ? ` at line ${step.line}: ${step.keyword}${step.text}` : ''}` }
}

/** A tag holds no blanks: a step is named by its line, or by its words joined with `-` (a beginning is enough). */
function names(wanted: string, step: PlannedStep): boolean {
  const slug = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
  return wanted === String(step.line) || slug(step.text).startsWith(slug(wanted))
}
