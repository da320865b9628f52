import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { memoryHost, say } from './support/memory-host.ts'
import { commandLine } from '../src/cli/main.ts'

/** Thousands of mistakes are told so that somebody can read it; the reports have them all. */
const broken = (n: number): Record<string, string> => Object.fromEntries(
  Array.from({ length: n }, (_, i) => [`f${String(i).padStart(4, '0')}.feature`, `Feature: f\n  Scenario: a\n    Given a cluster\n   what is this${i < 300 ? i % 10 : ''}\n`]))
const good = { 'good.feature': 'Feature: g\n  Scenario: is told of all the same\n    Given a cluster\n    Then node worker-1 is Ready\n' }
const linesOf = (text: string): string[] => text.split('\n')

it('of files that cannot be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kscenario-many-')), [xml, json] = [join(folder, 'out.xml'), join(folder, 'out.json')]
  const args = ['run', '--parallel', '1', '--no-reports', '--format', 'terminal', '--format', `junit:${xml}`, '--format', `json:${json}`]
  const host = memoryHost({ ...broken(400), ...good }, args)
  expect(await commandLine(host)).toBe(2)
  const told = host.told(), shown = (pattern: RegExp): number => [...told.matchAll(pattern)].length
  expect(told).toContain('✓ is told of all the same')
  expect(linesOf(told).length).toBeLessThan(400)
  expect([shown(/^ {2}at f\d+\.feature:4:4$/gm), shown(/^f\d+\.feature:4:4 {2}error\[gherkin-syntax\]: /gm)]).toEqual([5, 200])
  expect(told).toContain('… and 195 more (195 gherkin-syntax)')
  expect(told).toMatch(/400 errors, 1 passed/)
  expect([...readFileSync(xml, 'utf8').matchAll(/<error /g)]).toHaveLength(400)
  expect(JSON.parse(readFileSync(json, 'utf8')).summary.diagnostics).toHaveLength(400)
  rmSync(folder, { recursive: true })
})
it('of one mistake in many files', async () => {
  const told = await say(['run', '--no-reports', '--parallel', '1', '-q'], Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`g${i}.feature`, 'Feature: f\n  Scenario: a\n    Given a cluster\n    Whn pod web is Ready\n'])))
  expect([...told.matchAll(/help write `When`/g)]).toHaveLength(1)
  expect([...told.matchAll(/^g\d+\.feature:4:5 {2}error\[gherkin-syntax\]: `Whn pod web is Ready` begins/gm)]).toHaveLength(11)
})
it('of scenarios that cannot run', async () => {
  const text = `Feature: u\n${Array.from({ length: 300 }, (_, i) => `  Scenario: s${i}\n    Then pod x${i} frobnicates\n`).join('')}`
  const told = await say(['run', '--no-reports', '--parallel', '1', '-q'], { 'a.feature': text, ...good })
  expect([...told.matchAll(/^ +at a\.feature/gm)]).toHaveLength(10)
  expect([...told.matchAll(/^\? s\d+ {3}undefined {2}a\.feature:\d+ {2}`frobnicates` does not fit here/gm)]).toHaveLength(200)
  expect(told).toContain('… and 90 more (90 undefined)')
})
it('of sentences of one scenario', async () => {
  const text = `Feature: u\n  Scenario: long\n${Array.from({ length: 50 }, (_, i) => `    Then pod x${i} frobnicates\n`).join('')}`
  const told = await say(['run', '--no-reports', '--parallel', '1'], { 'a.feature': text })
  expect([...told.matchAll(/^ +at a\.feature/gm)]).toHaveLength(10)
  expect([...told.matchAll(/^ +a\.feature:\d+:\d+ {2}error\[step-undefined\]: `frobnicates`/gm)]).toHaveLength(40)
  expect([...(await say(['run', '--no-reports', '--parallel', '1', '--verbose'], { 'a.feature': text })).matchAll(/^ +at a\.feature/gm)]).toHaveLength(50)
})
it('of a linted folder', async () => {
  const told = await say(['lint'], broken(80))
  expect([...told.matchAll(/^ {2}at f/gm)]).toHaveLength(50)
  expect([...told.matchAll(/^f\d+\.feature:4:4 {2}error\[/gm)]).toHaveLength(30)
  expect(told).toContain('80 errors, 0 warnings')
})
