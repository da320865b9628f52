import { toldAsOurs } from '../base/internal-error.ts'
import type { AssertionAst, SentenceAst } from '../dsl/step-ast.ts'
import type { StepOutcome } from '../extension.ts'
import { ANONYMOUS, isOk } from '../runtime-model/api/request.ts'
import type { Driver } from '../drivers/driver.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { ADMIN } from './context.ts'
import type { Status } from './events.ts'
import type { PlannedStep } from './plan.ts'
import type { Judgement, Story, Tools } from './tools.ts'

/** What one step came to. `refused`: an action that the cluster turned down, which a later step may speak of. */
export interface StepResult { readonly status: Status; readonly story?: Story; readonly refused?: boolean; readonly output?: string; readonly note?: string }
const PASSED: StepResult = { status: 'passed' }

/** Runs one bound step; at once, if it does not wait for anything. Everything a user can cause is a value; what a step throws is translated here, once. */
export function runStep(step: PlannedStep, context: ScenarioContext, tools: Tools): StepResult | Promise<StepResult> {
  if (step.reading.type !== 'bound') {
    return { status: step.reading.type, story: { verdict: step.reading.type, message: step.reading.diagnostics[0]?.message ?? step.reading.type } }
  }
  enterWhen(step, context)
  const ast = step.reading.ast, broken = (error: unknown): StepResult => { context.afterStart = undefined; return thrown(error) }
  try {
    const running = ast.type === 'assertion' ? assertion(ast, step, context, tools) : sentence(ast, step, context, tools)
    return 'then' in running ? running.catch(broken) : running
  } catch (error) { return broken(error) }
}

/** Under Given a state is awaited with the deadline of `eventually`, and what does not come is a precondition not met. */
async function assertion(ast: AssertionAst, step: PlannedStep, context: ScenarioContext, tools: Tools): Promise<StepResult> {
  const given = step.keywordType === 'context'
  const waits = given && ast.modality.type === 'now' && ast.windows.length === 0 && ast.subject.type !== 'outcome'
  const verdict: Judgement = await tools.judge(waits ? { ...ast, modality: { type: 'eventually' } } : ast, context, step.argument, step.text)
  if (verdict.status === 'passed') return verdict.note === undefined || given ? PASSED : { status: 'passed', note: verdict.note }
  return { status: verdict.status, story: given ? { ...verdict.story, verdict: `precondition not met: ${verdict.story.verdict}` } : verdict.story }
}

function sentence(ast: SentenceAst, step: PlannedStep, context: ScenarioContext, tools: Tools): StepResult | Promise<StepResult> {
  const definition = tools.step(ast.phrase.definition)
  if (!definition) return { status: 'undefined', story: { verdict: 'undefined', message: `no step is registered as ${ast.phrase.definition}` } }
  if (ast.type === 'action' || ast.type === 'fault') beforeAction(ast, step, context)
  const printedBefore = context.commands.length
  const boundBefore = ast.bind === undefined ? undefined : context.bindings.get(ast.bind)
  const done = (outcome: StepOutcome): StepResult => {
    if (!outcome && ast.type === 'fault' && ast.bind !== undefined && context.bindings.get(ast.bind) === boundBefore) {
      return ofOutcome({ cannotRun: `\`as "${ast.bind}"\` binds the pod or the node that a fault happens to, and this happens to neither` }, ast, context)
    }
    context.credentials = ADMIN
    context.afterStart = undefined
    const result = ofOutcome(outcome, ast, context)
    const printed = context.commands.length > 0 && context.commands.slice(ast.type === 'action' ? 0 : printedBefore).map(c => c.stdout + c.stderr).join('')
    return printed ? { ...result, output: printed } : result
  }
  const running = definition.run(context, ast.phrase.args, { ast, argument: step.argument, text: step.text })
  return running && 'then' in running ? running.then(done) : done(running)
}

/** A `When` begins here, or another step ends it. */
function enterWhen({ keywordType }: PlannedStep, context: ScenarioContext): void {
  const begins = keywordType === 'action' && !context.inWhen
  context.inWhen = keywordType === 'action'
  if (begins) context.beforeWhen = { at: context.started() ? context.driver().now() : 0 }
}

/** `unaffected` compares with this moment; what the latest action left behind begins anew. */
function beforeAction(ast: SentenceAst, step: PlannedStep, context: ScenarioContext): void {
  const remember = (driver: Driver): void => {
    context.beforeLatest = { at: driver.now(), observation: driver.mark(step.text) }
    // what a `When` begins with begins what has been since
    if (context.inWhen && context.beforeWhen?.observation === undefined && context.beforeWhen?.at === driver.now()) context.beforeWhen = context.beforeLatest
  }
  if (context.started()) remember(context.driver()); else context.afterStart = remember
  if (ast.type === 'action') context.commands = []
  if (ast.as) {
    context.credentials = ast.as.anonymous
      ? ANONYMOUS
      : { user: ast.as.user, groups: ast.as.groups.length ? ast.as.groups : context.users.get(ast.as.user) ?? [] }
  }
}

function ofOutcome(outcome: StepOutcome, ast: SentenceAst, context: ScenarioContext): StepResult {
  if (!outcome) return PASSED
  if ('notModelled' in outcome) {
    return {
      status: 'inconclusive',
      story: { verdict: 'not modelled', message: `not modelled: ${outcome.notModelled.replace(/^not modelled: /, '')}`, caret: ast.phrase.span },
    }
  }
  if ('cannotRun' in outcome) return { status: 'undefined', story: { verdict: 'cannot run as written', message: outcome.cannotRun, caret: ast.phrase.span } }
  if ('vacuous' in outcome) return { status: 'vacuous', story: { verdict: 'vacuous', message: outcome.vacuous } }
  return {
    status: 'failed', refused: ast.type === 'action' && wasRefused(context),
    story: {
      verdict: ast.type === 'action' ? 'the action failed' : ast.type === 'sentence' ? 'does not hold' : 'failed', message: outcome.failed,
      notes: outcome.notes, why: outcome.why, atFault: outcome.atFault,
    },
  }
}

const wasRefused = (context: ScenarioContext): boolean =>
  (context.lastCommand !== undefined && context.lastCommand.code !== 0) || (context.lastRequest !== undefined && !isOk(context.lastRequest.response))

/** Errors known by name are answers; anything else is a mistake of ours, told without a stack. */
function thrown(error: unknown): StepResult {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (name === 'CannotRun') return { status: 'undefined', story: { verdict: 'cannot run as written', message } }
  if (name === 'CannotHere') {
    return { status: 'inconclusive', story: { verdict: 'not possible on this cluster', message: `not possible on this cluster: ${message}` } }
  }
  if (name === 'Interrupted') return { status: 'inconclusive', story: { verdict: 'interrupted', message } }
  if (name === 'ShowsNothing') return { status: 'vacuous', story: { verdict: 'vacuous', message } }
  if (name === 'NotModelled') {
    return { status: 'inconclusive', story: { verdict: 'not modelled', message: message.startsWith('not modelled') ? message : `not modelled: ${message}` } }
  }
  const ours = toldAsOurs(error)
  return { status: 'inconclusive', story: { verdict: 'internal error', message: ours.message, notes: ours.frames } }
}
