import { expand } from './nginx-variables.ts'

/**
 * What a proxy in front of Services (an ingress controller's nginx, a gateway's data plane) has been told: plain frozen data that is in force
 * until it is told anew, whatever becomes of who tells it.
 */
export interface HttpRequest {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly path: string
  /** of the URL, else its scheme's */
  readonly port?: number
  /** names in lower case */
  readonly headers?: Readonly<Record<string, string>>
  /** GET unless told otherwise */
  readonly method?: string
  /** the first value of each name */
  readonly query?: Readonly<Record<string, string>>
}

export interface ProxyConfig {
  /** as it is called in messages: `ingress-nginx` */
  readonly name: string
  readonly servers: readonly ProxyServer[]
}
export interface ProxyServer {
  /** a name, `*.example.com` (one label), or `_`: every other host */
  readonly host: string
  /** absent: no certificate for this host */
  readonly certificate?: Certificate
  readonly locations: readonly ProxyLocation[]
}
export type Certificate = { readonly secret: string; readonly missing?: undefined } | { readonly secret: string; readonly missing: string }
export interface ProxyLocation {
  readonly path: string
  /** `expression`: the first one that the path begins with, in the order in which they stand */
  readonly match: 'exact' | 'prefix' | 'expression'
  readonly to: ProxyTarget
  /** what the path becomes on the way, with `$1` … of its expression */
  readonly rewrite?: string
  /** whoever comes by http is sent to https, if there is a certificate or `always` */
  readonly toHttps?: 'with certificate' | 'always'
  readonly canary?: Canary
  /** clients are sent there: an URL, or a path of the same host */
  readonly redirect?: string
  readonly guard?: Guard
  readonly sticky?: Sticky
  /** requests that this text, with variables of nginx, makes alike go to one endpoint */
  readonly hashBy?: string
  /** how many endpoints it asks at most, one after the other; 3 unless given. Source: configmap.md of ingress-nginx (proxy-next-upstream-tries) */
  readonly tries?: number
  /** so long does it wait for an answer, ms; 60 s unless given. Source: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout */
  readonly waitsMs?: number
}
/** Whom a location lets in: clients of these addresses, but for those; who says a name and a password. */
export interface Guard {
  readonly allow?: readonly string[]
  readonly deny?: readonly string[]
  readonly password?: boolean
  /**
   * bytes that a request may carry, 0: any number; 1 MiB unless given. Source: https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size
   */
  readonly bodyMost?: number
  /** a server that is asked first whether the client may: an URL, perhaps with variables of nginx */
  readonly asks?: { readonly url: string; /** who may not is sent to a page to sign in */ readonly signIn: boolean }
  readonly limits?: Limits
}
/** What one address may ask for: in a second and in a minute, `multiplier` times as much at once, and at the same time. */
export interface Limits {
  readonly perSecond?: number
  readonly perMinute?: number
  readonly connections?: number
  readonly multiplier: number
  /** addresses that may ask for more */
  readonly exempt: readonly string[]
}
/** A client comes back to the endpoint that its cookie names: as long as that is there, or (`balanced`) until others take over a share of the clients. */
export interface Sticky { readonly mode: 'balanced' | 'persistent'; readonly changesOnFailure: boolean }
/** Who else may be asked: by a header, else by a share of the requests. */
export interface Canary {
  readonly to: ProxyTarget
  readonly header?: string
  /** the name of a cookie that says `always` or `never` */
  readonly cookie?: string
  /** a text, or an expression between slashes; absent: `always` and `never` decide */
  readonly value?: string
  readonly weight: number
  readonly total: number
}
/** Targets with their shares of the requests, and the path that they are asked for. */
export interface Weighted extends Pick<ProxyLocation, 'guard' | 'waitsMs' | 'sticky' | 'tries'> {
  readonly weight: number
  readonly to: ProxyTarget
  readonly path?: string
  /** the server that is asked first */
  readonly asks?: Asked
  readonly key?: HashKey
  /** only for clients whose cookie names it */
  readonly spare?: boolean
}
export interface Asked { readonly host: string; readonly port: number; readonly path: string; readonly signIn: boolean }
/** What decides who is asked; `client`: who asks belongs to it. */
export interface HashKey { readonly text: string; readonly client: boolean }
/** Where requests go: an answer of the proxy itself, or one of these addresses. */
export type ProxyTarget = { readonly status: number; readonly why: string }
  | { readonly service: string; readonly endpoints: readonly ProxyEndpoint[]; /** the proxy looks this name up instead */ readonly name?: ProxyName }
/** A name that leads somewhere, once it has been looked up. */
export interface ProxyName { readonly host: string; readonly port: number }
export interface ProxyEndpoint { readonly address: string; readonly port: number; readonly node?: string; readonly pod?: string; readonly uid?: string }

/** `http://shop.example.com/cart` → its parts; a text: what is wrong with it. */
export function parseUrl(text: string): HttpRequest | string {
  const match = /^(https?):\/\/([^/:?#]+)(?::(\d+))?(\/[^?#]*)?(?:\?([^#]*))?$/.exec(text)
  if (!match) return `${text} is no URL such as http://shop.example.com/cart`
  const [, scheme, host, port, path = '/', query] = match
  return {
    scheme: scheme as HttpRequest['scheme'], host: host.toLowerCase(), path, port: port === undefined ? scheme === 'http' ? 80 : 443 : Number(port),
    ...query ? { query: queryOf(query) } : undefined,
  }
}
function queryOf(text: string): Readonly<Record<string, string>> {
  const query: Record<string, string> = {}
  for (const pair of text.split('&')) { const [name, ...value] = pair.split('='); query[name] ??= value.join('=') }
  return query
}

/** The server of a host: its own, else the one of the wildcard that covers it, else the one of every other host. */
export function serverFor({ servers }: ProxyConfig, host: string): ProxyServer | undefined {
  const wildcard = `*${host.slice(host.indexOf('.') < 0 ? host.length : host.indexOf('.'))}`
  return servers.find(s => s.host === host) ?? servers.find(s => s.host === wildcard) ?? servers.find(s => s.host === '_')
}
/**
 * Exact locations win, then the longest prefix; where there are expressions, the first that fits. Source:
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#location
 */
export function locationFor({ locations }: ProxyServer, path: string): ProxyLocation | undefined {
  const exact = locations.find(l => l.match === 'exact' && l.path === path)
  return exact ?? locations.find(l => l.match === 'expression' && expressionOf(l).test(path))
    ?? locations.filter(l => l.match === 'prefix' && path.startsWith(l.path)).reduce<ProxyLocation | undefined>(
      (best, l) => best === undefined || l.path.length > best.path.length ? l : best, undefined
    )
}
/**
 * Whoever asks for a location without the slash at its end is sent there (301), unless that is a location itself. Source:
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#location (locations that end with a slash, with proxy_pass)
 */
function withSlash({ locations }: ProxyServer, path: string): string | undefined {
  const slashed = `${path}/`
  return locations.some(l => l.match === 'prefix' && l.path === slashed) && !locations.some(l => l.match === 'exact' && l.path === path) ? slashed : undefined
}
/** Locations that are expressions look at no upper or lower case. */
export const expressionOf = ({ path }: Pick<ProxyLocation, 'path'>): RegExp => new RegExp(`^${path}`, 'i')

const redirectsAtMost = 10
/** What a proxy does with a request. Clients go where they are sent. */
export function decide(config: ProxyConfig, request: HttpRequest, sent = 0): readonly Weighted[] {
  const server = serverFor(config, request.host), only = (to: ProxyTarget): readonly Weighted[] => [{ weight: 1, to }]
  if (!server) return only({ status: 404, why: `no rule has host ${request.host}` })
  const slashed = withSlash(server, request.path)
  if (slashed !== undefined) return decide(config, { ...request, path: slashed }, sent + 1).map(w => ({ ...w, path: w.path ?? slashed }))
  const location = locationFor(server, request.path)
  if (request.scheme === 'http' && (location?.toHttps === 'always' || location?.toHttps !== undefined && server.certificate)) {
    return decide(config, { ...request, scheme: 'https', port: 443 }, sent + 1)
  }
  if (request.scheme === 'https' && server.certificate?.missing !== undefined) {
    return only({ status: 0, why: `shows a certificate that is not for ${request.host}, as ${server.certificate.missing}` })
  }
  if (request.scheme === 'https' && !server.certificate) {
    return only({ status: 0, why: `shows a certificate that is not for ${request.host}, as no tls names that host` })
  }
  if (!location) {
    return only({ status: 404, why: server.host === '_' ? `no rule has host ${request.host}` : `no rule of host ${server.host} has path ${request.path}` })
  }
  if (location.redirect !== undefined) {
    if (sent >= redirectsAtMost) return only({ status: 301, why: `sends whoever asks for ${request.host}${request.path} round in a circle` })
    const next = redirected(location.redirect, request)
    if (typeof next === 'string' || !config.servers.some(s => s.host === next.host)) {
      return only({ status: 0, why: `not modelled: where ${location.redirect} leads` })
    }
    return decide(config, next, sent + 1).map(w => ({ ...w, path: w.path ?? next.path }))
  }
  const path = location.rewrite === undefined ? undefined : rewritten(location, location.rewrite, request.path)
  const { guard, waitsMs, tries } = location, asks = guard?.asks && askedOf(guard.asks, request), key = keyOf(location, request)
  for (const odd of [asks, key]) if (typeof odd === 'string') return only({ status: 0, why: `not modelled: ${odd}` })
  return shared(location, request).map(w => ({
    ...w, ...path === undefined ? undefined : { path }, ...guard ? { guard } : undefined, ...waitsMs === undefined ? undefined : { waitsMs },
    ...tries === undefined ? undefined : { tries }, ...asks ? { asks: asks as Asked } : undefined, ...key ? { key: key as HashKey } : undefined,
  }))
}
/** A text: why nothing is known of it. Source: internal/ingress/annotations/authreq (the URL may have variables; its query decides nothing here) */
function askedOf({ url, signIn }: NonNullable<Guard['asks']>, request: HttpRequest): Asked | string {
  const [text] = url.split('?'), found = expand(text, request), parsed = parseUrl(found.text)
  if (found.unknown !== undefined) return `variable ${found.unknown} of auth-url ${url}`
  return typeof parsed === 'string' ? `auth-url ${url}: ${parsed}` : { host: parsed.host, port: parsed.port!, path: parsed.path, signIn }
}
/** Cookies come first. Source: rootfs/etc/nginx/lua/balancer.lua (get_implementation) */
function keyOf({ hashBy, sticky }: ProxyLocation, request: HttpRequest): HashKey | string | undefined {
  if (hashBy === undefined || sticky) return undefined
  const { text, unknown, client } = expand(hashBy, request)
  return unknown === undefined ? { text, client } : `variable ${unknown} of upstream-hash-by ${hashBy}`
}
/** An URL with `$request_uri` keeps path and query. */
function redirected(to: string, request: HttpRequest): HttpRequest | string {
  if (to.startsWith('/')) return { ...request, path: to }
  const next = parseUrl(to.replace('$request_uri', request.path))
  return typeof next === 'string' ? next : { ...request, ...next, query: next.query ?? request.query }
}
function rewritten(location: ProxyLocation, rewrite: string, path: string): string {
  const groups = expressionOf(location).exec(path) ?? []
  return rewrite.replace(/\$(\d)/g, (_, n) => groups[Number(n)] ?? '')
}
/**
 * A location and its canary. A client that comes back comes back to the one that it was given to first, whatever is said of new ones; a location that nobody is
 * behind has no canary either. Source: rootfs/etc/nginx/lua/balancer.lua (route_to_alternative_balancer, get_balancer)
 */
function shared(location: ProxyLocation, request: HttpRequest): readonly Weighted[] {
  const { to, canary, sticky } = location
  if (canary && !('service' in canary.to) && canary.to.status === 0) return [{ weight: 1, to: canary.to }]
  if (!canary || !('service' in canary.to) || !('service' in to)) return [{ weight: 1, to, ...sticky ? { sticky } : undefined }]
  const fresh = forNewClients(to, canary, request)
  if (!sticky) return fresh
  const others = [to, canary.to].filter(t => !fresh.some(w => w.to === t)).map((t): Weighted => ({ weight: 0, to: t, spare: true }))
  return [...fresh, ...others].map(w => ({ ...w, sticky }))
}
/** A header decides first, if it says anything; then a cookie, then the weight. A canary that nobody is behind is passed over. */
function forNewClients(to: ProxyTarget, canary: Canary, { headers }: HttpRequest): readonly Weighted[] {
  const said = canary.header === undefined ? undefined : headers?.[canary.header]
  if (said !== undefined) {
    const chosen = canary.value === undefined ? said === 'always' : wanted(canary.value, said)
    if (chosen) return [{ weight: 1, to: canary.to }]
    if (canary.value === undefined && said === 'never') return [{ weight: 1, to }]
  }
  const cookie = canary.cookie === undefined ? undefined : cookiesOf(headers?.cookie)[canary.cookie]
  if (cookie === 'always' || cookie === 'never') return [{ weight: 1, to: cookie === 'always' ? canary.to : to }]
  return [{ weight: canary.weight, to: canary.to }, { weight: Math.max(0, canary.total - canary.weight), to }].filter(w => w.weight > 0)
}
const cookiesOf = (text = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(text.split(';').map(pair => { const [name, ...value] = pair.trim().split('='); return [name, value.join('=')] }))
const wanted = (value: string, said: string): boolean => value.startsWith('/') && value.endsWith('/') && value.length > 1
  ? new RegExp(value.slice(1, -1)).test(said)
  : value === said
