import { mustBeAble } from '../../drivers/driver.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'

const longestMs = 10 * 365 * 86_400_000
const pass = defineStep({
  id: 'time-passes', kind: 'time',
  phrases: ['{duration} pass(es)', '{duration} go/goes by', '{duration} later', 'after {duration}', 'I wait {duration}', 'I wait for {duration}'],
  doc: 'Lets virtual time pass.', examples: ['45 minutes pass', '1 second passes', '1m30s pass'],
  run: (context, { duration }) =>
    duration > longestMs ? { cannotRun: 'a scenario lasts at most ten years of virtual time' } : context.driver().advance(duration),
})
/** how long a cluster may take to come to rest, ms */
const settleLimitMs = 3_600_000
const settle = defineStep({
  id: 'time-settles', kind: 'time', phrases: ['the cluster settles', 'the cluster comes to rest'],
  doc: 'Lets virtual time pass until nothing is pending that could change anything, at most an hour.', examples: ['the cluster settles'],
  async run(context) {
    const driver = context.driver()
    mustBeAble(driver, 'quiescence')
    if (await driver.runUntil(() => false, driver.now() + settleLimitMs) !== 'quiescent') {
      return { failed: 'the cluster did not come to rest within an hour: something goes on changing' }
    }
  },
})
export const time: readonly StepDefinition[] = [pass, settle]
