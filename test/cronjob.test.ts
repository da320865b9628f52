import { describe, expect, test } from 'vitest'
import { nextTime } from '../src/runtime-model/api/cron-next.ts'
import { parseCronSchedule } from '../src/runtime-model/api/cron-schedule.ts'
import { formatTime, parseTime } from '../src/runtime-model/api/time.ts'
import { due, untilNext } from '../src/runtime-model/kube-controller-manager/cronjob/schedule.ts'
import { createAll, startControllers, wishesOfAll } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const minute = 60_000
const cronJob = (name: string, spec: any = {}): any => ({
  apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name },
  spec: {
    schedule: '* * * * *',
    jobTemplate: {
      metadata: { labels: { from: 'template' } }, spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'bake:1' }] } } },
    },
    ...spec,
  },
})
const begin = (spec: any = {}): Controllers => {
  const c = startControllers()
  expect(createAll(c, cronJob('tick', spec))).toBeUndefined()
  c.settle()
  return c
}
const patch = (c: Controllers, spec: any): void => {
  expect(
    c.ask({
      verb: 'patch', group: 'batch', resource: 'cronjobs', namespace: 'default', name: 'tick', patchType: 'application/merge-patch+json', body: { spec },
    }).code
  ).toBe(200)
}
const wallMs = (c: Controllers): number => c.kernel.options.epochMs + c.kernel.now
/** to a second after the next full minute, `minutes` of them */
const pass = (c: Controllers, minutes = 1): void => c.kernel.runTo(c.kernel.now + (Math.floor(wallMs(c) / minute) + minutes) * minute - wallMs(c) + 1000)
const jobs = (c: Controllers): readonly any[] => c.stored('jobs.batch').filter(j => !j.metadata.deletionTimestamp)
const status = (c: Controllers): any => c.stored('cronjobs.batch')[0].status
const active = (c: Controllers): string[] => (status(c).active ?? []).map((a: any) => a.name)

/** answers of the library that CronJobs are scheduled with upstream: zone, schedule, after, next */
const recorded: readonly (readonly [string, string, string, string])[] = [
  ['UTC', '* * * * *', '2026-01-01T00:00:30Z', '2026-01-01T00:01:00Z'],
  ['UTC', '0 12 1 * 1', '2026-01-01T13:00:00Z', '2026-01-05T12:00:00Z'],
  ['UTC', '0 0 31 2 *', '2026-01-01T00:00:00Z', 'never'],
  ['UTC', '0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['UTC', '*/15 8-9 * * mon-fri', '2026-01-02T09:50:00Z', '2026-01-05T08:00:00Z'],
  ['Asia/Kolkata', '30 9 * * *', '2026-01-01T00:00:00Z', '2026-01-01T04:00:00Z'],
  ['America/New_York', '30 2 * * *', '2026-03-07T12:00:00Z', '2026-03-09T06:30:00Z'],
  ['America/New_York', '30 1 * * *', '2026-10-31T23:00:00Z', '2026-11-01T05:30:00Z'],
  ['America/New_York', '30 1 * * *', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
  ['America/New_York', '0 * * * *', '2026-11-01T05:00:00Z', '2026-11-01T06:00:00Z'],
  ['Europe/Berlin', '30 2 * * *', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00Z'],
  ['Europe/Berlin', '30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
  ['America/Santiago', '0 0 * * *', '2026-09-05T12:00:00Z', '2026-09-07T03:00:00Z'],
  ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T12:00:00Z', '2026-10-04T15:15:00Z'],
  ['Africa/Cairo', '0 0 * * fri', '2026-04-20T12:00:00Z', '2026-04-30T21:00:00Z'],
]
describe('when it is due', () => {
  test.each(recorded)('in %s at %s, after %s', (zone, text, after, next) => {
    const found = nextTime(parseCronSchedule(text).schedule!, parseTime(after), zone)
    expect(found === undefined ? 'never' : formatTime(found)).toBe(next)
  })
  test('@every counts from the last time', () =>
    expect(formatTime(nextTime(parseCronSchedule('@every 90m').schedule!, parseTime('2026-01-01T13:00:00Z'))!)).toBe('2026-01-01T14:30:00Z'))

  const at = (text: string, last: string, now: string, spec: any = {}) => {
    const c: any = { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' }, spec, status: { lastScheduleTime: last } }, { schedule } = parseCronSchedule(text)
    const found = due(c, schedule!, parseTime(now))
    return [found.dueMs === undefined ? 'nothing' : formatTime(found.dueMs), found.missed, untilNext(c, schedule!, parseTime(now)) / 1000]
  }
  test('of times that were missed the last one counts', () => {
    expect(at('0 * * * *', '2026-01-02T10:00:00Z', '2026-01-02T10:30:00Z')).toEqual(['nothing', 'none', 1800.1])
    expect(at('0 * * * *', '2026-01-02T10:00:00Z', '2026-01-02T11:00:00Z')).toEqual(['2026-01-02T11:00:00Z', 'none', 3600.1])
    expect(at('0 * * * *', '2026-01-02T10:00:00Z', '2026-01-02T15:20:00Z')).toEqual(['2026-01-02T15:00:00Z', 'few', 2400.1])
    expect(at('* * * * *', '2026-01-02T10:00:00Z', '2026-01-02T15:20:30Z')).toEqual(['2026-01-02T15:20:00Z', 'many', 30.1])
    expect(at('30 6-16/4 * * 1-5', '2026-01-02T10:30:00Z', '2026-01-05T07:00:00Z')).toEqual(['2026-01-05T06:30:00Z', 'few', 12600.1])
  })
  test('a deadline shortens what is looked at', () =>
    expect(at('* * * * *', '2026-01-02T10:00:00Z', '2026-01-02T15:20:30Z', { startingDeadlineSeconds: 60 })).toEqual(['2026-01-02T15:20:00Z', 'none', 30.1]))
})

describe('a CronJob', () => {
  test('makes a Job each minute, named after it, and notes what became of it', () => {
    const c = begin()
    pass(c)
    const [job] = jobs(c), last = status(c).lastScheduleTime
    expect(job.metadata.name).toBe(`tick-${parseTime(last) / minute}`)
    expect(job.metadata).toMatchObject({ annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': last }, labels: { from: 'template' } })
    expect(active(c)).toEqual([job.metadata.name])
    c.runPods(() => 'Succeeded')
    expect(active(c)).toEqual([])
    expect(status(c).lastSuccessfulTime).toBe(jobs(c)[0].status.completionTime)
    expect(c.events('tick')).toEqual([
      `Normal SuccessfulCreate: Created job ${job.metadata.name}`, `Normal SawCompletedJob: Saw completed job: ${job.metadata.name}, condition: Complete`,
    ])
    expect(wishesOfAll(c)).toEqual([])
  })
  test('is quiet until the next time, and that is known', () => {
    const c = begin({ schedule: '0 0 1 1 *' })
    expect(c.kernel.quiet).toBe(false)
    expect(formatTime(c.kernel.options.epochMs + c.kernel.nextForegroundAt())).toBe('2027-01-01T00:00:00Z')
  })
  test('that is never due is told of, and ends the matter', () => {
    const c = begin({ schedule: '0 0 31 2 *' })
    expect(c.events('tick')).toEqual(['Warning InvalidSchedule: invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second'])
    expect(c.kernel.quiet).toBe(true)
  })
  test('keeps as many ended Jobs as its limits say', () => {
    const c = begin({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 })
    for (let i = 0; i < 3; i++) { pass(c); c.runPods(() => 'Succeeded') }
    expect(jobs(c)).toHaveLength(1)
    expect(c.events('tick').filter(e => e.includes('Deleted job'))).toHaveLength(2)
  })
  test.each([['Allow', 3, 3], ['Forbid', 1, 1], ['Replace', 1, 1]] as const)(
    '%s: of three minutes with a Job that does not end %s is active', (concurrencyPolicy, count, left) => {
    const c = begin({ concurrencyPolicy })
    pass(c, 3)
    expect(active(c)).toHaveLength(count)
    expect(jobs(c)).toHaveLength(left)
    const told = c.events('tick').map(e => e.split(':')[0])
    expect(told.includes('Normal JobAlreadyActive')).toBe(concurrencyPolicy === 'Forbid')
    expect(told.includes('Normal SuccessfulDelete')).toBe(concurrencyPolicy === 'Replace')
  }
  )
  test('starts nothing while suspended, and afterwards the last that it missed', () => {
    const c = begin({ suspend: true })
    pass(c, 3)
    expect(jobs(c)).toEqual([])
    patch(c, { suspend: false })
    c.settle()
    expect(jobs(c)).toHaveLength(1)
    expect(wallMs(c) - parseTime(status(c).lastScheduleTime)).toBeLessThan(minute)
  })
  test('makes up for no start that is later than its deadline', () => {
    const c = begin({ suspend: true, schedule: '0 * * * *', startingDeadlineSeconds: 10 })
    pass(c, 90)
    patch(c, { suspend: false })
    c.settle()
    expect(jobs(c)).toEqual([])
    const d = begin({ suspend: true, startingDeadlineSeconds: 200 })
    d.kernel.runTo(d.kernel.now + 201 * minute)
    patch(d, { suspend: false })
    d.settle()
    expect(jobs(d)).toHaveLength(1)
    expect(d.events('tick').some(e => e.includes('TooManyMissedTimes'))).toBe(false)
  })
  test('more than a hundred missed starts are worth a warning', () => {
    const c = begin({ suspend: true })
    c.kernel.runTo(c.kernel.now + 150 * minute)
    patch(c, { suspend: false })
    c.settle()
    expect(c.events('tick')[0]).toBe(
      'Warning TooManyMissedTimes: too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
    )
    expect(jobs(c)).toHaveLength(1)
  })
  test('a Job that goes missing is no longer active; one that it did not make is told of', () => {
    const c = begin({ concurrencyPolicy: 'Forbid' })
    pass(c)
    c.ask({ verb: 'delete', group: 'batch', resource: 'jobs', namespace: 'default', name: active(c)[0], body: { propagationPolicy: 'Background' } })
    c.settle()
    expect(active(c)).toEqual([])
    const { apiVersion, kind, metadata: { name, uid } } = c.stored('cronjobs.batch')[0]
    createAll(c, {
      apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'manual', ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'bake:1' }] } } },
    })
    c.settle()
    expect(c.events('tick').map(e => e.split(' ').slice(1).join(' '))).toEqual(expect.arrayContaining([
      expect.stringContaining('MissingJob: Active job went missing: tick-'), 'UnexpectedJob: Saw a job that the controller did not create or forgot: manual',
    ]))
  })
  test('a zone shows in the annotation', () => {
    const c = begin({ schedule: '30 9 * * *', timeZone: 'Asia/Kolkata' })
    c.kernel.runTo(c.kernel.now + 24 * 60 * minute)
    expect(jobs(c)[0].metadata.annotations['batch.kubernetes.io/cronjob-scheduled-timestamp']).toMatch(/T09:30:00\+05:30$/)
  })
})
