import { hashString } from '../../base/hash.ts'
import { formatTime } from '../api/time.ts'
import { isOk, type ApiResponse, type KubeObject } from '../api/request.ts'
import type { Observation } from '../kernel/observation.ts'
import { create, patchStatus, remove } from '../network/client.ts'
import { recordEvent } from '../network/events.ts'
import { store, type Delta } from '../network/informer.ts'
import { podRef } from './containers.ts'
import type { Session } from './session.ts'
import { containersReady, podReady, stamped } from './status/conditions.ts'
import { statusPatch } from './status/patch.ts'

/**
 * The mirror pods of a control plane: what stands behind them are processes of their own (etcd, kube-apiserver …), which end and start again as their
 * supervision has it. The kubelet of their machine tells of that, and makes a mirror anew that somebody deletes. Approximate: a process that is kept from
 * starting is one in a crash loop. Source: cmd/kubeadm/app/phases/controlplane/manifests.go; kubelet.go (tryReconcileMirrorPods)
 */
const components = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'], namespace = 'kube-system', retryMs = 10_000, backOffMs = 10_000
export const standsForProcess = ({ metadata: { labels } }: KubeObject): boolean => labels?.tier === 'control-plane' && labels.component !== undefined
const mirrorOf = (session: Session, component: string): KubeObject | undefined =>
  store(session.state.informers, 'pods').get(`${namespace}/${component}-${session.node}`)

/** Only the kubelets of a control plane have such processes beside them. */
export function watchProcesses(session: Session): void {
  if (session.options.node.role === 'control-plane' && !session.options.bare) session.effects.push({ do: 'listen', types: ['component'] })
}
export function processSeen(session: Session, { observation: o }: { readonly observation: Observation }): void {
  if (o.type !== 'component' || o.node !== session.node || !components.includes(o.component) || (o.state !== 'up' && o.state !== 'down')) return
  const mirror = mirrorOf(session, o.component)
  if (mirror === undefined) return
  const status = session.state.processes[o.component] ?? mirror.status
  session.cancel(`process-waits ${o.component}`)
  if (o.state === 'down' && one(status).state.waiting) return
  if (o.state === 'down') {
    session.timer(`process-waits ${o.component}`, session.now + backOffMs)
    tell(session, o.component, ended(session, status))
  } else {
    for (const message of ['Container created', 'Container started']) {
      event(session, mirror, 'Normal', message.split(' ')[1] === 'created' ? 'Created' : 'Started', message)
    }
    tell(session, o.component, started(session, status))
  }
}
export function processTimer(session: Session, key: string): boolean {
  const [what, component] = key.split(' ')
  // as long as nobody answers, one of them asks for all
  if (what === 'process-status') { processesKnown(session); components.some(c => renewed(session, c) || flush(session, c)); return true }
  if (what !== 'process-waits') return false
  const mirror = mirrorOf(session, component), status = session.state.processes[component] ?? mirror?.status
  if (mirror === undefined) return true
  event(session, mirror, 'Warning', 'BackOff', `Back-off restarting failed container ${component} in pod ${refOf(mirror)}`)
  tell(session, component, waits(mirror, status))
  return true
}

/** The manifest of a component names another image: another pod, whose container has never been started again. Source: kubeadm upgrade (staticpods.go) */
export function imageChanged(session: Session, component: string, image: string): void {
  const mirror = mirrorOf(session, component)
  if (mirror === undefined || mirror.spec.containers[0].image === image) return
  session.state = { ...session.state, processImages: { ...session.state.processImages, [component]: image } }
  const { containerID: _, ...container } = one(session.state.processes[component] ?? mirror.status)
  const fresh = {
    ...container, image, imageID: image, state: { waiting: { reason: 'ContainerCreating' } }, lastState: {}, restartCount: 0, ready: false, started: false,
  }
  session.state = { ...session.state, processes: { ...session.state.processes, [component]: withContainer(session, mirror.status, fresh) } }
  renewed(session, component)
}
/** Removes the mirror of the image before; another one is made when it has gone. */
function renewed(session: Session, component: string): boolean {
  const mirror = mirrorOf(session, component), image = session.state.processImages[component]
  if (mirror === undefined || image === undefined || mirror.spec.containers[0].image === image) return false
  const { name, uid } = mirror.metadata
  session.api(remove(session.identity, { resource: 'pods', namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } }), { for: 'process', component })
  return true
}

// ---- statuses
const one = (status: any): any => status.containerStatuses[0]
function withContainer(session: Session, status: any, container: any): any {
  const now = formatTime(session.context.wallMs), pod = { spec: { containers: [{ name: container.name }] } }
  const next = { ...status, containerStatuses: [container] }, all = containersReady(pod, next), own = [podReady(pod, all, undefined), all]
  return {
    ...next,
    conditions: status.conditions.map((c: any) => {
      const mine = own.find(o => o.type === c.type)
      return mine ? stamped(mine, status.conditions, c.observedGeneration, now) : c
    }),
  }
}
function ended(session: Session, status: any): any {
  const { state, containerID, ...container } = one(status)
  if (!state.running) return status
  const terminated = { exitCode: 1, reason: 'Error', startedAt: state.running.startedAt, finishedAt: formatTime(session.context.wallMs), containerID }
  return withContainer(session, status, { ...container, containerID, state: { terminated }, ready: false, started: false })
}
function waits(mirror: KubeObject, status: any): any {
  const { state, ...container } = one(status)
  if (!state.terminated) return status
  const message = `back-off 10s restarting failed container=${container.name} pod=${refOf(mirror)}`
  return { ...status, containerStatuses: [{ ...container, lastState: state, state: { waiting: { reason: 'CrashLoopBackOff', message } } }] }
}
function started(session: Session, status: any): any {
  const { state, lastState, restartCount, ...container } = one(status), last = state.terminated ? state : lastState
  const again = last.terminated ? 1 : 0
  if (state.running) return status
  return withContainer(session, status, {
    ...container, lastState: last, state: { running: { startedAt: formatTime(session.context.wallMs) } }, ready: true, started: true,
    restartCount: restartCount + again,
  })
}
const refOf = (mirror: KubeObject): string => podRef({ metadata: { ...mirror.metadata, uid: mirror.metadata.annotations!['kubernetes.io/config.hash'] } })
function event(session: Session, mirror: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
  const uid = mirror.metadata.annotations!['kubernetes.io/config.hash'], regarding = { ...mirror, metadata: { ...mirror.metadata, uid } } as KubeObject
  const fieldPath = `spec.containers{${mirror.metadata.labels!.component}}`
  session.effects.push(...recordEvent(session.state.events, session.context, session.identity, { regarding, fieldPath, type, reason, message }))
}

// ---- the API
function tell(session: Session, component: string, status: any): void {
  session.state = { ...session.state, processes: { ...session.state.processes, [component]: status } }
  flush(session, component)
}
/** Sends what the API server does not have yet, if anything. */
function flush(session: Session, component: string): boolean {
  const mirror = mirrorOf(session, component), status = session.state.processes[component], changes = mirror && status && statusPatch(mirror.status, status)
  if (!mirror || changes === undefined) return false
  const { name, uid } = mirror.metadata, target = { resource: 'pods', namespace, name, subresource: 'status' }
  session.api(
    patchStatus(session.identity, target, { metadata: { uid }, status: changes }, { from: mirror.status, to: status }), { for: 'process', component }
  )
  return true
}
export function processAnswered(session: Session, component: string, response: ApiResponse | undefined): void {
  const silent = !response || (!isOk(response) && response.code !== 404 && response.code !== 409), before = session.state.processesUntold
  if (silent !== before) session.state = { ...session.state, processesUntold: silent }
  if (silent) session.timer('process-status', session.now + retryMs)
  else if (before) for (const other of components) if (other !== component && !renewed(session, other)) flush(session, other)
}
/** Who deletes such a mirror gets another one; its status follows. */
export function processMirror(session: Session, { type, new: now, old }: Delta): void {
  const mirror = (now ?? old)!, component = mirror.metadata.labels!.component
  if (type === 'DELETED') makeMirror(session, mirror)
  else if (mirror.metadata.deletionTimestamp) endMirror(session, mirror)
  else if (type === 'ADDED') { remember(session, mirror); flush(session, component) }
}
/** A kubelet that starts finds some of them missing, or about to go. What they are of lies on its disk. */
export function processesKnown(session: Session): void {
  const { node, bare } = session.options
  if (node.role !== 'control-plane' || bare || !session.state.sourcesReady || !session.state.node.registered) return
  for (const component of components) {
    const mirror = mirrorOf(session, component), before = session.state.processPods[component]
    if (mirror) remember(session, mirror)
    if (mirror?.metadata.deletionTimestamp) endMirror(session, mirror)
    else if (!mirror && before) makeMirror(session, before)
  }
}
function remember(session: Session, mirror: KubeObject): void {
  if (session.state.processPods[mirror.metadata.labels!.component] === mirror) return
  session.state = { ...session.state, processPods: { ...session.state.processPods, [mirror.metadata.labels!.component]: mirror } }
}
function makeMirror(session: Session, mirror: KubeObject): void {
  const { name, labels, annotations, ownerReferences } = mirror.metadata, component = labels!.component
  const image = session.state.processImages[component], id = hashString(`${component}/${session.node}/${image}`).toString(16).padStart(8, '0').repeat(4)
  const hashes = image === undefined ? undefined : { 'kubernetes.io/config.hash': id, 'kubernetes.io/config.mirror': id }
  const metadata = { name, namespace, labels, annotations: { ...annotations, ...hashes }, ownerReferences: ownerReferences ?? ownedByNode(session) }
  const spec = image === undefined ? mirror.spec : { ...mirror.spec, containers: [{ ...mirror.spec.containers[0], image }] }
  session.state = { ...session.state, processes: { ...session.state.processes, [component]: session.state.processes[component] ?? mirror.status } }
  session.api(create(session.identity, { resource: 'pods', namespace }, { apiVersion: 'v1', kind: 'Pod', metadata, spec }), { for: 'process', component })
}
function endMirror(session: Session, { metadata: { name, uid, labels } }: KubeObject): void {
  const target = { resource: 'pods', namespace, name }
  session.api(remove(session.identity, target, { gracePeriodSeconds: 0, preconditions: { uid } }), { for: 'process', component: labels!.component })
}
const ownedByNode = (session: Session): any[] =>
  [{ apiVersion: 'v1', kind: 'Node', name: session.node, uid: session.state.node.object?.metadata.uid, controller: true }]
