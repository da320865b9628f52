import { invariant, InvariantError } from '../../base/invariant.ts'
import { hashString } from '../../base/hash.ts'
import { PersistentMap } from '../../base/persistent-map.ts'
import { connected, latencyMs, WELL } from '../network/links.ts'
import type { Links, Rule } from '../network/links.ts'
import type { Actor, ActorId, CallFailure, Effect, Input, Message, StepContext } from './actor.ts'
import { EventQueue } from './event-queue.ts'
import { forkState } from './fork.ts'
import { Heartbeats } from './heartbeats.ts'
import { uidFrom, suffixFrom } from './names.ts'
import type { Observation, ObservationBody } from './observation.ts'
import { Peers } from './peers.ts'
import { RandomStreams } from './random.ts'
import { Trace } from './trace.ts'

export type ProcessStatus = 'up' | 'down' | 'hung'
interface Call { readonly from: number; readonly sentAt: number; readonly timeoutMs: number }
interface Stream { readonly client: number; readonly server: number }

/** A process: its state and what the kernel keeps for it. Shared between forks until one of them touches it. */
interface Cell {
  readonly actor: Actor
  state: any
  status: ProcessStatus
  boots: number
  /** exits in a row, for the supervisor's back-off */
  exits: number
  /** a scenario took it down: its supervisor leaves it alone */
  taken: boolean
  endedBy: 'exit' | 'power loss'
  mailbox: readonly Input[]
  timers: PersistentMap<number>
  calls: PersistentMap<Call>
  streams: PersistentMap<Stream>
  epoch: number
}

export interface KernelOptions { readonly seed: number; readonly epochMs: number; readonly trace: 'full' | 'none'; readonly choices?: ReadonlyMap<string, number> }

const KERNEL = -1
const defaultTimeoutMs = 60_000
/** HTTP/2 health check of client-go: 30 s idle, then 15 s for the ping (golang.org/x/net/http2 ReadIdleTimeout, PingTimeout). */
const streamPingMs = 45_000

/** The event loop that owns time, order and chance. Everything that happens in a cluster is one of its events. */
export class Kernel {
  readonly options: KernelOptions
  #now = 0
  #cells: Cell[] = []
  #index = new Map<ActorId, number>()
  #byComponent = new Map<string, number[]>()
  /** the name tables belong to a fork as well: they are copied before they change */
  #namesShared = false
  #queue = new EventQueue()
  #random: RandomStreams
  #trace: Trace
  #heartbeats = new Heartbeats()
  #peers = new Peers()
  #conditions: Readonly<Record<string, boolean>> = {}
  #hosts: Readonly<Record<string, { readonly power: ProcessStatus; readonly skewMs: number }>> = {}
  #links: Links = WELL
  #nextId = 1
  #cause = 0
  #epoch = 1
  #events = 0
  #originMs = 0
  #ruleUses: Readonly<Record<string, number>> = {}
  /** type of observation → processes that listen to it */
  #listening: Readonly<Partial<Record<ObservationBody['type'], readonly number[]>>> = {}
  #listeners: readonly ((observation: Observation) => void)[] = []
  #context: StepContext
  #self = 0

  constructor(options: KernelOptions) {
    this.options = options
    this.#random = new RandomStreams(options.seed, options.choices)
    this.#trace = new Trace(options.trace === 'full')
    this.#context = this.#makeContext()
  }

  // ---- what can be asked
  get now(): number { return this.#now }
  /** The run proper begins now: times of observations count from here. */
  beginRun(): void { this.#originMs = this.#now }
  get eventCount(): number { return this.#events }
  get links(): Links { return this.#links }
  /** messages that a rule of this id has altered, also after it was taken away */
  ruleUses(id: string): number { return this.#ruleUses[id] ?? 0 }
  get trace(): Trace { return this.#trace }
  traceHash(): string { return this.#trace.hash() }
  choices(): [string, number][] { return this.#random.counters() }
  ids(component?: string): ActorId[] {
    const list = component === undefined ? this.#cells.map((_, i) => i) : this.#byComponent.get(component) ?? []
    return list.filter(i => this.#cells[i]).map(i => this.#cells[i].actor.id)
  }
  has(id: ActorId): boolean { return this.#index.has(id) }
  actor(id: ActorId): Actor { return this.#cell(id).actor }
  /** The state of a process, for the truth that drivers and checkers read; never to be changed. */
  stateOf<S = any>(id: ActorId): S { return this.#cell(id).state }
  statusOf(id: ActorId): ProcessStatus { const c = this.#cell(id); const power = this.powerOf(c.actor.host); return power === 'up' ? c.status : power }
  powerOf(host: string): ProcessStatus { return this.#hosts[host]?.power ?? 'up' }
  condition(name: string): boolean { return this.#conditions[name] ?? true }
  heartbeat(key: string): { lastAt: number; kept: boolean } | undefined {
    const h = this.#heartbeats.get(key)
    return h && { lastAt: this.#heartbeats.lastAt(h, this.#now), kept: h.stoppedAt < 0 }
  }
  /** Is anything pending that could change something? (false: the cluster is quiet) */
  get quiet(): boolean { return this.#queue.foreground === 0 }
  nextForegroundAt(): number { return this.#queue.nextForegroundAt() }
  nextAt(): number { return this.#queue.nextAt() }

  observe(listener: (observation: Observation) => void): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => { this.#listeners = this.#listeners.filter(l => l !== listener) }
  }

  record(actor: string, body: ObservationBody): Observation {
    const observation = this.#trace.add(this.#now - this.#originMs, this.#cause, actor, body)
    this.#cause = observation.id
    for (const listener of this.#listeners) listener(observation)
    const listening = this.#listening[body.type]
    if (listening !== undefined) for (const i of listening) this.#queue.push(this.#now, 0, i, { on: 'observation', observation }, this.#cause, false, false)
    return observation
  }
  /** What follows from outside (a step of the scenario) is caused by this. */
  mark(text: string): number { this.#cause = 0; return this.record('scenario', { type: 'note', text }).id }

  // ---- processes and machines
  add(actor: Actor, start: 'running' | 'stopped' = 'running'): void {
    invariant(!this.#index.has(actor.id), `two actors called ${actor.id}`)
    const i = this.#cells.length
    this.#cells.push({ actor, state: actor.init(), status: 'down', boots: 0, exits: 0, taken: start === 'stopped', endedBy: 'exit', mailbox: [], timers: new PersistentMap(), calls: new PersistentMap(), streams: new PersistentMap(), epoch: this.#epoch })
    this.#ownNames()
    this.#index.set(actor.id, i)
    const same = this.#byComponent.get(actor.component)
    if (same) same.push(i)
    else this.#byComponent.set(actor.component, [i])
    for (const peer of actor.peers ?? []) if (this.#index.has(peer)) this.#peers.attend(i, this.#indexOf(peer))
    if (start === 'running') this.#boot(i)
  }
  #ownNames(): void {
    if (!this.#namesShared) return
    this.#index = new Map(this.#index)
    this.#byComponent = new Map([...this.#byComponent].map(([component, list]) => [component, [...list]]))
    this.#namesShared = false
  }
  remove(id: ActorId): void {
    const i = this.#index.get(id)!
    this.#end(i, 'reset'); this.#peers.forget(i)
    const { component } = this.#cells[i].actor
    this.#ownNames()
    this.#index.delete(id)
    this.#byComponent.set(component, this.#byComponent.get(component)!.filter(x => x !== i))
    this.#disturbed()
  }

  /** Ends a process until `start`; its supervisor is told to leave it. */
  stop(id: ActorId): boolean {
    const i = this.#indexOf(id), cell = this.#own(i), was = cell.status
    cell.taken = true
    if (was === 'down') return false
    this.#end(i, 'reset'); this.#disturbed()
    return true
  }
  start(id: ActorId): boolean {
    const i = this.#indexOf(id), cell = this.#own(i)
    cell.taken = false; cell.exits = 0
    if (cell.status !== 'down') return false
    if (this.powerOf(cell.actor.host) !== 'down') this.#boot(i)
    return true
  }
  /** Ends a process; a supervised one starts again by itself. */
  crash(id: ActorId): boolean {
    const i = this.#indexOf(id)
    if (this.#cells[i].status === 'down') return false
    this.#exit(i); this.#disturbed()
    return true
  }
  hang(id: ActorId): boolean {
    const cell = this.#own(this.#indexOf(id))
    if (cell.status !== 'up') return false
    cell.status = 'hung'
    this.#componentChanged(cell, 'hung'); this.#stall(this.#indexOf(id)); this.#disturbed()
    return true
  }
  resume(id: ActorId): boolean {
    const i = this.#indexOf(id), cell = this.#own(i)
    if (cell.status !== 'hung') return false
    cell.status = 'up'
    this.#componentChanged(cell, 'up'); this.#deliverMailbox(i); this.#disturbed()
    return true
  }
  /** A machine loses power: all its processes end; whoever talks to it gets no answer. */
  hostDown(host: string): boolean {
    if (this.powerOf(host) === 'down') return false
    this.#setHost(host, { power: 'down' })
    for (const i of this.#on(host)) if (this.#cells[i].status !== 'down') this.#end(i, 'timeout')
    this.record('cluster', { type: 'nodePower', node: host, state: 'down' })
    this.#disturbed()
    return true
  }
  hostUp(host: string): boolean {
    const power = this.powerOf(host)
    if (power === 'up') return false
    this.#setHost(host, { power: 'up' })
    this.record('cluster', { type: 'nodePower', node: host, state: 'up' })
    for (const i of this.#on(host)) {
      if (power === 'hung') this.#deliverMailbox(i)
      else if (this.#cells[i].status === 'down' && !this.#cells[i].taken) this.#boot(i)
    }
    this.#disturbed()
    return true
  }
  /** A machine stands still (frozen, not off): nothing on it runs, nothing is lost. */
  hostHang(host: string): boolean {
    if (this.powerOf(host) !== 'up') return false
    this.#setHost(host, { power: 'hung' })
    this.record('cluster', { type: 'nodePower', node: host, state: 'hung' })
    for (const i of this.#on(host)) this.#stall(i)
    this.#disturbed()
    return true
  }
  skewClock(host: string, skewMs: number): void { this.#setHost(host, { skewMs }) }
  setLinks(change: (links: Links) => Links): void {
    const before = this.#links
    this.#links = change(before)
    if (this.#links.blocked !== before.blocked) this.#breakStreams()
    this.#disturbed()
  }
  /** Frozen data from outside of the cluster, handled as the process' next input. */
  operate(id: ActorId, operation: string, args: any): void { this.#queue.push(this.#now, 0, this.#indexOf(id), { on: 'operate', operation, args }, this.#cause, false, false) }
  /** Sends a message in the name of a process that lives outside of the event loop (a driver's client). */
  sendFrom(id: ActorId, effect: Extract<Effect, { do: 'send' }>): void { this.#send(this.#indexOf(id), effect) }
  nextId(): number { return this.#nextId++ }

  // ---- the loop
  /** Handles the next event; false when there is none. */
  stepOnce(): boolean {
    const event = this.#queue.pop()
    if (event === undefined) return false
    invariant(event.at >= this.#now, 'time runs backwards')
    this.#now = event.at
    this.#events++
    this.#cause = event.cause
    if (event.target === KERNEL) this.#kernelEvent(event.input)
    else this.#dispatch(event.target, event.input)
    return true
  }
  /** Handles all events up to and including `at`, and moves the clock there. */
  runTo(at: number): void { while (this.#queue.nextAt() <= at) this.stepOnce(); if (at > this.#now) this.#now = at }
  /** Moves the clock on without events; there must be none before `at`. */
  idleTo(at: number): void { invariant(this.#queue.nextAt() >= at, 'events are due'); if (at > this.#now) this.#now = at }

  fork(): Kernel {
    const twin = new Kernel(this.options)
    twin.#now = this.#now; twin.#cells = [...this.#cells]; twin.#index = this.#index; twin.#byComponent = this.#byComponent; twin.#namesShared = this.#namesShared = true
    twin.#queue = this.#queue.fork(); twin.#random = this.#random.fork(); twin.#trace = this.#trace.fork(); twin.#heartbeats = this.#heartbeats.fork(); twin.#peers = this.#peers.fork()
    twin.#conditions = this.#conditions; twin.#hosts = this.#hosts; twin.#links = this.#links; twin.#listening = this.#listening; twin.#nextId = this.#nextId
    twin.#cause = this.#cause; twin.#events = this.#events; twin.#originMs = this.#originMs; twin.#ruleUses = this.#ruleUses
    // both sides copy a cell before they touch it: an epoch is never used by two kernels
    twin.#epoch = nextEpoch(); this.#epoch = nextEpoch()
    return twin
  }

  // ---- events
  #dispatch(i: number, input: Input): void {
    if (this.#cells[i].status === 'down') return
    if (this.#cells[i].status === 'hung' || this.powerOf(this.#cells[i].actor.host) === 'hung') {
      const cell = this.#own(i)
      cell.mailbox = [...cell.mailbox, input]
      return
    }
    this.#run(i, input)
  }

  #run(i: number, input: Input): void {
    const cell = this.#own(i)
    if (input.on === 'timer') cell.timers.delete(input.key)
    const self = this.#self
    this.#self = i
    const { state, effects } = cell.actor.step(cell.state, input, this.#context)
    cell.state = state
    for (const effect of effects) this.#apply(i, effect)
    this.#self = self
  }

  #apply(i: number, effect: Effect): void {
    switch (effect.do) {
      case 'send': return this.#send(i, effect)
      case 'hand': return this.#hand(i, this.#indexOf(effect.to), effect.message)
      case 'record': {
        const { actor = this.#cells[i].actor.id, observation } = effect
        if (this.#trace.keep || this.#listeners.length > 0) this.record(actor, observation)
        else this.#cause = this.#trace.note(this.#now, this.#cause, actor, observation)
        return
      }
      case 'timer': {
        const cell = this.#own(i), pending = cell.timers.get(effect.key)
        if (pending !== undefined) this.#queue.cancel(pending)
        cell.timers.set(effect.key, this.#queue.push(this.#now + Math.max(0, effect.afterMs), 0, i, { on: 'timer', key: effect.key, data: effect.data }, this.#cause, effect.background ?? false, true))
        return
      }
      case 'cancel': {
        const cell = this.#own(i), pending = cell.timers.get(effect.key)
        if (pending !== undefined) { this.#queue.cancel(pending); cell.timers.delete(effect.key) }
        return
      }
      case 'open': { this.#own(i).streams.set(String(effect.stream), { client: this.#indexOf(effect.client), server: i }); return }
      case 'close': return this.#closeStream(i, effect.stream)
      case 'keep': {
        if (this.#heartbeats.keep(effect.key, i, effect.periodMs, this.#now)) this.#tellFollowers(effect.key, 'resumed')
        if (!this.#pathHealthy(i)) this.#review()
        return
      }
      case 'drop': return this.#heartbeats.drop(effect.key)
      case 'listen': { for (const type of effect.types) if (!this.#listening[type]?.includes(i)) this.#listening = { ...this.#listening, [type]: [...this.#listening[type] ?? [], i] }; return }
      case 'follow': return this.#heartbeats.follow(effect.prefix, i)
      case 'unfollow': return this.#heartbeats.unfollow(effect.prefix, i)
      case 'condition': {
        if ((this.#conditions[effect.name] ?? true) === effect.holds) return
        this.#conditions = { ...this.#conditions, [effect.name]: effect.holds }
        return this.#disturbed()
      }
      case 'exit': { this.record(this.#cells[i].actor.id, { type: 'note', text: `exits: ${effect.reason}` }); this.#exit(i); return this.#disturbed() }
      case 'operate': { this.#queue.push(this.#now, 0, this.#indexOf(effect.to), { on: 'operate', operation: effect.operation, args: effect.args }, this.#cause, false, false); return }
    }
  }

  // ---- the network
  #send(i: number, effect: Extract<Effect, { do: 'send' }>): void {
    const from = this.#cells[i], { message } = effect, extra = effect.extraMs ?? 0
    if (message.replyTo !== undefined) return this.#reply(i, effect)
    const target = this.#index.get(effect.to) ?? this.#resolve(from.actor.host, effect.to)
    const timeoutMs = effect.timeoutMs ?? defaultTimeoutMs
    if (target === undefined) return this.#failCall(i, message, this.#anyReachable(from.actor.host, effect.to) ? 'refused' : 'timeout', timeoutMs, extra)
    const to = this.#cells[target]
    if (!connected(this.#links, from.actor.host, to.actor.host) || this.powerOf(to.actor.host) === 'down') return this.#failCall(i, message, 'timeout', timeoutMs, extra)
    if (to.status === 'down') return this.#failCall(i, message, 'refused', timeoutMs, extra)
    let delay = extra + latencyMs(from.actor.host, to.actor.host)
    const rule = this.#links.rules.length ? this.#ruleFor(to.actor.component, message.type) : undefined
    if (rule) {
      this.#altered(rule)
      if (rule.effect.do === 'drop') return this.#failCall(i, message, 'timeout', timeoutMs, extra)
      if (rule.effect.do === 'answer') { this.#queue.push(this.#now + 2 * delay, 0, i, { on: 'message', from: to.actor.id, message: { type: 'response', replyTo: message.id, response: rule.effect.response } }, this.#cause, false, false); return }
      delay += rule.effect.ms
    }
    if (message.id !== undefined) this.#own(target).calls.set(String(message.id), { from: i, sentAt: this.#now, timeoutMs })
    this.#queue.push(this.#now + delay, 0, target, { on: 'message', from: from.actor.id, message }, this.#cause, false, false)
    if (message.id !== undefined && this.#stalled(target)) this.#failCall(i, message, 'timeout', timeoutMs, extra)
  }

  #reply(i: number, effect: Extract<Effect, { do: 'send' }>): void {
    const cell = this.#own(i), key = String(effect.message.replyTo), call = cell.calls.get(key)
    cell.calls.delete(key)
    const target = this.#index.get(effect.to)
    if (target === undefined || this.#cells[target].status === 'down') return
    const to = this.#cells[target].actor
    if (!connected(this.#links, cell.actor.host, to.host)) {
      if (call) this.#queue.push(Math.max(this.#now, call.sentAt + call.timeoutMs), 0, target, { on: 'failed', id: effect.message.replyTo!, why: 'timeout' }, this.#cause, false, false)
      return
    }
    let delay = (effect.extraMs ?? 0) + latencyMs(cell.actor.host, to.host)
    const rule = this.#links.rules.length ? this.#ruleFor(to.component, effect.message.type) : undefined
    if (rule?.effect.do === 'delay') { this.#altered(rule); delay += rule.effect.ms }
    this.#queue.push(this.#now + delay, 0, target, { on: 'message', from: cell.actor.id, message: effect.message }, this.#cause, false, false)
  }

  #hand(from: number, to: number, message: Message): void {
    if (this.#peers.connection(from, to) === 0) return
    const cause = this.#cause
    this.#run(to, { on: 'message', from: this.#cells[from].actor.id, message })
    this.#cause = cause
  }

  #failCall(i: number, message: Message, why: CallFailure, timeoutMs: number, extraMs: number): void {
    if (message.id === undefined) return
    const afterMs = why === 'timeout' ? timeoutMs : 1
    this.#queue.push(this.#now + extraMs + afterMs, 0, i, { on: 'failed', id: message.id, why }, this.#cause, false, false)
  }

  /**
   * A running, reachable instance; the one on the own host first, then by a hash of the caller's host among those that say they serve, as a load
   * balancer's health checks see to.
   */
  #resolve(fromHost: string, component: string): number | undefined {
    const all = this.#byComponent.get(component)
    if (all === undefined) return undefined
    let fit: number[] | undefined, unready: number[] | undefined
    for (const i of all) {
      const cell = this.#cells[i]
      if (cell.status !== 'up' || this.powerOf(cell.actor.host) !== 'up' || !connected(this.#links, fromHost, cell.actor.host)) continue
      if (cell.actor.host === fromHost || all.length === 1) return i
      if (this.condition(`${cell.actor.id} serving`)) (fit ??= []).push(i)
      else (unready ??= []).push(i)
    }
    fit ??= unready
    if (fit) return fit[hashString(fromHost) % fit.length]
    // all are dead or frozen: a frozen one still takes the connection
    return all.find(i => this.#cells[i].status === 'hung' && connected(this.#links, fromHost, this.#cells[i].actor.host))
  }
  #anyReachable(fromHost: string, component: string): boolean {
    return (this.#byComponent.get(component) ?? []).some(i => connected(this.#links, fromHost, this.#cells[i].actor.host) && this.powerOf(this.#cells[i].actor.host) === 'up')
  }

  #ruleFor(component: string, type: string): Rule | undefined { return this.#links.rules.find(r => r.to === component && r.type === type) }
  #altered(rule: Rule): void { this.#ruleUses = { ...this.#ruleUses, [rule.id]: this.ruleUses(rule.id) + 1 }; this.#links = { ...this.#links, rules: this.#links.rules.map(r => r.id === rule.id ? { ...r, altered: r.altered + 1 } : r) } }

  #closeStream(server: number, id: number): void {
    const cell = this.#own(server), stream = cell.streams.get(String(id))
    if (!stream) return
    cell.streams.delete(String(id))
    this.#queue.push(this.#now + latencyMs(cell.actor.host, this.#cells[stream.client].actor.host), 0, stream.client, { on: 'closed', stream: id, why: 'reset' }, this.#cause, false, false)
  }

  /** Ends all streams of a component's clients, as a connection that is reset does. */
  resetStreams(component: string): void {
    this.#cells.forEach((cell, server) => { for (const [id, stream] of cell.streams.sorted()) if (this.#cells[stream.client].actor.component === component) { this.#closeStream(server, Number(id)); this.#queue.push(this.#now, 0, server, { on: 'closed', stream: Number(id), why: 'reset' }, this.#cause, false, false) } })
  }

  /** Streams across a link that has just been cut: both ends notice by their pings. */
  #breakStreams(): void {
    this.#cells.forEach((cell, server) => {
      if (!cell) return
      for (const [id, stream] of cell.streams.sorted()) {
        const client = this.#cells[stream.client]
        if (connected(this.#links, cell.actor.host, client.actor.host)) continue
        this.#own(server).streams.delete(id)
        for (const end of [stream.client, server]) this.#queue.push(this.#now + streamPingMs, 0, end, { on: 'closed', stream: Number(id), why: 'timeout' }, this.#cause, false, false)
      }
    })
  }

  // ---- processes
  #boot(i: number): void {
    const cell = this.#own(i)
    if (cell.boots > 0) cell.state = cell.actor.restart ? cell.actor.restart(cell.state, cell.endedBy) : cell.actor.init()
    cell.status = 'up'
    cell.mailbox = []
    this.#componentChanged(cell, 'up')
    this.#queue.push(this.#now, 0, i, { on: 'start', boot: cell.boots++ }, this.#cause, false, false)
    if (this.#now > 0) this.#disturbed(); else this.#reviewPeers()
  }

  #end(i: number, why: 'reset' | 'timeout'): void {
    const cell = this.#own(i), { host } = cell.actor
    const calls = cell.calls.sorted(), streams = cell.streams.sorted(), after = why === 'reset' ? 1 : streamPingMs
    cell.status = 'down'; cell.mailbox = []
    cell.endedBy = why === 'timeout' ? 'power loss' : 'exit'
    cell.timers.clear(); cell.calls.clear(); cell.streams.clear()
    this.#queue.takeOf(i)
    this.#heartbeats.unfollowAll(i)
    this.#componentChanged(cell, 'down')
    for (const [id, call] of calls) this.#queue.push(Math.max(this.#now + 1, why === 'reset' ? 0 : call.sentAt + call.timeoutMs), 0, call.from, { on: 'failed', id: Number(id), why }, this.#cause, false, false)
    for (const [id, stream] of streams) this.#queue.push(this.#now + after, 0, stream.client, { on: 'closed', stream: Number(id), why }, this.#cause, false, false)
    for (const server of [...this.#byComponent.get('kube-apiserver') ?? [], ...this.#byComponent.get('etcd') ?? []]) {
      if (server === i || !this.#cells[server]) continue
      for (const [id, stream] of this.#cells[server].streams) {
        if (stream.client !== i) continue
        this.#own(server).streams.delete(id)
        this.#queue.push(this.#now + (host === this.#cells[server].actor.host ? 0 : after), 0, server, { on: 'closed', stream: Number(id), why }, this.#cause, false, false)
      }
    }
  }

  /** Restart by a kubelet (static pods) or systemd: after 1 s, then 10 s doubling to 5 min. */
  #exit(i: number): void {
    this.#end(i, 'reset')
    const cell = this.#own(i)
    if (!cell.actor.supervised) return
    const afterMs = cell.exits === 0 ? 1000 : Math.min(300_000, 10_000 * 2 ** (cell.exits - 1))
    cell.exits++
    this.#queue.push(this.#now + afterMs, 0, KERNEL, { restart: i }, this.#cause, false, false)
  }
  /** A machine that was switched off, or a rule of the network, ends by itself at a set time. */
  hostUpAfter(host: string, afterMs: number): void { this.#queue.push(this.#now + afterMs, 0, KERNEL, { hostUp: host }, this.#cause, false, false) }
  removeRuleAfter(id: string, afterMs: number): void { this.#queue.push(this.#now + afterMs, 0, KERNEL, { removeRule: id }, this.#cause, false, false) }

  #kernelEvent(input: { readonly restart?: number; readonly hostUp?: string; readonly removeRule?: string }): void {
    if (input.hostUp !== undefined) this.hostUp(input.hostUp)
    else if (input.removeRule !== undefined) this.setLinks(links => ({ ...links, rules: links.rules.filter(r => r.id !== input.removeRule) }))
    else {
      const i = input.restart!, cell = this.#cells[i]
      if (cell.status === 'down' && !cell.taken && this.powerOf(cell.actor.host) !== 'down') this.#boot(i)
    }
  }

  #deliverMailbox(i: number): void {
    const cell = this.#own(i), waiting = cell.mailbox
    cell.mailbox = []
    for (const input of waiting) this.#queue.push(this.#now, 0, i, input, this.#cause, false, false)
  }
  /** Calls that a frozen process holds will time out at their callers. */
  #stall(i: number): void {
    for (const [id, call] of this.#cells[i].calls.sorted()) this.#queue.push(Math.max(this.#now, call.sentAt + call.timeoutMs), 0, call.from, { on: 'failed', id: Number(id), why: 'timeout' }, this.#cause, false, false)
  }
  #stalled(i: number): boolean { return this.#cells[i].status === 'hung' || this.powerOf(this.#cells[i].actor.host) === 'hung' }

  // ---- heartbeats
  #disturbed(): void { this.#reviewPeers(); this.#review() }
  #reviewPeers(): void {
    const up = (i: number): boolean => this.#cells[i].status === 'up' && this.powerOf(this.#cells[i].actor.host) === 'up'
    const well = (a: number, b: number): boolean => up(a) && up(b) && connected(this.#links, this.#cells[a].actor.host, this.#cells[b].actor.host)
    for (const { a, b, connection } of this.#peers.review(well)) for (const [end, other] of [[a, b], [b, a]]) {
      this.#queue.push(this.#now, 0, end, { on: 'peer', peer: this.#cells[other].actor.id, connection }, this.#cause, false, false)
    }
  }
  #review(): void {
    for (const [key, h] of this.#heartbeats.all()) {
      const healthy = this.#pathHealthy(h.owner)
      if (h.stoppedAt < 0 && !healthy) {
        this.#heartbeats.stop(key, this.#now)
        this.#tellFollowers(key, 'stopped')
        this.#tell(h.owner, key, 'failing')
      } else if (h.stoppedAt >= 0 && healthy) this.#tell(h.owner, key, 'possible')
    }
  }
  #pathHealthy(owner: number): boolean {
    const cell = this.#cells[owner]
    if (cell.status !== 'up' || this.powerOf(cell.actor.host) !== 'up' || !this.condition('etcd writable')) return false
    if (this.#links.rules.some(r => r.to === 'kube-apiserver' && r.type === 'request' && r.effect.do !== 'delay')) return false
    const server = this.#resolve(cell.actor.host, 'kube-apiserver')
    return server !== undefined && !this.#stalled(server) && this.condition(`${this.#cells[server].actor.id} serving`) && this.#etcdHasQuorum(this.#cells[server].actor.host)
  }
  /**
   * Whether a majority of members is up, connected and holds a keyspace, and the member on this host (which the API server there uses)
   * reaches it. The second or two in which such a majority elects a leader are left out of account.
   */
  #etcdHasQuorum(host?: string): boolean {
    const members = this.#byComponent.get('etcd') ?? []
    const well = members.filter(i => this.#cells[i].status === 'up' && this.powerOf(this.#cells[i].actor.host) === 'up' && this.condition(`${this.#cells[i].actor.id} votes`))
    const asked = host !== undefined && members.some(i => this.#cells[i].actor.host === host) ? well.filter(i => this.#cells[i].actor.host === host) : well
    return members.length === 0 || asked.some(i => 2 * well.filter(j => i === j || connected(this.#links, this.#cells[i].actor.host, this.#cells[j].actor.host)).length > members.length)
  }
  #tellFollowers(key: string, state: 'stopped' | 'resumed'): void { for (const actor of this.#heartbeats.followersOf(key)) this.#tell(actor, key, state) }
  #tell(actor: number, key: string, state: Extract<Input, { on: 'heartbeat' }>['state']): void {
    const h = this.#heartbeats.get(key)!
    this.#queue.push(this.#now, 0, actor, { on: 'heartbeat', key, state, lastAt: this.#heartbeats.lastAt(h, this.#now) }, this.#cause, false, false)
  }

  // ---- small things
  #componentChanged(cell: Cell, state: 'up' | 'down' | 'hung'): void {
    if (cell.boots === 0) return // the first start of a cluster is no news
    this.record(cell.actor.id, { type: 'component', component: cell.actor.component, node: cell.actor.host, state })
  }
  #on(host: string): number[] { return this.#cells.flatMap((c, i) => c && this.#index.has(c.actor.id) && c.actor.host === host ? [i] : []) }
  #setHost(host: string, change: Partial<{ power: ProcessStatus; skewMs: number }>): void { this.#hosts = { ...this.#hosts, [host]: { power: this.powerOf(host), skewMs: this.#hosts[host]?.skewMs ?? 0, ...change } } }
  #indexOf(id: ActorId): number { const i = this.#index.get(id); if (i === undefined) throw new InvariantError(`no actor ${id}`); return i }
  #cell(id: ActorId): Cell { return this.#cells[this.#indexOf(id)] }
  /** The cell, copied first if a fork shares it. */
  #own(i: number): Cell {
    const cell = this.#cells[i]
    if (cell.epoch === this.#epoch) return cell
    return this.#cells[i] = { ...cell, state: forkState(cell.state), timers: cell.timers.fork(), calls: cell.calls.fork(), streams: cell.streams.fork(), epoch: this.#epoch }
  }

  #makeContext(): StepContext {
    const kernel = this
    return {
      get now() { return kernel.#now },
      get wallMs() { return kernel.options.epochMs + kernel.#now + (kernel.#hosts[kernel.#cells[kernel.#self].actor.host]?.skewMs ?? 0) },
      get self() { return kernel.#cells[kernel.#self].actor.id },
      get host() { return kernel.#cells[kernel.#self].actor.host },
      nextId: () => kernel.#nextId++,
      choose: (purpose, n) => kernel.#random.choose(`${purpose}@${kernel.#cells[kernel.#self].actor.id}`, n),
      bits: purpose => kernel.#random.bits(`${purpose}@${kernel.#cells[kernel.#self].actor.id}`),
      uid: () => uidFrom(kernel.#random.bits('uid'), kernel.#random.bits('uid'), kernel.#random.bits('uid'), kernel.#random.bits('uid')),
      suffix: () => suffixFrom(kernel.#random.bits('suffix'), kernel.#random.bits('suffix')),
      instances: component => kernel.ids(component),
      heartbeat: key => kernel.heartbeat(key),
      condition: name => kernel.condition(name),
      connection: peer => { const i = kernel.#index.get(peer); return i === undefined ? 0 : kernel.#peers.connection(kernel.#self, i) },
      peek: id => kernel.has(id) ? { state: kernel.stateOf(id), status: kernel.statusOf(id) } : undefined,
    }
  }
}

let epochs = 1
/** Epochs only mark ownership; their values never influence a run. */
const nextEpoch = (): number => ++epochs
