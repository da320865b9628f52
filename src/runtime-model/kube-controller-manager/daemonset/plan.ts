import type { KubeObject } from '../../api/request.ts'
import { isAvailable, isReady } from '../pods.ts'
import { podRevisionLabel } from '../revisions.ts'
import { scaledValue } from '../../api/int-or-string.ts'
import { podsByTarget } from './nodes.ts'
import type { Fit } from './nodes.ts'
import { isUpdated } from './template.ts'

/** What a DaemonSet is looked at for: its nodes with their fit, its pods. */
export interface Scene {
  readonly set: KubeObject
  readonly hash: string
  readonly nodes: readonly Place[]
  readonly pods: readonly KubeObject[]
  readonly nowMs: number
}
export interface Place extends Fit { readonly name: string }
/** Nodes that need a pod, pods that must go. */
export interface Plan {
  readonly create: readonly string[]
  readonly remove: readonly KubeObject[]
  readonly failed: readonly { readonly pod: KubeObject; readonly node: string }[]
  readonly succeeded: readonly { readonly pod: KubeObject; readonly node: string }[]
}

const rolling = (set: KubeObject): any => set.spec.updateStrategy.type === 'RollingUpdate' ? set.spec.updateStrategy.rollingUpdate ?? {} : {}
/** Source: util/daemonset_util.go (AllowsSurge) */
const surges = (set: KubeObject): boolean => (scaledValue(rolling(set).maxSurge ?? 0, 100, true) ?? 0) > 0
const isDeleted = (pod: KubeObject): boolean => pod.metadata.deletionTimestamp !== undefined

/** One pod on each node that wants one; none too many, none that has ended. Source: manage, podsShouldBeOnNode, getUnscheduledPodsWithoutNode */
export function manage(scene: Scene): Plan {
  const { nodes } = scene, byNode = podsByTarget(scene.pods)
  const plan = {
    create: [] as string[], remove: [] as KubeObject[], failed: [] as { pod: KubeObject; node: string }[], succeeded: [] as { pod: KubeObject; node: string }[],
  }
  for (const place of nodes) {
    const pods = byNode.get(place.name)
    byNode.delete(place.name)
    if (place.run && !pods) plan.create.push(place.name)
    else if (!pods) continue
    else if (!place.keep) plan.remove.push(...pods.filter(p => !isDeleted(p)))
    else keepOne(scene, place, pods, plan)
  }
  for (const pods of byNode.values()) plan.remove.push(...pods.filter(p => !p.spec.nodeName))
  return plan
}
function keepOne(
  scene: Scene, { name: node, run }: Place, pods: readonly KubeObject[],
  plan: { create: string[]; remove: KubeObject[]; failed: { pod: KubeObject; node: string }[]; succeeded: { pod: KubeObject; node: string }[] }
): void {
  const left: KubeObject[] = []
  for (const pod of pods) {
    if (isDeleted(pod)) continue
    if (pod.status?.phase === 'Failed') plan.failed.push({ pod, node })
    else if (pod.status?.phase === 'Succeeded') { plan.succeeded.push({ pod, node }); plan.remove.push(pod) }
    else left.push(pod)
  }
  if (!surges(scene.set)) plan.remove.push(...left.slice(1))
  else if (left.length === 0) { if (run) plan.create.push(node) }
  else if (left.length > 1) plan.remove.push(...surplusOfSurge(scene, left))
}
/** Two may be there while the new one is not available and the old one is ready. */
function surplusOfSurge({ set, hash, nowMs }: Scene, pods: readonly KubeObject[]): KubeObject[] {
  const isNew = (p: KubeObject): boolean => p.metadata.labels?.[podRevisionLabel] === hash, fresh = pods.find(isNew), old = pods.find(p => !isNew(p))
  const surplus = pods.filter(p => p !== fresh && p !== old)
  if (fresh && old && (!isReady(old) || isAvailable(fresh, set.spec.minReadySeconds ?? 0, nowMs))) surplus.push(old)
  return surplus
}

/**
 * Which old pods may be replaced now: unavailable ones always, others as `maxUnavailable` or `maxSurge` allow. Nodes are taken by name; upstream
 * takes them in no order. Source: update.go (rollingUpdate)
 */
export function roll(scene: Scene): { readonly create: readonly string[]; readonly remove: readonly KubeObject[] } {
  const { set, nodes } = scene, byNode = podsByTarget(scene.pods), fits = new Map(nodes.map(p => [p.name, p])), desired = nodes.filter(p => p.run).length
  for (const { name, run } of nodes) if (run && !byNode.has(name)) byNode.set(name, [])
  const scaled = (value: any): number => scaledValue(value, desired, true) ?? 0, maxSurge = scaled(rolling(set).maxSurge ?? 0)
  const given = scaled(rolling(set).maxUnavailable ?? 0)
  const states = [...byNode].sort(([a], [b]) => a < b ? -1 : 1).map(([node, pods]) => ({ node, runs: fits.get(node)?.run ?? false, ...oldAndNew(scene, pods) }))
  return maxSurge === 0 ? replace(scene, states, desired > 0 && given === 0 ? 1 : given) : surge(scene, states, maxSurge, desired)
}
interface State { readonly node: string; readonly runs: boolean; readonly tooMany: boolean; readonly old?: KubeObject; readonly fresh?: KubeObject }
function oldAndNew({ set, hash }: Scene, pods: readonly KubeObject[]): { readonly tooMany: boolean; readonly old?: KubeObject; readonly fresh?: KubeObject } {
  const alive = pods.filter(p => !isDeleted(p)), fresh = alive.filter(p => isUpdated(set, p, hash)), old = alive.filter(p => !isUpdated(set, p, hash))
  return fresh.length > 1 || old.length > 1 ? { tooMany: true } : { tooMany: false, old: old[0], fresh: fresh[0] }
}

function replace(
  { set, nowMs }: Scene, states: readonly State[], maxUnavailable: number
): { readonly create: readonly string[]; readonly remove: readonly KubeObject[] } {
  const available = (p: KubeObject): boolean => isAvailable(p, set.spec.minReadySeconds ?? 0, nowMs), replaced: KubeObject[] = [], candidates: KubeObject[] = []
  let unavailable = 0
  for (const { tooMany, old, fresh } of states) {
    if (tooMany || !old === !fresh) unavailable++
    else if (fresh) { if (!available(fresh)) unavailable++ }
    else if (!available(old!)) { replaced.push(old!); unavailable++ }
    else if (unavailable < maxUnavailable) candidates.push(old!)
  }
  return { create: [], remove: [...replaced, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))] }
}

function surge(
  { set, nowMs }: Scene, states: readonly State[], maxSurge: number, desired: number
): { readonly create: readonly string[]; readonly remove: readonly KubeObject[] } {
  const available = (p: KubeObject): boolean => isAvailable(p, set.spec.minReadySeconds ?? 0, nowMs), remove: KubeObject[] = [], unwanted: KubeObject[] = []
  const allowed: string[] = [], candidates: string[] = []
  let surging = 0, availablePods = 0
  for (const { node, runs, tooMany, old, fresh } of states) {
    if (tooMany) { surging++; continue }
    const shown = old ?? fresh
    if (shown && available(shown)) availablePods++
    if (!old) continue
    if (fresh) { if (available(fresh)) remove.push(old); else surging++ }
    else if (!runs) (available(old) ? unwanted : remove).push(old)
    else if (!available(old)) allowed.push(node)
    else if (surging < maxSurge) candidates.push(node)
  }
  remove.push(...unwanted.slice(0, Math.max(0, availablePods - desired)))
  return { create: [...allowed, ...candidates.slice(0, Math.max(0, maxSurge - surging))], remove }
}
