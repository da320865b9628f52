import type { FeatureChild, GherkinDocument, Pickle } from '../dsl/gherkin-document.ts'
import { parseDocument } from '../dsl/parse-document.ts'
import { pickles } from '../dsl/pickles.ts'
import { sourceMap } from './source-map.ts'

export type Made =
  | { readonly code: string; readonly map: string }
  | { readonly errors: readonly { readonly message: string; readonly line: number; readonly column: number }[] }

/** A line of the module, and the place in the feature file that it stands for. */
interface Line { readonly code: string; readonly line: number; readonly column: number }

/**
 * A feature file as a test module: a `describe` for the feature and each rule, a `test` for each pickle, which a source map places where the scenario or
 * the row of its examples is written.
 */
export function moduleOf(file: string, text: string, runtime: string, selects?: (tags: string[]) => boolean): Made {
  const { document, diagnostics } = parseDocument(text, file), errors = diagnostics.filter(d => d.severity === 'error')
  if (!document || errors.length) return { errors: errors.map(d => ({ message: d.message, line: d.span.line, column: d.span.column })) }
  const lines: Line[] = [], rules = rulesOf(document), found = pickles(document, file)
  const at = (code: string, { line, column = 1 }: { readonly line: number; readonly column?: number } = { line: 1 }): void => {
    lines.push({ code, line, column })
  }
  at(`import { describe, test } from "vitest"; import { run } from ${JSON.stringify(runtime)};`)
  if (document.feature) at(`describe(${JSON.stringify(document.feature.name || file)}, () => {`, document.feature.location)
  let rule: string | undefined
  const inRule = (id: string | undefined, name = '', location?: { readonly line: number; readonly column?: number }): void => {
    if (id === rule) return
    if (rule !== undefined) at('})')
    if (id !== undefined) at(`describe(${JSON.stringify(name)}, () => {`, location)
    rule = id
  }
  for (const [index, pickle] of found.entries()) {
    if (selects && !selects(pickle.tags.map(t => t.name))) continue
    const own = rules.get(pickle.astNodeIds[0])
    inRule(own?.id, own?.name, own?.location)
    at(testOf(pickle, file, index), pickle.location)
  }
  inRule(undefined)
  if (document.feature) at('})')
  return { code: `${lines.map(l => l.code).join('\n')}\n`, map: sourceMap(file, text, lines) }
}

/** wall-clock ms that a scenario may take: time of the cluster is not vitest's to measure */
const patienceMs = 300_000

function testOf(pickle: Pickle, file: string, index: number): string {
  const tags = pickle.tags.map(t => t.name), modifier = tags.includes('@only') ? '.only' : ''
  return `test${modifier}(${JSON.stringify(pickle.name)}, { timeout: ${patienceMs} }, run(${JSON.stringify(file)}, ${index}))`
}

/** id of a scenario → the rule that it stands in */
const rulesOf = ({ feature }: GherkinDocument): ReadonlyMap<string, NonNullable<FeatureChild['rule']>> =>
  new Map((feature?.children ?? []).flatMap(({ rule }) => (rule?.children ?? []).flatMap(({ scenario }) => scenario ? [[scenario.id, rule!] as const] : [])))
