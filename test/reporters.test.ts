import { expect, test } from 'vitest'
import { multiplex } from '../src/reporters/multiplexer.ts'
import { reporters } from '../src/reporters/index.ts'
import type { RunnerEvent, ScenarioInfo } from '../src/runner/events.ts'

const given: ScenarioInfo = {
  index: 0, feature: 'Outages', name: 'Running pods survive <a control-plane outage> & "more"', file: 'control-plane.feature', line: 12, seed: 42, tags: ['@chapter03', '@checklist:CP-03'],
  steps: [
    { keyword: 'Given ', text: 'a cluster with 3 nodes', line: 13 }, { keyword: 'When ', text: 'the control plane goes down', line: 14 },
    { keyword: 'Then ', text: 'running pods unaffected while control plane down', line: 15 }, { keyword: 'And ', text: '1 second passes', line: 16 },
  ],
}
const fine: ScenarioInfo = { index: 1, feature: 'Outages', name: 'Fine', file: 'control-plane.feature', line: 20, seed: 42, tags: [], steps: [{ keyword: 'Given ', text: 'a cluster', line: 21 }] }
const step = (index: number, status: 'passed' | 'failed' | 'skipped', atMs: number, untilMs = atMs) => ({ type: 'stepFinished' as const, scenario: 0, step: index, status, atMs, untilMs })
const RUN: readonly RunnerEvent[] = [
  { type: 'runStarted', version: '1.2.3', seed: 42, files: ['control-plane.feature'], scenarios: 2, checklists: [{ file: 'checklist.yaml', title: 'Chapter 3', items: [
    { id: 'CP-03', text: 'Pods survive', level: 'MUST', concepts: [{ name: 'nodes', link: 'https://example.com/nodes' }] }, { id: 'CP-04', text: 'Nobody shows this', level: 'MAY', concepts: [] }] }] },
  { type: 'diagnostics', file: 'broken.feature', diagnostics: [{ severity: 'error', code: 'syntax', file: 'broken.feature', line: 3, column: 1, message: "(3:1): expected: #EOF, got 'x'", text: 'broken.feature:3:1: error' }] },
  { type: 'scenarioFinished', scenario: given, status: 'failed', virtualMs: 301_000, wallMs: 4, traceHash: 'abcd', steps: [step(0, 'passed', 0), step(1, 'passed', 4000), step(2, 'failed', 4000, 97_000), step(3, 'skipped', 97_000)],
    failure: { step: 2, verdict: 'violated at t+97s', message: 'pod catalog: container app restarted (OOMKilled) on worker-2', caret: { start: 13, end: 23 }, expected: '0 restarts', seen: '1', atMs: 97_000,
      why: ['worker-2 ran out of memory', 'the kernel killed app'], timeline: [{ atMs: 4000, text: 'outage begins' }, { atMs: 91_000, text: 'probe failed', count: 3, untilMs: 97_000 }], more: 12, replay: 'kscenario run control-plane.feature:12 --seed 42' } },
  { type: 'scenarioFinished', scenario: fine, status: 'passed', virtualMs: 500, wallMs: 1, steps: [step(0, 'passed', 0)] },
  { type: 'runFinished', wallMs: 120, summary: { seed: 42, scenarios: 2, passed: 1, failed: 1, vacuous: 0, undefined: 0, ambiguous: 0, skipped: 0, inconclusive: 0, errors: 1, warnings: 0, virtualMs: 301_500, exitCode: 1, reason: '1 failed' } },
]

function report(name: string, events = RUN): string {
  let text = ''
  const write = reporters.find(r => r.name === name)!.open({ write: t => { text += t }, colourLevel: 0 }, { verbose: false })
  for (const event of events) write(event)
  return text
}

test('the terminal tells failures at the end, with caret, expected, seen, why, timeline and replay', () => {
  expect('\n' + report('terminal')).toMatchInlineSnapshot(`
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
                        (12 more)
              replay    kscenario run control-plane.feature:12 --seed 42

    1 error, 1 failed, 1 passed · 2 scenarios · 5m2s virtual in 0.12s · seed 42 · exit 1
    "
  `)
})

test('results.json has the shape that programs rely on', () => {
  const { summary, scenarios } = JSON.parse(report('json'))
  expect(summary).toMatchObject({ scenarios: 2, passed: 1, failed: 1, exitCode: 1, diagnostics: [{ file: 'broken.feature', line: 3 }] })
  expect(scenarios[0]).toMatchObject({ file: 'control-plane.feature', line: 12, name: given.name, tags: given.tags, status: 'failed', virtualMs: 301_000, seed: 42 })
  expect(scenarios[0].steps[2]).toEqual({ text: 'running pods unaffected while control plane down', line: 15, status: 'failed', message: 'pod catalog: container app restarted (OOMKilled) on worker-2' })
  expect(scenarios[0].steps[3].status).toBe('skipped')
})

test('junit escapes, counts, and puts what is wrong with a file into a case of its own', () => {
  const xml = report('junit', RUN.map(e => e.type === 'scenarioFinished' && e.failure ? { ...e, failure: { ...e.failure, message: 'a \u0000 < b & "c"\nd' } } : e))
  expect(xml).toContain('<testsuites name="kscenario" tests="3" failures="1" errors="1" skipped="0" time="0.120">')
  expect(xml).toContain('name="Running pods survive &lt;a control-plane outage&gt; &amp; &quot;more&quot;"')
  expect(xml).toContain('<failure message="a \ufffd &lt; b &amp; &quot;c&quot;&#10;d" type="failed">')
  expect(xml.match(/<testcase /g)).toHaveLength(3)
})

test('the checklist says what passed, what failed and what nobody shows', () => {
  const text = report('checklist')
  expect(text).toContain('0 of 2 items passed')
  expect(text).toMatch(/\| CP-03 \| MUST \| Pods survive \| \[nodes\]\(https:\/\/example.com\/nodes\) \| ❌ failed \|/)
  expect(text).toMatch(/\| CP-04 \| MAY \| .* ⬜ not covered \|/)
  expect(JSON.parse(report('checklist-json')).checklists[0].items.map((i: any) => [i.id, i.status])).toEqual([['CP-03', 'failed'], ['CP-04', 'not covered']])
})

test('the same events give the same bytes; only durations may differ', () => {
  const slower = RUN.map(e => 'wallMs' in e ? { ...e, wallMs: e.wallMs * 7 } : e)
  for (const { name } of reporters) expect(report(name, slower).replace(/ time="[\d.]+"| virtual in [\d.]+s/g, '')).toBe(report(name).replace(/ time="[\d.]+"| virtual in [\d.]+s/g, ''))
})

test('a reporter that fails is told of once and stops nobody', () => {
  const seen: string[] = []
  const { emit, failures } = multiplex([{ name: 'bad', write: () => { throw new Error('disk full') } }, { name: 'good', write: e => void seen.push(e.type) }])
  for (const event of RUN) emit(event)
  expect(seen).toHaveLength(RUN.length)
  expect(failures).toEqual([{ reporter: 'bad', message: 'disk full' }])
})
