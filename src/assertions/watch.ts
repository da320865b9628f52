import { span } from '../base/clock.ts'
import type { AssertionAst } from '../dsl/step-ast.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import type { ScenarioContext } from '../steps/context.ts'
import type { Claim, ClaimParts, Manner, Reading } from './claim.ts'
import { ClaimOfOne } from './claim-one.ts'
import { ClaimOfSet } from './claim-set.ts'
import { NotModelled, ShowsNothing } from './errors.ts'
import { History } from './past/history.ts'
import { PastCluster } from './past/past-cluster.ts'
import type { Place } from './subjects/index.ts'
import { Monitor } from './temporal.ts'
import type { Moment, Outcome, TemporalPlan } from './temporal.ts'

/** An assertion with its predicates looked up. */
export interface Watched { readonly ast: AssertionAst; readonly claim: ClaimParts; readonly conditions: readonly ClaimParts[] }

/** What watching an assertion came to, with what explains it. */
export interface Watching {
  readonly outcome: Outcome
  /** the claim as it was last seen */
  readonly reading?: Reading
  /** the latest observation that could change the claim */
  readonly cause?: number
  /** when the window opened, if it did */
  readonly openedAt?: number
  readonly plan: TemporalPlan
}

export const makeClaim = (parts: ClaimParts, manner: Manner, place: Place, reference?: Place): Claim =>
  parts.subject.type === 'set' ? new ClaimOfSet(parts, parts.subject, manner, place, reference) : new ClaimOfOne(parts, parts.subject, manner, place, reference)

const lookAgainMs = 1000

const momentary: Manner = { members: 'of each moment', absent: 'fails', any: false }
const comes: Manner = { ...momentary, unborn: true }

/** Membership and emptiness, language.md §3. */
export function mannerOf({ ast, claim }: Watched): Manner {
  const { modality, windows, subject } = ast, relative = claim.definition.relative === true
  const throughout = modality.type === 'always' || (modality.type === 'now' && (relative || windows.some(w => w.type === 'while' || w.type === 'until')))
  const counted = subject.type === 'set' && subject.quantifier.type === 'count'
  return {
    members: relative || (throughout && !counted) ? 'at opening' : 'of each moment',
    absent: modality.type === 'never' ? 'empty' : throughout && windows.length > 0 ? 'not yet' : 'fails',
    any: modality.type === 'never' && !counted, settled: modality.type === 'eventually' && !counted && claim.definition.existence !== true, unborn: modality.type === 'eventually' && claim.definition.existence === true,
  }
}

export async function watch(watched: Watched, context: ScenarioContext): Promise<Watching> {
  const { claim } = watched, ast = claim.definition.cumulative ? soFar(watched.ast) : watched.ast
  if (ast !== watched.ast) return watch({ ...watched, ast, claim: { ...claim, predicate: ast.predicate } }, context)
  const place: Place = { driver: context.driver(), context }
  if (ast.modality.type === 'now' && ast.windows.length === 0 && claim.definition.relative !== true) return lookNow(watched, place)
  return new Watcher(watched, place).run()
}

/** What adds up has never been so if it is not so now. */
const soFar = (ast: AssertionAst): AssertionAst => ast.modality.type !== 'never' || !ast.modality.past || ast.modality.forMs !== undefined
  ? ast
  : { ...ast, modality: { type: 'now' }, predicate: { ...ast.predicate, negated: !ast.predicate.negated } }

function lookNow(watched: Watched, place: Place): Watching {
  const at = place.driver.now(), reading = checked(makeClaim(watched.claim, mannerOf(watched), place).read())
  const plan = planOf(watched, place)
  const outcome: Outcome = reading.truth === 'holds' ? { verdict: 'holds', at }
    : reading.truth === 'empty' ? { verdict: 'vacuous', at, why: 'empty' }
    : { verdict: 'violated', at, why: 'false' }
  return { outcome, reading, plan }
}
const checked = (reading: Reading): Reading => { if (reading.notModelled !== undefined) throw new NotModelled(reading.notModelled); return reading }

function planOf({ ast }: Watched, { driver, context }: Place): TemporalPlan {
  const { modality } = ast
  const times = { startedAt: driver.now(), deadlineMs: context.deadlineMs, observeMs: context.observeMs, gates: ast.windows.map(w => w.type) }
  if (modality.type === 'eventually') return { ...times, modality: 'eventually', withinMs: modality.withinMs, staysMs: modality.staysMs }
  return { ...times, modality: modality.type, ...(modality.type === 'now' ? {} : { forMs: modality.forMs }) }
}

/** what a request takes is no time in which anything could have been */
const leastPastMs = 1000
/** Since when what has been is looked at: so long, or since the latest `When` (where there is none, the latest action or fault). */
function lookedBackTo({ ast: { modality } }: Watched, { driver, context }: Place): { readonly at: number; readonly observation?: number } | undefined {
  if ((modality.type !== 'always' && modality.type !== 'never') || !modality.past) return undefined
  if (modality.forMs === undefined) {
    const since = context.beforeWhen ?? context.beforeLatest, ms = driver.now() - since.at
    if (ms >= leastPastMs) return since
    throw new ShowsNothing(`only ${span(ms)} lie behind it: let time pass first, or write \`stays …\` or \`never …\` of what is to come`)
  }
  if (modality.forMs <= driver.now()) return { at: driver.now() - modality.forMs }
  throw new ShowsNothing(`the scenario is ${span(driver.now())} old: nothing is known of the ${span(modality.forMs)} before`)
}

/** Feeds a monitor: first the past, as the trace has it, then the present as it happens. */
class Watcher {
  readonly #watched: Watched
  readonly #now: Place
  readonly #plan: TemporalPlan
  readonly #monitor: Monitor
  readonly #conditions: Claim[] = []
  /** where things are looked up: a past cluster, later the real one */
  #place: Place
  #claim: Claim | undefined
  #reading: Reading | undefined
  #cause: number | undefined
  #openedAt: number | undefined
  /** id of the latest observation */
  #id = 0
  /** before the first moment: a window that is open then has not been opened by anything that was seen */
  #first = true
  #history: History | undefined
  /** of what has been: since when */
  readonly #lookedBack: { readonly at: number; readonly observation?: number } | undefined
  /** why nothing is known of the claim at the latest moment: what is waited for may come to be known, and to hold */
  #unknown: Error | undefined

  constructor(watched: Watched, now: Place) {
    this.#watched = watched; this.#now = now; this.#place = now
    this.#lookedBack = lookedBackTo(watched, now)
    this.#plan = this.#relativePlan(planOf(watched, now))
    this.#monitor = new Monitor(this.#plan, at => this.#open(at))
  }
  /** Without a window, what is relative is compared with the moment before the latest action or fault, and watched from there. */
  #relativePlan(plan: TemporalPlan): TemporalPlan {
    if (this.#lookedBack) return { ...plan, forMs: plan.startedAt - this.#lookedBack.at }
    if (this.#watched.claim.definition.relative !== true || plan.gates.length > 0 || plan.modality === 'eventually') return plan
    const since = plan.startedAt - this.#now.context.beforeLatest.at
    return { ...plan, modality: plan.modality === 'never' ? 'never' : 'always', forMs: since + (plan.modality === 'now' ? 0 : plan.forMs ?? plan.observeMs) }
  }

  async run(): Promise<Watching> {
    const from = this.#beginning()
    const outcome = this.#past(from) ?? await this.#live()
    if (this.#unknown && outcome.verdict !== 'holds') throw this.#unknown
    return { outcome, reading: this.#reading, cause: this.#cause, openedAt: this.#openedAt, plan: this.#plan }
  }

  /** From which observation on the past is looked at; undefined: not at all. */
  #beginning(): number | undefined {
    const { ast, claim } = this.#watched, latest = this.#now.context.beforeLatest.observation
    const gates = this.#plan.gates
    if (this.#lookedBack) {
      const { at, observation } = this.#lookedBack
      return observation === undefined ? (this.#history = new History(this.#now.driver)).upTo(at) : observation - 1
    }
    if (gates.length === 0) {
      return claim.definition.relative === true && latest > 0 ? latest - 1
        : claim.definition.relative && latest > 0 && this.#plan.modality !== 'eventually' ? latest - 1
        : undefined
    }
    const history = this.#history = new History(this.#now.driver)
    const lasting = ast.modality.type === 'always' || ast.modality.type === 'never' || (ast.modality.type === 'now' && gates.includes('until'))
    if (gates.includes('while') || gates.includes('after') || !lasting) return history.firstId - 1
    // until and before: from now on, or, where it has come already, since the latest action
    const come = this.#watched.conditions.some(parts => makeClaim(parts, momentary, this.#now).read().truth === 'holds')
    return come && latest > 0 ? latest - 1 : undefined
  }

  #past(from: number | undefined): Outcome | undefined {
    if (from !== undefined) {
      const history = this.#history ??= new History(this.#now.driver)
      const { at, observation } = this.#lookedBack ?? this.#now.context.beforeLatest
      // what the latest action or fault found is as old as the last thing before it; the window opens with the action
      const past = new PastCluster(this.#now.driver, history, from, observation === undefined || from === observation - 1 ? at : undefined)
      this.#place = { driver: past.driver, context: this.#now.context }
      this.#id = from
      this.#watchConditions()
      this.#monitor.feed(this.#moment())
      this.#first = false
      for (let id = from + 1; id <= history.lastId; id++) {
        const o = history.at(id)!
        past.apply(o)
        if (this.#note(o)) this.#monitor.feed(this.#moment())
      }
      this.#place = this.#now
      for (const condition of this.#conditions) condition.moveTo(this.#now)
      this.#claim?.moveTo(this.#now)
    } else {
      this.#watchConditions()
      this.#id = this.#history?.lastId ?? 0
    }
    const outcome = this.#monitor.present(this.#moment(), this.#endedByFaults())
    this.#first = false
    return outcome
  }
  /** Of each condition of an `after` that is no longer so: when a fault of the latest `When` found it so, and ended it. */
  #endedByFaults(): readonly (number | undefined)[] {
    const { driver, context } = this.#now, from = (context.beforeWhen ?? context.beforeLatest).observation
    if (!from || !this.#plan.gates.includes('after')) return []
    const history = this.#history ??= new History(driver)
    const faults = history.own.filter(o => o.id >= from && o.type === 'fault' && o.phase === 'inject')
    return this.#watched.conditions.map((parts, i) => {
      if (this.#plan.gates[i] !== 'after' || this.#conditions[i].read().truth === 'holds') return undefined
      return faults.findLast(({ id, at }) => {
        const past = new PastCluster(driver, history, history.before(id), at).driver
        return makeClaim(parts, momentary, { driver: past, context }).read().truth === 'holds'
      })?.at
    })
  }
  #watchConditions(): void {
    this.#watched.conditions.forEach((parts, i) => {
      const coming = this.#plan.gates[i] === 'after' && parts.definition.existence === true
      this.#conditions.push(makeClaim(parts, coming ? comes : momentary, this.#place))
    })
  }

  async #live(): Promise<Outcome> {
    const { driver } = this.#now, monitor = this.#monitor
    let dirty = false, outcome: Outcome | undefined
    const stop = driver.observe(o => { if (this.#note(o)) dirty = true })
    try {
      for (;;) {
        const until = monitor.until
        const changed = (): boolean => {
          if (!dirty) return false
          dirty = false
          outcome = monitor.feed(this.#moment())
          return outcome !== undefined || monitor.until < until || monitor.needsTime
        }
        const how = until <= driver.now()
          ? 'deadline'
          : await driver.runUntil(
            monitor.needsTime ? () => changed() && (outcome !== undefined || monitor.until < until) : changed, until, { toDeadline: monitor.needsTime }
          )
        if (outcome) return outcome
        if (how === 'done') continue
        outcome = how === 'deadline' ? monitor.settle(this.#moment()) : monitor.feed(this.#moment())
        if (outcome) return outcome
        if (how === 'deadline' && monitor.until > driver.now()) continue
        if (how === 'quiescent' && (monitor.needsTime || await this.#lookAgainLater(until))) continue
        return monitor.end(this.#moment(), how)
      }
    } finally { stop() }
  }

  /** What changes as time goes by, though nothing happens (requests add up, a server answers after a while), is looked at every second. */
  async #lookAgainLater(until: number): Promise<boolean> {
    const { driver } = this.#now
    if (!this.#watched.claim.definition.volatile || driver.now() >= until) return false
    await driver.advance(Math.min(lookAgainMs, until - driver.now()))
    return true
  }

  /** Something happened. May it matter? */
  #note(o: Observation): boolean {
    this.#id = o.id
    let may = false
    for (const condition of this.#conditions) if (condition.note(o)) may = true
    if (this.#claim?.note(o)) { may = true; this.#cause = o.id }
    return may
  }
  #moment(): Moment {
    return {
      at: this.#place.driver.now(),
      conditions: this.#conditions.map(c => checked(c.read()).truth === 'holds'),
      truth: () => {
        const reading = this.#readClaim()
        if (reading === undefined) return 'fails'
        // what may break it is kept as it is: a past moment has gone by when it is told
        this.#reading = reading.truth === (this.#plan.modality === 'never' ? 'holds' : 'fails') && this.#plan.modality !== 'eventually'
          ? { ...reading }
          : reading
        return reading.truth
      },
    }
  }

  #readClaim(): Reading | undefined {
    this.#unknown = undefined
    try { return checked(this.#claim!.read()) } catch (error) {
      if (this.#plan.modality !== 'eventually' || (error as Error).name !== 'NotModelled') throw error
      this.#unknown = error as Error
      return undefined
    }
  }

  /** The window opens: from here on the claim is looked at, against the moment just before. */
  #open(at: number): void {
    this.#openedAt = at
    const manner = mannerOf(this.#watched), compares = this.#watched.claim.definition.relative !== undefined || manner.members === 'at opening'
    this.#claim = makeClaim(this.#watched.claim, manner, this.#place, compares ? this.#referencePlace() : undefined)
  }
  #referencePlace(): Place | undefined {
    const { driver, context } = this.#now
    if (this.#plan.gates.length === 0 && this.#place === this.#now) {
      if (!this.#watched.claim.definition.relative) return undefined
      if (driver.fork) return { driver: driver.fork(), context }
      const history = new History(driver)
      return { driver: new PastCluster(driver, history, history.lastId).driver, context }
    }
    const history = this.#place === this.#now ? new History(driver) : this.#history!
    const id = this.#first || this.#plan.gates.length === 0 ? this.#id : history.before(this.#id)
    return { driver: new PastCluster(driver, history, id).driver, context, observedTo: id }
  }
}
