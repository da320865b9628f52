import type {
  AssertionAst,
  ConditionAst,
  ModalityAst,
  NamespaceScope,
  ObjectSubject,
  PredicateAst,
  Refinements,
  SetSubject,
  Span,
  SubjectAst,
  WindowAst,
} from './step-ast.ts'

/** What grammar/step.peggy finds around a predicate; these functions make the contract's AST of it. */
export interface TimingPart {
  readonly type: 'within' | 'for'
  readonly ms: number
  readonly stays?: boolean
  readonly span: Span
}
export type TailPart = TimingPart | { readonly type: 'truth' } | WindowAst
/** A window in front of the claim, in each way to read its condition. */
interface WindowsPart { readonly type: 'windows'; readonly readings: readonly WindowAst[] }
export type FrontPart = ModalityPart | WindowsPart
export type ModalityPart =
  | { readonly type: 'eventually' | 'always' | 'never' | 'stays'; readonly span: Span }
  | { readonly type: 'not' | 'filler' }
  | TimingPart
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
    | { readonly comparison: 'exactly' | 'at least' | 'at most' | 'more than'; readonly count: number }
    | null
  readonly running: boolean
  readonly kind: string
  readonly refinements: readonly (Partial<Refinements> & { readonly scope?: NamespaceScope })[]
  readonly span: Span
}
export function setSubject({ quantifier, running, kind, refinements, span }: SetParts): SetSubject {
  const { scope, ...narrowed } = Object.assign({}, ...refinements) as Refinements & { scope?: NamespaceScope }
  const counted = quantifier && 'count' in quantifier ? quantifier : undefined
  return {
    type: 'set',
    kind,
    quantifier: counted ? { type: 'count', comparison: counted.comparison, count: counted.count } : { type: 'every' },
    refinements: { ...narrowed, ...(running ? { running } : {}) },
    scope: scope ?? { type: 'default' },
    all: quantifier !== null && 'all' in quantifier,
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

/** One assertion for each way to read the clause, or why its modality and windows contradict each other. */
export function assertionsOf(
  front: readonly FrontPart[],
  { subject, modality, clause }: Statement,
  span: Span,
): (AssertionAst | { readonly contradiction: string; readonly span: Span })[] {
  const said = front.filter((part): part is ModalityPart => part.type !== 'windows')
  return clause.flatMap(({ predicate, tail }): ReturnType<typeof assertionsOf> => {
    const timing = tail.filter((part): part is TimingPart => 'ms' in part)
    const parts = [...said, ...modality, ...timing]
    const found = modalityOf(parts)
    if ('contradiction' in found) return [found]
    const negated = parts.filter(p => p.type === 'not').length % 2 === 1
    const truth = tail.some(part => part.type === 'truth')
    return windowsOf(front, tail).map(windows => ({
      type: 'assertion' as const,
      subject,
      modality: found,
      windows,
      span,
      predicate: { ...predicate, negated: predicate.negated !== negated, ...(truth ? { truth: 'node' as const } : {}) },
    }))
  })
}

/** The windows in front of a claim and behind it; a condition in front that can be read in two ways makes two of each. */
function windowsOf(front: readonly FrontPart[], tail: readonly TailPart[]): WindowAst[][] {
  const behind = tail.filter((part): part is WindowAst => 'condition' in part)
  return front.reduceRight<WindowAst[][]>((all, part) => part.type === 'windows' ? part.readings.flatMap(w => all.map(rest => [w, ...rest])) : all, [behind])
}

/** language.md §3, "Modalities". */
function modalityOf(parts: readonly ModalityPart[]): ModalityAst | { readonly contradiction: string; readonly span: Span } {
  const timed = (type: 'within' | 'for') => parts.find((p): p is TimingPart => p.type === type)
  const words = parts.filter((p): p is ModalityPart & { type: 'eventually' | 'always' | 'never'; span: Span } =>
    ['eventually', 'always', 'never'].includes(p.type),
  )
  const stays = parts.find((p): p is ModalityPart & { type: 'stays'; span: Span } => p.type === 'stays')
  const within = timed('within')
  const lasting = timed('for')
  const span = (words[0] ?? stays ?? within ?? lasting)?.span
  const at = span ? { span } : {}
  if (new Set(words.map(w => w.type)).size > 1)
    return { contradiction: `\`${words[0].type}\` and \`${words[1].type}\` contradict each other`, span: words[1].span }
  const staysSo = parts.find(p => 'stays' in p && p.stays === true)
  const word: string = words[0]?.type ?? (within || (staysSo && !stays) ? 'eventually' : stays || lasting ? 'always' : 'now')
  if (word === 'now') return { type: 'now', ...at }
  if (word === 'always' && within)
    return {
      contradiction: '`within` says until when something may come to hold, which does not go with what always holds; write `for`',
      span: within.span,
    }
  if (word === 'eventually')
    return { type: word, ...(within ? { withinMs: within.ms } : {}), ...(lasting ? { staysMs: lasting.ms } : {}), ...at }
  const forMs = lasting?.ms ?? within?.ms
  return { type: word === 'never' ? 'never' : 'always', ...(forMs !== undefined ? { forMs } : {}), ...at }
}
