import { definePlugin, rejection } from '../plugin.ts'
import type { ClusterEvent, ClusterView, Cycle, Filter, Prepared, Scorer } from '../plugin.ts'
import type { NodeInfo } from '../node-info.ts'
import { commonLabel } from '../pod-counts.ts'
import type { PodSet } from '../pod-counts.ts'
import { podInfo } from '../pod-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { termSelects } from '../terms.ts'
import type { AffinityTerm } from '../terms.ts'

const NAME = 'InterPodAffinity'
const notTogether = rejection(NAME, true, "node(s) didn't match pod affinity rules")
const notApart = rejection(NAME, false, "node(s) didn't match pod anti-affinity rules")
const unwelcome = rejection(NAME, false, "node(s) didn't satisfy existing pods anti-affinity rules")
/** Weight of required affinity of running pods towards the new one. Source: apis/config/v1/defaults.go (HardPodAffinityWeight) */
const hardAffinityWeight = 1

const selectsPod = (t: AffinityTerm, pod: PodInfo, cluster: ClusterView): boolean =>
  termSelects(t, pod.namespace, pod.labels, t.namespaceSelector ? cluster.namespaceLabels(pod.namespace) : undefined)
const setOf = (terms: readonly AffinityTerm[], cluster: ClusterView): PodSet => {
  const { namespaces, namespaceSelector, selector } = terms[0], within = !namespaceSelector && namespaces.length === 1
  return {
    id: `affinity ${terms.map(t => t.id).join(' ')}`, has: pod => terms.every(t => selectsPod(t, pod, cluster)),
    among: within ? commonLabel(namespaces[0], selector) : undefined,
  }
}

const byDomain = (set: PodSet, topologyKey: string, { nodes }: Cycle): ReadonlyMap<string, number> => nodes.counts.byDomain(set, topologyKey)

function preFilter(cycle: Cycle): Prepared {
  const { pod, nodes, cluster } = cycle, required = pod.affinity?.required ?? [], anti = pod.affinity?.requiredAnti ?? []
  const shunned = nodes.withAntiAffinity > 0 ? shunnedBy(cycle) : undefined
  if (!shunned?.size && required.length + anti.length === 0) return 'skip'
  const together = required.map(t => ({ key: t.topologyKey, domains: byDomain(setOf(required, cluster), t.topologyKey, cycle) }))
  const apart = anti.map(t => ({ key: t.topologyKey, domains: byDomain(setOf([t], cluster), t.topologyKey, cycle) }))
  // the first pod of a group that wants to be with its own kind
  const first = together.every(t => t.domains.size === 0) && required.every(t => selectsPod(t, pod, cluster))
  const filter: Filter = node => {
    for (const { key } of together) if (node.labels[key] === undefined) return notTogether
    if (!first) for (const { key, domains } of together) if (!domains.has(node.labels[key])) return notTogether
    for (const { key, domains } of apart) if (domains.has(node.labels[key])) return notApart
    if (shunned) for (const key in node.labels) if (shunned.has(`${key}=${node.labels[key]}`)) return unwelcome
    return undefined
  }
  return { filter }
}

/** `label=value` of every domain in which a running pod does not want this one. */
function shunnedBy({ pod, nodes, cluster }: Cycle): ReadonlySet<string> {
  const shunned = new Set<string>()
  for (const node of nodes.affine) {
    if (node.withAntiAffinity === 0) continue
    for (const other of node.pods.values()) for (const t of other.affinity?.requiredAnti ?? []) {
      const value = node.labels[t.topologyKey]
      if (value !== undefined && selectsPod(t, pod, cluster)) shunned.add(`${t.topologyKey}=${value}`)
    }
  }
  return shunned
}

function preScore(cycle: Cycle): Scorer | undefined {
  const { pod, nodes, cluster } = cycle, { preferred = [], preferredAnti = [] } = pod.affinity ?? {}
  if (preferred.length + preferredAnti.length === 0 && nodes.withAffinity === 0) return undefined
  const scores = new Map<string, Map<string, number>>()
  const note = (key: string, value: string | undefined, score: number): void => {
    if (value === undefined) return
    const values = scores.get(key) ?? new Map<string, number>()
    values.set(value, (values.get(value) ?? 0) + score)
    scores.set(key, values)
  }
  const own = (terms: readonly AffinityTerm[], sign: number): void => {
    for (const t of terms) for (const [value, n] of byDomain(setOf([t], cluster), t.topologyKey, cycle)) note(t.topologyKey, value, sign * t.weight * n)
  }
  own(preferred, 1); own(preferredAnti, -1)
  if (nodes.withAffinity > 0) {
    for (const node of nodes.affine) {
      for (const { affinity } of node.pods.values()) if (affinity) {
        const theirs = (terms: readonly AffinityTerm[], weightOf: (t: AffinityTerm) => number): void => {
          for (const t of terms) if (selectsPod(t, pod, cluster)) note(t.topologyKey, node.labels[t.topologyKey], weightOf(t))
        }
        theirs(affinity.required, () => hardAffinityWeight); theirs(affinity.preferred, t => t.weight); theirs(affinity.preferredAnti, t => -t.weight)
      }
    }
  }
  if (scores.size === 0) return undefined
  return { score: node => scoreOf(node, scores), finish: spreadOut }
}
function scoreOf(node: NodeInfo, scores: ReadonlyMap<string, ReadonlyMap<string, number>>): number {
  let score = 0
  for (const [key, values] of scores) score += values.get(node.labels[key]) ?? 0
  return score
}
function spreadOut(scores: Float64Array): void {
  let min = Infinity, max = -Infinity
  for (const s of scores) { if (s < min) min = s; if (s > max) max = s }
  for (let i = 0; i < scores.length; i++) scores[i] = max > min ? Math.floor(100 * (scores[i] - min) / (max - min)) : 0
}

/**
 * As upstream, only the pod's own terms count here, and all of them: one that was refused for what the others do not want is not woken when these
 * others go, but after five minutes. Source: plugin.go (isSchedulableAfterPodChange)
 */
const selectsAll = (terms: readonly AffinityTerm[] | undefined, other: PodInfo | undefined, cluster: ClusterView): boolean =>
  !!other && !!terms?.length && terms.every(t => selectsPod(t, other, cluster))
const wants = (pod: PodInfo, other: PodInfo | undefined, cluster: ClusterView): boolean => selectsAll(pod.affinity?.required, other, cluster)
const avoids = (pod: PodInfo, other: PodInfo | undefined, cluster: ClusterView): boolean => selectsAll(pod.affinity?.requiredAnti, other, cluster)
const otherPods = ({ old, new: now }: ClusterEvent): { before?: PodInfo; after?: PodInfo } => ({ before: old && podInfo(old), after: now && podInfo(now) })
/** A node that gets or changes the key of an affinity, loses or changes that of an anti-affinity, or is new. Source: isSchedulableAfterNodeChange */
const moves = (pod: PodInfo, { old, new: now }: ClusterEvent): boolean => {
  const { required = [], requiredAnti = [] } = pod.affinity ?? {}
  const [before, after] = [old, now].map(node => (key: string): string | undefined => node?.metadata.labels?.[key])
  return required.some(({ topologyKey: key }) => after(key) !== undefined && after(key) !== before(key))
    || requiredAnti.some(({ topologyKey: key }) => !old || before(key) !== undefined && after(key) !== before(key))
}

export const interPodAffinity = definePlugin({
  name: NAME, preFilter, weight: 2, preScore: cycle => preScore(cycle),
  hints: {
    'AssignedPod/Add': (pod, event, cluster) => wants(pod, otherPods(event).after, cluster),
    'AssignedPod/UpdateLabel': (pod, event, cluster) => {
      const { before, after } = otherPods(event)
      return !wants(pod, before, cluster) && wants(pod, after, cluster) || avoids(pod, before, cluster) && !avoids(pod, after, cluster)
    },
    'AssignedPod/Delete': (pod, event, cluster) => event.old!.spec.nodeName !== undefined && avoids(pod, otherPods(event).before, cluster),
    'Node/Add': moves, 'Node/UpdateLabel': moves,
  },
  source: 'pkg/scheduler/framework/plugins/interpodaffinity/{filtering,scoring,plugin}.go',
})
