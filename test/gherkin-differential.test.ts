import { AstBuilder, compile, generateMessages, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import { describe, expect, it } from 'vitest'
import { envelopesOf } from '../src/dsl/envelopes.ts'
import { countingIds, parseDocument } from '../src/dsl/parse-document.ts'
import { pickles } from '../src/dsl/pickles.ts'
import { documentsFrom } from './support/gherkin-documents.ts'

/** `npm run gherkin` compares 60,000; SEED changes which. */
const count = Number(process.env.KSCENARIO_GHERKIN_DOCUMENTS ?? 5000), seed = Number(process.env.KSCENARIO_GHERKIN_SEED ?? 1)

/** What the official parser makes of a text: document and pickles, or all its errors. */
function official(text: string): unknown {
  const newId = countingIds()
  try {
    const document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(text)
    return { document, pickles: compile(document, 'a.feature', newId) }
  } catch (error) {
    const all: any[] = (error as any).errors ?? [error]
    return { errors: all.map(e => ({ message: e.message, line: e.location.line, column: e.location.column ?? 1 })) }
  }
}
function ours(text: string): unknown {
  const newId = countingIds()
  const { document, diagnostics } = parseDocument(text, 'a.feature', newId)
  if (!document) return { errors: diagnostics.map(d => ({ message: d.official, line: d.span.line, column: d.span.column })) }
  return { document, pickles: pickles(document, 'a.feature', newId) }
}

/** Equal as JSON is; a field that is undefined is none. Answers the path of the first difference. */
function difference(a: any, b: any, path = ''): string | undefined {
  if (a === b) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return path || '(all)'
  for (const key in a) { const found = difference(a[key], b[key], `${path}/${key}`); if (found) return found }
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return `${path}/${key}`
  return undefined
}

describe('Gherkin against the official parser', () => {
  it(`reads ${count} documents of every language, whole and broken, as it does`, () => {
    const next = documentsFrom(seed), differences: string[] = []
    let broken = 0
    for (let i = 0; i < count && differences.length < 3; i++) {
      const text = next(), we = ours(text), they = official(text)
      if ('errors' in (they as object)) broken++
      const where = difference(we, they)
      if (where) {
        differences.push(
          `document ${i}: ${where}\n${JSON.stringify(text)}\nours ${JSON.stringify(we).slice(0, 2000)}\nofficial ${JSON.stringify(they).slice(0, 2000)}`
        )
      }
    }
    expect(differences.join('\n\n')).toBe('')
    // neither kind may die out, whatever becomes of the generator
    expect(broken / count).toBeGreaterThan(0.25)
    expect(broken / count).toBeLessThan(0.75)
  })
  it('prints the messages that it prints', () => {
    const next = documentsFrom(seed + 1), plain = (messages: readonly unknown[]): unknown => JSON.parse(JSON.stringify(messages))
    const options = { includeSource: true, includeGherkinDocument: true, includePickles: true }, oursId = countingIds(), theirId = countingIds()
    for (let i = 0; i < 200; i++) {
      // ids of a file that is broken are spent differently, and nobody sees them
      const text = next(), they = generateMessages(text, 'a.feature', 'text/x.cucumber.gherkin+plain' as never, { ...options, newId: countingIds() })
      expect(plain(envelopesOf(text, 'a.feature'))).toEqual(plain(they))
    }
    const whole = 'Feature: f\n@t\nScenario Outline: s\nGiven <a>\nExamples:\n|a|\n|1|\n'
    for (const uri of ['a.feature', 'b.feature']) {
      expect(plain(envelopesOf(whole, uri, oursId))).toEqual(plain(generateMessages(
        whole, uri, 'text/x.cucumber.gherkin+plain' as never, { ...options, newId: theirId }
      )))
    }
  })
})
