import { diagnostic } from '../../base/diagnostic.ts'
import type { AssertionAst, Quantity, SetQuantity, StepArgument } from '../step-ast.ts'
import type { Check } from './index.ts'

/** An assertion that holds whatever the cluster does shows nothing; one that never can only looks like a test. */
export const constantAssertion: Check = {
  code: 'assertion-constant',
  scenario: ({ steps, file }) =>
    steps.flatMap(step => {
      const found = step.ast?.type === 'assertion' ? whyConstant(step.ast, step.text, step.argument) : undefined
      const span = { line: step.line, column: step.column, endColumn: step.column + step.text.length }
      return found
        ? [diagnostic({ code: 'assertion-constant', severity: 'warning', message: found.why, file, span, help: 'say what would be wrong if it did not hold' })]
        : []
    }),
}

/** part of a claim that an empty text leaves without a meaning */
const contains: Readonly<Record<string, string>> = {
  'rejected-because': 'the empty text is part of every message', event: 'the empty text is part of every message',
  'fails-with': 'the empty text is part of every message',
}
/** documents that say nothing */
const says: Readonly<Record<string, readonly [empty: RegExp, why: string]>> = {
  matches: [/^\s*(?:\{\s*\}\s*|(?:(?:metadata|spec)\s*:\s*(?:\{\s*\}\s*)?)+)?$/, 'every object matches a document that says nothing'],
  'prints-lines': [/^\s*$/, 'every output holds no lines at all'],
}

/** said of a stretch of time, whose beginning is what it is compared with */
const relative: ReadonlySet<string> = new Set(['unaffected', 'unchanged'])

/** Why an assertion holds (or does not) whatever the cluster does; a run takes one that cannot fail for vacuous. */
export function whyConstant(ast: AssertionAst, text: string, argument: StepArgument): { readonly holds: boolean; readonly why: string } | undefined {
  const { subject, predicate, windows, modality } = ast
  const told = (because: string, holds: boolean) => ({ holds, why: `this ${holds ? 'cannot fail' : 'can never hold'}: ${because}` })
  const always = (because: string) => told(because, (modality.type === 'never') === predicate.negated)
  const said = Object.values(predicate.args), [empty, because] = says[predicate.definition] ?? []
  if (modality.type === 'eventually' && modality.staysMs === undefined && relative.has(predicate.definition) && !predicate.negated) {
    return told('at the opening of its window everything is as it was then; write `stays …`, or `… for` a time', true)
  }
  if (modality.type === 'eventually' && modality.staysMs === 0) return told('what stays so for no time need not stay so at all', true)
  if (said.filter(isQuantity).some(atLeastNone)) return always('`at least 0` is true of every number')
  if (subject.type === 'set' && subject.quantifier.type === 'count' && atLeastNone(subject.quantifier)) {
    return told('`at least 0` is true of every number', modality.type !== 'never')
  }
  if (subject.type === 'set' && subject.quantifier.type === 'count' && !subject.quantifier.percent && ofAbsent(predicate)) {
    return told('who belongs to such a set is there: nobody of it is absent', mayBeNone(subject.quantifier) === (modality.type !== 'never'))
  }
  const share = subject.type === 'set' && subject.quantifier.type === 'count' && subject.quantifier.percent ? shareOf(subject.quantifier) : undefined
  if (share) return told(share.because, share.holds === (modality.type !== 'never'))
  if (said.includes('') && predicate.definition === 'prints') return always('every output contains the empty text')
  if (said.includes('') && contains[predicate.definition]) return { holds: false, why: contains[predicate.definition] }
  if (empty?.test(argument.docString?.content ?? 'x')) return always(because!)
  for (const { type, condition } of windows) {
    const same = sameClaim(condition, ast, text)
    if (type === 'while' && same === 'so') return told('it is asked only while it holds', true)
    if (type === 'after' && same === 'so' && (modality.type === 'now' || (modality.type === 'eventually' && modality.staysMs === undefined))) {
      return told('it is asked only once it has come to hold', true)
    }
    if (type === 'before' && same === 'not so') return told('it is asked only as long as the opposite has not come', true)
  }
  return undefined
}

const isQuantity = (value: unknown): value is Quantity => typeof value === 'object' && value !== null && 'comparison' in value && 'count' in value
/** `no nodes are absent`, `there are not no pods`. */
const ofAbsent = ({ definition, negated }: AssertionAst['predicate']): boolean => definition === (negated ? 'present' : 'gone')
const mayBeNone = ({ comparison, count }: SetQuantity): boolean => comparison === 'at most' || (comparison !== 'more than' && count === 0)
const atLeastNone = ({ comparison, count }: Quantity): boolean => comparison === 'at least' && count === 0

/** A share of more than all, or of as many as there are at most. */
function shareOf({ comparison, count, strict }: SetQuantity): { readonly holds: boolean; readonly because: string } | undefined {
  if (comparison === 'at most' && count >= 100 && !(strict && count === 100)) return { holds: true, because: `nothing is ever more than 100 %` }
  const never = strict ? count === 0 : comparison === 'more than' ? count >= 100 : comparison === 'at least' && count > 100
  return never ? { holds: false, because: `nothing is ever ${strict ? 'less than 0' : 'more than 100'} %` } : undefined
}

/** Does a condition claim what the assertion claims, or the opposite? */
function sameClaim(one: AssertionAst['windows'][number]['condition'], { subject, predicate, modality }: AssertionAst, text: string): 'so' | 'not so' | undefined {
  const part = ({ start, end }: { start: number; end: number }): string => text.slice(start, end).toLowerCase()
  if (part(one.subject.span) !== part(subject.span) || part(one.predicate.span) !== part(predicate.span)) return undefined
  return one.predicate.negated === (predicate.negated !== (modality.type === 'never')) ? 'so' : 'not so'
}
