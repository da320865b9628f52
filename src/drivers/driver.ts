import type { ApiRequest, ApiResponse, KubeObject, WatchEvent } from '../runtime-model/api/request.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'

/**
 * What a cluster under test offers to the rooms above it: a client, a clock, the stream of observations, the stored truth,
 * the truth on the nodes, and faults. The model can do all of it at once and synchronously; a real cluster is slower and
 * can do less, which is why everything that talks to it may return a promise and why capabilities are asked first.
 */
export interface Driver {
  readonly name: string
  /** the seed of this run */
  readonly seed: number
  /** milliseconds of cluster time since the run began */
  now(): number
  /** what `now() = 0` is on a calendar, for timestamps */
  readonly epochMs: number

  // ---- clients
  /** Sends a request and lets time run until it is answered (or the client's time-out has passed: code 0). */
  request(request: ApiRequest): Promise<ApiResponse>
  /** Sends a request and returns at once; the answer is given to `onAnswer` while time runs. */
  submit(request: ApiRequest, onAnswer: (response: ApiResponse) => void): void
  /** Opens a watch and returns at once; the listener is told what comes while time runs. Answers the way to end it. (undefined: the cluster cannot) */
  watch?(request: ApiRequest, listener: WatchListener): EndWatch

  /** Runs a program in a container. (undefined: what programs answer follows from the truth on the nodes) */
  exec?(target: ExecTarget, command: readonly string[]): Promise<Executed>

  // ---- time
  /** Lets `ms` of cluster time pass. */
  advance(ms: number): Promise<void>
  /**
   * Lets time run until `done()` is true (asked after each event), until `deadline` (absolute ms) or until nothing is pending that
   * could change anything (`quiescent`: time then stays at the last event, unless `toDeadline`). Answers why it stopped.
   */
  runUntil(done: () => boolean, deadline: number, options?: { readonly toDeadline?: boolean }): Promise<'done' | 'deadline' | 'quiescent'>

  // ---- truth
  /** The stream; returns the way to stop. Listeners are called synchronously, in order, while time runs. */
  observe(listener: (observation: Observation) => void, types?: readonly Observation['type'][]): () => void
  /** All observations so far (history for `while` windows that lie in the past, journeys, causal chains). */
  history(): Iterable<Observation>
  observation(id: number): Observation | undefined
  /** The stored object, read from etcd whether or not an API server answers; undefined if there is none. */
  stored(resource: string, namespace: string, name: string): KubeObject | undefined
  /** All stored objects of a resource (`pods`, `deployments.apps`), in key order; namespace undefined: all. */
  storedList(resource: string, namespace?: string): readonly KubeObject[]
  /** What runs on a node, whatever the API says. */
  readonly nodeTruth: NodeTruth
  /** Components of the cluster with their state now. */
  components(): readonly ComponentState[]
  /** What is the value of an object in etcd, as bytes on disk would show it: `k8s:enc:aescbc:v1:key1:…` or JSON. */
  rawValue(resource: string, namespace: string, name: string): string | undefined
  /** Traffic sources and requests of pods: what was sent, served and lost so far. */
  traffic(source: string): TrafficCount | undefined
  trafficBetween(fromPod: string, toService: string, namespace: string): TrafficCount | undefined
  /** Resolves a DNS name as a pod (or, without, as any pod of `namespace`) would. */
  resolve(name: string, namespace: string, fromPod?: string): Resolved | Promise<Resolved>
  /** Sends one probe request from a pod (by name) or node to a service or address; who answered, or why nobody did. */
  reach(
    from: { readonly namespace: string; readonly pod?: string; readonly node?: string },
    to: { readonly service?: string; readonly pod?: string; readonly host?: string; readonly namespace: string; readonly port?: number; readonly path?: string }
  ): Reached | Promise<Reached>

  // ---- the world and what goes wrong
  can(capability: Capability): boolean
  /** Injects a registered fault (`runtime-model/faults/`); the answer heals it. A string says why it cannot be. */
  inject(
    fault: string, args: Readonly<Record<string, any>>
  ): { readonly heal: () => void; /** how many things it changed at once; 0: nothing was there to change */ readonly altered?: number } | string
  /** Faults that were injected and have altered nothing so far: what they were to change never came by. */
  idleFaults?(): readonly string[]
  /** Faults of requests, watches and the network that hold at this moment, as `watch-drop of watch events to kube-scheduler`. */
  activeRules?(): readonly string[]
  /** What was injected ends by itself after so long, unless it is healed before. `lastEnd`: when the last that does so has ended. */
  healAfter?(fault: string, args: Readonly<Record<string, any>>, afterMs: number): void
  readonly lastEnd?: number
  /** Heals by name what was injected before (`kube-scheduler comes back`); false: there was nothing to heal. */
  heal(fault: string, args: Readonly<Record<string, any>>): boolean
  /** Declares how containers of an image behave (language.md §7). */
  image(name: string, behaviour: Readonly<Record<string, any>>): void
  /** Changes of the cluster itself: `join-node`, `leave-node`, `upgrade-node`, `traffic-source`, `install` … by name. */
  operate(operation: string, args: Readonly<Record<string, any>>): string | void
  /** Names what the scenario does now: observations that follow carry it as their root cause. */
  mark(text: string): number
  /** A cheap copy of the whole run (undefined where the cluster cannot); who waits for the answer to a request waits for the original's. */
  fork?(): Driver
  /** what clients keep from one command to the next, as kubectl its discovery */
  readonly kept: Map<string, unknown>
  /** does anyone wait for the answer to a request? */
  readonly awaits?: boolean
  traceHash?(): string
  close(): Promise<void>
}

/** What this cluster does not let one do or see. Thrown wherever it is asked for: the step is inconclusive, and never passes. */
export class CannotHere extends Error { override readonly name = 'CannotHere' }

/** The user wants an end while a step still waits. */
export class Interrupted extends Error { override readonly name = 'Interrupted' }

/**
 * What a cluster may be able to do: to show all of its components and every call between them, to say that nothing more will happen, to hold sessions with
 * containers.
 */
export type Capability = 'components' | 'calls' | 'quiescence' | 'sessions'
const lacks: Readonly<Record<Capability, string>> = {
  components: 'of its components only those are seen that have pods or Nodes',
  calls: 'the calls of its components among each other are not seen from outside',
  sessions: 'sessions with a container (attach, cp, debug, port-forward) are not held; `kubectl exec` and `kubectl logs` are there',
  quiescence: 'nobody can say that nothing more will happen in it: wait for a state, or for a time',
}
/** Throws CannotHere if it cannot. */
export function mustBeAble(driver: Driver, capability: Capability): void { if (!driver.can(capability)) throw new CannotHere(lacks[capability]) }

export interface ExecTarget { readonly namespace: string; readonly name: string; readonly container: string }
/** How a program has ended, or why it did not run. */
export type Executed = { readonly stdout: string; readonly stderr: string; readonly code: number } | { readonly error: string }

/** Ends a watch. `bookmark`: has its server tell how far it has come (undefined: it does so by itself). */
export interface EndWatch { (): void; bookmark?(): void }
/** `answered`: it is open, or refused. `told`: events of one message. `ended`: by the server, or the connection is lost. */
export interface WatchListener {
  answered(response: ApiResponse): void
  told(events: readonly WatchEvent[]): void
  ended(): void
}

/** `services`: all that the name has led through. An error that says `not modelled: ` is none of the cluster's. */
export interface Resolved {
  readonly address?: string
  /** the names that were asked for, one after the other, until one was found */
  readonly asked?: readonly string[]
  /** all that it means, where it means several */
  readonly addresses?: readonly string[]
  readonly service?: string
  readonly services?: readonly string[]
  readonly error?: string
}
/**
 * `servedBy`: the pod that answered. `status`: with which, of a request for `path`. `unless`: why another request might not be answered, as it may be given to
 * another endpoint. An error that says `not modelled: ` is none of the cluster's.
 */
export interface Reached { readonly servedBy?: string; readonly status?: number; readonly error?: string; readonly unless?: string }

export interface ComponentState {
  /** `kube-apiserver`, `etcd`, `kubelet`, `kube-proxy`, `coredns` … */
  readonly component: string
  /** host it runs on, `cp-1`, `worker-2`, `etcd-3` */
  readonly node: string
  readonly state: 'up' | 'down' | 'hung'
  readonly leader?: boolean
}

export interface ContainerTruth {
  readonly name: string
  readonly state: 'created' | 'running' | 'exited'
  readonly restarts: number
  readonly exitCode?: number
  readonly reason?: string
  readonly startedAt?: number
  /** it runs and answers nothing */
  readonly hung?: boolean
  /** what its command waits for, and why that is not there: `lookup db: no such host` */
  readonly waitsFor?: string
}
export interface PodTruth {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly node: string
  readonly ip?: string
  readonly ready: boolean
  readonly phase: string
  readonly containers: readonly ContainerTruth[]
}
export interface NodeTruth {
  /** is the machine on, and its kubelet */
  node(name: string): { readonly power: 'up' | 'down' | 'hung'; readonly kubelet: 'up' | 'down' | 'hung' } | undefined
  /** `node`: where to look, if that is known */
  pod(uid: string, node?: string): PodTruth | undefined
  podsOn(node: string): readonly PodTruth[]
  /** content of a file that was written in a container or one of its volumes; null: it was removed, undefined: nobody has written it */
  file(uid: string, container: string, path: string): string | null | undefined
  /** the files below a folder that were written there, as `file` has them: their paths from there on, sorted */
  filesBelow(uid: string, container: string, folder: string): readonly string[]
  /** `file` for a program that reads its configuration when it starts, as it has read it last */
  read(uid: string, container: string, path: string): string | undefined
  /** what a container, the one before it of that name, or the latest that has ended has printed; undefined: nothing was said of that, null: it is gone */
  printed(uid: string, container: string, which: 'current' | 'previous' | 'ended'): readonly PrintedLine[] | null | undefined
}
/** `wallMs`: what the clock of its node showed, ms since 1970 */
export interface PrintedLine { readonly wallMs: number; readonly line: string }

export interface TrafficCount {
  readonly sent: number
  readonly served: number
  readonly lost: number
  /** why requests were lost, with counts */
  readonly why: Readonly<Record<string, number>>
  /** pods that served, with counts; `notReady` served although the API or the node had them not ready */
  readonly servedBy: Readonly<Record<string, number>>
  readonly servedByUnready: number
}

/** What `createCluster` and the world steps say of a cluster before it starts. */
export interface ClusterOptions {
  readonly nodes?: readonly NodeOptions[]
  readonly controlPlaneNodes?: number
  readonly managed?: boolean
  readonly externalEtcdMembers?: number
  readonly kubernetesVersion?: string
  readonly secretsEncrypted?: boolean
  readonly metricsServer?: boolean
  readonly cni?: string
  /** the agent of the network plugin is a DaemonSet, without whose pod a new node connects nothing */
  readonly cniAgents?: boolean
  /** how a managed cluster's load balancers find out which nodes are well; every 10 s and twice in a row unless given */
  readonly balancerChecks?: { readonly everyMs: number; readonly times: number }
  /** so long do requests in flight by a node that a load balancer was told to forget go on; 300 s unless given */
  readonly balancerDrainsMs?: number
  readonly kubeProxyMode?: 'iptables' | 'ipvs' | 'nftables'
  /** with ipvs: which endpoint a new connection goes to; `rr` unless given */
  readonly ipvsScheduler?: 'rr' | 'wrr' | 'lc' | 'wlc' | 'sh' | 'mh' | 'dh' | 'sed' | 'nq'
  /** no control-plane Node objects, CoreDNS, kube-proxy, StorageClass; see fidelity */
  readonly bare?: boolean
  /** by component (`kubectl` is the client), ms that pass before it hears what kube-apiserver tells it; default 0: a server that answers at once */
  readonly apiLatencyMs?: Readonly<Record<string, number>>
  readonly seed?: number
  /** calendar time of virtual 0, ms since 1970; default 2026-01-01T00:00:00Z */
  readonly epochMs?: number
  readonly trace?: 'full' | 'none'
  readonly observeMs?: number
}
export interface NodeOptions {
  readonly name: string
  readonly cpu?: string
  readonly memory?: string
  readonly pods?: number
  readonly zone?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
  readonly version?: string
  readonly role?: 'worker' | 'control-plane'
  /** images that are on the machine from the start, as `kind load docker-image` puts them there */
  readonly images?: readonly string[]
}
export type { WatchEvent }
