import { parseDuration } from '../base/duration.ts'
import { assertionsOf, conditionsOf, objectSubject, rolloutOf, saidOnce, setSubject, withTruth } from './assertion-ast.ts'
import type { ClauseReading, FrontPart, Statement, TailPart } from './assertion-ast.ts'
import { parse as parseAssertion } from './generated/assertion.js'
import { parse as parseSentence } from './generated/sentence.js'
import { isPlural } from './kind-words.ts'
import type { Language, Miss } from './language.ts'
import type { StepKind } from './phrase-declaration.ts'
import { matchPhrase, type Missed } from './phrase.ts'
import { matchPredicates } from './predicate-match.ts'
import { slotContext, type SlotContext } from './slot-context.ts'
import type { AssertionAst, PredicateAst, SentenceAst, Span } from './step-ast.ts'
import { wordsOf, type TextWord } from './text-words.ts'

export interface Readings {
  readonly sentences: readonly SentenceAst[]
  readonly assertions: readonly AssertionAst[]
  readonly contradictions: readonly { readonly contradiction: string; readonly span: Span }[]
  readonly misses: readonly Miss[]
}

export const sentenceKinds: readonly StepKind[] = ['world', 'action', 'fault', 'time', 'sentence']

/** A step's text while it is read. */
interface Reader {
  readonly text: string
  readonly words: readonly TextWord[]
  /** the text ended in a colon, which is not part of `text`: a table or a doc string follows */
  readonly colon: boolean
  readonly language: Language
  readonly context: SlotContext
  readonly misses: Miss[]
  readonly miss: (at: number, what: string) => void
  /** only where nothing fitted and the author is owed an explanation */
  readonly missedWord?: Missed
}

/** Everything that a step's text can mean; with `record` also what could have stood where nothing fitted. */
export function readingsOf(written: string, language: Language, record: boolean): Readings {
  const reader = readerOf(written, language, record)
  const found = readAssertions(reader)
  let sentences = sentenceKinds.flatMap(kind => readSentences(kind, reader))
  for (const words of sentences.length || found.length ? [] : lighter(reader.words)) {
    if (sentences.length === 0) sentences = sentenceKinds.flatMap(kind => readSentences(kind, { ...reader, words, missedWord: undefined }))
  }
  return {
    sentences,
    misses: reader.misses,
    assertions: found.filter((f): f is AssertionAst => 'type' in f),
    contradictions: found.filter((f): f is Exclude<typeof f, AssertionAst> => 'contradiction' in f),
  }
}

function readerOf(written: string, language: Language, record: boolean): Reader {
  const colon = written.endsWith(':')
  const text = (colon ? written.slice(0, -1) : written).trimEnd()
  const words = wordsOf(text)
  const misses: Miss[] = []
  const miss = (at: number, what: string): void => {
    if (record) misses.push({ at, what })
  }
  const missedWord: Missed = (index, what) => {
    misses.push({ at: words[index]?.start ?? text.length, what })
  }
  const context = slotContext(text, language, miss)
  return { text, words, colon, language, context, misses, miss, ...(record ? { missedWord } : {}) }
}

/** `the node worker-1 goes down`, `a namespace called shop`: words that no phrase has, left out one at a time, then all of them. */
function lighter(words: readonly TextWord[]): TextWord[][] {
  const articles = words.flatMap(({ lower }, i) =>
    lower === 'the' || (i > 0 && (lower === 'called' || lower === 'named')) || ((lower === 'a' || lower === 'an') && i === 0) || (['a', 'an'].includes(lower) && i > 0 && ['create', 'with'].includes(words[i - 1].lower)) ? [i] : [])
  if (articles.length === 0 || articles.length > 4) return []
  const ways = articles.map(i => words.filter((_, at) => at !== i))
  return articles.length > 1 ? [...ways, words.filter((_, at) => !articles.includes(at))] : ways
}

interface SentenceSpine {
  readonly as?: SentenceAst['as'] | null
  readonly from: number
  /** where the phrase ends if what stands behind it is `as "name"` */
  readonly to?: number
  readonly bind?: string | null
  readonly end: number
}

function readSentences(kind: StepKind, reader: Reader): SentenceAst[] {
  const { text, words, colon, language, missedWord } = reader
  const index = language.sentences.get(kind)
  const possible = kind === 'action' && words[0]?.lower === 'as'
  if (!index || words.length === 0) return []
  if (!missedWord && !possible && index.candidates(words, 0, words.length, colon).length === 0) return []
  const match = (spine: SentenceSpine, end: number, bind?: string): SentenceAst[] => {
    const [from, to] = wordRange(words, spine.from, end)
    if (missedWord) for (const phrase of index.all) matchPhrase(phrase, words, from, to, reader.context, missedWord)
    return index.candidates(words, from, to, colon).flatMap(candidate => {
      const phrase = matchPhrase(candidate, words, from, to, reader.context)
      if (!phrase) return []
      return [
        { type: kind, phrase, ...(spine.as ? { as: spine.as } : {}), ...(bind ? { bind } : {}), span: { start: 0, end: text.length } },
      ]
    })
  }
  const sentence = (spine: SentenceSpine): SentenceAst[] => {
    const whole = match(spine, spine.end)
    return whole.length > 0 || !spine.bind || spine.to === undefined ? whole : match(spine, spine.to, spine.bind)
  }
  const outcome = parseSentence(text, { peg$library: true, peg$silentFails: 1, startRule: kind, sentence })
  return outcome.peg$success ? outcome.peg$result : []
}

function readAssertions(reader: Reader): ReturnType<typeof assertionsOf> {
  const { text, words, language, miss } = reader
  if (words.length === 0 || !(reader.missedWord || mayAssert(words, language))) return []
  const predicates = predicateMatcher(reader)
  const outcome = parseAssertion(text, {
    peg$library: true,
    peg$silentFails: 1,
    startRule: 'assertion',
    kind: language.kind,
    plural: isPlural,
    duration: parseDuration,
    object: objectSubject,
    set: setSubject,
    once: saidOnce,
    miss,
    mayEnd: (from: number, to: number): boolean => predicates(from, to).length > 0,
    readings: (found: readonly { from: number; to: number; tail: readonly TailPart[] }[]): ClauseReading[] =>
      found.flatMap(({ from, to, tail }) => predicates(from, to).map(predicate => withTruth(predicate, tail))),
    conditions: conditionsOf,
    rollout: rolloutOf(language.rollout),
    holdsContainers: (kind: string): boolean => language.resourceOf(kind) === 'pods',
    existence: (span: Span, tails: readonly (readonly TailPart[])[]): ClauseReading[] => language.presence === undefined
      ? []
      : tails.map(tail => withTruth({ definition: language.presence!, args: {}, argSpans: {}, span, negated: false }, tail)),
    assertion: (front: readonly FrontPart[], statement: Statement) => assertionsOf(front, statement, { start: 0, end: text.length }, language.presence),
  })
  return outcome.peg$success ? outcome.peg$result : []
}

const openers = new Set([
  'the a an some not all every each no none at more fewer less up exactly running there eventually always never',
  'api apiserver api-server scheduler controller controller-manager control control-plane worker container file last request requests traffic',
  'within for while until after before during throughout between only containers etcd kubelet coredns one two three four five six seven eight nine ten',
  'persistent config network stateful daemon replica cron storage resource limit horizontal priority cluster endpoint',
].flatMap(words => words.split(' ')))
/** Can an assertion begin with this word? Spares the grammar most sentences. */
const mayAssert = ([{ text, lower }, second]: readonly TextWord[], language: Language): boolean =>
  openers.has(lower) || (lower === 'i' && second?.lower === 'wait') || /^(?:[$\d]|kube-|cloud-)/.test(lower) || language.kind(text) || (text.includes('/') && language.kind(text.slice(0, text.indexOf('/'))))

/** The predicates that a stretch of the text can be; the grammar asks for the same stretch more than once. */
function predicateMatcher({ words, colon, language, context, missedWord }: Reader): (from: number, to: number) => PredicateAst[] {
  const memo = new Map<number, PredicateAst[]>()
  return (fromOffset, toOffset) => {
    const key = fromOffset * 65536 + toOffset
    let found = memo.get(key)
    if (!found) {
      const [from, to] = wordRange(words, fromOffset, toOffset)
      // what is missed before the end of the text is missed again there, in more words
      const missed = to === words.length ? missedWord : undefined
      found = from >= to ? [] : matchPredicates(language.predicates, words, from, to, colon, context, missed)
      memo.set(key, found)
    }
    return found
  }
}

/** Indexes of the words that lie between two offsets of the text. */
function wordRange(words: readonly TextWord[], from: number, to: number): [number, number] {
  let start = 0
  while (start < words.length && words[start].start < from) start++
  let end = start
  while (end < words.length && words[end].end <= to) end++
  return [start, end]
}
