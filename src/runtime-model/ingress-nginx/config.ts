import type { KubeObject } from '../api/request.ts'
import type { Canary, Certificate, ProxyConfig, ProxyLocation, ProxyServer, ProxyTarget } from '../api/http-proxy.ts'
import { annotationsOf, type Annotated } from './annotations.ts'
import type { Flags } from './flags.ts'
import type { Settings } from './settings.ts'
import { upstreamOf, type Lookup } from './upstream.ts'

/**
 * nginx's servers and locations, out of the Ingresses of this controller's class, the oldest first: who has said a host and path first keeps it.
 * Source: kubernetes/ingress-nginx internal/ingress/controller/{controller,location}.go
 */
export function configFor(ingresses: readonly KubeObject[], settings: Settings, flags: Flags, look: Lookup): ProxyConfig {
  const servers = new Map<string, Server>([['_', newServer()]])
  const all = [...ingresses].sort(byAge).map(ingress => ({ ingress, annotated: annotationsOf(ingress, settings, flags) }))
  const sorted = all.filter(i => !i.annotated.canary)
  for (const { ingress, annotated } of sorted) for (const host of hostsOf(ingress)) {
    const server = servers.get(host) ?? newServer()
    servers.set(host, server)
    server.certificate ??= certificateOf(ingress, host, look)
    if (ingress.spec.defaultBackend) server.fallback ??= locationTarget(ingress, annotated, ingress.spec.defaultBackend, look)
  }
  for (const { ingress, annotated } of sorted) {
    for (const rule of ingress.spec.rules ?? []) addPaths(servers.get(rule.host || '_')!, ingress, annotated, rule, look)
  }
  for (const { ingress, annotated } of all.filter(i => i.annotated.canary)) {
    for (const rule of ingress.spec.rules ?? []) addCanaries(servers.get(rule.host || '_'), ingress, annotated, rule, look)
  }
  for (const { ingress, annotated } of sorted) if (annotated.fromToWww) for (const host of hostsOf(ingress)) addOther(servers, host)
  const aliases = aliasesOf(servers, sorted, look)
  return { name: 'ingress-nginx', servers: [...servers, ...aliases].map(([host, server]) => finished(host, server)) }
}

interface Own { readonly ingress: KubeObject; readonly annotated: Annotated }
interface Location {
  readonly path: string
  readonly type: string
  to: ProxyTarget
  readonly annotated: Annotated
  readonly service?: string
  canary?: Canary
}
interface Server {
  certificate?: Certificate
  fallback?: ProxyTarget
  readonly locations: Location[]
}
const newServer = (): Server => ({ locations: [] })
const hostsOf = ({ spec }: KubeObject): readonly string[] => spec.rules?.length ? spec.rules.map((r: any) => r.host || '_') : ['_']
const byAge = ({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number =>
  compare(a.creationTimestamp!, b.creationTimestamp!) || compare(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`)
const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

/** The host with or without `www.`, whose clients are sent on. Source: internal/ingress/controller/nginx.go (getRedirectServers) */
function addOther(servers: Map<string, Server>, host: string): void {
  const other = host.startsWith('www.') ? host.slice(4) : `www.${host}`, { certificate } = servers.get(host)!
  if (host === '_' || host.startsWith('*.') || servers.has(other)) return
  const redirect = `${certificate ? 'https' : 'http'}://${host}$request_uri`
  const annotated: Annotated = { regex: false, fromToWww: false, aliases: [], byService: false, redirect }
  servers.set(other, { certificate, locations: [{ path: '/', type: 'Prefix', to: { status: 404, why: 'no rule' }, annotated }] })
}
/**
 * Other names of a host, where they are no host's: the first Ingress of it that gives some counts. They have its certificate, which is for the names that `tls`
 * says. Source: internal/ingress/controller/controller.go (createServers)
 */
function aliasesOf(servers: ReadonlyMap<string, Server>, sorted: readonly Own[], look: Lookup): ReadonlyMap<string, Server> {
  const made = new Map<string, Server>()
  for (const [host, server] of servers) {
    const giver = sorted.find(({ ingress, annotated }) => annotated.aliases.length > 0 && hostsOf(ingress).includes(host))
    for (const alias of giver?.annotated.aliases ?? []) if (!servers.has(alias) && !made.has(alias)) {
      const own = sorted.filter(o => hostsOf(o.ingress).includes(host)).map(o => certificateOf(o.ingress, alias, look)).find(c => c !== undefined)
      const { certificate } = server, other = certificate && { ...certificate, missing: `that of Secret ${certificate.secret} is for ${host}` }
      made.set(alias, { ...server, certificate: own ?? other })
    }
  }
  return made
}
function addPaths(server: Server, ingress: KubeObject, annotated: Annotated, rule: any, look: Lookup): void {
  for (const { path = '/', pathType, backend } of rule.http?.paths ?? []) {
    const at = path || '/'
    if (!server.locations.some(l => l.path === at && l.type === pathType)) {
      server.locations.push({ path: at, type: pathType, to: locationTarget(ingress, annotated, backend, look), annotated, service: backend.service?.name })
    }
  }
}
/** A canary stands beside what another Ingress has at its host and path; without that it is nothing, and the first one counts. */
function addCanaries(server: Server | undefined, ingress: KubeObject, annotated: Annotated, rule: any, look: Lookup): void {
  for (const { path = '/', pathType, backend } of rule.http?.paths ?? []) {
    const beside = server?.locations.find(l => l.path === (path || '/') && l.type === pathType)
    if (beside && beside.canary === undefined && beside.service !== backend.service?.name) {
      const odd = annotated.hashBy !== undefined ? 'upstream-hash-by' : annotated.byService ? 'service-upstream' : undefined
      const unknown = annotated.unknown ?? (odd && `not modelled: annotation ${odd} of canary ${ingress.metadata.name}`)
      beside.canary = { ...annotated.canary!, to: targetOf(ingress, { ...annotated, unknown }, backend, look) }
    }
  }
}

const targetOf = (ingress: KubeObject, { unknown, byService }: Annotated, backend: any, look: Lookup): ProxyTarget =>
  unknown !== undefined ? { status: 0, why: unknown } : upstreamOf(ingress.metadata.namespace!, backend, look, byService)
/**
 * Where a location leads: where nobody is behind its Service, to the one of the annotation `default-backend`, at its first port, if somebody is there. Source:
 * internal/ingress/controller/controller.go (getBackendServers, shouldCreateUpstreamForLocationDefaultBackend), annotations/defaultbackend
 */
function locationTarget(ingress: KubeObject, annotated: Annotated, backend: any, look: Lookup): ProxyTarget {
  const own = targetOf(ingress, annotated, backend, look), name = annotated.defaultBackend
  if (name === undefined || 'service' in own || own.status !== 503) return own
  const { namespace } = ingress.metadata, port = look.service(`${namespace}/${name}`)?.spec.ports?.[0]
  const other = port && upstreamOf(namespace!, { service: { name, port: port.name ? { name: port.name } : { number: port.port } } }, look)
  return other && 'service' in other ? other : own
}

/**
 * A prefix path is a whole element: nginx is told of `/cart` exactly and of everything below `/cart/`. Any other is a plain prefix for nginx. Once a
 * location of the host is an expression all of them are, the longest first. Source: internal/ingress/controller/template/template.go (enforceRegexModifier,
 * buildLocation), controller.go (updateServerLocations)
 */
function finished(host: string, { certificate, fallback, locations }: Server): ProxyServer {
  const exact = new Set(locations.filter(l => l.type === 'Exact').map(l => l.path)), all: ProxyLocation[] = []
  const regex = locations.some(l => l.annotated.regex)
  for (const { path, type, to, canary, annotated: { rewrite, toHttps, regex: own, redirect, guard, sticky, hashBy, ...rest } } of locations) {
    const { waitsMs, tries = rest.byService && 'service' in to && to.name ? 1 : undefined } = rest
    const more = {
      to, ...redirect === undefined ? undefined : { redirect }, ...guard ? { guard } : undefined, ...waitsMs === undefined ? undefined : { waitsMs },
      ...sticky ? { sticky } : undefined, ...hashBy === undefined ? undefined : { hashBy }, ...tries === undefined ? undefined : { tries },
      ...canary ? { canary } : undefined, ...rewrite === undefined ? undefined : { rewrite },
      ...toHttps === undefined ? undefined : { toHttps },
    }
    if (type === 'Exact') all.push({ path, match: 'exact', ...more })
    else if (type !== 'Prefix' || path === '/' || own) all.push({ path, match: 'prefix', ...more })
    else {
      all.push({ path: path.endsWith('/') ? path : `${path}/`, match: 'prefix', ...more })
      if (!exact.has(path)) all.push({ path, match: 'exact', ...more })
    }
  }
  const root = locations.find(l => l.annotated.appRoot)?.annotated.appRoot
  if (root !== undefined && !all.some(l => l.match === 'exact' && l.path === '/')) {
    all.unshift({ path: '/', match: 'exact', to: { status: 404, why: 'no rule' }, redirect: root })
  }
  if (fallback && !all.some(l => l.match === 'prefix' && l.path === '/')) all.push({ path: '/', match: 'prefix', to: fallback })
  return { host, ...certificate ? { certificate } : undefined, locations: regex ? asExpressions(all) : all }
}
function asExpressions(all: readonly ProxyLocation[]): readonly ProxyLocation[] {
  const made = all.map((l): ProxyLocation => isExpression(l.path)
    ? { ...l, match: 'expression' }
    : { path: '/', match: 'expression', to: { status: 0, why: `not modelled: the expression ${l.path}` } })
  return made.sort((a, b) => b.path.length - a.path.length || compare(b.path, a.path))
}
function isExpression(path: string): boolean { try { return new RegExp(path) !== undefined } catch { return false } }
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
