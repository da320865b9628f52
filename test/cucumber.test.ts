import { loadConfiguration, runCucumber } from '@cucumber/cucumber/api'
import type { Envelope } from '@cucumber/messages'
import { Query } from '@cucumber/query'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProject } from './support/suite.ts'

const root = join(import.meta.dirname, '..'), folder = 'reports/cucumber-test'
let ran: Awaited<ReturnType<typeof cucumber>>
// once for all: Cucumber loads support code once in a process
beforeAll(async () => {
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, folder, 'support.mjs'), "import 'kscenario/cucumber'\n")
  writeFileSync(join(root, folder, 'verdicts.feature'), verdicts)
  ran = await cucumber(`${folder}/verdicts.feature`, 'scenarios/chapter03')
})
afterAll(() => { rmSync(join(root, folder), { recursive: true }) })

/** `name: STATUS` of each scenario that Cucumber ran, and the messages of the steps that failed. */
async function cucumber(...paths: string[]): Promise<{
  readonly statuses: Readonly<Record<string, string>>; readonly messages: string; readonly success: boolean
}> {
  const nowhere = new PassThrough().resume() as never, query = new Query(), environment = { cwd: root, stdout: nowhere, stderr: nowhere }
  const { runConfiguration } = await loadConfiguration({ provided: { paths, import: [`${folder}/support.mjs`], format: ['message:/dev/null'] } }, environment)
  const envelopes: Envelope[] = []
  const { success } = await runCucumber(runConfiguration, environment, envelope => { envelopes.push(envelope); query.update(envelope as never) })
  const statuses = Object.fromEntries(query.findAllTestCaseStarted().map(started => {
    const pickle = query.findPickleBy(started)!
    return [`${pickle.uri.startsWith(folder) ? '' : `${pickle.uri}: `}${pickle.name}`, String(query.findMostSevereTestStepResultBy(started)?.status)]
  }))
  return { statuses, messages: envelopes.map(e => e.testStepFinished?.testStepResult.message ?? e.attachment?.body ?? '').filter(Boolean).join('\n'), success }
}

const verdicts = `Feature: every verdict

  Background:
    Given a cluster with 2 nodes

  Scenario: passed
    When I run "kubectl run web --image=web:1"
    Then pod web eventually Running

  Scenario: failed
    When kube-scheduler goes down
    And I run "kubectl run web --image=web:1"
    Then pod web eventually Running within 30s

  Scenario: refused
    When I run "kubectl run Web --image=web:1"
    And 1 second passes

  Scenario: refused and spoken of
    When I run "kubectl run Web --image=web:1"
    Then the last command fails

  Scenario: vacuous
    Then pods labelled app=nothing are always Running

  Scenario: idle fault
    When watch events to kube-scheduler are delayed by 10s

  Scenario: undefined
    When I juggle with pod catalog

  Scenario: inconclusive
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec: { volumes: [{ name: data, nfs: { server: files, path: / } }], containers: [{ name: app, image: web:1 }] }
      """

  @skip:not-today
  Scenario: skipped
    Then pod web is Running

  @expect-failure
  Scenario: failed as expected
    Then pod web is Running
    And pod web has 3 endpoints

  @expect-failure
  Scenario: passed, though a failure was expected
    Then node worker-1 is Ready

  @explore:4
  Scenario: under four schedules
    When I run "kubectl run web --image=web:1"
    Then pod web is eventually scheduled on worker-2

  @explore:2
  Scenario: under two schedules
    When I run "kubectl run web --image=web:1"
    Then pod web is eventually scheduled on worker-2

  Scenario Outline: row <image>
    When I run "kubectl run web --image=<image>"
    Then pod web eventually <status> within 2m

    Examples:
      | image       | status  |
      | web:1       | Running |
      | web:2       | Failed  |
`
const OURS: Readonly<Record<string, string>> = {
  passed: 'PASSED', failed: 'FAILED', vacuous: 'FAILED', undefined: 'UNDEFINED', ambiguous: 'AMBIGUOUS', skipped: 'SKIPPED', inconclusive: 'PENDING',
}

describe('cucumber-js runs the same files', () => {
  test('with the same verdict for every way a scenario can end', async () => {
    const { finished } = await runProject([`${folder}/verdicts.feature`])
    const theirs = Object.fromEntries(Object.entries(ran.statuses).filter(([name]) => !name.startsWith('scenarios/')))
    expect(theirs).toEqual(Object.fromEntries(finished.map(f => [f.scenario.name, OURS[f.status]])))
    expect(new Set(Object.values(theirs))).toEqual(new Set(['PASSED', 'FAILED', 'UNDEFINED', 'SKIPPED', 'PENDING']))
    expect(ran.success).toBe(false)
  })
  test('and tells of a failure as we do', () => {
    expect(ran.messages).toMatch(/▸ Then {2}pod web eventually Running within 30s {2,}did not come to hold/)
    expect(ran.messages).toContain('a fault altered nothing')
  })
  test('the whole of chapter 03 passes', () => {
    const chapter = Object.entries(ran.statuses).filter(([name]) => name.startsWith('scenarios/'))
    expect(chapter.filter(([, status]) => status !== 'PASSED')).toEqual([])
    expect(chapter.length).toBeGreaterThan(80)
  })
})
