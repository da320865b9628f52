import { expect, test } from 'vitest'
import { runClusterSchedule } from './support/cluster-schedule.ts'

/** How many schedules; `SCHEDULES=10000 npx vitest run test/linearizability-converge.test.ts` before a release. `SEED`: where they begin. */
const schedules = Number(process.env.SCHEDULES ?? 25), first = Number(process.env.SEED ?? 1)

test(
  `controllers converge after ${schedules} schedules of stopped, hung, crashed and lost parts of a cluster: what is wanted is ready, nothing is an orphan, a second look changes nothing`,
  () => {
  const wrong: string[] = [], totals = { deployments: 0, pods: 0 }
  for (let seed = first; seed < first + schedules && wrong.length < 5; seed++) {
    const end = runClusterSchedule(seed)
    if (end.wrong.length > 0) wrong.push(`seed ${seed}: ${end.wrong.slice(0, 6).join('; ')}`)
    totals.deployments += end.deployments; totals.pods += end.pods
  }
  expect(wrong.join('\n')).toBe('')
  // clusters in which nothing is left would show nothing
  expect(totals.deployments / schedules).toBeGreaterThan(0.8)
  expect(totals.pods / schedules).toBeGreaterThan(2)
  if (process.env.SCHEDULES) console.log(totals)
}, 14_400_000
)
