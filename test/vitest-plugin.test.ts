import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { moduleOf } from '../src/vitest/module.ts'

const root = join(import.meta.dirname, '..'), folder = join(root, 'reports/vitest-test'), vitest = join(root, 'node_modules/vitest/vitest.mjs')

const feature = `Feature: F

  Background:
    Given a cluster with 2 nodes

  Scenario: passes
    When I run "kubectl run web --image=web:1"
    Then pod web eventually Running

  Rule: R

    Scenario Outline: <what> fails
      When kube-scheduler goes down
      And I run "kubectl run web --image=web:1"
      Then pod web eventually <what> within 30s

      Examples:
        | what    |
        | Running |
        | Failed  |

  Scenario: passes no more
    When I juggle

  @skip:later
  Scenario: skipped
    When I run "kubectl run web --image=web:1"
`
interface Result {
  readonly fullName: string
  readonly status: string
  readonly failureMessages: readonly string[]
  readonly location?: { readonly line: number }
}
function run(...args: string[]): { readonly tests: readonly Result[]; readonly suites: readonly { readonly name: string; readonly message: string }[] } {
  const { stdout } = spawnSync(process.execPath, [vitest, 'run', '--reporter=json', '--includeTaskLocation', ...args], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined },
  })
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { testResults: { name: string; message: string; assertionResults: Result[] }[] }
  return { tests: testResults.flatMap(r => r.assertionResults), suites: testResults }
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'vitest.config.js'), "import { kscenario } from 'kscenario/vitest'\nexport default { plugins: [kscenario()] }\n")
  writeFileSync(join(folder, 'a.feature'), feature)
  writeFileSync(join(folder, 'broken.feature'), 'Feature: x\n  Scenario: s\n    Given a\n    Whn b\n')
})
afterAll(() => { rmSync(folder, { recursive: true }) })

describe('feature files as test files of vitest', () => {
  test('each scenario is a test, and a failure stands where its step is written', () => {
    const { tests, suites } = run()
    expect(tests.map(t => `${t.location?.line} ${t.fullName}: ${t.status}`)).toEqual([
      '6 F passes: passed', '19 F R Running fails: failed', '20 F R Failed fails: failed', '22 F R passes no more: failed', '26 F R skipped: skipped',
    ])
    const [story] = tests[1].failureMessages
    expect(story).toMatch(/▸ Then {2}pod web eventually Running within 30s {2,}did not come to hold/)
    expect(story.trim().split('\n').at(-1)).toMatch(/at .*a\.feature:15:12$/)
    expect(tests[3].failureMessages[0]).toContain('`juggle` does not fit here')
    expect(suites.find(s => s.name.endsWith('broken.feature'))?.message).toContain('`Whn b` begins with no keyword of Gherkin')
  })
  test('are filtered by name', () => {
    expect(run('-t', 'F R Failed', 'a.feature').tests.filter(t => t.status !== 'skipped').map(t => t.fullName)).toEqual(['F R Failed fails'])
  })
  test('the example passes', () => {
    const out = execFileSync(process.execPath, [vitest, 'run'], {
      cwd: join(root, 'examples/vitest'), encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' },
    })
    expect(out).toMatch(/Tests {2}4 passed/)
  })
})

describe('a test module', () => {
  const made = moduleOf('/a.feature', feature, '/runtime.js', tags => !tags.includes('@skip:later')) as { readonly code: string; readonly map: string }
  test('has a test for each pickle whose tags are asked for', () => {
    expect(made.code.split('\n').map(l => l.replace(/, \{.*$/, ''))).toEqual([
      'import { describe, test } from "vitest"; import { run } from "/runtime.js";', 'describe("F", () => {', 'test("passes"', 'describe("R", () => {',
      'test("Running fails"', 'test("Failed fails"', 'test("passes no more"', '})', '})', '',
    ])
  })
  test('and a source map with a segment for each of its lines', () => {
    const map = JSON.parse(made.map) as { readonly mappings: string; readonly sourcesContent: readonly string[] }
    expect([map.mappings.split(';').length, map.sourcesContent[0]]).toEqual([9, readFileSync(join(folder, 'a.feature'), 'utf8')])
    expect(map.mappings).toMatch(/^AAAA;AAAA;AAKE;/) // five lines on, two columns on
  })
})
