import { PersistentMap } from '../../../base/persistent-map.ts'
import { selectorMatcher } from '../../api/selectors.ts'
import { formatTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { claimObjects } from '../claim.ts'
import { controllerOf, defineController, keyOf, NO_KEYS, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { creationObserved, deletionObserved, expectationsMemory, satisfied } from '../expectations.ts'
import { orphanPodsByNamespace, podsByController } from '../indexes.ts'
import type { BackOff } from '../job/back-off.ts'
import { ensureCondition, isFinished, jobCondition } from '../job/conditions.ts'
import { deleteActive, manage, withoutFinalizer } from '../job/manage.ts'
import { beginPass, finalizer, hasFinalizer, isSuspended } from '../job/pass.ts'
import type { Pass, Snapshot } from '../job/pass.ts'
import { track } from '../job/track.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'

const resource = 'jobs.batch'
/** Changes of pods are taken together. Source: job_controller.go (SyncJobBatchPeriod) */
const batchMs = 1000

const jobsByNamespace: Index = { name: 'jobs by namespace', resource, keysOf: job => [job.metadata.namespace!] }

/** Runs pods to completion. */
export const job = defineController({
  name: 'job',
  watches: [{ resource, toKeys: keysOfJob }, { resource: 'pods', toKeys: keysOfPod }],
  indexes: [jobsByNamespace, podsByController, orphanPodsByNamespace],
  initialMemory: () => ({ ...expectationsMemory(), releasing: new PersistentMap<readonly string[]>(), backOff: new PersistentMap<BackOff>() }),
  retries: { baseMs: 1000, maxMs: 60_000 },
  reconcile: script(begin, (io, snapshot: Begun, view) =>
    'orphan' in snapshot ? releaseOrphan(io, snapshot.orphan, view) : 'job' in snapshot ? run(io, snapshot, view) : forget(io, snapshot.key)),
  source: 'pkg/controller/job/{job_controller,tracking_utils,backoff_utils,pod_failure_policy}.go',
})

// ---- what wakes it
function keysOfJob({ name, stored, new: job }: Delta, view: View): Keys {
  if (!job) return [name, ...view.by(podsByController, stored!.metadata.uid).filter(hasFinalizer).map(orphanKey)]
  if (!stored || stored.metadata.generation !== job.metadata.generation) {
    const deadline = job.status?.startTime === undefined ? undefined : job.spec.activeDeadlineSeconds
    if (deadline === undefined || deadline === stored?.spec.activeDeadlineSeconds) return [name]
    return [name, { key: name, afterMs: 1 }]
  }
  return [{ key: name, afterMs: batchMs }]
}
function keysOfPod({ type, stored, new: pod, old }: Delta, view: View): Keys {
  const last = pod ?? old!, owner = ownerOf(last, view) ?? (stored && ownerOf(stored, view)), keys: { key: string; afterMs: number }[] = []
  if (owner) {
    const key = keyOf(owner)
    if (type === 'DELETED' || !hasFinalizer(last)) released(view, key, last.metadata.uid)
    if (type === 'DELETED' || last.metadata.deletionTimestamp !== undefined) deletionObserved(view.memory, key, last)
    else if (type === 'ADDED') creationObserved(view.memory, key)
    keys.push({ key, afterMs: batchMs })
  } else if (pod && hasFinalizer(pod) && (controllerOf(pod)?.kind ?? 'Job') === 'Job') return [orphanKey(pod)]
  else if (pod
    && !controllerOf(pod)) for (const j of view.by(
      jobsByNamespace, pod.metadata.namespace!
    )) if (selectorMatcher(j.spec.selector)(pod.metadata.labels)) keys.push({ key: keyOf(j), afterMs: batchMs })
  return keys.length > 0 ? keys : NO_KEYS
}
/** A pod that has lost its Job and still waits to be counted. */
const orphanMark = 'orphan '
const orphanKey = (pod: KubeObject): string => `${orphanMark}${keyOf(pod)}`
function ownerOf(pod: KubeObject, view: View): KubeObject | undefined {
  const owner = controllerOf(pod)
  if (owner?.kind !== 'Job') return undefined
  const j = view.get(resource, pod.metadata.namespace, owner.name)
  return j?.metadata.uid === owner.uid ? j : undefined
}
function released(view: View, key: string, uid: string): void {
  const map: PersistentMap<readonly string[]> = view.memory.releasing, waiting = map.get(key)
  if (!waiting?.includes(uid)) return
  if (waiting.length === 1) map.delete(key); else map.set(key, waiting.filter(u => u !== uid))
}

// ---- reconcile
type Begun = Snapshot | { readonly key: string } | { readonly orphan: KubeObject }
function begin(key: string, view: View): Begun | undefined {
  if (key.startsWith(orphanMark)) {
    const { namespace, name } = splitKey(key.slice(orphanMark.length)), pod = view.get('pods', namespace, name)
    return pod && hasFinalizer(pod) && !ownerOf(pod, view) ? { orphan: pod } : undefined
  }
  const { namespace, name } = splitKey(key), j = view.get(resource, namespace, name)
  if (!j || isFinished(j) || isManagedByOther(j)) return { key }
  const pods = [...view.by(podsByController, j.metadata.uid), ...view.by(orphanPodsByNamespace, namespace)], { releasing, backOff } = view.memory
  return {
    key, job: j, pods, releasing: releasing.get(key) ?? [], expectationsMet: satisfied(view, key), backOff: backOff.get(key), nowMs: view.wallMs, now: view.now,
  }
}
/** Source: job_controller.go (managedByExternalController) */
const isManagedByOther = ({ spec: { managedBy } }: KubeObject): boolean => managedBy !== undefined && managedBy !== 'kubernetes.io/job-controller'
/** Nobody will count it any more, so it may go. Source: job_controller.go (syncOrphanPod) */
function releaseOrphan(io: Script, pod: KubeObject, view: View): void { io.ask(() => withoutFinalizer(view.identity, pod), [404]) }
function forget(io: Script, key: string): void {
  for (const map of ['expectations', 'releasing', 'backOff']) io.do({ do: 'remember', in: map, key, value: undefined })
}

function run(io: Script, snapshot: Snapshot, view: View): void {
  const { job: j } = snapshot, matches = selectorMatcher(j.spec.selector)
  const pods = claimObjects(
    io, { owner: j, ownerResource: resource, resource: 'pods', identity: view.identity, matches: p => matches(p.metadata.labels), finalizers: [finalizer] },
    snapshot.pods
  )
  const pass = beginPass(io, view, snapshot, pods), before = j.status ?? {}
  const { active, error, suspensionChanged } = pass.finished ? endPods(pass) : carryOn(pass)
  const { status } = pass
  const changed = suspensionChanged || active !== (before.active ?? 0) || pass.ready !== before.ready || pass.terminating !== before.terminating
  status.active = active; status.ready = pass.ready; status.terminating = pass.terminating
  track(pass, changed)
  if (error !== undefined) io.fail(error)
}

interface Ran { readonly active: number; readonly error?: string; readonly suspensionChanged: boolean }
/** The Job is over: what still runs is stopped. As long as some of it may be unknown, the end is not declared. */
function endPods(pass: Pass): Ran {
  const managed = deleteActive(pass)
  if (managed.active > 0 || !pass.expectationsMet) pass.finished = undefined
  return { ...managed, suspensionChanged: false }
}
function carryOn(pass: Pass): Ran {
  const { job: j, nowMs } = pass, mayManage = pass.expectationsMet && j.metadata.deletionTimestamp === undefined
  const managed = mayManage ? manage(pass) : { active: pass.active.length }
  const complete = managed.active === 0 && (j.spec.completions === undefined ? pass.succeeded > 0 : pass.succeeded >= j.spec.completions)
  if (complete) {
    pass.finished = jobCondition('SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods', nowMs)
    return { ...managed, suspensionChanged: false }
  }
  return { ...managed, suspensionChanged: mayManage && noteSuspension(pass) }
}
function noteSuspension({ io, job: j, status, nowMs }: Pass): boolean {
  const suspended = isSuspended(j), before = status.conditions ?? []
  status.conditions = ensureCondition(
    before,
    suspended
      ? jobCondition('Suspended', 'True', 'JobSuspended', 'Job suspended', nowMs)
      : jobCondition('Suspended', 'False', 'JobResumed', 'Job resumed', nowMs)
  )
  if (status.conditions === before) { if (before.length === 0) delete status.conditions; return false }
  if (!suspended) status.startTime = formatTime(nowMs)
  io.do({
    do: 'event',
    event: suspended
      ? { regarding: j, type: 'Normal', reason: 'Suspended', message: 'Job suspended' }
      : { regarding: j, type: 'Normal', reason: 'Resumed', message: 'Job resumed' },
  })
  return true
}
