import { hashString } from '../../base/hash.ts'
import type { KubeObject } from '../api/request.ts'
import type { Manifest, PodRuntime } from '../api/cri.ts'
import { formatMicroTime } from '../api/time.ts'
import { cleanUp, fromFiles, fullName, nextHousekeeping } from './mirror-pods.ts'
import { added } from './pod-source.ts'
import type { Session } from './session.ts'

/**
 * Pods of manifest files on the machine's own disk: they run whether or not there is an API server, which only has their picture, the mirror pod. Who deletes
 * that changes nothing on the node: the kubelet makes it anew. Source: pkg/kubelet/config/{file,common,config}.go, pkg/kubelet/pod/mirror_client.go,
 * kubelet.go (tryReconcileMirrorPods, HandlePodCleanups); https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
 */
export const FOLDER = '/etc/kubernetes/manifests'
const HASH = 'kubernetes.io/config.hash', SEEN = 'kubernetes.io/config.seen', SOURCE = 'kubernetes.io/config.source'
const againMs = 10_000, folderMs = 20_000

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
    if (worker.stage === 'finished') session.forget(worker); else session.terminate(worker)
    nextHousekeeping(session)
  }
  startStaticPods(session)
}
function keep(session: Session, file: string, pod: KubeObject | undefined): void {
  const { [file]: _, ...others } = session.state.manifests
  session.state = { ...session.state, manifests: pod ? { ...others, [file]: pod } : others }
}

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
export function staticTimer(session: Session, key: string): boolean {
  if (key === 'static-pods') startStaticPods(session)
  else if (key === 'housekeeping') cleanUp(session)
  else if (key.startsWith('folder ')) manifestChanged(session, { file: key.slice(7) })
  else return false
  return true
}
