import { formatTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'

export interface JobCondition {
  readonly type: string
  readonly status: string
  readonly lastProbeTime: string
  readonly lastTransitionTime: string
  readonly reason: string
  readonly message: string
}
export function jobCondition(type: string, status: 'True' | 'False', reason: string, message: string, nowMs: number): JobCondition {
  const now = formatTime(nowMs)
  return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message }
}
export const trueCondition = (job: KubeObject, type: string): JobCondition | undefined =>
  job.status?.conditions?.find((c: any) => c.type === type && c.status === 'True')
export const isFinished = (job: KubeObject): boolean => trueCondition(job, 'Complete') !== undefined || trueCondition(job, 'Failed') !== undefined

/** In its place, or at the end; a new one that is False is left out. The same list: nothing changed. Source: job_controller.go (ensureJobConditionStatus) */
export function ensureCondition(conditions: readonly JobCondition[], condition: JobCondition): readonly JobCondition[] {
  const current = conditions.find(c => c.type === condition.type)
  if (!current) return condition.status === 'False' ? conditions : [...conditions, condition]
  const same = current.status === condition.status && current.reason === condition.reason && current.message === condition.message
  return same ? conditions : conditions.map(c => c === current ? condition : c)
}
