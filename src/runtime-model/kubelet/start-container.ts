import type { CriAnswer } from '../api/cri.ts'
import { programOf } from '../api/programs.ts'
import { inBackoff, nextBackoff } from './backoff.ts'
import { programFor } from './command.ts'
import { findContainer, isSidecar, podRef, specOf } from './containers.ts'
import { hookOf } from './hooks.ts'
import { lackingVolume } from './image-volumes.ts'
import { ensureImage } from './images.ts'
import { allocatedResources, startsWith } from './allocation.ts'
import { memoryLimit } from './resize.ts'
import { rootRefusal } from './non-root.ts'
import type { Session } from './session.ts'
import { endOf } from './settings.ts'
import { mountsOf } from './volume-places.ts'
import { configOf } from './volumes.ts'
import type { Action, Failure, Worker } from './worker.ts'

type Start = Extract<Action, { do: 'start' }>

/** One container from back-off to postStart, stage by stage. Source: kuberuntime_manager.go (doBackOff), kuberuntime_container.go (startContainer) */
export function runStart(session: Session, worker: Worker, action: Start): boolean {
  switch (action.stage) {
    case 'backoff': {
      const failure = crashBackoff(session, worker, action.container)
      return failure ? failed(worker, action, failure) : stage(session, worker, action, 'pull')
    }
    case 'pull': {
      const container = specOf(worker.busy!.pod, action.container), { image, imagePullPolicy: policy } = container
      const lacking = lackingVolume(session, worker, container)
      if (lacking) return failed(worker, action, { ...lacking, container: action.container })
      const found = ensureImage(session, worker, { image, policy, container: action.container })
      if (found === 'waits') return false
      if (found === 'present') return stage(session, worker, action, 'config')
      session.podEvent(worker, 'Warning', 'Failed', `Error: ${found.reason}`, action.container)
      return failed(worker, action, { ...found, container: action.container })
    }
    case 'config': {
      const lacking = withoutTarget(worker, action.container), config = lacking ? { error: lacking } : configOf(session, worker, action.container)
      if (config === 'waits') return false
      const error = config === 'ready' ? rootRefusal(worker.pod, action.container) : config.error
      if (error === undefined) return stage(session, worker, action, 'create')
      session.podEvent(worker, 'Warning', 'Failed', `Error: ${error}`, action.container)
      return failed(worker, action, { container: action.container, reason: 'CreateContainerConfigError', message: error })
    }
    case 'create': return create(session, worker, action)
    case 'start':
      session.cri(
        worker, { call: 'start', uid: worker.uid, container: action.container }, { for: 'cri', uid: worker.uid, step: 'start', container: action.container },
        'start container'
      )
      return false
    case 'postStart': return true
  }
}

/** An ephemeral container joins the processes of one that the runtime has to know. Source: kuberuntime_container.go (getTargetID) */
function withoutTarget(worker: Worker, name: string): string | undefined {
  const target = specOf(worker.pod, name).targetContainerName
  return target && !findContainer(worker.busy!.runtime, target) ? `unable to find target container ${target}` : undefined
}

/** The next stage of the same action, begun at once. */
function stage(session: Session, worker: Worker, action: Start, next: Start['stage']): boolean {
  const now: Start = { ...action, stage: next }
  worker.busy = { ...worker.busy!, actions: [now, ...worker.busy!.actions.slice(1)] }
  return runStart(session, worker, now)
}
/** The container is not started in this sync; an init container keeps those after it from starting. */
function failed(worker: Worker, action: Start, failure: Failure): boolean {
  const busy = worker.busy!, stops = action.type === 'init' && !isSidecar(specOf(worker.pod, action.container))
  worker.busy = { ...busy, failures: [...busy.failures, failure], actions: stops ? busy.actions.slice(0, 1) : busy.actions }
  worker.reasons = { ...worker.reasons, [failure.container]: { reason: failure.reason, message: failure.message } }
  return true
}

function crashBackoff(session: Session, worker: Worker, name: string): Failure | undefined {
  const ended = worker.busy!.runtime?.containers.find(c => c.name === name && c.state === 'exited')
  if (!ended) return undefined
  const key = backoffKey(worker, name), entry = worker.backoffs[key], { wallMs } = session.context
  if (!inBackoff(entry, ended.finishedMs, wallMs)) {
    worker.backoffs = { ...worker.backoffs, [key]: nextBackoff(entry, ended.finishedMs, wallMs) }
    return undefined
  }
  session.podEvent(worker, 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${podRef(worker.pod)}`, name)
  return {
    container: name, reason: 'CrashLoopBackOff', message: `back-off ${goDuration(entry.ms)} restarting failed container=${name} pod=${podRef(worker.pod)}`,
    retryAt: session.now + ended.finishedMs + entry.ms - wallMs,
  }
}
/** Another image or other resources are a new chance. Source: kuberuntime/helpers.go (GetBackoffKey) */
function backoffKey(worker: Worker, name: string): string {
  // what is started is what the pod was when this began, whatever has come since
  const container = specOf(worker.busy!.pod, name), { requests, limits } = allocatedResources(worker, container)
  return `${name} ${container.image}${requests || limits ? JSON.stringify([requests, limits]) : ''}`
}
/** `10s`, `1m20s`, `5m0s`: as Go prints durations. */
export function goDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000) % 60, minutes = Math.floor(ms / 60_000)
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}

function create(session: Session, worker: Worker, action: Start): boolean {
  const container = specOf(worker.busy!.pod, action.container), before = findContainer(worker.latest, action.container)
  const known = worker.status?.containerStatuses?.find((s: any) => s.name === action.container)
    ?? worker.status?.initContainerStatuses?.find((s: any) => s.name === action.container)
  if (worker.content && (programOf(container) || container.volumeMounts?.some((m: any) => m.subPath))) {
    worker.atStart = { ...worker.atStart, [container.name]: worker.content }
  }
  // What the runtime has forgotten is counted by the log files on the disk.
  const attempt = before ? before.attempt + 1 : known?.restartCount ?? 0
  const ports = (container.ports ?? []).map((p: any) => ({ port: p.containerPort, protocol: p.protocol ?? 'TCP' }))
  const resources = startsWith(worker, container)
  const ends = !isSidecar(container) && (action.type === 'init' || (worker.pod.metadata.ownerReferences?.some(o => o.kind === 'Job') ?? false))
  session.cri(
    worker,
    {
      call: 'create', uid: worker.uid, container: action.container, image: container.image, attempt, ports, ends, spec: container.image,
      ...programFor(container),
      mounts: mountsOf(worker, container, session.options.bare), end: endOf(worker, container), ...memoryLimit(resources, worker.pod),
    },
    { for: 'cri', uid: worker.uid, step: 'create', container: action.container }, 'create container'
  )
  return false
}

/** The runtime has created or started the container, or has refused. */
export function startAnswered(session: Session, worker: Worker, step: string, answer: CriAnswer): void {
  const action = worker.busy?.actions[0]
  if (action?.do !== 'start') return
  const name = action.container
  if (answer.error !== undefined) {
    const reason = step === 'create' ? 'CreateContainerError' : 'RunContainerError'
    session.podEvent(worker, 'Warning', 'Failed', `Error: ${answer.error}`, name)
    failed(worker, action, { container: name, reason, message: answer.error })
    return session.actionDone(worker)
  }
  if (step === 'create') {
    session.podEvent(worker, 'Normal', 'Created', session.words.created(name), name)
    worker.busy = { ...worker.busy!, actions: [{ ...action, stage: 'start' }, ...worker.busy!.actions.slice(1)] }
    return session.actionAgain(worker)
  }
  session.podEvent(worker, 'Normal', 'Started', session.words.started(name), name)
  const { [name]: _, ...reasons } = worker.reasons
  worker.reasons = reasons
  postStart(session, worker, action)
}

/** postStart blocks the pod's worker; its failure kills the container. */
function postStart(session: Session, worker: Worker, action: Start): void {
  const hook = hookOf(session, worker, action.container, 'postStart')
  if (!hook) return session.actionDone(worker)
  worker.busy = { ...worker.busy!, actions: [{ ...action, stage: 'postStart' }, ...worker.busy!.actions.slice(1)] }
  session.timer(`postStart ${worker.uid}`, hook.ms === Infinity ? session.now + 60_000 : session.now + hook.ms)
}
export function postStartDone(session: Session, worker: Worker): void {
  const action = worker.busy?.actions[0]
  if (action?.do !== 'start' || action.stage !== 'postStart') return
  const name = action.container, hook = hookOf(session, worker, name, 'postStart'), container = findContainer(worker.latest, name)
  if (hook?.error === undefined || container?.state !== 'running') return session.actionDone(worker)
  session.podEvent(worker, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', name)
  failed(worker, action, { container: name, reason: 'PostStartHookError', message: hook.error })
  const kill: Action = {
    do: 'kill', container: name, id: container.id, message: 'FailedPostStartHook', graceMs: (worker.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000,
  }
  worker.busy = { ...worker.busy!, actions: [kill, ...worker.busy!.actions.slice(1)], begun: false }
  session.actionAgain(worker)
}
