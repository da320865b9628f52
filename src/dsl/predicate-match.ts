import type { PhraseIndex } from './phrase-index.ts'
import { matchPhrase, type Missed, type Phrase } from './phrase.ts'
import type { SlotContext } from './slots.ts'
import type { PredicateAst } from './step-ast.ts'
import { lemma, type TextWord } from './text-words.ts'

/** Every predicate that words[from, to) can be, with the natural forms of English undone (`has no x`, `has a x`, `have been x`). */
export function matchPredicates(
  index: PhraseIndex,
  words: readonly TextWord[],
  from: number,
  to: number,
  colon: boolean,
  context: SlotContext,
  missed?: Missed,
): PredicateAst[] {
  for (const { words: variant, negated } of variants(words.slice(from, to))) {
    const phrases = index.candidates(variant, 0, variant.length, colon)
    const found = mostLiteral(
      phrases.flatMap(phrase => {
        const match = matchPhrase(phrase, variant, 0, variant.length, context)
        return match ? [{ phrase, match }] : []
      }),
    )
    if (found.length > 0)
      return found.map(({ match }) => ({ ...match, span: { start: words[from].start, end: words[to - 1].end }, negated }))
  }
  if (missed)
    for (const variant of variants(words.slice(from, to)))
      if (variant.dropped !== undefined) recordMisses(index, variant.words, from, variant.dropped, context, missed)
  return []
}

/** Tells how far each predicate would have gone. */
function recordMisses(
  index: PhraseIndex,
  variant: readonly TextWord[],
  from: number,
  dropped: number,
  context: SlotContext,
  missed: Missed,
): void {
  const shift = (position: number): number => from + position + (position >= dropped ? 1 : 0)
  for (const phrase of index.all)
    matchPhrase(phrase, variant, 0, variant.length, context, (position, what) => missed(shift(position), what))
}

interface Variant {
  readonly words: readonly TextWord[]
  readonly negated: boolean
  /** which word of the text is left out; absent: words were put in */
  readonly dropped?: number
}

function variants(words: readonly TextWord[]): Variant[] {
  const all: Variant[] = [{ words, negated: false, dropped: Infinity }]
  const [first, second, ...rest] = words
  if (second === undefined) return all
  // an article or a denial stands before something: `up no` is nothing
  if (rest.length > 0) all.push(...insideOut(first, second, rest))
  if (isHas(first)) all.push({ words: [second, ...rest], negated: false, dropped: 0 })
  return all
}

/** What stands behind the verb undone: `has no x`, `runs not on x`, `has a x`. */
function insideOut(first: TextWord, second: TextWord, rest: readonly TextWord[]): Variant[] {
  const counted = (text: string): TextWord[] => text.split(' ').map(t => ({ ...second, text: t, lower: t }))
  if (second.lower === 'no' && !mayBeNone.test(rest[0].lower)) return []
  const without: Variant = { words: [first, ...rest], negated: second.lower === 'no' || second.lower === 'not', dropped: 1 }
  switch (second.lower) {
    case 'no': return [{ words: [first, ...counted('0'), ...rest], negated: false, dropped: Infinity }, without]
    case 'not': return isHas(first) ? [without, { words: rest, negated: true }] : [without]
    case 'a': case 'an': return [without, { words: [first, ...counted('at least 1'), ...rest], negated: false }]
    case 'the': return [without]
    default: return []
  }
}
/** What `no` may stand before: the name of a thing or a text, never `at most`, `by`, a number. */
const mayBeNone = /^(?!(?:no|not|a|an|the|at|by|on|in|to|for|from|with|because|but|only|exactly|more|fewer|less|between|its|most)$)[^\d$/]/
const isHas = (word: TextWord): boolean => lemma(word.lower) === 'has' && word.lower !== 'with'

/**
 * `Ready` said outright is Ready, though {status} would take it too: a phrase without slots is no ambiguity with one that has some,
 * unless they are said of different subjects.
 */
function mostLiteral<T extends { phrase: Phrase }>(found: T[]): T[] {
  const first = new Map<string, T>()
  for (const one of found) if (!first.has(one.phrase.declaration.id)) first.set(one.phrase.declaration.id, one)
  const each = [...first.values()]
  const literal = each.filter(one => one.phrase.slotCount === 0)
  if (literal.length > 0) return each.filter(one => literal.includes(one) || !literal.some(l => sameSubjects(l.phrase, one.phrase)))
  const more = each.filter(one => one.phrase.elements.length > 1)
  return more.length > 0 ? more : each
}

const subjectsOf = ({ declaration }: Phrase): readonly string[] | undefined => (declaration as { readonly subjects?: readonly string[] }).subjects
const sameSubjects = (a: Phrase, b: Phrase): boolean => { const [x, y] = [subjectsOf(a), subjectsOf(b)]; return !x || !y || x.some(s => y.includes(s)) }
