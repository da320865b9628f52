import type { PersistentMap } from '../../base/persistent-map.ts'
import { parseIP } from '../api/cidr.ts'
import type { Corefile, Plugin } from '../api/corefile.ts'
import type { KubeObject } from '../api/request.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Identity } from '../network/client.ts'
import { emptyInformers, hasSynced, informerStep, startInformers, store, type Informers, type Watched } from '../network/informer.ts'
import { answering, blockFor, inZone, rewritten } from './corefile.ts'

/**
 * What CoreDNS knows of the cluster: Services and EndpointSlices as its watches told it. It goes on answering from that while the API is
 * away. Nothing is cached, neither answers nor their absence: kubeadm's Corefile turns its cache off for names of the cluster, and the
 * resolvers of containers have none. Approximate: a Corefile whose cache is on for names of the cluster is not followed in that, and all CoreDNS pods share
 * this one view (each has its own Corefile).
 * Source: cmd/kubeadm/app/phases/addons/dns/manifests.go (`cache 30 { disable success cluster.local … }`), coredns/coredns plugin/kubernetes;
 * https://github.com/kubernetes/dns/blob/master/docs/specification.md
 */
export interface DnsState { readonly informers: Informers }

const identity: Identity = {
  credentials: { user: 'system:serviceaccount:kube-system:coredns', groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'] },
  userAgent: 'coredns',
}
const watched: readonly Watched[] = [
  { key: 'services', resource: 'services' }, { key: 'endpointslices', resource: 'endpointslices.discovery.k8s.io' },
  { key: 'namespaces', resource: 'namespaces' },
]

export const coredns = (): Actor<DnsState> => ({
  id: 'coredns/cluster', component: 'coredns', host: 'dns', supervised: true,
  init: () => ({ informers: emptyInformers(watched) }),
  step(state, input, context) {
    if (input.on === 'start') return { state, effects: startInformers(state.informers, watched, identity, context) }
    return { state, effects: informerStep(state.informers, watched, identity, input, context).effects }
  },
})

interface Alias { readonly alias: string; readonly service: string }
/** `service`: `namespace/name` of the Service that a name of the cluster belongs to. An alias leads out of the cluster; those within are followed. */
export type DnsAnswer = { readonly addresses: readonly string[]; readonly service: string; /** the names that led there */ readonly by?: readonly string[] }
  | Alias | { readonly error: 'NXDOMAIN' | 'SERVFAIL' } | { readonly odd: string }

const zone = 'cluster.local'

/** How a container looks names up: its /etc/resolv.conf. */
export interface Resolver { readonly searches: readonly string[]; readonly ndots: number }
/** What `dnsPolicy: ClusterFirst` gives a pod of a namespace. Source: pkg/kubelet/network/dns/dns.go */
export const clusterFirst = (namespace: string): Resolver => ({ searches: [`${namespace}.svc.${zone}`, `svc.${zone}`, zone], ndots: 5 })
/** By what CoreDNS answers: its Corefile (a text: why that is not modelled), and what other servers say of a name. `odd`: that is not modelled. */
export interface Means {
  readonly corefile: Corefile | string
  world(name: string, servers: readonly string[]): { readonly address: string } | { readonly odd: string } | { readonly error: 'NXDOMAIN' | 'SERVFAIL' }
}

/** `asked`: the names that it took, each a query for IPv4 and one for IPv6. */
export type LookUp = DnsAnswer & { readonly asked?: readonly string[] }
/** Answers for a name as a container asks for it: by its search list, unless the name has so many dots that it is tried as it is first. */
export function lookUp(state: DnsState, name: string, { searches, ndots }: Resolver, { corefile, world }: Means): LookUp {
  if (!hasSynced(state.informers, watched)) return { error: 'SERVFAIL' }
  if (typeof corefile === 'string') return { odd: corefile }
  const absolute = name.endsWith('.'), bare = absolute ? name.slice(0, -1) : name, searched = searches.map(suffix => `${bare}.${suffix}`)
  const all = absolute ? [bare] : bare.split('.').length > ndots ? [bare, ...searched] : [...searched, bare]
  for (const [i, full] of all.entries()) {
    const answer = ask(state, full.toLowerCase(), corefile, world, 0)
    if (!('error' in answer) || answer.error !== 'NXDOMAIN') return { ...answer, asked: all.slice(0, i + 1) }
  }
  return { error: 'NXDOMAIN', asked: all }
}
const aliasesAtMost = 8, none: DnsAnswer = { error: 'NXDOMAIN' }
/** What the server block of a name makes of it: each plugin answers, or leaves it to the next. */
function ask(state: DnsState, full: string, corefile: Corefile, world: Means['world'], depth: number): DnsAnswer {
  const block = blockFor(corefile, full), plugins = block && answering(block)
  if (!plugins || depth > aliasesAtMost) return { error: 'SERVFAIL' }
  if (typeof plugins === 'string') return { odd: plugins }
  const after = rewritten(plugins.filter(p => p.name === 'rewrite'), full)
  if ('odd' in after) return after
  for (const plugin of plugins) {
    const answer = plugin.name === 'hosts' ? fromHosts(plugin, after.name)
      : plugin.name === 'kubernetes' ? fromCluster(state, plugin, block!.zones, after.name)
      : plugin.name === 'forward' ? fromWorld(plugin, after.name, world)
      : undefined
    if (answer && 'alias' in answer && !after.name.endsWith('.in-addr.arpa')) return followed(state, answer, corefile, world, depth)
    if (answer) return answer
  }
  return { error: 'SERVFAIL' }
}
/** `hosts { IP NAME… }`. Source: https://coredns.io/plugins/hosts/ */
function fromHosts({ args, lines }: Plugin, name: string): DnsAnswer | undefined {
  if (args.length > 0) return { odd: 'not modelled: plugin hosts with a file of its own' }
  const addresses = lines.filter(l => parseIP(l[0]) !== undefined && l.slice(1).some(n => n.replace(/\.$/, '').toLowerCase() === name)).map(l => l[0])
  return addresses.length > 0 ? { addresses, service: '' } : lines.some(l => l[0] === 'fallthrough') ? undefined : none
}
/** `kubernetes ZONES { … }`: any zone of it has all names of the cluster. Source: https://coredns.io/plugins/kubernetes/ */
function fromCluster(state: DnsState, { args, lines }: Plugin, zones: readonly string[], name: string): DnsAnswer | undefined {
  const own = (args.length > 0 ? args : zones).map(z => z.replace(/\.$/, '').toLowerCase()).filter(z => inZone(name, z)).sort((a, b) => b.length - a.length)[0]
  if (own === undefined) return undefined
  const odd = lines.find(([option]) => !['pods', 'ttl', 'fallthrough', 'lameduck', 'upstream', 'noendpoints'].includes(option))
  const pods = lines.find(l => l[0] === 'pods')
  if (odd || pods?.[1] === 'verified') return { odd: `not modelled: option ${odd?.[0] ?? 'pods verified'} of plugin kubernetes in the Corefile` }
  const inner = own.endsWith('.arpa') || own === 'arpa' ? name : `${name.slice(0, name.length - own.length)}${zone}`
  const hidden = pods?.[1] !== 'insecure' && inner.endsWith(`.pod.${zone}`), answer = hidden ? undefined : answerFor(state, inner)
  const through = lines.find(l => l[0] === 'fallthrough')
  return answer ?? (through && (through.length === 1 || through.slice(1).some(z => inZone(name, z.replace(/\.$/, '')))) ? undefined : none)
}
function fromWorld({ args: [from = '.', ...servers] }: Plugin, name: string, world: Means['world']): DnsAnswer | undefined {
  if (!inZone(name, from.replace(/\.$/, '').toLowerCase())) return undefined
  const found = world(name, servers)
  return 'address' in found ? { addresses: [found.address], service: '' } : found
}
/**
 * The addresses behind an alias; what leads to no name, in the cluster or outside, has none, as if it were not there. Source: coredns/coredns
 * plugin/backend_lookup.go (an alias alone is no address, and none is told where the servers behind do not answer)
 */
function followed(
  state: DnsState, { alias, service }: Alias, corefile: Corefile, world: Means['world'], depth: number
): DnsAnswer {
  const name = alias.replace(/\.$/, '').toLowerCase(), answer = ask(state, name, corefile, world, depth + 1)
  if ('addresses' in answer) return { ...answer, service: answer.service || service, by: [service, ...answer.by ?? []] }
  return answer
}

function answerFor(state: DnsState, full: string): DnsAnswer | undefined {
  if (full.endsWith('.in-addr.arpa')) return nameOf(state, full.slice(0, -'.in-addr.arpa'.length).split('.').reverse().join('.'))
  if (!full.endsWith(`.${zone}`)) return undefined
  const labels = full.slice(0, -zone.length - 1).split('.'), [kind, namespace, name, ...more] = [...labels].reverse()
  if (kind === 'pod') return podRecord(state, labels)
  const service = kind === 'svc' && name !== undefined && more.length <= 2 ? store(state.informers, 'services').get(`${namespace}/${name}`) : undefined
  if (!service) return undefined
  // `_port._protocol.service`: the addresses that its SRV records point to
  if (more.length === 2) {
    return more[0].startsWith('_') && hasPort(service, more[1].slice(1), more[0].slice(1)) ? serviceRecord(state, service, undefined) : undefined
  }
  return serviceRecord(state, service, more[0])
}
const hasPort = ({ spec }: KubeObject, name: string, protocol: string): boolean =>
  (spec.ports ?? []).some((p: any) => p.name === name && (p.protocol ?? 'TCP').toLowerCase() === protocol)

function serviceRecord(state: DnsState, { metadata, spec }: KubeObject, host: string | undefined): DnsAnswer | undefined {
  const namespace = metadata.namespace ?? '', service = `${namespace}/${metadata.name}`
  if (spec.type === 'ExternalName') return host === undefined ? { alias: spec.externalName, service } : undefined
  if (spec.clusterIP !== 'None' && host === undefined) return { addresses: spec.clusterIPs ?? [spec.clusterIP], service }
  // endpoints have names of their own, whether or not the Service is headless
  const addresses = endpoints(store(state.informers, 'endpointslices'), namespace, metadata.name, host)
  return addresses.length > 0 ? { addresses, service } : undefined
}
/** `10-244-0-5.NAMESPACE.pod`: that address, whether or not a pod has it (`pods insecure`); the namespace must exist. */
function podRecord(state: DnsState, [address, namespace, ...more]: readonly string[]): DnsAnswer | undefined {
  const dotted = address.replaceAll('-', '.')
  return more.length === 1 && parseIP(dotted) !== undefined && store(state.informers, 'namespaces').get(`/${namespace}`)
    ? { addresses: [dotted], service: '' }
    : undefined
}
/** The name of an address: of a Service, else of an endpoint that has a hostname. Source: plugin/kubernetes (serviceRecordForIP) */
function nameOf(state: DnsState, address: string): DnsAnswer | undefined {
  for (const [id, { metadata, spec }] of store(state.informers, 'services').sorted()) {
    if (spec.clusterIPs?.includes(address)) return { alias: `${metadata.name}.${metadata.namespace}.svc.${zone}`, service: id }
  }
  for (const [, { metadata, endpoints: all }] of store(state.informers, 'endpointslices').sorted()) {
    const service = metadata.labels?.[serviceLabel]
    const endpoint = all?.find((e: any) => e.hostname && (e.conditions?.ready ?? true) && e.addresses.includes(address))
    if (service && endpoint) return { alias: `${endpoint.hostname}.${service}.${metadata.namespace}.svc.${zone}`, service: `${metadata.namespace}/${service}` }
  }
  return undefined
}

const serviceLabel = 'kubernetes.io/service-name'
const hostOf = (endpoint: any): string => endpoint.hostname ?? endpoint.addresses[0].replaceAll('.', '-')
/** A Service has one record for each ready endpoint; `host` names one by its hostname or its dashed address. Source: plugin/kubernetes (findServices) */
function endpoints(slices: PersistentMap<KubeObject>, namespace: string, name: string, host: string | undefined): string[] {
  const found: string[] = []
  for (const [key, slice] of slices.sorted()) {
    if (!key.startsWith(`${namespace}/`) || slice.metadata.labels?.[serviceLabel] !== name) continue
    for (const e of slice.endpoints ?? []) if ((e.conditions?.ready ?? true) && (host === undefined || host === hostOf(e))) found.push(...e.addresses)
  }
  return found.sort()
}
