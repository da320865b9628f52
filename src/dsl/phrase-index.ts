import type { PhraseDeclaration } from './phrase-declaration.ts'
import { compilePhrase, firstWords, type Phrase } from './phrase.ts'
import { lemma, type TextWord } from './text-words.ts'

/** Phrases by their first word, so that a step looks at a handful of them and not at all. */
export interface PhraseIndex<D extends PhraseDeclaration = PhraseDeclaration> {
  readonly all: readonly Phrase[]
  candidates(words: readonly TextWord[], from: number, to: number, colon: boolean): Phrase[]
  readonly declarations: ReadonlyMap<string, D>
}

export function indexPhrases<D extends PhraseDeclaration>(declarations: readonly D[], verb: boolean): PhraseIndex<D> {
  const all = declarations.flatMap(declaration => declaration.phrases.map(form => compilePhrase(declaration, form, verb)))
  const byWord = new Map<string, Phrase[]>()
  const anything: Phrase[] = []
  for (const phrase of all) {
    const first = firstWords(phrase)
    if (!first) anything.push(phrase)
    for (const word of new Set(first)) byWord.set(word, [...(byWord.get(word) ?? []), phrase])
  }
  return {
    all,
    declarations: new Map(declarations.map(d => [d.id, d])),
    candidates(words, from, to, colon) {
      if (from >= to) return []
      const first = verb ? lemma(words[from].lower) : words[from].lower
      const possible = (phrase: Phrase): boolean =>
        phrase.colon === colon && (phrase.need === undefined || has(words, from, to, phrase.need))
      return [...(byWord.get(first) ?? []), ...anything].filter(possible)
    },
  }
}

function has(words: readonly TextWord[], from: number, to: number, need: string): boolean {
  for (let at = from; at < to; at++) if (words[at].lower === need) return true
  return false
}
