import type { KubeObject } from '../../api/request.ts'
import { finishedAt, waitAfter } from './back-off.ts'
import { judge } from './failure-policy.ts'
import { indexOf } from './index-sets.ts'

/**
 * Failures of an Indexed Job counted for each index apart (spec.backoffLimitPerIndex): a pod carries as an annotation how many of its index have failed
 * before it. Source: pkg/controller/job/indexed_job_utils.go, KEP-3850
 */
export const failuresKey = 'batch.kubernetes.io/job-index-failure-count', ignoredKey = 'batch.kubernetes.io/job-index-ignored-failure-count'
export const countsByIndex = (job: KubeObject): boolean => job.spec.backoffLimitPerIndex !== undefined

const read = (pod: KubeObject, key: string): number => {
  const text = pod.metadata.annotations?.[key] ?? '', count = /^\d+$/.test(text) ? Number(text) : 0
  return count > 2_147_483_647 ? 0 : count
}
/** How many of its index have failed before this pod, those that a policy ignores among them. */
const allBefore = (pod: KubeObject): number => read(pod, failuresKey) + read(pod, ignoredKey)

/** Has this failed pod used up what its index may fail? */
export function endsIndex(job: KubeObject, pod: KubeObject): boolean {
  const { action, counts } = judge(job.spec.podFailurePolicy, pod)
  return action === 'FailIndex' || counts && read(pod, failuresKey) >= job.spec.backoffLimitPerIndex
}

/** What the pod that takes the place of `replaced` carries. Source: addIndexFailureCountAnnotation */
export function failureMarks(job: KubeObject, replaced: KubeObject | undefined): Readonly<Record<string, string>> {
  if (!replaced) return { [failuresKey]: '0' }
  const counts = judge(job.spec.podFailurePolicy, replaced).counts, ignored = read(replaced, ignoredKey) + (counts ? 0 : 1)
  return { [failuresKey]: String(read(replaced, failuresKey) + (counts ? 1 : 0)), ...ignored > 0 ? { [ignoredKey]: String(ignored) } : undefined }
}

/**
 * Failed pods, one of each index that waits for the next pod: they keep their finalizer until it is there, for it takes over their count.
 * Source: getPodsWithDelayedDeletionPerIndex
 */
export function keptForIndex(failed: readonly KubeObject[], completions: number, settled: (index: number) => boolean): Map<number, KubeObject> {
  const kept = new Map<number, KubeObject>()
  for (const pod of failed) {
    const index = indexOf(pod, completions), last = kept.get(index)
    if (index < 0 || settled(index)) continue
    if (!last || allBefore(last) <= allBefore(pod) && finishedAt(pod) >= finishedAt(last)) kept.set(index, pod)
  }
  return kept
}

interface Due { readonly due: readonly number[]; /** until the first of them may, if none may now */ readonly waitMs: number }
/** The indexes whose next pod may be made now. Source: getPodCreationInfoForIndependentIndexes */
export function dueIndexes(indexes: readonly number[], kept: ReadonlyMap<number, KubeObject>, nowMs: number): Due {
  const waitOf = (index: number): number => {
    const last = kept.get(index)
    return last ? waitAfter(allBefore(last) + 1, finishedAt(last), nowMs) : 0
  }
  const due = indexes.filter(i => waitOf(i) === 0)
  return { due, waitMs: due.length > 0 || indexes.length === 0 ? 0 : Math.min(...indexes.map(waitOf)) }
}
