import type { Certificate, HttpRequest, ProxyTarget } from './http-proxy.ts'

/**
 * What the data plane of a Gateway has been told: plain frozen data that is in force until it is told anew.
 * Source of the rules: https://gateway-api.sigs.k8s.io/reference/spec/ (HTTPRouteRule: precedence, HTTPBackendRef: weights, 500 and 503)
 */
export interface GatewayConfig {
  /** as it is called in messages: `gateway shop` */
  readonly name: string
  /** where its pods run */
  readonly namespace: string
  readonly listeners: readonly GatewayListener[]
}
export interface GatewayListener {
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  /** absent: every host */
  readonly hostname?: string
  readonly certificate?: Certificate
  /** those that win stand before those that lose */
  readonly rules: readonly GatewayRule[]
}
export interface GatewayRule {
  /** absent: every host that the listener takes */
  readonly hostname?: string
  readonly path: { readonly type: 'Exact' | 'PathPrefix'; readonly value: string }
  readonly method?: string
  /** names in lower case */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** clients ask without a query: a rule that wants one fits none of them */
  readonly queries: number
  readonly to: readonly Weighted[]
}
export interface Weighted { readonly weight: number; readonly to: ProxyTarget }

const answer = (status: number, why: string): readonly Weighted[] => [{ weight: 1, to: { status, why } }]

/** What becomes of a request: targets with their weights. */
export function decideByGateway({ listeners }: GatewayConfig, request: HttpRequest): readonly Weighted[] {
  const { scheme, host, port = scheme === 'http' ? 80 : 443 } = request, here = listeners.filter(l => l.port === port)
  if (here.length === 0) return answer(0, `has no listener that is in force on port ${port}`)
  if (here[0].protocol !== scheme.toUpperCase()) {
    return scheme === 'http' ? answer(400, `port ${port} speaks HTTPS only`) : answer(0, `speaks no TLS on port ${port}`)
  }
  const listener = most(here, l => specificity(l.hostname, host))
  if (!listener) {
    return scheme === 'https' ? answer(0, `shows no certificate for ${host}, as no listener has that host`) : answer(404, `no listener has host ${host}`)
  }
  if (listener.certificate?.missing !== undefined) return answer(0, `shows no certificate for ${host}, as ${listener.certificate.missing}`)
  const best = Math.max(-1, ...listener.rules.map(r => specificity(r.hostname, host)))
  const rules = listener.rules.filter(r => specificity(r.hostname, host) === best)
  if (best < 0 || rules.length === 0) return answer(404, `no route has host ${host}`)
  return rules.find(r => fits(r, request))?.to ?? answer(404, `no route of host ${host} has a rule for ${request.path}`)
}

/** How closely a hostname names a host: -1: not at all, 0: any host, then by its length; exact ones before wildcards. */
export function specificity(hostname: string | undefined, host: string): number {
  if (hostname === undefined || hostname === '*') return 0
  if (hostname === host) return 1000 + host.length
  return hostname.startsWith('*.') && host.endsWith(hostname.slice(1)) && host.length > hostname.length - 1 ? hostname.length : -1
}
function most<T>(list: readonly T[], rank: (item: T) => number): T | undefined {
  let best: T | undefined, high = -1
  for (const item of list) if (rank(item) > high) { best = item; high = rank(item) }
  return best
}

function fits({ path, method, headers, queries }: GatewayRule, request: HttpRequest): boolean {
  if (queries > 0 || method !== undefined && method !== 'GET') return false
  return pathFits(path, request.path) && headers.every(h => request.headers?.[h.name] === h.value)
}
/** A prefix is whole elements: `/cart` takes `/cart` and `/cart/1`, not `/carts`. */
function pathFits({ type, value }: GatewayRule['path'], path: string): boolean {
  if (type === 'Exact' || path === value) return path === value
  return path.startsWith(value.endsWith('/') ? value : `${value}/`)
}

/** One target for each share of the requests. Weights are shortened; more than a hundred shares are rounded to a hundred. */
export function sharesOf(all: readonly Weighted[]): readonly ProxyTarget[] {
  const some = all.filter(w => w.weight > 0), sum = some.reduce((n, w) => n + w.weight, 0)
  const unit = some.map(w => w.weight).reduce(divisor, 0), scale = sum / unit > 100 ? sum / 100 : unit
  return some.flatMap(w => Array<ProxyTarget>(Math.max(1, Math.round(w.weight / scale))).fill(w.to))
}
const divisor = (a: number, b: number): number => b === 0 ? a : divisor(b, a % b)
