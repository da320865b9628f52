import { offsetMs } from '../../api/cron-next.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { create, get, remove } from '../../network/client.ts'
import { controllerOf } from '../controller.ts'
import type { View } from '../controller.ts'
import { controllerReference } from '../pods.ts'
import { errorText, isNamespaceTerminating, isOk } from '../script.ts'
import type { Script } from '../script.ts'

/** Jobs of a CronJob: made, and removed. Source: pkg/controller/cronjob/{cronjob_controllerv2,utils}.go */
export const jobs = 'jobs.batch'
const scheduledKey = 'batch.kubernetes.io/cronjob-scheduled-timestamp'
export const jobName = (cronJob: KubeObject, dueMs: number): string => `${cronJob.metadata.name}-${Math.floor(dueMs / 60_000)}`

/** RFC 3339 in the CronJob's zone */
function zonedTime(ms: number, zone: string): string {
  const offset = offsetMs(ms, zone), minutes = Math.abs(Math.round(offset / 60_000)), two = (n: number): string => String(n).padStart(2, '0')
  return offset === 0 ? formatTime(ms) : `${formatTime(ms + offset).slice(0, -1)}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
function jobOf(cronJob: KubeObject, dueMs: number): any {
  const { metadata, spec } = cronJob.spec.jobTemplate, { labels, annotations } = metadata ?? {}
  return {
    apiVersion: 'batch/v1', kind: 'Job', spec,
    metadata: {
      name: jobName(cronJob, dueMs), namespace: cronJob.metadata.namespace, ...labels ? { labels } : undefined,
      annotations: { ...annotations, [scheduledKey]: zonedTime(dueMs, cronJob.spec.timeZone ?? 'UTC') }, ownerReferences: [controllerReference(cronJob)],
    },
  }
}
const event = (io: Script, cronJob: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void =>
  io.do({ do: 'event', event: { regarding: cronJob, type, reason, message } })

/** The Job of a time; neither Job nor error: it was there already and is somebody else's, or known. */
export function startJob(
  io: Script, view: View, cronJob: KubeObject, active: readonly any[], dueMs: number
): { readonly job?: KubeObject; readonly error?: string } {
  const body = jobOf(cronJob, dueMs), { namespace } = cronJob.metadata, answer = io.ask(() => create(view.identity, { resource: jobs, namespace }, body), 'any')
  if (isOk(answer)) { event(io, cronJob, 'Normal', 'SuccessfulCreate', `Created job ${answer.body.metadata.name}`); return { job: answer.body } }
  if (isNamespaceTerminating(answer)) return { error: errorText(answer) }
  if (answer.body?.reason === 'AlreadyExists') {
    const there = io.ask(() => get(view.identity, { resource: jobs, namespace, name: body.metadata.name })).body
    return controllerOf(there)?.uid === cronJob.metadata.uid && !active.some(a => a.uid === there.metadata.uid) ? { job: there } : {}
  }
  event(io, cronJob, 'Warning', 'FailedCreate', `Error creating job: ${errorText(answer)}`)
  return { error: errorText(answer) }
}

export function deleteJob(io: Script, view: View, cronJob: KubeObject, { metadata: { namespace, name } }: KubeObject): boolean {
  const answer = io.ask(() => remove(view.identity, { resource: jobs, namespace, name }, { propagationPolicy: 'Background' }), 'any')
  if (!isOk(answer)) { event(io, cronJob, 'Warning', 'FailedDelete', `Deleted job: ${errorText(answer)}`); return false }
  event(io, cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`)
  return true
}
export const referenceTo = ({ apiVersion, kind, metadata: { namespace, name, uid, resourceVersion } }: KubeObject): any =>
  ({ kind, namespace, name, uid, apiVersion, resourceVersion })
