import { describe, expect, test } from 'vitest'
import { runApiSchedule, tellHistory } from './support/api-schedule.ts'
import { isLinearizable, notLinearizable, object, type Input, type Operation, type Output } from './support/linearizability.ts'

/** How many schedules; `SCHEDULES=10000 npx vitest run test/linearizability.test.ts` before a release. `SEED`: where they begin. */
const schedules = Number(process.env.SCHEDULES ?? 150), first = Number(process.env.SEED ?? 1)

/** `0-3 create x ok`, `1-2 read x`, `4-? delete`: one operation a word group. */
function history(...lines: readonly string[]): Operation<Input, Output>[] {
  return lines.map(line => {
    const [when, verb, a = '', b = ''] = line.split(' '), [called, returned] = when.split('-')
    const input: Input = verb === 'read' ? { do: 'read' }
      : verb === 'delete' ? { do: 'delete' }
      : verb === 'replace' ? { do: 'replace', expected: a, value: b }
      : { do: verb as 'create', value: a }
    const told = line.split(' ').at(-1)!
    const output: Output = verb === 'read' ? { ok: true, value: a }
      : ['exists', 'missing', 'conflict'].includes(told) ? { ok: false, why: told as 'exists' }
      : { ok: true }
    return { key: 'k', called: Number(called), returned: returned === '?' ? Infinity : Number(returned), input, ...returned === '?' ? undefined : { output } }
  })
}

describe('the checker knows histories with an order', () => {
  test.each([
    ['nothing'], ['one after the other', '0-1 create x', '2-3 read x', '4-5 set y', '6-7 read y', '8-9 delete', '10-11 read '],
    ['a read during a write may see either', '0-1 create x', '2-9 set y', '3-4 read x', '5-6 read y', '10-11 read y'],
    ['a write that nobody knows of may have happened', '0-1 create x', '2-? set y', '3-4 read x', '5-6 read y'],
    ['or not', '0-1 create x', '2-? set y', '3-4 read x', '5-6 read x'],
    ['or late', '0-1 create x', '2-? delete', '3-4 set y', '5-6 read y', '7-8 read '],
    ['two creates at once: one is too late', '0-5 create x', '1-4 create y exists', '6-7 read x'],
    ['a create finds what an unknown one made', '0-? create x', '1-2 create y exists', '3-4 read x'],
    ['a replace conflicts with what came between', '0-1 create x', '2-3 set y', '4-5 replace x z conflict', '6-7 read y'],
    ['writes at once, in the other order', '0-1 create x', '2-9 set y', '3-8 set z', '10-11 read y', '12-13 read y'],
  ])('%s', (_, ...lines) => { expect(isLinearizable(object, history(...lines))).toBe(true) })
})
describe('and those without', () => {
  test.each([
    ['a committed write is lost', '0-1 create x', '2-3 read '], ['a stale read', '0-1 create x', '2-3 set y', '4-5 read x'],
    ['what was seen is gone', '0-1 create x', '2-9 set y', '3-4 read y', '5-6 read x'],
    ['what was undone comes back', '0-1 create x', '2-3 set y', '4-5 read y', '6-7 read x', '8-9 read y'],
    ['both creates work', '0-5 create x', '1-4 create y'], ['a refusal without a reason', '0-1 create x exists'],
    ['a conflict with nothing', '0-1 create x', '2-3 replace x y conflict'],
    ['a replace of what is no longer there', '0-1 create x', '2-3 set y', '4-5 replace x z'],
    ['an unknown write happens twice', '0-1 create x', '2-? set y', '3-4 read y', '5-6 set z', '7-8 read z', '9-10 read y'],
    ['a value that nobody wrote', '0-1 read x'], ['not before it is called', '0-1 create x', '2-3 read y', '4-? set y'],
  ])('%s', (_, ...lines) => { expect(isLinearizable(object, history(...lines))).toBe(false) })
  test('each key is judged by itself', () => {
    const [a, b] = history('0-1 create x', '2-3 read y').map(o => ({ ...o, key: 'bad' }))
    const [c, d] = history('0-1 create x', '2-3 read x').map(o => ({ ...o, key: 'good' }))
    expect(notLinearizable(object, [a, c, b, d])).toEqual(['bad'])
  })
  test('twelve at once are judged quickly', () => {
    const many = Array.from({ length: 12 }, (_, i): Operation<Input, Output> =>
      ({ key: 'k', called: i, returned: 1000 + i, input: { do: 'set', value: `v${i}` }, output: { ok: true } }))
    expect(isLinearizable(object, [
      ...history('-2--1 create x').map(o => ({ ...o, called: -2, returned: -1 })), ...many, ...history('2000-2001 read v7'),
    ])).toBe(true)
  })
})

test(`what three API servers answer is linearizable in ${schedules} schedules of crashes, hangs, lost machines and partitions`, () => {
  const totals = { certain: 0, unknown: 0, refused: 0, written: 0 }
  for (let seed = first; seed < first + schedules; seed++) {
    const { history, figures } = runApiSchedule(seed), wrong = notLinearizable(object, history)
    expect(wrong.map(key => `seed ${seed}, ${key}:\n${tellHistory(history, key)}`).join('\n')).toBe('')
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += figures[key]
  }
  // schedules without trouble, or in which nothing works, would try nothing; who comes while a server starts waits for it instead of being refused
  for (const [what, count] of Object.entries(totals)) expect(count / schedules, what).toBeGreaterThan(0.25)
  if (process.env.SCHEDULES) console.log(totals)
}, 7_200_000)
