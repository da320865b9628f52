import { InvariantError } from '../../base/invariant.ts'
import { PersistentMap } from '../../base/persistent-map.ts'
import { WELL } from '../network/links.ts'
import type { Links } from '../network/links.ts'
import type { Actor, ActorId, Input } from './actor.ts'
import type { Dialing } from './dialing.ts'
import { EventQueue } from './event-queue.ts'
import { forkState } from './fork.ts'
import { Heartbeats } from './heartbeats.ts'
import type { Observation, ObservationBody } from './observation.ts'
import { Peers } from './peers.ts'
import { RandomStreams } from './random.ts'
import { Trace } from './trace.ts'

export type ProcessStatus = 'up' | 'down' | 'hung'
export interface Call { readonly from: number; readonly sentAt: number; readonly timeoutMs: number }
/** `toldAt`: when its client hears the last thing over it so far, where that is not at once: what comes later, and its end, it does not hear before that */
export interface Stream { readonly client: number; readonly server: number; readonly toldAt?: number }

/** A process: its state and what the kernel keeps for it. Shared between forks until one of them touches it. */
export interface Cell {
  readonly actor: Actor
  state: any
  status: ProcessStatus
  boots: number
  /** exits in a row, for the supervisor's back-off */
  exits: number
  /** when it was last started */
  bootedAt: number
  /** when it froze; -1: it has not, or that is over */
  hungAt: number
  /** a scenario took it down: its supervisor leaves it alone */
  taken: boolean
  endedBy: 'exit' | 'power loss'
  mailbox: readonly Input[]
  /** how things have become around it while it is down */
  found: readonly Operated[]
  timers: PersistentMap<number>
  /** calls it has not answered, by id; there are few at any moment */
  calls: Map<number, Call>
  streams: PersistentMap<Stream>
  epoch: number
}

export type Operated = Extract<Input, { on: 'operate' }>
export interface KernelOptions {
  readonly seed: number
  readonly epochMs: number
  readonly trace: 'full' | 'none'
  readonly choices?: ReadonlyMap<string, number>
}
export type Listener = (observation: Observation) => void
interface Listening { readonly listener: Listener; readonly types?: readonly ObservationBody['type'][] }
/** What the kernel itself does at a set time. */
export interface KernelInput {
  readonly restart?: number
  readonly hostUp?: string
  readonly hostDown?: string
  readonly removeRule?: string
  readonly frozen?: number
  /** what whoever owns the kernel does then, as frozen data */
  readonly outside?: unknown
  /** a call whose next attempt to be connected is due; one that has tried for long enough */
  readonly redial?: number
  readonly undialed?: number
}

/** The target of events that are the kernel's own. */
export const KERNEL = -1

/** What the kernel knows, and what all its parts do with it: one record, so that each part is a file of plain functions. */
export class Core {
  readonly options: KernelOptions
  now = 0
  cells: Cell[] = []
  index = new Map<ActorId, number>()
  byComponent = new Map<string, number[]>()
  /** the name tables belong to a fork as well: they are copied before they change */
  #namesShared = false
  queue = new EventQueue()
  random: RandomStreams
  trace: Trace
  heartbeats = new Heartbeats()
  peers = new Peers()
  /** who is named as the supervisor of another process */
  supervisors = new Set<ActorId>()
  conditions: Readonly<Record<string, boolean>> = {}
  hosts: Readonly<Record<string, { readonly power: ProcessStatus; readonly skewMs: number }>> = {}
  /** no machine is off, frozen or wrong about the time */
  allHostsWell = true
  links: Links = WELL
  ruleUses: Readonly<Record<string, number>> = {}
  /** calls that find no connection yet, by id */
  dialing = new Map<number, Dialing>()
  nextId = 1
  cause = 0
  events = 0
  originMs = 0
  /** the process whose step runs */
  self = 0
  epoch = 1
  /** type of observation → processes that listen to it */
  listening: Readonly<Partial<Record<ObservationBody['type'], readonly number[]>>> = {}
  #listeners: readonly Listening[] = []
  /** who is told of a type, as far as it was asked for */
  #told = new Map<string, readonly Listener[]>()

  constructor(options: KernelOptions) {
    this.options = options
    this.random = new RandomStreams(options.seed, options.choices)
    this.trace = new Trace(options.trace === 'full')
  }

  // ---- processes
  indexOf(id: ActorId): number { const i = this.index.get(id); if (i === undefined) throw new InvariantError(`no actor ${id}`); return i }
  cell(id: ActorId): Cell { return this.cells[this.indexOf(id)] }
  /** The cell, copied first if a fork shares it. */
  own(i: number): Cell {
    const cell = this.cells[i]
    return cell.epoch === this.epoch ? cell : this.#copy(i, cell)
  }
  #copy(i: number, cell: Cell): Cell {
    return this.cells[i] = {
      ...cell, state: forkState(cell.state), timers: cell.timers.fork(), calls: new Map(cell.calls), streams: cell.streams.fork(), epoch: this.epoch,
    }
  }
  ownNames(): void {
    if (!this.#namesShared) return
    this.index = new Map(this.index)
    this.byComponent = new Map([...this.byComponent].map(([component, list]) => [component, [...list]]))
    this.#namesShared = false
  }
  ids(component?: string): ActorId[] {
    const list = component === undefined ? this.cells.map((_, i) => i) : this.byComponent.get(component) ?? []
    return list.filter(i => this.cells[i]).map(i => this.cells[i].actor.id)
  }

  // ---- machines and facts
  powerOf(host: string): ProcessStatus { return this.allHostsWell ? 'up' : this.hosts[host]?.power ?? 'up' }
  skewOf(host: string): number { return this.allHostsWell ? 0 : this.hosts[host]?.skewMs ?? 0 }
  setHost(host: string, change: Partial<{ power: ProcessStatus; skewMs: number }>): void {
    this.hosts = { ...this.hosts, [host]: { power: this.powerOf(host), skewMs: this.skewOf(host), ...change } }
    this.allHostsWell = Object.values(this.hosts).every(h => h.power === 'up' && h.skewMs === 0)
  }
  on(host: string): number[] { return this.cells.flatMap((c, i) => c && this.index.has(c.actor.id) && c.actor.host === host ? [i] : []) }
  condition(name: string): boolean { return this.conditions[name] ?? true }
  isStalled(i: number): boolean { return this.cells[i].status === 'hung' || this.powerOf(this.cells[i].actor.host) === 'hung' }

  // ---- what will happen
  push(at: number, target: number, input: Input | KernelInput): void { this.queue.push(at, 0, target, input, this.cause, false, false) }

  // ---- what has happened
  observe(listener: Listener, types?: readonly ObservationBody['type'][]): () => void {
    const listening: Listening = { listener, types }
    this.#setListeners([...this.#listeners, listening])
    return () => { this.#setListeners(this.#listeners.filter(l => l !== listening)) }
  }
  #setListeners(list: readonly Listening[]): void { this.#listeners = list; this.#told = new Map() }
  #listenersOf(type: ObservationBody['type']): readonly Listener[] {
    let list = this.#told.get(type)
    if (list === undefined) this.#told.set(type, list = this.#listeners.filter(l => l.types?.includes(type) ?? true).map(l => l.listener))
    return list
  }
  /** Does anybody look at observations of this type? */
  isObserved(type: ObservationBody['type']): boolean { return this.trace.keep || this.#listenersOf(type).length > 0 || this.listening[type] !== undefined }

  record(actor: string, body: ObservationBody): Observation {
    const observation = this.trace.add(this.now - this.originMs, this.cause, actor, body)
    this.cause = observation.id
    for (const listener of this.#listenersOf(body.type)) listener(observation)
    const listening = this.listening[body.type]
    if (listening !== undefined) for (const i of listening) this.push(this.now, i, { on: 'observation', observation })
    return observation
  }
  /** The same for what may be of no interest to anybody. */
  note(actor: string, body: ObservationBody): void {
    if (this.isObserved(body.type)) this.record(actor, body)
    else this.cause = this.trace.note(this.now - this.originMs, actor, body)
  }

  fork(): Core {
    const twin = new Core(this.options)
    twin.now = this.now
    twin.cells = [...this.cells]
    twin.index = this.index
    twin.byComponent = this.byComponent
    twin.#namesShared = this.#namesShared = true
    twin.queue = this.queue.fork()
    twin.random = this.random.fork()
    twin.trace = this.trace.fork()
    twin.heartbeats = this.heartbeats.fork()
    twin.peers = this.peers.fork()
    twin.supervisors = this.supervisors
    twin.conditions = this.conditions
    twin.hosts = this.hosts
    twin.allHostsWell = this.allHostsWell
    twin.links = this.links
    twin.ruleUses = this.ruleUses
    twin.dialing = new Map(this.dialing)
    twin.listening = this.listening
    twin.nextId = this.nextId
    twin.cause = this.cause
    twin.events = this.events
    twin.originMs = this.originMs
    // both sides copy a cell before they touch it: an epoch is never used by two kernels
    twin.epoch = nextEpoch(); this.epoch = nextEpoch()
    return twin
  }
}

let epochs = 1
/** Epochs only mark ownership; their values never influence a run. */
const nextEpoch = (): number => ++epochs
