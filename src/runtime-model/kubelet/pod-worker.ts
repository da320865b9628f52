import { computeActions, toActions } from './actions.ts'
import { pruneInitContainers } from './container-garbage.ts'
import { checkResolver } from './dns.ts'
import { imagesReleased } from './image-garbage.ts'
import { pullForVolume } from './image-volumes.ts'
import { beginKillPod, killOne } from './kill.ts'
import { lacksNetwork, networkMissing } from './network.ts'
import { madeRoom } from './preemption.ts'
import { podSeen, statusNow } from './pod-status.ts'
import { addProbes, probesEnded, removeProbes, reviewProbes } from './prober.ts'
import { retryResizes, roomLeft } from './allocation.ts'
import { resizeApplied, resizeSeen } from './resize.ts'
import { refreshSettings } from './settings.ts'
import { checkPullSecrets } from './pull-secrets.ts'
import { createSandbox } from './sandbox.ts'
import { endedInShutdown } from './shutdown.ts'
import { runStart } from './start-container.ts'
import type { PodWorkers, Session } from './session.ts'
import { isTerminal } from './status/conditions.ts'
import { allTerminated, begunTerminated } from './status/container-statuses.ts'
import { reconcileMirror, staticPodEnded } from './mirror-pods.ts'
import { setStatus } from './status-manager.ts'
import { beginMount, unmount } from './volumes.ts'
import { lookAt, NONE, type Action, type Busy, type Worker } from './worker.ts'

/**
 * The serial worker of one pod: SyncPod as often as something changes, then SyncTerminatingPod, then SyncTerminatedPod. What blocks in a
 * kubelet (a pull, a stop, a mount) is data here: the actions still to do. Source: pkg/kubelet/pod_workers.go, kubelet.go (SyncPod …)
 */
const errorBackoffMs = 10_000, longestWaitMs = 60_000

/** Asks for a sync. It begins at once, or after the first relist that is newer than the last sync. */
function want(session: Session, worker: Worker): void {
  if (worker.stage === 'finished' || worker.stage === 'rejected') return
  if (worker.awaits.length > 0 && worker.stage === 'sync') return
  worker.wanted = true
  if (worker.busy) return
  const earliest = worker.syncedAt < 0 ? session.now : session.relistAfter(worker.syncedAt)
  if (earliest <= session.now) startSync(session, worker)
  else setSync(session, worker, earliest)
}
function setSync(session: Session, worker: Worker, at: number): void {
  if (worker.syncAt >= session.now && worker.syncAt <= at) return
  worker.syncAt = at
  session.timer(`sync ${worker.uid}`, at)
}

export function startSync(session: Session, worker: Worker): void {
  if (worker.busy || worker.stage === 'finished' || worker.stage === 'rejected') return
  worker.wanted = false
  if (worker.syncAt >= 0) session.cancel(`sync ${worker.uid}`)
  worker.syncAt = -1
  worker.busy = BEGINNING
  if (worker.stage === 'sync') syncPod(session, worker)
  else if (worker.stage === 'terminating') syncTerminatingPod(session, worker)
  else syncTerminatedPod(session, worker)
  if (worker.busy !== BEGINNING) return
  worker.busy = undefined
  if (worker.wanted) want(session, worker)
}
/** A sync that is about to begin: what wants one by then (the verdict of a probe, say) is met by this one, and by the next. */
const BEGINNING: Busy = Object.freeze({
  for: 'sync', actions: [], begun: true, failures: [], runtime: undefined, pod: undefined as never, granted: undefined, lacking: NONE,
})

function syncPod(session: Session, worker: Worker): void {
  reconcileMirror(session, worker)
  resizeSeen(session, worker)
  const status = statusNow(session, worker, false)
  setStatus(session, worker, status, true)
  if (isTerminal(status.phase)) { worker.syncedAt = session.now; return terminate(session, worker) }
  reviewProbes(session, worker, true)
  if (lacksNetwork(session, worker)) return waitForNetwork(session, worker)
  worker.networkFrom = -1
  refreshSettings(session, worker)
  begin(session, worker, 'sync', worker.mountedAt >= 0 ? [{ do: 'compute' }] : [{ do: 'mount' }, { do: 'compute' }])
}
function waitForNetwork(session: Session, worker: Worker): void {
  const { at, matters } = networkMissing(session, worker)
  worker.syncedAt = session.now
  if (worker.wanted) return
  worker.syncAt = at
  session.timer(`sync ${worker.uid}`, at, !matters)
}
function syncTerminatingPod(session: Session, worker: Worker): void {
  // where nothing is left to be stopped, what follows at once is told together with this
  setStatus(session, worker, statusNow(session, worker, false), true, worker.latest?.containers.some(c => c.state === 'running') ? 0 : 1)
  reviewProbes(session, worker, true)
  // those of sidecars go on
  removeProbes(session, worker, ['liveness', 'startup'], worker.pod.spec.containers)
  begin(session, worker, 'terminating', [{ do: 'kill-pod' }])
}
function syncTerminatedPod(session: Session, worker: Worker): void {
  const status = statusNow(session, worker, true)
  // where nothing is to be unmounted, what follows at once is told together with this
  setStatus(session, worker, status, false, worker.syncedAt < 0 ? 1 : 0)
  unmount(session, worker)
  worker.stage = 'finished'
  worker.syncedAt = session.now
  setStatus(
    session, worker,
    {
      ...status, ...worker.begun ? { containerStatuses: allTerminated(status.containerStatuses) } : undefined,
      ...status.initContainerStatuses ? { initContainerStatuses: begunTerminated(status.initContainerStatuses) } : undefined,
      phase: isTerminal(status.phase) || worker.fromFile ? status.phase : 'Failed',
    },
    false
  )
  if (worker.gone) forget(session, worker); else roomLeft(session)
  endedInShutdown(session)
  if (worker.eviction?.ifFailed) madeRoom(session, worker)
}

/** Nothing of the pod is to run any more: it is deleted, over, or ended by the kubelet. */
function terminate(session: Session, worker: Worker): void {
  if (worker.stage !== 'sync') return
  worker.stage = 'terminating'
  podSeen(worker)
  // only a wait for volumes is broken off; a pull under way ends first
  if (worker.busy?.actions[0]?.do === 'mount') { session.cancel(`mount ${worker.uid}`); worker.busy = undefined; worker.syncedAt = session.now }
  want(session, worker)
}

/** The pod is no longer in the API and nothing of it runs: the node forgets it. */
function forget(session: Session, worker: Worker): void {
  removeProbes(session, worker)
  for (const key of ['sync', 'status', 'mount', 'deadline', ...worker.content ? ['settings'] : [], ...worker.fromFile ? ['mirror'] : []]) {
    session.cancel(`${key} ${worker.uid}`)
  }
  unmount(session, worker)
  if (worker.latest) session.cri(worker, { call: 'stop-sandbox', uid: worker.uid, forget: true }, { for: 'cri', uid: worker.uid, step: 'forget' })
  session.drop(worker.uid)
  if (worker.latest) imagesReleased(session, worker.latest.containers)
  if (worker.fromFile) staticPodEnded(session)
  retryResizes(session)
}

function begin(session: Session, worker: Worker, kind: Busy['for'], actions: readonly Action[]): void {
  worker.busy = { for: kind, actions, begun: false, failures: [], runtime: worker.runtime, pod: worker.pod, granted: worker.resize?.allocated, lacking: NONE }
  goOn(session, worker)
}

/** Does actions until one has to wait. */
function goOn(session: Session, worker: Worker): void {
  while (worker.busy) {
    const { busy } = worker, [action] = busy.actions
    if (action === undefined) return endSync(session, worker)
    if (busy.begun) return
    worker.busy = { ...busy, begun: true }
    if (!perform(session, worker, action)) return
    dropAction(worker)
  }
}
/** The first action is over: on with the next. */
function actionDone(session: Session, worker: Worker): void { dropAction(worker); goOn(session, worker) }
/** The first action goes on, in its next stage. */
function actionAgain(session: Session, worker: Worker): void { if (worker.busy) worker.busy = { ...worker.busy, begun: false }; goOn(session, worker) }
function dropAction(worker: Worker): void { if (worker.busy) worker.busy = { ...worker.busy, actions: worker.busy.actions.slice(1), begun: false } }

/** Begins an action; answers whether it is over at once. */
function perform(session: Session, worker: Worker, action: Action): boolean {
  switch (action.do) {
    case 'mount': return beginMount(session, worker)
    case 'compute': {
      addProbes(session, worker)
      reviewProbes(session, worker)
      checkPullSecrets(session, worker)
      const changes = computeActions(worker, session.runtimeName)
      pruneInitContainers(session, worker)
      if (!changes.killPod && !changes.createSandbox) checkResolver(session, worker)
      worker.busy = { ...worker.busy!, actions: [action, ...toActions(changes, worker)] }
      return true
    }
    case 'kill-pod': return beginKillPod(session, worker)
    case 'kill': return killOne(session, worker, action)
    case 'sandbox': return createSandbox(session, worker)
    case 'image-volume': return pullForVolume(session, worker, action.volume)
    case 'start': return runStart(session, worker, action)
  }
}

function endSync(session: Session, worker: Worker): void {
  const busy = worker.busy!
  worker.busy = undefined
  worker.syncedAt = session.now
  if (busy.for === 'terminating') {
    lookAt(worker)
    removeProbes(session, worker)
    setStatus(session, worker, statusNow(session, worker, true), false)
    worker.stage = 'terminated'
    return want(session, worker)
  }
  resizeApplied(session, worker, busy)
  if (worker.wanted || worker.stage !== 'sync') return want(session, worker)
  if (busy.failures.length === 0) return
  // without a failure the next sync would find what this one did
  if (probesEnded(worker)) return want(session, worker)
  // Waits that are known end when the shortest does (before 1.35 none is); any other error is tried again after the usual time.
  const waits = busy.failures.map(f => f.retryAt === undefined ? undefined : f.retryAt - session.now)
  const waitMs = session.minorVersion < 35 || waits.includes(undefined) ? errorBackoffMs : Math.min(longestWaitMs, ...waits as number[])
  setSync(session, worker, session.now + session.jitter('sync again', Math.max(0, waitMs)))
}

export const podWorkers: PodWorkers = { want, terminate, forget, actionDone, actionAgain }
