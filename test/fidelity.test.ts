import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { replayFile } from '../src/fidelity/replay-file.ts'
import { compareScenario } from './fidelity/compare.mjs'
import { Disagreements } from './support/disagreements.ts'

/**
 * What the model does, beside what a real cluster did (test/fidelity: recordings, with the measure that everybody uses). The list of
 * agreeing.json, percent a case, rounded down, must not shrink, and every fact that differs needs a reason (reasons.yaml);
 * `npx vitest run test/fidelity.test.ts --update` rewrites the list and docs/fidelity.md.
 */
const folder = join(import.meta.dirname, 'fidelity'), listFile = join(folder, 'agreeing.json'), page = join(import.meta.dirname, '../docs/fidelity.md')
const updating = (): boolean => (expect.getState().snapshotState as any)?._updateSnapshot === 'all'
const known: Record<string, number> = JSON.parse(readFileSync(listFile, 'utf8'))
const files = ['control-plane', 'data-plane'].flatMap(d =>
  readdirSync(join(folder, d)).filter(f => f.endsWith('.golden.json')).sort().map(f => `${d}/${f.replace('.golden.json', '')}`))
const disagreements = new Disagreements(join(folder, 'reasons.yaml'))
let replayed = 0

describe('the model does what a real cluster did', () => {
  test.each(files)('%s', async file => {
    const text = readFileSync(join(folder, file + '.golden.json'), 'utf8')
    const goldens: any[] = JSON.parse(text), seen = await replayFile(join(folder, file + '.feature'), text, () => {}), unexplained: string[] = []
    const percents = Object.fromEntries(goldens.map(golden => {
      const twin = seen.find(s => s.scenario === golden.scenario && s.namespace === golden.namespace) ?? { steps: [], timeline: [], events: [], objects: [] }
      const { share, result } = compareScenario(golden, twin)!, name = `${file}: ${golden.scenario}`
      unexplained.push(...disagreements.unexplained(name, result))
      return [name, Math.floor(100 * share)]
    }))
    replayed++
    if (updating()) {
      Object.assign(known, percents)
      writeFileSync(listFile, JSON.stringify(Object.fromEntries(Object.entries(known).sort(([a], [b]) => a < b ? -1 : 1)), null, 1) + '\n')
    }
    else expect(Object.entries(percents)
      .filter(([name, percent]) => percent < (known[name] ?? 0))
      .map(([name, percent]) => `${name}: ${percent} %, was ${known[name]} %`)).toEqual([])
    expect(unexplained).toEqual([])
  })

  test('no reason is given for nothing, and docs/fidelity.md lists them', () => {
    if (replayed < files.length) return
    if (updating()) writeFileSync(page, disagreements.markdown())
    else expect(readFileSync(page, 'utf8')).toBe(disagreements.markdown())
    expect(disagreements.unused()).toEqual([])
  })
})
