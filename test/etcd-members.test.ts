import { expect, test } from 'vitest'
import { runMembersSchedule } from './support/etcd-members-schedule.ts'

/** How many schedules; `SCHEDULES=5000 npx vitest run test/etcd-members.test.ts` before a release. `SEED`: where they begin. */
const schedules = Number(process.env.SCHEDULES ?? 300), first = Number(process.env.SEED ?? 1)

test(`a group whose members come and go keeps its promises in ${schedules} schedules of changes, crashes and partitions`, () => {
  const totals = { committed: 0, failed: 0, read: 0, changed: 0, elections: 0 }, wrong: string[] = []
  for (let seed = first; seed < first + schedules && wrong.length < 5; seed++) {
    try {
      const figures = runMembersSchedule(seed)
      for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += figures[key]
    } catch (error) { wrong.push(`seed ${seed}: ${(error as Error).message}`) }
  }
  expect(wrong.join('\n')).toBe('')
  for (const [what, count] of Object.entries(totals)) expect(count / schedules, what).toBeGreaterThan(0.5)
  if (process.env.SCHEDULES) console.log(totals)
}, 3_600_000)
