import { moment, span } from '../base/clock.ts'
import type { ScenarioContext } from '../steps/context.ts'
import type { Violated } from './temporal.ts'
import { watch } from './watch.ts'
import type { Watched, Watching } from './watch.ts'

/**
 * Too early, or never? Of a claim that was not true yet: when it comes to hold after all, as a fork of the cluster shows that is left alone from here on. Told
 * for claims about now, as far ahead as `eventually` would wait, and for those whose deadline has passed, as far as the observation time.
 */
export async function laterOf(watched: Watched, { outcome, plan }: Watching, context: ScenarioContext): Promise<string | undefined> {
  if (outcome.verdict !== 'violated' || !mayCome(watched, outcome) || !context.fork || !context.driver().fork) return undefined
  const now = watched.ast.modality.type === 'now', horizonMs = now ? plan.deadlineMs : plan.observeMs
  const at = await comesAt(watched, { withinMs: horizonMs, staysMs: plan.staysMs }, context.fork())
  if (now && at === outcome.at) return `it comes to hold at this very time, ${moment(at)}, once all that happens then has happened: \`eventually\` waits for it`
  if (now) return at === undefined ? undefined : `it comes to hold ${span(at - outcome.at)} later, at ${moment(at)}: \`eventually\` waits for it`
  return at === undefined ? `nor does it in the ${span(horizonMs)} that follow` : `it comes to hold at ${moment(at)}, ${span(at - outcome.at)} too late`
}

/** What an action answered stays as it is, and what is compared with a moment before does not come back. */
function mayCome({ ast, claim }: Watched, { why }: Violated): boolean {
  if (ast.windows.length > 0 || ast.subject.type === 'outcome' || ast.subject.type === 'traffic' || claim.definition.relative === true) return false
  return ast.modality.type === 'now' ? why === 'false' : ast.modality.type === 'eventually' && why === 'deadline'
}

async function comesAt(
  { ast, claim }: Watched, times: { readonly withinMs: number; readonly staysMs?: number }, twin: ScenarioContext
): Promise<number | undefined> {
  try {
    const { outcome } = await watch({ ast: { ...ast, modality: { type: 'eventually', ...times } }, claim, conditions: [] }, twin)
    return outcome.verdict === 'holds' ? outcome.at - (times.staysMs ?? 0) : undefined
  } catch (error) {
    if (['NotModelled', 'CannotRun', 'ShowsNothing'].includes((error as Error).name)) return undefined
    throw error
  }
}
