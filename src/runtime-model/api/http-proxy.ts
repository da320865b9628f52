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
  readonly match: 'exact' | 'prefix'
  readonly to: ProxyTarget
}
/** Where requests go: an answer of the proxy itself, or one of these addresses. */
export type ProxyTarget = { readonly status: number; readonly why: string } | { readonly service: string; readonly endpoints: readonly ProxyEndpoint[] }
export interface ProxyEndpoint { readonly address: string; readonly port: number; readonly node?: string; readonly pod?: string; readonly uid?: string }

/** `http://shop.example.com/cart` → its parts; a text: what is wrong with it. */
export function parseUrl(text: string): HttpRequest | string {
  const match = /^(https?):\/\/([^/:?#]+)(?::(\d+))?(\/[^?#]*)?$/.exec(text)
  if (!match) return `${text} is no URL such as http://shop.example.com/cart`
  const [, scheme, host, port, path = '/'] = match
  return { scheme: scheme as HttpRequest['scheme'], host: host.toLowerCase(), path, port: port === undefined ? scheme === 'http' ? 80 : 443 : Number(port) }
}

/** The server of a host: its own, else the one of the wildcard that covers it, else the one of every other host. */
export function serverFor({ servers }: ProxyConfig, host: string): ProxyServer | undefined {
  const wildcard = `*${host.slice(host.indexOf('.') < 0 ? host.length : host.indexOf('.'))}`
  return servers.find(s => s.host === host) ?? servers.find(s => s.host === wildcard) ?? servers.find(s => s.host === '_')
}
/** Exact locations win, then the longest prefix. Source: https://nginx.org/en/docs/http/ngx_http_core_module.html#location */
export function locationFor({ locations }: ProxyServer, path: string): ProxyLocation | undefined {
  const exact = locations.find(l => l.match === 'exact' && l.path === path)
  return exact
    ?? locations.filter(l => l.match === 'prefix' && path.startsWith(l.path)).reduce<ProxyLocation | undefined>(
      (best, l) => best === undefined || l.path.length > best.path.length ? l : best, undefined
    )
}

/** What a proxy does with a request. */
export function decide(config: ProxyConfig, request: HttpRequest): ProxyTarget {
  const server = serverFor(config, request.host)
  if (!server) return { status: 404, why: `no rule has host ${request.host}` }
  if (request.scheme === 'https' && server.certificate?.missing !== undefined) {
    return { status: 0, why: `shows a certificate that is not for ${request.host}, as ${server.certificate.missing}` }
  }
  if (request.scheme === 'https' && !server.certificate) {
    return { status: 0, why: `shows a certificate that is not for ${request.host}, as no tls names that host` }
  }
  return locationFor(server, request.path)?.to
    ?? { status: 404, why: server.host === '_' ? `no rule has host ${request.host}` : `no rule of host ${server.host} has path ${request.path}` }
}
