import { patchStatus, remove } from '../network/client.ts'
import { isOk, type ApiResponse } from '../api/request.ts'
import { containersReady, isReady, isTerminal, podReady, stamped } from './status/conditions.ts'
import { held } from './status/generate.ts'
import { same, statusPatch, withOthers } from './status/patch.ts'
import { formatTime } from '../api/time.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * Brings pod statuses to the API server: the latest only, one request at a time for each pod, again every ten seconds where it failed,
 * and deletes pods that are over. Source: pkg/kubelet/status/status_manager.go
 */
const retryMs = 10_000, reconcileMs = 300

/** Takes a newly computed status; answers whether it differs from the last. */
export function setStatus(session: Session, worker: Worker, computed: any, mayRun: boolean, afterMs = 0): boolean {
  // of what the API server calls by another uid (a mirror) nobody there knows that it may run
  const status = mayRun && !worker.fromFile ? held(computed, worker.status) : computed
  if (same(worker.status, status)) { flush(session, worker); return false }
  tell(session, worker, status)
  worker.status = status
  worker.version++
  if (afterMs > 0) session.timer(`status ${worker.uid}`, session.now + afterMs); else flush(session, worker)
  return true
}

/** The truth on the node changed, whether or not the API can be told. */
function tell(session: Session, worker: Worker, status: any): void {
  const ready = isReady(status), { metadata } = worker.pod
  if (ready === isReady(worker.status) && status.phase === worker.status?.phase && status.podIP === worker.status?.podIP) return
  session.record({
    type: 'podStatus', node: session.node, pod: metadata.name, namespace: metadata.namespace ?? '', uid: worker.uid, ready, phase: status.phase,
    ...status.podIP ? { ip: status.podIP } : undefined,
  })
}

/** What a probe found of one container, at once. Source: SetContainerReadiness, SetContainerStartup */
export function setContainer(session: Session, worker: Worker, containerId: string, change: { readonly ready?: boolean; readonly started?: boolean }): void {
  const list = worker.status?.containerStatuses?.some((c: any) => c.containerID === containerId) ? 'containerStatuses' : 'initContainerStatuses'
  const statuses: readonly any[] = worker.status?.[list] ?? [], found = statuses.find(c => c.containerID === containerId)
  if (!found || Object.entries(change).every(([k, v]) => found[k] === v)) return
  const status = { ...worker.status, [list]: statuses.map(c => c === found ? { ...c, ...change } : c) }
  const now = formatTime(session.context.wallMs), generation = session.generationSeen(worker.pod)
  const all = containersReady(worker.pod, { ...status, phase: computedPhase(status) }), ready = podReady(worker.pod, all, status.conditions)
  const own = [ready, all].map(c => stamped(c, status.conditions, generation, now))
  const next = change.ready === undefined ? status : { ...status, conditions: status.conditions.map((c: any) => own.find(o => o.type === c.type) ?? c) }
  tell(session, worker, next)
  worker.status = next
  worker.version++
  flush(session, worker)
}

/** A phase that is held back while containers still run is known by its conditions. */
function computedPhase({ phase, conditions }: any): string {
  const reason = conditions?.find((c: any) => c.type === 'ContainersReady')?.reason
  return reason === 'PodFailed' ? 'Failed' : reason === 'PodCompleted' ? 'Succeeded' : phase
}

const toTell = (worker: Worker): any => worker.base === undefined ? worker.status : withOthers(worker.base, worker.status, worker.eviction?.condition?.type)
/** Sends what the API server does not have yet. */
export function flush(session: Session, worker: Worker): void {
  if (worker.flight || (worker.fromFile ? worker.mirrorUid === '' || worker.forgotten : worker.gone)) return
  const status = toTell(worker), changes = statusPatch(worker.base, status)
  if (worker.version === worker.sentVersion && changes === undefined) return finalise(session, worker)
  if (changes === undefined) { worker.sentVersion = worker.version; return finalise(session, worker) }
  const { namespace, name } = worker.pod.metadata, uid = worker.fromFile ? worker.mirrorUid : worker.uid
  worker.flight = true
  session.api(
    patchStatus(
      session.identity, { resource: 'pods', namespace, name, subresource: 'status' }, { metadata: { uid }, status: changes },
      { from: worker.base, to: status }
    ),
    { for: 'status', uid: worker.uid, version: worker.version }
  )
}

export function statusAnswered(session: Session, worker: Worker, version: number, response: ApiResponse | undefined): void {
  worker.flight = false
  if (response === undefined || response.code >= 500 || response.code === 429 || response.code === 0) {
    return session.timer(`status ${worker.uid}`, session.now + retryMs)
  }
  if (!isOk(response)) { // it is gone, or of another uid
    if (response.code === 404 || response.code === 409) return
    return session.timer(`status ${worker.uid}`, session.now + retryMs)
  }
  worker.sentVersion = version
  worker.base = response.body?.status ?? worker.base
  if (worker.version !== version) return flush(session, worker)
  finalise(session, worker)
}

/** The API says something else than the kubelet: it is told again, soon. */
export function reconcile(session: Session, worker: Worker): void {
  if (worker.flight || worker.syncedAt < 0 || statusPatch(worker.base, toTell(worker)) === undefined) return
  session.timer(`status ${worker.uid}`, session.now + reconcileMs)
}

/** The last step of a deletion: nothing runs any more, as its worker has seen, and the API knows how it ended. Source: canBeDeleted */
export function finalise(session: Session, worker: Worker): void {
  if (worker.stage !== 'finished' || worker.syncedAt < 0 || worker.gone || worker.flight) return
  if (!worker.pod.metadata.deletionTimestamp || !isTerminal(worker.base?.phase)) return
  const { namespace, name, uid } = worker.pod.metadata
  worker.flight = true
  session.api(remove(session.identity, { resource: 'pods', namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } }), { for: 'delete', uid })
}
export function deletionAnswered(session: Session, worker: Worker, response: ApiResponse | undefined): void {
  worker.flight = false
  if (response && (isOk(response) || response.code === 404 || response.code === 409)) return
  session.timer(`status ${worker.uid}`, session.now + retryMs)
}
