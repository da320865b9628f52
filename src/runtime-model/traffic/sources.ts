import { hashString, mix32 } from '../../base/hash.ts'
import type { GatewayConfig } from '../api/gateway-proxy.ts'
import type { HttpRequest, ProxyConfig } from '../api/http-proxy.ts'
import { nodesBehind, type Checks, type Released } from './balancer.ts'
import { chancesOf, outcome, type Outcome } from './outcomes.ts'
import type { Stretch } from './flights.ts'
import { nodeAlive, nodesWithProxy, physicalPod, type Physics } from './physics.ts'
import { counted, limitOf, turnedAway, type LimitedSince } from './limits.ts'
import { comesBack, ownTargets } from './own-targets.ts'
import { throughProxy } from './proxied.ts'
import { exitAt, routeToService, rulesOn, type Exit, type Route } from './route.ts'

/**
 * Clients that send requests at a steady rate. Requests are not events: from one change of anything on the way to the next they are
 * counted in one go, each by a draw of its own from (name of the source, number of the request), as iptables picks an endpoint for each
 * connection with equal chance. From outside they enter through any node that is on, by its node port where the Service has one; through a
 * cloud's load balancer by the nodes that it takes for well (`balancer.ts`); one that no cloud has made knows at once which nodes have a pod. A pod's go
 * through its own node.
 * Source: https://kubernetes.io/docs/reference/networking/virtual-ips/, pkg/proxy/healthcheck
 */
export interface Source {
  readonly name: string
  readonly namespace: string
  readonly service: string
  readonly port?: number
  /** what is asked of the proxy that the Service leads to */
  readonly url?: HttpRequest
  /** the process that tells that proxy what to do */
  readonly proxy?: string
  /** which of its gateways is asked, `namespace/name`, where it has several */
  readonly gateway?: string
  readonly perSecond: number
  /** the pod that sends, if it is one: as long as a container of it runs */
  readonly pod?: { readonly namespace: string; readonly name: string; readonly uid: string; readonly node: string }
  /** virtual ms of the first request */
  readonly startAt: number
  readonly endAt?: number
  /** requests counted so far: the number of the next one */
  readonly next: number
  /** session affinity: node → uid of the endpoint that its rules keep this client at; and what its cookies say (`own-targets.ts`) */
  readonly stuck: Readonly<Record<string, string>>
  /** virtual ms since which it has sent nothing, while it cannot */
  readonly silentSince?: number
  /** how long a request takes to be answered, ms; absent: no time */
  readonly takesMs?: number
  /** ways of requests that may still be in flight, the oldest first; empty where requests take no time */
  readonly recent: readonly Stretch[]
  /** what the load balancer that it comes through knows of the nodes, in a cluster of a cloud */
  readonly checks?: Checks
  readonly released?: Released
  /** what requests in flight hung on (a container, the node that they had come by) → virtual ms at which they were cut off */
  readonly cut: Readonly<Record<string, number>>
  /** how many connections all requests go over, kept open; absent: each request has its own */
  readonly connections?: number
  /** the way of each of them: the node that it came in by, and its one exit */
  readonly kept: readonly Route[]
  /** the limit of the proxy that it comes to, and since when that counts */
  readonly limited?: LimitedSince
  readonly counts: Counts
}
export interface Counts {
  readonly served: number
  readonly lost: number
  readonly why: Readonly<Record<string, number>>
  readonly servedBy: Readonly<Record<string, number>>
  readonly servedByUnready: number
}
export const NO_COUNTS: Counts = { served: 0, lost: 0, why: {}, servedBy: {}, servedByUnready: 0 }

/** Beyond so many requests between two changes their shares are computed instead of drawn. */
const drawnAtMost = 20_000

export const requestAt = (source: Source, k: number): number => source.startAt + Math.floor(k * 1000 / source.perSecond)
/** number of the first request at or after `at` */
export const firstFrom = (source: Source, at: number): number => at <= source.startAt ? 0 : Math.ceil((at - source.startAt) * source.perSecond / 1000)

/** All the ways that requests of this source can go now; each way is as likely as the others. None: nobody sends. */
export function waysOf(physics: Physics, source: Source): readonly Route[] {
  const ways = waysToService(physics, source), told = source.url && physics.peek(source.proxy!)?.state
  const config: ProxyConfig | GatewayConfig | undefined = source.gateway === undefined ? told?.config : told?.configs.get(source.gateway)
  return config ? counted(ways.map(way => throughProxy(physics, way, source, source.url!, config))) : ways
}
function waysToService(physics: Physics, source: Source): readonly Route[] {
  if (source.pod) return runs(physics, source.pod) ? [routeToService(physics, source.pod.node, source, { pod: source.pod })] : []
  if (source.checks) return nodesBehind(source.checks).map(node => routeToService(physics, node, source, {}, 'outside'))
  const alive = nodesWithProxy(physics).filter(node => nodeAlive(physics, node))
  if (alive.length === 0) return [{ node: '', exits: [{ lost: 'every node is down' }], sticky: false, protocol: 'TCP', hidesSource: false }]
  const type = rulesOn(physics, alive[0], source)?.type
  const fromOutside = type === 'NodePort' || type === 'LoadBalancer' || rulesOn(physics, alive[0], source)?.externals.length > 0
  const ways = alive.map(node => routeToService(physics, node, source, {}, fromOutside ? 'outside' : 'inside'))
  const healthy = type === 'LoadBalancer'
    ? alive.map((node, i) => ({ way: ways[i], well: hasOwnEndpoint(physics, node, source) })).filter(({ well }) => well).map(({ way }) => way)
    : ways
  return healthy.length > 0 ? healthy : ways
}
const runs = (physics: Physics, { node, uid }: NonNullable<Source['pod']>): boolean =>
  nodeAlive(physics, node) && (physicalPod(physics, node, uid)?.containers ?? []).some((c: any) => c.state === 'running')

/** What may have changed: the rules of a Service on a node, one pod, or anything. */
export type Change = { readonly rulesOf: string; readonly node: string } | { readonly uid: string } | 'proxies' | 'anything'
/** The ways after a change; the very same ones where it does not touch them. */
export function waysAfter(physics: Physics, source: Source, ways: readonly Route[], change: Change): readonly Route[] {
  if (change === 'anything') return waysOf(physics, source)
  if (change === 'proxies') return source.url ? waysOf(physics, source) : ways
  if ('uid' in change) {
    if (source.url || source.connections) return ways.some(way => leadsTo(way, change.uid)) ? waysOf(physics, source) : ways
    if (source.pod?.uid === change.uid) return waysOf(physics, source)
    return ways.some(way => leadsTo(way, change.uid)) ? ways.map(way => leadsTo(way, change.uid) ? renewed(physics, source, way, change.uid) : way) : ways
  }
  if (source.url && ways.some(way => way.exits.some(e => 'upstream' in e && e.byName))) return waysOf(physics, source)
  if (change.rulesOf !== `${source.namespace}/${source.service}` || source.pod && source.pod.node !== change.node) return ways
  const at = ways.findIndex(way => way.node === change.node), rules = at < 0 ? undefined : rulesOn(physics, change.node, source)
  // where a balancer leaves out nodes, one node's rules matter to all; so does the kind of Service
  if (source.pod || at < 0 || source.url || source.connections || rules?.type !== 'ClusterIP' || rules.externals.length > 0) return waysOf(physics, source)
  return ways.map((way, i) => i === at ? routeToService(physics, way.node, source, {}) : way)
}
export const leadsTo = ({ exits }: Route, uid: string): boolean =>
  exits.some(e => e.to?.uid === uid || 'upstream' in e && e.upstream.some(u => u.to?.uid === uid))
const renewed = (physics: Physics, source: Source, way: Route, uid: string): Route =>
  ({ ...way, exits: way.exits.map(e => e.to?.uid === uid ? exitAt(physics, e.to, source.pod ? { pod: source.pod } : {}, way.protocol, way) : e) })

/** What a node's health check port answers to a balancer; with a cluster policy every node that runs is well. */
function hasOwnEndpoint(physics: Physics, node: string, source: Source): boolean {
  const port = rulesOn(physics, node, source)?.ports.find((p: any) => source.port === undefined || p.port === source.port)
  return port !== undefined && !port.dropExternal
}

/**
 * The ways of one client whose Service keeps it with an endpoint: where it was before, while the rules know it and it has not been silent for longer
 * than they remember, else at one drawn anew.
 */
export function settle(source: Source, ways: readonly Route[]): { readonly source: Source; readonly ways: readonly Route[] } {
  const now = requestAt(source, source.next), silentMs = source.silentSince === undefined ? 0 : now - source.silentSince
  if (ways.length === 0) return { source: source.silentSince === undefined ? { ...source, silentSince: now } : source, ways }
  const awake: Source = source.silentSince === undefined ? source : { ...source, silentSince: undefined }
  if (!ways.some(way => way.sticky || settles(source, way) || comesBack(way)) && Object.keys(source.stuck).length === 0) return { source: awake, ways }
  const stuck: Record<string, string> = { ...source.stuck }
  const settled = ways.map(way => ({ ...way, exits: ownTargets(source.name, way.exits, stuck) })).map(way => {
    // what is no candidate any more has left the table of clients too
    if (!way.sticky || silentMs > way.affinityMs!) delete stuck[way.node]
    if (!way.sticky) return settles(source, way) && way.exits.length > 1 ? { ...way, exits: [way.exits[settledOn(source, way)]] } : way
    const exit = way.exits.find(e => e.to?.uid === stuck[way.node])
      ?? way.exits[mix32(hashString(`${source.name} ${way.node}`) ^ source.next) % way.exits.length]
    if (exit.to?.uid !== undefined) stuck[way.node] = exit.to.uid
    return { ...way, exits: [exit] }
  })
  return { source: { ...awake, stuck }, ways: settled }
}
/** Does the node send all requests of this source to one endpoint, by a hash of who asks, or of what is asked, or as nobody there has anything to do? */
const settles = ({ takesMs }: Source, { picks }: Route): boolean => picks === 'client' || picks === 'service' || picks === 'idle' && !takesMs
const settledOn = (source: Source, { picks, exits }: Route): number => picks === 'idle'
  ? 0
  : hashString(picks === 'client' ? source.name : `${source.namespace}/${source.service}`) % exits.length
/** The source with all requests before `until` counted, by the ways that have been open since the last count. */
export function countUntil(source: Source, ways: readonly Route[], until: number): Source {
  const end = firstFrom(source, Math.min(until, source.endAt ?? Infinity))
  if (end <= source.next) return source
  if (ways.length === 0) return { ...source, next: end }
  const tally = new Tally(source.counts)
  if (end - source.next <= drawnAtMost || limitOf(ways)) for (let k = source.next; k < end; k++) tally.add(takenBy(source, ways, k)!.outcome, 1)
  else shareOut(tally, source, ways, end)
  return { ...source, next: end, counts: tally.done() }
}
/** What becomes of request number `k`; undefined: nobody sends it. */
export const outcomeOf = (source: Source, ways: readonly Route[], k: number): Outcome | undefined => takenBy(source, ways, k)?.outcome
export interface Taken { readonly way: Route; readonly exit: Exit; readonly outcome: Outcome }
/** The way that request number `k` takes, and where it comes to. */
export function takenBy(source: Source, ways: readonly Route[], k: number): Taken | undefined {
  if (ways.length === 0) return undefined
  const draw = mix32(hashString(source.name) + Math.imul(k + 1, 0x9e3779b1))
  const way = ways[(draw >>> 0) % ways.length]
  // in turn: as if all nodes that requests come in by took turns together
  const pick = way.picks === 'turns' || way.picks === 'idle' ? k : mix32(draw ^ 0x85ebca6b) >>> 0
  const exit = way.exits[pick % way.exits.length]
  const away = 'upstream' in exit && exit.limits ? turnedAway(exit.limits, source, k) : undefined
  return { way, exit, outcome: away === undefined ? outcome(exit, requestAt(source, k), mix32(draw ^ 0xc2b2ae35) >>> 0) : { lost: away } }
}
/** Shares of many requests, in stretches of time within which every container answers alike. */
function shareOut(tally: Tally, source: Source, ways: readonly Route[], end: number): void {
  const all = chancesOf(ways)
  const turns = all.flatMap(({ listeners }) => listeners.flatMap(l => l.behaviour.http.map(row => firstFrom(source, l.startedAt + row.fromMs))))
  const cuts = [...new Set([source.next, ...turns.filter(k => k > source.next && k < end), end])].sort((a, b) => a - b)
  for (let i = 1; i < cuts.length; i++) {
    const total = cuts[i] - cuts[i - 1], at = requestAt(source, cuts[i - 1])
    let given = 0, sum = 0
    for (const [j, { exit, first, share }] of all.entries()) {
      sum += share
      const upTo = j === all.length - 1 ? total : Math.round(Math.min(1, sum) * total)
      tally.add(outcome(exit, at, first), upTo - given)
      given = upTo
    }
  }
}

class Tally {
  #served: number; #lost: number; #unready: number
  readonly #why: Record<string, number>
  readonly #by: Record<string, number>
  constructor(from: Counts) {
    this.#served = from.served
    this.#lost = from.lost
    this.#unready = from.servedByUnready
    this.#why = { ...from.why }
    this.#by = { ...from.servedBy }
  }
  add(outcome: Outcome, count: number): void {
    if (count === 0) return
    if (outcome.lost !== undefined) { this.#lost += count; this.#why[outcome.lost] = (this.#why[outcome.lost] ?? 0) + count; return }
    this.#served += count
    this.#by[outcome.pod!] = (this.#by[outcome.pod!] ?? 0) + count
    if (!outcome.ready) this.#unready += count
  }
  done(): Counts { return { served: this.#served, lost: this.#lost, why: this.#why, servedBy: this.#by, servedByUnready: this.#unready } }
}
