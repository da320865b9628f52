import { moment, span } from '../base/clock.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { History } from './past/history.ts'
import { PastCluster } from './past/past-cluster.ts'
import { makeClaim, mannerOf, watch } from './watch.ts'
import type { Watched, Watching } from './watch.ts'

/** what a request takes is no time in which anything could have come of a step; how long a cluster that cannot be copied is looked at for that */
const leastMs = 1000, lookedMs = 5000

/** Where what comes next can be seen: in a copy of the cluster that is left alone, or, where there is none, in the cluster itself. */
export const twinOf = (context: ScenarioContext): ScenarioContext => context.fork && context.driver().fork ? context.fork() : context

/**
 * What is said of a claim that was so before the step in front of it, and is looked at before anything has come of the step: it holds at once, as it would
 * with `kubectl wait`, and shows nothing of what the step will do.
 */
export async function heldAtOnce(watched: Watched, watching: Watching, context: ScenarioContext): Promise<string | undefined> {
  const { modality, windows, subject } = watched.ast, { at, observation } = context.beforeLatest, { outcome, plan } = watching
  const waits = modality.type === 'eventually' && modality.staysMs === undefined
  if (subject.type === 'outcome' || (!waits && modality.type !== 'now') || windows.length > 0) {
    return waits && windows.length === 1 && windows[0].type === 'after' ? heldBeforeItCame(watched, watching, context) : undefined
  }
  if (observation === 0 || outcome.at !== plan.startedAt || outcome.at - at >= leastMs) return undefined
  const history = new History(context.driver()), faulty = isFaulty(history, observation)
  if (!heldAt(watched, history, observation - 1, at, context)) return undefined
  if (faulty && waits && outcome.at === at) return 'held before the fault already, and at once after it: say first what the fault breaks, or let time pass'
  const breaks = await breaksLater(watched, context)
  return breaks && `held before the ${faulty ? 'fault' : 'step'} in front of it already, and is no longer so at ${breaks}: let time pass first`
}

function isFaulty(history: History, from: number): boolean {
  for (let id = from; id <= history.lastId; id++) if (history.at(id)?.type === 'fault') return true
  return false
}
function heldAt(watched: Watched, history: History, id: number, at: number, context: ScenarioContext): boolean {
  const { driver } = new PastCluster(context.driver(), history, id, at)
  return makeClaim(watched.claim, mannerOf(watched), { driver, context }).read().truth === 'holds'
}

/** `eventually … after q` of what was so before q: that q came shows in nothing. */
function heldBeforeItCame(watched: Watched, { outcome, openedAt }: Watching, context: ScenarioContext): string | undefined {
  if (openedAt === undefined || outcome.at !== openedAt) return undefined
  const history = new History(context.driver()), id = history.upTo(openedAt - 1)
  return id >= history.firstId && heldAt(watched, history, id, openedAt - 1, context)
    ? 'held already before what stands behind `after` had come, and still when it came'
    : undefined
}

/**
 * `unaffected` right behind a step compares two moments between which nothing has come of the step: an update of an image that answers within milliseconds has
 * ended no pod yet, and no request has been lost at a node that went down just now. It shows nothing if it breaks within the time for which `eventually` would
 * wait, or for which the fault lasts.
 */
export async function brokenSoon(watched: Watched, { outcome }: Watching, context: ScenarioContext): Promise<string | undefined> {
  const { ast, claim } = watched, passed = outcome.at - context.beforeLatest.at
  const isOfTheStep = ast.subject.type === 'traffic' || (claim.definition.relative === true && !ast.predicate.negated)
  if (ast.modality.type !== 'now' || ast.windows.length > 0 || !isOfTheStep) return undefined
  if (context.beforeLatest.observation === 0 || passed >= leastMs) return undefined
  const breaks = await breaksLater(watched, context)
  return breaks && `only ${span(passed)} lie behind the latest step, and it is no longer so at ${breaks}: let time pass first, or say for how long (\`for 5m\`)`
}

/**
 * What is looked at in the midst of a moment, and is no longer so once all that happens then has happened. And what is denied behind a wait, as nobody has
 * been told yet: pods are ready and no endpoints, endpoints are written and not in the rules of a node. It ceases to be so within a second by what is passed
 * on between components alone, without anything that happens to a container. Neither shows anything.
 */
export async function onItsWay({ ast, claim }: Watched, context: ScenarioContext): Promise<string | undefined> {
  const ofObjects = ast.subject.type !== 'outcome' && ast.subject.type !== 'traffic'
  if (ast.modality.type !== 'now' || ast.windows.length > 0 || !ofObjects) return undefined
  const twin = twinOf(context), at = context.driver().now()
  if (twin === context && !denies(ast)) return undefined
  let changed = false
  const stop = twin.driver().observe(o => { if (o.type === 'container' || o.type === 'podStatus') changed = true })
  const breaks = await breaksAt({ ast, claim, conditions: [] }, twin, denies(ast) ? leastMs : 1)
  stop()
  if (breaks?.at === at) return `it is no longer so at this very time, ${breaks.told}, once all that happens then has happened: let time pass first`
  return breaks === undefined || changed || !denies(ast) ? undefined
    : `it is no longer so at ${breaks.told}, as word of what has happened is still on its way: let time pass first, or say for how long (\`for 5m\`)`
}
const denies = ({ subject, predicate }: Watched['ast']): boolean =>
  predicate.negated || isNone(predicate.args.count) || (subject.type === 'set' && isNone(subject.quantifier))
const isNone = (said: unknown): boolean => typeof said === 'object' && said !== null && 'count' in said && said.count === 0

/** When it ceases to hold, within this time, and what is seen then. */
async function breaksAt({ ast, claim }: Watched, twin: ScenarioContext, forMs: number): Promise<{ readonly at: number; readonly told: string } | undefined> {
  const { outcome, reading } = await watch({ ast: { ...ast, modality: { type: 'always', forMs } }, claim, conditions: [] }, twin)
  if (outcome.verdict !== 'violated') return undefined
  const who = reading?.witnesses.find(w => w.seen !== ''), seen = who?.seen.startsWith(who.subject.label) ? who.seen : `${who?.subject.label}: ${who?.seen}`
  return { at: outcome.at, told: `${moment(outcome.at)}${who ? ` (${seen})` : ''}` }
}
/** `goes down for 45 minutes`: until then, and so long after it. */
async function breaksLater(watched: Watched, context: ScenarioContext): Promise<string | undefined> {
  const driver = context.driver(), lastsMs = Math.max(0, (driver.lastEnd ?? 0) - driver.now()), twin = twinOf(context)
  return (await breaksAt(watched, twin, twin === context ? Math.min(lookedMs, context.deadlineMs) : lastsMs + context.deadlineMs))?.told
}
