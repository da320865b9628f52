import { invariant } from '../../base/invariant.ts'
import type { NodeInfo } from './node-info.ts'
import { rejection } from './plugin.ts'
import type { Cycle, Filter, Plugin, Rejection } from './plugin.ts'
import type { PodInfo } from './pod-info.ts'
import { plugins } from './plugins/index.ts'

/** What a cycle came to. Nothing is changed by it. Source of the order: pkg/scheduler/schedule_one.go */
export type Decision =
  | { readonly node: NodeInfo; readonly evaluated: number; readonly feasible: number; readonly nextStart: number }
  | { readonly unfit: Unfit; readonly nextStart: number }

/** Why no node will do. */
export interface Unfit {
  readonly total: number
  /** what a filter said of each node, in the order of the nodes */
  readonly rejections: ReadonlyMap<NodeInfo, Rejection>
  /** what is said of the nodes that were not even looked at */
  readonly others?: Rejection
  /** a plugin refused the pod before any node was looked at */
  readonly early?: Rejection
  readonly plugins: readonly string[]
}

export interface Settings {
  /** where the search begins: nodes take turns at being first */
  readonly start: number
  /** node a pod was promised by preemption: looked at first */
  readonly nominated?: string
  /** pods of at least the same priority that were promised this node; they count as being there */
  readonly promisedTo?: (node: string) => readonly PodInfo[]
  /** one of `n` equally good nodes */
  readonly choose: (n: number) => number
}

/**
 * How many feasible nodes are enough: all of up to 100, then a share of 50 % that falls by one for every 125 nodes, 5 % at least.
 * Source: schedule_one.go (numFeasibleNodesToFind)
 */
export function enoughNodes(total: number): number {
  if (total < 100) return total
  const percent = Math.max(5, Math.floor(50 - total / 125))
  return Math.max(100, Math.floor(total * percent / 100))
}

export function schedulePod(cycle: Cycle, settings: Settings): Decision {
  const prepared = prepareFilters(cycle), { list } = cycle.nodes
  if ('early' in prepared) {
    return { unfit: { total: list.length, rejections: new Map(), early: prepared.early, plugins: [prepared.early.plugin] }, nextStart: settings.start }
  }
  const { test, only } = withPromises(cycle, prepared, settings)
  const found = search(list, test, only, settings)
  if (found.feasible.length === 0) return { unfit: unfit(list.length, found, only), nextStart: found.nextStart }
  const node = found.feasible.length === 1 ? found.feasible[0] : best(cycle, found.feasible, settings.choose)
  return { node, evaluated: found.feasible.length + found.rejections.size, feasible: found.feasible.length, nextStart: found.nextStart }
}

// ---- filtering
type Filters = { readonly filters: readonly Filter[]; readonly only?: ReadonlySet<string> } | { readonly early: Rejection }
const filtering: readonly Plugin[] = plugins.filter(p => p.preFilter), scoring: readonly Plugin[] = plugins.filter(p => p.preScore)
const withOwn = (usual: readonly Plugin[], own: readonly Plugin[] | undefined): readonly Plugin[] => own?.length ? [...usual, ...own] : usual

export function prepareFilters(cycle: Cycle): Filters {
  const filters: Filter[] = []
  let only: ReadonlySet<string> | undefined
  for (const plugin of withOwn(filtering, cycle.own)) {
    const prepared = plugin.preFilter?.(cycle) ?? 'skip'
    if (prepared === 'skip') continue
    if ('reject' in prepared) return { early: prepared.reject }
    filters.push(prepared.filter)
    if (prepared.only) only = prepared.only
  }
  return { filters, only }
}
export function passes(filters: readonly Filter[], node: NodeInfo): Rejection | undefined {
  for (const filter of filters) { const rejected = filter(node); if (rejected) return rejected }
  return undefined
}

/** Where other pods were promised the node, it must do with them and without them. Source: framework.go (RunFilterPluginsWithNominatedPods) */
function withPromises(
  cycle: Cycle, { filters, only }: Extract<Filters, { filters: unknown }>, { promisedTo }: Settings
): { readonly test: Filter; readonly only?: ReadonlySet<string> } {
  const plain: Filter = node => passes(filters, node)
  if (!promisedTo) return { test: plain, only }
  return {
    only,
    test(node) {
      const fuller = withPromised(cycle, node, promisedTo)
      return fuller && fitsSupposed(cycle, fuller) || plain(node)
    },
  }
}
/** The node with those at least as important that were promised it; undefined: there are none. */
export function withPromised(cycle: Cycle, node: NodeInfo, promisedTo: Settings['promisedTo']): NodeInfo | undefined {
  const promised = promisedTo?.(node.name).filter(p => p.uid !== cycle.pod.uid && p.priority >= cycle.pod.priority) ?? []
  if (promised.length === 0) return undefined
  const fuller = node.copy({})
  for (const pod of promised) fuller.addPod(pod)
  return fuller
}
/** The first rejection if the node were as given. */
export function fitsSupposed(cycle: Cycle, node: NodeInfo): Rejection | undefined {
  return cycle.nodes.supposing(node, () => {
    const prepared = prepareFilters(cycle)
    return 'early' in prepared ? prepared.early : passes(prepared.filters, node)
  })
}

interface Found {
  readonly feasible: readonly NodeInfo[]
  readonly rejections: ReadonlyMap<NodeInfo, Rejection>
  /** why not the node that the pod was promised */
  readonly broken?: Rejection
  readonly nextStart: number
}
function search(list: readonly NodeInfo[], test: Filter, only: ReadonlySet<string> | undefined, { start, nominated }: Settings): Found {
  const rejections = new Map<NodeInfo, Rejection>(), feasible: NodeInfo[] = []
  const promised = nominated === undefined ? undefined : list.find(n => n.name === nominated), broken = promised && test(promised)
  if (promised && !broken) return { feasible: [promised], rejections, nextStart: start }
  const candidates = only ? list.filter(n => only.has(n.name)) : list, total = candidates.length, enough = enoughNodes(total)
  let looked = 0
  for (; looked < total && feasible.length < enough; looked++) {
    const node = candidates[(start + looked) % total], rejected = test(node)
    if (rejected) rejections.set(node, rejected); else feasible.push(node)
  }
  return { feasible, rejections, broken, nextStart: total === 0 ? 0 : (start + looked) % list.length }
}

/**
 * Of the nodes that were not looked at the plugins are named that left them out, and who had refused the promised node before: upstream keeps both in
 * one set. Source: schedule_one.go (findNodesThatFitPod)
 */
function unfit(total: number, { rejections, broken }: Found, only: ReadonlySet<string> | undefined): Unfit {
  const names = new Set<string>(), asked = [...new Set(['NodeAffinity', ...broken ? [broken.plugin] : []])].sort()
  for (const r of rejections.values()) names.add(r.plugin)
  if (only) for (const name of asked) names.add(name)
  return {
    total, rejections, plugins: [...names].sort(),
    others: only && rejections.size < total ? rejection('NodeAffinity', true, `node(s) didn't satisfy plugin(s) [${asked.join(' ')}]`) : undefined,
  }
}

// ---- scoring
function best(cycle: Cycle, feasible: readonly NodeInfo[], choose: (n: number) => number): NodeInfo {
  const totals = new Float64Array(feasible.length), scores = new Float64Array(feasible.length)
  for (const plugin of withOwn(scoring, cycle.own)) {
    const scorer = plugin.preScore?.(cycle, feasible)
    if (!scorer) continue
    for (let i = 0; i < feasible.length; i++) scores[i] = scorer.score(feasible[i])
    scorer.finish?.(scores, feasible)
    const weight = plugin.weight ?? 1
    for (let i = 0; i < feasible.length; i++) totals[i] += weight * scores[i]
  }
  let top = -Infinity, equals = 0
  for (const t of totals) { if (t > top) { top = t; equals = 1 } else if (t === top) equals++ }
  let chosen = equals === 1 ? 0 : choose(equals)
  for (let i = 0; i < totals.length; i++) if (totals[i] === top && chosen-- === 0) return feasible[i]
  invariant(false, 'a best node exists')
}
