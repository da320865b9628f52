import languages from './languages.json' with { type: 'json' }
import type { StepKeywordType } from './gherkin-document.ts'

interface LanguageData {
  readonly feature: readonly string[]
  readonly background: readonly string[]
  readonly rule: readonly string[]
  readonly scenario: readonly string[]
  readonly scenarioOutline: readonly string[]
  readonly examples: readonly string[]
  readonly given: readonly string[]
  readonly when: readonly string[]
  readonly then: readonly string[]
  readonly and: readonly string[]
  readonly but: readonly string[]
}

/** What a line can be; a line may be several things, and the place decides. */
export const LineKind = {
  empty: 1,
  comment: 2,
  language: 4,
  tags: 8,
  feature: 16,
  background: 32,
  scenario: 64,
  examples: 128,
  rule: 256,
  step: 512,
  row: 1024,
  delimiter: 2048,
} as const

/** The keywords of one language (languages.json is the official gherkin-languages.json), ready to be looked up. */
export interface Dialect {
  readonly name: string
  /** text before the colon → the kinds it introduces */
  readonly titles: ReadonlyMap<string, number>
  /** by first character, longest first */
  readonly steps: ReadonlyMap<string, readonly { readonly keyword: string; readonly type: StepKeywordType }[]>
}

const cache = new Map<string, Dialect>()

export function dialectOf(name: string): Dialect | undefined {
  const known = cache.get(name)
  if (known) return known
  const data: LanguageData | undefined = Object.hasOwn(languages, name) ? (languages as Record<string, LanguageData>)[name] : undefined
  if (!data) return undefined
  const dialect = { name, titles: titlesOf(data), steps: stepsOf(data) }
  cache.set(name, dialect)
  return dialect
}

function titlesOf(data: LanguageData): Map<string, number> {
  const titles = new Map<string, number>()
  const add = (kind: number, keywords: readonly string[]): void => {
    for (const keyword of keywords) titles.set(keyword, (titles.get(keyword) ?? 0) | kind)
  }
  add(LineKind.feature, data.feature)
  add(LineKind.background, data.background)
  add(LineKind.rule, data.rule)
  add(LineKind.scenario, data.scenario)
  add(LineKind.scenario, data.scenarioOutline)
  add(LineKind.examples, data.examples)
  return titles
}

function stepsOf(data: LanguageData): Dialect['steps'] {
  const types = new Map<string, StepKeywordType[]>()
  const add = (type: StepKeywordType, keywords: readonly string[]): void => {
    for (const keyword of keywords) types.set(keyword, [...(types.get(keyword) ?? []), type])
  }
  add('Context', data.given)
  add('Action', data.when)
  add('Outcome', data.then)
  add('Conjunction', data.and)
  add('Conjunction', data.but)
  const steps = new Map<string, { keyword: string; type: StepKeywordType }[]>()
  for (const [keyword, all] of [...types].sort((a, b) => b[0].length - a[0].length)) {
    const first = keyword[0]
    steps.set(first, [...(steps.get(first) ?? []), { keyword, type: all.length > 1 ? 'Unknown' : all[0] }])
  }
  return steps
}
