import { moment, span } from '../base/clock.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { expectationOf } from './expectation.ts'
import { namesakesOf } from './namesakes.ts'
import { reasonOf } from './reasons.ts'
import { timelineOf } from './timeline.ts'
import type { Stretch } from './timeline.ts'
import type { Outcome, Violated } from './temporal.ts'
import type { Judgement, StoredName, Story } from './verdict.ts'
import type { Watched, Watching } from './watch.ts'

/** `whole`: nothing is left out. `later`: whether what did not hold comes to hold after all. */
export interface Telling { readonly whole: boolean; readonly later?: string }

/** Why an assertion did not hold, as a story: what was expected and seen, when it first broke, what led to it. */
export function explain(watched: Watched, watching: Watching, context: ScenarioContext, text: string, telling: Telling): Judgement {
  const { outcome } = watching
  if (outcome.verdict === 'holds') return { status: 'passed' }
  if (outcome.verdict === 'vacuous') return { status: 'vacuous', story: vacuous(watched, outcome, watching, text) }
  return { status: 'failed', story: violated(watched, outcome, watching, context, text, telling) }
}

function vacuous(
  { ast, claim }: Watched, { why, at }: Extract<Outcome, { readonly verdict: 'vacuous' }>, { openedAt, plan, reading }: Watching, text: string
): Story {
  const said = (s: { readonly start: number; readonly end: number }): string => text.slice(s.start, s.end).trim()
  const window = ast.windows.find(w => why === 'never opened' ? w.type === 'while' || w.type === 'after' : w.type === 'before' || w.type === 'until')
    ?? ast.windows[0]
  const condition = window ? said(window.condition.span) : ''
  const messages = {
    'never opened': `the window never opened: \`${condition}\` never held`,
    'condition never came': `\`${condition}\` never came, so that nothing lies ${window?.type ?? 'before'} it`,
    empty: claim.subject.type === 'traffic' && reading?.witnesses[0] ? `${reading.witnesses[0].seen} at any time`
      : reading && reading.total > 0 && reading.witnesses[0]?.seen ? `it could not be judged at any time: ${reading.witnesses[0].seen}`
      : claim.subject.type === 'set' ? noneOf(claim.subject.kind, ast)
      : `there was no ${said(ast.subject.span)} at any time${ast.windows.length > 0 ? ' that was looked at' : ''}`,
    'no time': `the window lasted no time at all, so that nothing was watched${
      ast.windows.length > 0 || ast.modality.type !== 'now' ? '' : ': let time pass first, or say for how long (`for 5m`)'}`,
    'window too short':
      `the window closed ${openedAt === undefined ? '' : `after ${span(at - openedAt)}, `}before the ${span(plan.forMs ?? 0)} that were to be watched`,
  }
  const caret = why === 'empty' ? ast.subject.span : window?.span ?? ast.subject.span
  return { verdict: 'vacuous', message: messages[why], caret: { ...caret, says: messages[why] }, atMs: at, notes: ['a pass that shows nothing is a failure'] }
}

const noneOf = (kind: string, { modality, windows }: Watched['ast']): string => modality.type === 'now' && windows.length === 0
  ? `there are no such ${kind}: an empty set shows nothing`
  : `there were no such ${kind} at any time: a set that stays empty shows nothing`

function violated(
  watched: Watched, outcome: Violated, watching: Watching, context: ScenarioContext, text: string,
  { whole, later }: Telling
): Story {
  const { ast } = watched, driver = context.driver(), witness = watching.reading?.witnesses[0]?.subject
  const untilWindow = outcome.why === 'condition never came' ? ast.windows.find(w => w.type === 'until') : undefined
  const condition = untilWindow && text.slice(untilWindow.condition.span.start, untilWindow.condition.span.end)
  const { expected, seen, brief } = condition === undefined
    ? expectationOf(watched, watching, text)
    : { expected: condition, seen: 'it never came', brief: `\`${condition}\` never came` }
  const notes = [
    witness && namesakesOf(witness, driver), later, howMade(watched, outcome, watching), ofWhat(watched),
    openedEarly(watched, watching, outcome, context, text),
  ].filter(note => note !== undefined)
  const { why, atFault, about } = reasonOf(watched, outcome, watching, context, whole)
  return {
    verdict: verdictOf(watched, outcome, watching), message: brief, caret: { ...(untilWindow?.span ?? ast.subject.span), says: brief }, expected, seen,
    atMs: outcome.at,
    ...(notes.length ? { notes } : {}), ...(why ? { why } : {}), ...(atFault ? { atFault } : {}),
    ...(whole ? { objects: objectsOf(watching, about) } : {}),
    ...(ast.subject.type === 'outcome' ? {} : timelineOf(driver, witness ? [witness] : [], stretchOf(watching, outcome.at, context, about), whole)),
  }
}

/** A window that opened before the latest action or fault: a condition behind `after` counts from its first time; of a rollout another may be meant. */
function openedEarly({ ast }: Watched, { openedAt }: Watching, outcome: Violated, { beforeLatest }: ScenarioContext, text: string): string | undefined {
  const window = ast.windows.find(w => w.type === 'after') ?? ast.windows.find(w => w.condition.predicate.definition === 'rolling-out')
  if (!window || openedAt === undefined || openedAt >= beforeLatest.at) return undefined
  if (window.type === 'while') {
    return outcome.at < beforeLatest.at
      ? `\`${text.slice(window.span.start, window.span.end)}\` was last open from ${moment(openedAt)} on, before the latest step`
      : undefined
  }
  return `\`${text.slice(window.condition.span.start, window.condition.span.end)}\` came at ${moment(openedAt)} already, before the latest step: all since then counts`
}

/** A share is of those that there are; who says so of a rollout may mean those that are asked for. */
function ofWhat({ ast: { subject } }: Watched): string | undefined {
  if (subject.type !== 'set' || subject.quantifier.type !== 'count' || !subject.quantifier.percent) return undefined
  const { owner } = subject.refinements, comparison = subject.quantifier.strict ? 'fewer than' : subject.quantifier.comparison
  if (owner?.type !== 'object' || !/^(?:deploy|replicaset|rs|statefulset|sts|daemonset|ds)/i.test(owner.kind)) return undefined
  return `this is of the pods that there are, extra ones and those on their way out too: \`${owner.kind} ${owner.name} has ${comparison} `
    + `${subject.quantifier.count} % of its replicas ready\` is of those that are asked for`
}

/** What would have to be done, of something that was waited for and comes of nothing else. */
function howMade({ ast, claim }: Watched, { why }: Violated, { reading }: Watching): string | undefined {
  const label = reading?.witnesses[0]?.subject.label, comesOfItself = why !== 'quiescent' || ast.predicate.negated
  const step = comesOfItself || label === undefined ? undefined : claim.definition.madeSo?.(label, ast.predicate.args)
  return step ? `\`${step}\` makes it so` : undefined
}

/** Those who broke it, and the pod in which it is stuck. */
function objectsOf({ reading }: Watching, about: string | undefined): readonly StoredName[] {
  const found = (reading?.witnesses ?? []).flatMap(({ subject: { ref } }) =>
    ref ? [{ resource: ref.resource, namespace: ref.namespace ?? '', name: ref.name }] : [])
  const [first] = found
  return about !== undefined && first && !found.some(o => o.name === about) ? [...found, { resource: 'pods', namespace: first.namespace, name: about }] : found
}

function verdictOf({ ast }: Watched, { why, at }: Violated, { plan }: Watching): string {
  const limit = plan.withinMs ?? plan.deadlineMs
  switch (why) {
    case 'false': return ast.modality.type === 'now' && ast.windows.length === 0 ? 'does not hold' : `violated at ${moment(at)}`
    case 'deadline': return `did not come to hold within ${span(limit)}`
    case 'broke': return `came to hold, and did not stay so for ${span(plan.staysMs ?? 0)}`
    case 'quiescent': return `did not come to hold: at ${moment(at)} nothing was left that could change it`
    case 'window closed': return `did not come to hold before the window closed at ${moment(at)}`
    case 'condition never came': return `the window did not end by ${moment(at)}`
  }
}

/** From the latest action or fault on, or from when the window opened, if that was before. */
function stretchOf({ openedAt }: Watching, to: number, { beforeLatest }: ScenarioContext, also: string | undefined): Stretch {
  const earlier = openedAt !== undefined && openedAt < beforeLatest.at
  return { from: earlier ? openedAt : beforeLatest.at, fromId: earlier ? 0 : beforeLatest.observation, to, also }
}
