import { unitsOf } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { conditionOf } from '../pods.ts'
import { keysOf, zoneLabel, type Desired, type Plan } from './slices.ts'

/**
 * Topology aware routing, which a Service asks for by an annotation: each zone gets endpoints in proportion to the CPU of its nodes, as hints; none where that
 * would burden some endpoint with a fifth more than its share. Approximate: where the original takes zones in no order, they are taken by name.
 * Source: k8s.io/endpointslice/topologycache/{topologycache,sliceinfo,utils}.go,
 * https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/
 */
export type Zones = Readonly<Record<string, number>>
export interface Hinted {
  readonly plan: Plan
  /** endpoints for each zone; undefined: there are no hints */
  readonly zones?: Zones
  /** why there are none */
  readonly why?: string
}
interface Allocation { readonly minimum: number; readonly maximum: number; readonly desired: number }
const overload = 1.2

/** The share that each zone has of the CPU of all nodes that are ready; undefined: a node does not tell, or they are all in one zone. */
export function sharesOf(nodes: readonly KubeObject[]): Zones | undefined {
  const cpu: Record<string, number> = {}
  for (const node of nodes) {
    const { metadata, status } = node
    if (metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined || conditionOf(node, 'Ready')?.status !== 'True') continue
    const zone = metadata.labels?.[zoneLabel], own = unitsOf(status.allocatable?.cpu ?? '0')
    if (!zone || own === 0) return undefined
    cpu[zone] = (cpu[zone] ?? 0) + own
  }
  const zones = Object.keys(cpu).sort(), all = zones.reduce((sum, z) => sum + cpu[z], 0)
  return zones.length < 2 ? undefined : Object.fromEntries(zones.map(z => [z, cpu[z] / all]))
}
/** Does a zone have too few endpoints by now? */
export function isOverloaded(hinted: Zones, shares: Zones | undefined): boolean {
  const all = Object.values(hinted).reduce((a, b) => a + b, 0)
  return !shares || Object.entries(shares).some(([zone, share]) => !(zone in hinted) || hinted[zone] < Math.ceil(all * share / overload))
}

/** Endpoints that have not changed otherwise keep the hints that they have. */
export function withStoredHints(groups: readonly Desired[], slices: readonly KubeObject[]): readonly Desired[] {
  const stored = new Map(slices.flatMap(s => keysOf(s.endpoints ?? []).map((key, i) => [key, s.endpoints[i]] as const)))
  return groups.map(group => ({
    ...group, endpoints: group.endpoints.map((e, i) => {
      const before = stored.get(group.keys[i])
      return before?.hints && deepEqual({ ...before, hints: undefined }, e) ? before : e
    }),
  }))
}

export function withHints(plan: Plan, existing: readonly KubeObject[], shares: Zones | undefined): Hinted {
  const touched = new Set([...plan.update, ...plan.delete].map(s => s.metadata.name)), unchanged = existing.filter(s => !touched.has(s.metadata.name))
  const all = [...plan.create, ...plan.update, ...unchanged], ready = all.reduce((n, s) => n + (s.endpoints ?? []).filter(isReady).length, 0)
  const allocations = allocationsOf(shares, ready), counts: Record<string, number> = {}
  if (typeof allocations === 'string') return { plan: without(plan, unchanged), why: allocations }
  const again = unchanged.filter(slice => !keeps(slice, allocations, counts)), open = [...plan.create, ...plan.update, ...again]
  if (open.some(s => (s.endpoints ?? []).some((e: any) => isReady(e) && !e.zone))) {
    return { plan: without(plan, unchanged), why: 'One or more endpoints do not have a zone specified' }
  }
  for (const s of open) for (const e of s.endpoints ?? []) if (isReady(e)) counts[e.zone] = (counts[e.zone] ?? 0) + 1
  const moves = movesFor(allocations, counts), hint = (e: any): any => {
    const { hints: _, ...bare } = e
    return isReady(e) ? { ...bare, hints: { forZones: [{ name: moved(e.zone, moves, counts) }] } } : bare
  }
  const hinted = (s: any): any => ({ ...s, endpoints: s.endpoints?.map(hint) })
  return { plan: { create: plan.create.map(hinted), update: [...plan.update, ...again].map(hinted), delete: plan.delete }, zones: counts }
}
const isReady = (e: any): boolean => e.conditions?.ready === true

function allocationsOf(shares: Zones | undefined, endpoints: number): ReadonlyMap<string, Allocation> | string {
  if (!shares) return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes'
  const zones = Object.keys(shares), told = `(${endpoints} endpoints, ${zones.length} zones)`
  if (zones.length > endpoints) return `Insufficient number of endpoints ${told}`
  const least = zones.map(z => Math.ceil(shares[z] * endpoints / overload)), sum = least.reduce((a, b) => a + b, 0)
  if (sum > endpoints) return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${told}`
  return new Map(zones.map((z, i) => [z, { minimum: least[i], maximum: least[i] + endpoints - sum, desired: Math.max(shares[z] * endpoints, least[i]) }]))
}

/** May the hints of a slice that nothing else changes stay? Then they are counted. */
function keeps({ endpoints = [] }: any, allocations: ReadonlyMap<string, Allocation>, counts: Record<string, number>): boolean {
  const own: Record<string, number> = {}
  for (const e of endpoints as readonly any[]) {
    if (!isReady(e)) continue
    if (!e.hints?.forZones?.length) return false
    for (const { name } of e.hints.forZones) { if (!allocations.has(name)) return false; own[name] = (own[name] ?? 0) + 1 }
  }
  if (Object.entries(own).some(([z, n]) => n + (counts[z] ?? 0) > allocations.get(z)!.maximum)) return false
  for (const [z, n] of Object.entries(own)) counts[z] = (counts[z] ?? 0) + n
  return true
}

interface Moves { readonly give: Record<string, number>; readonly take: Record<string, number> }
/** How many endpoints each zone gives to others, and how many it takes. */
function movesFor(allocations: ReadonlyMap<string, Allocation>, counts: Zones): Moves {
  const over: Record<string, number> = {}, under: Record<string, number> = {}, moves: Moves = { give: {}, take: {} }
  for (const [zone, { desired }] of allocations) {
    const more = (counts[zone] ?? 0) - desired
    if (more > 0) over[zone] = more; else if (more < 0) under[zone] = -more
  }
  for (;;) {
    const [from, give] = most(over), [to, take] = most(under)
    if (!from || !to || give < 1 && take < 1 || give < 0.5 || take < 0.5) return moves
    moves.give[from] = (moves.give[from] ?? 0) + 1; over[from]--
    moves.take[to] = (moves.take[to] ?? 0) + 1; under[to]--
  }
}
const most = (zones: Zones): readonly [string, number] =>
  Object.entries(zones).reduce<readonly [string, number]>((best, [z, n]) => n > best[1] ? [z, n] : best, ['', 0])

/** The zone whose clients an endpoint serves: its own, unless that one gives to another. */
function moved(zone: string, { give, take }: Moves, counts: Record<string, number>): string {
  const to = (give[zone] ?? 0) > 0 ? Object.keys(take).sort().find(z => take[z] > 0) : undefined
  if (to === undefined) return zone
  give[zone]--; take[to]--; counts[zone]--
  counts[to] = (counts[to] ?? 0) + 1
  return to
}

function without(plan: Plan, unchanged: readonly KubeObject[]): Plan {
  const bare = (s: any): any => ({ ...s, endpoints: s.endpoints?.map(({ hints: _, ...e }: any) => e) ?? s.endpoints })
  const had = unchanged.filter(s => (s.endpoints ?? []).some((e: any) => e.hints))
  return { create: plan.create.map(bare), update: [...plan.update, ...had].map(bare), delete: plan.delete }
}
