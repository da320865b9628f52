import { dialectOf } from '../dsl/dialect.ts'

/** A line of a feature file as an editor's cursor finds it: perhaps not finished, in a file that is perhaps not Gherkin. */
export type Line =
  | {
    readonly is: 'step'
    readonly keyword: string
    readonly text: string
    /** 0-based, of the text's first character */
    readonly start: number
    readonly type: string
  }
  | { readonly is: 'tags' | 'row' | 'comment' | 'title' | 'other' | 'docString' }

const languageOf = (text: string): string => /^\ufeff?\s*(?:#(?!\s*language).*\n\s*)*#\s*language\s*:\s*([\w-]+)/.exec(text)?.[1] ?? 'en'

export function lineAt(text: string, number: number): Line {
  const lines = text.split(/\r?\n/), line = lines[number] ?? '', dialect = dialectOf(languageOf(text)) ?? dialectOf('en')!
  if (inDocString(lines, number)) return { is: 'docString' }
  const trimmed = line.trimStart(), indent = line.length - trimmed.length
  if (trimmed.startsWith('@')) return { is: 'tags' }
  if (trimmed.startsWith('|')) return { is: 'row' }
  if (trimmed.startsWith('#')) return { is: 'comment' }
  const found = (dialect.steps.get(trimmed[0]) ?? []).find(s => trimmed.startsWith(s.keyword))
  if (found) {
    const start = indent + found.keyword.length
    return { is: 'step', keyword: found.keyword.trim(), text: line.slice(start).trimEnd(), start, type: found.type }
  }
  return { is: [...dialect.titles.keys()].some(t => trimmed.startsWith(`${t}:`)) ? 'title' : 'other' }
}

function inDocString(lines: readonly string[], number: number): boolean {
  let fence: string | undefined
  for (let i = 0; i < number; i++) {
    const start = /^\s*("""|```)/.exec(lines[i])?.[1]
    if (start && (fence === undefined || fence === start)) fence = fence === undefined ? start : undefined
  }
  return fence !== undefined
}

/** Keywords that a line may begin with, each with what follows it. */
export function keywordsOf(text: string): readonly { readonly word: string; readonly step: boolean }[] {
  const dialect = dialectOf(languageOf(text)) ?? dialectOf('en')!
  return [
    ...[...dialect.steps.values()].flat().map(s => ({ word: s.keyword, step: true })), ...[...dialect.titles.keys()].map(
      t => ({ word: `${t}: `, step: false })
    ),
  ].filter(k =>
    k.word !== '* ')
}

/** Does a table or doc string stand below the line? What stands there decides which reading fits. */
export function argumentBelow(text: string, number: number): {
  readonly table?: readonly (readonly string[])[]; readonly docString?: { readonly content: string; readonly line: number }
} {
  const next = text.split(/\r?\n/).slice(number + 1).find(l => l.trim() !== '')?.trim() ?? ''
  return next.startsWith('|') ? { table: [] } : /^("""|```)/.test(next) ? { docString: { content: '', line: number + 2 } } : {}
}
