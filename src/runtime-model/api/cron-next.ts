import type { CronSchedule } from './cron-schedule.ts'
import { civil, daysFrom } from './time.ts'

/**
 * When a schedule is due next. Where clocks change, the zone's offsets decide as they do upstream: a time that is skipped is not met that day, one
 * that comes twice is met twice. Source: github.com/robfig/cron v3 (spec.go, constantdelay.go). Offsets come from the runtime's time zone data.
 */
const minuteMs = 60_000, hourMs = 3_600_000, dayMs = 86_400_000
/** a schedule that is not met for so long never is: 31 February */
const yearsLimit = 5

/** Calendar ms of the first time after `afterMs` that the schedule meets in `zone`; undefined: none in the next five years. */
export function nextTime(schedule: CronSchedule, afterMs: number, zone = schedule.timeZone ?? 'UTC'): number | undefined {
  const whole = Math.floor(afterMs / 1000) * 1000
  return schedule.everyMs === undefined ? search(schedule, whole + 1000, zone) : whole + schedule.everyMs
}

/** Month, day, hour, minute in turn; where a larger unit rolls over, all is looked at again. */
function search(schedule: CronSchedule, from: number, zone: string): number | undefined {
  let t = from, reset = false
  const start = (unit: Partial<Wall>): void => { if (!reset) { reset = true; t = fromWall({ ...wall(t, zone), ...unit }, zone) } }
  const lastYear = wall(t, zone).year + yearsLimit
  again: for (;;) {
    if (wall(t, zone).year > lastYear) return undefined
    while (!schedule.months.includes(wall(t, zone).month)) {
      start({ day: 1, hour: 0, minute: 0, second: 0 })
      const { year, month } = wall(t, zone)
      t = fromWall({ ...wall(t, zone), year: month === 12 ? year + 1 : year, month: month % 12 + 1 }, zone)
      if (month === 12) continue again
    }
    while (!dayMatches(schedule, t, zone)) {
      start({ hour: 0, minute: 0, second: 0 })
      t = midnight(t, zone)
      if (wall(t, zone).day === 1) continue again
    }
    while (!schedule.hours.includes(wall(t, zone).hour)) {
      start({ minute: 0, second: 0 })
      t += hourMs
      if (wall(t, zone).hour === 0) continue again
    }
    while (!schedule.minutes.includes(wall(t, zone).minute)) {
      if (!reset) { reset = true; t = Math.floor(t / minuteMs) * minuteMs }
      t += minuteMs
      if (wall(t, zone).minute === 0) continue again
    }
    if (wall(t, zone).second === 0) return t
    t += (60 - wall(t, zone).second) * 1000
    reset = true
    if (wall(t, zone).minute === 0) continue again
    if (!schedule.minutes.includes(wall(t, zone).minute)) continue again
    return t
  }
}
/** The next day's midnight, or the hour that is nearest to it where there is none. */
function midnight(t: number, zone: string): number {
  const { year, month, day, ...time } = wall(t, zone), date = civil(daysFrom(year, month, day) + 1), next = fromWall({ ...date, ...time }, zone)
  const { hour } = wall(next, zone)
  return hour === 0 ? next : next + (hour > 12 ? 24 - hour : -hour) * hourMs
}
function dayMatches({ daysOfMonth, daysOfWeek, anyDayOfMonth, anyDayOfWeek }: CronSchedule, t: number, zone: string): boolean {
  const { day } = wall(t, zone), byMonth = daysOfMonth.includes(day), byWeek = daysOfWeek.includes(weekday(t, zone))
  return anyDayOfMonth || anyDayOfWeek ? byMonth && byWeek : byMonth || byWeek
}

interface Wall { readonly year: number; readonly month: number; readonly day: number; readonly hour: number; readonly minute: number; readonly second: number }
const floorMod = (a: number, b: number): number => (a % b + b) % b
function wall(t: number, zone: string): Wall {
  const local = t + offsetMs(t, zone), time = floorMod(local, dayMs)
  return {
    ...civil(Math.floor(local / dayMs)), hour: Math.floor(time / hourMs), minute: Math.floor(time / minuteMs) % 60, second: Math.floor(time / 1000) % 60,
  }
}
/** 0: Sunday */
const weekday = (t: number, zone: string): number => floorMod(Math.floor((t + offsetMs(t, zone)) / dayMs) + 4, 7)
/** Of a time that comes twice or never the zone that Go's time.Date would take. */
function fromWall({ year, month, day, hour, minute, second }: Wall, zone: string): number {
  const local = daysFrom(year, month, day) * dayMs + hour * hourMs + minute * minuteMs + second * 1000, guess = offsetMs(local, zone)
  return local - (guess === 0 ? 0 : offsetMs(local - guess, zone))
}

const formats = new Map<string, Intl.DateTimeFormat>()
/** How far a zone is ahead of UTC at `t`, ms. */
export function offsetMs(t: number, zone: string): number {
  if (zone === 'UTC' || zone === '' || zone === 'Local') return 0
  let format = formats.get(zone)
  if (!format) formats.set(zone, format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }))
  const text = format.formatToParts(t).find(p => p.type === 'timeZoneName')!.value, m = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
  return m?.[1] ? (m[1] === '-' ? -1 : 1) * (Number(m[2]) * hourMs + Number(m[3]) * minuteMs + Number(m[4] ?? 0) * 1000) : 0
}
