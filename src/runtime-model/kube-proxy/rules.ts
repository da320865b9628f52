import type { KubeObject } from '../api/request.ts'

/** What a node's kernel does with packets to a Service: written by kube-proxy, in force until it is written anew, also without kube-proxy. */
export interface ServiceRules {
  readonly namespace: string
  readonly name: string
  readonly type: string
  /** addresses that the rules catch: cluster IPs, load balancer and external addresses */
  readonly addresses: readonly string[]
  /** those of them that load balancers have */
  readonly balancers: readonly string[]
  /** and its own ones for the outside (`externalIPs`) */
  readonly externals: readonly string[]
  readonly ports: readonly PortRule[]
  /** sessionAffinity ClientIP: how long a client stays with an endpoint, s; 0: none */
  readonly affinitySeconds: number
  /** through a load balancer only clients of these ranges are let in, others get no answer; absent: everybody */
  readonly sourceRanges?: readonly string[]
  /** where each node tells a load balancer whether it has an endpoint of its own */
  readonly healthCheckNodePort?: number
  /** what comes from outside keeps its address on the way, as it stays on the node */
  readonly externalLocal: boolean
}
export interface PortRule {
  readonly name: string
  readonly port: number
  readonly protocol: string
  readonly nodePort?: number
  /** candidates for traffic from inside of the cluster; empty: refused (`drop`: no answer at all) */
  readonly internal: readonly Endpoint[]
  /** candidates for traffic from outside (node port, load balancer) */
  readonly external: readonly Endpoint[]
  /** candidates for pods and processes of the node that use an address or port for the outside: no policy is asked, as if they went out and came in anew */
  readonly cluster: readonly Endpoint[]
  readonly dropInternal: boolean
  readonly dropExternal: boolean
}
export interface Endpoint {
  readonly address: string
  readonly port: number
  readonly node?: string
  readonly pod?: string
  readonly uid?: string
  readonly ready: boolean
  readonly terminating: boolean
}

/**
 * The rules of one Service on one node, from the Service and its EndpointSlices; undefined: none are written (headless, ExternalName, no address, left to
 * another proxy). Source: cmd/kube-proxy/app/server.go (labelSelector of its informers)
 */
export function rulesFor(service: KubeObject, slices: readonly KubeObject[], node: string, zone: string | undefined): ServiceRules | undefined {
  const { spec, metadata } = service
  if (spec.type === 'ExternalName' || !spec.clusterIP || spec.clusterIP === 'None') return undefined
  if (metadata.labels?.['service.kubernetes.io/service-proxy-name'] !== undefined) return undefined
  const balancers = (service.status?.loadBalancer?.ingress ?? []).flatMap((i: any) => i.ip && i.ipMode !== 'Proxy' ? [i.ip] : [])
  return {
    namespace: metadata.namespace!, name: metadata.name, type: spec.type,
    addresses: [...spec.clusterIPs ?? [spec.clusterIP], ...spec.externalIPs ?? [], ...balancers],
    balancers, ports: (spec.ports ?? []).map((port: any) => portRule(spec, port, gather(slices, port), node, zone)),
    affinitySeconds: spec.sessionAffinity === 'ClientIP' ? spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800 : 0,
    ...spec.healthCheckNodePort ? { healthCheckNodePort: spec.healthCheckNodePort } : undefined,
    externals: spec.externalIPs ?? [], externalLocal: spec.externalTrafficPolicy === 'Local',
    ...spec.type === 'LoadBalancer' && spec.loadBalancerSourceRanges?.length
      ? { sourceRanges: spec.loadBalancerSourceRanges.map((r: string) => r.trim()) }
      : undefined,
  }
}

interface Candidate extends Endpoint { readonly serving: boolean; readonly zones?: readonly string[]; readonly nodes?: readonly string[] }

/**
 * Endpoints of all slices that carry a port, in order of their addresses so that slices may come in any order, and those of them that any node uses that goes
 * by no hint. Slices never change: what they come to is found out once, and serves the kube-proxies of all nodes.
 */
interface Gathered { readonly slices: readonly KubeObject[]; readonly port: string; readonly all: readonly Candidate[]; readonly usual: readonly Endpoint[] }
const gathered = new WeakMap<KubeObject, readonly Gathered[]>()
const portsRemembered = 8

function gather(slices: readonly KubeObject[], port: any): Gathered {
  const key = `${port.name ?? ''}/${port.protocol ?? 'TCP'}`, [first] = slices, known = first === undefined ? [] : gathered.get(first) ?? []
  const before = known.find(g => g.port === key && g.slices.length === slices.length && g.slices.every((s, i) => s === slices[i]))
  if (before) return before
  const all = endpointsOf(slices, port), made: Gathered = { slices, port: key, all, usual: usable(all).map(plain) }
  if (first !== undefined) gathered.set(first, [made, ...known.filter(g => g.port !== key).slice(0, portsRemembered)])
  return made
}
/**
 * One for each address and port: of two that share an address, as the network may give it anew before its former pod is gone, the one that does not end. Of an
 * endpoint's addresses the first counts. Source: pkg/proxy/endpointslicecache.go (addEndpoints)
 */
function endpointsOf(slices: readonly KubeObject[], port: any): readonly Candidate[] {
  const found = new Map<string, Candidate>()
  for (const slice of slices) {
    const target = (slice.ports ?? []).find((p: any) => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'))
    if (!target?.port || (slice.addressType ?? 'IPv4') !== 'IPv4') continue
    for (const e of slice.endpoints ?? []) {
      const [address] = e.addresses, { ready = true, serving = true, terminating = false } = e.conditions ?? {}, key = `${address}:${target.port}`
      if (found.has(key) && terminating) continue
      found.set(key, {
        address, port: target.port, node: e.nodeName, pod: e.targetRef?.name, uid: e.targetRef?.uid, ready, terminating, serving,
        zones: namesIn(e.hints?.forZones), nodes: namesIn(e.hints?.forNodes),
      })
    }
  }
  return [...found.values()].sort((a, b) => a.address < b.address ? -1 : a.address > b.address ? 1 : 0)
}
const namesIn = (hints: readonly any[] | undefined): readonly string[] | undefined => hints?.length ? hints.map(h => h.name) : undefined

function portRule(spec: any, port: any, { all, usual }: Gathered, node: string, zone: string | undefined): PortRule {
  const near = hinted(all, node, zone), cluster = near === all ? usual : usable(near).map(plain)
  const internalLocal = spec.internalTrafficPolicy === 'Local', externalLocal = spec.externalTrafficPolicy === 'Local'
  const local = internalLocal || externalLocal ? usable(all.filter(e => e.node === node)).map(plain) : []
  const internal = internalLocal ? local : cluster, external = externalLocal ? local : cluster
  return {
    name: port.name ?? '', port: port.port, protocol: port.protocol ?? 'TCP', ...(port.nodePort ? { nodePort: port.nodePort } : {}), internal, external,
    cluster,
    // a local policy without local endpoints drops what a cluster policy without endpoints rejects
    dropInternal: internalLocal && internal.length === 0 && cluster.length > 0, dropExternal: externalLocal && external.length === 0 && cluster.length > 0,
  }
}
const plain = ({ address, port, node, pod, uid, ready, terminating }: Candidate): Endpoint => ({ address, port, node, pod, uid, ready, terminating })

/** All ready ones; if there is none, those that still serve while they terminate. Source: pkg/proxy/topology.go */
const usable = (all: readonly Candidate[]): readonly Candidate[] => {
  const ready = all.filter(e => e.ready)
  return ready.length > 0 ? ready : all.filter(e => e.serving && e.terminating)
}

/** Hints count only if every ready endpoint has one and some fit this node. Source: pkg/proxy/topology.go (canUseTopology) */
function hinted(all: readonly Candidate[], node: string, zone: string | undefined): readonly Candidate[] {
  const some = all.find(e => e.ready)
  // every ready endpoint must have one, so that the first tells already where there is none
  if (some === undefined || some.nodes === undefined && some.zones === undefined) return all
  const ready = all.filter(e => e.ready)
  if (ready.every(e => e.nodes !== undefined)) { const near = ready.filter(e => e.nodes!.includes(node)); if (near.length > 0) return near }
  if (zone !== undefined && ready.every(e => e.zones !== undefined)) {
    const near = ready.filter(e => e.zones!.includes(zone))
    if (near.length > 0) return near
  }
  return all
}
