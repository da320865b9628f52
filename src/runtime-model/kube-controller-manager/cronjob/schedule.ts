import { nextTime } from '../../api/cron-next.ts'
import type { CronSchedule } from '../../api/cron-schedule.ts'
import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'

/** When a CronJob is due, and what it has missed. Source: pkg/controller/cronjob/utils.go */
export interface Missed { readonly earliestMs: number; readonly dueMs?: number; readonly missed: 'none' | 'few' | 'many'; readonly error?: string }
/** added to a wait, against clocks that differ */
const paddingMs = 100
const many = 100

/**
 * The latest time that is due and was not met, counted from the last start or the creation. NaN is the time of a schedule that is never due. Source:
 * mostRecentScheduleTime
 */
function latestMissed(cronJob: KubeObject, schedule: CronSchedule, nowMs: number, withDeadline: boolean): Missed {
  const { startingDeadlineSeconds: deadline, timeZone } = cronJob.spec, zone = schedule.timeZone ?? timeZone ?? 'UTC'
  const next = (ms: number): number => (Number.isNaN(ms) ? undefined : nextTime(schedule, ms, zone)) ?? NaN
  let earliestMs = parseTime(cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp)
  if (withDeadline && deadline !== undefined) earliestMs = Math.max(earliestMs, nowMs - deadline * 1000)
  const first = next(earliestMs), second = next(first)
  if (nowMs < first) return { earliestMs, missed: 'none' }
  if (nowMs < second) return { earliestMs, dueMs: first, missed: 'none' }
  const betweenSeconds = Math.round((second - first) / 1000)
  if (!(betweenSeconds >= 1)) return { earliestMs, missed: 'none', error: 'time difference between two schedules is less than 1 second' }
  const count = Math.floor(Math.floor((nowMs - first) / 1000) / betweenSeconds) + 1
  let dueMs: number | undefined
  for (let t = next(first + (count - 2) * betweenSeconds * 1000); t <= nowMs; t = next(t)) dueMs = t
  return { earliestMs, dueMs, missed: count > many ? 'many' : 'few' }
}

/** Source: nextScheduleTime */
export const due = (cronJob: KubeObject, schedule: CronSchedule, nowMs: number): Missed => latestMissed(cronJob, schedule, nowMs, true)

/** How long until it is due next, ms. Source: nextScheduleTimeDuration */
export function untilNext(cronJob: KubeObject, schedule: CronSchedule, nowMs: number): number {
  const { earliestMs, dueMs, missed, error } = latestMissed(cronJob, schedule, nowMs, false)
  const from = error !== undefined ? nowMs : dueMs ?? (missed === 'none' ? earliestMs : nowMs)
  const next = nextTime(schedule, from, schedule.timeZone ?? cronJob.spec.timeZone ?? 'UTC')
  return next === undefined ? 0 : next + paddingMs - nowMs
}
