import { moment, span } from '../base/clock.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { History } from './past/history.ts'
import { PastCluster } from './past/past-cluster.ts'
import { makeClaim, mannerOf, watch } from './watch.ts'
import type { Watched, Watching } from './watch.ts'

/** what a request takes is no time in which anything could have come of a step */
const leastMs = 1000

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
  if ((!faulty && !waits) || !heldAt(watched, history, observation - 1, at, context)) return undefined
  if (faulty && waits && outcome.at === at) return 'held before the fault already, and at once after it: say first what the fault breaks, or let time pass'
  const breaks = await breaksAt(watched, context)
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
 * wait.
 */
export async function brokenSoon(watched: Watched, { outcome }: Watching, context: ScenarioContext): Promise<string | undefined> {
  const { ast, claim } = watched, passed = outcome.at - context.beforeLatest.at
  const isOfTheStep = ast.subject.type === 'traffic' || (claim.definition.relative === true && !ast.predicate.negated)
  if (ast.modality.type !== 'now' || ast.windows.length > 0 || !isOfTheStep) return undefined
  if (context.beforeLatest.observation === 0 || passed >= leastMs) return undefined
  const breaks = await breaksAt(watched, context)
  return breaks && `only ${span(passed)} lie behind the latest step, and it is no longer so at ${breaks}: let time pass first, or say for how long (\`for 5m\`)`
}

/** When it ceases to hold, within the time for which `eventually` would wait, and what is seen then: in a fork of the cluster that is left alone from here on. */
async function breaksAt({ ast, claim }: Watched, context: ScenarioContext): Promise<string | undefined> {
  if (!context.fork || !context.driver().fork) return undefined
  const { outcome, reading } = await watch({ ast: { ...ast, modality: { type: 'always', forMs: context.deadlineMs } }, claim, conditions: [] }, context.fork())
  if (outcome.verdict !== 'violated') return undefined
  const who = reading?.witnesses.find(w => w.seen !== '')
  return `${moment(outcome.at)}${who ? ` (${who.seen.startsWith(who.subject.label) ? who.seen : `${who.subject.label}: ${who.seen}`})` : ''}`
}
