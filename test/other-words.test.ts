import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createReader } from '../src/cli/language.ts'
import { rewritings } from '../src/dsl/other-words/index.ts'

/**
 * Sentences as people write them who have read no documentation, and what they are told: that it is read (`=`), which sentence may be meant (`~`), or
 * what helps (`?`). A `!` is an answer that helps nobody. `UPDATE=1 npx vitest run test/other-words.test.ts` writes the answers anew.
 */
const path = join(import.meta.dirname, 'transcripts/other-words.txt')
const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
const asked = lines.filter(line => !line.startsWith(' '))
const usual = '`kscenario steps` lists everything that can be said'

async function answers(): Promise<string[]> {
  const { parser } = await createReader()
  return asked.flatMap(said => {
    const { value, diagnostics: [why] } = parser.parse(said, said.endsWith(':') ? { docString: { content: 'a: 1', line: 2 } } : {})
    if (value) return [said, `  = ${value.type === 'assertion' ? value.predicate.definition : value.phrase.definition}`]
    if (why.suggestions?.some(s => !s.includes('{') && !s.startsWith('…'))) return [said, ...why.suggestions.map(s => `  ~ ${s}`)]
    return [said, why.help !== undefined && why.help !== usual ? `  ? ${why.help}` : `  ! ${why.message}`]
  })
}

describe('sentences that people write', () => {
  it('are read, or answered with what may be meant', async () => {
    const now = await answers()
    if (process.env.UPDATE) writeFileSync(path, `${now.join('\n')}\n`)
    else expect(now).toEqual(lines)
  })
  it('are answered with sentences that are read', async () => {
    const { parser } = await createReader()
    const offered = lines.filter(l => l.startsWith('  ~ ')).map(l => l.slice(4))
    expect(offered.length).toBeGreaterThan(100)
    expect(offered.filter(sentence => !sentence.includes('{') && !sentence.startsWith('…') && !parser.parse(sentence).value)).toEqual([])
  })
  it('have a use for every rewriting', () => {
    expect(rewritings.filter(([pattern]) => !asked.some(said => pattern.test(said))).map(([pattern]) => pattern.source)).toEqual([])
  })
})
