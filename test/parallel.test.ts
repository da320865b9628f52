import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { merged, mismatch, readLog } from '../src/runner/event-log.ts'
import type { RunnerEvent } from '../src/runner/events.ts'
import { batchesOf, InOrder } from '../src/runner/jobs.ts'
import { kscenario } from './support/cli.ts'
import { runProject } from './support/suite.ts'

const scenario = (name: string, image: string, wanted: string): string =>
  `  @checklist:A\n  Scenario: ${name}\n    When I run "kubectl run ${name} --image=${image}"\n    Then pod ${name} eventually ${wanted} within 20s\n\n`
/** Nine scenarios in three files, which pass, fail, are undefined; and a file that is not Gherkin. */
const files: Readonly<Record<string, string>> = {
  ...Object.fromEntries([
    'a', 'b', 'c',
  ].map(f => [
    `scenarios/${f}.feature`,
    `Feature: ${f}\n\n${scenario(`${f}1`, 'web:1', 'Running')}${scenario(`${f}2`, 'web:1', f === 'b' ? 'Failed' : 'Running')}${scenario(`${f}3`, 'web:1', f === 'c' ? 'Runnnning' : 'Ready')}`,
  ])),
  'scenarios/broken.feature': 'Feature: broken\n  Scenario: s\n    Given a table:\n      | open\n',
  'scenarios/checklist.yaml': 'title: T\nitems: [{ id: A, text: it works }]\n',
}
const formats = [
  'json:r/results.json', 'html:r/report.html', 'messages:r/messages.ndjson', 'checklist:r/c.md', 'checklist:r/c.json', 'tap:r/r.tap', 'junit:r/junit.xml',
].flatMap(f =>
  ['--format', f])
/** JUnit's times are of the wall clock. */
const plain = (name: string, text: string): string => name === 'junit.xml' ? text.replace(/ time="[\d.]+"/g, '') : text
const readAll = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(join(folder, 'r')).sort().map(name => [name, plain(name, readFileSync(join(folder, 'r', name), 'utf8'))]))

function reportsOf(...args: string[]): { readonly files: Readonly<Record<string, string>>; readonly stdout: string; readonly code: number | null } {
  let read = {}
  const { stdout, code } = kscenario(['run', 'scenarios', '--no-reports', ...args, ...formats], files, folder => { read = readAll(folder) })
  return { files: read, stdout: stdout.replace(/\d+ms|[\d.]+s virtual.*/g, ''), code }
}

describe('workers', () => {
  const one = reportsOf('--parallel', '1')
  test('one process reports what is to be reported', () => {
    expect(Object.keys(one.files)).toEqual(['c.json', 'c.md', 'junit.xml', 'messages.ndjson', 'r.tap', 'report.html', 'results.json'])
    expect(one.code).toBe(1)
  })
  test.each(['2', '4'])('%s of them give the same bytes in every report', n => { expect(reportsOf('--parallel', n)).toEqual(one) })
  test('a run that ends at its first failure ends at the same one', () => {
    expect(reportsOf('--fail-fast', '--parallel', '3')).toEqual(reportsOf('--fail-fast', '--parallel', '1'))
  })
  test('shards, merged, give the same bytes too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kscenario-shards-')), logs: Record<string, string> = {}
    try {
      for (const i of [3, 1, 2]) {
        kscenario(['run', 'scenarios', '--quiet', '--no-reports', '--shard', `${i}/3`], files, at => {
          logs[`shards/shard-${i}-of-3.ndjson`] = readFileSync(join(at, `reports/shard-${i}-of-3.ndjson`), 'utf8')
        })
      }
      let read = {}
      const { code } = kscenario(['merge', 'shards', '--no-reports', ...formats], logs, at => { read = readAll(at) })
      expect({ files: read, code }).toEqual({ files: one.files, code: one.code })
    } finally { rmSync(folder, { recursive: true }) }
  })
})

describe('shards', () => {
  const log = (index: number, of: number, seed = 1): string => [
    { type: 'runStarted', version: '1', seed, files: ['a'], scenarios: 0, checklists: [], shard: { index, of } },
    { type: 'runFinished', summary: {}, wallMs: 1 },
  ].map(e =>
    JSON.stringify(e)).join('\n')
  const wrong = (...texts: string[]): string | undefined =>
    mismatch(texts.map((t, i) => readLog(`s${i + 1}`, t)).map(l => { if (typeof l === 'string') throw new Error(l); return l }))
  test('of different runs are not mixed, and none may be missing', () => {
    expect([wrong(log(1, 2), log(2, 2)), wrong(log(1, 3), log(3, 3)), wrong(log(1, 2), log(2, 2, 7)), wrong(log(1, 2), log(1, 2))])
      .toEqual([undefined, 'of 3 shards 2 is missing', 's1 and s2 are not of one run: seed 1 and 7', 's1 and s2 are both shard 1'])
  })
  test('that did not end, or are something else, are told of', () => {
    expect([readLog('x', log(1, 2).split('\n')[0]), readLog('x', '{"a":1}'), readLog('x', 'no')]).toEqual([
      'x: the run did not come to its end', 'x: not what a run with --shard writes', 'x:1: not a line of a run\'s events',
    ])
  })
  test('without any scenario are no failure of the whole', () => {
    const events = merged([log(1, 2), log(2, 2)].map(t => readLog('x', t) as Exclude<ReturnType<typeof readLog>, string>))
    expect(events.map(e => e.type)).toEqual(['runStarted', 'runFinished'])
  })
  test('are named as which of how many', () => {
    expect(kscenario(['run', '--shard', '5/4'], files).stderr).toBe('error: --shard 5/4: which of how many, as in 1/4 … 4/4\n')
  })
})

describe('work is dealt', () => {
  const jobs = (n: number) => Array.from({ length: n }, (_, index) => ({ index, file: 'a', pickle: index }))
  test.each([[1, 4], [10, 2], [10_000, 4]])('%i scenarios to %i workers: each once, in batches that get smaller', (n, workers) => {
    const batches = batchesOf(jobs(n), workers)
    expect(batches.flat().map(j => j.index)).toEqual(jobs(n).map(j => j.index))
    expect(batches.every((b, i) => i === 0 || b.length <= batches[i - 1].length)).toBe(true)
    expect(batches.length).toBeGreaterThanOrEqual(Math.min(n, workers))
  })
  test('and told in the order of the plan, whatever order it comes in', () => {
    const told: string[] = [], order = new InOrder([1, 4, 7], events => { told.push(...events.map(e => e.type)) })
    const event = (type: string): readonly RunnerEvent[] => [{ type } as unknown as RunnerEvent]
    order.add(7, event('c')); order.add(4, event('b'))
    expect(told).toEqual([])
    order.add(1, event('a'))
    expect(told).toEqual(['a', 'b', 'c'])
  })
})

test('whatever goes wrong on this thread, the others are ended', async () => {
  let stopped = 0
  const workers = { whenWorthIt: false, start: async () => ({ deal: () => ({ claim: () => undefined, ended: new Promise<void>(() => {}) }), stop: () => { stopped++ } }) }
  const interrupted = async (): Promise<boolean> => { throw new Error('a mistake of ours') }
  await expect(runProject(['scenarios/chapter03/01-two-rules.feature'], {}, { workers, interrupted })).rejects.toThrow('a mistake of ours')
  expect(stopped).toBeGreaterThan(0)
})
