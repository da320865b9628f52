import { plural } from '../base/clock.ts'
import type { SetQuantity } from '../dsl/step-ast.ts'
import type { Reading, Witness } from './claim.ts'
import { tooManyOf } from './predicates/support.ts'
import type { Watched, Watching } from './watch.ts'

/** What should have been seen, in the author's words, what was, and the short of it for under the caret. */
export interface Expectation { readonly expected: string; readonly seen: string; readonly brief: string }

export function expectationOf({ ast, claim }: Watched, { reading }: Watching, text: string): Expectation {
  const said = text.slice(ast.predicate.span.start, ast.predicate.span.end)
  const below = claim.argument.docString ? `:\n${claim.argument.docString.content.trimEnd()}` : ''
  const negation = ast.predicate.negated && !/^(?:has |have )?(?:no|not)\b/.test(said) ? 'not ' : '', never = ast.modality.type === 'never' ? 'never ' : ''
  const expected = `${never}${negation}${said.replace(/:$/, '')}${below}`
  const bare = heldText(said, ast.predicate.negated), opposite = ast.predicate.negated ? `not ${bare}` : bare
  const holding = ast.modality.type === 'never' ? opposite : bare
  if (!reading) return { expected, seen: holding, brief: holding }
  const counted = ast.subject.type === 'set' && ast.subject.quantifier.type === 'count' ? ast.subject.quantifier : undefined
  if (counted) {
    const claimed = text.slice(ast.subject.span.start, ast.predicate.span.end)
    return countedExpectation(/\bnever\b/i.test(claimed) ? claimed : never + claimed, counted, reading, { holding, opposite })
  }
  if (!reading.isSet) {
    const [witness] = reading.witnesses
    return { expected, seen: witness?.seen || holding, brief: witness?.brief ?? firstLine(witness?.seen || holding) }
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
  const what = brief ?? firstLine(seen || holding)
  return what.includes(subject.label) ? what : `${subject.label}: ${what}`
}
/** What is so when it should not be: `has no taint x` that fails has the taint. */
const heldText = (said: string, negated: boolean): string =>
  negated ? said.replace(/^(has|have) no\b/, '$1').replace(/^(?:is |are )?not /, '').replace(/^(?:does|do) not /, '') : said
const widest = 110
const firstLine = (text: string): string => { const [line] = text.split('\n'); return line.length > widest ? `${line.slice(0, widest - 1)}…` : line }
