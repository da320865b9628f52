import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kscenario } from './support/cli.ts'

const files = {
  'a.feature':
    'Feature: Two\n\n  @checklist:ONE\n  Scenario: good\n    Given a cluster\n    Then namespace default is present\n\n  @checklist:TWO\n  Scenario: bad\n    Given a cluster\n    Then namespace default is absent\n',
  'checklist.yaml':
    'title: Mine\nitems:\n  - { id: ONE, text: First, points: 5, links: ["https://kubernetes.io/docs/"] }\n  - { id: TWO, text: Second, hints: [Look., Look closer.] }\n  - { id: SIX, text: Sixth }\n  - { id: TEN, text: Tenth, level: MAY }\n',
}

describe('kscenario run', () => {
  test('--quiet tells only what did not pass', () => {
    const { stdout, code } = kscenario(['run', '--quiet', '--no-reports'], files)
    expect(stdout).toMatch(/^\n✗ TWO MUST {2}bad {3}a.feature:9 {2}seed 1\n/)
    expect(stdout).not.toContain('✓')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^1 failed, 1 passed · 2 scenarios/)
    expect(code).toBe(1)
    expect(kscenario(['run', '--quiet', '--verbose'], files)).toMatchObject({ code: 2, stdout: '' })
  })
  test('colours follow NO_COLOR, FORCE_COLOR and --no-color', () => {
    const colourful = (env: Record<string, string | undefined>, ...args: string[]): boolean =>
      kscenario(['run', '--no-reports', ...args], files, undefined, { NO_COLOR: undefined, ...env }).stdout.includes('\u001b[')
    expect([
      colourful({}), colourful({ FORCE_COLOR: '1' }), colourful({ FORCE_COLOR: '0' }), colourful({ FORCE_COLOR: '1', NO_COLOR: '1' }),
      colourful({ NO_COLOR: '1', GITLAB_CI: 'true' }), colourful({ GITLAB_CI: 'true' }), colourful({ FORCE_COLOR: '1' }, '--no-color'),
    ]).toEqual([false, true, false, true, false, true, false])
  })
  test('on GitHub annotations stand in the log, and the job gets a summary', () => {
    const { stdout } = kscenario(
      ['run', '--no-reports'], { ...files, 'summary.md': 'before\n' },
      folder => { expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toMatch(/^before\n### ❌ kscenario: 2 scenarios, 1 passed, 1 failed\n/) },
      { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md', FORCE_COLOR: '0' }
    )
    expect(stdout).toContain('::error file=a.feature,line=11,title=failed%3A bad::')
    expect(stdout).toContain('✓ ONE MUST  good')
  })
  test('writes each format into a file of its own', () => {
    kscenario(['run', '-f', 'html:out/report.html', '-f', 'messages:out/run.ndjson', '-f', 'tap:out/run.tap'], files, folder => {
      const read = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8')
      expect(read('report.html')).toMatch(/^<!doctype html>/)
      expect(JSON.parse(read('run.ndjson').trimEnd().split('\n').at(-1)!)).toMatchObject({ testRunFinished: { success: false } })
      expect(read('run.tap')).toContain('\n1..2\n')
    })
  })
})

describe('kscenario checklist', () => {
  test('says which scenario speaks of which item', () => {
    expect(kscenario(['checklist', '--hints', '1'], files).text).toMatchInlineSnapshot(`
      "
      Mine  checklist.yaml
      2 of 4 items covered

      ✓ ONE   MUST    First  (5 points)
                      good  a.feature:4
      ✓ TWO   MUST    Second
                      bad  a.feature:9
                      hint 1: Look.
      · SIX   MUST    Sixth
                      no scenario has the tag @checklist:SIX
      · TEN   MAY     Tenth
                      no scenario has the tag @checklist:TEN
      exit 0
      "
    `)
  })
  test('--coverage fails where a MUST is not covered', () => {
    expect(kscenario(['checklist', '--coverage'], files).code).toBe(1)
    expect(
      kscenario(['checklist', '--coverage'], {
        ...files, 'checklist.yaml': 'items:\n  - { id: ONE, text: First }\n  - { id: SIX, text: Sixth, level: SHOULD }\n',
      }).code
    ).toBe(0)
    expect(JSON.parse(kscenario(['checklist', '--format', 'json'], files).stdout)[0].items[0]).toMatchObject({
      id: 'ONE', points: 5, scenarios: [{ file: 'a.feature', line: 4, name: 'good' }],
    })
    expect(kscenario(['checklist'], { 'a.feature': files['a.feature'] })).toMatchObject({ code: 2, stdout: '' })
  })
  test('a checklist with unknown words is refused', () => {
    expect(kscenario(['checklist'], { ...files, 'checklist.yaml': 'items:\n  - { id: ONE, text: First, point: 5 }\n' }).stderr).toContain("'point'")
  })
})
