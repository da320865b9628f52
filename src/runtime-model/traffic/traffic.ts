import { PersistentMap } from '../../base/persistent-map.ts'
import type { Actor, Effect, Step, StepContext } from '../kernel/actor.ts'
import type { Observation, ObservationBody } from '../kernel/observation.ts'
import type { Route } from './route.ts'
import { lookOver, nextNotice } from './balancer.ts'
import { cutOff, remember } from './flights.ts'
import { keep } from './kept.ts'
import { since, turnsAwaySome } from './limits.ts'
import { losesSome } from './outcomes.ts'
import { countUntil, firstFrom, leadsTo, NO_COUNTS, requestAt, settle, waysAfter, waysOf, type Change, type Counts, type Source } from './sources.ts'

/** All clients of a scenario. The ways of a source are worked out anew where something that they lead through has changed. */
export interface TrafficState {
  readonly sources: PersistentMap<Open>
  /** name → address of hosts outside of the cluster that a scenario has told of; they answer on every port */
  readonly outside: Readonly<Record<string, string>>
}
export interface Open {
  readonly source: Source
  readonly ways: readonly Route[]
  /** ms until requests that are being lost are counted again */
  readonly patienceMs: number
}

export const TRAFFIC_ID = 'traffic/sources'
const AFTER_FAULT = 'after a fault', AFTER_NAMES = 'after a change of names'
const changes: readonly ObservationBody['type'][] = [
  'proxy', 'nodeEligible', 'balancer', 'policies', 'httpProxy', 'container', 'podStatus', 'nodePower', 'fault',
]
const patienceLimitMs = 60_000
/** until CoreDNS has been told */
const namesMs = 20

export const trafficActor = (): Actor<TrafficState> => ({
  id: TRAFFIC_ID, component: 'traffic', host: 'client', supervised: false,
  init: () => ({ sources: new PersistentMap(), outside: {} }),
  step(state, input, context): Step<TrafficState> {
    if (input.on === 'operate' && input.operation === 'add-source') return add(state, input.args, context)
    if (input.on === 'operate' && input.operation === 'outside') {
      return { state: { ...state, outside: { ...state.outside, [input.args.name]: input.args.address } }, effects: [] }
    }
    if (input.on === 'observation' && input.observation.type === 'object') {
      const { resource } = input.observation, names = resource === 'endpointslices.discovery.k8s.io' || resource === 'services'
      return { state, effects: names ? [{ do: 'timer', key: AFTER_NAMES, afterMs: namesMs }] : [] }
    }
    if (input.on === 'observation') {
      const counted = recount(state, context, changeOf(input.observation))
      // a fault is told before it acts: what it does to containers without a word is seen right after
      return input.observation.type === 'fault' ? { ...counted, effects: [...counted.effects, { do: 'timer', key: AFTER_FAULT, afterMs: 0 }] } : counted
    }
    if (input.on === 'timer' && (input.key === AFTER_FAULT || input.key === AFTER_NAMES)) return recount(state, context, 'anything')
    if (input.on === 'timer') return recount(state, context, 'anything', input.key)
    return { state, effects: [] }
  },
})

function changeOf(o: Observation): Change {
  switch (o.type) {
    case 'proxy': return { rulesOf: `${o.namespace}/${o.service}`, node: o.node }
    case 'container': case 'podStatus': return { uid: o.uid }
    case 'httpProxy': return 'proxies'
    default: return 'anything'
  }
}

function add(state: TrafficState, args: any, context: StepContext): Step<TrafficState> {
  const fresh: Source = {
    name: args.name, namespace: args.namespace, service: args.service, port: args.port, url: args.url, proxy: args.proxy, gateway: args.gateway,
    perSecond: args.perSecond, pod: args.pod, startAt: context.now, next: 0, stuck: {}, takesMs: args.takesMs, recent: [], cut: {},
    connections: args.connections, kept: [], counts: NO_COUNTS,
  }
  const source = lookOver(context, fresh, context.now), opened = open(source, waysOf(context, source), context)
  state.sources.set(source.name, opened.open)
  const listen: Effect[] = state.sources.size === 1 ? [{ do: 'listen', types: changes }] : []
  // a Service that has no rules is found by its name, which no kube-proxy tells of
  if (opened.open.ways.some(way => way.byName)) listen.push({ do: 'listen', types: ['object'] })
  return { state, effects: [...listen, ...opened.effects] }
}

/**
 * Requests go these ways from now on. While some lose requests, a timer makes the next loss known when it happens, then ever more seldom. What has been
 * lost for minutes is no news that a quiet cluster should wait for.
 */
function open(from: Source, found: readonly Route[], context: StepContext, patienceMs = 0): { readonly open: Open; readonly effects: readonly Effect[] } {
  const settled = settle(from, found), kept = keep(context, settled.source, settled.ways, context.now), { ways } = kept, source = since(kept.source, ways)
  const key = losing(source.name)
  if (!losesSome(ways, context.now) && !turnsAwaySome(source, ways)) {
    return { open: { source, ways, patienceMs: 0 }, effects: patienceMs > 0 ? [{ do: 'cancel', key }] : [] }
  }
  const nextAt = requestAt(source, firstFrom(source, context.now + Math.max(1, patienceMs)))
  return {
    open: { source, ways, patienceMs: Math.min(patienceLimitMs, Math.max(1000, patienceMs * 2)) },
    effects: [{ do: 'timer', key, afterMs: nextAt - context.now + 1, background: patienceMs >= patienceLimitMs }],
  }
}

/** `timer`: only the source whose timer it is */
function recount(state: TrafficState, context: StepContext, change: Change, timer?: string): Step<TrafficState> {
  const effects: Effect[] = []
  for (const [name, before] of state.sources.sorted()) {
    if (timer !== undefined && timer !== losing(name) && timer !== checking(name)) continue
    const looked = lookOver(context, before.source, context.now)
    const ways = looked === before.source ? waysAfter(context, looked, before.ways, change) : waysOf(context, looked), cuts = mayCut(before, change)
    if (ways === before.ways && !cuts) continue
    if (looked !== before.source || timer === checking(name)) effects.push(...noticing(looked, context))
    const counted = { ...countUntil(before.source, before.ways, context.now), checks: looked.checks, released: looked.released }
    const source = cuts ? cutOff(context, counted, before.ways, context.now) : counted
    if (ways === before.ways) { state.sources.set(name, { ...before, source }); effects.push(...told(before.source, source)); continue }
    const again = open(remember(source, before.ways, context.now), ways, context, before.patienceMs)
    state.sources.set(name, again.open)
    if (source !== before.source) effects.push(...told(before.source, source))
    effects.push(...again.effects)
  }
  return { state, effects }
}
/** Is somebody in flight at what has changed? */
function mayCut({ source, ways }: Open, change: Change): boolean {
  if (!source.takesMs || change === 'proxies' || change !== 'anything' && 'rulesOf' in change) return false
  return change === 'anything' || [...source.recent.flatMap(s => s.ways), ...ways].some(way => leadsTo(way, change.uid))
}
const losing = (name: string): string => `losing ${name}`
const checking = (name: string): string => `checking ${name}`
/** When what its balancer knows of the nodes changes, requests go other ways. */
function noticing(source: Source, context: StepContext): readonly Effect[] {
  const at = nextNotice(source, context.now)
  return at === undefined ? [{ do: 'cancel', key: checking(source.name) }] : [{ do: 'timer', key: checking(source.name), afterMs: at - context.now }]
}

/** What became of the requests since the last count. */
function told(before: Source, after: Source): Effect[] {
  const record = (observation: Extract<ObservationBody, { type: 'traffic' }>): Effect => ({ do: 'record', observation })
  const fresh = (key: 'why' | 'servedBy'): [string, number][] =>
    Object.entries(after.counts[key]).map(([k, n]): [string, number] => [k, n - (before.counts[key][k] ?? 0)]).filter(([, n]) => n > 0)
  // a Service leads to pods of its own namespace; what an URL or a proxy leads to is said nowhere
  const namespace = after.url || after.proxy || after.gateway ? undefined : after.namespace
  const base = { type: 'traffic', source: after.name, service: after.service, ...namespace ? { namespace } : undefined } as const
  return [
    ...fresh('why').map(([why, count]) => record({ ...base, outcome: 'lost', why, count })),
    ...fresh('servedBy').map(([by, count]) => record({ ...base, outcome: 'served', by, count })),
  ]
}

/** Counts of a source up to now, without changing anything. */
export const countsNow = ({ source, ways }: Open, now: number): Counts => countUntil(source, ways, now + 1).counts
