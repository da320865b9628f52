import { formatMicroTime } from '../api/time.ts'
import { hashString } from '../../base/hash.ts'
import { isOk, type ApiResponse, type KubeObject } from '../api/request.ts'
import type { Manifest, PodRuntime } from '../api/cri.ts'
import { create, remove } from '../network/client.ts'
import { store, type Delta } from '../network/informer.ts'
import { processesKnown, processMirror, standsForProcess } from './processes.ts'
import { added } from './pod-source.ts'
import { forget, terminate, want } from './pod-worker.ts'
import type { Session } from './session.ts'
import type { Worker } from './state.ts'

/**
 * Pods of manifest files on the machine's own disk: they run whether or not there is an API server, which only has their picture, the mirror pod. Who deletes
 * that changes nothing on the node: the kubelet makes it anew. Source: pkg/kubelet/config/{file,common,config}.go, pkg/kubelet/pod/mirror_client.go,
 * kubelet.go (tryReconcileMirrorPods, HandlePodCleanups); https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
 */
export const FOLDER = '/etc/kubernetes/manifests'
const MIRROR = 'kubernetes.io/config.mirror', HASH = 'kubernetes.io/config.hash', SEEN = 'kubernetes.io/config.seen', SOURCE = 'kubernetes.io/config.source'
const housekeepingMs = 2000, statusBatchMs = 10_000, againMs = 10_000, syncMs = 60_000, folderMs = 20_000
export const isMirror = (pod: KubeObject): boolean => pod.metadata.annotations?.[MIRROR] !== undefined
const fullName = (pod: KubeObject): string => `${pod.metadata.namespace}/${pod.metadata.name}`
const mirrorOf = (session: Session, { pod }: Worker): KubeObject | undefined => store(session.state.informers, 'pods').get(fullName(pod))
const isMirrorOf = (mirror: KubeObject, worker: Worker): boolean => mirror.metadata.annotations?.[MIRROR] === worker.uid

/** The pod of a file as the kubelet takes it: named after its node, and by a uid that follows from its content. Source: common.go (applyDefaults) */
function staticPod(session: Session, file: string, pod: KubeObject): KubeObject {
  const text = JSON.stringify(pod), uid = [1, 2, 3, 4].map(i => hex(hashString(`${text} host:${session.node} file:${FOLDER}/${file}`, i))).join('')
  const { metadata, spec } = pod, tolerations: readonly any[] = spec.tolerations ?? []
  const everything = { operator: 'Exists', effect: 'NoExecute' }
  return {
    ...pod,
    metadata: {
      ...metadata, name: `${metadata.name}-${session.node}`, namespace: metadata.namespace ?? 'default', uid, creationTimestamp: '', resourceVersion: '',
      annotations: { ...metadata.annotations, [HASH]: uid, [SEEN]: formatMicroTime(session.context.wallMs).replace('Z', '000Z'), [SOURCE]: 'file' },
    },
    spec: {
      ...spec, nodeName: session.node,
      tolerations: tolerations.some(t => !t.key && t.operator === 'Exists' && t.effect === 'NoExecute') ? tolerations : [...tolerations, everything],
    },
    status: { phase: 'Pending' },
  } as KubeObject
}
const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0')

/** The kubelet starts: what lies in the folder runs at once, whether or not an API server answers. */
export function readManifests(session: Session, manifests: readonly Manifest[] | undefined, running: readonly PodRuntime[]): void {
  if (!manifests) return
  for (const { file, pod, error } of manifests) {
    if (pod) keep(session, file, staticPod(session, file, pod))
    else logged(session, `Could not process manifest file: ${error} (${FOLDER}/${file})`)
  }
  startStaticPods(session, running)
}
const logged = (session: Session, text: string): void => session.record({ type: 'note', text })
/** A file came, changed, or (without a pod) went. One that is none is left out when the folder is read the next time. */
export function manifestChanged(session: Session, { file, pod, error }: Manifest): void {
  session.cancel(`folder ${file}`)
  if (error !== undefined) {
    logged(session, `Unable to process watch event: can't process config file "${FOLDER}/${file}": ${error}`)
    return session.timer(`folder ${file}`, session.nextRound(folderMs))
  }
  const before = session.state.manifests[file], now = pod && staticPod(session, file, pod)
  if (session.state.known === undefined || before?.metadata.uid === now?.metadata.uid) return
  keep(session, file, now)
  const worker = before && session.worker(before.metadata.uid)
  if (worker) {
    worker.gone = true
    if (now && fullName(now) === fullName(before)) worker.mirrorUid = '' // the mirror is already the next one's
    if (worker.stage === 'finished') forget(session, worker); else terminate(session, worker)
    nextHousekeeping(session)
  }
  startStaticPods(session)
}
function keep(session: Session, file: string, pod: KubeObject | undefined): void {
  const { [file]: _, ...others } = session.state.manifests
  session.state = { ...session.state, manifests: pod ? { ...others, [file]: pod } : others }
}

const fromFiles = (session: Session): Worker[] => [...session.state.workers.values()].filter(w => w.fromFile)
/** Pods of files that have no worker yet; one of the name of another is tried again later, until that has ended. Source: pod_workers.go (allowPodStart) */
function startStaticPods(session: Session, running: readonly PodRuntime[] = []): void {
  const taken = new Set(fromFiles(session).map(w => fullName(w.pod)))
  for (const pod of Object.values(session.state.manifests)) {
    if (session.state.workers.has(pod.metadata.uid)) continue
    if (taken.has(fullName(pod))) { session.timer('static-pods', session.now + session.jitter('static pod', againMs)); continue }
    taken.add(fullName(pod))
    added(session, pod, running.find(r => r.uid === pod.metadata.uid), true)
  }
}
/** A static pod has ended and its node forgets it: its mirror goes with the next housekeeping. */
export const staticPodEnded = (session: Session): void => nextHousekeeping(session)
function nextHousekeeping(session: Session): void { session.timer('housekeeping', session.nextRound(housekeepingMs)) }
export function staticTimer(session: Session, key: string): boolean {
  if (key === 'static-pods') startStaticPods(session)
  else if (key === 'housekeeping') { forgetStatuses(session); removeOrphans(session) }
  else if (key.startsWith('folder ')) manifestChanged(session, { file: key.slice(7) })
  else return false
  return true
}
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

// ---- the picture in the API
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
