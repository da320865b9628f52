import { invariant } from '../base/invariant.ts'
import type { PersistentLog } from '../base/persistent-log.ts'
import type { ClusterOptions, ComponentState, NodeOptions, NodeTruth } from '../drivers/driver.ts'
import type { ApiRequest, ApiResponse, KubeObject } from './api/request.ts'
import type { ModelAdditions } from './additions.ts'
import { assemble } from './assemble.ts'
import { booted } from './booted.ts'
import { CLIENT_ID } from './client-actor.ts'
import type { ClientState, Told } from './client-actor.ts'
import { committedView } from './etcd/index.ts'
import type { KeyspaceView } from './api/etcd.ts'
import { faults } from './faults/index.ts'
import { Kernel } from './kernel/kernel.ts'
import type { Actor } from './kernel/actor.ts'
import type { Observation } from './kernel/observation.ts'
import { nodeTruthOf } from './kubelet/truth.ts'
import { waitsForIn } from './waiting.ts'

/** 2026-01-01T00:00:00Z: what a run begins at unless told otherwise */
export const DEFAULT_EPOCH_MS = 1_767_225_600_000
/** how long a new cluster may take to come up, virtual ms: each node registers and gets its addresses at the pace of the controllers' clients */
const bootLimitMs = 180_000, bootLimitPerNodeMs = 200

export interface ModelOptions extends ClusterOptions {
  /** replaces a component's actor: `kube-scheduler` → own scheduler for a host */
  readonly components?: Readonly<Record<string, (host: string) => Actor>>
  /** what a config adds: controllers, admission and scheduler plugins, faults */
  readonly additions?: ModelAdditions
  /** choices that override the seed's, from a replay token */
  readonly choices?: ReadonlyMap<string, number>
}

/** `before`: how often the fault had been met when it was injected */
interface Injected {
  readonly fault: string
  readonly args: Readonly<Record<string, any>>
  readonly rule?: string
  readonly what: string
  readonly before: number
}

interface Due { readonly fault: string; readonly args: Readonly<Record<string, any>>; readonly at: number }

/** A modelled cluster: the kernel with all its processes, its faults, and the truth that can be read of it. */
export class Cluster {
  readonly options: ModelOptions
  readonly kernel: Kernel
  /** kernel time at which the cluster was up and the run began */
  readonly bootMs: number
  /** observations up to this id belong to the cluster's coming up */
  readonly bootObservation: number
  /** what was injected and can only be met later */
  #injected: readonly Injected[] = []
  /** what ends by itself at a set time, unless it has ended before */
  #due: readonly Due[] = []
  #truth: { readonly events: number; readonly truth: NodeTruth } | undefined

  constructor(options: ModelOptions, kernel: Kernel, bootMs: number, bootObservation: number) {
    this.options = options; this.kernel = kernel; this.bootMs = bootMs; this.bootObservation = bootObservation
    kernel.whenOutside(due => { if (this.#due.includes(due)) this.#heal(due.fault, due.args) })
  }

  // ---- time
  /** ms since the run began */
  get now(): number { return this.kernel.now - this.bootMs }
  get epochMs(): number { return this.kernel.options.epochMs + this.bootMs }
  advance(ms: number): void { this.kernel.runTo(this.kernel.now + ms) }
  /** Runs until `done`, asked after each event; see Driver.runUntil. */
  runUntil(done: () => boolean, deadline: number, toDeadline = false): 'done' | 'deadline' | 'quiescent' {
    const end = deadline + this.bootMs
    if (done()) return 'done'
    const { kernel } = this
    for (;;) {
      if (kernel.quiet && !toDeadline) return 'quiescent'
      if (kernel.nextAt() > end) { kernel.idleTo(end); return done() ? 'done' : 'deadline' }
      kernel.stepOnce()
      if (done()) return 'done'
    }
  }

  // ---- clients
  submit(request: ApiRequest): number {
    const id = this.kernel.nextId()
    this.kernel.sendFrom(CLIENT_ID, { do: 'send', to: 'kube-apiserver', message: { type: 'request', id, request }, timeoutMs: request.timeoutMs })
    return id
  }
  answer(id: number): ApiResponse | undefined { return this.kernel.stateOf<ClientState>(CLIENT_ID).answers.get(String(id)) }
  /** The stream that a watch was answered with. */
  streamOf(id: number): number | undefined { return this.kernel.stateOf<ClientState>(CLIENT_ID).streams.get(String(id)) }
  /** The latest that streams of the client have told, in order. */
  get told(): PersistentLog<Told> { return this.kernel.stateOf<ClientState>(CLIENT_ID).told }
  hangUp(stream: number): void { this.kernel.hangUp(CLIENT_ID, stream) }
  /** Has the API server that serves a watch tell how far it has come. */
  bookmark(stream: number): void { for (const id of this.kernel.ids('kube-apiserver')) this.kernel.operate(id, 'bookmark', { stream }) }
  /** Sends a request and lets time run until it is answered. */
  request(request: ApiRequest): ApiResponse {
    const id = this.submit(request)
    while (this.answer(id) === undefined) invariant(this.kernel.stepOnce(), `request ${request.verb} ${request.resource} is never answered`)
    return this.answer(id)!
  }

  // ---- truth
  view(): KeyspaceView { return committedView(this.kernel.ids('etcd').map(id => this.kernel.stateOf(id))) }
  stored(resource: string, namespace: string, name: string): KubeObject | undefined { return this.view().get(resource, namespace, name) }
  storedList(resource: string, namespace?: string): readonly KubeObject[] { return this.view().list(resource, namespace) }
  nodeTruth(): NodeTruth {
    const { kernel } = this, { eventCount: events } = kernel
    if (this.#truth?.events !== events) this.#truth = { events, truth: nodeTruthOf(kernel, waitsForIn(kernel)) }
    return this.#truth.truth
  }
  components(): ComponentState[] {
    return this.kernel.ids()
      .filter(id =>
        ![
          'kubectl', 'cloud', 'container-runtime', 'network-plugin', 'traffic', 'ingress-nginx', 'nginx-gateway-fabric', 'snapshot-controller',
        ].includes(this.kernel.actor(id).component) && (!id.startsWith('etcd/') || this.kernel.condition(`${id} belongs`)))
      .map(id => {
      const { component, host } = this.kernel.actor(id)
      const leader = leaderOf(this, component)
      return {
        component, node: component === 'etcd' ? id.slice(5) : host, state: this.kernel.statusOf(id),
        ...(leader === undefined ? {} : { leader: leader === id }),
      }
    })
  }
  hosts(): string[] { return [...new Set(this.kernel.ids('kubelet').map(id => this.kernel.actor(id).host))].sort() }
  controlPlaneHosts(): string[] { return [...new Set(this.controlPlane().map(id => this.kernel.actor(id).host))].sort() }
  /** The processes that make decisions and hold the truth. */
  controlPlane(): string[] {
    return ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'cloud-controller-manager'].flatMap(c => this.kernel.ids(c))
  }

  // ---- faults
  #fault(id: string) { return faults.find(f => f.id === id) ?? this.options.additions?.faults?.find(f => f.id === id) }
  inject(fault: string, args: Readonly<Record<string, any>>): number | string {
    const definition = this.#fault(fault)
    if (!definition) return `no fault ${fault} is modelled`
    this.kernel.settle()
    this.kernel.record('scenario', { type: 'fault', phase: 'inject', fault, target: definition.target(args), altered: 0 })
    if (definition.rule || definition.met) {
      this.#injected = [
        ...this.#injected, { fault, args, rule: definition.rule?.(args), what: `${fault} of ${definition.target(args)}`, before: this.#met(fault, args) },
      ]
    }
    return definition.inject(this, args)
  }
  /** How often a fault has been met, all its injections together. */
  #met(fault: string, args: Readonly<Record<string, any>>): number {
    const definition = this.#fault(fault)!
    return definition.met ? definition.met(this, args) : this.kernel.ruleUses(definition.rule!(args))
  }
  heal(fault: string, args: Readonly<Record<string, any>>): boolean {
    this.kernel.settle()
    return this.#heal(fault, args)
  }
  #heal(fault: string, args: Readonly<Record<string, any>>): boolean {
    const definition = this.#fault(fault)
    invariant(definition?.heal, `fault ${fault} has no way back`)
    const target = definition.target(args)
    this.#due = this.#due.filter(due => due.fault !== fault || definition.target(due.args) !== target)
    this.kernel.record('scenario', { type: 'fault', phase: 'heal', fault, target, altered: 0 })
    return definition.heal(this, args)
  }
  /** When the last of the faults that end by themselves does. */
  get lastEnd(): number { return Math.max(0, ...this.#due.map(due => due.at)) }
  /** What has been injected ends by itself after so long. */
  healAfter(fault: string, args: Readonly<Record<string, any>>, afterMs: number): void {
    const due: Due = { fault, args, at: this.now + afterMs }
    this.#due = [...this.#due, due]
    this.kernel.outsideAfter(due, afterMs)
  }

  observe(listener: (observation: Observation) => void, types?: readonly Observation['type'][]): () => void { return this.kernel.observe(listener, types) }
  * history(): IterableIterator<Observation> { for (const o of this.kernel.trace.history()) if (o.id > this.bootObservation) yield o }
  traceHash(): string { return this.kernel.traceHash() }
  fork(): Cluster {
    const twin = new Cluster(this.options, this.kernel.fork(), this.bootMs, this.bootObservation)
    twin.#injected = this.#injected; twin.#due = this.#due
    return twin
  }
  /** Faults that are rules of the network and hold now: `api-delay of requests to kube-apiserver`. */
  activeRules(): string[] {
    const now = new Set(this.kernel.links.rules.map(r => r.id))
    return this.#injected.filter(i => i.rule !== undefined && now.has(i.rule)).map(i => i.what)
  }
  /** Faults that were injected and have altered nothing so far. */
  idleFaults(): string[] { return this.#injected.filter(i => this.#met(i.fault, i.args) === i.before).map(i => i.what) }
}

/**
 * The process that leads: the Lease that is stored names it, not one that ran on its machine before; of etcd the member that takes itself for the leader, in
 * the latest term. '': nobody.
 */
function leaderOf(cluster: Cluster, component: string): string | undefined {
  const { kernel } = cluster
  if (component === 'etcd') {
    const leading = kernel.ids('etcd').filter(id => kernel.statusOf(id) === 'up' && kernel.stateOf<any>(id).raft.role === 'leader')
    return leading.reduce((a, b) => a === '' || kernel.stateOf<any>(b).raft.term > kernel.stateOf<any>(a).raft.term ? b : a, '')
  }
  if (!['kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager'].includes(component)) return undefined
  const holder = cluster.stored('leases.coordination.k8s.io', 'kube-system', component)?.spec?.holderIdentity
  return holder && kernel.ids(component).find(id => kernel.statusOf(id) !== 'down' && kernel.stateOf<any>(id).election.holder === holder) || ''
}

/** Makes a cluster and lets it come up: every node Ready, every namespace with its service account, nothing left to do. */
export function createCluster(options: ModelOptions = {}): Cluster { return booted(options, boot) }

function boot(options: ModelOptions): Cluster {
  const kernel = new Kernel({ seed: options.seed ?? 1, epochMs: options.epochMs ?? DEFAULT_EPOCH_MS, trace: options.trace ?? 'full', choices: options.choices })
  const nodes = assemble(kernel, options)
  if (options.apiLatencyMs) kernel.setLinks(links => ({ ...links, apiLatencyMs: options.apiLatencyMs }))
  const cluster = new Cluster(options, kernel, 0, 0)
  const up = (): boolean =>
    nodes.every(n => isReady(cluster, n))
      && cluster.storedList('namespaces').every(n => cluster.stored('serviceaccounts', n.metadata.name, 'default') !== undefined) && podsReady(cluster)
  const limitMs = bootLimitMs + bootLimitPerNodeMs * nodes.length
  while (kernel.now < limitMs && !(kernel.quiet && up())) if (!kernel.stepOnce()) break
  invariant(up(), `the cluster did not come up within ${limitMs / 1000} s of virtual time`)
  const second = Math.ceil(kernel.now / 1000) * 1000
  kernel.runTo(second)
  kernel.beginRun()
  return new Cluster(options, kernel, second, kernel.trace.count)
}

function isReady(cluster: Cluster, node: NodeOptions): boolean {
  const object = cluster.stored('nodes', '', node.name)
  return object?.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') === true
    && !object.spec.taints?.some((t: any) => t.key === 'node.kubernetes.io/not-ready')
}
/** CoreDNS runs, where there is a node that takes it. */
const podsReady = (cluster: Cluster): boolean =>
  cluster.storedList('pods').every(p => p.spec.nodeName === undefined || p.status.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True'))
