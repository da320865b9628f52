import { parseTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'

/** How many pods have failed since the last success, and when the last of them did: calendar ms. */
export interface BackOff { readonly failures: number; readonly lastFailure?: number }
const baseMs = 10_000, maxMs = 600_000

/** Source: pkg/controller/job/backoff_utils.go (newBackoffRecord) */
export function nextBackOff(before: BackOff | undefined, succeeded: readonly KubeObject[], failed: readonly KubeObject[], nowMs: number): BackOff {
  const failures = failed.map(p => finishedAt(p, nowMs)).sort((a, b) => a - b)
  if (succeeded.length === 0) {
    return failures.length === 0
      ? before ?? { failures: 0 }
      : { failures: (before?.failures ?? 0) + failures.length, lastFailure: failures[failures.length - 1] }
  }
  const lastSuccess = Math.max(...succeeded.map(p => finishedAt(p, nowMs))), later = failures.filter(at => at > lastSuccess)
  return later.length === 0 ? { failures: 0 } : { failures: later.length, lastFailure: later[later.length - 1] }
}
/** ms until the next pod may be made: 10 s after the first failure, twice as long after each further one, ten minutes at most. */
export function waitMs({ failures, lastFailure }: BackOff, nowMs: number): number {
  return failures === 0 || lastFailure === undefined ? 0 : Math.max(0, lastFailure + Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 20)) - nowMs)
}

function finishedAt(pod: KubeObject, nowMs: number): number {
  const times = [...pod.status?.containerStatuses ?? [], ...pod.status?.initContainerStatuses ?? []].map((s: any) =>
    s.state?.terminated ? parseTime(s.state.terminated.finishedAt ?? '') : NaN)
  const last = Math.max(...times)
  if (times.length > 0 && Number.isFinite(last)) return last
  const ready = pod.status?.conditions?.find((c: any) => c.type === 'Ready')
  if (ready?.status === 'False') return parseTime(ready.lastTransitionTime)
  return pod.metadata.deletionTimestamp ? parseTime(pod.metadata.deletionTimestamp) - (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000 : nowMs
}
