import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import { IdGenerator } from '@cucumber/messages'
import { parseDocument } from '../src/dsl/index.ts'

export interface ParserRow { readonly what: string; readonly figure: string; readonly target?: string }

const rounds = 25

/** MB/s of parsers over all texts, in turns: the best of several rounds after a warm-up, so that the machine's other work counts for little. */
function speeds(texts: readonly string[], parsers: readonly ((text: string) => unknown)[]): number[] {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0), best = parsers.map(() => Infinity)
  for (let i = 0; i < rounds; i++) parsers.forEach((parse, p) => {
    const began = performance.now()
    for (const text of texts) parse(text)
    if (i > 2) best[p] = Math.min(best[p], performance.now() - began)
  })
  return best.map(ms => bytes / 1e6 / (ms / 1000))
}

/** Text to GherkinDocument, ours and the official parser's, over the same feature files in the same run. */
export function parserTable(features: readonly string[]): readonly ParserRow[] {
  const texts = Array.from({ length: 10 }, () => features).flat()
  const [ours, official] = speeds(texts, [
    text => parseDocument(text, 'bench.feature'),
    text => new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher()).parse(text),
  ])
  return [
    { what: 'Gherkin parser', figure: `${ours.toFixed(1)} MB/s`, target: '≥ official' },
    { what: '  the official parser, same files', figure: `${official.toFixed(1)} MB/s` },
  ]
}
