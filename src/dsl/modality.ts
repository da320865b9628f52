import type { ModalityAst, Span } from './step-ast.ts'

/** `within 30s`, `for 5m`; stays: `and stays so for 5m`. */
export interface TimingPart {
  readonly type: 'within' | 'for'
  readonly ms: number
  readonly stays?: boolean
  readonly span: Span
}
type Word = 'eventually' | 'becomes' | 'always' | 'never' | 'stays'
/**
 * The words between a subject and its predicate, in their order. `auxiliary`: `does not`, `will not`, which deny the verb and not what is so, `future` of
 * what is to come. `past`: `was`, `has been`, `did not`, `stayed`. `ofSet`: of `not all pods`. `behind`: `at all times`, which stands behind the predicate.
 */
export type ModalityPart =
  | { readonly type: Word; readonly span: Span; readonly behind?: boolean; readonly past?: boolean; readonly ever?: boolean }
  | { readonly type: 'not'; readonly span: Span; readonly auxiliary?: boolean; readonly future?: boolean; readonly past?: boolean; readonly ofSet?: boolean }
  | { readonly type: 'filler'; readonly past?: boolean; readonly had?: Span }
  | TimingPart
type WordPart = Extract<ModalityPart, { readonly type: Word }>
type NotPart = Extract<ModalityPart, { readonly type: 'not' }>

/**
 * `was never down`, `has been Ready for 2m`, `did not become NotReady`: of what lies behind, the time that is said, or all since the latest `When`. What was
 * waited for (`was eventually Ready`) tells a story, and comes later; what has been once (`had 4 ready replicas`) may have been at any time.
 */
export function lookingBack(parts: readonly ModalityPart[], modality: ModalityAst): ModalityAst | Contradiction {
  if (!parts.some(p => 'past' in p && p.past)) return modality
  if (modality.type === 'always' || modality.type === 'never') return { ...modality, past: true }
  const ceased = modality.type === 'eventually' ? parts.find(p => p.type === 'not' && p.past) && parts.find(isWord) : undefined
  const once = ceased?.span ?? (modality.type === 'now' ? parts.find((p): p is Filler => p.type === 'filler' && p.had !== undefined)?.had : undefined)
  return once === undefined ? modality : {
    contradiction: 'this speaks of what has been at some time or other: write `was always …`, `always had …` or `never had …` of all the time since the latest '
      + '`When`, or say when with `while …` or `after …`; `is` and `has` say how it is now',
    span: once,
  }
}
type Filler = Extract<ModalityPart, { readonly type: 'filler' }>

interface Contradiction { readonly contradiction: string; readonly span: Span }
interface Meaning {
  readonly modality: ModalityAst
  /** does it speak of the opposite of the predicate? */
  readonly negated: boolean
}

const isWord = (part: ModalityPart): part is WordPart => ['eventually', 'becomes', 'always', 'never', 'stays'].includes(part.type)
const isNot = (part: ModalityPart): part is NotPart => part.type === 'not'
const timed = (parts: readonly ModalityPart[], type: TimingPart['type']): readonly TimingPart[] =>
  parts.filter((p): p is TimingPart => p.type === type)

/**
 * language.md §3, "Modalities". A `not` behind the word (`is eventually not Ready`) is about the predicate; one before it (`does not become
 * Ready`, `does not stay Ready`) denies the whole: what does not come to hold never holds, what does not stay so eventually is not so.
 * `existence`: the predicate is `present`, whose opposite comes to hold (`does not exist within 30s`).
 */
export function modalityOf(parts: readonly ModalityPart[], existence: boolean): Meaning | Contradiction {
  const nots = parts.filter(isNot), words = parts.filter(isWord)
  const wrong = saidTwice(parts) ?? apart(words) ?? undecided(parts, words, nots, existence)
  if (wrong) return wrong
  const firstWord = parts.findIndex(isWord)
  const denying = firstWord < 0 ? [] : nots.filter(n => parts.indexOf(n) < firstWord)
  const negated = (nots.length - denying.length) % 2 === 1
  const plain = plainOf(parts, words)
  if ('contradiction' in plain || denying.length % 2 === 0) return 'contradiction' in plain ? plain : { modality: plain, negated }
  return opposite(plain, negated, denying[0])
}

/** A time that is said twice is two times; only one of them could count. */
function saidTwice(parts: readonly ModalityPart[]): Contradiction | undefined {
  for (const type of ['within', 'for'] as const) {
    const [, second] = timed(parts, type)
    if (second) return { contradiction: `\`${type}\` is said twice`, span: second.span }
  }
  return undefined
}

/** Words that do not go together. `never becomes` is never so; of `stays` only what it stays, and how long, can be denied. */
function apart(words: readonly WordPart[]): Contradiction | undefined {
  const meaning = (w: WordPart): string => w.type === 'becomes' ? words.some(o => o.type === 'never') ? 'never' : 'eventually' : w.type
  const [first, ...others] = words
  const other = others.find(w => meaning(w) !== meaning(first) && !(meaning(w) === 'stays' && meaning(first) !== 'never'))
  return other && { contradiction: `\`${first.type}\` and \`${other.type}\` contradict each other`, span: other.span }
}

/** `does not complete within 30s`: at no moment of them, or is it enough that it is not so at one? Two readings of one sentence. */
function undecided(parts: readonly ModalityPart[], words: readonly WordPart[], nots: readonly NotPart[], existence: boolean): Contradiction | undefined {
  const between = words.length > 1 && nots.find(n => parts.indexOf(n) > parts.indexOf(words[0]) && parts.indexOf(n) < parts.indexOf(words.at(-1)!))
  if (between) return { contradiction: `\`not\` between \`${words[0].type}\` and \`${words.at(-1)!.type}\` can be read in two ways`, span: between.span }
  const [within] = timed(parts, 'within'), auxiliary = nots.find(n => n.auxiliary), ofSet = nots.find(n => n.ofSet), behind = words.find(w => w.behind)
  const lasts = words.find(w => ['always', 'never', 'stays'].includes(w.type)) ?? timed(parts, 'for').find(t => !t.stays)
  if (ofSet && lasts) {
    return {
      contradiction: 'this can be read in two ways: write `always at least 1 … not …` if one is not so at each moment, or `eventually not all …` if they cease to be so',
      span: ofSet.span,
    }
  }
  if (behind && nots.length > 0) {
    return { contradiction: 'this can be read in two ways: write `never …` if it is so at no moment, or `not always …` if it is not so at one', span: behind.span }
  }
  const future = nots.find(n => n.future)
  if (future && words.length === 0 && !within && timed(parts, 'for').length === 0) {
    return { contradiction: 'this speaks of what is to come: write `never …` of all of it (5 minutes, or `for` a time), or `is not …` of now', span: future.span }
  }
  if (!within || !auxiliary || words.length > 0 || existence) return undefined
  return {
    contradiction: 'this can be read in two ways: write `never … for` a time if it is so at no moment of it, or `eventually not … within` a time if it ceases to be so',
    span: auxiliary.span,
  }
}

function plainOf(parts: readonly ModalityPart[], words: readonly WordPart[]): ModalityAst | Contradiction {
  const [within] = timed(parts, 'within'), [lasting] = timed(parts, 'for')
  const word = words.find(w => w.type !== 'stays' && w.type !== 'becomes'), becomes = words.some(w => w.type === 'becomes')
  const stays = words.some(w => w.type === 'stays')
  const span = (words[0] ?? within ?? lasting)?.span, at = span ? { span } : {}
  const said = word?.type ?? (becomes || within || (lasting?.stays && !stays) ? 'eventually' : stays || lasting ? 'always' : 'now')
  if (said === 'now') return { type: 'now', ...at }
  if (said === 'eventually') return { type: 'eventually', ...(within ? { withinMs: within.ms } : {}), ...(lasting ? { staysMs: lasting.ms } : {}), ...at }
  if (said === 'always' && within) {
    return {
      contradiction: '`within` says until when something may come to hold, which does not go with what always holds; write `for`', span: within.span,
    }
  }
  const forMs = lasting?.ms ?? within?.ms
  return { type: said === 'never' ? 'never' : 'always', ...(forMs !== undefined ? { forMs } : {}), ...at }
}

/** What does not come to hold holds at no moment, and what does not stay so ceases at one. */
function opposite(plain: ModalityAst, negated: boolean, not: NotPart): Meaning | Contradiction {
  const at = plain.span ? { span: plain.span } : {}
  if (plain.type === 'eventually' && plain.staysMs === undefined) {
    return { modality: { type: 'never', ...(plain.withinMs === undefined ? {} : { forMs: plain.withinMs }), ...at }, negated }
  }
  if (plain.type === 'always') {
    return { modality: { type: 'eventually', ...(plain.forMs === undefined ? {} : { withinMs: plain.forMs }), ...at }, negated: !negated }
  }
  return { contradiction: 'this can be read in two ways: write `never …` of what holds at no moment, or `eventually not …`', span: not.span }
}
