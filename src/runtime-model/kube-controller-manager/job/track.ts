import type { KubeObject } from '../../api/request.ts'
import { withoutZeros } from '../conditions.ts'
import { errorText, isOk } from '../script.ts'
import { updateStatus } from '../status-update.ts'
import { ensureCondition, jobCondition } from './conditions.ts'
import { judge } from './failure-policy.ts'
import { formatIndexes, indexOf, isIndexed } from './index-sets.ts'
import { withoutFinalizer } from './manage.ts'
import { finalizer, hasFinalizer, isFailed } from './pass.ts'
import type { Pass } from './pass.ts'

/** pods that may be uncounted at a time */
const uncountedLimit = 500

/**
 * Counts every finished pod exactly once: its uid is written to the status, then its finalizer goes, then the counter goes up. Conditions
 * that say that a Job is about to end come with the first write, those that say it has with the last. Source: trackJobStatusAndRemoveFinalizers
 */
export function track(pass: Pass, needsWrite: boolean): void {
  const tracked = new Set(pass.pods.filter(p => hasFinalizer(p) && !pass.releasing.has(p.metadata.uid)).map(p => p.metadata.uid))
  let dirty = needsWrite
  if (countReleased(pass, tracked)) dirty = true
  const { done, changed } = noteFinished(pass)
  if (noteInterim(pass) || changed) dirty = true
  let job = pass.job
  if (dirty) {
    job = write(pass, job)
    pass.io.do({ do: 'remember', in: 'backOff', key: pass.key, value: pass.backOff })
    dirty = false
  }
  const error = release(pass, done, tracked)
  if (countReleased(pass, tracked)) dirty = true
  if (error !== undefined) { if (dirty) write(pass, job); pass.io.fail(error) }
  const ended = end(pass)
  if (dirty || ended) write(pass, job)
  if (ended) report(pass)
}

/** Uids whose pods have lost their finalizer become numbers. */
function countReleased({ status }: Pass, tracked: ReadonlySet<string>): boolean {
  let changed = false
  for (const what of ['succeeded', 'failed'] as const) {
    const before: readonly string[] = status.uncountedTerminatedPods[what] ?? [], left = before.filter(uid => tracked.has(uid))
    if (left.length === before.length) continue
    changed = true
    status[what] = (status[what] ?? 0) + before.length - left.length
    status.uncountedTerminatedPods = { ...status.uncountedTerminatedPods, [what]: left }
  }
  return changed
}

/** Notes pods that are finished, or count as such; answers those whose finalizer may go. */
function noteFinished(pass: Pass): { readonly done: readonly KubeObject[]; readonly changed: boolean } {
  const { job, status, completions } = pass, indexed = isIndexed(job), done: KubeObject[] = [], newIndexes: number[] = []
  const noted = { succeeded: [...status.uncountedTerminatedPods.succeeded ?? []], failed: [...status.uncountedTerminatedPods.failed ?? []] }
  const before = noted.succeeded.length + noted.failed.length
  const over = pass.finished !== undefined, failsAll = over && pass.finished!.type !== 'SuccessCriteriaMet'
  for (const pod of indexed ? [...pass.pods].sort((a, b) => indexOf(a, completions) - indexOf(b, completions)) : pass.pods) {
    const { uid } = pod.metadata, succeeded = pod.status?.phase === 'Succeeded', failed = isFailed(pod, job), index = indexed ? indexOf(pod, completions) : 0
    if (!hasFinalizer(pod) || pass.releasing.has(uid) || !(job.metadata.deletionTimestamp !== undefined || over || succeeded || failed)) continue
    if (!over && !succeeded && job.metadata.deletionTimestamp === undefined && pass.keptForIndex.get(index)?.metadata.uid === uid) continue
    done.push(pod)
    if (succeeded && !noted.failed.includes(uid)) {
      if (!indexed) {
        if (!noted.succeeded.includes(uid)) noted.succeeded.push(uid)
      } else if (index >= 0 && !pass.succeededBefore.has(index) && !newIndexes.includes(index)) newIndexes.push(index)
    } else if ((failed || failsAll) && !noted.failed.includes(uid) && index >= 0
      && (!job.spec.podFailurePolicy || judge(job.spec.podFailurePolicy, pod).counts)) noted.failed.push(uid)
    if (newIndexes.length + noted.succeeded.length + noted.failed.length >= uncountedLimit) break
  }
  status.uncountedTerminatedPods = noted
  const changed = newIndexes.length > 0 || noted.succeeded.length + noted.failed.length !== before
  return { done, changed: indexed ? countIndexes(pass, newIndexes) || changed : changed }
}
function countIndexes({ status, succeededBefore, failedIndexes }: Pass, added: readonly number[]): boolean {
  const all = new Set([...succeededBefore, ...added]), text = formatIndexes(all), failed = failedIndexes && formatIndexes(failedIndexes)
  const changed = text !== (status.completedIndexes ?? '') || failed !== status.failedIndexes
  status.succeeded = all.size
  status.completedIndexes = text
  if (failed !== undefined) status.failedIndexes = failed
  return changed
}

/** The condition that announces the end. */
function noteInterim({ status, finished }: Pass): boolean {
  if (!finished) return false
  const before = status.conditions ?? [], has = before.some((c: any) => c.type === finished.type)
  if (!has) status.conditions = [...before, finished]
  return !has || finished.type === 'FailureTarget' && status.conditions !== before
}

/** Takes the finalizer off; the cache shows it a while longer, so it is remembered. */
function release(pass: Pass, pods: readonly KubeObject[], tracked: Set<string>): string | undefined {
  if (pods.length === 0) return undefined
  const { io, key } = pass, awaited = [...pass.releasing, ...pods.map(p => p.metadata.uid)]
  io.do({ do: 'remember', in: 'releasing', key, value: awaited })
  const answers = io.askAll(() => pods.map(pod => withoutFinalizer(pass.view.identity, pod)), pods.length)
  const refused = new Map(pods.flatMap((pod, i) => isOk(answers[i]) || answers[i].code === 404 ? [] : [[pod.metadata.uid, i] as const]))
  for (const { metadata: { uid } } of pods) if (!refused.has(uid)) tracked.delete(uid)
  if (refused.size === 0) return undefined
  const left: readonly string[] = pass.view.memory.releasing.get(key) ?? [], [first] = refused.values(), { namespace, name } = pods[first].metadata
  io.do({ do: 'remember', in: 'releasing', key, value: left.filter(uid => !refused.has(uid)) })
  return `removing ${finalizer} finalizer from pod ${namespace}/${name}: ${errorText(answers[first])}`
}

/** The Job is finished once nothing is uncounted and no pod is on its way out. Source: enactJobFinished */
function end(pass: Pass): boolean {
  const { finished, status, nowMs } = pass, { succeeded = [], failed = [] } = status.uncountedTerminatedPods
  if (!finished || succeeded.length + failed.length > 0 || (status.terminating ?? 0) > 0) return false
  const type = finished.type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed', condition = jobCondition(type, 'True', finished.reason, finished.message, nowMs)
  status.conditions = ensureCondition(status.conditions ?? [], condition)
  if (type === 'Complete') status.completionTime = condition.lastTransitionTime
  return true
}
function report({ io, job, finished, status }: Pass): void {
  if (job.spec.completions !== undefined && (status.succeeded ?? 0) > job.spec.completions) {
    io.do({
      do: 'event',
      event: { regarding: job, type: 'Warning', reason: 'TooManySucceededPods', message: 'Too many succeeded pods running after completion count reached' },
    })
  }
  io.do({
    do: 'event',
    event: finished!.type === 'SuccessCriteriaMet'
      ? { regarding: job, type: 'Normal', reason: 'Completed', message: 'Job completed' }
      : { regarding: job, type: 'Warning', reason: finished!.reason, message: finished!.message },
  })
}

function write(pass: Pass, job: KubeObject): KubeObject {
  const { uncountedTerminatedPods, active, succeeded, failed, completedIndexes, ready, terminating, ...rest } = pass.status
  const status = {
    ...rest, ...withoutZeros({ active, succeeded, failed, completedIndexes: completedIndexes || undefined }), ready, terminating,
    uncountedTerminatedPods: withoutZeros(uncountedTerminatedPods),
  }
  return updateStatus(pass.io, pass.view.identity, 'jobs.batch', job, status).body
}
