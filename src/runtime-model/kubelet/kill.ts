import { isSidecar, specOf } from './containers.ts'
import { hookOf } from './hooks.ts'
import type { Session } from './session.ts'
import type { Kill, Worker } from './worker.ts'

/**
 * How containers are ended: a preStop hook, SIGTERM, and SIGKILL when the grace period is over. Main containers end together, sidecars
 * after them, from the last to the first. Source: pkg/kubelet/kuberuntime/{kuberuntime_container,kuberuntime_termination_order}.go
 */
const leastGraceMs = 2000

/** ms a container of this pod has to end. */
export function graceMs(worker: Worker, container?: string, probe?: 'liveness' | 'startup'): number {
  const { metadata, spec } = worker.pod
  if (worker.graceMs !== undefined) return worker.graceMs
  if (metadata.deletionTimestamp) return Math.max(1, metadata.deletionGracePeriodSeconds ?? 30) * 1000
  const own = probe && specOf(worker.pod, container!)[`${probe}Probe`]?.terminationGracePeriodSeconds
  return (own ?? spec.terminationGracePeriodSeconds ?? 30) * 1000
}

/** Ends all containers at once, then the sandbox. */
export function beginKillPod(session: Session, worker: Worker): boolean {
  const running = (worker.latest?.containers ?? []).filter(c => c.state === 'running'), grace = graceMs(worker)
  for (const c of running) beginKill(session, worker, c.name, c.id, `Stopping container ${c.name}`, grace)
  if (killsDone(worker)) return stopSandbox(session, worker)
  return false
}
export function killOne(
  session: Session, worker: Worker, action: { readonly container: string; readonly id: string; readonly message: string; readonly graceMs: number }
): boolean {
  if (!worker.latest?.containers.some(c => c.id === action.id && c.state === 'running')) return true
  beginKill(session, worker, action.container, action.id, action.message, action.graceMs)
  return false
}

function beginKill(session: Session, worker: Worker, container: string, id: string, message: string, grace: number): void {
  session.podEvent(worker, 'Normal', 'Killing', message, container)
  const deadline = session.now + grace, hook = grace > 0 ? hookOf(session, worker, container, 'preStop') : undefined
  put(worker, { id, container, stage: hook ? 'preStop' : 'waits', deadline, since: session.now })
  if (!hook) return stopInTurn(session, worker)
  if (hook.error !== undefined) session.podEvent(worker, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', container)
  session.timer(`hook ${worker.uid} ${container}`, Math.min(deadline, session.now + hook.ms))
}
/** The hook has ended, or its time has. */
export function preStopDone(session: Session, worker: Worker, container: string): void {
  const kill = worker.kills[container]
  if (kill?.stage !== 'preStop') return
  put(worker, { ...kill, stage: 'waits', ...left(kill, session.now) })
  stopInTurn(session, worker)
}
/** Of what a hook, or the wait for others, has taken only whole seconds are taken off its grace period. Source: killContainer */
const left = ({ deadline, since }: Kill, now: number): Pick<Kill, 'deadline' | 'since'> => ({ deadline: deadline + (now - since) % 1000, since: now })

function stopInTurn(session: Session, worker: Worker): void {
  for (const kill of Object.values(worker.kills)) {
    if (kill.stage !== 'waits') continue
    if (blocked(worker, kill) && kill.deadline > session.now) { session.timer(`turn ${worker.uid} ${kill.container}`, kill.deadline); continue }
    stop(session, worker, kill)
  }
}
/** A sidecar waits for the main containers and for the sidecars after it. */
function blocked(worker: Worker, kill: Kill): boolean {
  const { spec } = worker.pod, sidecars: string[] = (spec.initContainers ?? []).filter(isSidecar).map((c: any) => c.name), at = sidecars.indexOf(kill.container)
  if (at < 0 || worker.busy?.actions[0]?.do !== 'kill-pod') return false
  const first = new Set([...spec.containers.map((c: any) => c.name), ...sidecars.slice(at + 1)])
  return Object.values(worker.kills).some(k => first.has(k.container) && k.stage !== 'done')
}
function stop(session: Session, worker: Worker, kill: Kill): void {
  const { deadline, since } = left(kill, session.now)
  put(worker, { ...kill, stage: 'stopping', deadline, since })
  session.cri(
    worker, { call: 'stop', uid: worker.uid, container: kill.container, id: kill.id, graceMs: Math.max(leastGraceMs, deadline - session.now) },
    { for: 'cri', uid: worker.uid, step: 'stop', container: kill.container }, 'stop container'
  )
}
/** It was this sidecar's turn to wait no longer. */
export function turnOver(session: Session, worker: Worker, container: string): void {
  const kill = worker.kills[container]
  if (kill?.stage === 'waits') stop(session, worker, kill)
}

export function stopAnswered(session: Session, worker: Worker, container: string): void {
  const kill = worker.kills[container]
  if (!kill) return
  put(worker, { ...kill, stage: 'done' })
  const action = worker.busy?.actions[0]
  if (action?.do === 'kill') { worker.kills = {}; return session.actionDone(worker) }
  if (action?.do !== 'kill-pod') return
  if (!killsDone(worker)) return stopInTurn(session, worker)
  worker.kills = {}
  if (stopSandbox(session, worker)) session.actionDone(worker)
}
const killsDone = (worker: Worker): boolean => Object.values(worker.kills).every(k => k.stage === 'done')
const put = (worker: Worker, kill: Kill): void => { worker.kills = { ...worker.kills, [kill.container]: kill } }

/** Ends what runs of a pod that is not the node's: refused at a new start of the kubelet. Source: kubelet_pods.go (HandlePodCleanups) */
export function endContainers(session: Session, worker: Worker): void {
  const running = (worker.latest?.containers ?? []).filter(c => c.state === 'running')
  for (const { name, id } of running) {
    session.cri(
      worker, { call: 'stop', uid: worker.uid, container: name, id, graceMs: leastGraceMs }, { for: 'cri', uid: worker.uid, step: 'end' }, 'stop container'
    )
  }
  if (running.length === 0 && worker.latest?.sandbox?.ready) {
    session.cri(worker, { call: 'stop-sandbox', uid: worker.uid, forget: false }, { for: 'cri', uid: worker.uid, step: 'ended' }, 'stop sandbox')
  }
}

function stopSandbox(session: Session, worker: Worker): boolean {
  if (!worker.latest?.sandbox?.ready) return true
  session.cri(worker, { call: 'stop-sandbox', uid: worker.uid, forget: false }, { for: 'cri', uid: worker.uid, step: 'stop-sandbox' }, 'stop sandbox')
  return false
}
