import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kscenario } from './support/cli.ts'

const feature = (...scenarios: readonly string[]): string => `Feature: Test\n\n${scenarios.join('\n\n')}\n`
const scenario = (name: string, ...steps: readonly string[]): string => [`  Scenario: ${name}`, ...steps.map(s => `    ${s}`)].join('\n')
const GOOD = scenario(
  'A deployment comes up', 'Given a cluster with 2 nodes', 'When I run "kubectl create deployment web --image=registry.example/web:1 --replicas=2"',
  'Then deployment web eventually has 2 ready replicas'
)

describe('what can be asked of the command', () => {
  test('help, version, and no argument at all', () => {
    expect(kscenario(['--version'])).toMatchObject({
      stdout: JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version + '\n', code: 0,
    })
    for (const args of [
      ['--help'], ['run', '--help'], ['steps', '--help'], ['parse', '--help'], ['lint', '--help'], ['fmt', '--help'], ['init', '--help'],
      ['completion', '--help'], ['help', 'run'],
    ]) {
      expect(kscenario(args)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: kscenario/) })
    }
    expect(kscenario([])).toMatchObject({ code: 2, stdout: expect.stringMatching(/^Usage: kscenario/) })
  })
  test('a misspelt command or option gets a suggestion and exit code 2', () => {
    expect(kscenario(['rum']).text).toMatchInlineSnapshot(`
      "
      stderr: error: unknown command 'rum'
      (Did you mean run?)
      exit 2
      "
    `)
    expect(kscenario(['run', '--seeed', '3']).text).toMatchInlineSnapshot(`
      "
      stderr: error: unknown option '--seeed'
      (Did you mean --seed?)
      exit 2
      "
    `)
  })
  test.each([
    [['run', '--seed', 'x']], [['run', '--tags', '@a and (']], [['run', '--name', '(']], [['run', '--format', 'pdf']],
    [['run', '--format', 'json', '--format', 'junit']],
    [['run', '--deadline', 'soon']], [['run', '--manifests', 'nowhere']], [['steps', '--format', 'pdf']], [['parse', 'nowhere.feature']],
  ])('%j is a mistake of the user, told in a line without a stack', args => {
    const { code, stderr, stdout } = kscenario(args)
    expect([code, stdout, stderr.trim().split('\n').length, / at /.test(stderr)]).toEqual([2, '', 1, false])
  })
})

describe('kscenario run', () => {
  test('a run that passes writes its reports', () => {
    const { code } = kscenario(['run'], { 'a.feature': feature(GOOD) }, folder => {
      const results = JSON.parse(readFileSync(join(folder, 'reports/results.json'), 'utf8'))
      expect(results.summary).toMatchObject({ passed: 1, scenarios: 1, exitCode: 0 })
      expect(results.scenarios[0]).toMatchObject({ file: 'a.feature', line: 3, name: 'A deployment comes up', status: 'passed', seed: 1 })
      for (const file of ['junit.xml', 'checklist.md', 'checklist.json']) expect(readFileSync(join(folder, 'reports', file), 'utf8')).not.toBe('')
    })
    expect(code).toBe(0)
  })
  test('an undefined step stops its scenario only', () => {
    expect(
      kscenario(['run'], {
        'a.feature': feature(scenario('Undefined', 'Given a cluster', 'When I juggle with pod catalog', 'Then pod catalog eventually Running'), GOOD),
      }).text
    ).toMatchInlineSnapshot(`
      "
      Test  a.feature
        ? Undefined  undefined
        ✓ A deployment comes up  0.688s

      ? Undefined   undefined  a.feature:3  seed 1
          error[step-undefined]: \`juggle\` does not fit here: no step or assertion reads like this
            at a.feature:5:12
            5 |     When I juggle with pod catalog
              |            ^^^^^^
            expected \`use\`, \`run\`, \`apply\`, \`create\`, \`replace\`, \`delete\`, …
            help \`kscenario steps\` lists everything that can be said
                replay    kscenario run a.feature:3 --seed 1

      1 undefined, 1 passed · 2 scenarios · 0.688s virtual in Ns · seed 1 · exit 2 (1 undefined)
      exit 2
      "
    `)
  })
  test('a misspelt step gets a suggestion', () => {
    const { text, code } = kscenario(['run'], { 'a.feature': feature(scenario('Misspelt', 'Given a cluster', 'Then pod catalog eventualy Running')) })
    expect(code).toBe(2)
    expect(text).toMatch(/a\.feature:5:\d+/)
    expect(text).toContain('eventually')
  })
  test('a syntax error in one file leaves the other its result', () => {
    const { text, code } = kscenario(['run'], {
      'a.feature': 'Feature: Broken\n  Scenario: s\n    Given a cluster\n    what is this\n', 'b.feature': feature(GOOD),
    })
    expect(text).toContain(
      "(4:5): expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #TagLine, #ExamplesLine, #ScenarioLine, #RuleLine, #Comment, #Empty, got 'what is this'"
    )
    expect(text).toContain('✓ A deployment comes up')
    expect(code).toBe(2)
  })
  test('nothing selected is no pass', () => {
    expect(kscenario(['run', '--tags', '@nowhere'], { 'a.feature': feature(GOOD) }).text).toMatchInlineSnapshot(`
      "

      0 passed · 0 scenarios · 0s virtual in Ns · seed 1 · exit 2 (no scenario selected)
      exit 2
      "
    `)
    expect(kscenario(['run', 'nowhere.feature']).code).toBe(2)
  })
  test('FILE:LINE, --name and --tags select', () => {
    const files = { 'a.feature': feature(GOOD, '  @slow\n' + scenario('Second', 'Given a cluster', 'Then node worker-1 is Ready')) }
    for (const args of [['a.feature:11'], ['--name', '^Sec'], ['--tags', '@slow and not @other']]) {
      expect(kscenario(['run', ...args], files).stdout).toMatch(/✓ Second[^]*1 passed · 1 scenario /)
    }
  })
  test('FILE:LINE of an outline selects a row, the rows of a table, or all', () => {
    const rows = 'Feature: f\n  Scenario Outline: o <n>\n    Given a cluster with <n> nodes\n    @small\n    Examples: small\n      | n |\n      | 1 |\n      | 2 |\n\n    Examples:\n      | n |\n      | 3 |\n'
    const ran = (line: number) => [...kscenario(['run', `a.feature:${line}`, '--no-reports'], { 'a.feature': rows }).stdout.matchAll(/✓ o (\d)/g)].map(m => m[1]).join('')
    expect([2, 3, 4, 5, 6, 7, 8, 10, 11, 12].map(line => `${line}: ${ran(line)}`)).toEqual(
      ['2: 123', '3: 123', '4: 12', '5: 12', '6: 12', '7: 1', '8: 2', '10: 3', '11: 3', '12: 3']
    )
  })
  test('a window that never opens is vacuous, exit 1', () => {
    const { text, code } = kscenario(['run'], {
      'a.feature': feature(scenario(
        'Vacuous', 'Given a cluster', 'And deployment web with 1 replica of image "registry.example/web:1"', 'Given deployment web has 1 ready replica',
        'Then running pods unaffected while control plane down'
      )),
    })
    expect(text).toContain('vacuous')
    expect(code).toBe(1)
  })
  test('what is not modelled is inconclusive, exit 3', () => {
    const { text, code } = kscenario(['run'], {
      'a.feature': feature(scenario(
        'Beyond the model', 'Given a cluster', 'When I run "kubectl apply -f https://example.com/web.yaml"',
      )),
    })
    expect(text).toContain('not modelled')
    expect(code).toBe(3)
  })
  test('a failure tells what was expected and seen, and how to run it again', () => {
    const { text, code } = kscenario(['run', '--seed', '7'], {
      'a.feature': feature(scenario(
        'Fails', 'Given a cluster', 'When kube-scheduler goes down', 'And I run "kubectl run catalog --image=registry.example/catalog:1"',
        'Then pod catalog eventually Running'
      )),
    })
    expect(code).toBe(1)
    expect(text).toMatch(/▸ Then  pod catalog eventually Running/)
    expect(text).toMatch(/expected .*Running[^]*seen .*Pending/)
    expect(text).toContain('replay    kscenario run a.feature:3 --seed 7')
  })
  test('the same seed gives the same bytes, wall-clock figures apart', () => {
    const files = { 'a.feature': feature(GOOD, scenario('Fails', 'Given a cluster', 'Then pod catalog eventually Running')) }
    const all = (): string[] => {
      const texts: string[] = []
      texts.push(
        kscenario(['run', '--seed', '5'], files, folder => {
          for (const f of ['results.json', 'junit.xml', 'checklist.md', 'checklist.json']) {
            texts.push(readFileSync(join(folder, 'reports', f), 'utf8').replace(/ time="[\d.]+"/g, ''))
          }
        }).text
      )
      return texts
    }
    expect(all()).toEqual(all())
  })
})

describe('kscenario steps', () => {
  test('docs/steps.md is what the steps say of themselves (kscenario steps --format markdown > docs/steps.md)', () => {
    expect(kscenario(['steps', '--format', 'markdown']).stdout).toBe(readFileSync(join(import.meta.dirname, '../docs/steps.md'), 'utf8'))
  })
  test('words narrow it down', () => {
    const { stdout, code } = kscenario(['steps', 'drain'])
    expect(code).toBe(0)
    expect(stdout).toContain('drain')
    expect(kscenario(['steps', 'zeppelin']).code).toBe(2)
  })
})
