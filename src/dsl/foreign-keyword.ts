import { dialectOf } from './dialect.ts'
import languages from './languages.json' with { type: 'json' }

const all: Readonly<Record<string, { readonly name: string; readonly native: string }>> = languages
const roles = ['given', 'when', 'then', 'and', 'but'] as const
const titles = ['feature', 'background', 'rule', 'scenario', 'scenarioOutline', 'examples'] as const
type Role = (typeof roles)[number] | (typeof titles)[number]

export interface ForeignKeyword {
  readonly keyword: string
  /** codes of the languages that have it, English first */
  readonly languages: readonly string[]
  readonly role: Role
}

export const languageName = (code: string): string => all[code]?.name ?? code
const keywordsOf = (code: string, role: Role): readonly string[] => (languages as Record<string, Record<Role, readonly string[]>>)[code][role]
/** What a language writes for a role, without the blank behind it. */
export const keywordFor = (code: string, role: Role): string =>
  (keywordsOf(code, role).find(k => k !== '* ') ?? '').trimEnd() + (titles.includes(role as never) ? ':' : '')

/** A line that begins with a keyword, of at least three letters, of some other language than its document's. */
export function foreignKeyword(line: string, language: string): ForeignKeyword | undefined {
  const found: { code: string; keyword: string; role: Role }[] = []
  for (const code of ['en', ...Object.keys(languages).filter(l => l !== 'en')]) {
    if (code === language || code.startsWith('en-') || code === 'em') continue
    for (const role of roles) {
      for (const keyword of keywordsOf(code, role)) if (isWord(keyword) && line.startsWith(keyword)) found.push({ code, keyword: keyword.trimEnd(), role })
    }
    for (const role of titles) {
      for (const keyword of keywordsOf(code, role)) if (line.startsWith(`${keyword}:`)) found.push({ code, keyword: `${keyword}:`, role })
    }
  }
  if (found.length === 0) return undefined
  const longest = found.reduce((best, one) => (one.keyword.length > best.keyword.length ? one : best))
  const same = found.filter(f => f.keyword === longest.keyword)
  return { keyword: longest.keyword, role: longest.role, languages: [...new Set(same.map(f => f.code))] }
}
const isWord = (keyword: string): boolean => keyword.endsWith(' ') && keyword.trimEnd().length >= 3

/** Keywords of a language, as written at the start of a line without colon or blank. */
export function keywordsIn(
  language: string, only: readonly Role[] = [...roles, ...titles]
): { readonly steps: readonly string[]; readonly titles: readonly string[] } {
  const code = dialectOf(language) ? language : 'en'
  const of = (named: readonly Role[]): string[] =>
    [...new Set(named.filter(role => only.includes(role)).flatMap(role => keywordsOf(code, role)).filter(k => k !== '* ').map(k => k.trimEnd()))]
  return { steps: of(roles), titles: of(titles) }
}
