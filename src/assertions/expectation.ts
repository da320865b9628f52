import { plural } from '../base/clock.ts'
import type { SetQuantity } from '../dsl/step-ast.ts'
import type { ResolvedSubject } from '../extension.ts'
import type { Reading, Witness } from './claim.ts'
import { tooManyOf } from './predicates/support.ts'
import type { Watched, Watching } from './watch.ts'

/** What should have been seen, in the author's words, what was, and the short of it for under the caret. */
export interface Expectation { readonly expected: string; readonly seen: string; readonly brief: string }

export function expectationOf({ ast, claim }: Watched, { reading }: Watching, text: string): Expectation {
  const said = text.slice(ast.predicate.span.start, ast.predicate.span.end)
  const below = claim.argument.docString ? `:\n${claim.argument.docString.content.trimEnd()}` : ''
  const verb = said.split(' ')[0], denies = ast.predicate.negated && !/^(?:has |have )?(?:no|not)\b/.test(said)
  const negation = !denies ? '' : verb in singular ? `${reading?.isSet ? 'do' : 'does'} not ` : 'not ', never = ast.modality.type === 'never' ? 'never ' : ''
  const expected = `${never}${negation}${said.replace(/:$/, '')}${below}`
  const bare = heldText(said, ast.predicate.negated, reading?.isSet === true), opposite = ast.predicate.negated ? `not ${bare}` : bare
  const holding = ast.modality.type === 'never' ? opposite : bare
  if (!reading) return { expected, seen: holding, brief: holding }
  const counted = ast.subject.type === 'set' && ast.subject.quantifier.type === 'count' ? ast.subject.quantifier : undefined
  if (counted) {
    const claimed = text.slice(ast.subject.span.start, ast.predicate.span.end)
    if (claim.definition.existence && !ast.predicate.negated && reading.satisfied > 0 && reading.satisfied === reading.total) {
      return howMany(/\bnever\b/i.test(claimed) ? claimed : never + claimed, reading)
    }
    return countedExpectation(/\bnever\b/i.test(claimed) ? claimed : never + claimed, counted, reading, { holding, opposite })
  }
  if (!reading.isSet) {
    const [witness] = reading.witnesses
    const seen = witness?.seen || holding, leaving = witness ? leaves(witness.subject, seen) : ''
    return { expected, seen: `${seen}${leaving}`, brief: `${witness?.brief ?? firstLine(seen)}${leaving}` }
  }
  return { expected, ...ofSet(reading, holding, ast.modality.type === 'never') }
}

/** A set of which each must: the first that breaks it stands for the others. */
function ofSet({ witnesses, total, satisfied }: Reading, holding: string, never: boolean): Pick<Expectation, 'seen' | 'brief'> {
  const [first] = witnesses, none = 'there are none any more'
  // an `empty` that showed nothing at any time is vacuous, and never comes here
  if (total === 0 && first?.subject.type !== 'set') return { seen: none, brief: none }
  if (!first) return { seen: holding, brief: holding }
  if (first.subject.type === 'set') return { seen: first.seen, brief: firstLine(first.seen) }
  const failing = never ? satisfied : total - satisfied
  const others = failing > 1 ? `, and ${plural(failing - 1, 'other')} of ${total}` : ''
  return { seen: witnesses.length > 1 ? linesOf(witnesses, holding, failing) : first.seen || holding, brief: `${labelled(first, holding)}${others}` }
}

/** `there are 2 pods of job bad`, and there are others: how many, and who. */
function howMany(claim: string, { total, leaving = 0, witnesses }: Reading): Expectation {
  const brief = `there ${total === 1 ? 'is' : 'are'} ${total}${leaving > 0 ? `, ${leaving} of which ${leaving === 1 ? 'is' : 'are'} Terminating` : ''}`
  const names = witnesses.length === 0 ? [] : [...witnesses.map(w => w.subject.label), ...(total > witnesses.length ? [`and ${plural(total - witnesses.length, 'other')}`] : [])]
  return { expected: claim, seen: [brief, ...names].join('\n'), brief }
}

function countedExpectation(
  claim: string, quantifier: SetQuantity, reading: Reading,
  held: { readonly holding: string; readonly opposite: string }
): Expectation {
  const { satisfied, total, witnesses, leaving = 0 } = reading, tooMany = tooManyOf(quantifier, satisfied, total)
  const brief = total === 0 ? 'there is none' : `${satisfied} of ${total}${leaving > 0 ? `, ${leaving} of which ${leaving === 1 ? 'is' : 'are'} Terminating` : ''}`
  const holding = tooMany ? held.opposite : held.holding, listed = tooMany ? satisfied : total - satisfied
  return {
    expected: claim, seen: [brief, ...(witnesses.length ? [linesOf(witnesses, holding, listed)] : [])].join('\n'),
    brief: witnesses[0] && !tooMany && listed > 0 ? `${brief} (${labelled(witnesses[0], holding)})` : brief,
  }
}

const linesOf = (witnesses: readonly Witness[], holding: string, all: number): string =>
  [...witnesses.map(w => labelled(w, holding)), ...(all > witnesses.length ? [`and ${plural(all - witnesses.length, 'other')}`] : [])].join('\n')
const labelled = ({ subject, seen, brief }: Witness, holding: string): string => {
  const what = `${brief ?? firstLine(seen || holding)}${leaves(subject, seen)}`
  return what.includes(subject.label) ? what : `${subject.label}: ${what}`
}
/** What is still there although somebody has deleted it: what is said of it would not be expected otherwise. */
const leaves = ({ type, object }: ResolvedSubject, seen: string): string =>
  type === 'object' && object?.metadata?.deletionTimestamp && !/Terminating|delet|told to end/.test(seen) ? ', being deleted' : ''
/** What is so when it should not be: `has no taint x` that fails has the taint. */
const heldText = (said: string, negated: boolean, several: boolean): string => {
  if (!negated) return said
  const bare = said.replace(/^(has|have) no\b/, '$1').replace(/^(?:is |are )?not /, '').replace(/^(?:does|do) not /, '')
  return several ? bare : bare.replace(/^[a-z]+(?= |$)/, verb => verb in singular ? singular[verb] : verb)
}
/** Verbs that stand behind `does not`, and as they stand without it. */
const singular: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  have: 'has', reach: 'reaches', resolve: 'resolves', use: 'uses', run: 'runs', lose: 'loses', print: 'prints', allow: 'allows', restart: 'restarts',
  ask: 'asks', complete: 'completes', succeed: 'succeeds', fail: 'fails', exist: 'exists', contain: 'contains',
})
const widest = 110
const firstLine = (text: string): string => { const [line] = text.split('\n'); return line.length > widest ? `${line.slice(0, widest - 1)}…` : line }
