import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { commands } from '../src/cli/commands/index.ts'
import { completionFor } from '../src/cli/completion.ts'
import { starter } from '../src/cli/starter.ts'
import { kscenario } from './support/cli.ts'

describe('kscenario init', () => {
  test('makes a project that passes, is clean and is set evenly', () => {
    expect(kscenario(['run', '--no-reports'], starter)).toMatchObject({ code: 0, stdout: expect.stringContaining('3 passed') })
    expect(kscenario(['lint'], starter).text).toBe('\n0 errors, 0 warnings · 1 file\nexit 0\n')
    expect(kscenario(['fmt', '--check'], starter).code).toBe(0)
  })
  test('tells what it made, and keeps what is there', () => {
    const { text } = kscenario(['init', 'shop'], { 'shop/package.json': '{}' }, folder => {
      expect(readFileSync(join(folder, 'shop/package.json'), 'utf8')).toBe('{}')
      expect(readFileSync(join(folder, 'shop/scenarios/catalog.feature'), 'utf8')).toBe(starter['scenarios/catalog.feature'])
    })
    expect(text).toMatchInlineSnapshot(`
      "
      made  shop/scenarios/catalog.feature
      made  shop/scenarios/manifests/catalog.yaml
      made  shop/scenarios/checklist.yaml
      made  shop/.github/workflows/scenarios.yml
      kept  shop/package.json
      made  shop/.gitignore

      Now:
        cd shop
        npm install
        npx kscenario run           # the scenarios, on a modelled cluster
        npx kscenario run --watch   # again, as soon as a file changes
      exit 0
      "
    `)
    expect(kscenario(['init', 'file'], { file: '' }).code).toBe(2)
  })
  test('the workflow is one', () => {
    const { jobs } = parse(starter['.github/workflows/scenarios.yml'])
    expect(jobs.scenarios.steps.flatMap((s: { run?: string }) => s.run ?? [])).toEqual([
      'npm install', 'npx kscenario lint', 'npx kscenario fmt --check', 'npx kscenario run',
    ])
  })
})

describe('kscenario completion', () => {
  /** What bash offers for a line, its last word unfinished. */
  function offered(line: string): string[] {
    const words = line.split(' ')
    const script =
      `${completionFor('bash', commands)}\nCOMP_WORDS=(${words.map(w => `"${w}"`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_kscenario\nprintf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: join(import.meta.dirname, '..') }).trim().split('\n')
  }
  test.each([
    ['kscenario li', ['lint']], ['kscenario lint --fo', ['--format']], ['kscenario lint --format j', ['json']], ['kscenario completion f', ['fish']],
    ['kscenario run scenarios/chapter03/01', ['scenarios/chapter03/01-two-rules.feature']], ['kscenario help ste', ['steps']],
  ])('%s', (line, expected) => { expect(offered(line)).toEqual(expected) })
  test('every command and option is in every shell', () => {
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      const script = completionFor(shell, commands)
      for (const { usage, options } of commands) {
        expect(script).toContain(usage.split(' ')[0])
        for (const [flags] of options) expect(script).toContain(/--([\w-]+)/.exec(flags)![1])
      }
    }
    expect(kscenario(['completion', 'tcsh'])).toMatchObject({ code: 2, stderr: 'error: completion tcsh: there are bash, zsh, fish\n' })
  })
})
