import { expect, test } from 'vitest'
import { multiplex } from '../src/reporters/multiplexer.ts'
import { reporters } from '../src/reporters/index.ts'
import type { RunnerEvent } from '../src/runner/events.ts'
import { RUN, given, report } from './support/run-events.ts'

test('the terminal tells failures at the end, with caret, expected, seen, why, timeline and replay', async () => {
  expect('\n' + await report('terminal')).toMatchInlineSnapshot(`
    "
    Outages  control-plane.feature
      ✗ CP-03 MUST  Running pods survive <a control-plane outage> & "more"  5m1s
      ✓ Fine  0.5s

    broken.feature:3:1: error

    ✗ CP-03 MUST  Running pods survive <a control-plane outage> & "more"   control-plane.feature:12  seed 42
        Given a cluster with 3 nodes                             t+0s
        When  the control plane goes down                        t+4s
      ▸ Then  running pods unaffected while control plane down   violated at t+97s
                           ^^^^^^^^^^ pod catalog: container app restarted (OOMKilled) on worker-2
              expected  0 restarts      seen      1
              why       worker-2 ran out of memory → the kernel killed app
              timeline  t+4s      outage begins
                        t+91s     probe failed (3 times, until t+97s)
                        (12 more: kscenario why control-plane.feature:12 --seed 42)
              replay    kscenario run control-plane.feature:12 --seed 42

    1 error, 1 failed, 1 passed · 2 scenarios · 5m2s virtual in 0.12s · seed 42 · exit 1
    "
  `)
})

test('results.json has the shape that programs rely on', async () => {
  const { summary, scenarios } = JSON.parse(await report('json'))
  expect(summary).toMatchObject({ scenarios: 2, passed: 1, failed: 1, exitCode: 1, diagnostics: [{ file: 'broken.feature', line: 3 }] })
  expect(scenarios[0]).toMatchObject({
    file: 'control-plane.feature', line: 12, name: given.name, tags: given.tags, status: 'failed', virtualMs: 301_000, seed: 42,
  })
  expect(scenarios[0].steps[2]).toEqual({
    text: 'running pods unaffected while control plane down', line: 15, status: 'failed',
    message: 'pod catalog: container app restarted (OOMKilled) on worker-2',
  })
  expect(scenarios[0].steps[3].status).toBe('skipped')
})

test('--quiet leaves what did not pass and the last line; failures come in the order of the files', async () => {
  const failed = RUN.find(e => e.type === 'scenarioFinished' && e.status === 'failed')!
  const first = { ...failed, scenario: { ...given, index: -1, name: 'Earlier in the file', line: 3 } } as RunnerEvent
  const lines = (await report('terminal', [...RUN.slice(0, -1), first, RUN.at(-1)!], { verbose: false, quiet: true })).split('\n')
  expect(lines.filter(l => /^ {0,2}[✗✓]/.test(l)).map(l => l.replace(/ {3}.*/, ''))).toEqual([
    '✗ CP-03 MUST  Earlier in the file', `✗ CP-03 MUST  ${given.name}`,
  ])
  expect(lines.at(-2)).toMatch(/^1 error, 1 failed, 1 passed · 2 scenarios/)
})

test('junit escapes, counts, and puts what is wrong with a file into a case of its own', async () => {
  const xml = await report(
    'junit', RUN.map(e => e.type === 'scenarioFinished' && e.failure ? { ...e, failure: { ...e.failure, message: 'a \u0000 < b & "c"\nd' } } : e)
  )
  expect(xml).toContain('<testsuites name="kscenario" tests="3" failures="1" errors="1" time="0.120">')
  expect(xml).toContain('name="Running pods survive &lt;a control-plane outage&gt; &amp; &quot;more&quot;"')
  expect(xml).toContain('<failure message="a \ufffd &lt; b &amp; &quot;c&quot;&#10;d" type="failed">')
  expect(xml.match(/<testcase /g)).toHaveLength(3)
})

test('the checklist says what passed, what failed and what nobody shows', async () => {
  const text = await report('checklist')
  expect(text).toContain('0 of 2 items passed')
  expect(text).toMatch(
    /\| CP-03 \| MUST \| Pods survive \| \[nodes\]\(https:\/\/example.com\/nodes\) \| ❌ failed: pod catalog: container app restarted \(OOMKilled\) on worker-2 \|/
  )
  expect(text).toContain('0 of 4 points')
  expect(text).toContain('<details><summary>Hint 1 of 1</summary>\n\nLook at the nodes.')
  expect(text).toMatch(/\| CP-04 \| MAY \| .* ⬜ not covered \|/)
  expect(JSON.parse(await report('checklist-json')).checklists[0].items.map((i: any) => [i.id, i.status])).toEqual([
    ['CP-03', 'failed'], ['CP-04', 'not covered'],
  ])
})

test('the same events give the same bytes; only durations may differ', async () => {
  const slower = RUN.map(e => 'wallMs' in e ? { ...e, wallMs: e.wallMs * 7 } : e)
  const plain = (text: string): string => text.replace(/ time="[\d.]+"| virtual in [\d.]+s/g, '')
  for (const { name } of reporters) expect(plain(await report(name, slower)), name).toBe(plain(await report(name)))
})

test('a reporter that fails is told of once and stops nobody', async () => {
  const seen: string[] = []
  const { emit, failures } = multiplex([{ name: 'bad', write: () => { throw new Error('disk full') } }, { name: 'good', write: e => void seen.push(e.type) }])
  for (const event of RUN) emit(event)
  expect(seen).toHaveLength(RUN.length)
  expect(failures).toEqual([{ reporter: 'bad', message: 'disk full' }])
})
