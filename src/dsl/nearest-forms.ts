import { suggest } from '../base/suggest.ts'
import type { Language } from './language.ts'
import { lemma, unquote } from './text-words.ts'

/** words that are in every other phrase, and make none alike */
const common = new Set(
  'a an the is are be has have do does did of in on to at and or with as by for from it its i there that this then no not all any every each should will must can'.split(' ')
)

interface Form {
  readonly form: string
  readonly content: readonly string[]
  /** of a predicate: a sentence that is as near goes before it */
  readonly weight: number
}
/** The forms of a language by their own words. */
const indexes = new WeakMap<Language, ReadonlyMap<string, readonly Form[]>>()
function indexOf(language: Language): ReadonlyMap<string, readonly Form[]> {
  const known = indexes.get(language)
  if (known) return known
  const made = (form: string, shown: string, weight: number): Form =>
    ({ form: shown, weight, content: contentOf(form.split(/\s+/).filter(word => !word.includes('{'))) })
  const forms = [
    ...[...language.sentences.values()].flatMap(index => index.all).map(({ form }) => made(form, form, 1)),
    ...language.predicates.all.filter(phrase => phrase.elements.length > 1).map(({ form }) => made(form, `… ${form}`, 0.95)),
  ]
  const index = new Map<string, Form[]>()
  for (const form of forms) for (const word of form.content) index.set(word, [...(index.get(word) ?? []), form])
  indexes.set(language, index)
  return index
}

/** Registered forms that share most of their own words with the text, one of them to the letter; `… form` is a predicate. At most two, nearest first. */
export function nearestForms(text: string, language: Language): string[] {
  const said = contentOf(text.split(/\s+/).filter(word => unquote(word) === undefined && !/["$]/.test(word)))
  const index = indexOf(language)
  const near = new Set(said.flatMap(word => index.get(word) ?? []))
  return [...near]
    .map(({ form, content, weight }) => ({ form, score: likeness(said, content) * weight }))
    .filter(f => f.score >= 0.6)
    .sort((a, b) => b.score - a.score || (a.form < b.form ? -1 : 1))
    .slice(0, 2)
    .map(f => f.form)
}

const contentOf = (words: readonly string[]): string[] =>
  [...new Set(words.flatMap(word => word.replace(/\(.*?\)|[:,.]/g, '').toLowerCase().split('/')).map(lemma))].filter(word =>
    word.length > 1 && word.length <= 40 && !common.has(word))

/** 0 (nothing in common) … 1 (the same words): Dice's coefficient, where a misspelt word counts for less. */
function likeness(said: readonly string[], form: readonly string[]): number {
  if (form.length === 0 || said.length === 0) return 0
  if (Math.min(form.length, said.length) === 1 && Math.max(form.length, said.length) > 1) return 0 // one word in common says little
  const shared = form.reduce((sum, word) => sum + (said.includes(word) ? 1 : suggest(word, said, 1).length > 0 ? 0.8 : 0), 0)
  return (2 * shared) / (form.length + said.length)
}
