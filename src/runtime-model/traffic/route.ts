import { listenerOn, silenceOf, type Listener } from './listeners.ts'
import { nodeAlive, nodesWithProxy, physicalPod, type Physics } from './physics.ts'
import { machinePort } from './machine.ts'
import { byName } from './names.ts'
import { within } from './network-policy.ts'
import { holderOf, vacancy } from './places.ts'
import type { Proxied } from './proxied.ts'
import { addressOfSender, dropped, type Sender } from './sender.ts'

/** Where requests to a Service go from one node: the endpoints that its rules choose from with equal chance, each with what happens there. */
export interface Route {
  readonly node: string
  readonly exits: readonly Exit[]
  /** one client stays with one endpoint */
  readonly sticky: boolean
  /** how long the node remembers a client that sends nothing, ms; where it is sticky */
  readonly affinityMs?: number
  /** how the node picks one of them for a connection; a random one unless given */
  readonly picks?: 'random' | 'turns' | 'client' | 'service' | 'idle'
  readonly protocol: string
  /** no rules lead there but the answer of CoreDNS */
  readonly byName?: boolean
  /** pods on other nodes see the address of this node instead of the client's */
  readonly hidesSource: boolean
}
export type Exit = Lost | Listening | Proxied
/** Why every request through here is lost; `refused`: it is told so at once. `to`: where the rules send it. */
export interface Lost { readonly lost: string; readonly refused?: boolean; readonly to?: Endpoint; readonly listener?: undefined }
/** The listener says at each moment what it answers. */
export interface Listening { readonly lost?: undefined; readonly to: Endpoint; readonly pod: string; readonly ready: boolean; readonly listener: Listener }
export interface ServiceTarget { readonly namespace: string; readonly service: string; readonly port?: number }

export interface Endpoint { readonly address: string; readonly port: number; readonly node?: string; readonly pod?: string; readonly uid?: string }

/**
 * How a connection meets a Service: at its own address; from outside (by a load balancer or a node port); at a node port of another node; or, from within, at
 * an address of a load balancer or another one for the outside, or a port of the own node, as if it had gone out and come in anew.
 */
export type Entry = 'inside' | 'outside' | 'node port' | 'balancer' | 'out and in'
const candidates = { inside: 'internal', outside: 'external', 'node port': 'external', balancer: 'cluster', 'out and in': 'cluster' } as const

/**
 * By the rules that the node has now, whether or not its kube-proxy runs. Source: pkg/proxy/iptables/proxier.go (KUBE-SVC, KUBE-EXT with its short circuit,
 * KUBE-FW for ranges, which node ports do not go through)
 */
export function routeToService(physics: Physics, node: string, target: ServiceTarget, sender: Sender, entry: Entry = 'inside'): Route {
  const lost = (why: string): Route => lostWay(node, why, why.endsWith('(connection refused)'))
  if (!nodeAlive(physics, node)) return lost(`node ${node} is down`)
  const rules = rulesOn(physics, node, target), mode = modeOf(physics, node)
  if (!rules) {
    const named = byName(physics, node, target, sender)
    return named ? { ...named, byName: true } : lost(`no rules for service ${target.service} on ${node}${lag(physics, node, target) ?? ''}`)
  }
  const port = target.port === undefined ? rules.ports[0] : rules.ports.find((p: any) => p.port === target.port)
  if (!port) return lost(`service ${target.service} has no port ${target.port ?? ''}`.trim() + (mode.refusesOtherPorts ? ' (connection refused)' : ''))
  const ranges: readonly string[] | undefined = entry === 'outside' || entry === 'balancer' ? rules.sourceRanges : undefined
  const who = ranges && addressOfSender(physics, sender)
  if (ranges && !ranges.some(range => within(range, who!))) {
    return lost(`service ${target.service} lets only clients of ${ranges.join(', ')} in, which ${who} is none of (dropped)`)
  }
  const endpoints = endpointsFor(rules, port, entry, mode)
  if (endpoints.length === 0) {
    const drops = entry === 'inside' ? port.dropInternal : (entry === 'outside' || entry === 'node port') && port.dropExternal
    return lost(
      drops
        ? `no endpoint of service ${target.service} on ${node} (${mode.fallsBack && entry === 'inside' ? 'connection refused' : 'dropped'})`
        : noEndpoints(physics, node, target, port.name)
    )
  }
  const { protocol } = port, hidesSource = entry !== 'inside' && !rules.externalLocal
  return {
    node, exits: endpoints.map(e => exitAt(physics, e, sender, protocol, { node, hidesSource })), sticky: rules.affinitySeconds > 0,
    ...rules.affinitySeconds > 0 ? { affinityMs: rules.affinitySeconds * 1000 } : undefined, picks: mode.picks, protocol, hidesSource,
  }
}
/** What the rules lack although it is there: the node's kube-proxy is late, or does not run; undefined: nothing is there. */
function lag(physics: Physics, node: string, { namespace, service }: ServiceTarget, portName?: string): string | undefined {
  const runs = physics.peek(`kube-proxy/${node}`)?.status === 'up', key = `${namespace}/${service}`
  const witness = runs ? node : nodesWithProxy(physics).find(n => physics.peek(`kube-proxy/${n}`)?.status === 'up')
  const { informers, slices } = physics.peek(`kube-proxy/${witness}`)?.state ?? {}
  const serves = (slice: any): boolean =>
    slice?.ports?.some((p: any) => portName === undefined || (p.name ?? '') === portName) && slice.endpoints?.some((e: any) => e.conditions?.ready ?? true)
  const ready = ((slices?.get(key) ?? []) as readonly string[]).some(name => serves(informers.stores.endpointslices.get(name)))
  return ready ? runs ? ' yet' : ', as kube-proxy does not run there' : undefined
}
function noEndpoints(physics: Physics, node: string, target: ServiceTarget, portName: string): string {
  const late = lag(physics, node, target, portName)
  return `service ${target.service} has no ${late === undefined ? 'ready endpoints' : `endpoints in the rules on ${node}${late}`} (connection refused)`
}
/** ipvs has one list for each address: what comes from within gets no short cut there, but all endpoints where a local policy has none. */
function endpointsFor(rules: any, port: any, entry: Entry, { fallsBack }: { readonly fallsBack: boolean }): readonly Endpoint[] {
  const usual: readonly Endpoint[] = port[candidates[entry]]
  if (!fallsBack) return usual
  if (entry === 'inside') return usual.length > 0 || rules.type === 'ClusterIP' && rules.externals.length === 0 ? usual : port.cluster
  return candidates[entry] === 'cluster' && port.external.length > 0 ? port.external : usual
}
export const lostWay = (node: string, why: string, refused = false): Route =>
  ({ node, exits: [{ lost: why, ...refused ? { refused } : undefined }], sticky: false, protocol: 'TCP', hidesSource: false })
const modeOf = (physics: Physics, node: string): any => physics.peek(`kube-proxy/${node}`)?.state.mode
/** The rules of a Service that are in force on a node. */
export const rulesOn = (physics: Physics, node: string, { namespace, service }: ServiceTarget): any =>
  physics.peek(`kube-proxy/${node}`)?.state.rules.get(`${namespace}/${service}`)

/** What a connection to an address meets. `by`: the node whose rules chose it, and whether they hide who asks. */
export function exitAt(
  physics: Physics, to: Endpoint, sender: Sender, protocol: string, by?: { readonly node: string; readonly hidesSource: boolean }
): Lost | Listening {
  if (to.node === undefined) return exitTo(physics, to, sender, protocol, by)
  const { address, port, node, pod, uid } = to, why = dropped(physics, sender, to, protocol, by)
  if (why !== undefined) return { lost: why, to }
  const where = `${address}:${port}`
  if (!nodeAlive(physics, node)) return { lost: `node ${node} is down (no answer from ${pod ?? where})`, to }
  const from = sender.pod?.node ?? sender.node ?? by?.node
  if (from !== undefined && !physics.linked(from, node)) return { lost: `nothing passes between ${from} and ${node} (no answer from ${pod ?? where})`, to }
  const alone = unconnected(physics, node, uid, pod) ?? (sender.pod && unconnected(physics, sender.pod.node, sender.pod.uid, sender.pod.name))
  if (alone !== undefined) return { lost: alone, to }
  const listener = listenerOn(physics, node, uid ?? '', port, protocol, by !== undefined)
  if (listener === undefined) {
    const stale = by !== undefined && !runs(physics, node, uid ?? '')
    return {
      lost: silenceOf(physics, node, uid ?? '', pod, where) + (stale ? stillNamed(physics, by.node) : ''), refused: sandboxThere(physics, node, uid ?? ''), to,
    }
  }
  return { to, pod: pod ?? where, ready: listener.ready, listener }
}
/** A pod that has come while the agent of the network plugin was away. */
const unconnected = (physics: Physics, node: string, uid: string | undefined, pod: string | undefined): string | undefined =>
  uid !== undefined && physicalPod(physics, node, uid)?.sandbox?.unconnected
    ? `pod ${pod} has no connection, as the agent of the network plugin does not run on ${node} (no answer)`
    : undefined
/** An address that an EndpointSlice gives without saying whose it is. */
function exitTo(
  physics: Physics, to: Endpoint, sender: Sender, protocol: string, by?: { readonly node: string; readonly hidesSource: boolean }
): Lost | Listening {
  const holder = holderOf(physics, to.address), { address, port } = to
  if (holder?.is === 'pod') return exitAt(physics, { address, port, node: holder.node, pod: holder.pod, uid: holder.uid }, sender, protocol, by)
  const why = dropped(physics, sender, { ...to, node: holder?.node }, protocol, by)
  if (why !== undefined) return { lost: why, to }
  if (holder === undefined) return { lost: vacancy(address), to }
  if (holder.is === 'outside') return answering(to, holder.name, 'up')
  const from = sender.pod?.node ?? sender.node ?? by?.node
  if (from !== undefined && !physics.linked(from, holder.node)) {
    return { lost: `nothing passes between ${from} and ${holder.node} (no answer from ${address}:${port})`, to }
  }
  if (holder.is === 'node') return machinePort(physics, holder.node, port, sender, protocol)
  return port === 6443
    ? answering(to, `kube-apiserver on ${holder.node}`, physics.peek(`kube-apiserver/${holder.node}`)?.status ?? 'down')
    : { lost: `nothing listens on ${address}:${port} (connection refused)`, refused: true, to }
}
/** A process that is no container, or a host outside: it answers at once while it runs. */
export const answering = (to: Endpoint, name: string, status: string, http: Listener['behaviour']['http'] = []): Lost | Listening => status === 'up'
  ? { to, pod: name, ready: true, listener: { hung: false, startedAt: 0, behaviour: { http }, ready: true } }
  : { lost: `${name} ${status === 'hung' ? 'does not answer' : `does not run: ${to.address}:${to.port} refuses connections`}`, refused: status === 'down', to }
/** Rules name what answers no longer: kube-proxy has not been told yet, has written rules less than a second ago, or does not run. */
const stillNamed = (physics: Physics, node: string): string => physics.peek(`kube-proxy/${node}`)?.status === 'up'
  ? '; kube-proxy has not taken it out of the rules yet'
  : `; the rules still name it, as kube-proxy on ${node} does not run`
const runs = (physics: Physics, node: string, uid: string): boolean => {
  const pod = physicalPod(physics, node, uid)
  return pod?.sandbox?.ready === true && pod.containers.some((c: any) => c.state === 'running')
}
/** The address is still somebody's, who refuses what nothing listens for. */
const sandboxThere = (physics: Physics, node: string, uid: string): boolean => physicalPod(physics, node, uid)?.sandbox?.ready === true
