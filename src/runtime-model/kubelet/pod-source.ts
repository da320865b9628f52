import type { KubeObject } from '../api/request.ts'
import type { PodRuntime } from '../api/cri.ts'
import { formatTime, parseTime } from '../api/time.ts'
import { qosClass } from '../kinds/pod-spec/qos.ts'
import { storeKey, store, type Delta } from '../network/informer.ts'
import { rejects } from './admission.ts'
import { endContainers } from './kill.ts'
import { hasBegun } from './pod-status.ts'
import type { Session } from './session.ts'
import { followSettings } from './settings.ts'
import { considerResize, resizesSince, takeUpAllocation } from './allocation.ts'
import { housekeepingMs, isMirror, mirrorDelta, mirrorsKnown, statusBatchMs } from './mirror-pods.ts'
import { flush, reconcile, setStatus } from './status-manager.ts'
import { containersReady, DEADLINE, isTerminal, podReady } from './status/conditions.ts'
import { same } from './status/patch.ts'
import { lookAt, newWorker, type Worker } from './worker.ts'

/** What the API server says of the pods of this node, and what of it is news. Source: pkg/kubelet/config/config.go, kubelet.go (HandlePod*) */
export function podDelta(session: Session, delta: Delta): void {
  if (!session.state.sourcesReady) return
  const pod = delta.new ?? delta.old!
  if (isMirror(pod)) return mirrorDelta(session, delta)
  if (delta.type === 'DELETED') return removed(session, pod)
  if (delta.old && delta.old.metadata.uid !== pod.metadata.uid) removed(session, delta.old)
  const worker = session.worker(pod.metadata.uid)
  if (worker) changed(session, worker, pod); else added(session, pod)
}

/** The first list is there and the runtime has told what runs: pods in order of their creation. */
export function firstPods(session: Session, running: readonly PodRuntime[]): void {
  const pods = store(session.state.informers, 'pods').sorted()
    .map(([, p]) => p)
    .filter(p => !isMirror(p))
    .sort((a, b) => a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1
      : a.metadata.creationTimestamp > b.metadata.creationTimestamp ? 1
      : storeKey(a) < storeKey(b) ? -1
      : 1)
  const runs = new Map(running.map(r => [r.uid, r]))
  for (const pod of pods) added(session, pod, runs.get(pod.metadata.uid), false, true)
  resizesSince(session)
  mirrorsKnown(session)
  const wanted = new Set([...pods, ...Object.values(session.state.manifests)].map(p => p.metadata.uid))
  for (const orphan of running) if (!wanted.has(orphan.uid)) endOrphan(session, orphan)
}

/** `first`: it was there when the kubelet started. One that is being deleted is admitted like any other, unless the kubelet itself ends it already. */
export function added(session: Session, pod: KubeObject, running?: PodRuntime, fromFile = false, first = false): void {
  const worker = session.adopt({ ...newWorker(pod, fromFile), latest: running })
  lookAt(worker)
  takeUpAllocation(session, worker)
  if (isTerminal((pod.status as any)?.phase) && !running?.containers.some(c => c.state === 'running')) return alreadyOver(session, worker)
  const rejection = rejects(session, worker)
  if (rejection) return reject(session, worker, rejection, first)
  if (pod.metadata.deletionTimestamp) return session.terminate(worker)
  if (running?.containers.some(c => c.state === 'running')) { worker.mountedAt = session.now; worker.mounted = true; followSettings(session, worker) }
  deadline(session, worker)
  session.want(worker)
}

/** A pod that was over before any worker of this kubelet knew it is looked at once. Source: pod_workers.go (UpdatePod) */
function alreadyOver(session: Session, worker: Worker): void {
  worker.stage = 'terminated'
  worker.begun = hasBegun(worker.pod)
  deadline(session, worker)
  session.want(worker)
}

/**
 * A kubelet that has just started cannot know that nothing runs of a pod, and holds back that it has failed until statuses are looked through the next time.
 * Source: kubelet.go (rejectPod), status_manager.go (mergePodStatus, PodCouldHaveRunningContainers)
 */
function reject(session: Session, worker: Worker, { reason, message }: { readonly reason: string; readonly message: string }, first: boolean): void {
  const { pod } = worker
  session.podEvent(worker, 'Warning', reason, message)
  worker.stage = 'finished'
  worker.refused = {
    observedGeneration: session.generationSeen(pod), phase: 'Failed', message: `Pod was rejected: ${message}`, reason,
    startTime: formatTime(session.context.wallMs), qosClass: (pod.status as any)?.qosClass ?? qosClass(pod.spec),
  }
  setStatus(session, worker, worker.refused, first)
  if (first) session.timer(`refused ${worker.uid}`, session.nextRound(statusBatchMs))
  endContainers(session, worker)
}
/** The API may be told now that it was refused. */
export function refusedTold(session: Session, worker: Worker): void { if (refusedBeforeAnyWorker(worker)) setStatus(session, worker, worker.refused, false) }
/** What is news of one of which the API does not know yet that it was refused makes a worker look at it. Source: pod_workers.go (UpdatePod) */
function refusedIsNews(session: Session, worker: Worker): void {
  worker.stage = 'sync'
  worker.status = worker.refused
  if (worker.pod.metadata.deletionTimestamp) session.terminate(worker); else session.want(worker)
}
const refusedBeforeAnyWorker = ({ stage, syncedAt }: Worker): boolean => stage === 'finished' && syncedAt < 0
/**
 * The API knows that one which was refused has failed: if it is being deleted as well, the next housekeeping sees to that. Source: kubelet_pods.go
 * (filterTerminalPodsToDelete)
 */
export function refusedOver(session: Session, worker: Worker): void { if (refusedBeforeAnyWorker(worker)) alreadyOver(session, worker) }

function changed(session: Session, worker: Worker, pod: KubeObject): void {
  const before = worker.pod
  worker.pod = pod
  if (!worker.flight) worker.base = pod.status
  const { metadata: m } = pod, { metadata: b } = before
  if (m.deletionTimestamp && worker.stage === 'sync') return session.terminate(worker)
  const news = pod.spec !== before.spec && !same(pod.spec, before.spec) || m.deletionTimestamp !== b.deletionTimestamp || !same(m.labels, b.labels)
    || !same(m.annotations, b.annotations)
  if (news && worker.stage !== 'finished') deadline(session, worker)
  if (news && worker.stage === 'sync') {
    // somebody else has said that it is over, which counts once there is news of it. Source: pod_workers.go (UpdatePod), config.go (RECONCILE)
    if (isTerminal((pod.status as any)?.phase)) return session.terminate(worker)
    if (pod.spec !== before.spec) considerResize(session, worker, before)
    return session.want(worker)
  }
  if (refusedBeforeAnyWorker(worker)) {
    const told = isTerminal((pod.status as any)?.phase)
    if (news) return told ? alreadyOver(session, worker) : refusedIsNews(session, worker)
    if (told && m.deletionTimestamp) return session.timer(`over ${worker.uid}`, session.nextRound(housekeepingMs))
  }
  if (worker.stage === 'finished' && !worker.flight) return flush(session, worker)
  if (worker.stage === 'sync' && readinessIsOther(pod)) session.want(worker)
  reconcile(session, worker)
}
/** Its readiness is not what its conditions make of it: somebody has set one that a gate waits for. Source: status/generate.go (NeedToReconcilePodReadiness) */
function readinessIsOther({ spec, status }: any): boolean {
  const ready = status?.conditions?.find((c: any) => c.type === 'Ready')
  if (!spec.readinessGates?.length || ready === undefined) return false
  const now = podReady({ spec }, containersReady({ spec }, status), status.conditions)
  return now.status !== ready.status || now.message !== ready.message
}

/** The pod has vanished from the API: what still runs of it is ended, with the grace that was last known. */
function removed(session: Session, pod: KubeObject): void {
  const worker = session.worker(pod.metadata.uid)
  if (!worker) return
  worker.gone = true
  if (worker.stage === 'finished') return session.forget(worker)
  worker.pod = pod.metadata.deletionTimestamp ? { ...pod, spec: worker.pod.spec } : worker.pod
  if (worker.stage !== 'sync') return
  if (!worker.pod.metadata.deletionTimestamp) worker.graceMs = 1000
  session.terminate(worker)
}

/** Containers of a pod that the API no longer knows, found by a kubelet that starts. Source: kubelet_pods.go (HandlePodCleanups) */
function endOrphan(session: Session, orphan: PodRuntime): void {
  const { uid, namespace, name } = orphan
  const pod: any = {
    apiVersion: 'v1', kind: 'Pod', metadata: { uid, namespace, name, creationTimestamp: '', resourceVersion: '' },
    spec: { containers: orphan.containers.filter((c, i, all) => all.findIndex(x => x.name === c.name) === i).map(c => ({ name: c.name, image: c.image })) },
    status: {},
  }
  const worker = session.adopt({ ...newWorker(pod), latest: orphan, runtime: orphan, gone: true, graceMs: 1000, stage: 'terminating' })
  session.want(worker)
}

function deadline(session: Session, worker: Worker): void {
  const seconds = worker.pod.spec.activeDeadlineSeconds
  if (seconds === undefined || seconds === null) return
  const from = (worker.status?.startTime as string | undefined) ?? formatTime(session.context.wallMs)
  const endMs = parseTime(from) + seconds * 1000
  // one that has passed (while the kubelet was away, say) is found by the next sync
  if (endMs <= session.context.wallMs) { worker.eviction ??= DEADLINE; return }
  session.timer(`deadline ${worker.uid}`, session.now + Math.max(0, endMs - session.context.wallMs))
}
