import { expect, test } from 'vitest'
import type { RunnerEvent, ScenarioFinished } from '../src/runner/events.ts'
import type { Files } from '../src/runner/files.ts'
import { findFeatures } from '../src/runner/files.ts'
import { runSuite } from '../src/runner/run-suite.ts'
import type { SuiteOptions } from '../src/runner/run-suite.ts'
import { clockDriver, language, tools } from './support/clockwork.ts'

/** A folder in memory. */
function folder(content: Readonly<Record<string, string>>): Files {
  const names = Object.keys(content)
  return {
    kind: path => path in content ? 'file' : path === '.' || names.some(n => n.startsWith(path + '/')) ? 'directory' : undefined,
    list: directory => [...new Set(names.filter(n => directory === '.' || n.startsWith(directory + '/')).map(n =>
      n.slice(directory === '.' ? 0 : directory.length + 1).split('/')[0]))],
    read: path => content[path],
  }
}

async function run(content: Readonly<Record<string, string>>, options: Partial<SuiteOptions> = {}) {
  const events: RunnerEvent[] = []
  const summary = await runSuite({
    paths: ['.'], selection: { names: [] }, failFast: false, manifests: [], deadlineMs: 60_000, observeMs: 300_000, version: '0', language, tools,
    createDriver: world => clockDriver(world.seed!),
    files: folder(content), wallMs: () => 0, interrupted: async () => false, ...options,
  }, e => void events.push(e))
  const finished = events.filter((e): e is ScenarioFinished => e.type === 'scenarioFinished')
  return { summary, events, finished, statuses: finished.map(f => f.status), of: (name: string) => finished.find(f => f.scenario.name === name)! }
}
const one = async (steps: string, tags = '') => {
  const r = await run({ 'a.feature': `s${tags}: ${steps}` })
  return { ...r, scenario: r.finished[0], exit: r.summary.exitCode }
}

test('a scenario passes when every step holds, and says how long it took in virtual time', async () => {
  const { scenario, exit } = await one('Given pass-time, When do, Then holds')
  expect([scenario.status, scenario.virtualMs, scenario.traceHash, exit]).toEqual(['passed', 1000, 'trace-1-1000', 0])
})

test('after a failure the rest is skipped', async () => {
  const { scenario, exit } = await one('Given pass-time, Then breaks, And holds')
  expect(scenario.steps.map(s => s.status)).toEqual(['passed', 'failed', 'skipped'])
  expect([scenario.status, scenario.failure?.replay, exit]).toEqual(['failed', 'kscenario run a.feature:1 --seed 1', 1])
})

test('a state under Given is waited for, and what does not come is a precondition not met', async () => {
  expect((await one('Given breaks')).scenario.failure!.verdict).toBe('precondition not met: did not come to hold')
  expect((await one('Then breaks')).scenario.failure!.verdict).toBe('violated at t+0s')
})

test('a refused action fails the scenario, unless a step speaks of its outcome before the next action', async () => {
  expect((await one('When refuse, Then holds')).scenario.status).toBe('failed')
  expect((await one('When refuse, And pass-time, Then outcome')).scenario.status).toBe('passed')
  expect((await one('When refuse, And do, Then outcome')).scenario.status).toBe('failed')
})

test('undefined and ambiguous steps stop their scenario before anything runs, and only theirs', async () => {
  const { finished, summary } = await run({ 'a.feature': 'u: When do, Then nonsense\nt: When do, Then twofold\nfine: When do' })
  expect(finished.map(f => [f.status, f.virtualMs, f.steps.map(s => s.status)])).toEqual([
    ['undefined', 0, ['skipped', 'undefined']], ['ambiguous', 0, ['skipped', 'ambiguous']], ['passed', 0, ['passed']],
  ])
  expect(summary.exitCode).toBe(2)
})

test.each([
  ['Then empty', 'vacuous', 1], ['When unmodelled', 'inconclusive', 3], ['Given contradict', 'undefined', 2], ['Given explode', 'inconclusive', 3],
  ['', 'vacuous', 1],
])('%s is %s, exit %i', async (steps, status, code) => {
  const { scenario, exit } = await one(steps)
  expect([scenario.status, exit]).toEqual([status, code])
})

test('the exit code is the smallest that applies', async () => {
  expect((await run({ 'a.feature': '!\nu: Then nonsense\nn: When unmodelled\nf: Then breaks' })).summary.exitCode).toBe(1)
  expect((await run({ 'a.feature': '!\nn: When unmodelled' })).summary.exitCode).toBe(2)
})

test('a broken file hides nothing of the others, nor of itself', async () => {
  const { events, statuses, summary } = await run({ 'a.feature': '!\nok: When do', 'b.feature': 'ok: When do' })
  expect(statuses).toEqual(['passed', 'passed'])
  expect(events.filter(e => e.type === 'diagnostics')).toHaveLength(1)
  expect([summary.errors, summary.exitCode]).toEqual([1, 2])
})

test('nothing selected is an error', async () => {
  expect((await run({ 'a.feature': 'ok: When do' }, { selection: { names: [/nowhere/] } })).summary).toMatchObject({
    exitCode: 2, reason: 'no scenario selected',
  })
  expect((await run({ 'readme.md': '' })).summary).toMatchObject({ exitCode: 2, reason: 'no feature file found' })
  expect((await run({ 'a.feature': 'ok: When do' }, { paths: ['b.feature'] })).summary.exitCode).toBe(2)
})

test('tags are read: @skip, @only, @real-only, @seed, @expect-failure', async () => {
  const a = await run({ 'a.feature': 'a @skip: When do\nb @real-only: When do\nc @seed:7: When do\nd: When do' })
  expect(a.statuses).toEqual(['skipped', 'skipped', 'passed', 'passed'])
  expect(a.finished.map(f => f.scenario.seed)).toEqual([1, 1, 7, 1])
  expect((await run({ 'a.feature': 'a @seed:7: When do' }, { seed: 3 })).finished[0].scenario.seed).toBe(3)
  expect((await run({ 'a.feature': 'a: When do\nb @only: When do', 'b.feature': 'c: When do' })).finished.map(f => f.scenario.name)).toEqual(['b'])
  expect((await one('Then breaks', ' @expect-failure')).scenario).toMatchObject({ status: 'passed', reason: 'failed as expected at line 1: Then breaks' })
  expect((await one('Then breaks', ' @expect-failure:breaks')).scenario.status).toBe('passed')
  expect((await one('Then breaks', ' @expect-failure:other')).scenario.status).toBe('failed')
  expect((await one('Then holds', ' @expect-failure')).scenario.status).toBe('failed')
  // what shows nothing has not failed, unless it is that step which is meant
  expect((await one('Then empty', ' @expect-failure')).scenario.status).toBe('vacuous')
  expect((await one('Then empty', ' @expect-failure:empty')).scenario.status).toBe('passed')
})

test('@explore runs under so many schedules and tells the first under which it does not pass', async () => {
  const told = async (tags: string, word = 'unlucky', options: Partial<SuiteOptions> = {}) => {
    const { finished: [f] } = await run({ 'a.feature': `a ${tags}: Then ${word}` }, options)
    return `${f.status}, seed ${f.scenario.seed}${f.reason === undefined ? '' : ` (${f.reason})`}`
  }
  expect(await told('@explore:5')).toBe('failed, seed 3 (schedule 3 of 5, seed 3)')
  expect(await told('@explore:2')).toBe('passed, seed 1 (under 2 schedules, seeds 1 to 2)')
  expect(await told('@explore:2 @seed:3')).toBe('failed, seed 3 (schedule 1 of 2, seed 3)')
  expect(await told('@explore:5', 'unlucky', { seed: 4 })).toBe('passed, seed 4 (under 5 schedules, seeds 4 to 8)')
  expect(await told('@explore:5 @expect-failure')).toBe('passed, seed 3 (failed as expected at line 1: Then unlucky)')
  expect(await told('@explore:2 @expect-failure')).toBe('failed, seed 1')
  expect(await told('@explore:5 @skip')).toBe('skipped, seed 1 (@skip)')
  expect(await told('@explore:5', 'nonsense')).toBe('undefined, seed 1 (schedule 1 of 5, seed 1)')
})

test('--fail-fast stops at the first that does not pass; an interruption ends with 130', async () => {
  const content = { 'a.feature': 'a: Then breaks\nb: When do' }
  expect((await run(content, { failFast: true })).statuses).toEqual(['failed'])
  let asked = 0
  expect((await run(content, { interrupted: async () => ++asked > 1 })).summary).toMatchObject({ exitCode: 130, scenarios: 1 })
})

test('files come in order of code units, each once; lines add up', () => {
  const files = folder({ 'b/z.feature': '', 'b/Z.feature': '', 'a.feature': '', '.hidden/x.feature': '', 'node_modules/y.feature': '', 'n.txt': '' })
  expect(findFeatures(['.'], files).files.map(f => f.path)).toEqual(['a.feature', 'b/Z.feature', 'b/z.feature'])
  expect(findFeatures(['./b/', 'b/z.feature:3'], files).files).toEqual([{ path: 'b/Z.feature', lines: [] }, { path: 'b/z.feature', lines: [] }])
  expect(findFeatures(['a.feature:3:9', 'a.feature:12', 'c'], files)).toEqual({ files: [{ path: 'a.feature', lines: [3, 9, 12] }], missing: ['c'] })
})

test('a checklist is found beside or above the features; a tag without an item is a warning, a broken file an error', async () => {
  const good = 'title: T\nitems:\n  - { id: CP-1, text: one, level: SHOULD, concepts: [nodes, { name: pods, link: "https://example.com" }] }\n'
  const a = await run({ 'x/checklist.yaml': good, 'x/y/a.feature': 'a @checklist:CP-1: When do\nb @checklist:CP-9: When do' }, { paths: ['x'] })
  expect(a.events[0]).toMatchObject({
    checklists: [{ title: 'T', items: [{ id: 'CP-1', level: 'SHOULD', concepts: [{ name: 'nodes' }, { name: 'pods', link: 'https://example.com' }] }] }],
  })
  expect(a.summary).toMatchObject({ warnings: 1, errors: 0, exitCode: 0 })
  const b = await run({ 'checklist.yaml': 'items:\n  - { id: CP-1, text: one, level: PERHAPS }\n', 'a.feature': 'a: When do' })
  expect(b.summary).toMatchObject({ errors: 1, exitCode: 2, passed: 1 })
  expect(JSON.stringify(b.events)).toContain('/items/0/level must be equal to one of the allowed values')
})

test('the same seed gives the same events', async () => {
  const content = { 'a.feature': 'a: When do, Then breaks\nb @seed:3: Given pass-time' }
  expect(JSON.stringify((await run(content)).events)).toBe(JSON.stringify((await run(content)).events))
})
