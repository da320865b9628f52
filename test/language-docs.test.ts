import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createReader } from '../src/cli/language.ts'
import { registry } from '../src/runtime-model/kinds/index.ts'
import { runFeature } from './support/run-feature.ts'
import { cells, truthTable } from './support/truth-table.ts'

/** docs/language.md tells what the evaluator does: its tables are read here and run. `UPDATE=1` writes the truth table anew. */
const path = join(import.meta.dirname, '../docs/language.md')
const [begin, end] = ['<!-- truth table -->\n', '<!-- end -->']
if (process.env.UPDATE) {
  const text = readFileSync(path, 'utf8'), from = text.indexOf(begin) + begin.length
  writeFileSync(path, `${text.slice(0, from)}${truthTable()}\n${text.slice(text.indexOf(end))}`)
}
const page = readFileSync(path, 'utf8')

/** Rows of the tables that are headed so; a cell in backticks is what a step says. */
const said = (cell: string): string => /^`(.*)`$/.exec(cell.trim())?.[1] ?? cell.trim()
function tablesHeaded(head: string): { readonly before: string; readonly rows: readonly (readonly string[])[] }[] {
  const parts = page.split(`\n${head}\n`)
  return parts.slice(1).map((after, i) => ({
    before: parts.slice(0, i + 1).join(''),
    rows: after.split('\n').slice(1).filter((_, at, all) => all.slice(0, at + 1).every(l => l.startsWith('|'))).map(l => l.split('|').slice(1, -1).map(said)),
  }))
}
/** A meaning without the places of its words. */
const meaning = (ast: unknown): unknown => JSON.parse(JSON.stringify(ast, (key, value) =>
  key === 'span' || key === 'argSpans' ? undefined : key === 'kind' ? registry.find(String(value).toLowerCase())?.resource ?? value : value))

describe('docs/language.md', () => {
  it('has the truth table of the automata, which agree with the definition', () => {
    expect(page).toContain(`${begin}${truthTable()}\n${end}`)
    expect(cells.flat().filter(c => c.mark !== '' && c.verdict !== c.naive)).toEqual([])
  })

  it('says only what can be said', async () => {
    const { parser } = await createReader()
    const examples = [...page.matchAll(/```gherkin.*\n([^]*?)```/g)].flatMap(([, lines]) => lines.trim().split('\n'))
    expect(examples.length).toBeGreaterThan(20)
    expect(examples.filter(line => parser.parse(line).value === undefined)).toEqual([])
  })

  const worlds = tablesHeaded('| in this world | it |')
  it.each(worlds.map((w, i) => [i + 1, w] as const))('world %i comes to what it says', async (_, { before, rows }) => {
    const steps = [...before.matchAll(/```gherkin world\n([^]*?)```/g)].at(-1)![1].trim()
      .split('\n')
      .map((s, i) => `${i === 0 || / (are|is|has) /.test(s) && !/is OOM killed|comes? to/.test(s) ? 'Given' : 'When'} ${s}`)
    const ran = await runFeature(Object.fromEntries(rows.map(([sentence]) => [sentence, `Then ${sentence}`])), steps.join('\n'))
    expect(Object.fromEntries(rows.map(([sentence]) => [sentence, ran.statuses[sentence]]))).toEqual(Object.fromEntries(rows))
  })

  it('reads the ways to say it as the same', async () => {
    const { parser } = await createReader(), [{ rows }] = tablesHeaded('| said | the same as |')
    expect(rows.length).toBeGreaterThan(25)
    expect(rows.flatMap(([a, b]) => {
      const [x, y] = [parser.parse(a), parser.parse(b)]
      if (!x.value || !y.value) return [`not read: ${x.value ? b : a}`]
      return JSON.stringify(meaning(x.value)) === JSON.stringify(meaning(y.value))
        ? []
        : [`${a}: ${JSON.stringify(meaning(x.value))}\n${b}: ${JSON.stringify(meaning(y.value))}`]
    })).toEqual([])
  })

  it('does not choose between two readings of "any"', async () =>
    expect((await createReader()).parser.parse('any pod of deployment web is Ready').value).toBeUndefined())
})
