import type { Certificate, HttpRequest, Weighted } from './http-proxy.ts'

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
  readonly queries: readonly { readonly name: string; readonly value: string }[]
  readonly to: readonly Weighted[]
  /** clients are sent elsewhere, and go there */
  readonly redirect?: Redirect
  /** what pods are asked for instead of the path */
  readonly rewrite?: PathChange
}
/** Either all of a path, or what of it the rule's prefix has matched. */
export type PathChange = { readonly full: string } | { readonly prefix: string }
export interface Redirect { readonly scheme?: 'http' | 'https'; readonly host?: string; readonly port?: number; readonly path?: PathChange }
export type { Weighted }

const answer = (status: number, why: string): readonly Weighted[] => [{ weight: 1, to: { status, why } }]

const redirectsAtMost = 10
/** What becomes of a request: targets with their weights. Clients follow redirects; their DNS leads every host to this gateway. */
export function decideByGateway(config: GatewayConfig, request: HttpRequest, depth = 0): readonly Weighted[] {
  const { listeners } = config, { scheme, host, port = scheme === 'http' ? 80 : 443 } = request, here = listeners.filter(l => l.port === port)
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
  const rule = rules.find(r => fits(r, request))
  if (!rule) return answer(404, `no route of host ${host} has a rule for ${request.path}`)
  if (rule.redirect) {
    if (depth >= redirectsAtMost) return answer(302, `sends whoever asks for ${host}${request.path} round in a circle`)
    const next = redirected(rule, rule.redirect, request, port)
    return decideByGateway(config, next, depth + 1).map(w => ({ ...w, path: w.path ?? next.path }))
  }
  return rule.rewrite === undefined ? rule.to : rule.to.map(w => ({ ...w, path: changed(rule, rule.rewrite!, request.path) }))
}
/** Where a client goes next. Source: HTTPRequestRedirectFilter (port: of the scheme if one is given, else of the listener) */
function redirected(rule: GatewayRule, { scheme, host, port, path }: Redirect, request: HttpRequest, from: number): HttpRequest {
  return {
    ...request, scheme: scheme ?? request.scheme, host: host ?? request.host, port: port ?? (scheme ? scheme === 'http' ? 80 : 443 : from),
    path: path ? changed(rule, path, request.path) : request.path,
  }
}
function changed({ path: { value } }: GatewayRule, change: PathChange, path: string): string {
  if ('full' in change) return change.full
  const rest = path.slice(value.replace(/\/$/, '').length), made = `${change.prefix.replace(/\/$/, '')}${rest}`
  return made === '' ? '/' : made
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
  if (method !== undefined && method !== (request.method ?? 'GET') || !queries.every(q => request.query?.[q.name] === q.value)) return false
  return pathFits(path, request.path) && headers.every(h => request.headers?.[h.name] === h.value)
}
/** A prefix is whole elements, whether or not it ends with a slash: `/cart` takes `/cart` and `/cart/1`, not `/carts`. Source: HTTPPathMatch (PathPrefix) */
function pathFits({ type, value }: GatewayRule['path'], path: string): boolean {
  const prefix = value.replace(/\/$/, '')
  return path === value || type === 'PathPrefix' && (path === prefix || path.startsWith(`${prefix}/`))
}

/** One target for each share of the requests. Weights are shortened; more than a hundred shares are rounded to a hundred. */
export function sharesOf(all: readonly Weighted[]): readonly Weighted[] {
  const some = all.filter(w => w.weight > 0), sum = some.reduce((n, w) => n + w.weight, 0)
  const unit = some.map(w => w.weight).reduce(divisor, 0), scale = sum / unit > 100 ? sum / 100 : unit
  return [...some.flatMap(w => Array<Weighted>(Math.max(1, Math.round(w.weight / scale))).fill(w)), ...all.filter(w => w.spare)]
}
const divisor = (a: number, b: number): number => b === 0 ? a : divisor(b, a % b)
