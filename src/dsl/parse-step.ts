import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { chooseReading, isUnderstood } from './choose-reading.ts'
import { isKnownKind, kindWords } from './kind-words.ts'
import { joinedClaims } from './joined-claims.ts'
import type { Language } from './language.ts'
import type { PhraseDeclaration, StepKind } from './phrase-declaration.ts'
import { indexPhrases } from './phrase-index.ts'
import { readingsOf, sentenceKinds } from './readings.ts'
import { farthestOf, vocabularyAt } from './vocabulary.ts'
import type { AssertionAst, StepArgument, StepAst, SubjectAst } from './step-ast.ts'
import { wordsOf, type TextWord } from './text-words.ts'

export interface StepDeclaration extends PhraseDeclaration {
  readonly kind: StepKind
}
/** `subjects`: which types of subject it can be said of (a set, a binding and an object are one); absent: any. */
export interface PredicateDeclaration extends PhraseDeclaration {
  readonly subjects?: readonly SubjectAst['type'][]
  readonly misfit?: Misfit
}
/** Why something cannot be said of objects of a kind (its storage name: `deployments.apps`), as `it can be said of pods`; undefined: it can. */
export type Misfit = (resource: string, args: Readonly<Record<string, any>>) => string | undefined
export interface StepLanguage {
  readonly steps: readonly StepDeclaration[]
  readonly predicates: readonly PredicateDeclaration[]
  /** is this word a kind? as written, any case; `kind.group` is always one */
  readonly kinds?: (word: string) => boolean
  /** storage name of the kind that a word means, where it is known before a cluster runs: `deploy` → `deployments.apps` */
  readonly resourceOf?: (word: string) => string | undefined
  /** kinds to suggest when one is misspelt */
  readonly kindWords?: readonly string[]
}
export interface ParsedStep {
  readonly value?: StepAst
  readonly diagnostics: readonly Diagnostic[]
}
export interface StepParser {
  /** Columns of the diagnostics count from the step's text, on line 1. Never throws on any text. */
  parse(text: string, argument?: StepArgument): ParsedStep
  /** Has the text a reading at all? Without the search for an explanation of why not. */
  knows(text: string): boolean
  /** A sentence that the language has a meaning for, and a step of one's own too, which it hides: the warning about it. */
  hides?(text: string): Diagnostic | undefined
  /** What may stand behind a text that is not complete: words, and the names of slots and parts (`a node name`). For editors. */
  next(text: string): { readonly words: readonly string[]; readonly parts: readonly string[] }
  /** The same language where these words (in lower case) are kinds too: those that definitions of a feature bring. */
  knowing?(kinds: ReadonlySet<string>): StepParser
}

const cacheLimit = 20_000

/** A parser for a language: its steps and predicates are registered, its spine is grammar/step.peggy. */
export function createStepParser(language: StepLanguage): StepParser {
  const memo = new Map<string, boolean>()
  const known = language.kinds ?? isKnownKind
  const kind = (word: string): boolean => {
    let is = memo.get(word)
    if (is === undefined) memo.set(word, (is = known(word) || known(word.toLowerCase()) || /^[a-z][a-z0-9]*(?:\.[a-z0-9-]+)+$/.test(word)))
    return is
  }
  const indexOf = (of: StepKind) =>
    indexPhrases(
      language.steps.filter(s => s.kind === of),
      false,
    )
  const compiled: Language = {
    sentences: new Map(sentenceKinds.map(of => [of, indexOf(of)])),
    predicates: indexPhrases(language.predicates, true),
    kind,
    resourceOf: language.resourceOf ?? (() => undefined),
    kindWords: language.kindWords ?? kindWords,
    presence: language.predicates.find(p => p.id === 'present')?.id,
    rollout: language.predicates.find(p => p.id === 'rolling-out')?.id,
  }
  return parserOf(compiled)
}

function parserOf(compiled: Language): StepParser {
  const cache = new Map<string, ParsedStep>()
  return {
    knowing: kinds =>
      parserOf({ ...compiled, kind: word => compiled.kind(word) || kinds.has(word.toLowerCase()), kindWords: [...compiled.kindWords, ...kinds] }),
    parse(text, argument = {}) {
      const key = `${argument.table ? 't' : ''}${argument.docString ? 'd' : ''} ${text}`
      let parsed = cache.get(key)
      if (!parsed) {
        if (cache.size >= cacheLimit) cache.clear()
        cache.set(key, (parsed = parseOnce(text, argument, compiled)))
      }
      return parsed
    },
    knows(text) {
      const { sentences, assertions } = readingsOf(text, compiled, false)
      return sentences.length + assertions.length > 0 || escapedCommand(text) !== undefined || joinedClaims(text, of => claimOf(of, compiled)) !== undefined
    },
    next(text) {
      const read = readingsOf(text, compiled, true), far = farthestOf(read.misses)
      if (text.trim() !== '' && far.at < text.trimEnd().length) return { words: [], parts: [] }
      return { words: [...vocabularyAt(far, compiled)], parts: far.parts }
    },
  }
}

/** Where windows follow windows, every way to read them is tried: a sentence must have an end. */
const mostWords = 100

function parseOnce(text: string, argument: StepArgument, language: Language): ParsedStep {
  const words = wordsOf(text)
  if (words.length > mostWords) return { diagnostics: [tooLong(words)] }
  const misses = (of: string) => readingsOf(of, language, true).misses
  const joinedOf = (of: string): AssertionAst | undefined => joinedClaims(of, one => claimOf(one, language))
  const understood = (other: string): boolean =>
    isUnderstood({ text: other, argument, language, ...readingsOf(other, language, false) }) || joinedOf(other) !== undefined
  const read = readingsOf(text, language, false)
  const escaped = read.sentences.length > 0 ? undefined : escapedCommand(text)
  if (escaped !== undefined) return parseOnce(escaped, argument, language)
  const joined = read.sentences.length + read.assertions.length + read.contradictions.length > 0 ? undefined : joinedOf(text)
  if (joined && !argument.table && !argument.docString) return { value: joined, diagnostics: [] }
  return chooseReading({ text, argument, language, ...read, explain: () => misses(text), understanding: { understood, misses } })
}

/**
 * `I run "kubectl patch cm a -p '{"data":{"b":"c"}}'"`: where all quotation marks inside of a command stand between single ones, as JSON does, there is no other
 * end of it, and they need no backslash.
 */
function escapedCommand(text: string): string | undefined {
  const [, before, command] = /^((?:as .+ )?I run )"(.+)"$/i.exec(text) ?? []
  if (command === undefined || /\\"/.test(command)) return undefined
  const inside = command.split("'"), balanced = inside.length % 2 === 1 && inside.every((part, i) => i % 2 === 1 || !part.includes('"'))
  return balanced && command.includes('"') ? `${before}"${command.replaceAll('"', '\\"')}"` : undefined
}

/** A text with one reading, which is a claim that can be said of its subject. */
function claimOf(text: string, language: Language): AssertionAst | undefined {
  const read = readingsOf(text, language, false), understanding = { understood: () => false, misses: () => [] }
  if (read.assertions.length === 0) return undefined
  const { value } = chooseReading({ text, argument: {}, language, ...read, explain: () => [], understanding })
  return value?.type === 'assertion' ? value : undefined
}

const tooLong = (words: readonly TextWord[]): Diagnostic =>
  diagnostic({
    code: 'step-too-long',
    message: `this sentence has ${words.length} words; a step has at most ${mostWords}`,
    span: { line: 1, column: words[mostWords].start + 1, endColumn: words[mostWords].end + 1 },
    help: 'say it in several steps, or put a long text into a doc string',
  })
