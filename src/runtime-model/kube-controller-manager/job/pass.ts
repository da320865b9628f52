import { formatTime, parseTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'
import type { View } from '../controller.ts'
import { isActive, isReady, isTerminating } from '../pods.ts'
import type { Script } from '../script.ts'
import { nextBackOff } from './back-off.ts'
import type { BackOff } from './back-off.ts'
import { jobCondition, trueCondition } from './conditions.ts'
import type { JobCondition } from './conditions.ts'
import { judge } from './failure-policy.ts'
import { indexOf, isIndexed, matchSuccessPolicy, parseIndexes } from './index-sets.ts'
import { countsByIndex, endsIndex, keptForIndex } from './per-index.ts'

export const finalizer = 'batch.kubernetes.io/job-tracking'
export const hasFinalizer = (pod: KubeObject): boolean => pod.metadata.finalizers?.includes(finalizer) ?? false
export const isSuspended = (job: KubeObject): boolean => job.spec.suspend ?? false
export const onlyReplacesFailed = (job: KubeObject): boolean => job.spec.podReplacementPolicy === 'Failed'
/** A pod being deleted counts as failed at once, unless only Failed ones are replaced. */
export const isFailed = (pod: KubeObject, job: KubeObject): boolean =>
  pod.status?.phase === 'Failed' || !onlyReplacesFailed(job) && pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded'

/** What a pass over a Job works on and finds out; `status` is the copy that will be written. */
export interface Pass {
  readonly io: Script
  readonly view: View
  readonly key: string
  readonly job: KubeObject
  readonly nowMs: number
  readonly now: number
  readonly pods: readonly KubeObject[]
  readonly active: readonly KubeObject[]
  /** uids whose finalizer was taken off and is still in the cache */
  readonly releasing: ReadonlySet<string>
  readonly expectationsMet: boolean
  readonly completions: number
  succeeded: number
  failed: number
  ready: number
  terminating: number
  readonly succeededBefore: ReadonlySet<number>
  readonly succeededIndexes: ReadonlySet<number>
  /** with a back-off limit per index: those that have used it up, and the failed pod of each that gets another one */
  readonly failedIndexes?: ReadonlySet<number>
  readonly keptForIndex: ReadonlyMap<number, KubeObject>
  readonly backOff: BackOff
  status: any
  finished: JobCondition | undefined
}
export interface Snapshot {
  readonly key: string
  readonly job: KubeObject
  readonly pods: readonly KubeObject[]
  readonly releasing: readonly string[]
  readonly expectationsMet: boolean
  readonly backOff?: BackOff
  readonly nowMs: number
  readonly now: number
}

/** Counts pods and judges whether the Job is over. Source: job_controller.go (syncJob) */
export function beginPass(io: Script, view: View, snapshot: Snapshot, pods: readonly KubeObject[]): Pass {
  const { job, nowMs } = snapshot, releasing = new Set(snapshot.releasing)
  const status = { ...job.status, uncountedTerminatedPods: { ...job.status?.uncountedTerminatedPods } }
  const uncounted = status.uncountedTerminatedPods, completions = job.spec.completions ?? Infinity
  const fresh = (counted: readonly string[] | undefined, test: (p: KubeObject) => boolean): KubeObject[] =>
    pods.filter(p =>
      hasFinalizer(p) && !counted?.includes(p.metadata.uid) && !releasing.has(p.metadata.uid) && (!isIndexed(job) || indexOf(p, completions) >= 0) && test(p))
  const newSucceeded = fresh(uncounted.succeeded, p => p.status?.phase === 'Succeeded'), newFailed = fresh(uncounted.failed, p => isFailed(p, job))
  const counting = newFailed.filter(p => !job.spec.podFailurePolicy || judge(job.spec.podFailurePolicy, p).counts)
  if (status.startTime === undefined && !isSuspended(job)) status.startTime = formatTime(nowMs)
  const before = new Set(isIndexed(job) ? parseIndexes(status.completedIndexes, completions) : [])
  const indexes = new Set([
    ...before,
    ...isIndexed(job) ? pods.filter(p => hasFinalizer(p) && p.status?.phase === 'Succeeded').map(p => indexOf(p, completions)).filter(i => i >= 0) : [],
  ])
  const active = pods.filter(isActive), failedIndexes = countsByIndex(job) && isIndexed(job) ? failedSoFar(job, pods, completions) : undefined
  const running = failedIndexes && new Set(active.map(p => indexOf(p, completions)))
  const pass: Pass = {
    io, view, key: snapshot.key, job, nowMs, now: snapshot.now, pods, active, releasing, expectationsMet: snapshot.expectationsMet, completions,
    succeeded: isIndexed(job) ? indexes.size : (status.succeeded ?? 0) + newSucceeded.length + (uncounted.succeeded?.length ?? 0),
    failed: (status.failed ?? 0) + counting.length + (uncounted.failed?.length ?? 0), ready: active.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    succeededBefore: before, succeededIndexes: indexes, failedIndexes,
    keptForIndex: !failedIndexes ? new Map()
      : keptForIndex(fresh(undefined, p => isFailed(p, job)), completions, i => indexes.has(i) || failedIndexes.has(i) || running!.has(i)),
    backOff: nextBackOff(snapshot.backOff, newSucceeded, newFailed), status, finished: undefined,
  }
  pass.finished = outcome(pass)
  return pass
}
/** Source: calculateFailedIndexes */
const failedSoFar = (job: KubeObject, pods: readonly KubeObject[], completions: number): Set<number> => new Set([
  ...parseIndexes(job.status?.failedIndexes, completions),
  ...pods.filter(p => hasFinalizer(p) && isFailed(p, job) && indexOf(p, completions) >= 0 && endsIndex(job, p)).map(p => indexOf(p, completions)),
])

/** Why the Job is over, if it is: what was decided earlier holds, then failure policy, back-off limit, deadline, failed indexes, success policy. */
function outcome(pass: Pass): JobCondition | undefined {
  const { job, nowMs, io } = pass, decided = trueCondition(job, 'SuccessCriteriaMet') ?? trueCondition(job, 'FailureTarget')
  if (decided) return decided
  const failJob = job.spec.podFailurePolicy
    && pass.pods.filter(p => isFailed(p, job)).map(p => judge(job.spec.podFailurePolicy, p).failJob).find(m => m !== undefined)
  if (failJob) return jobCondition('FailureTarget', 'True', 'PodFailurePolicy', failJob, nowMs)
  if (pass.failed > job.spec.backoffLimit || restartsPastLimit(job, pass.pods)) {
    return jobCondition('FailureTarget', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit', nowMs)
  }
  const deadline = job.spec.activeDeadlineSeconds
  if (deadline !== undefined && !isSuspended(job) && pass.status.startTime !== undefined) {
    const leftMs = parseTime(pass.status.startTime) + deadline * 1000 - nowMs
    if (leftMs <= 0) return jobCondition('FailureTarget', 'True', 'DeadlineExceeded', 'Job was active longer than specified deadline', nowMs)
    io.do({ do: 'requeueAfter', ms: leftMs })
  }
  const failed = pass.failedIndexes?.size ?? 0, { maxFailedIndexes } = job.spec
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
    return jobCondition('FailureTarget', 'True', 'MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes', nowMs)
  }
  if (failed > 0 && failed + pass.succeededIndexes.size >= pass.completions) {
    return jobCondition('FailureTarget', 'True', 'FailedIndexes', 'Job has failed indexes', nowMs)
  }
  const matched = isIndexed(job) ? matchSuccessPolicy(job.spec.successPolicy, pass.completions, pass.succeededIndexes) : undefined
  return matched === undefined ? undefined : jobCondition('SuccessCriteriaMet', 'True', 'SuccessPolicy', matched, nowMs)
}

/** With restartPolicy OnFailure the restarts of containers count, too. */
function restartsPastLimit(job: KubeObject, pods: readonly KubeObject[]): boolean {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const pod of pods) {
    if (pod.status?.phase === 'Running' || pod.status?.phase === 'Pending') {
      for (const s of [...pod.status.initContainerStatuses ?? [], ...pod.status.containerStatuses ?? []]) restarts += s.restartCount ?? 0
    }
  }
  return job.spec.backoffLimit === 0 ? restarts > 0 : restarts >= job.spec.backoffLimit
}
