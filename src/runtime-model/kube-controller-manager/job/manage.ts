import type { ApiResponse, KubeObject } from '../../api/request.ts'
import { patch } from '../../network/client.ts'
import type { Identity } from '../../network/client.ts'
import { leastActiveFirst } from '../deletion-order.ts'
import { expectCreations, expectDeletions, lowerExpectations } from '../expectations.ts'
import { createPods, deletePods } from '../pod-control.ts'
import { isReady, isTerminating, podFromTemplate } from '../pods.ts'
import { errorText, isOk } from '../script.ts'
import { waitMs } from './back-off.ts'
import { indexKey, indexOf, isIndexed, pendingIndexes } from './index-sets.ts'
import { dueIndexes, failureMarks } from './per-index.ts'
import { finalizer, isSuspended, onlyReplacesFailed } from './pass.ts'
import type { Pass } from './pass.ts'

/** pods created or deleted in one pass */
const burstLimit = 500
/** how many pods are active afterwards, and what went wrong */
export interface Managed { readonly active: number; readonly error?: string }
const podOf = ({ namespace, name }: KubeObject['metadata']) => ({ resource: 'pods', namespace, name })
export const withoutFinalizer = (identity: Identity, pod: KubeObject) =>
  patch(identity, podOf(pod.metadata), 'application/strategic-merge-patch+json', { metadata: { '$deleteFromPrimitiveList/finalizers': [finalizer] } })

const isRefused = (answer: ApiResponse): boolean => !isOk(answer) && answer.code !== 404
/** A Job that is over: all its active pods go, and count as failed. Source: deleteActivePods */
export function deleteActive(pass: Pass): Managed {
  const errors = deletePods(pass.io, pass.view.identity, pass.job, pass.active, () => {}), gone = pass.active.filter((_, i) => errors[i] === undefined)
  pass.ready -= gone.filter(isReady).length
  pass.terminating += gone.length
  return { active: pass.active.length - gone.length, error: errors.find(e => e !== undefined) }
}

/** As many pods as may run now. Where a back-off is waited for, upstream counts none as active until then. Source: manageJob */
export function manage(pass: Pass): Managed {
  const { job, active } = pass
  if (isSuspended(job)) return removePods(pass, active)
  const wanted = wantedActive(pass), doomed = surplus(pass, active.length - wanted)
  if (doomed.length > 0) return removePods(pass, doomed.slice(0, burstLimit))
  const missing = Math.min(burstLimit, wanted - active.length - (onlyReplacesFailed(job) ? pass.terminating : 0))
  if (missing <= 0) return { active: active.length }
  if (!isIndexed(job)) return addPods(pass, missing, undefined, waitMs(pass.backOff, pass.nowMs))
  const indexes = pendingIndexes(
    missing, pass.completions, onlyReplacesFailed(job) ? [...active, ...pass.pods.filter(isTerminating)] : active,
    i => pass.succeededIndexes.has(i) || pass.failedIndexes?.has(i) === true
  )
  if (!pass.failedIndexes) return addPods(pass, indexes.length, indexes, waitMs(pass.backOff, pass.nowMs))
  const { due, waitMs: wait } = dueIndexes(indexes, pass.keptForIndex, pass.nowMs)
  return addPods(pass, due.length, due, wait)
}
function wantedActive({ job, active, succeeded }: Pass): number {
  if (job.spec.completions === undefined) return succeeded > 0 ? active.length : job.spec.parallelism
  return Math.max(0, Math.min(job.spec.completions - succeeded, job.spec.parallelism))
}
/** Pods of an index that another has already, or beyond the completions, and as many others as are too much. Source: activePodsForRemoval */
function surplus({ job, active, completions }: Pass, count: number): readonly KubeObject[] {
  if (!isIndexed(job)) return count > 0 ? leastActiveFirst(active).slice(0, count) : []
  const doomed: KubeObject[] = [], left: KubeObject[] = [], taken = new Set<number>(), indexes = new Set(active.map(p => indexOf(p, completions)))
  if (count <= 0 && indexes.size === active.length && !indexes.has(-1)) return doomed
  for (const pod of leastActiveFirst(active).reverse()) {
    const index = indexOf(pod, completions)
    if (index < 0 || taken.has(index)) doomed.push(pod); else left.push(pod)
    taken.add(index)
  }
  return doomed.length < count ? [...doomed, ...leastActiveFirst(left).slice(0, count - doomed.length)] : doomed
}

function addPods(pass: Pass, count: number, indexes: readonly number[] | undefined, wait: number): Managed {
  const { job, io, view, key } = pass, template = trackedTemplate(job)
  if (wait > 0) { io.do({ do: 'requeueAfter', ms: wait }); return { active: 0 } }
  io.do(expectCreations(key, count, pass.now))
  const { count: created, error } = createPods(io, view.identity, job, count, i =>
    indexes ? indexedPod(pass, template, indexes[i]) : podFromTemplate(job, template))
  if (created < count) io.do(lowerExpectations(view, key, { creations: count - created }))
  return { active: pass.active.length + created, error }
}
const trackedTemplate = (job: KubeObject): any =>
  ({ ...job.spec.template, metadata: { ...job.spec.template.metadata, finalizers: [...job.spec.template.metadata?.finalizers ?? [], finalizer] } })
function indexedPod({ job, failedIndexes, keptForIndex }: Pass, template: any, index: number): any {
  const mark = { [indexKey]: String(index) }, failures = failedIndexes && failureMarks(job, keptForIndex.get(index))
  const variable = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexKey}']` } } }
  const withVariable = (list: readonly any[] | undefined) =>
    list?.map(c => c.env?.some((e: any) => e.name === variable.name) ? c : { ...c, env: [...c.env ?? [], variable] })
  const { metadata, spec } = template
  const pod = podFromTemplate(job, {
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...mark, ...failures }, labels: { ...metadata.labels, ...mark } },
    spec: {
      ...spec, hostname: `${job.metadata.name}-${index}`, containers: withVariable(spec.containers),
      ...spec.initContainers ? { initContainers: withVariable(spec.initContainers) } : undefined,
    },
  })
  return { ...pod, metadata: { ...pod.metadata, generateName: `${job.metadata.name}-${index}-` } }
}

/** Pods that go without counting as failed: first their finalizer, then the pod. Source: deleteJobPods */
function removePods(pass: Pass, pods: readonly KubeObject[]): Managed {
  const { io, view, job, key } = pass
  if (pods.length === 0) return { active: pass.active.length }
  io.do(expectDeletions(key, pods, pass.now))
  const notSeen = (pod: KubeObject): void => io.do(lowerExpectations(view, key, { deletion: pod }))
  const released = io.askAll(() => pods.map(pod => withoutFinalizer(view.identity, pod)), pods.length)
  pods.forEach((pod, i) => { if (!isOk(released[i])) notSeen(pod) })
  const free = pods.filter((_, i) => isOk(released[i])), errors = deletePods(io, view.identity, job, free, notSeen)
  // One that is gone already counts as removed.
  const removed = [...pods.filter((_, i) => released[i].code === 404), ...free.filter((_, i) => errors[i] === undefined)], refused = released.find(isRefused)
  pass.ready -= removed.filter(isReady).length
  pass.terminating += removed.length
  return { active: pass.active.length - removed.length, error: refused ? errorText(refused) : errors.find(e => e !== undefined) }
}
