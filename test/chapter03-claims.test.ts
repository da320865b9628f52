import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** docs/chapter03.md says which scenario shows which claim: each of them is there, under its name and in its file. */
const root = join(import.meta.dirname, '..'), page = readFileSync(join(root, 'docs/chapter03.md'), 'utf8')
const rows = page.split('\n').filter(l => l.startsWith('| ') && !l.startsWith('| claim |')).map(l => l.split('|').slice(1, -1).map(c => c.trim()))
const scenariosOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, 'scenarios/chapter03', `${file}.feature`), 'utf8').matchAll(/^ *Scenario(?: Outline)?: (.*)$/gm)].map(m => m[1].trim())

it('every scenario that the table of claims names is in its file', () => {
  expect(rows.length).toBeGreaterThan(75)
  expect(rows.filter(([, scenario, file]) => !scenariosOf(file).includes(scenario))).toEqual([])
})
it('no claim stands there twice', () => {
  const claims = rows.map(([claim]) => claim)
  expect(claims.filter((c, i) => claims.indexOf(c) !== i)).toEqual([])
})
it('every file of the chapter shows something', () => {
  const files = [
    '01-two-rules', '02-control-plane-vs-data-plane', '03-components', '04-from-apply-to-traffic', '05-control-plane-outage', '06-high-availability',
    '07-watches-and-controllers', '08-managed-clusters', '09-version-skew', '10-headroom', '11-bookstore', '12-quick-reference', '13-questions', '14-checklist',
    '15-scheduling', '16-node-agent',
  ]
  expect(files.filter(f => !rows.some(([, , file]) => file === f))).toEqual([])
})
