import { parseCronSchedule, timeZoneError } from '../../api/cron-schedule.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatRfc1123, formatTime, parseTime } from '../../api/time.ts'
import { get } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { withoutZeros } from '../conditions.ts'
import { controllerOf, defineController, keyOf, NO_KEYS, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { due, untilNext } from '../cronjob/schedule.ts'
import { deleteJob, jobName, jobs, referenceTo, startJob } from '../cronjob/start.ts'
import { isFinished } from '../job/conditions.ts'
import { errorText, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf, updateStatus } from '../status-update.ts'

const resource = 'cronjobs.batch'
/** jobs by `namespace/name` of what controls them */
const jobsByOwnerName: Index = {
  name: 'jobs by owner name', resource: jobs,
  keysOf: job => { const owner = controllerOf(job); return owner ? [`${job.metadata.namespace}/${owner.name}`] : [] },
}

/** Starts Jobs by the clock. */
export const cronJob = defineController({
  name: 'cronjob',
  watches: [{ resource, toKeys: keysOfCronJob }, { resource: jobs, toKeys: keysOfJob }],
  indexes: [jobsByOwnerName],
  reconcile: script(begin, run),
  source: 'pkg/controller/cronjob/{cronjob_controllerv2,utils}.go',
})

// ---- what wakes it
/** A changed schedule is waited for, anything else looked at now. */
function keysOfCronJob({ name, stored, new: c }: Delta, view: View): Keys {
  if (!c || !stored || stored.spec.schedule === c.spec.schedule && stored.spec.timeZone === c.spec.timeZone) return [name]
  const { schedule } = parseCronSchedule(c.spec.schedule)
  return schedule ? [{ key: name, afterMs: untilNext(c, schedule, view.wallMs) }] : NO_KEYS
}
function keysOfJob({ stored, new: job, old }: Delta, view: View): Keys {
  const now = ownerOf(job ?? old ?? stored!, view), before = stored && ownerOf(stored, view)
  return [...before && before !== now ? [keyOf(before)] : [], ...now ? [keyOf(now)] : []]
}
function ownerOf(job: KubeObject, view: View): KubeObject | undefined {
  const owner = controllerOf(job)
  if (owner?.kind !== 'CronJob') return undefined
  const c = view.get(resource, job.metadata.namespace, owner.name)
  return c?.metadata.uid === owner.uid ? c : undefined
}

// ---- reconcile
interface Snapshot { readonly cronJob: KubeObject; readonly jobs: readonly KubeObject[]; readonly nowMs: number }
function begin(key: string, view: View): Snapshot | undefined {
  const { namespace, name } = splitKey(key), c = view.get(resource, namespace, name)
  return c && { cronJob: c, jobs: view.by(jobsByOwnerName, key), nowMs: view.wallMs }
}

/** `status` is the copy that will be written, if anything changed. */
interface Pass {
  readonly io: Script
  readonly view: View
  cronJob: KubeObject
  readonly jobs: readonly KubeObject[]
  readonly nowMs: number
  status: any
  changed: boolean
}

function run(io: Script, { cronJob: c, jobs: list, nowMs }: Snapshot, view: View): void {
  const pass: Pass = { io, view, cronJob: c, jobs: list, nowMs, status: { ...c.status }, changed: false }
  cleanUp(pass)
  noteJobs(pass)
  noteMissing(pass)
  const { waitMs, error } = pass.cronJob.metadata.deletionTimestamp === undefined ? start(pass) : NEVER
  if (pass.changed) updateStatus(io, view.identity, resource, pass.cronJob, withoutZeros({ ...pass.status }))
  if (error !== undefined) io.fail(error)
  if (waitMs !== undefined) io.do({ do: 'requeueAfter', ms: Math.max(1, waitMs) })
}
const event = ({ io, cronJob: regarding }: Pass, type: 'Normal' | 'Warning', reason: string, message: string): void =>
  io.do({ do: 'event', event: { regarding, type, reason, message } })
const isActive = ({ status }: Pass, uid: string): boolean => status.active?.some((a: any) => a.uid === uid) ?? false
function deactivate(pass: Pass, uid: string): void {
  pass.status = { ...pass.status, active: (pass.status.active ?? []).filter((a: any) => a.uid !== uid) }
  pass.changed = true
}
const endOf = (job: KubeObject): 'Complete' | 'Failed' | undefined =>
  job.status?.conditions?.find((x: any) => (x.type === 'Complete' || x.type === 'Failed') && x.status === 'True')?.type

/** The oldest of the Jobs that have ended go, beyond the limits. Source: cleanupFinishedJobs */
function cleanUp(pass: Pass): void {
  const { io, view, cronJob: c, jobs: all } = pass
  for (const [end, limit] of [['Complete', c.spec.successfulJobsHistoryLimit], ['Failed', c.spec.failedJobsHistoryLimit]] as const) {
    if (limit === undefined) continue
    const ended = all.filter(j => endOf(j) === end).sort(byStart)
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) if (deleteJob(io, view, c, job)) deactivate(pass, job.metadata.uid)
  }
}
function byStart(a: KubeObject, b: KubeObject): number {
  const left: string = a.status?.startTime ?? '~', right: string = b.status?.startTime ?? '~'
  return left < right ? -1 : left > right ? 1 : a.metadata.name < b.metadata.name ? -1 : 1
}

/** What became of the Jobs it knows, and Jobs that it does not. */
function noteJobs(pass: Pass): void {
  const { io, view } = pass
  for (const job of pass.jobs) {
    const { uid, name } = job.metadata, known = isActive(pass, uid), finished = isFinished(job)
    if (!known && !finished) {
      const fresh = io.ask(() => get(view.identity, targetOf(resource, pass.cronJob))).body
      if (fresh.status?.active?.some((a: any) => a.uid === uid)) { pass.cronJob = fresh; pass.status = { ...fresh.status }; continue }
      event(pass, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`)
    } else if (known && finished) {
      deactivate(pass, uid)
      event(pass, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${endOf(job)}`)
    }
    if (endOf(job) === 'Complete') noteSuccess(pass, job)
  }
}
function noteSuccess(pass: Pass, job: KubeObject): void {
  const at: string | undefined = job.status.completionTime, before: string | undefined = pass.status.lastSuccessfulTime
  if (at === undefined || before !== undefined && parseTime(at) <= parseTime(before)) return
  pass.status = { ...pass.status, lastSuccessfulTime: at }
  pass.changed = true
}
function noteMissing(pass: Pass): void {
  const there = new Set(pass.jobs.map(j => j.metadata.uid))
  for (const { namespace, name, uid } of pass.status.active ?? []) {
    if (there.has(uid)) continue
    const answer = pass.io.ask(() => get(pass.view.identity, { resource: jobs, namespace, name }), [404])
    if (isOk(answer)) continue
    event(pass, 'Normal', 'MissingJob', `Active job went missing: ${name}`)
    deactivate(pass, uid)
  }
}

/** How long to wait for the next time, where there is one to wait for, and what went wrong. */
interface Started { readonly waitMs?: number; readonly error?: string }
const NEVER: Started = {}
/** Starts what is due, unless it may not. */
function start(pass: Pass): Started {
  const { cronJob: c, nowMs, io, view } = pass, { schedule: text, timeZone, suspend, startingDeadlineSeconds: deadline, concurrencyPolicy } = c.spec
  const unknown = timeZone === undefined ? undefined : timeZoneError(timeZone)
  if (unknown !== undefined) { event(pass, 'Warning', 'UnknownTimeZone', `invalid timeZone: ${JSON.stringify(timeZone)}: ${unknown}`); return NEVER }
  if (suspend) return NEVER
  if (text.includes('TZ')) {
    event(
      pass, 'Warning', 'UnsupportedSchedule',
      `CRON_TZ or TZ used in schedule ${JSON.stringify(text)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`
    )
  }
  const { schedule, error } = parseCronSchedule(text)
  if (!schedule) { event(pass, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${JSON.stringify(text)} : ${error}`); return NEVER }
  const found = due(c, schedule, nowMs), next = (): Started => ({ waitMs: untilNext({ ...c, status: pass.status }, schedule, nowMs) })
  if (found.error !== undefined) { event(pass, 'Warning', 'InvalidSchedule', `invalid schedule: ${text} : ${found.error}`); return NEVER }
  if (found.dueMs === undefined) return next()
  if (found.missed === 'many') {
    event(pass, 'Warning', 'TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew')
  }
  if (deadline !== undefined && found.dueMs + deadline * 1000 < nowMs) {
    event(pass, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${formatRfc1123(found.dueMs)}`)
    return next()
  }
  const active: readonly any[] = pass.status.active ?? [], dueText = formatTime(found.dueMs)
  if (active.some(a => a.name === jobName(c, found.dueMs!)) || pass.status.lastScheduleTime === dueText) return next()
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    event(pass, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid')
    return next()
  }
  const kept = concurrencyPolicy === 'Replace' ? replaceActive(pass, active) : undefined
  if (kept !== undefined) return { error: kept }
  const { job, error: failed } = startJob(io, view, c, pass.status.active ?? [], found.dueMs)
  if (!job) return { error: failed }
  pass.status = { ...pass.status, active: [...pass.status.active ?? [], referenceTo(job)], lastScheduleTime: dueText }
  pass.changed = true
  return next()
}
/** Answers what went wrong. */
function replaceActive(pass: Pass, active: readonly any[]): string | undefined {
  const { io, view, cronJob: c } = pass
  for (const { namespace, name } of active) {
    const answer = io.ask(() => get(view.identity, { resource: jobs, namespace, name }), 'any')
    if (!isOk(answer)) { event(pass, 'Warning', 'FailedGet', `Get job: ${errorText(answer)}`); return errorText(answer) }
    if (!deleteJob(io, view, c, answer.body)) return `could not replace job ${namespace}/${name}`
    deactivate(pass, answer.body.metadata.uid)
  }
  return undefined
}
