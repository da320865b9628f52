import type { ScenarioFinished } from './events.ts'
import type { PlannedScenario } from './plan.ts'
import { readTags } from './tags.ts'

/** Which of the schedules of an `@explore:N` scenario is told, and what is said of it. */
export interface Told { readonly seed: number; readonly reason?: string }

/**
 * `@explore:N`: a scenario is run under N schedules, which are N seeds from its own on, and passes when it passes under each. The first under which it does
 * not pass is told, so that its seed runs it again; of those that all pass the first. With `@expect-failure` one that fails is looked for.
 */
export async function scheduleToTell(
  plan: PlannedScenario, seed: number, run: (plan: PlannedScenario, seed: number) => Promise<ScenarioFinished>
): Promise<Told> {
  const schedules = readTags(plan.tags).explore ?? 1
  if (schedules < 2) return { seed }
  const plain: PlannedScenario = { ...plan, tags: plan.tags.filter(tag => !tag.startsWith('@expect-failure')) }
  for (let i = 0; i < schedules; i++) {
    const { status } = await run(plain, seed + i)
    if (status === 'skipped') return { seed }
    if (status !== 'passed') return { seed: seed + i, reason: `schedule ${i + 1} of ${schedules}, seed ${seed + i}` }
  }
  return { seed, reason: `under ${schedules} schedules, seeds ${seed} to ${seed + schedules - 1}` }
}
