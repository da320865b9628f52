import type { RunnerEvent, ScenarioInfo } from '../../src/runner/events.ts'
import { reporters } from '../../src/reporters/index.ts'
import type { ReporterSettings } from '../../src/reporters/reporter.ts'

export const given: ScenarioInfo = {
  index: 0, feature: 'Outages', name: 'Running pods survive <a control-plane outage> & "more"', file: 'control-plane.feature', line: 12, seed: 42,
  tags: ['@chapter03', '@checklist:CP-03'],
  steps: [
    { keyword: 'Given ', text: 'a cluster with 3 nodes', line: 13 }, { keyword: 'When ', text: 'the control plane goes down', line: 14 },
    { keyword: 'Then ', text: 'running pods unaffected while control plane down', line: 15 }, { keyword: 'And ', text: '1 second passes', line: 16 },
  ],
}
const fine: ScenarioInfo = {
  index: 1, feature: 'Outages', name: 'Fine', file: 'control-plane.feature', line: 20, seed: 42, tags: [],
  steps: [{ keyword: 'Given ', text: 'a cluster', line: 21 }],
}
const step = (index: number, status: 'passed' | 'failed' | 'skipped', atMs: number, untilMs = atMs) =>
  ({ type: 'stepFinished' as const, scenario: 0, step: index, status, atMs, untilMs })
export const RUN: readonly RunnerEvent[] = [
  {
    type: 'runStarted', version: '1.2.3', seed: 42, files: ['control-plane.feature'], scenarios: 2,
    checklists: [{ file: 'checklist.yaml', title: 'Chapter 3', items: [
    {
      id: 'CP-03', text: 'Pods survive', level: 'MUST', concepts: [{ name: 'nodes', link: 'https://example.com/nodes' }], points: 3,
      hints: ['Look at the nodes.'], links: [],
    },
    { id: 'CP-04', text: 'Nobody shows this', level: 'MAY', concepts: [], points: 1, hints: [], links: [] }] }],
  },
  {
    type: 'diagnostics', file: 'broken.feature',
    diagnostics: [{
      severity: 'error', code: 'syntax', file: 'broken.feature', line: 3, column: 1, message: "(3:1): expected: #EOF, got 'x'",
      text: 'broken.feature:3:1: error',
    }],
  },
  {
    type: 'scenarioFinished', scenario: given, status: 'failed', virtualMs: 301_000, wallMs: 4, traceHash: 'abcd',
    steps: [step(0, 'passed', 0), step(1, 'passed', 4000), step(2, 'failed', 4000, 97_000), step(3, 'skipped', 97_000)],
    failure: {
      step: 2, verdict: 'violated at t+97s', message: 'pod catalog: container app restarted (OOMKilled) on worker-2', caret: { start: 13, end: 23 },
      expected: '0 restarts', seen: '1', atMs: 97_000,
      why: ['worker-2 ran out of memory', 'the kernel killed app'],
      timeline: [{ atMs: 4000, text: 'outage begins' }, { atMs: 91_000, text: 'probe failed', count: 3, untilMs: 97_000 }], more: 12,
      replay: 'kscenario run control-plane.feature:12 --seed 42',
    },
  },
  { type: 'scenarioFinished', scenario: fine, status: 'passed', virtualMs: 500, wallMs: 1, steps: [step(0, 'passed', 0)] },
  {
    type: 'runFinished', wallMs: 120,
    summary: {
      seed: 42, scenarios: 2, passed: 1, failed: 1, vacuous: 0, undefined: 0, ambiguous: 0, skipped: 0, inconclusive: 0, errors: 1, warnings: 0,
      virtualMs: 301_500, exitCode: 1, reason: '1 failed',
    },
  },
]

/** What a reporter writes of these events. */
export async function report(
  name: string, events: readonly RunnerEvent[] = RUN, settings: ReporterSettings = { verbose: false }, summary?: (text: string) => void
): Promise<string> {
  let text = ''
  const write = await reporters.find(r => r.name === name)!.open({ write: t => { text += t }, colourLevel: 0, summary }, settings)
  for (const event of events) write(event)
  return text
}
