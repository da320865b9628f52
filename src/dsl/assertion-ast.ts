import { lookingBack, modalityOf } from './modality.ts'
import type { ModalityPart, TimingPart } from './modality.ts'
import type {
  AssertionAst,
  ConditionAst,
  NamespaceScope,
  ObjectSubject,
  PredicateAst,
  Refinements,
  SetQuantity,
  SetSubject,
  Span,
  SubjectAst,
  WindowAst,
} from './step-ast.ts'

/** What grammar/step.peggy finds around a predicate; these functions make the contract's AST of it. */
export type TailPart = TimingPart | { readonly type: 'truth' } | { readonly type: 'always'; readonly behind: true; readonly span: Span } | WindowAst
/** A window in front of the claim, in each way to read its condition. */
interface WindowsPart { readonly type: 'windows'; readonly readings: readonly WindowAst[] }
export type FrontPart = ModalityPart | WindowsPart
/** A predicate and what stands behind it: one way to read the end of a sentence. */
export interface ClauseReading {
  readonly predicate: PredicateAst
  readonly tail: readonly TailPart[]
}
export interface Statement {
  readonly subject: SubjectAst
  readonly modality: readonly ModalityPart[]
  readonly clause: readonly ClauseReading[]
}

export function objectSubject(kind: string, name: string, namespace: string | null, span: Span): ObjectSubject {
  const slash = name.indexOf('/')
  const inside = namespace ?? (slash > 0 ? name.slice(0, slash) : undefined)
  return { type: 'object', kind, name: slash > 0 ? name.slice(slash + 1) : name, ...(inside ? { namespace: inside } : {}), span }
}

export interface SetParts {
  readonly quantifier:
    | { readonly all: true }
    | SetQuantity & { readonly all?: true }
    | null
  readonly running: boolean
  readonly kind: string
  readonly single?: true
  readonly names?: readonly string[]
  readonly refinements: readonly (Partial<Refinements> & { readonly scope?: NamespaceScope })[]
  readonly span: Span
}
/** Labels add up. Of two owners, nodes or namespaces only one would be looked at. */
export const saidOnce = (refinements: SetParts['refinements']): boolean =>
  (['owner', 'node', 'scope'] as const).every(part => refinements.filter(r => r[part] !== undefined).length < 2)

const counted = ({ all: _, ...quantity }: SetQuantity & { readonly all?: true }): SetSubject['quantifier'] => ({ type: 'count', ...quantity })

export function setSubject({ quantifier, running, kind, refinements, single, names, span }: SetParts): SetSubject {
  const { scope, ...said } = Object.assign({}, ...refinements) as Refinements & { scope?: NamespaceScope }
  const selectors = refinements.flatMap(r => r.selector ?? [])
  const narrowed = selectors.length > 0 ? { ...said, selector: selectors.join(',') } : said
  return {
    type: 'set',
    kind,
    quantifier: quantifier && 'count' in quantifier ? counted(quantifier) : { type: 'every' },
    refinements: { ...narrowed, ...(running ? { running } : {}) },
    scope: scope ?? { type: 'default' },
    all: quantifier !== null && 'all' in quantifier,
    ...(single ? { single } : {}),
    ...(names ? { names } : {}),
    span,
  }
}

/** `on the node` directly behind a predicate belongs to it. */
export function withTruth(predicate: PredicateAst, tail: readonly TailPart[]): ClauseReading {
  return tail[0]?.type === 'truth' ? { predicate: { ...predicate, truth: 'node' }, tail: tail.slice(1) } : { predicate, tail }
}

export function conditionsOf(
  subject: SubjectAst,
  negated: boolean,
  clause: readonly ClauseReading[],
): { condition: ConditionAst; tail: readonly TailPart[] }[] {
  return clause.map(({ predicate, tail }) => ({
    condition: {
      subject,
      predicate: { ...predicate, negated: predicate.negated !== negated },
      span: { start: subject.span.start, end: predicate.span.end },
    },
    tail,
  }))
}

/** `during the rollout of deployment web`: while it is rolling out. */
export const rolloutOf = (definition: string | undefined) => (subject: ObjectSubject, span: Span): WindowAst => ({
  type: 'while', condition: { subject, predicate: { definition: definition ?? '', args: {}, argSpans: {}, span, negated: false }, span }, span,
})

/** One assertion for each way to read the clause, or why its modality and windows contradict each other. */
export function assertionsOf(
  front: readonly FrontPart[],
  { subject, modality, clause }: Statement,
  span: Span,
  presence: string | undefined,
): (AssertionAst | { readonly contradiction: string; readonly span: Span })[] {
  const said = front.filter((part): part is ModalityPart => part.type !== 'windows')
  return clause.flatMap(({ predicate, tail }): ReturnType<typeof assertionsOf> => {
    const timing = tail.filter((part): part is TimingPart | Extract<TailPart, { type: 'always' }> => 'ms' in part || part.type === 'always')
    const parts = [...said, ...modality, ...timing]
    const isPresence = predicate.definition === presence
    const found = (isPresence ? undefined : becomesOfNone(subject, modality)) ?? modalityOf(parts, isPresence)
    if ('contradiction' in found) return [found]
    const truth = tail.some(part => part.type === 'truth'), windowed = windowsOf(front, tail)
    const looked = windowed.every(windows => windows.length === 0) ? lookingBack(parts, found.modality) : found.modality
    return 'contradiction' in looked ? [looked] : windowed.map(windows => ({
      type: 'assertion' as const,
      subject,
      modality: looked,
      windows,
      span,
      predicate: { ...predicate, negated: predicate.negated !== found.negated, ...(truth ? { truth: 'node' as const } : {}) },
    }))
  })
}

/** `none of the pods becomes Ready`: does none come to be so, or does it come to be so of none? `eventually` is the latter, by its definition. */
function becomesOfNone(subject: SubjectAst, modality: readonly ModalityPart[]): { readonly contradiction: string; readonly span: Span } | undefined {
  const word = subject.type === 'set' && isNone(subject.quantifier) ? modality.find(part => part.type === 'becomes') : undefined
  return word && 'span' in word ? {
    contradiction: 'this can be read in two ways: write `no … is ever …` if it is so of none at any time, or `eventually no … is …` if there comes a time at which it is so of none',
    span: word.span,
  } : undefined
}
export const isNone = (quantifier: SetSubject['quantifier']): boolean =>
  quantifier.type === 'count' && quantifier.comparison === 'exactly' && quantifier.count === 0

/** The windows in front of a claim and behind it; a condition in front that can be read in two ways makes two of each. */
function windowsOf(front: readonly FrontPart[], tail: readonly TailPart[]): WindowAst[][] {
  const behind = tail.filter((part): part is WindowAst => 'condition' in part)
  return front.reduceRight<WindowAst[][]>((all, part) => part.type === 'windows' ? part.readings.flatMap(w => all.map(rest => [w, ...rest])) : all, [behind])
}
