import type { PredicateDefinition } from '../extension.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { twinOf } from './at-once.ts'
import { watch } from './watch.ts'
import type { Watched, Watching } from './watch.ts'

/**
 * `pod db-1 is never Running until pod db-0 is Ready`, of a pod that is made once the other is ready: nobody was there while the window was open, which is what is
 * claimed, as long as there is somebody afterwards. Of what never comes it would hold however it is spelt, and stays vacuous. A copy of the cluster tells, as
 * far ahead as the observation time.
 */
export async function comesAfterwards(
  { ast, claim }: Watched, { outcome }: Watching, present: PredicateDefinition | undefined, context: ScenarioContext
): Promise<boolean> {
  const waits = ast.modality.type === 'never' && ast.windows.length === 1 && (ast.windows[0].type === 'until' || ast.windows[0].type === 'before')
  if (!waits || outcome.verdict !== 'vacuous' || outcome.why !== 'empty' || !present) return false
  const predicate = { definition: present.id, args: {}, argSpans: {}, negated: false, span: ast.predicate.span }
  const later = await watch({
    ast: { ...ast, predicate, windows: [], modality: { type: 'eventually', withinMs: context.observeMs } },
    claim: { ...claim, definition: present, predicate }, conditions: [],
  }, twinOf(context))
  return later.outcome.verdict === 'holds'
}
