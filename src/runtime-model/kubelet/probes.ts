/**
 * Probes in closed form: instead of ticking, the next moment is computed at which a probe changes anything. A passing probe costs no
 * events, and one that fails for ever none that could change something. The law (tested): verdicts come exactly when ticking would bring
 * them. Source of the rules: pkg/kubelet/prober/worker.go, prober.go.
 */
export type ProbeKind = 'liveness' | 'readiness' | 'startup'
export interface ProbeSpec {
  readonly periodMs: number
  readonly timeoutMs: number
  readonly initialDelayMs: number
  readonly successThreshold: number
  readonly failureThreshold: number
}
export type Verdict = 'success' | 'failure' | 'unknown'

/**
 * What the container answers from `at` on, until the next of these. `silent`: it fails only after the timeout; `warns`: it succeeds, and is told all the same.
 */
export interface Answer { readonly at: number; readonly success: boolean; readonly text: string; readonly silent: boolean; readonly warns?: boolean }

/** One worker of the prober. */
export interface Probe {
  readonly kind: ProbeKind
  readonly container: string
  /** the ticker beats at gridAt + k·period */
  readonly gridAt: number
  /** begin of the next probe */
  readonly nextAt: number
  /** the container it looks at, '' none yet */
  readonly containerId: string
  /** from when on it really probes; Infinity: it does not */
  readonly activeFrom: number
  readonly last: Verdict
  readonly run: number
  readonly value: Verdict
  /** a liveness or startup failure was told: nothing more until the container is replaced */
  readonly onHold: boolean
  /** failures or warnings told one by one so far in this row */
  readonly told: number
  /** when it takes notice that its container has ended, or (of a startup probe) that one which had started was replaced; Infinity: there is no news */
  readonly resetAt: number
}

export const initialValue: Readonly<Record<ProbeKind, Verdict>> = { liveness: 'success', readiness: 'failure', startup: 'unknown' }

export function newProbe(kind: ProbeKind, container: string, at: number): Probe {
  return {
    kind, container, gridAt: at, nextAt: at, containerId: '', activeFrom: Infinity, last: 'unknown', run: 0, value: initialValue[kind], onHold: false, told: 0,
    resetAt: Infinity,
  }
}

const answerAt = (answers: readonly Answer[], at: number): Answer => {
  let found = answers[0]
  for (const a of answers) if (a.at <= at) found = a
  return found
}
const changeAfter = (answers: readonly Answer[], at: number): number => { for (const a of answers) if (a.at > at) return a.at; return Infinity }

/** First beat of the ticker after `at`. */
export const beatAfter = (probe: Probe, spec: ProbeSpec, at: number): number =>
  at < probe.gridAt ? probe.gridAt : probe.gridAt + (Math.floor((at - probe.gridAt) / spec.periodMs) + 1) * spec.periodMs
/** Begin of the probe after one that began at `at`: the ticker keeps one beat for a busy worker. */
const following = (probe: Probe, spec: ProbeSpec, at: number, answer: Answer): number =>
  Math.max(beatAfter(probe, spec, at), answer.silent ? at + spec.timeoutMs : 0)
/** Begin of the next probe that really asks. */
export function firstActive(probe: Probe, spec: ProbeSpec): number {
  if (probe.onHold || probe.activeFrom === Infinity) return Infinity
  return probe.nextAt >= probe.activeFrom ? probe.nextAt : beatAfter(probe, spec, probe.activeFrom - 1)
}
const threshold = (spec: ProbeSpec, success: boolean): number => success ? spec.successThreshold : spec.failureThreshold
const word = (answer: Answer): Verdict => answer.success ? 'success' : 'failure'
/** When the outcome of a probe that begins at `at` is known. */
const known = (spec: ProbeSpec, at: number, answer: Answer): number => answer.silent ? at + spec.timeoutMs : at

/** Repeats of a failure (or a warning) that change nothing are told in bundles, after so many one by one; the recorder lets no more through anyway. */
export const toldSingly = 25, bundleMs = 300_000

export interface Next {
  /** when something can change: a verdict, or the first failure of a row; Infinity: never */
  readonly at: number
  /** when a repeated failure, or a warning, is told that changes nothing */
  readonly repeatAt: number
}

/** The next moments at which this probe matters. */
export function nextOf(probe: Probe, spec: ProbeSpec, answers: readonly Answer[]): Next {
  let repeatAt = Infinity, { last, run } = probe, at = firstActive(probe, spec)
  const repeat = (when: number): void => {
    if (repeatAt === Infinity) repeatAt = probe.told < toldSingly ? when : Math.max(when, at + bundleMs)
  }
  for (let guard = 0; at < Infinity && guard < 1000; guard++) {
    const answer = answerAt(answers, at), end = changeAfter(answers, at), same = word(answer) === last ? run : 0
    if (!answer.success) {
      const first = same === 0, pending = probe.value !== 'failure'
      if (first || pending) return { at: known(spec, at, answer), repeatAt }
      repeat(known(spec, at, answer))
    } else {
      if (answer.warns) repeat(at)
      const steps = Math.max(0, threshold(spec, true) - same - 1)
      const verdictAt = steps === 0 ? at : following(probe, spec, at, answer) + (steps - 1) * spec.periodMs
      if (probe.value !== 'success' && verdictAt < end) return { at: verdictAt, repeatAt }
    }
    if (end === Infinity) break
    const beats = count(probe, spec, at, end, answer)
    last = word(answer); run = same + beats.number; at = beats.next
  }
  return { at: Infinity, repeatAt }
}

/** Probes that begin in [at, end), all answered alike, and the begin of the one after. */
function count(probe: Probe, spec: ProbeSpec, at: number, end: number, answer: Answer): { readonly number: number; readonly next: number } {
  if (!answer.silent || spec.timeoutMs <= spec.periodMs) {
    const second = following(probe, spec, at, answer)
    if (second >= end) return { number: 1, next: second }
    const more = Math.ceil((end - second) / spec.periodMs)
    return { number: 1 + more, next: second + more * spec.periodMs }
  }
  const number = Math.max(1, Math.ceil((end - at) / spec.timeoutMs)), lastAt = at + (number - 1) * spec.timeoutMs
  return { number, next: following(probe, spec, lastAt, answer) }
}

export interface Advanced {
  readonly probe: Probe
  /** the verdict became this */
  readonly verdict?: Verdict
  /** failures (warnings) to tell, with their text */
  readonly failures: number
  readonly text: string
  readonly warned: boolean
  /** what comes next is told in other words: ask again after telling of these */
  readonly more?: true
}

/** Takes all probes whose outcome is known by `until`. A verdict ends the advance, and so do other words; ask again after it. */
export function advance(probe: Probe, spec: ProbeSpec, answers: readonly Answer[], until: number): Advanced {
  let p = probe, failures = 0, text = '', warned = false
  for (let at = firstActive(p, spec); at < Infinity;) {
    const answer = answerAt(answers, at)
    if (known(spec, at, answer) > until) break
    const tells = !answer.success || answer.warns === true
    if (tells && failures > 0 && (answer.text !== text || answer.success !== warned)) return { probe: p, failures, text, warned, more: true }
    const verdict = word(answer), same = verdict === p.last ? p.run : 0, need = Math.max(1, threshold(spec, answer.success) - same)
    const beats = count(p, spec, at, Math.min(changeAfter(answers, at), latestBegin(spec, answer, until) + 1), answer)
    const sets = p.value !== verdict && beats.number >= need, number = sets ? need : beats.number
    const lastAt = at + (number - 1) * Math.max(spec.periodMs, answer.silent ? spec.timeoutMs : 0)
    const begun = number === 1 ? at : lastBegin(p, spec, at, number, answer, lastAt)
    if (tells) { failures += number; text = answer.text; warned = answer.success }
    p = { ...p, last: verdict, run: same + number, nextAt: following(p, spec, begun, answer), told: tells ? p.told + number : 0 }
    if (sets) {
      const holds = verdict === 'failure' && p.kind !== 'readiness'
      return { probe: { ...p, value: verdict, onHold: holds, run: holds ? 0 : p.run }, verdict, failures, text, warned }
    }
    at = firstActive(p, spec)
  }
  return { probe: p, failures, text, warned }
}
/** Last begin of a probe whose outcome is known by `until`. */
const latestBegin = (spec: ProbeSpec, answer: Answer, until: number): number => answer.silent ? until - spec.timeoutMs : until
/** Begin of the last of `number` probes: the first may lie off the grid, the others follow the beats. */
const lastBegin = (probe: Probe, spec: ProbeSpec, at: number, number: number, answer: Answer, offGrid: number): number =>
  answer.silent && spec.timeoutMs > spec.periodMs ? offGrid : following(probe, spec, at, answer) + (number - 2) * spec.periodMs

/** An immediate probe, which restarts the ticker (a readiness probe whose container waits to become ready). */
export const trigger = (probe: Probe, at: number): Probe => ({ ...probe, gridAt: at, nextAt: at })
