import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/**
 * Tables of short scenarios, each with what it must come to: `== background`, then `= STATUS` and steps. Most of them are easy to believe and do not hold; one
 * that passes all the same is the worst that can happen to whoever relies on it.
 */
const folder = join(import.meta.dirname, 'transcripts/verdicts')
interface Table { readonly background: string; readonly rows: readonly { readonly status: string; readonly steps: string }[] }

function read(file: string): Table {
  let background = ''
  const rows: { status: string; steps: string }[] = []
  for (const block of readFileSync(join(folder, file), 'utf8').split(/^(?==)/m)) {
    const [head, ...lines] = block.split('\n'), steps = lines.join('\n').trimEnd()
    if (head === '== background') background = steps
    else if (head.startsWith('= ')) rows.push({ status: head.slice(2), steps })
    else if (head.startsWith('=')) throw new Error(`${file}: ${head}`)
  }
  return { background, rows }
}

describe('what scenarios come to', () => {
  it.each(readdirSync(folder))('%s', async file => {
    const { background, rows } = read(file)
    expect(rows.length).toBeGreaterThan(0)
    const named = rows.map((row, i) => [`row ${i + 1}`, row] as const)
    const ran = await runFeature(Object.fromEntries(named.map(([name, { steps }]) => [name, steps])), background)
    const wrong = named.filter(([name, { status }]) => ran.statuses[name] !== status)
    expect(wrong.map(([name, { status, steps }]) => `${steps}\n→ ${ran.statuses[name]}, and not ${status}\n${ran.story(name)}`).join('\n\n')).toBe('')
  }, 300_000)
})
