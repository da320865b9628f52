import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advance, initialValue, newProbe, nextOf, trigger, type Advanced, type Answer, type Probe, type ProbeKind, type ProbeSpec, type Verdict,
} from '../src/runtime-model/kubelet/probes.ts'

/** A worker that ticks, as the kubelet's does: one probe after the other, a busy worker keeps one beat. */
function ticking(start: Probe, spec: ProbeSpec, answers: readonly Answer[], until: number): { verdicts: [number, Verdict][]; failures: string[] } {
  const verdicts: [number, Verdict][] = [], failures: string[] = []
  let { last, run, value } = start, onHold = false, beat = start.gridAt, at = start.nextAt
  while (at <= until) {
    let end = at
    if (!onHold && at >= start.activeFrom) {
      const answer = answers.filter(a => a.at <= at).at(-1) ?? answers[0], outcome = answer.success ? 'success' as const : 'failure' as const
      end = answer.silent ? at + spec.timeoutMs : at
      if (end > until) break
      if (outcome === 'failure' || answer.warns) failures.push(`${answer.warns ? 'warning' : 'failed'} ${answer.text}`)
      run = last === outcome ? run + 1 : 1
      last = outcome
      if (run >= (outcome === 'success' ? spec.successThreshold : spec.failureThreshold)) {
        if (value !== outcome) verdicts.push([end, outcome])
        value = outcome
        if (outcome === 'failure' && start.kind !== 'readiness') { onHold = true; run = 0 }
      }
    }
    while (beat <= at) beat += spec.periodMs
    at = Math.max(beat, end)
  }
  return { verdicts, failures }
}

function closedForm(
  start: Probe, spec: ProbeSpec, answers: readonly Answer[], until: number
): { verdicts: [number, Verdict][]; failures: string[]; events: number } {
  const verdicts: [number, Verdict][] = [], failures: string[] = []
  const tell = ({ failures: times, text, warned }: Advanced): void => {
    for (let i = 0; i < times; i++) failures.push(`${warned ? 'warning' : 'failed'} ${text}`)
  }
  let probe = start, events = 0, now = start.gridAt
  for (let guard = 0; guard < 5000; guard++) {
    const done = advance(probe, spec, answers, now)
    probe = done.probe
    tell(done)
    if (done.verdict) verdicts.push([now, done.verdict])
    if (done.verdict || done.more) continue
    const next = nextOf(probe, spec, answers), at = Math.min(next.at, next.repeatAt)
    if (at > until) break
    expect(at).toBeGreaterThan(now)
    now = at; events++
  }
  for (let guard = 0; guard < 5000; guard++) {
    const rest = advance(probe, spec, answers, until)
    probe = rest.probe
    tell(rest)
    if (!rest.more) break
  }
  return { verdicts, failures, events }
}

const spec = fc.record({
  periodMs: fc.integer({ min: 1, max: 6 }).map(n => n * 1000), timeoutMs: fc.integer({ min: 1, max: 9 }).map(n => n * 1000), initialDelayMs: fc.constant(0),
  successThreshold: fc.integer({ min: 1, max: 3 }), failureThreshold: fc.integer({ min: 1, max: 4 }),
})
const rows = fc.array(
  fc.record({ after: fc.integer({ min: 1, max: 30_000 }), kind: fc.constantFrom('success', 'failure', 'silent', 'redirect') }), { minLength: 1, maxLength: 6 }
)
const toAnswers = (list: readonly { after: number; kind: string }[]): Answer[] => {
  let at = 0
  return list.map((r, i) => {
    at = i === 0 ? 0 : at + r.after
    return {
      at, success: r.kind === 'success' || r.kind === 'redirect', text: r.kind === 'success' ? '' : `answer ${i}`, silent: r.kind === 'silent',
      ...r.kind === 'redirect' ? { warns: true } : {},
    }
  })
}
const probeOf = (kind: ProbeKind, offset: number, delay: number): Probe => ({ ...newProbe(kind, 'app', offset), containerId: 'x', activeFrom: offset + delay })

describe('probes in closed form', () => {
  test('verdicts and failures come exactly when ticking brings them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ProbeKind>('liveness', 'readiness', 'startup'), spec, rows, fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 20_000 }),
        (kind, s, list, offset, delay) => {
      const answers = toAnswers(list), start = probeOf(kind, offset, delay), until = 150_000, want = ticking(start, s, answers, until)
      const got = closedForm(start, s, answers, until)
      expect(got.verdicts).toEqual(want.verdicts)
      expect(got.failures).toEqual(want.failures)
    }
      ), { numRuns: 600, seed: 7 }
    )
  })
  /** A success that comes off the beats, as the one before was waited for; the next is at a beat again. */
  const delayed: [ProbeSpec, { after: number; kind: 'success' | 'failure' | 'silent' | 'redirect' }[], number] = [
    { periodMs: 2000, timeoutMs: 5000, initialDelayMs: 0, successThreshold: 2, failureThreshold: 1 },
    [{ after: 1, kind: 'redirect' }, { after: 16_650, kind: 'failure' }, { after: 27_351, kind: 'silent' }, { after: 12_000, kind: 'success' }], 0,
  ]
  test('a triggered readiness probe restarts its ticker', () => {
    fc.assert(fc.property(spec, rows, fc.integer({ min: 0, max: 9999 }), (s, list, at) => {
      const answers = toAnswers(list), start = trigger(probeOf('readiness', 0, 0), at)
      expect(closedForm(start, s, answers, 100_000).verdicts).toEqual(ticking(start, s, answers, 100_000).verdicts)
    }), { numRuns: 200, seed: 8, examples: [delayed] })
  })
  const plain: ProbeSpec = { periodMs: 10_000, timeoutMs: 1000, initialDelayMs: 0, successThreshold: 1, failureThreshold: 3 }
  test('a probe that passes costs nothing once it has passed', () => {
    const passed = advance(probeOf('readiness', 0, 0), plain, [{ at: 0, success: true, text: '', silent: false }], 0).probe
    expect(passed.value).toBe('success')
    expect(nextOf(passed, plain, [{ at: 0, success: true, text: '', silent: false }])).toEqual({ at: Infinity, repeatAt: Infinity })
  })
  test('one that fails for a month can change nothing, and is told in bundles', () => {
    const failing: Answer[] = [{ at: 0, success: false, text: 'no', silent: false }], month = 30 * 86_400_000
    const done = closedForm(probeOf('readiness', 0, 0), plain, failing, month)
    expect(done.failures.length).toBe(month / 10_000 + 1)
    expect(done.events).toBeLessThan(month / 300_000 + 30)
    expect(done.verdicts).toEqual([])
  })
  test('each kind begins as the kubelet has it', () => { expect(initialValue).toEqual({ liveness: 'success', readiness: 'failure', startup: 'unknown' }) })
})
