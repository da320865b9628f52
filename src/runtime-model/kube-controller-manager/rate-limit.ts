import type { PersistentMap } from '../../base/persistent-map.ts'
import type { Effect } from '../kernel/actor.ts'

/** Requests a client may send: so many a second, so many at once. */
export interface RateLimit { readonly perSecond: number; readonly burst: number }
/** --kube-api-qps and --kube-api-burst; each controller has a client, and so a bucket, of its own, which its Events share. */
export const usualRate: RateLimit = { perSecond: 20, burst: 30 }
export interface Tokens { readonly left: number; readonly atMs: number }

/**
 * How long a request must wait for its token; the token is taken. Waiting requests are served in order, as their tokens are reserved.
 * Source: client-go util/flowcontrol/throttle.go, golang.org/x/time/rate (reserveN).
 */
export function takeToken(tokens: PersistentMap<Tokens>, client: string, limit: RateLimit, now: number): number {
  const before = tokens.get(client) ?? { left: limit.burst, atMs: now }
  const left = Math.min(limit.burst, before.left + (now - before.atMs) * limit.perSecond / 1000) - 1
  tokens.set(client, { left, atMs: now })
  return left >= 0 ? 0 : Math.ceil(-left * 1000 / limit.perSecond)
}

/** The effect, sent when its client may. */
export function limited(effect: Effect, tokens: PersistentMap<Tokens>, limits: Readonly<Record<string, RateLimit>>, now: number): Effect {
  if (effect.do !== 'send' || effect.message.type !== 'request') return effect
  const client: string = effect.message.request.credentials.user, waitMs = takeToken(tokens, client, limits[client] ?? usualRate, now)
  return waitMs > 0 ? { ...effect, extraMs: (effect.extraMs ?? 0) + waitMs } : effect
}
