import type { ScenarioContext } from '../steps/context.ts'
import { History } from './past/history.ts'
import { PastCluster } from './past/past-cluster.ts'
import { makeClaim, mannerOf } from './watch.ts'
import type { Watched, Watching } from './watch.ts'

/**
 * What is said of an `eventually` that was so before the fault in front of it, and is looked at before anybody has noticed the fault: it holds at once, as it
 * would with `kubectl wait`, and shows nothing of what the fault will do.
 */
export function heldAtOnce(watched: Watched, { outcome }: Watching, context: ScenarioContext): string | undefined {
  const { modality, windows } = watched.ast, { at, observation } = context.beforeLatest
  if (modality.type !== 'eventually' || modality.staysMs !== undefined || windows.length > 0 || outcome.at !== at || observation === 0) return undefined
  const driver = context.driver(), history = new History(driver)
  let faulty = false
  for (let id = observation; id <= history.lastId && !faulty; id++) faulty = history.at(id)?.type === 'fault'
  if (!faulty) return undefined
  const before = new PastCluster(driver, history, observation - 1, at).driver
  return makeClaim(watched.claim, mannerOf(watched), { driver: before, context }).read().truth === 'holds'
    ? 'held before the fault already, and at once after it: say first what the fault breaks, or let time pass'
    : undefined
}
