import { labelsMatch } from '../api/selectors.ts'
import type { NodeInfo } from './node-info.ts'
import { rejection } from './plugin.ts'
import type { Cycle, Rejection } from './plugin.ts'
import { startedAt } from './pod-info.ts'
import type { PodInfo } from './pod-info.ts'
import { fitsSupposed, withPromised } from './schedule-pod.ts'
import type { Settings, Unfit } from './schedule-pod.ts'
import { unfitMessage } from './unfit-message.ts'

/**
 * Room for an important pod by ending less important ones. Source:
 * pkg/scheduler/framework/{preemption/preemption.go,plugins/defaultpreemption/default_preemption.go}
 */
export type Preemption =
  | { readonly node: string; readonly victims: readonly PodInfo[] }
  /** `post`: what the pod's message says about it */
  | { readonly post: string; readonly clearNomination: boolean }

/** From 1.34 on the plugin of resource claims speaks first. */
const prefixOf = ({ minorVersion, pod }: Cycle, unfit: Unfit): string => minorVersion < 34 ? 'preemption: '
  : pod.pod.spec.resourceClaims?.length && !unfit.early ? 'still not schedulable, preemption: '
  : 'no new claims to deallocate, preemption: '
/** The message when a filter refused the pod before it saw any node: the state that the plugin of claims looks for is missing then. */
const nothingFound = 'not found'
const unhelpful = rejection('DefaultPreemption', true, 'Preemption is not helpful for scheduling')
const noVictims = rejection('DefaultPreemption', true, 'No preemption victims found for incoming pod')
const minCandidates = 100, candidatesPercent = 10

export function preempt(cycle: Cycle, unfit: Unfit, settings: Pick<Settings, 'promisedTo' | 'choose'>): Preemption {
  const { pod, nodes } = cycle, prefix = prefixOf(cycle, unfit)
  if (unfit.early && unfit.early.plugin !== 'DynamicResources' && cycle.minorVersion >= 34) return { post: nothingFound, clearNomination: false }
  if (pod.pod.spec.preemptionPolicy === 'Never') return { post: `${prefix}not eligible due to preemptionPolicy=Never.`, clearNomination: false }
  if (waitsForVictims(cycle, unfit)) return { post: `${prefix}not eligible due to a terminating pod on the nominated node.`, clearNomination: false }
  const potential = [...unfit.rejections].filter(([, r]) => !r.hopeless).map(([node]) => node)
  const { candidates, rejections } = tryNodes(cycle, potential, settings)
  if (candidates.length === 0) {
    const message = unfitMessage({ total: nodes.list.length, rejections, others: rejections.size < nodes.list.length ? unhelpful : undefined, plugins: [] }, '')
    return { post: prefix + message, clearNomination: pod.pod.status?.nominatedNodeName !== undefined }
  }
  const best = pick(candidates)
  return { node: best.node.name, victims: best.victims }
}

/** A pod that was promised a node waits while those who make room are still ending there. */
function waitsForVictims({ pod, nodes }: Cycle, unfit: Unfit): boolean {
  const nominated = pod.pod.status?.nominatedNodeName, node = nominated && nodes.get(nominated)
  if (!node || unfit.rejections.get(node)?.hopeless) return false
  for (const other of node.pods.values()) if (other.priority < pod.priority && other.terminating && isBeingPreempted(other)) return true
  return false
}
const isBeingPreempted = ({ pod }: PodInfo): boolean =>
  pod.status?.conditions?.some((c: any) => c.type === 'DisruptionTarget' && c.status === 'True' && c.reason === 'PreemptionByScheduler') === true

interface Candidate { readonly node: NodeInfo; readonly victims: readonly PodInfo[]; readonly violations: number }

function tryNodes(
  cycle: Cycle, potential: readonly NodeInfo[], { promisedTo, choose }: Pick<Settings, 'promisedTo' | 'choose'>
): { candidates: Candidate[]; rejections: Map<NodeInfo, Rejection> } {
  const wanted = Math.min(potential.length, Math.max(minCandidates, Math.floor(potential.length * candidatesPercent / 100)))
  const offset = potential.length > 1 ? choose(potential.length) : 0, candidates: Candidate[] = [], rejections = new Map<NodeInfo, Rejection>()
  for (let i = 0; i < potential.length && candidates.length < wanted; i++) {
    const node = potential[(offset + i) % potential.length], found = victimsOn(node, cycle, promisedTo)
    if ('victims' in found) candidates.push(found); else rejections.set(node, found)
  }
  return { candidates, rejections }
}

/** All less important pods go in thought; then as many as possible come back, the most important and best protected first. */
function victimsOn(node: NodeInfo, cycle: Cycle, promisedTo: Settings['promisedTo']): Candidate | Rejection {
  const lower = [...node.pods.values()].filter(p => p.priority < cycle.pod.priority)
  if (lower.length === 0) return noVictims
  const emptied = node.copy({})
  for (const p of lower) emptied.removePod(p.key)
  // who was promised the node counts as being there
  const fits = (): Rejection | undefined => {
    const fuller = withPromised(cycle, emptied, promisedTo)
    return fuller && fitsSupposed(cycle, fuller) || fitsSupposed(cycle, emptied)
  }
  const still = fits()
  if (still) return still
  const { violating, others } = byBudget(lower.sort(byImportance), cycle), victims: PodInfo[] = []
  const mustGo = (p: PodInfo): boolean => {
    emptied.addPod(p)
    if (!fits()) return false
    emptied.removePod(p.key)
    victims.push(p)
    return true
  }
  let violations = 0
  for (const p of violating) if (mustGo(p)) violations++
  for (const p of others) mustGo(p)
  return { node, victims: victims.sort(byImportance), violations }
}
const byImportance = (a: PodInfo, b: PodInfo): number => b.priority - a.priority || compare(startedAt(a), startedAt(b)) || compare(a.key, b.key)
const compare = <T>(a: T, b: T): number => a < b ? -1 : a > b ? 1 : 0

/** Pods whose end would break a PodDisruptionBudget, counted against what each still allows. */
function byBudget(pods: readonly PodInfo[], { cluster }: Cycle): { violating: PodInfo[]; others: PodInfo[] } {
  const budgets = cluster.list('poddisruptionbudgets.policy').map(budget => ({ budget, left: (budget.status?.disruptionsAllowed ?? 0) as number }))
  const violating: PodInfo[] = [], others: PodInfo[] = []
  for (const p of pods) {
    let violates = false
    for (const b of budgets) {
      const { metadata, spec, status } = b.budget, selector = spec?.selector
      if (metadata.namespace !== p.namespace || !selector || !Object.keys(p.labels).length || !labelsMatch(selector, p.labels)
        || status?.disruptedPods?.[p.pod.metadata.name]) {
        continue
      }
      if (--b.left < 0) violates = true
    }
    ;(violates ? violating : others).push(p)
  }
  return { violating, others }
}

const priorityOffset = 2 ** 31
/** Fewest broken budgets, least important first victim, smallest sum of importance, fewest victims, latest start, first. */
function pick(candidates: readonly Candidate[]): Candidate {
  const keys: readonly ((c: Candidate) => number)[] = [
    c => c.violations, c => c.victims[0]?.priority ?? -Infinity, c => c.victims.reduce((sum, v) => sum + v.priority + priorityOffset, 0), c => c.victims.length,
    c => -Math.min(...c.victims.filter(v => v.priority === c.victims[0].priority).map(startedAt)),
  ]
  let left = candidates
  for (const key of keys) {
    if (left.length === 1) break
    const min = left.reduce((m, c) => Math.min(m, key(c)), Infinity)
    left = left.filter(c => key(c) === min)
  }
  return left[0] ?? candidates[0]
}
