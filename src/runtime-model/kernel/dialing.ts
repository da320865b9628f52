import { connected } from '../network/links.ts'
import type { Effect } from './actor.ts'
import { KERNEL, type Core } from './core.ts'

/**
 * Connections that are being made to a machine that nothing reaches. A client gives up after 30 s (or its own time-out, if that is less); once the path is
 * whole again, the next segment that asks for the connection is heard: TCP sends it again 1, 3, 7 and 15 s after the first.
 * Sources: k8s.io/client-go/transport/cache.go (net.Dialer, Timeout), RFC 6298 (first time-out 1 s, doubled each time).
 */
type Send = Extract<Effect, { do: 'send' }>
export interface Dialing { readonly from: number; readonly boots: number; readonly effect: Send; readonly since: number; readonly until: number }

const dialTimeoutMs = 30_000, sentAgainMs = [1_000, 3_000, 7_000, 15_000]

/** A call that finds no connection. `timeoutMs`: what its caller would wait for an answer. */
export function dial(core: Core, from: number, effect: Send, call: number, timeoutMs: number): void {
  const since = core.now + (effect.extraMs ?? 0), until = since + Math.min(timeoutMs, effect.message.type === 'request' ? dialTimeoutMs : timeoutMs)
  core.dialing.set(call, { from, boots: core.cells[from].boots, effect, since, until })
  core.push(until, KERNEL, { undialed: call })
}

/** Links have healed: who dials over them is heard at the next attempt, if there is one. */
export function dialAgain(core: Core): void {
  for (const [id, { since, until }] of core.dialing) {
    const at = sentAgainMs.map(ms => since + ms).find(at => at >= core.now)
    if (at !== undefined && at < until) core.push(at, KERNEL, { redial: id })
  }
}

/** The attempt that is due: what to send now, unless there is no way still or nobody any more who dials. */
export function dialled(core: Core, id: number): { readonly from: number; readonly effect: Send } | undefined {
  const d = core.dialing.get(id)
  if (d === undefined || core.cells[d.from].boots !== d.boots || !reachable(core, d)) return undefined
  core.dialing.delete(id)
  return { from: d.from, effect: { ...d.effect, extraMs: 0, timeoutMs: d.until - core.now } }
}
function reachable(core: Core, { from, effect: { to } }: Dialing): boolean {
  const { host } = core.cells[from].actor, target = core.index.get(to)
  const ways = target === undefined ? core.byComponent.get(to) ?? [] : [target]
  return ways.some(i => connected(core.links, host, core.cells[i].actor.host) && core.powerOf(core.cells[i].actor.host) !== 'down')
}

/** The client has waited long enough; the caller to tell, if it has not been connected meanwhile. */
export function undialed(core: Core, id: number): number | undefined {
  const d = core.dialing.get(id)
  core.dialing.delete(id)
  return d?.from
}
