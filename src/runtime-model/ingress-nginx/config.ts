import type { KubeObject } from '../api/request.ts'
import type { Certificate, ProxyConfig, ProxyLocation, ProxyServer, ProxyTarget } from '../api/http-proxy.ts'
import { upstreamOf, type Lookup } from './upstream.ts'

/**
 * nginx's servers and locations, out of the Ingresses of this controller's class, the oldest first: who has said a host and path first keeps it.
 * Source: kubernetes/ingress-nginx internal/ingress/controller/{controller,location}.go
 */
export function configFor(ingresses: readonly KubeObject[], look: Lookup): ProxyConfig {
  const servers = new Map<string, Server>([['_', newServer()]])
  const sorted = [...ingresses].sort(byAge)
  for (const ingress of sorted) for (const host of hostsOf(ingress)) {
    const server = servers.get(host) ?? newServer()
    servers.set(host, server)
    server.certificate ??= certificateOf(ingress, host, look)
    if (ingress.spec.defaultBackend) server.fallback ??= targetOf(ingress, ingress.spec.defaultBackend, look)
  }
  for (const ingress of sorted) for (const rule of ingress.spec.rules ?? []) addPaths(servers.get(rule.host || '_')!, ingress, rule, look)
  return { name: 'ingress-nginx', servers: [...servers].map(([host, server]) => finished(host, server)) }
}

interface Server {
  certificate?: Certificate
  fallback?: ProxyTarget
  readonly locations: { readonly path: string; readonly type: string; readonly to: ProxyTarget }[]
}
const newServer = (): Server => ({ locations: [] })
const hostsOf = ({ spec }: KubeObject): readonly string[] => spec.rules?.length ? spec.rules.map((r: any) => r.host || '_') : ['_']
const byAge = ({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number =>
  compare(a.creationTimestamp!, b.creationTimestamp!) || compare(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`)
const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

function addPaths(server: Server, ingress: KubeObject, rule: any, look: Lookup): void {
  for (const { path = '/', pathType, backend } of rule.http?.paths ?? []) {
    const type = pathType === 'Exact' ? 'Exact' : pathType
    if (!server.locations.some(l => l.path === (path || '/') && l.type === type)) {
      server.locations.push({ path: path || '/', type, to: targetOf(ingress, backend, look) })
    }
  }
}

const annotationPrefix = 'nginx.ingress.kubernetes.io/'
/** Annotations that change neither who is asked nor whether an answer comes back. */
const harmless = ['proxy-body-size', 'proxy-buffer-size', 'proxy-buffering', 'client-body-buffer-size', 'enable-access-log', 'ssl-redirect']
function targetOf(ingress: KubeObject, backend: any, look: Lookup): ProxyTarget {
  const unknown = Object.keys(ingress.metadata.annotations ?? {}).find(a =>
    a.startsWith(annotationPrefix) && !harmless.includes(a.slice(annotationPrefix.length)))
  if (unknown !== undefined) return { status: 0, why: `not modelled: annotation ${unknown} of ingress ${ingress.metadata.name}` }
  return upstreamOf(ingress.metadata.namespace!, backend, look)
}

/** A prefix path is a whole element: nginx is told of `/cart` exactly and of everything below `/cart/`. Any other is a plain prefix for nginx. */
function finished(host: string, { certificate, fallback, locations }: Server): ProxyServer {
  const exact = new Set(locations.filter(l => l.type === 'Exact').map(l => l.path)), all: ProxyLocation[] = []
  for (const { path, type, to } of locations) {
    if (type === 'Exact') all.push({ path, match: 'exact', to })
    else if (type !== 'Prefix' || path === '/') all.push({ path, match: 'prefix', to })
    else {
      all.push({ path: path.endsWith('/') ? path : `${path}/`, match: 'prefix', to })
      if (!exact.has(path)) all.push({ path, match: 'exact', to })
    }
  }
  if (fallback && !all.some(l => l.match === 'prefix' && l.path === '/')) all.push({ path: '/', match: 'prefix', to: fallback })
  return { host, ...certificate ? { certificate } : undefined, locations: all }
}

/**
 * The certificate of a host: of the tls entry that names it. Without its Secret nginx shows one that it has made itself. Approximate: what is in
 * a Secret of type kubernetes.io/tls is taken to be for that host.
 */
function certificateOf({ spec, metadata }: KubeObject, host: string, look: Lookup): Certificate | undefined {
  const entry = (spec.tls ?? []).find((t: any) => !t.hosts?.length || t.hosts.includes(host))
  if (!entry) return undefined
  const secret = `${metadata.namespace}/${entry.secretName ?? ''}`, found = look.secret(secret)
  if (!found) return { secret, missing: entry.secretName ? `Secret ${secret} is missing` : 'its tls names no Secret' }
  return found.data?.['tls.crt'] && found.data['tls.key'] ? { secret } : { secret, missing: `Secret ${secret} has no tls.crt and tls.key` }
}
