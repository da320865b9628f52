import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import { IdGenerator } from '@cucumber/messages'
import { parseDocument } from '../src/dsl/index.ts'

export interface ParserRow { readonly what: string; readonly figure: string; readonly target?: string }

const rounds = 15

/** MB/s of a parser over all texts: the best of several rounds after a warm-up, so that the machine's other work counts for little. */
function speed(texts: readonly string[], parse: (text: string) => unknown): number {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  let best = Infinity
  for (let i = 0; i < rounds; i++) {
    const began = performance.now()
    for (const text of texts) parse(text)
    if (i > 2) best = Math.min(best, performance.now() - began)
  }
  return bytes / 1e6 / (best / 1000)
}

/** Text to GherkinDocument, ours and the official parser's, over the same feature files in the same run. */
export function parserTable(features: readonly string[]): readonly ParserRow[] {
  const texts = Array.from({ length: 10 }, () => features).flat()
  const ours = speed(texts, text => parseDocument(text, 'bench.feature'))
  const official = speed(texts, text => new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher()).parse(text))
  return [
    { what: 'Gherkin parser', figure: `${ours.toFixed(1)} MB/s`, target: '≥ official' },
    { what: '  the official parser, same files', figure: `${official.toFixed(1)} MB/s` },
  ]
}
