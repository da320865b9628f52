import type { Misfit } from './dsl/parse-step.ts'
import type { PhraseDeclaration, StepKind } from './dsl/phrase-declaration.ts'
import type { SentenceAst, StepArgument, SubjectAst, PredicateAst } from './dsl/step-ast.ts'
import type { Driver, PodTruth } from './drivers/driver.ts'
import type { ScenarioContext } from './steps/context.ts'
import type { OwnParameterType, OwnStep } from './own-steps/own-step.ts'
import type { Reporter } from './reporters/reporter.ts'
import type { ModelAdditions } from './runtime-model/additions.ts'
import type { Observation } from './runtime-model/kernel/observation.ts'
import type { KindDefinition } from './runtime-model/kinds/kind.ts'

/** Everything a config or the built-ins may register. Built-ins enter through the same type. */
export interface Extension extends ModelAdditions {
  readonly name: string
  /** steps as phrases of the language */
  readonly steps?: readonly StepDefinition[]
  /** steps as Cucumber Expressions, and the parameter types that they use */
  readonly ownSteps?: readonly OwnStep[]
  readonly parameterTypes?: readonly OwnParameterType[]
  /** custom resources: served, stored, spoken of and printed as built-in kinds are */
  readonly kinds?: readonly KindDefinition[]
  readonly reporters?: readonly Reporter[]
  readonly predicates?: readonly PredicateDefinition[]
}

/** A sentence of kind world, action, fault, time, or a trace assertion (`sentence`). */
export interface StepDefinition extends PhraseDeclaration {
  readonly kind: StepKind
  readonly doc: string
  /** each parses to this step and to nothing else; the step reference shows the first */
  readonly examples: readonly string[]
  /** upstream page or file of the rule behind it */
  readonly source?: string
  /** does it; returns a refusal as a value, throws only for our own mistakes */
  run(context: ScenarioContext, args: Readonly<Record<string, any>>, step: BoundSentence): StepOutcome | Promise<StepOutcome>
}

export interface BoundSentence { readonly ast: SentenceAst; readonly argument: StepArgument; readonly text: string }

/** void: fine. `failed`: the step failed, say why. `notModelled`: inconclusive. `cannotRun`: undefined as written. */
export type StepOutcome = void | { readonly failed: string; readonly notes?: readonly string[]; readonly why?: readonly string[]; readonly atFault?: string }
  | { readonly vacuous: string } | { readonly notModelled: string } | { readonly cannotRun: string }

/** A predicate: what can be said of a subject. */
export interface PredicateDefinition extends PhraseDeclaration {
  readonly doc: string
  readonly subjects: readonly SubjectAst['type'][]
  /** kinds of which it makes no sense; absent: said of any */
  readonly misfit?: Misfit
  readonly examples: readonly string[]
  readonly source?: string
  /** which observations, beside those of the subject itself, can change its truth; absent: none, but any for a predicate of a config */
  readonly reads?: (observation: Observation) => boolean
  /**
   * compared with the moment that the window opened (`unaffected`, `unchanged`) rather than judged alone; `in windows`: with no window it counts from the start
   */
  readonly relative?: boolean | 'in windows'
  /** speaks of whether something is there at all (`gone`, `present`): asked also of what is absent, and of a set that has become empty */
  readonly existence?: boolean
  /** is still so of what has gone (its Events) */
  readonly outlives?: boolean
  /** is it what an object comes to on its way to taking traffic (running, ready, counted)? Then a failure names the stage at which it has got stuck */
  readonly progress?: boolean | ((args: Readonly<Record<string, any>>) => boolean)
  /** the step that makes it so of a subject called `label`, where nothing else does: told of what is waited for in vain */
  readonly madeSo?: (label: string, args: Readonly<Record<string, any>>) => string | undefined
  /** what has come to be so stays so: `has never restarted` is asked of now */
  readonly cumulative?: boolean
  /** may change as time goes by, without anything that is observed */
  readonly volatile?: boolean
  test(subject: ResolvedSubject, args: Readonly<Record<string, any>>, at: PredicateContext): PredicateResult
  /** said of a set as a whole (`are spread evenly over …`) rather than of each member */
  testSet?(members: readonly ResolvedSubject[], args: Readonly<Record<string, any>>, at: PredicateContext): PredicateResult
}

/**
 * `no`: what is seen instead; `brief`: the same in a few words, where that is long. `moot`: neither it nor its opposite can be said, so that a negation
 * does not hold either; `stale`: the same of a status that is not of the latest spec, which for `never` does not say so; `nothing`: there is nothing
 * yet to judge (no request was sent), which shows nothing if it stays so.
 */
export type PredicateResult = true | { readonly notModelled: string }
  | { readonly no: string; readonly brief?: string; readonly moot?: 'moot' | 'stale' | 'nothing' }

/** One subject as it is at a moment: an API object, a component, an outcome … */
export interface ResolvedSubject {
  readonly type: SubjectAst['type']
  /** how a reader calls it: `pod catalog`, `kube-scheduler` */
  readonly label: string
  readonly ref?: {
    readonly group: string; readonly kind: string; readonly resource: string; readonly namespace?: string; readonly name: string; readonly uid?: string
  }
  /** the stored object, or undefined when absent */
  readonly object?: any
  /** of the kind, where it has one: what its STATUS column says */
  readonly statusWord?: (object: any, nowMs: number) => string
  readonly ast: SubjectAst
}

export interface PredicateContext {
  readonly driver: Driver
  readonly context: ScenarioContext
  readonly ast: PredicateAst
  readonly argument: StepArgument
  /** what relative predicates compare with: the subject as it was when the window opened */
  readonly reference?: ReferenceMoment
  /** is it asked whether it is so at any moment (`never`)? Then what a status still says counts, though it is of an older spec */
  readonly any?: boolean
}

/** A subject as it was: its object, a pod's truth on its node, and the cluster around it at that moment. */
export interface ReferenceMoment {
  readonly object?: any
  readonly truth?: PodTruth
  readonly driver: Driver
  /** id of the latest observation at that moment */
  readonly observedTo?: number
}

export const defineStep = (definition: StepDefinition): StepDefinition => definition
export const definePredicate = (definition: PredicateDefinition): PredicateDefinition => definition
