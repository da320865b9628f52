import type { PredicateDeclaration } from './parse-step.ts'
import type { StepKind } from './phrase-declaration.ts'
import type { PhraseIndex } from './phrase-index.ts'

/** The registered language, compiled once per parser. */
export interface Language {
  readonly sentences: ReadonlyMap<StepKind, PhraseIndex>
  readonly predicates: PhraseIndex<PredicateDeclaration>
  readonly kind: (word: string) => boolean
  readonly resourceOf: (word: string) => string | undefined
  /** the predicate that `there is …` says of its subject */
  readonly presence?: string
  /** the predicate that is so `during the rollout of …` */
  readonly rollout?: string
  readonly kindWords: readonly string[]
}

/** What could have stood at an offset of the text: literal words, or the name of a slot or part. */
export interface Miss {
  readonly at: number
  readonly what: string | readonly string[]
}
