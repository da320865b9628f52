import { invariant } from '../../base/invariant.ts'
import { PersistentMap } from '../../base/persistent-map.ts'
import type { Links } from '../network/links.ts'
import type { Actor, ActorId, Effect, Input, Message, StepContext } from './actor.ts'
import { contextOf } from './context.ts'
import { Core, KERNEL } from './core.ts'
import type { KernelInput, KernelOptions, Listener, Operated, ProcessStatus } from './core.ts'
import { disturbed, keep } from './health.ts'
import type { Observation, ObservationBody } from './observation.ts'
import { boot, end, endFrozen, exit, hang, hostDown, hostHang, hostUp, restart, resume } from './processes.ts'
import type { Trace } from './trace.ts'
import { dialled, undialed } from './dialing.ts'
import { closeStream, hangUp, linkUse, resetStreams, send, setLinks, cut } from './transport.ts'

export type { KernelOptions, ProcessStatus } from './core.ts'

/** The event loop that owns time, order and chance. Everything that happens in a cluster is one of its events. */
export class Kernel {
  readonly #core: Core
  readonly #context: StepContext
  #outside: ((what: any) => void) | undefined

  constructor(options: KernelOptions, core = new Core(options)) { this.#core = core; this.#context = contextOf(core) }

  // ---- what can be asked
  get options(): KernelOptions { return this.#core.options }
  get now(): number { return this.#core.now }
  get eventCount(): number { return this.#core.events }
  get links(): Links { return this.#core.links }
  get trace(): Trace { return this.#core.trace }
  traceHash(): string { return this.#core.trace.hash() }
  choices(): [string, number][] { return this.#core.random.counters() }
  ids(component?: string): ActorId[] { return this.#core.ids(component) }
  has(id: ActorId): boolean { return this.#core.index.has(id) }
  actor(id: ActorId): Actor { return this.#core.cell(id).actor }
  /** The state of a process, for the truth that drivers and checkers read; never to be changed. */
  stateOf<S = any>(id: ActorId): S { return this.#core.cell(id).state }
  statusOf(id: ActorId): ProcessStatus { const c = this.#core.cell(id), power = this.powerOf(c.actor.host); return power === 'up' ? c.status : power }
  powerOf(host: string): ProcessStatus { return this.#core.powerOf(host) }
  condition(name: string): boolean { return this.#core.condition(name) }
  heartbeat(key: string): { lastAt: number; kept: boolean } | undefined { return this.#context.heartbeat(key) }
  /** Is anything pending that could change something? (false: the cluster is quiet) */
  get quiet(): boolean { return this.#core.queue.foreground === 0 }
  nextForegroundAt(): number { return this.#core.queue.nextForegroundAt() }
  nextAt(): number { return this.#core.queue.nextAt() }

  /** Tells of every observation, or of those of some types. */
  observe(listener: Listener, types?: readonly ObservationBody['type'][]): () => void { return this.#core.observe(listener, types) }
  record(actor: string, body: ObservationBody): Observation { return this.#core.record(actor, body) }
  /** What follows from outside (a step of the scenario) is caused by this. */
  mark(text: string): number { this.#core.cause = 0; return this.record('scenario', { type: 'note', text }).id }
  /** The run proper begins now: times of observations count from here. */
  beginRun(): void { this.#core.originMs = this.#core.now }
  /** messages that a rule of this id has altered, also after it was taken away */
  ruleUses(id: string): number { return this.#core.ruleUses[id] ?? 0 }
  /** How often a cut link, `a|b`, has stopped a message, a stream or the choice of a server. */
  linkUses(link: string): number { return this.ruleUses(linkUse(link)) }

  // ---- processes and machines
  add(actor: Actor, start: 'running' | 'stopped' = 'running'): void {
    const core = this.#core, i = core.cells.length
    invariant(!core.index.has(actor.id), `two actors called ${actor.id}`)
    core.cells.push({
      actor, state: actor.init(), status: 'down', boots: 0, exits: 0, bootedAt: core.now, hungAt: -1, taken: start === 'stopped', endedBy: 'exit', mailbox: [],
      found: [],
      timers: new PersistentMap(),
      calls: new Map(), streams: new PersistentMap(), epoch: core.epoch,
    })
    core.ownNames()
    core.index.set(actor.id, i)
    if (actor.supervisor) core.supervisors.add(actor.supervisor)
    const same = core.byComponent.get(actor.component)
    if (same) same.push(i)
    else core.byComponent.set(actor.component, [i])
    for (const peer of actor.peers ?? []) if (core.index.has(peer)) core.peers.attend(i, core.indexOf(peer))
    if (start === 'running') boot(core, i)
  }
  /** The same process by another definition (a program of another version), while it is down: what it keeps, its `restart` says when it starts. */
  replace(actor: Actor): void {
    const core = this.#core, i = core.indexOf(actor.id), cell = core.own(i)
    invariant(cell.status === 'down', `${actor.id} is replaced while it runs`)
    core.cells[i] = { ...cell, actor }
  }
  remove(id: ActorId): void {
    const core = this.#core, i = core.indexOf(id), { component } = core.cells[i].actor
    end(core, i, 'reset'); core.peers.forget(i)
    core.ownNames()
    core.index.delete(id)
    core.byComponent.set(component, core.byComponent.get(component)!.filter(x => x !== i))
    disturbed(core)
  }

  /** Ends a process until `start`; its supervisor is told to leave it. */
  stop(id: ActorId): boolean {
    const core = this.#core, i = core.indexOf(id), cell = core.own(i), was = cell.status
    cell.taken = true
    if (was === 'down') return false
    end(core, i, 'reset'); disturbed(core)
    return true
  }
  /** Asks a process to end (SIGTERM), and its supervisor to leave it. One that is well may settle its affairs before it does. */
  terminate(id: ActorId): boolean {
    const core = this.#core, cell = core.own(core.indexOf(id))
    if (!cell.actor.settles || this.statusOf(id) !== 'up') return this.stop(id)
    cell.taken = true
    this.operate(id, 'terminate', undefined)
    return true
  }
  start(id: ActorId): boolean {
    const core = this.#core, i = core.indexOf(id), cell = core.own(i)
    cell.taken = false; cell.exits = 0
    if (cell.status !== 'down') return false
    if (core.powerOf(cell.actor.host) !== 'down') boot(core, i)
    return true
  }
  /** Ends a process; a supervised one starts again by itself. */
  crash(id: ActorId): boolean {
    const core = this.#core, i = core.indexOf(id)
    if (core.cells[i].status === 'down') return false
    exit(core, i); disturbed(core)
    return true
  }
  hang(id: ActorId): boolean { return hang(this.#core, this.#core.indexOf(id)) }
  resume(id: ActorId): boolean { return resume(this.#core, this.#core.indexOf(id)) }
  /** A machine loses power: all its processes end; whoever talks to it gets no answer. */
  hostDown(host: string): boolean { return hostDown(this.#core, host) }
  hostUp(host: string): boolean { return hostUp(this.#core, host) }
  /** A machine stands still (frozen, not off): nothing on it runs, nothing is lost. */
  hostHang(host: string): boolean { return hostHang(this.#core, host) }
  /** A machine that was switched off, or a rule of the network, ends by itself at a set time. */
  hostUpAfter(host: string, afterMs: number): void { this.#core.push(this.now + afterMs, KERNEL, { hostUp: host }) }
  /** A machine loses power at a set time. */
  hostDownAfter(host: string, afterMs: number): void { this.#core.push(this.now + afterMs, KERNEL, { hostDown: host }) }
  removeRuleAfter(id: string, afterMs: number): void { this.#core.push(this.now + afterMs, KERNEL, { removeRule: id }) }
  /** What `whenOutside` is told at a set time. */
  outsideAfter(what: unknown, afterMs: number): void { this.#core.push(this.now + afterMs, KERNEL, { outside: what }) }
  whenOutside(told: (what: any) => void): void { this.#outside = told }
  /** Do packets pass between two machines? A cut that stops some has been met. */
  linked(a: string, b: string): boolean { return !cut(this.#core, a, b) }
  /** Was it wrong by something else before? */
  skewClock(host: string, skewMs: number): boolean {
    const before = this.#core.skewOf(host)
    if (before !== skewMs) this.#core.setHost(host, { skewMs })
    return before !== skewMs
  }
  setLinks(change: (links: Links) => Links): void { setLinks(this.#core, change); disturbed(this.#core) }
  resetStreams(component: string): void { resetStreams(this.#core, component) }
  /** Frozen data from outside of the cluster, handled as the process' next input. */
  operate(id: ActorId, operation: string, args: any): void { this.#core.push(this.now, this.#core.indexOf(id), { on: 'operate', operation, args }) }
  /** The same of what is so whether or not the process is there: one that is down finds it so when it starts. */
  arrange(id: ActorId, operation: string, args: any): void {
    const core = this.#core, i = core.indexOf(id), input = { on: 'operate', operation, args, stays: true } as const, cell = core.own(i)
    if (cell.status === 'down') cell.found = [...cell.found, input]
    else core.push(core.now, i, input)
  }
  /** What was arranged and a process that is away has not taken up yet, the last of it. */
  arranged(id: ActorId, fits: (operation: string, args: any) => boolean): any | undefined {
    const { found, mailbox } = this.#core.cells[this.#core.indexOf(id)]
    return [...found, ...mailbox].findLast((o): o is Operated => o.on === 'operate' && fits(o.operation, o.args))?.args
  }
  /** Sends a message in the name of a process that lives outside of the event loop (a driver's client). */
  sendFrom(id: ActorId, effect: Extract<Effect, { do: 'send' }>): void { send(this.#core, this.#core.indexOf(id), effect) }
  nextId(): number { return this.#core.nextId++ }
  /** Ends a stream that a process is the client of. */
  hangUp(client: ActorId, stream: number): void { hangUp(this.#core, this.#core.indexOf(client), stream) }

  // ---- the loop
  /** Handles the next event; false when there is none. */
  stepOnce(): boolean {
    const core = this.#core, event = core.queue.pop()
    if (event === undefined) return false
    if (event.at < core.now) invariant(false, 'time runs backwards')
    core.now = event.at
    core.events++
    core.cause = event.cause
    if (event.target === KERNEL) this.#kernelEvent(event.input)
    else this.#dispatch(event.target, event.input)
    return true
  }
  /** Handles all events up to and including `at`, and moves the clock there. */
  runTo(at: number): void { const core = this.#core; while (core.queue.nextAt() <= at) this.stepOnce(); if (at > core.now) core.now = at }
  /** What was to be done at this moment is done; what follows from outside is caused by what was before, as it would be without. */
  settle(): void { const core = this.#core, { cause } = core; this.runTo(core.now); core.cause = cause }
  /** Moves the clock on without events; there must be none before `at`. */
  idleTo(at: number): void { invariant(this.nextAt() >= at, 'events are due'); if (at > this.now) this.#core.now = at }

  fork(): Kernel { return new Kernel(this.options, this.#core.fork()) }

  #kernelEvent(input: KernelInput): void {
    if (input.hostUp !== undefined) this.hostUp(input.hostUp)
    else if (input.hostDown !== undefined) this.hostDown(input.hostDown)
    else if (input.removeRule !== undefined) this.setLinks(links => ({ ...links, rules: links.rules.filter(r => r.id !== input.removeRule) }))
    else if (input.outside !== undefined) this.#outside?.(input.outside)
    else if (input.frozen !== undefined) endFrozen(this.#core, input.frozen)
    else if (input.redial !== undefined) this.#redial(input.redial)
    else if (input.undialed !== undefined) this.#undialed(input.undialed)
    else restart(this.#core, input.restart!)
  }

  #redial(call: number): void {
    const made = dialled(this.#core, call)
    if (made) send(this.#core, made.from, made.effect)
  }
  #undialed(call: number): void {
    const from = undialed(this.#core, call)
    if (from !== undefined) this.#dispatch(from, { on: 'failed', id: call, why: 'timeout' })
  }

  #dispatch(i: number, input: Input): void {
    const core = this.#core
    if (core.cells[i].status === 'down') return
    if (core.isStalled(i)) {
      const cell = core.own(i)
      cell.mailbox = [...cell.mailbox, input]
      return
    }
    this.#run(i, input)
  }

  #run(i: number, input: Input): void {
    const core = this.#core, cell = core.own(i), { self } = core
    if (input.on === 'timer') cell.timers.delete(input.key)
    core.self = i
    const { state, effects } = cell.actor.step(cell.state, input, this.#context)
    cell.state = state
    for (let k = 0; k < effects.length; k++) this.#apply(i, effects[k])
    core.self = self
  }

  #apply(i: number, effect: Effect): void {
    const core = this.#core
    switch (effect.do) {
      case 'send': return send(core, i, effect)
      case 'record': return core.note(effect.actor ?? core.cells[i].actor.id, effect.observation)
      case 'timer': return this.#setTimer(i, effect)
      case 'hand': return this.#hand(i, core.indexOf(effect.to), effect.message)
      case 'cancel': {
        const { timers } = core.own(i), pending = timers.get(effect.key)
        if (pending !== undefined) { core.queue.cancel(pending); timers.delete(effect.key) }
        return
      }
      case 'open': { core.own(i).streams.set(String(effect.stream), { client: core.indexOf(effect.client), server: i }); return }
      case 'close': return closeStream(core, i, effect.stream)
      case 'keep': return keep(core, i, effect.key, effect.periodMs, effect.agoMs)
      case 'drop': return core.heartbeats.drop(effect.key)
      case 'listen': {
        for (const type of effect.types) {
          if (!core.listening[type]?.includes(i)) core.listening = { ...core.listening, [type]: [...core.listening[type] ?? [], i] }
        }
        return
      }
      case 'follow': return core.heartbeats.follow(effect.prefix, i)
      case 'unfollow': return core.heartbeats.unfollow(effect.prefix, i)
      case 'condition': {
        if (core.condition(effect.name) === effect.holds) return
        core.conditions = { ...core.conditions, [effect.name]: effect.holds }
        return disturbed(core)
      }
      case 'exit': { core.record(core.cells[i].actor.id, { type: 'note', text: `exits: ${effect.reason}` }); exit(core, i); return disturbed(core) }
      case 'operate': return core.push(core.now, core.indexOf(effect.to), { on: 'operate', operation: effect.operation, args: effect.args })
    }
  }

  #setTimer(i: number, { key, afterMs, data, background = false }: Extract<Effect, { do: 'timer' }>): void {
    const core = this.#core, { timers } = core.own(i), pending = timers.get(key)
    if (pending !== undefined) core.queue.cancel(pending)
    timers.set(key, core.queue.push(core.now + Math.max(0, afterMs), 0, i, { on: 'timer', key, data }, core.cause, background, true))
  }

  #hand(from: number, to: number, message: Message): void {
    const core = this.#core, { cause } = core
    if (core.peers.connection(from, to) === 0) return
    this.#run(to, { on: 'message', from: core.cells[from].actor.id, message })
    core.cause = cause
  }
}
