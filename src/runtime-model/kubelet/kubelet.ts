import { isResponse } from '../api/messages.ts'
import type { ApiResponse } from '../api/request.ts'
import { isCriAnswer, isCriEvent, isManifestEvent, isNetworkEvent, type CriAnswer, type PodRuntime } from '../api/cri.ts'
import { NO_EFFECTS, type Actor, type Input, type StepContext } from '../kernel/actor.ts'
import { eventStep } from '../network/events.ts'
import { hasSynced, informerStep, startInformers } from '../network/informer.ts'
import { removeDead } from './container-garbage.ts'
import { leftChanged, leftTimer } from './eviction-signals.ts'
import { pressureChanged, pressureTimer } from './eviction.ts'
import {
  certificateAnswered, certificatePossible, certificateTimer, certificateTold, replaceCertificate, startCertificate,
} from './certificate.ts'
import { hostPath } from './host-paths.ts'
import { imagePolicy, imageTimer } from './image-garbage.ts'
import { imageListTimer, lookAtImages } from './image-list.ts'
import { pullAnswered } from './images.ts'
import { endContainers, preStopDone, stopAnswered, turnOver } from './kill.ts'
import { networkTimer, networkTold, setNetwork } from './network.ts'
import { heartbeat } from './node-lease.ts'
import { nodeChanged } from './node-status.ts'
import { booted, nodeAnswered, nodeTimer, startNode } from './node.ts'
import { mirrorAnswered, reconcileMirror } from './mirror-pods.ts'
import { firstPods, podDelta, refusedOver, refusedTold } from './pod-source.ts'
import { podSeen } from './pod-status.ts'
import { podWorkers, startSync } from './pod-worker.ts'
import { imageChanged, processAnswered, processSeen, processTimer, watchProcesses } from './processes.ts'
import { reviewProbes, run } from './prober.ts'
import { allocationsOf, resizeTimer } from './allocation.ts'
import { sandboxAnswered } from './sandbox.ts'
import { refreshSettings, settingsChanged } from './settings.ts'
import { Session } from './session.ts'
import { shutDown, shutdownTimer } from './shutdown.ts'
import { postStartDone, startAnswered } from './start-container.ts'
import { initialState, watchedBy, type Call, type KubeletOptions, type KubeletState } from './state.ts'
import { DEADLINE } from './status/conditions.ts'
import { deletionAnswered, flush, statusAnswered } from './status-manager.ts'
import { manifestChanged, readManifests, staticTimer } from './static-pods.ts'
import { mountAttempt, objectAnswered } from './volumes.ts'
import { lookAt, type Worker } from './worker.ts'

/**
 * The agent of one node: registers it, keeps its lease, and makes its pods be as the API server says, by its last knowledge where the API
 * server is away. Source: pkg/kubelet/kubelet.go (syncLoop)
 */
export function kubelet(options: KubeletOptions): Actor<KubeletState> {
  const watched = watchedBy(options.node.name)
  return {
    id: `kubelet/${options.node.name}`, component: 'kubelet', host: options.node.name, supervised: true,
    init: () => initialState(options, options.version),
    restart: before => {
      const { version, thresholds, hostPaths, usage, imagePolicy, processPods, certificate, node: { pressed, left } } = before
      const initial = initialState(options, version)
      return {
        ...initial, thresholds, hostPaths, usage, imagePolicy, processPods, certificate, allocations: options.bare ? {} : allocationsOf(before),
        node: { ...initial.node, pressed, left },
      }
    },
    step(state, input, context) {
      const session = new Session(options, state, context, podWorkers)
      take(session, input, context)
      return { state: session.state, effects: session.effects.length ? session.effects : NO_EFFECTS }
    },
  }

  function take(session: Session, input: Input, context: StepContext): void {
    const events = eventStep(session.state.events, input, context)
    if (events.handled) { session.effects.push(...events.effects); return }
    switch (input.on) {
      case 'start': start(session); return measureSoon(session)
      case 'heartbeat':
        if (input.state === 'possible') certificatePossible(session)
        return heartbeat(session, input)
      case 'operate': return input.operation === 'certificate' ? replaceCertificate(session, begin) : operate(session, input.operation, input.args)
      case 'message':
        if (isManifestEvent(input.message)) return manifestChanged(session, input.message)
        if (isNetworkEvent(input.message)) return networkTold(session, input.message.ready)
        if (isCriEvent(input.message)) return runtimeTold(session, input.message.pod)
        if (isCriAnswer(input.message)) return answered(session, input.message.replyTo, undefined, input.message)
        if (isResponse(input.message) && session.state.calls.has(String(input.message.replyTo))) {
          return answered(session, input.message.replyTo, input.message.response, undefined)
        }
        return informed(session, input)
      case 'failed': return session.state.calls.has(String(input.id)) ? answered(session, input.id, undefined, undefined) : informed(session, input)
      case 'closed': return informed(session, input)
      case 'observation': return processSeen(session, input)
      case 'timer': return input.key.startsWith('reflector ') ? informed(session, input) : timer(session, input.key)
    }
  }

  function start(session: Session): void {
    session.state = { ...session.state, startedAt: session.now }
    if (startCertificate(session)) begin(session)
  }
  function begin(session: Session): void {
    startNode(session)
    watchProcesses(session)
    session.cri({ uid: '', pod: undefined as never }, { call: 'list' }, { for: 'list' })
    session.effects.push(...startInformers(session.state.informers, watched, session.identity, session.context))
  }

  function informed(session: Session, input: Input): void {
    const { settings, informers } = session.state
    const { deltas, effects } = informerStep(informers, settings.length > 0 ? [...watched, ...settings] : watched, session.identity, input, session.context)
    session.effects.push(...effects)
    // pods are admitted by what is known of the node
    for (const { key, new: node } of deltas) if (key === 'nodes' && node) nodeChanged(session, node)
    if (!session.state.sourcesReady) sourcesReady(session)
    else for (const delta of deltas) if (delta.key === 'pods') podDelta(session, delta)
    for (const delta of deltas) if (!certificateTold(session, delta, begin) && !['nodes', 'pods'].includes(delta.key)) settingsChanged(session, delta)
  }
}

/** Pods are looked at once the API server has told of them all and the runtime of what runs. */
function sourcesReady(session: Session): void {
  const { known, informers } = session.state
  if (known === undefined || !hasSynced(informers, watchedBy(session.node))) return
  session.state = { ...session.state, sourcesReady: true }
  firstPods(session, known)
}

/** Something happened to a container: probes know at once, the pod's worker after the next relist. */
function runtimeTold(session: Session, pod: PodRuntime): void {
  const worker = session.worker(pod.uid), { known } = session.state
  if (worker) learn(session, worker, pod)
  else if (known && !session.state.sourcesReady) session.state = { ...session.state, known: [...known.filter(k => k.uid !== pod.uid), pod] }
}
function learn(session: Session, worker: Worker, pod: PodRuntime | undefined): void {
  if (pod === undefined || pod === worker.latest) return
  const probes = Object.keys(worker.probes).length > 0
  if (probes) reviewProbes(session, worker)
  worker.latest = pod
  if (!session.state.dirty.includes(worker.uid)) session.state = { ...session.state, dirty: [...session.state.dirty, worker.uid] }
  if (probes) reviewProbes(session, worker)
  if (session.state.relistAt >= session.now) return
  session.state = { ...session.state, relistAt: session.relistAfter(session.now) }
  session.timer('relist', session.state.relistAt)
}
/** The pod lifecycle event generator compares what it knew with what it sees. Source: pkg/kubelet/pleg/generic.go */
function relist(session: Session): void {
  const { dirty } = session.state
  session.state = { ...session.state, relistAt: -1, dirty: [] }
  for (const uid of dirty) {
    const worker = session.worker(uid)
    if (!worker || worker.latest === worker.runtime) continue
    const changed = differ(worker.runtime, worker.latest), waits = worker.wanted && !worker.busy
    lookAt(worker)
    if (!changed) continue
    removeDead(session, worker)
    podSeen(worker)
    session.want(worker)
    // a worker that waited for this look has taken up what it was woken for: the change is news, for the sync after
    if (waits) session.want(worker)
  }
}
function differ(a: PodRuntime | undefined, b: PodRuntime | undefined): boolean {
  if (a === undefined || b === undefined) return a !== b
  if (a.sandbox?.id !== b.sandbox?.id || a.sandbox?.ready !== b.sandbox?.ready) return true
  // that one is gone which had ended before is no news
  return b.containers.some((c, i) => {
    const before = a.containers[i]?.id === c.id ? a.containers[i] : a.containers.find(x => x.id === c.id)
    return before?.state !== c.state
  })
}

function answered(session: Session, id: number, response: ApiResponse | undefined, cri: CriAnswer | undefined): void {
  const then = session.state.calls.get(String(id))
  if (then === undefined) return
  session.state.calls.delete(String(id))
  if (then.for === 'certificate') return certificateAnswered(session, response)
  if (then.for === 'list') return listed(session, cri)
  if (then.for === 'process') return processAnswered(session, then.component, response)
  if (then.for === 'node') return nodeAnswered(session, then.step, response)
  if (then.for === 'cri' && then.pull) { pullAnswered(session, then.pull, cri ?? UNANSWERED); return }
  const worker = session.worker(then.uid)
  if (!worker) return
  switch (then.for) {
    case 'removed': return learn(session, worker, cri?.pod)
    case 'status': return statusAnswered(session, worker, then.version, response)
    case 'delete': return deletionAnswered(session, worker, response)
    case 'object': return objectAnswered(session, worker, then.key, response)
    case 'mirror': return mirrorAnswered(session, worker, then.step, response)
    case 'cri': return criAnswered(session, worker, then, cri ?? UNANSWERED)
  }
}
const UNANSWERED = {
  type: 'cri-answer', replyTo: 0,
  error: 'rpc error: code = Unavailable desc = connection error: dial unix /run/containerd/containerd.sock: connect: connection refused',
} as CriAnswer

function criAnswered(session: Session, worker: Worker, then: Extract<Call, { for: 'cri' }>, answer: CriAnswer): void {
  if (answer.pod) learn(session, worker, answer.pod)
  switch (then.step) {
    case 'sandbox': return sandboxAnswered(session, worker, answer.error)
    case 'create': case 'start': return startAnswered(session, worker, then.step, answer)
    case 'stop': return stopAnswered(session, worker, then.container!)
    case 'stop-sandbox': return session.actionDone(worker)
    case 'end': if (!worker.latest?.containers.some(c => c.state === 'running')) endContainers(session, worker)
  }
}
function listed(session: Session, cri: CriAnswer | undefined): void {
  if (!cri?.all) return session.timer('list', session.now + 1000)
  for (const image of cri.all.images) session.state.images.set(image.ref, { ...image, since: -1 })
  lookAtImages(session)
  booted(session, cri.all.boots)
  if (cri.all.networkReady === false) setNetwork(session, false)
  session.state = { ...session.state, known: cri.all.pods }
  readManifests(session, cri.all.manifests, cri.all.pods)
  sourcesReady(session)
}

function timer(session: Session, key: string): void {
  if (key === 'relist') return relist(session)
  if (key === 'list') return session.cri({ uid: '', pod: undefined as never }, { call: 'list' }, { for: 'list' })
  if (key === 'measure') return measure(session)
  if (nodeTimer(session, key) || leftTimer(session, key) || pressureTimer(session, key) || shutdownTimer(session, key) || staticTimer(session, key)
    || networkTimer(session, key) || imageTimer(session, key) || imageListTimer(session, key) || processTimer(session, key) || certificateTimer(session, key)
    || resizeTimer(session, key)) return
  const [what, uid, rest] = key.split(' '), worker = session.worker(uid)
  if (!worker) return
  switch (what) {
    case 'sync': worker.syncAt = -1; return startSync(session, worker)
    case 'status': return flush(session, worker)
    case 'mount': return mountAttempt(session, worker)
    case 'mirror': return reconcileMirror(session, worker)
    case 'settings': return refreshSettings(session, worker)
    case 'probe': case 'repeat': return run(session, worker, rest)
    case 'hook': return preStopDone(session, worker, rest)
    case 'turn': return turnOver(session, worker, rest)
    case 'postStart': return postStartDone(session, worker)
    case 'deadline': return deadlineExceeded(session, worker)
    case 'refused': return refusedTold(session, worker)
    case 'over': return refusedOver(session, worker)
  }
}
/** Of a pod that ends already it is said, too, with its last status. Source: active_deadline.go (ShouldEvict) */
function deadlineExceeded(session: Session, worker: Worker): void {
  worker.eviction ??= DEADLINE
  if (worker.stage === 'sync') session.want(worker)
}

/** The first look at what is left of memory, disk and process ids. */
function measureSoon(session: Session): void {
  const { pressed, left } = session.state.node
  if (pressed.length > 0 || Object.keys(left).length > 0) session.timer('measure', session.now + measuredMs)
}
const measuredMs = 1000
function measure(session: Session): void {
  const { pressed, left } = session.state.node
  for (const kind of pressed) operate(session, 'pressure', { kind, on: true })
  for (const [kind, { bytes, freed }] of Object.entries(left)) operate(session, 'left', { kind, bytes: bytes + freed })
}

function operate(session: Session, operation: string, args: any): void {
  switch (operation) {
    case 'pressure': return pressureChanged(session, String(args.kind).toLowerCase(), args.on)
    case 'shutdown': return shutDown(session, args.totalMs, args.criticalMs)
    case 'upgrade': { session.state = { ...session.state, version: args.version }; return }
    case 'left': return leftChanged(session, args.kind, args.bytes)
    case 'usage': session.state = { ...session.state, usage: [...session.state.usage, args] }; return
    case 'host-path': return hostPath(session, args.path, args.is)
    case 'thresholds': {
      const { thresholds } = session.state
      session.state = { ...session.state, thresholds: { ...thresholds, [args.kind]: { ...thresholds[args.kind], ...args.thresholds } } }
      return
    }
    case 'image-policy': return imagePolicy(session, args)
    case 'process-image': return imageChanged(session, args.component, args.image)
    case 'declare-image': return // the runtime's business
    default: return session.record({ type: 'note', text: `not modelled: ${operation} of a kubelet` })
  }
}
