import { moment, plural, span } from '../base/clock.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { chainTo } from './causes.ts'
import { diagnose } from './stages.ts'
import { timelineOf } from './timeline.ts'
import type { Stretch } from './timeline.ts'
import type { Outcome } from './temporal.ts'
import type { Judgement, Story } from './verdict.ts'
import type { Watched, Watching } from './watch.ts'

/** Why an assertion did not hold, as a story: what was expected and seen, when it first broke, what led to it. */
export function explain(watched: Watched, watching: Watching, context: ScenarioContext, text: string): Judgement {
  const { outcome } = watching
  if (outcome.verdict === 'holds') return { status: 'passed' }
  if (outcome.verdict === 'vacuous') return { status: 'vacuous', story: vacuous(watched, outcome, watching, text) }
  return { status: 'failed', story: violated(watched, outcome, watching, context, text) }
}

function vacuous({ ast, claim }: Watched, { why, at }: Extract<Outcome, { readonly verdict: 'vacuous' }>, { openedAt, plan }: Watching, text: string): Story {
  const said = (s: { readonly start: number; readonly end: number }): string => text.slice(s.start, s.end).trim()
  const window = ast.windows.find(w => why === 'never opened' ? w.type === 'while' || w.type === 'after' : w.type === 'before' || w.type === 'until') ?? ast.windows[0]
  const condition = window ? said(window.condition.span) : ''
  const messages = {
    'never opened': `the window never opened: \`${condition}\` never held`,
    'condition never came': `\`${condition}\` never came, so that nothing lies ${window?.type ?? 'before'} it`,
    empty: claim.subject.type === 'set' ? `there were no such ${claim.subject.kind} at any time: a set that stays empty shows nothing` : `there was no ${said(ast.subject.span)} at any time`,
    'no time': 'the window lasted no time at all, so that nothing was watched',
    'window too short': `the window closed ${openedAt === undefined ? '' : `after ${span(at - openedAt)}, `}before the ${span(plan.forMs ?? 0)} that were to be watched`,
  }
  const caret = why === 'empty' ? ast.subject.span : window?.span ?? ast.subject.span
  return { verdict: 'vacuous', message: messages[why], caret: { ...caret, says: messages[why] }, atMs: at, notes: ['a pass that shows nothing is a failure'] }
}

function violated(watched: Watched, outcome: Extract<Outcome, { readonly verdict: 'violated' }>, watching: Watching, context: ScenarioContext, text: string): Story {
  const { ast } = watched, { reading } = watching, driver = context.driver()
  const witness = reading?.witnesses[0], witnesses = reading?.witnesses ?? []
  const untilWindow = outcome.why === 'condition never came' ? ast.windows.find(w => w.type === 'until') : undefined
  const { expected, seen } = untilWindow ? { expected: text.slice(untilWindow.condition.span.start, untilWindow.condition.span.end), seen: 'it never came' } : expectation(watched, watching, text)
  const named = reading?.isSet && witness ? `${witness.subject.label}: ${firstLine(witness.seen === 'it is so' ? seen : witness.seen)}` : firstLine(seen)
  const more = reading?.isSet && witness?.subject.type !== 'set' ? others(reading.total, reading.satisfied, witnesses.length, ast) : ''
  const message = untilWindow ? `\`${text.slice(untilWindow.condition.span.start, untilWindow.condition.span.end)}\` never came` : `${named}${more}`
  const diagnosis = outcome.why === 'false' && ast.modality.type !== 'now' ? undefined : witness && diagnose(witness.subject, { driver, context })
  const subjects = witnesses.map(w => w.subject)
  const why = chainTo(watching.cause, driver)
  return {
    verdict: verdictOf(watched, outcome, watching), message, caret: { ...(untilWindow?.span ?? ast.subject.span), says: message },
    expected, seen: witnesses.length > 1 && !untilWindow ? witnesses.map(w => `${w.subject.label}: ${firstLine(w.seen)}`).join('\n') : seen, atMs: outcome.at,
    ...(why.length > 1 && !diagnosis ? { why } : diagnosis ? { why: diagnosis.why } : {}),
    ...(ast.subject.type === 'outcome' ? {} : timelineOf(driver, subjects, stretchOf(watching, outcome.at, context, diagnosis?.about))),
  }
}

function verdictOf({ ast }: Watched, { why, at }: Extract<Outcome, { readonly verdict: 'violated' }>, { plan }: Watching): string {
  const limit = plan.withinMs ?? plan.deadlineMs
  switch (why) {
    case 'false': return ast.modality.type === 'now' && ast.windows.length === 0 ? 'does not hold' : `violated at ${moment(at)}`
    case 'deadline': return `did not come to hold within ${span(limit)}`
    case 'broke': return `came to hold, and did not stay so for ${span(plan.staysMs ?? 0)}`
    case 'quiescent': return `did not come to hold: at ${moment(at)} nothing was left that could change it`
    case 'window closed': return `did not come to hold before the window closed at ${moment(at)}`
    case 'condition never came': return `the window did not end by ${moment(at)}`
  }
}

/** From the latest action or fault on, or from when the window opened, if that was before. */
function stretchOf({ openedAt }: Watching, to: number, { beforeLatest }: ScenarioContext, also: string | undefined): Stretch {
  const earlier = openedAt !== undefined && openedAt < beforeLatest.at
  return { from: earlier ? openedAt : beforeLatest.at, fromId: earlier ? 0 : beforeLatest.observation, to, also }
}

/** What should have been seen, in the author's words, and what was. */
function expectation({ ast, claim }: Watched, { reading }: Watching, text: string): { readonly expected: string; readonly seen: string } {
  const predicate = text.slice(ast.predicate.span.start, ast.predicate.span.end), negation = ast.predicate.negated && !/^(?:has |have )?(?:no|not)\b/.test(predicate) ? 'not ' : ''
  const never = ast.modality.type === 'never' ? 'never ' : ''
  const witness = reading?.witnesses[0], below = claim.argument.docString ? `:\n${claim.argument.docString.content.trimEnd()}` : ''
  const counted = ast.subject.type === 'set' && ast.subject.quantifier.type === 'count' ? ast.subject.quantifier : undefined
  if (counted && reading) {
    const number = counted.comparison === 'exactly' ? String(counted.count) : `${counted.comparison} ${counted.count}`
    return { expected: `${number} ${ast.subject.type === 'set' ? ast.subject.kind : ''} ${negation}${predicate}`, seen: `${reading.satisfied} of ${reading.total}${witness && reading.satisfied < counted.count ? ` (${witness.subject.label}: ${firstLine(witness.seen)})` : ''}` }
  }
  return { expected: `${never}${negation}${predicate}${below}`, seen: !witness?.seen || witness.seen === 'it is so' ? predicate : witness.seen }
}

/** How many others of a set it holds for, or does not. */
function others(total: number, satisfied: number, shown: number, ast: Watched['ast']): string {
  const failing = ast.modality.type === 'never' ? satisfied : total - satisfied
  return failing > 1 && shown > 0 ? `, and ${plural(failing - 1, 'other')} of ${total}` : ''
}
const firstLine = (text: string): string => text.split('\n')[0]
