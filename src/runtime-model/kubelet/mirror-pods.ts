import { isOk, type ApiResponse, type KubeObject } from '../api/request.ts'
import { create, remove } from '../network/client.ts'
import { store, type Delta } from '../network/informer.ts'
import { processesKnown, processMirror, standsForProcess } from './processes.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * The picture that an API server has of static pods: made, told of, made anew, and removed when its pod is no longer. Source: pkg/kubelet/pod/mirror_client.go,
 * kubelet.go (tryReconcileMirrorPods, HandlePodCleanups)
 */
const MIRROR = 'kubernetes.io/config.mirror', syncMs = 60_000
/** How often a kubelet looks for what is over, and through all statuses for what the API does not say yet. */
export const housekeepingMs = 2000, statusBatchMs = 10_000
export const isMirror = (pod: KubeObject): boolean => pod.metadata.annotations?.[MIRROR] !== undefined
export const fullName = (pod: KubeObject): string => `${pod.metadata.namespace}/${pod.metadata.name}`
const mirrorOf = (session: Session, { pod }: Worker): KubeObject | undefined => store(session.state.informers, 'pods').get(fullName(pod))
const isMirrorOf = (mirror: KubeObject, worker: Worker): boolean => mirror.metadata.annotations?.[MIRROR] === worker.uid
export const fromFiles = (session: Session): Worker[] => [...session.state.workers.values()].filter(w => w.fromFile)

/** The API server has told of all pods of the node, or the Node is there: mirrors can be. Source: kubelet.go (fastStaticPodsRegistration) */
export function mirrorsKnown(session: Session): void {
  processesKnown(session)
  for (const { uid } of fromFiles(session)) {
    const worker = session.worker(uid)!, mirror = mirrorOf(session, worker)
    if (mirror) told(session, worker, mirror)
    reconcileMirror(session, worker)
  }
  if (session.state.sourcesReady && [...store(session.state.informers, 'pods').values()].some(p => isMirror(p) && !standsForProcess(p))) staticPodEnded(session)
}
/** What the API server says of a mirror pod. */
export function mirrorDelta(session: Session, { type, new: now, old }: Delta): void {
  const mirror = (now ?? old)!
  if (standsForProcess(mirror)) return processMirror(session, { type, new: now, old } as Delta)
  const worker = session.worker(mirror.metadata.annotations![MIRROR])
  if (!worker?.fromFile) return
  if (type !== 'DELETED') told(session, worker, mirror)
  else if (worker.mirrorUid === mirror.metadata.uid) worker.mirrorUid = ''
  if (type === 'DELETED' || mirror.metadata.deletionTimestamp) reconcileMirror(session, worker)
}
/** A new mirror is told the status with the next batch, unless that changes before. Source: status_manager.go (syncBatch) */
function told(session: Session, worker: Worker, mirror: KubeObject): void {
  if (!isMirrorOf(mirror, worker)) return
  if (!worker.flight) worker.base = mirror.status
  if (worker.mirrorUid === mirror.metadata.uid) return
  worker.mirrorUid = mirror.metadata.uid
  if (worker.version === 0) worker.status = mirror.status
  session.state = { ...session.state, mirrors: { ...session.state.mirrors, [mirror.metadata.uid]: worker.uid } }
  session.timer(`status ${worker.uid}`, session.nextRound(statusBatchMs))
}

/** Makes the mirror be: anew where it is missing, is another's, or is about to go. */
export function reconcileMirror(session: Session, worker: Worker): void {
  if (!worker.fromFile || worker.mirroring || worker.stage !== 'sync') return
  const mirror = mirrorOf(session, worker)
  if (mirror === undefined) return createMirror(session, worker)
  if (!isMirror(mirror) || (isMirrorOf(mirror, worker) && !mirror.metadata.deletionTimestamp)) return
  worker.mirroring = true
  removeMirror(session, mirror, worker.uid)
}
function removeMirror(session: Session, { metadata: { namespace, name, uid } }: KubeObject, worker: string): void {
  session.api(
    remove(session.identity, { resource: 'pods', namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } }),
    { for: 'mirror', uid: worker, step: 'delete' }
  )
}
function createMirror(session: Session, worker: Worker): void {
  const { registered, object: node } = session.state.node, { pod } = worker
  if (!registered || node === undefined || node.metadata.deletionTimestamp) return
  worker.mirroring = true
  const { uid: _uid, creationTimestamp: _created, resourceVersion: _version, ...metadata } = pod.metadata
  const body = {
    ...pod,
    metadata: {
      ...metadata, annotations: { ...metadata.annotations, [MIRROR]: worker.uid },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: session.node, uid: node.metadata.uid, controller: true }],
    },
  }
  session.api(create(session.identity, { resource: 'pods', namespace: pod.metadata.namespace }, body), { for: 'mirror', uid: worker.uid, step: 'create' })
}
export function mirrorAnswered(session: Session, worker: Worker, step: 'create' | 'delete', response: ApiResponse | undefined): void {
  worker.mirroring = false
  if (worker.stage !== 'sync') return
  if (response && isOk(response)) { if (step === 'delete') createMirror(session, worker); else told(session, worker, response.body); return }
  if (step === 'delete' && response?.code === 404) return createMirror(session, worker)
  // who is not answered tries again with the pod's next sync, which comes every minute or so
  session.timer(`mirror ${worker.uid}`, session.now + session.jitter('sync', syncMs))
}

// ---- housekeeping
/** A static pod has ended and its node forgets it: its mirror goes with the next housekeeping. */
export const staticPodEnded = (session: Session): void => nextHousekeeping(session)
export function nextHousekeeping(session: Session): void { session.timer('housekeeping', session.nextRound(housekeepingMs)) }
/** What is left of pods that are no longer. */
export function cleanUp(session: Session): void { forgetStatuses(session); removeOrphans(session) }
/** What is known of pods without a file is given up: how they end is not told any more. Source: kubelet_pods.go (removeOrphanedPodStatuses) */
function forgetStatuses(session: Session): void {
  for (const { uid, gone, forgotten } of fromFiles(session)) if (gone && !forgotten) session.worker(uid)!.forgotten = true
}
/** Mirrors of pods that are no longer. Source: kubelet_pods.go (HandlePodCleanups) */
function removeOrphans(session: Session): void {
  const wanted = new Set([...fromFiles(session).map(w => w.pod), ...Object.values(session.state.manifests)].map(fullName))
  for (const mirror of store(session.state.informers, 'pods').values()) {
    if (isMirror(mirror) && !standsForProcess(mirror) && !wanted.has(fullName(mirror))) removeMirror(session, mirror, '')
  }
}
