import { hashString } from '../../base/hash.ts'
import { connected, latencyMs, pair } from '../network/links.ts'
import type { Links, Rule } from '../network/links.ts'
import type { CallFailure, Effect, Message } from './actor.ts'
import type { Core, Stream } from './core.ts'
import { dial, dialAgain } from './dialing.ts'

/** How messages reach processes, and what becomes of calls and streams that a link, a machine or a process fails. */
type Send = Extract<Effect, { do: 'send' }>
const defaultTimeoutMs = 60_000
/** HTTP/2 health check of client-go: 30 s idle, then 15 s for the ping (golang.org/x/net/http2 ReadIdleTimeout, PingTimeout). */
export const streamPingMs = 45_000

export function send(core: Core, i: number, effect: Send): void {
  const { message } = effect
  if (message.replyTo !== undefined) return reply(core, i, effect, message.replyTo)
  // what goes over a stream that a cut has ended is lost, also once the link is whole again: the client resumes where it was when it notices
  const { stream } = message as { readonly stream?: number }, over = stream === undefined ? undefined : core.cells[i].streams.get(String(stream))
  if (stream !== undefined && over === undefined) return
  const { host, id } = core.cells[i].actor, extra = effect.extraMs ?? 0, timeoutMs = effect.timeoutMs ?? defaultTimeoutMs
  const target = core.index.get(effect.to) ?? resolve(core, host, effect.to)
  if (target === undefined && anyReachable(core, host, effect.to)) return failCall(core, i, message, 'refused', timeoutMs, extra)
  if (target === undefined) return noWay(core, i, effect, timeoutMs)
  const to = core.cells[target]
  if (cut(core, host, to.actor.host) || core.powerOf(to.actor.host) === 'down') return noWay(core, i, effect, timeoutMs)
  if (to.status === 'down') return failCall(core, i, message, 'refused', timeoutMs, extra)
  let delay = extra + latencyMs(host, to.actor.host) + heardAfter(core, i, to.actor.component)
  const rule = ruleFor(core, to.actor.component, message.type)
  if (rule) {
    altered(core, rule)
    if (rule.effect.do === 'drop') return failCall(core, i, message, 'timeout', timeoutMs, extra)
    if (rule.effect.do === 'answer') {
      return core.push(core.now + 2 * delay, i, {
        on: 'message', from: to.actor.id, message: { type: 'response', replyTo: message.id, response: rule.effect.response },
      })
    }
    delay += rule.effect.ms
  }
  if (message.id !== undefined) core.own(target).calls.set(message.id, { from: i, sentAt: core.now, timeoutMs })
  const at = over ? heardAt(over, core.now + delay) : core.now + delay
  if (over && (rule || over.toldAt !== undefined)) core.own(i).streams.set(String(stream), { client: over.client, server: over.server, toldAt: at })
  core.push(at, target, { on: 'message', from: id, message })
  if (message.id !== undefined && core.isStalled(target)) failCall(core, i, message, 'timeout', timeoutMs, extra)
}

function reply(core: Core, i: number, { to, message, extraMs = 0 }: Send, call: number): void {
  const { calls, actor: { host, id } } = core.own(i), made = calls.get(call)
  calls.delete(call)
  const target = core.index.get(to)
  if (target === undefined || core.cells[target].status === 'down') return
  const receiver = core.cells[target].actor
  if (cut(core, host, receiver.host)) {
    if (made) core.push(Math.max(core.now, made.sentAt + made.timeoutMs), target, { on: 'failed', id: call, why: 'timeout' })
    return
  }
  let delay = extraMs + latencyMs(host, receiver.host) + heardAfter(core, i, receiver.component)
  const rule = ruleFor(core, receiver.component, message.type)
  if (rule?.effect.do === 'delay') { altered(core, rule); delay += rule.effect.ms }
  core.push(core.now + delay, target, { on: 'message', from: id, message })
  const { stream } = message as { readonly stream?: number }, { streams } = core.own(i), opened = stream === undefined ? undefined : streams.get(String(stream))
  if (opened) streams.set(String(stream), { client: opened.client, server: opened.server, toldAt: core.now + delay })
}
/** The time at which a client hears of something over a stream that it would hear of at `at`: all comes in order. */
export const heardAt = ({ toldAt = 0 }: Stream, at: number): number => Math.max(at, toldAt)

function noWay(core: Core, i: number, effect: Send, timeoutMs: number): void {
  if (effect.message.id !== undefined) dial(core, i, effect, effect.message.id, timeoutMs)
}
function failCall(core: Core, i: number, message: Message, why: CallFailure, timeoutMs: number, extraMs: number): void {
  if (message.id === undefined) return
  core.push(core.now + extraMs + (why === 'timeout' ? timeoutMs : 1), i, { on: 'failed', id: message.id, why })
}

/**
 * A running, reachable instance; the one on the own host first, then by a hash of the caller's host among those that say they serve, as a load
 * balancer's health checks see to.
 */
export function resolve(core: Core, fromHost: string, component: string): number | undefined {
  const all = core.byComponent.get(component)
  if (all === undefined) return undefined
  let fit: number[] | undefined, unready: number[] | undefined
  for (const i of all) {
    const cell = core.cells[i]
    if (cell.status !== 'up' || core.powerOf(cell.actor.host) !== 'up' || cut(core, fromHost, cell.actor.host)) continue
    if (cell.actor.host === fromHost || all.length === 1) return i
    if (core.condition(`${cell.actor.id} serving`) && core.condition(`${cell.actor.id} ready`)) (fit ??= []).push(i)
    else (unready ??= []).push(i)
  }
  fit ??= unready
  if (fit) return fit[hashString(fromHost) % fit.length]
  // all are dead or frozen: a frozen one still takes the connection
  return all.find(i => core.cells[i].status === 'hung' && connected(core.links, fromHost, core.cells[i].actor.host))
}
function anyReachable(core: Core, fromHost: string, component: string): boolean {
  return (core.byComponent.get(component) ?? []).some(i =>
    connected(core.links, fromHost, core.cells[i].actor.host) && core.powerOf(core.cells[i].actor.host) === 'up')
}

/** Is the link between two machines cut? Then that has stopped something, which counts as its use: see `linkUse`. */
export function cut(core: Core, a: string, b: string): boolean {
  if (connected(core.links, a, b)) return false
  used(core, linkUse(pair(a, b)))
  return true
}
/** Under which name the uses of a cut link are counted, beside those of rules. */
export const linkUse = (link: string): string => `link ${link}`
function used(core: Core, id: string): void { core.ruleUses = { ...core.ruleUses, [id]: (core.ruleUses[id] ?? 0) + 1 } }

const heardAfter = ({ links: { apiLatencyMs }, cells }: Core, from: number, component: string): number =>
  apiLatencyMs === undefined || cells[from].actor.component !== 'kube-apiserver' ? 0 : apiLatencyMs[component] ?? 0
const ruleFor = ({ links: { rules } }: Core, component: string, type: string): Rule | undefined =>
  rules.length === 0 ? undefined : rules.find(r => r.to === component && r.type === type)
function altered(core: Core, rule: Rule): void {
  used(core, rule.id)
  core.links = { ...core.links, rules: core.links.rules.map(r => r.id === rule.id ? { ...r, altered: r.altered + 1 } : r) }
}

export function setLinks(core: Core, change: (links: Links) => Links): void {
  const before = core.links
  core.links = change(before)
  if (core.links.blocked === before.blocked) return
  breakStreams(core)
  dialAgain(core)
}

export function closeStream(core: Core, server: number, id: number): void {
  const cell = core.own(server), stream = cell.streams.get(String(id))
  if (!stream) return
  cell.streams.delete(String(id))
  const at = heardAt(stream, core.now + latencyMs(cell.actor.host, core.cells[stream.client].actor.host))
  core.push(at, stream.client, { on: 'closed', stream: id, why: 'reset' })
}

/** A client ends a stream of its own: who serves it is told, and nothing more comes through it. */
export function hangUp(core: Core, client: number, id: number): void {
  const server = core.cells.findIndex(cell => cell?.streams.get(String(id))?.client === client)
  if (server < 0) return
  core.own(server).streams.delete(String(id))
  const at = core.now + latencyMs(core.cells[client].actor.host, core.cells[server].actor.host)
  core.push(at, server, { on: 'closed', stream: id, why: 'reset' })
}

/** Ends all streams of a component's clients, as a connection that is reset does. */
export function resetStreams(core: Core, component: string): void {
  core.cells.forEach((cell, server) => {
    for (const [id, stream] of cell.streams.sorted()) if (core.cells[stream.client].actor.component === component) {
      closeStream(core, server, Number(id))
      core.push(core.now, server, { on: 'closed', stream: Number(id), why: 'reset' })
    }
  })
}

/** Streams across a link that has just been cut: both ends notice by their pings. */
function breakStreams(core: Core): void {
  core.cells.forEach((cell, server) => {
    if (!cell) return
    for (const [id, stream] of cell.streams.sorted()) {
      const client = core.cells[stream.client]
      if (!cut(core, cell.actor.host, client.actor.host)) continue
      core.own(server).streams.delete(id)
      for (const end of [stream.client, server]) core.push(core.now + streamPingMs, end, { on: 'closed', stream: Number(id), why: 'timeout' })
    }
  })
}
