import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Monitor } from '../src/assertions/temporal.ts'
import type { Outcome, TemporalPlan, Truth } from '../src/assertions/temporal.ts'
import { runMonitor as run } from './support/monitor-run.ts'
import { naive } from './support/naive-temporal.ts'
import type { TraceMoment } from './support/naive-temporal.ts'

const base = { startedAt: 0, deadlineMs: 60, observeMs: 300, gates: [] } as const

/** `h`olds, `f`ails, `e`mpty; a capital: the condition holds. One moment each 10 ms, from `from`. */
const trace = (text: string, from = 0): TraceMoment[] => [...text].map((c, i) =>
  ({ at: from + i * 10, conditions: [c !== c.toLowerCase()], truth: ({ h: 'holds', f: 'fails', e: 'empty' } as Record<string, Truth>)[c.toLowerCase()] }))
const told = (o: Outcome): string => o.verdict === 'holds' ? `holds at ${o.at}` : `${o.verdict} at ${o.at}: ${o.why}`

describe('modality × window', () => {
  it.each<[string, Partial<TemporalPlan>, string, string]>([
    // no window
    ['now', {}, 'h', 'holds at 0'], ['now', {}, 'f', 'violated at 0: false'], ['now', {}, 'e', 'vacuous at 0: empty'],
    ['eventually', {}, 'ffh', 'holds at 20'], ['eventually', {}, 'fff', 'violated at 20: quiescent'],
    ['eventually', { deadlineMs: 15 }, 'fffh', 'violated at 15: deadline'],
    ['eventually', { withinMs: 20 }, 'ffh', 'holds at 20'], ['eventually', {}, 'eee', 'vacuous at 20: empty'], ['eventually', {}, 'eeh', 'holds at 20'],
    ['eventually', { staysMs: 25 }, 'fhfhhh', 'holds at 55'], ['eventually', { staysMs: 25, deadlineMs: 15 }, 'fhfhhh', 'violated at 20: broke'],
    ['always', { forMs: 25 }, 'hhh', 'holds at 25'], ['always', { forMs: 25 }, 'hhhf', 'holds at 25'],
    ['always', { forMs: 30 }, 'hhhf', 'violated at 30: false'], ['always', {}, 'hh', 'holds at 300'],
    ['always', {}, 'ee', 'vacuous at 300: empty'], ['always', { forMs: 0 }, 'h', 'vacuous at 0: no time'],
    ['never', { forMs: 25 }, 'fff', 'holds at 25'], ['never', {}, 'fefh', 'violated at 30: false'], ['never', {}, 'eee', 'vacuous at 300: empty'],
    // while: the window that was open last, past or present
    ['now', { gates: ['while'], startedAt: 50 }, 'fHHHff', 'holds at 40'], ['now', { gates: ['while'], startedAt: 50 }, 'fHFHff', 'violated at 20: false'],
    ['now', { gates: ['while'], startedAt: 50 }, 'FfHHff', 'holds at 40'], ['now', { gates: ['while'], startedAt: 20 }, 'fhh', 'vacuous at 20: never opened'],
    ['now', { gates: ['while'], startedAt: 20 }, 'fHH', 'holds at 320'], ['now', { gates: ['while'], startedAt: 0 }, 'ffHHf', 'holds at 40'],
    ['never', { gates: ['while'] }, 'FFHf', 'violated at 20: false'],
    ['eventually', { gates: ['while'] }, 'FFHf', 'holds at 20'], ['eventually', { gates: ['while'] }, 'FFFh', 'violated at 30: window closed'],
    ['always', { gates: ['while'], forMs: 50 }, 'HHhh', 'vacuous at 20: window too short'],
    ['always', { gates: ['while'] }, 'EEf', 'vacuous at 20: empty'],
    // until: must come
    ['always', { gates: ['until'] }, 'hhF', 'holds at 20'], ['always', { gates: ['until'] }, 'hfF', 'violated at 10: false'],
    ['now', { gates: ['until'] }, 'hhh', 'violated at 20: condition never came'],
    // after: once it has come
    ['now', { gates: ['after'], startedAt: 30 }, 'fFff', 'violated at 30: false'], ['now', { gates: ['after'], startedAt: 30 }, 'fFfh', 'holds at 30'],
    ['now', { gates: ['after'] }, 'hhF', 'violated at 20: false'],
    ['eventually', { gates: ['after'] }, 'hfFfh', 'holds at 40'], ['eventually', { gates: ['after'] }, 'hhh', 'vacuous at 20: never opened'],
    ['always', { gates: ['after'], forMs: 15 }, 'fHhf', 'holds at 25'],
    // of a condition that comes several times: the first for what holds on, the latest for what is waited for; from the beginning on only if it still is
    ['eventually', { gates: ['after'], startedAt: 40, deadlineMs: 20 }, 'HfFffff', 'violated at 60: quiescent'],
    ['eventually', { gates: ['after'], startedAt: 40 }, 'fHfFffh', 'holds at 60'], ['eventually', { gates: ['after'], startedAt: 40 }, 'Hffff', 'vacuous at 40: never opened'],
    ['eventually', { gates: ['after'], startedAt: 40 }, 'HhhhhHh', 'holds at 50'], ['eventually', { gates: ['after'], startedAt: 40 }, 'HHHHH', 'holds at 0'],
    ['always', { gates: ['after'], startedAt: 40 }, 'FfHhh', 'holds at 340'], ['always', { gates: ['after'], startedAt: 40 }, 'FfHfHh', 'violated at 30: false'],
    ['never', { gates: ['after'], startedAt: 40 }, 'fHfHff', 'violated at 10: false'], ['always', { gates: ['after'], startedAt: 40 }, 'hFHhh', 'violated at 10: false'],
    ['eventually', { gates: ['after'], startedAt: 10 }, 'fFhF', 'holds at 20'],
    // before: as it was until then
    ['now', { gates: ['before'] }, 'fhF', 'holds at 20'], ['now', { gates: ['before'] }, 'hfH', 'violated at 20: false'],
    ['eventually', { gates: ['before'] }, 'fhfF', 'holds at 10'],
    ['eventually', { gates: ['before'] }, 'fffH', 'violated at 30: window closed'],
    ['eventually', { gates: ['before'] }, 'fhh', 'vacuous at 20: condition never came'], ['never', { gates: ['before'] }, 'ffH', 'holds at 20'],
  ])('%s %j %s', (modality, more, text, expected) => {
    expect(told(run({ ...base, ...more, modality: modality as TemporalPlan['modality'] }, trace(text)))).toBe(expected)
  })
})

describe('in the last millisecond', () => {
  const at = (ms: number, truth: Truth): { at: number; conditions: boolean[]; truth: () => Truth } => ({ at: ms, conditions: [], truth: () => truth })
  const begun = (more: Partial<TemporalPlan>, truth: Truth): Monitor => {
    const monitor = new Monitor({ ...base, modality: 'always', ...more })
    expect(monitor.present(at(0, truth))).toBeUndefined()
    return monitor
  }
  it('of `for`, what breaks the claim breaks it', () => {
    const monitor = begun({ forMs: 30 }, 'holds')
    expect(monitor.feed(at(30, 'holds'))).toBeUndefined()
    expect(told(monitor.feed(at(30, 'fails'))!)).toBe('violated at 30: false')
  })
  it('of `for`, a claim holds once no more happens', () => {
    const monitor = begun({ forMs: 30 }, 'holds')
    expect(monitor.feed(at(30, 'holds'))).toBeUndefined()
    expect(told(monitor.settle(at(30, 'holds'))!)).toBe('holds at 30')
  })
  it('of a deadline, what is waited for still comes in time', () => {
    const monitor = begun({ modality: 'eventually', withinMs: 20 }, 'fails')
    expect(monitor.feed(at(20, 'fails'))).toBeUndefined()
    expect(told(monitor.feed(at(20, 'holds'))!)).toBe('holds at 20')
  })
  it('of a deadline, it is missed once no more happens', () => {
    const monitor = begun({ modality: 'eventually', withinMs: 20 }, 'fails')
    expect(told(monitor.settle(at(20, 'fails'))!)).toBe('violated at 20: deadline')
  })
  it('of a stay, what ends it ends it', () => {
    const monitor = begun({ modality: 'eventually', staysMs: 25 }, 'holds')
    expect(monitor.feed(at(25, 'holds'))).toBeUndefined()
    expect(monitor.feed(at(25, 'fails'))).toBeUndefined()
  })
})

it('agrees with the definition on any trace', () => {
  const gate = fc.constantFrom('while', 'until', 'after', 'before') as fc.Arbitrary<TemporalPlan['gates'][number]>
  const optional = (max: number): fc.Arbitrary<number | undefined> => fc.option(fc.integer({ min: 1, max }), { nil: undefined })
  const plans = fc.record({
    modality: fc.constantFrom<TemporalPlan['modality']>('now', 'eventually', 'always', 'never'), gates: fc.uniqueArray(gate, { maxLength: 2 }),
    deadlineMs: fc.integer({ min: 1, max: 60 }), observeMs: fc.integer({ min: 1, max: 60 }), withinMs: optional(60), forMs: optional(60), staysMs: optional(30),
  })
  const moments = fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 20 }), conditions: fc.tuple(fc.boolean(), fc.boolean()),
      truth: fc.constantFrom<Truth>('holds', 'holds', 'fails', 'fails', 'empty'),
    }),
    { minLength: 1, maxLength: 10 }
  )
  fc.assert(fc.property(plans, moments, fc.nat(), ({ withinMs, forMs, staysMs, ...plan }, list, started) => {
    let at = -1
    const whole = list.map(({ after, ...m }) => ({ ...m, at: at += after }))
    const timed = plan.modality === 'eventually' ? { withinMs, staysMs } : plan.modality === 'now' ? {} : { forMs }
    const full = { ...plan, ...timed, startedAt: whole[started % whole.length].at }
    expect(run(full, whole).verdict).toBe(naive(full, whole))
  }), { numRuns: 4000, seed: 11 })
})

it('looks at the claim only while its window is open, and begins anew when it opens again', () => {
  const opened: number[] = [], looked: number[] = []
  const monitor = new Monitor({ ...base, modality: 'now', gates: ['while'], startedAt: 40 }, at => opened.push(at))
  for (const m of trace('hHhHh')) monitor.feed({ at: m.at, conditions: m.conditions, truth: () => { looked.push(m.at); return m.truth } })
  expect([opened, looked]).toEqual([[10, 30], [10, 30]])
})
