import { invariant } from '../base/invariant.ts'
import type { ParameterType, PhraseDeclaration } from './phrase-declaration.ts'
import { slotNames, slots, type SlotContext } from './slots.ts'
import type { PhraseMatch, Span } from './step-ast.ts'
import { lemma, type TextWord } from './text-words.ts'

type Element =
  | {
      readonly type: 'literal'
      readonly words: readonly string[]
      /** with its capitals */
      readonly written: readonly string[]
      readonly optional: boolean
    }
  | { readonly type: 'slot'; readonly name: string; readonly of: ParameterType }
  /** one word with slots and other characters: `{word}={word}` */
  | {
      readonly type: 'mixed'
      readonly pattern: RegExp
      readonly inside: readonly { readonly name: string; readonly of: ParameterType }[]
      readonly shown: string
    }

/** A registered phrase, cut into words. */
export interface Phrase {
  readonly declaration: PhraseDeclaration
  /** as declared, to be shown */
  readonly form: string
  readonly elements: readonly Element[]
  /** ends in a colon: a table or a doc string follows */
  readonly colon: boolean
  /** a literal word that must occur, the cheapest way to rule the phrase out */
  readonly need?: string
  readonly slotCount: number
  readonly verbFirst: boolean
}

/** Is told, in error mode, what could have stood at which word of the text: literal words, or the name of a slot. */
export type Missed = (wordIndex: number, expected: string | readonly string[]) => void

/** `I apply {text}`, `has {count} replica(s)`, `goes/comes back`: see PhraseDeclaration. `verb`: a predicate, without its copula. */
export function compilePhrase(declaration: PhraseDeclaration, form: string, verb: boolean): Phrase {
  const colon = form.endsWith(':')
  let words = (colon ? form.slice(0, -1) : form).trim().split(/\s+|(?=,(?:\s|$))/)
  if (verb && words.length > 1 && ['is', 'are', 'be', 'is/are'].includes(words[0])) words = words.slice(1)
  const elements = words.map(word => elementOf(declaration, word))
  const literals = elements.slice(verb ? 1 : 0).flatMap(e => (e.type === 'literal' && !e.optional && e.words.length === 1 ? e.words : []))
  const slotCount = elements.reduce((n, e) => n + (e.type === 'slot' ? 1 : e.type === 'mixed' ? e.inside.length : 0), 0)
  return { declaration, form, elements, colon, need: literals.sort((a, b) => b.length - a.length)[0], slotCount, verbFirst: verb }
}

function elementOf(declaration: PhraseDeclaration, word: string): Element {
  const typeOf = (name: string): ParameterType => {
    const of = declaration.parameters?.[name] ?? (name as ParameterType)
    invariant(slots[of], `${declaration.id}: the slot {${name}} has no known type`)
    return of
  }
  const whole = /^\{([\w-]+)\}$/.exec(word)
  if (whole) return { type: 'slot', name: whole[1], of: typeOf(whole[1]) }
  if (/\{[\w-]+\}/.test(word)) {
    const inside = [...word.matchAll(/\{([\w-]+)\}/g)].map(m => ({ name: m[1], of: typeOf(m[1]) }))
    const source = word
      .split(/\{[\w-]+\}/)
      .map(escape)
      .join('("(?:\\\\["\\\\]|[^"])*"|.+?)')
    return { type: 'mixed', pattern: new RegExp(`^${source}$`, 'i'), inside, shown: word }
  }
  const optional = /^\([^()]*\)$/.test(word)
  const bare = optional ? word.slice(1, -1) : word
  const written = alternatives(bare)
  return { type: 'literal', words: written.map(w => w.toLowerCase()), written, optional }
}
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** `replica(s)` → replica, replicas; `is/are` → is, are; a backslash takes the meaning from `(`, `/` and `{`. */
function alternatives(word: string): string[] {
  const parts = word.split(/(?<!\\)\//)
  return parts
    .flatMap(part => {
      const ending = /^(.*?)(?<!\\)\(([^()]*)\)(.*)$/.exec(part)
      return ending ? [ending[1] + ending[3], ending[1] + ending[2] + ending[3]] : [part]
    })
    .map(text => text.replace(/\\(.)/g, '$1'))
}

/** First literal words, for the index; undefined: the phrase may begin with anything. */
export function firstWords(phrase: Phrase): readonly string[] | undefined {
  const first = phrase.elements[0]
  if (first.type !== 'literal' || first.optional) return undefined
  return phrase.verbFirst ? first.words.map(lemma) : first.words
}

interface State {
  readonly args: Record<string, unknown>
  readonly argSpans: Record<string, Span>
}

/** The phrase against words[from, to): all of them must be used. */
export function matchPhrase(
  phrase: Phrase,
  words: readonly TextWord[],
  from: number,
  to: number,
  context: SlotContext,
  missed?: Missed,
): PhraseMatch | undefined {
  const found = walk(phrase, 0, words, from, to, context, missed)
  if (!found) return undefined
  const span = { start: words[from].start, end: words[to - 1].end }
  return { definition: phrase.declaration.id, args: found.args, argSpans: found.argSpans, span }
}

function walk(
  phrase: Phrase,
  index: number,
  words: readonly TextWord[],
  at: number,
  to: number,
  context: SlotContext,
  missed?: Missed,
): State | undefined {
  const element = phrase.elements[index]
  if (!element) {
    if (at === to) return { args: {}, argSpans: {} }
    missed?.(at, 'the end of the sentence')
    return undefined
  }
  if (element.type === 'literal') {
    if (at < to && fits(element.words, words[at].lower, index === 0 && phrase.verbFirst)) {
      const rest = walk(phrase, index + 1, words, at + 1, to, context, missed)
      if (rest || !element.optional) return rest
    }
    if (element.optional) return walk(phrase, index + 1, words, at, to, context, missed)
    missed?.(at, element.written)
    return undefined
  }
  if (element.type === 'mixed') return walkMixed(element, phrase, index, words, at, to, context, missed)
  const filled = slots[element.of](words, at, to, context)
  const ways = filled === undefined ? [] : Array.isArray(filled) ? filled : [filled]
  for (const { next, value } of ways) {
    const rest = walk(phrase, index + 1, words, next, to, context, missed)
    if (rest) return fill(rest, element.name, value, { start: words[at].start, end: words[next - 1].end })
  }
  if (ways.length === 0) missed?.(at, slotNames[element.of])
  return undefined
}

const fits = (expected: readonly string[], word: string, verb: boolean): boolean =>
  expected.includes(word) || (verb && expected.some(e => lemma(e) === lemma(word)))

const fill = (state: State, name: string, value: unknown, span: Span): State => ({
  args: { [name]: value, ...state.args },
  argSpans: { [name]: span, ...state.argSpans },
})

function walkMixed(
  element: Element & { type: 'mixed' },
  phrase: Phrase,
  index: number,
  words: readonly TextWord[],
  at: number,
  to: number,
  context: SlotContext,
  missed?: Missed,
): State | undefined {
  const parts = at < to ? element.pattern.exec(words[at].text) : null
  const values =
    parts &&
    element.inside.map((inside, i) => {
      const text = parts[i + 1]
      const filled = slots[inside.of]([{ ...words[at], text, lower: text.toLowerCase() }], 0, 1, context)
      return Array.isArray(filled) ? filled[0]?.value : (filled as { value: unknown } | undefined)?.value
    })
  if (!values || values.includes(undefined)) {
    missed?.(at, `a word like ${element.shown}`)
    return undefined
  }
  const rest = walk(phrase, index + 1, words, at + 1, to, context, missed)
  const span = { start: words[at].start, end: words[at].end }
  return rest && element.inside.reduceRight((state, inside, i) => fill(state, inside.name, values[i], span), rest)
}
