import type { PredicateAst, StepArgument, SubjectAst } from '../dsl/step-ast.ts'
import type { PredicateContext, PredicateDefinition, PredicateResult, ReferenceMoment, ResolvedSubject } from '../extension.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import type { Place } from './subjects/index.ts'
import type { Truth } from './temporal.ts'

/** How a claim is looked at, which modality and windows decide. */
export interface Manner {
  /** who is judged: the members at the opening of the window, or those of each moment */
  readonly members: 'at opening' | 'of each moment'
  /** what an absent object means: the claim fails; nothing yet, until it is there; nothing at all (`never`) */
  readonly absent: 'fails' | 'not yet' | 'empty'
  /** `never` of a set: one member is enough */
  readonly any: boolean
  /** what is waited for: a set is not who it will be while the controller of its owner has not seen the latest spec */
  readonly settled?: boolean
  /** what has not been made yet, and is made later, is not gone yet */
  readonly unborn?: boolean
}

/** What is seen of the subject at a moment. */
export interface Reading {
  readonly truth: Truth
  readonly notModelled?: string
  /** those for whom it does not hold (of `any`: for whom it does), the first few; read at once, before the claim is fed again */
  readonly witnesses: readonly Witness[]
  /** of how many it is said, and for how many it holds */
  readonly total: number
  /** how many of them are on their way out, where it is counted who is there */
  readonly leaving?: number
  readonly satisfied: number
  readonly isSet: boolean
}
/** `seen`: instead of what is claimed; empty: what is claimed, where it should not be */
export interface Witness { readonly subject: ResolvedSubject; readonly seen: string; readonly brief?: string }

export interface ClaimParts {
  readonly subject: SubjectAst
  readonly predicate: PredicateAst
  readonly definition: PredicateDefinition
  readonly argument: StepArgument
}

/** One subject and one predicate, followed through time. */
export interface Claim {
  readonly parts: ClaimParts
  /** Something happened: may it have changed the truth? */
  note(o: Observation): boolean
  /** Reads from another moment on (the past has become the present). */
  moveTo(place: Place): void
  /** The truth now. */
  read(): Reading
}

export const witnessLimit = 5
export const witnessOf = (subject: ResolvedSubject, result: PredicateResult): Witness => result === true || 'notModelled' in result
  ? { subject, seen: '' }
  : { subject, seen: result.no, ...(result.brief === undefined ? {} : { brief: result.brief }) }

/** Asks the predicate of one subject. An absent object answers only what is said of absence; negation turns the rest around. */
export function ask(
  { definition, predicate, argument }: ClaimParts, subject: ResolvedSubject, place: Place, reference: ReferenceMoment | undefined, any = false
): PredicateResult {
  const about: PredicateContext = { driver: place.driver, context: place.context, ast: predicate, argument, reference, any }
  return negate(definition.test(subject, predicate.args, about), predicate.negated)
}
export function negate(result: PredicateResult, negated: boolean): PredicateResult {
  if (!negated || (result !== true && ('notModelled' in result || result.moot !== undefined))) return result
  return result === true ? { no: '' } : true
}

/** Nothing to judge; what neither holds nor does not hold is no reason for `never` to hold either. */
export const isEmpty = (result: PredicateResult, any: boolean): boolean =>
  result !== true && 'no' in result && (result.moot === 'nothing' || (any && result.moot === 'moot'))

/** Is it there, as far as this predicate asks? */
export const isThere = (subject: ResolvedSubject, { definition }: ClaimParts): boolean =>
  subject.object !== undefined || definition.existence === true || definition.relative === true || !['object', 'container', 'file'].includes(subject.type)

/** May an observation about an object, or about pods on their nodes, change what a predicate reads of members of this resource? */
export const readsNode = ({ definition, predicate }: ClaimParts, o: Observation): boolean =>
  (predicate.truth === 'node' && (o.type === 'container' || o.type === 'podStatus' || o.type === 'nodePower')) || definition.reads?.(o) === true
