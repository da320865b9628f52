import { describe, expect, it } from 'vitest'
import { runSchedule } from './support/etcd-schedule.ts'

/**
 * Members stop, crash, hang, lose power and are cut off from each other in every order, while clients write, read and watch. In each
 * schedule: no committed write is lost, revisions grow by one, a term has one leader, linearizable reads are not stale, watches
 * have no gaps, a fork in mid-run ends as the original does, and once all is well a write at every member succeeds.
 */
describe.each([1, 3, 5])('etcd of %i members keeps its promises', members => {
  it('in hundreds of schedules', () => {
    const totals = { committed: 0, failed: 0, read: 0, watched: 0, elections: 0 }
    for (let seed = 1; seed <= 700; seed++) {
      const figures = runSchedule(members, seed)
      for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += figures[key]
    }
    for (const [what, count] of Object.entries(totals)) expect(count, what).toBeGreaterThan(200)
  })
})
