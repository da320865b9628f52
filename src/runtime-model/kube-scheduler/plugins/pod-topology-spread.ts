import type { KubeObject } from '../../api/request.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { definePlugin, rejection } from '../plugin.ts'
import type { ClusterEvent, Cycle, Filter, Prepared, Scorer } from '../plugin.ts'
import type { NodeInfo } from '../node-info.ts'
import { hostLabel } from '../node-table.ts'
import { podInfo } from '../pod-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { requiredNodes } from '../terms.ts'
import { constraintsOf, counts, defaultConstraints, hasAllKeys } from './spread-constraints.ts'
import type { Constraint } from './spread-constraints.ts'

const NAME = 'PodTopologySpread'
const tooSkewed = rejection(NAME, false, "node(s) didn't match pod topology spread constraints")
const noLabel = rejection(NAME, true, "node(s) didn't match pod topology spread constraints (missing required label)")

/** Pods in each domain of a constraint, over the nodes that it looks at. */
function domainsOf(c: Constraint, constraints: readonly Constraint[], { pod, nodes }: Cycle): Map<string, number> {
  const required = requiredNodes(pod.pod.spec), byNode = nodes.counts.of(c.set), domains = new Map<string, number>()
  for (const node of nodes.list) {
    if (!hasAllKeys(node, constraints) || !counts(c, node, required, pod)) continue
    const domain = node.labels[c.topologyKey]
    domains.set(domain, (domains.get(domain) ?? 0) + (byNode.get(node.name) ?? 0))
  }
  return domains
}

function preFilter(cycle: Cycle): Prepared {
  const { pod } = cycle, constraints = constraintsOf(pod, 'DoNotSchedule')
  if (constraints.length === 0) return 'skip'
  const facts = constraints.map(c => {
    const domains = domainsOf(c, constraints, cycle), smallest = domains.size < c.minDomains ? 0 : Math.min(...domains.values())
    return { c, domains, smallest: Number.isFinite(smallest) ? smallest : 0, self: c.selects(pod) ? 1 : 0 }
  })
  const filter: Filter = node => {
    for (const { c, domains, smallest, self } of facts) {
      const domain = node.labels[c.topologyKey]
      if (domain === undefined) return noLabel
      if ((domains.get(domain) ?? 0) + self - smallest > c.maxSkew) return tooSkewed
    }
    return undefined
  }
  return { filter }
}

function preScore(cycle: Cycle, feasible: readonly NodeInfo[]): Scorer | undefined {
  const { pod, nodes, cluster } = cycle, own = constraintsOf(pod, 'ScheduleAnyway')
  const constraints = pod.pod.spec.topologySpreadConstraints?.length ? own : defaultConstraints(pod, cluster)
  if (constraints.length === 0) return undefined
  const needsAllKeys = own.length > 0, ignored = needsAllKeys ? feasible.filter(n => !hasAllKeys(n, constraints)) : [], left = new Set(ignored)
  const facts = constraints.map(c => c.topologyKey === hostLabel
    ? { c, domains: undefined, byNode: nodes.counts.of(c.set), weight: Math.log(feasible.length - ignored.length + 2) }
    : { c, ...domainScores(c, constraints, needsAllKeys, left, feasible, cycle) })
  return {
    score(node) {
      if (left.has(node)) return -1
      let score = 0
      for (const { c, domains, byNode, weight } of facts) {
        const domain = node.labels[c.topologyKey]
        if (domain !== undefined) score += (domains ? domains.get(domain) ?? 0 : byNode.get(node.name) ?? 0) * weight + (c.maxSkew - 1)
      }
      return Math.round(score)
    },
    finish: fewerIsBetter,
  }
}

/** Counts of the domains that feasible nodes belong to; a domain weighs by how many there are. */
function domainScores(
  c: Constraint, constraints: readonly Constraint[], needsAllKeys: boolean, ignored: ReadonlySet<NodeInfo>, feasible: readonly NodeInfo[], { pod, nodes }: Cycle
) {
  const domains = new Map<string, number>(), byNode = nodes.counts.of(c.set), required = requiredNodes(pod.pod.spec)
  const all = needsAllKeys || c.honorTaints || c.honorAffinity && required ? undefined : nodes.counts.byDomain(c.set, c.topologyKey)
  for (const node of feasible) {
    const domain = node.labels[c.topologyKey]
    if (domain !== undefined && !ignored.has(node)) domains.set(domain, all?.get(domain) ?? 0)
  }
  if (domains.size > 0 && !all) {
    for (const [name, n] of byNode) {
      const node = nodes.get(name), domain = node?.labels[c.topologyKey]
      if (!node?.node || domain === undefined || !domains.has(domain) || needsAllKeys && !hasAllKeys(node, constraints) || !counts(c, node, required, pod)) {
        continue
      }
      domains.set(domain, domains.get(domain)! + n)
    }
  }
  return { domains, byNode, weight: Math.log(domains.size + 2) }
}

function fewerIsBetter(scores: Float64Array): void {
  let min = Infinity, max = 0
  for (const s of scores) if (s >= 0) { if (s < min) min = s; if (s > max) max = s }
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i] < 0 ? 0 : max === 0 ? 100 : Math.floor(100 * (max + min - scores[i]) / max)
}

const hard = (pod: PodInfo): Constraint[] => constraintsOf(pod, 'DoNotSchedule')
/** Of a change: does a constraint count the pod now that did not before, or the other way round? */
const countsPod = (pod: PodInfo, event: ClusterEvent): boolean => {
  const [before, after] = [event.old, event.new].map(p => p && podInfo(p))
  const counts = (c: Constraint, p: PodInfo | undefined): boolean => p !== undefined && (p.uid === pod.uid || !!p.pod.spec.nodeName) && c.selects(p)
  return hard(pod).some(c => counts(c, before) !== counts(c, after))
}
const hasKeys = (constraints: readonly Constraint[], node: KubeObject | undefined): boolean =>
  constraints.every(c => node?.metadata.labels?.[c.topologyKey] !== undefined)
/** A node that comes or goes with all the keys, or one that has them and has changed one of them. Source: plugin.go (isSchedulableAfterNodeChange) */
const moves = (pod: PodInfo, { old, new: now }: ClusterEvent): boolean => {
  const constraints = hard(pod), has = hasKeys(constraints, now)
  return hasKeys(constraints, old) !== has || has && constraints.some(c => old?.metadata.labels?.[c.topologyKey] !== now?.metadata.labels?.[c.topologyKey])
}
const isTaintedOtherwise = (pod: PodInfo, { old, new: now }: ClusterEvent): boolean =>
  hasKeys(hard(pod), now) && !deepEqual(old?.spec.taints, now?.spec.taints)

export const podTopologySpread = definePlugin({
  name: NAME, preFilter, weight: 2, preScore,
  hints: {
    'AssignedPod/Add': countsPod, 'AssignedPod/Delete': countsPod, 'AssignedPod/UpdateLabel': countsPod,
    'Node/Add': moves, 'Node/Delete': moves, 'Node/UpdateLabel': moves, 'Node/UpdateTaint': isTaintedOtherwise,
    'UnscheduledPod/UpdateLabel': countsPod, 'UnscheduledPod/UpdateToleration': pod => hard(pod).some(c => c.honorTaints),
  },
  source: 'pkg/scheduler/framework/plugins/podtopologyspread/{plugin,filtering,scoring,common}.go',
})
