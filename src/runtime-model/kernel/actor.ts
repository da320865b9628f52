import type { Observation, ObservationBody } from './observation.ts'

/** `kube-scheduler/cp-1`: component, then the host it runs on (or its own name). */
export type ActorId = string

/**
 * One process of the cluster: an explicit state machine over plain data. `step` is given a state and an input and answers the
 * next state and what should happen; it does nothing itself. State is a record whose fields are frozen plain values or forkable
 * structures (PersistentMap, PersistentLog, anything with `fork()`; a nested record says `forkable: true`); forkable structures are changed in
 * place through their own methods and the record may be reused, everything else is replaced. No closures, promises or generators.
 */
export interface Actor<S = any> {
  readonly id: ActorId
  /** what it is, as Kubernetes calls it: kube-scheduler */
  readonly component: string
  /** the machine it runs on: cp-1, worker-2, etcd-3 … ; links and power belong to hosts */
  readonly host: string
  /** restarted by its supervisor (a kubelet with static pods, systemd) after it exits by itself or crashes */
  readonly supervised: boolean
  /** its supervisor, where that is a process of the model (a kubelet): while it does not run, nobody starts what has ended */
  readonly supervisor?: ActorId
  /** so long after it has frozen its supervisor ends it and starts it again, as it answers no probe; undefined: nobody looks */
  readonly livenessMs?: number
  /** has something to settle when it is asked to end (an `operate` input, `terminate`), after which it exits; absent: it just ends */
  readonly settles?: boolean
  /** from when its supervisor counts the back-off: a kubelet from the end of the process, a loop of a script from its last start */
  readonly backOffFrom?: 'end' | 'start'
  /** processes it keeps a connection to for good, each of which names it too: it is told by `peer` when one breaks or is made */
  readonly peers?: readonly ActorId[]
  init(): S
  /** What survives the end of the process (a disk, the containers of a node); default: nothing, `init()` again. After a loss of power only disks do. */
  restart?(state: S, after: 'exit' | 'power loss'): S
  step(state: S, input: Input, context: StepContext): Step<S>
}

export interface Step<S> { readonly state: S; readonly effects: readonly Effect[] }
export const NO_EFFECTS: readonly Effect[] = Object.freeze([])

export type Input =
  /** the process has started; `boot` 0 for its first start */
  | { readonly on: 'start'; readonly boot: number }
  | { readonly on: 'timer'; readonly key: string; readonly data?: any }
  | { readonly on: 'message'; readonly from: ActorId; readonly message: Message }
  /** a call (a message with an `id`) will not be answered */
  | { readonly on: 'failed'; readonly id: number; readonly why: CallFailure }
  /** a stream this process had opened or served is gone */
  | { readonly on: 'closed'; readonly stream: number; readonly why: 'reset' | 'timeout' }
  /**
   * A heartbeat in closed form has changed. `lastAt`: when it was last kept. To followers: `stopped`, `resumed`. To its owner: `failing`
   * (renewals fail from now on) and `possible` (a real renewal could succeed again).
   */
  | { readonly on: 'heartbeat'; readonly key: string; readonly state: 'stopped' | 'resumed' | 'failing' | 'possible'; readonly lastAt: number }
  /** an observation of a type this process listens to */
  | { readonly on: 'observation'; readonly observation: Observation }
  /** the connection to a process of `peers` broke (0) or was made (a number of its own); what counts is `context.connection` now */
  | { readonly on: 'peer'; readonly peer: ActorId; readonly connection: number }
  /**
   * an operation from outside the cluster (faults, the scenario, a cloud): frozen data named by `operation`. `stays`: it is about what is there without the
   * process too, which finds it so when it starts
   */
  | { readonly on: 'operate'; readonly operation: string; readonly args: any; readonly stays?: true }

export type CallFailure = 'refused' | 'timeout' | 'reset' | 'unreachable'

/** Messages are frozen data. With `id` it is a call: it is answered by a message whose `replyTo` is that id, or fails. */
export interface Message { readonly type: string; readonly id?: number; readonly replyTo?: number; readonly [field: string]: any }

export type Effect =
  /**
   * `to`: an actor id, or a component name, for which the network finds a running, reachable instance (prefers the own host). A call gives up
   * after `timeoutMs` (default 60 s) when its target hangs, earlier where nothing reaches it (`dialing.ts`); a dead process on a living host refuses at once.
   * `extraMs` is time the sender takes before it sends.
   */
  | { readonly do: 'send'; readonly to: ActorId | string; readonly message: Message; readonly timeoutMs?: number; readonly extraMs?: number }
  /**
   * A message and its acknowledgement in closed form, over an unbroken connection to one of `peers`: it is handled within this step,
   * after the effects before it. The sender adds the time of the round trip to what follows from it.
   */
  | { readonly do: 'hand'; readonly to: ActorId; readonly message: Message }
  /** A timer replaces a pending one of the same key. `background`: only keeps a quiet cluster going. */
  | { readonly do: 'timer'; readonly key: string; readonly afterMs: number; readonly data?: any; readonly background?: boolean }
  | { readonly do: 'cancel'; readonly key: string }
  | { readonly do: 'record'; readonly observation: ObservationBody; readonly actor?: string }
  /** A long-lived stream between this process (server) and a client; when either ends, the other is told. */
  | { readonly do: 'open'; readonly stream: number; readonly client: ActorId }
  | { readonly do: 'close'; readonly stream: number }
  /**
   * From now on a renewal is sent every `periodMs` which changes nothing but its own time (a lease's renewTime, a heartbeat time); the first
   * was sent now, or `agoMs` ago. Costs no events while owner, path to an API server and etcd's quorum are well; see kernel/heartbeats.ts.
   */
  | { readonly do: 'keep'; readonly key: string; readonly periodMs: number; readonly agoMs?: number }
  | { readonly do: 'drop'; readonly key: string }
  /** Be told when heartbeats whose key starts with `prefix` stop or resume. */
  | { readonly do: 'follow'; readonly prefix: string }
  | { readonly do: 'unfollow'; readonly prefix: string }
  /** For what stands for physics rather than for a component (traffic through the nodes): be told of every observation of these types. */
  | { readonly do: 'listen'; readonly types: readonly ObservationBody['type'][] }
  /** A fact that closed forms depend on; `etcd writable` is false while etcd cannot commit. */
  | { readonly do: 'condition'; readonly name: string; readonly holds: boolean }
  /** The process ends by itself (a lost leader lease, a panic); its supervisor starts it again after 1, 10, 20, 40 … s. */
  | { readonly do: 'exit'; readonly reason: string }
  /** Tells a part of the world outside of Kubernetes (same host: the machine, the cloud) without the network. */
  | { readonly do: 'operate'; readonly to: ActorId; readonly operation: string; readonly args: any }

export interface StepContext {
  /** virtual ms since the run began */
  readonly now: number
  /** calendar ms of `now` as this host's clock shows it */
  readonly wallMs: number
  readonly self: ActorId
  readonly host: string
  /** a fresh id for a call or a stream, unique in the run */
  nextId(): number
  /** a choice among 0 … n-1 from this component's stream `purpose` */
  choose(purpose: string, n: number): number
  /** 32 bits that name things */
  bits(purpose: string): number
  /** a new uid, in UUID form; those of `stream` are drawn by themselves and move no other */
  uid(stream?: string): string
  /** five characters as the API server appends to generateName */
  suffix(): string
  /** instances of a component that exist (running or not), in order of id */
  instances(component: string): readonly ActorId[]
  /** when a heartbeat was last kept, and whether it still is; undefined if it never was */
  heartbeat(key: string): { readonly lastAt: number; readonly kept: boolean } | undefined
  condition(name: string): boolean
  /** number of the unbroken connection to one of `peers`; 0: there is none now */
  connection(peer: ActorId): number
  /** Does anybody look at records of this type? One that nobody looks at need not be made if it is left out of the trace's hash (see kernel/trace.ts). */
  isObserved(type: ObservationBody['type']): boolean
  /** The state of another process as it is. Only for what stands for physics (traffic through the nodes); a component knows others by messages alone. */
  peek(id: ActorId): { readonly state: any; readonly status: 'up' | 'down' | 'hung' } | undefined
  /** Do packets pass between two machines? For physics, as `peek`. */
  linked(a: string, b: string): boolean
}
