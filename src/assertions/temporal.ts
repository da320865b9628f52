/**
 * Modalities and windows as one automaton with three values, fed one moment at a time: undecided (it goes on), or an outcome. It knows
 * nothing of clusters: a moment has a time, the truth of each window's condition, and on demand the truth of the claim. Times are virtual ms.
 *
 * The windows of an assertion are gates; the claim is looked at while all of them are open. `while q` is open while q holds; `after q` once
 * q has come; `until q` and `before q` as long as q has not, and they need q to come. A gate that opens again begins the window anew,
 * so that of several windows in the past the latest counts. Of `after q` the first coming counts for what must hold on from there, the latest one for
 * what is waited for; a q that held from the beginning has come only if it does not come later and still holds, and one that a fault of the latest `When` has
 * ended has to come again. language.md §3 says what each combination means.
 */
export type Truth = 'holds' | 'fails' | 'empty'
export interface Moment { readonly at: number; readonly conditions: readonly boolean[]; truth(): Truth }

export interface TemporalPlan {
  readonly modality: 'now' | 'eventually' | 'always' | 'never'
  readonly gates: readonly ('while' | 'until' | 'after' | 'before')[]
  /** when the step is reached: what is fed before lies in the past */
  readonly startedAt: number
  readonly deadlineMs: number
  readonly observeMs: number
  readonly withinMs?: number
  readonly forMs?: number
  readonly staysMs?: number
}

export type Outcome =
  | { readonly verdict: 'holds'; readonly at: number }
  | { readonly verdict: 'violated'; readonly at: number; readonly why: 'false' | 'deadline' | 'quiescent' | 'window closed' | 'condition never came' | 'broke' }
  | { readonly verdict: 'vacuous'; readonly at: number; readonly why: 'never opened' | 'empty' | 'no time' | 'condition never came' | 'window too short' }
export type Violated = Extract<Outcome, { readonly verdict: 'violated' }>

/** What happens while the window is open; begun anew each time it opens. `settled`: nothing more happens at this time. */
interface Inner {
  feed(at: number, truth: () => Truth, settled: boolean): Outcome | undefined
  close(at: number): Outcome
  /** time at which something is decided without a change */
  readonly decidesAt: number
  /** does it need time to pass even when nothing happens? */
  readonly needsTime: boolean
}

export class Monitor {
  readonly plan: TemporalPlan
  /** told when the window opens, before the claim is looked at */
  readonly #onOpen: (at: number) => void
  #inner: Inner | undefined
  #openAt = 0
  #past = true
  /** of each `after`: has its condition come, and did it hold from the first moment on without coming again? */
  #come: ('no' | 'from the first' | 'came')[]
  #met: readonly boolean[] | undefined
  /** of each window: when its condition came to hold, most recently */
  readonly #metAt: number[] = []
  /** outcome of the window that has closed, or decided while it must still close (`until`, `before`) */
  #decided: Outcome | undefined
  #ever = false

  constructor(plan: TemporalPlan, onOpen: (at: number) => void = () => {}) {
    this.plan = plan
    this.#onOpen = onOpen
    this.#come = plan.gates.map(() => 'no')
  }

  /** When the window is open: since when. */
  get openAt(): number | undefined { return this.#inner && this.#openAt }
  /** Was it open at any time? */
  get everOpen(): boolean { return this.#ever }

  /**
   * From now on moments are the present: outcomes count. Fed with the present moment, and told of each window when a fault has ended what had come of its
   * condition, if one has.
   */
  present(moment: Moment, ended: readonly (number | undefined)[] = []): Outcome | undefined {
    const anew = this.#comesAnew(moment.conditions)
    this.#past = false
    this.#awaitAgain(moment.conditions, ended)
    const outcome = this.#step(moment, false, anew)
    return outcome ?? (this.#inner === undefined ? this.#decided : undefined)
  }
  feed(moment: Moment): Outcome | undefined {
    const outcome = this.#step(moment, false, this.#past && this.#comesAnew(moment.conditions))
    return this.#past ? undefined : outcome
  }

  /** Time has gone on as far as `until`, and all that happened at that millisecond has been told. */
  settle(moment: Moment): Outcome | undefined { return this.#step(moment, true) }

  #step(moment: Moment, settled = false, anew = false): Outcome | undefined {
    const open = this.#gates(moment.conditions, moment.at)
    if (this.#inner && !open) return this.#close(moment.at)
    if (!this.#inner && !open) return undefined
    if (!this.#inner || anew) this.#begin(moment.at)
    this.#decided ??= this.#inner!.feed(moment.at, () => moment.truth(), settled)
    // what is not violated so far waits for the end that its window must have
    return this.#past || (this.#needsEnd && this.#decided?.verdict !== 'violated') ? undefined : this.#decided
  }
  #begin(at: number): void {
    this.#ever = true; this.#openAt = at; this.#decided = undefined
    this.#inner = innerOf(this.plan, at)
    this.#onOpen(at)
  }
  #close(at: number): Outcome {
    const outcome = this.#decided ?? this.#inner!.close(at)
    this.#inner = undefined
    return this.#decided = outcome
  }
  /** What has been so from the first, and is so no more, has not come: neither has what a fault has ended since. */
  #awaitAgain(conditions: readonly boolean[], ended: readonly (number | undefined)[]): void {
    this.plan.gates.forEach((gate, i) => {
      const fault = ended[i], over = this.#come[i] === 'from the first' || (fault !== undefined && this.#metAt[i] <= fault)
      if (gate !== 'after' || conditions[i] || this.#come[i] === 'no' || !over) return
      this.#come[i] = 'no'
      this.#inner = undefined; this.#decided = undefined; this.#ever = false
    })
  }
  #gates(conditions: readonly boolean[], at: number): boolean {
    let open = true
    this.plan.gates.forEach((gate, i) => {
      if (conditions[i] && !this.#met?.[i]) this.#metAt[i] = at
      if (gate === 'after' && conditions[i] && this.#come[i] === 'no') this.#come[i] = this.#met === undefined ? 'from the first' : 'came'
      open &&= gate === 'while' ? conditions[i] : gate === 'after' ? this.#come[i] !== 'no' : !conditions[i]
    })
    this.#met = conditions
    return open
  }
  /** In the past: does a condition of an `after` come again, so that the window begins with it? */
  #comesAnew(conditions: readonly boolean[]): boolean {
    let anew = false
    this.plan.gates.forEach((gate, i) => {
      if (gate !== 'after' || this.#met === undefined || this.#met[i] || !conditions[i] || this.#come[i] === 'no') return
      anew ||= this.plan.modality === 'eventually' || this.#come[i] === 'from the first'
      this.#come[i] = 'came'
    })
    return anew
  }
  get #needsEnd(): boolean { return this.plan.gates.some(g => g === 'until' || g === 'before') }
  get #patienceMs(): number { return Math.max(this.plan.deadlineMs, this.plan.observeMs, this.plan.withinMs ?? 0, this.plan.forMs ?? 0) }

  /** Until when the run must go on if nothing changes. */
  get until(): number {
    const { startedAt } = this.plan
    if (!this.#inner) return startedAt + this.#patienceMs
    const end = this.#needsEnd ? Math.max(startedAt, this.#openAt) + this.#patienceMs : Infinity
    return this.#decided ? end : Math.min(this.#inner.decidesAt, end)
  }
  /** Does waiting for `until` decide anything although nothing is pending? */
  get needsTime(): boolean { return this.#inner !== undefined && !this.#decided && !this.#needsEnd && this.#inner.needsTime }

  /** Time `until` has come, or nothing is pending that could change anything. */
  end(moment: Moment, how: 'deadline' | 'quiescent'): Outcome {
    const outcome = this.#step(moment, how === 'deadline')
    if (outcome) return outcome
    const at = moment.at
    if (!this.#inner) return this.#decided ?? { verdict: 'vacuous', at, why: 'never opened' }
    const ended = this.#decided ?? this.#inner.close(at)
    const told: Outcome = ended.verdict === 'violated' && ended.why === 'window closed' ? { ...ended, why: how } : ended
    if (!this.#needsEnd) return told
    if (told.verdict === 'violated' && !this.#inner.needsTime && this.#inner.decidesAt <= Math.max(this.plan.startedAt, this.#openAt) + this.#patienceMs) {
      return told
    }
    return { verdict: this.plan.gates.includes('until') ? 'violated' : 'vacuous', at, why: 'condition never came' }
  }
}

function innerOf(plan: TemporalPlan, openAt: number): Inner {
  const { modality, gates } = plan
  if (modality === 'eventually') return eventually(plan, openAt)
  if (modality === 'always' || modality === 'never') return throughout(plan, openAt, modality === 'never')
  if (gates.includes('while') || gates.includes('until')) return throughout(plan, openAt, false)
  return atOnce(plan, openAt)
}

/** It must come to hold by its deadline, and with `stays` hold on from then; it may break before that and try again. */
function eventually({ startedAt, deadlineMs, withinMs, staysMs }: TemporalPlan, openAt: number): Inner {
  const deadline = withinMs !== undefined ? openAt + withinMs : Math.max(startedAt, openAt) + deadlineMs
  let since: number | undefined, broke = false, empty = true
  const lasted = (at: number): Outcome | undefined =>
    since !== undefined && staysMs !== undefined && at > since + staysMs ? { verdict: 'holds', at: since + staysMs } : undefined
  const missed = (at: number): Outcome => empty ? { verdict: 'vacuous', at, why: 'empty' } : { verdict: 'violated', at, why: broke ? 'broke' : 'deadline' }
  return {
    get decidesAt() { return since !== undefined && staysMs !== undefined ? since + staysMs : deadline },
    get needsTime() { return since !== undefined },
    feed(at, truth, settled) {
      const enough = lasted(at)
      if (enough) return enough
      if (since === undefined && at > deadline) return missed(deadline)
      const now = truth()
      if (now !== 'empty') empty = false
      if (now !== 'holds') {
        if (since !== undefined) broke = true
        since = undefined
        return at > deadline || (at === deadline && settled) ? missed(at) : undefined
      }
      since ??= at
      const stays = staysMs ?? 0
      return stays === 0 || (at - since >= stays && settled) ? { verdict: 'holds', at } : undefined
    },
    close: at => lasted(at) ?? (empty ? { verdict: 'vacuous', at, why: 'empty' } : { verdict: 'violated', at, why: 'window closed' }),
  }
}

/** It must hold (`never`: must not) at every moment. What was empty all the time shows nothing, nor does a window of no length. */
function throughout({ startedAt, observeMs, forMs, gates }: TemporalPlan, openAt: number, never: boolean): Inner {
  const ends = gates.includes('until') || gates.includes('before')
  const end = forMs !== undefined ? openAt + forMs : ends ? Infinity : Math.max(startedAt, openAt) + observeMs
  let empty = true
  const done = (at: number): Outcome =>
    at === openAt ? { verdict: 'vacuous', at, why: 'no time' } : empty ? { verdict: 'vacuous', at, why: 'empty' } : { verdict: 'holds', at }
  return {
    decidesAt: end, needsTime: true,
    feed(at, truth, settled) {
      if (at > end) return done(end)
      const now = truth()
      if (now !== 'empty') empty = false
      if (now === (never ? 'holds' : 'fails')) return { verdict: 'violated', at, why: 'false' }
      // a window is over when all that happens at its last millisecond has been looked at
      return at === end && end > openAt && settled ? done(at) : undefined
    },
    close: at => at < end && forMs !== undefined && at > openAt ? { verdict: 'vacuous', at, why: 'window too short' } : done(at),
  }
}

/** `after q`: as it is once q has come; `before q`: as it was last before q came; with neither: as it is. */
function atOnce({ startedAt, gates }: TemporalPlan, openAt: number): Inner {
  const last = gates.includes('before')
  let latest: Truth = 'empty'
  const told = (at: number): Outcome =>
    latest === 'holds' ? { verdict: 'holds', at } : latest === 'empty' ? { verdict: 'vacuous', at, why: 'empty' } : { verdict: 'violated', at, why: 'false' }
  return {
    decidesAt: last ? Infinity : Math.max(startedAt, openAt), needsTime: false,
    feed(at, truth) {
      if (!last && at < startedAt) return undefined
      latest = truth()
      return last ? undefined : told(at)
    },
    close: told,
  }
}
