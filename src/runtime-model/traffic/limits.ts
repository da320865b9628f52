import type { Limits } from '../api/http-proxy.ts'
import type { Exit, Route } from './route.ts'
import type { Source } from './sources.ts'

/**
 * What a proxy lets one address ask for. Every nginx counts for itself, and knows clients behind a node port that is not local by the node that they have come
 * by; so there are as many counters as pairs of both, which the requests of a source fill evenly. Each is a bucket that leaks at the rate of the limit and
 * holds its burst; requests of a source are evenly spaced, so that how many have been let in by a moment is a formula. Approximate: a source is one client,
 * and its counters begin anew when it begins, or when the limit or the number of counters changes. Source:
 * https://nginx.org/en/docs/http/ngx_http_limit_req_module.html, https://nginx.org/en/docs/http/ngx_http_limit_conn_module.html
 */
export interface Limited extends Limits { readonly proxy: string; readonly counters: number }
/** Since when (number of the first request) a limit has been in force. */
export interface LimitedSince { readonly limit: string; readonly from: number }

/** The limit of ways, which all have the same, if any. */
export function limitOf(ways: readonly Route[]): Limited | undefined {
  for (const { exits } of ways) for (const exit of exits) if ('upstream' in exit && exit.limits) return exit.limits
  return undefined
}
/** The ways with the number of counters known. */
export function counted(ways: readonly Route[]): readonly Route[] {
  if (limitOf(ways) === undefined) return ways
  const fronts = new Set(ways.flatMap(w => w.exits.flatMap(e => 'upstream' in e ? [e.front.to.uid] : [])))
  const seen = new Set(ways.map(w => w.hidesSource ? w.node : ''))
  const counters = fronts.size * seen.size, told = (e: Exit): Exit => 'upstream' in e && e.limits ? { ...e, limits: { ...e.limits, counters } } : e
  return ways.map(way => ({ ...way, exits: way.exits.map(told) }))
}
export function since(source: Source, ways: readonly Route[]): Source {
  const found = limitOf(ways), limit = found && JSON.stringify(found)
  if (limit === source.limited?.limit) return source
  return { ...source, limited: limit === undefined ? undefined : { limit, from: source.next } }
}

/** How many of the first `n` requests under a limit are let in, by what it says of rates. */
function letIn({ counters, multiplier, perSecond, perMinute }: Limited, everyMs: number, n: number): number {
  if (n === 0) return 0
  const afterMs = (n - 1) * everyMs, most = (limit: number, inMs: number): number => Math.floor(counters * (1 + limit * multiplier + limit * afterMs / inMs))
  return Math.min(n, perSecond === undefined ? n : most(perSecond, 1000), perMinute === undefined ? n : most(perMinute, 60_000))
}
/** Why a request is turned away, if it is; `k` its number. */
export function turnedAway(limits: Limited, source: Source, k: number): string | undefined {
  const everyMs = 1000 / source.perSecond, i = k - (source.limited?.from ?? k), { connections, counters, proxy, perSecond } = limits
  if (letIn(limits, everyMs, i + 1) === letIn(limits, everyMs, i)) {
    return `${proxy} answered 503: more than ${perSecond === undefined ? `${limits.perMinute} requests per minute` : `${perSecond} requests per second`} from one address`
  }
  // so many begin while one is answered, of which the first ones have taken all places
  const during = Math.ceil((source.takesMs ?? 0) / everyMs)
  return connections !== undefined && during > 0 && i % during >= connections * counters
    ? `${proxy} answered 503: more than ${connections} connections from one address`
    : undefined
}
/** Will a limit turn away some in the long run? */
export function turnsAwaySome(source: Source, ways: readonly Route[]): boolean {
  const limits = limitOf(ways)
  if (!limits) return false
  const { perSecond = Infinity, perMinute = Infinity, connections = Infinity, counters } = limits
  return source.perSecond > counters * Math.min(perSecond, perMinute / 60) || source.perSecond * (source.takesMs ?? 0) / 1000 > connections * counters
}
