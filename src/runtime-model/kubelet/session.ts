import { hashString } from '../../base/hash.ts'
import { observedGeneration } from '../api/observed-generation.ts'
import type { ApiRequest, KubeObject } from '../api/request.ts'
import type { CriCall } from '../api/cri.ts'
import type { Effect, StepContext } from '../kernel/actor.ts'
import type { ObservationBody } from '../kernel/observation.ts'
import { call, type Identity } from '../network/client.ts'
import { recordEvent } from '../network/events.ts'
import { fieldPathOf } from './containers.ts'
import { minorOf, wordsOf, type Words } from './words.ts'
import { identityOf, type Call, type KubeletOptions, type KubeletState } from './state.ts'
import { copyWorker, type Worker } from './worker.ts'

const relistMs = 1000

/** What the rest of the kubelet asks of the workers of its pods. Source: pkg/kubelet/pod_workers.go (PodWorkers) */
export interface PodWorkers {
  /** Asks for a sync. It begins at once, or after the first relist that is newer than the last sync. */
  want(session: Session, worker: Worker): void
  /** Nothing of the pod is to run any more: it is deleted, over, or ended by the kubelet. */
  terminate(session: Session, worker: Worker): void
  /** The pod is no longer in the API and nothing of it runs: the node forgets it. */
  forget(session: Session, worker: Worker): void
  /** The first action is over: on with the next. */
  actionDone(session: Session, worker: Worker): void
  /** The first action goes on, in its next stage. */
  actionAgain(session: Session, worker: Worker): void
}

/** One step of a kubelet: its state as it changes, and what should happen. Lives no longer than the step. */
export class Session {
  readonly options: KubeletOptions
  readonly context: StepContext
  readonly effects: Effect[] = []
  state: KubeletState
  readonly #edited = new Map<string, Worker>()
  readonly #workers: PodWorkers

  constructor(options: KubeletOptions, state: KubeletState, context: StepContext, workers: PodWorkers) {
    this.options = options; this.state = state; this.context = context; this.#workers = workers
  }

  get now(): number { return this.context.now }
  get identity(): Identity { return this.state.certificate?.identity ?? this.options.bootstrap ?? identityOf(this.options.node.name) }
  get node(): string { return this.options.node.name }
  get words(): Words { return wordsOf(this.state.version) }
  get minorVersion(): number { return minorOf(this.state.version) }
  generationSeen(pod: KubeObject): number | undefined { return observedGeneration(pod, this.minorVersion) }
  get runtimeName(): string { return this.options.bare ? 'fakeRuntime' : 'containerd' }

  /** A worker that this step may change in place. */
  worker(uid: string): Worker | undefined {
    const before = this.#edited.get(uid)
    if (before) return before
    const stored = this.state.workers.get(uid)
    if (stored === undefined) return undefined
    return this.adopt(copyWorker(stored))
  }
  adopt(worker: Worker): Worker {
    this.#edited.set(worker.uid, worker)
    this.state.workers.set(worker.uid, worker)
    return worker
  }
  drop(uid: string): void { this.#edited.delete(uid); this.state.workers.delete(uid) }

  want(worker: Worker): void { this.#workers.want(this, worker) }
  terminate(worker: Worker): void { this.#workers.terminate(this, worker) }
  forget(worker: Worker): void { this.#workers.forget(this, worker) }
  actionDone(worker: Worker): void { this.#workers.actionDone(this, worker) }
  actionAgain(worker: Worker): void { this.#workers.actionAgain(this, worker) }

  /** First round after `at` of a loop that has gone round every `periodMs` since the process started. */
  nextRound(periodMs: number, at = this.now): number {
    const { startedAt } = this.state
    return startedAt + (Math.floor((at - startedAt) / periodMs) + 1) * periodMs
  }
  /**
   * First look at the runtime that begins after `at`. Kubelets start at moments of their own, so nodes do not look at the same instant.
   * Source: pkg/kubelet/pleg/generic.go (relist every second)
   */
  relistAfter(at: number): number {
    const from = this.state.startedAt + hashString(this.node) % relistMs - relistMs
    return from + (Math.floor((at - from) / relistMs) + 1) * relistMs
  }

  record(observation: ObservationBody): void { this.effects.push({ do: 'record', observation }) }
  timer(key: string, at: number, background = false): void { this.effects.push({ do: 'timer', key, afterMs: Math.max(0, at - this.now), background }) }
  cancel(key: string): void { this.effects.push({ do: 'cancel', key }) }

  api(request: ApiRequest, then: Call, timeoutMs?: number): void {
    const { id, effect } = call(this.context, request, { timeoutMs })
    this.state.calls.set(String(id), then)
    this.effects.push(effect)
  }
  /** Asks the runtime; the answer goes on with what the worker does. `shown`: how a trace calls it. */
  cri(worker: Pick<Worker, 'uid' | 'pod'>, body: CriCall, then: Call, shown?: string): void {
    const id = this.context.nextId(), container = 'container' in body ? body.container : undefined
    this.state.calls.set(String(id), then)
    if (shown) {
      this.record({ type: 'cri', node: this.node, call: shown, pod: worker.pod.metadata.name, uid: worker.uid, ...container ? { container } : undefined })
    }
    this.effects.push({ do: 'send', to: `container-runtime/${this.node}`, message: { type: 'cri', id, body }, timeoutMs: 3_600_000 })
  }
  /** `times`: so often since it was last told */
  podEvent(worker: Worker, type: 'Normal' | 'Warning', reason: string, message: string, container?: string, times = 1): void {
    this.effects.push(
      ...recordEvent(this.state.events, this.context, this.identity, {
        regarding: worker.pod, ...container ? { fieldPath: fieldPathOf(worker.pod, container) } : undefined, type, reason, message, times,
      })
    )
  }
  nodeEvent(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const kind = 'Node', name = this.node, regarding = this.minorVersion < 35 ? { kind, name, uid: name } : { apiVersion: 'v1', kind, name }
    this.effects.push(...recordEvent(this.state.events, this.context, this.identity, { regarding, type, reason, message }))
  }
  /** `ms` and up to half of it more. Source: k8s.io/apimachinery wait.Jitter */
  jitter(purpose: string, ms: number): number { return ms + Math.floor(ms * this.context.choose(purpose, 50) / 100) }
}
