import type { AssertionAst, PredicateAst, Span, StepArgument, StepAst, SubjectAst } from '../dsl/step-ast.ts'
import type { PredicateDefinition } from '../extension.ts'
import { invariant } from '../base/invariant.ts'
import { whyConstant } from '../dsl/checks/constant-assertion.ts'
import { whyMisfit } from '../dsl/choose-reading.ts'
import type { ScenarioContext } from '../steps/context.ts'
import type { ClaimParts } from './claim.ts'
import { comesAfterwards } from './afterwards.ts'
import { brokenSoon, heldAtOnce, onItsWay } from './at-once.ts'
import { explain } from './explain.ts'
import { laterOf } from './later.ts'
import { nobodyOf } from './mentions.ts'
import { customKind } from './subjects/index.ts'
import type { Judgement } from './verdict.ts'
import { predicates as builtinPredicates } from './predicates/index.ts'
import { watch } from './watch.ts'
import type { Watched } from './watch.ts'

export type Judge = (ast: AssertionAst, context: ScenarioContext, argument: StepArgument, text: string) => Promise<Judgement>

/** A judge of assertions over these predicates. `whole`: its stories leave nothing out. */
export function createJudge(predicates: readonly PredicateDefinition[], { whole = false } = {}): Judge {
  const byId = new Map(predicates.map(p => [p.id, p]))
  const partsOf = (subject: SubjectAst, predicate: PredicateAst, argument: StepArgument): ClaimParts => {
    const definition = byId.get(predicate.definition)
    invariant(definition, `no predicate is registered as ${predicate.definition}`)
    return { subject, predicate, definition, argument }
  }
  const judgeOne: Judge = async (ast, context, argument, text) => {
    const flaw = flawOf(ast, context, argument, text, byId)
    if (flaw) return flaw
    const watched: Watched = {
      ast, claim: partsOf(ast.subject, ast.predicate, argument), conditions: ast.windows.map(w => partsOf(w.condition.subject, w.condition.predicate, {})),
    }
    const watching = await watch(watched, context)
    if (await comesAfterwards(watched, watching, byId.get('present'), context)) return { status: 'passed' }
    if (watching.outcome.verdict === 'holds') {
      const nobody = nobodyOf(watched, { driver: context.driver(), context })
      if (nobody) return vacuous(nobody.why, nobody.span)
      const soon = await brokenSoon(watched, watching, context) ?? await onItsWay(watched, context)
      if (soon !== undefined) return vacuous(soon, ast.subject.span)
      const note = await heldAtOnce(watched, watching, context)
      if (note !== undefined) return { status: 'passed', note }
    }
    return explain(watched, watching, context, text, { whole, later: await laterOf(watched, watching, context) })
  }
  // one after the other, as two steps would be
  const judge: Judge = async (ast, context, argument, text) => {
    const first = await judgeOne(ast, context, argument, text)
    if (!ast.and || first.status !== 'passed') return first
    const second = await judge({ ...ast.and, modality: ast.modality }, context, argument, text)
    return second.status === 'passed' && second.note === undefined ? first : second
  }
  return judge
}

/** What cannot fail shows nothing; what makes no sense of what a binding turned out to be cannot run. */
function flawOf(
  ast: AssertionAst, context: ScenarioContext, argument: StepArgument, text: string, byId: ReadonlyMap<string, PredicateDefinition>
): Judgement | undefined {
  const constant = whyConstant(ast, text, argument)
  if (constant?.holds) return vacuous(constant.why, ast.predicate.span)
  for (const { subject, predicate } of [ast, ...ast.windows.map(w => w.condition)]) {
    if (predicate.truth === 'node' && storedOnly.has(predicate.definition)) {
      return cannotRun(
        'what is so on the node can be asked of states, readiness, phases, presence and restarts of pods, and of `unaffected`: this is read from the API', predicate
      )
    }
    const custom = customOf(subject, context)
    const bound = subject.type === 'binding' ? context.bindings.get(subject.name) : custom && { ...custom, name: '' }
    // `node $victim`: the node of a pod
    const resource = subject.type === 'binding' && /^(nodes?|no)$/.test(subject.kind ?? '') ? 'nodes' : bound?.resource
    const why = bound && whyMisfit(predicate, byId.get(predicate.definition)?.misfit, resource!)
    const message = `\`${text.slice(predicate.span.start, predicate.span.end)}\` cannot be said of ${custom ? `${/^[aeiou]/i.test(custom.kind) ? 'an' : 'a'} ${custom.kind}` : `${bound?.kind.toLowerCase()} ${bound?.name}`}: ${why}`
    if (why !== undefined) return cannotRun(message, predicate)
  }
  return undefined
}
/** Whether something can be said of a kind that only the cluster knows shows when it is served; until then nothing is there to say it of. */
function customOf(subject: SubjectAst, { driver }: ScenarioContext): { readonly kind: string; readonly resource: string } | undefined {
  return subject.type === 'object' || subject.type === 'set' ? customKind(subject.kind, driver()) : undefined
}
const vacuous = (message: string, span: Span): Judgement =>
  ({ status: 'vacuous', story: { verdict: 'vacuous', message, caret: { ...span, says: message }, notes: ['a pass that shows nothing is a failure'] } })
const cannotRun = (message: string, { span }: PredicateAst): Judgement =>
  ({ status: 'undefined', story: { verdict: 'cannot run as written', message, caret: { ...span, says: message } } })
/** Built-in predicates of which a node knows nothing: with `on the node` behind them they would still read the API. */
const asNodesSee = new Set(['status', 'runs', 'either-status', 'ready', 'running-and-ready', 'phase', 'restarted', 'unaffected', 'present', 'gone'])
const storedOnly = new Set(builtinPredicates.map(p => p.id).filter(id => !asNodesSee.has(id)))

/**
 * Does a step speak of what an action brought? Then a refusal is what it is about, and no failure of the scenario. `the request "…"` speaks of the action that
 * sent it.
 */
export function speaksOfOutcome(ast: StepAst, sent: (description: string) => boolean = () => true): boolean {
  if (ast.type === 'sentence') return ast.phrase.definition.startsWith('request-') && sent(ast.phrase.args.request as string)
  if (ast.type !== 'assertion') return false
  return [ast.subject, ...ast.windows.map(w => w.condition.subject)].some(s => s.type === 'outcome' && (s.of !== 'request' || sent(s.description ?? '')))
}
