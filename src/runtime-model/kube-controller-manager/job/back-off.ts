import { parseTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'

/** How many pods have failed since the last success, and when the last of them did: calendar ms. */
export interface BackOff { readonly failures: number; readonly lastFailure?: number }
const baseMs = 10_000, maxMs = 600_000

/** Source: pkg/controller/job/backoff_utils.go (newBackoffRecord) */
export function nextBackOff(before: BackOff | undefined, succeeded: readonly KubeObject[], failed: readonly KubeObject[]): BackOff {
  const failures = failed.map(finishedAt).sort((a, b) => a - b)
  if (succeeded.length === 0) {
    return failures.length === 0
      ? before ?? { failures: 0 }
      : { failures: (before?.failures ?? 0) + failures.length, lastFailure: failures[failures.length - 1] }
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt)), later = failures.filter(at => at > lastSuccess)
  return later.length === 0 ? { failures: 0 } : { failures: later.length, lastFailure: later[later.length - 1] }
}
/** ms until the next pod may be made: 10 s after the first failure, twice as long after each further one, ten minutes at most. */
export function waitMs({ failures, lastFailure }: BackOff, nowMs: number): number {
  return failures === 0 || lastFailure === undefined ? 0 : waitAfter(failures, lastFailure, nowMs)
}
export const waitAfter = (failures: number, lastFailure: number, nowMs: number): number =>
  Math.max(0, lastFailure + Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 20)) - nowMs)

/** calendar ms at which a pod ended, as far as its status tells. Source: getFinishedTime */
export function finishedAt(pod: KubeObject): number {
  const times: number[] = (pod.status?.containerStatuses ?? []).map((s: any) => s.state?.terminated ? parseTime(s.state.terminated.finishedAt ?? '') : NaN)
  const last = Math.max(...times)
  if (times.length > 0 && Number.isFinite(last)) return last
  const ready = pod.status?.conditions?.find((c: any) => c.type === 'Ready')
  if (ready?.status === 'False') return parseTime(ready.lastTransitionTime)
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata
  return deletionTimestamp ? parseTime(deletionTimestamp) - deletionGracePeriodSeconds * 1000 : parseTime(creationTimestamp)
}
