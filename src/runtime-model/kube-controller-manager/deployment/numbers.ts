import { scaledValue } from '../../api/int-or-string.ts'
import type { KubeObject } from '../../api/request.ts'

/** Arithmetic of rollouts. Source: pkg/controller/deployment/util/deployment_util.go */
export type Sets = readonly KubeObject[]
export const replicasOf = (object: KubeObject): number => object.spec.replicas ?? 1
export const isRolling = (d: KubeObject): boolean => d.spec.strategy.type === 'RollingUpdate'

function fenceposts(d: KubeObject): { readonly surge: number; readonly unavailable: number } {
  const rolling = d.spec.strategy.rollingUpdate ?? {}, wanted = replicasOf(d)
  const surge = scaledValue(rolling.maxSurge ?? 0, wanted, true) ?? 0, unavailable = scaledValue(rolling.maxUnavailable ?? 0, wanted, false) ?? 0
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}
export const maxSurge = (d: KubeObject): number => isRolling(d) ? fenceposts(d).surge : 0
export const maxUnavailable = (d: KubeObject): number => isRolling(d) && replicasOf(d) > 0 ? Math.min(fenceposts(d).unavailable, replicasOf(d)) : 0

const sum = (sets: Sets, count: (set: KubeObject) => number | undefined): number => sets.reduce((total, set) => total + (count(set) ?? 0), 0)
/** pods wanted, pods there, Ready and available ones, and those on their way out */
export const specTotal = (sets: Sets): number => sum(sets, replicasOf)
export const actualTotal = (sets: Sets): number => sum(sets, s => s.status?.replicas)
export const readyTotal = (sets: Sets): number => sum(sets, s => s.status?.readyReplicas)
export const availableTotal = (sets: Sets): number => sum(sets, s => s.status?.availableReplicas)
export const terminatingTotal = (sets: Sets): number => sum(sets, s => s.status?.terminatingReplicas)
export const active = (sets: Sets): KubeObject[] => sets.filter(s => replicasOf(s) > 0)

const byText = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
export const byCreation = (a: KubeObject, b: KubeObject): number =>
  byText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || byText(a.metadata.name, b.metadata.name)
export const bySizeOlder = (a: KubeObject, b: KubeObject): number => replicasOf(b) - replicasOf(a) || byCreation(a, b)
export const bySizeNewer = (a: KubeObject, b: KubeObject): number => replicasOf(b) - replicasOf(a) || byCreation(b, a)

/** How large the new ReplicaSet may be now. */
export function newSize(d: KubeObject, all: Sets, fresh: KubeObject): number {
  if (!isRolling(d)) return replicasOf(d)
  const limit = replicasOf(d) + (scaledValue(d.spec.strategy.rollingUpdate?.maxSurge ?? 0, replicasOf(d), true) ?? 0), total = specTotal(all)
  return total >= limit ? replicasOf(fresh) : replicasOf(fresh) + Math.min(limit - total, replicasOf(d) - replicasOf(fresh))
}

export const isComplete = (d: KubeObject, status: any): boolean =>
  (status?.updatedReplicas ?? 0) === replicasOf(d) && (status?.replicas ?? 0) === replicasOf(d) && (status?.availableReplicas ?? 0) === replicasOf(d)
    && (status?.observedGeneration ?? 0) >= (d.metadata.generation ?? 0)
/** More updated, fewer old, more Ready or more available pods than before. */
export function isProgressing(before: any, after: any): boolean {
  const n = (status: any, field: string): number => status?.[field] ?? 0, old = (status: any): number => n(status, 'replicas') - n(status, 'updatedReplicas')
  return n(after, 'updatedReplicas') > n(before, 'updatedReplicas') || old(after) < old(before) || n(after, 'readyReplicas') > n(before, 'readyReplicas')
    || n(after, 'availableReplicas') > n(before, 'availableReplicas')
}
/** MaxInt32 seconds: no deadline */
export const hasDeadline = (d: KubeObject): boolean => d.spec.progressDeadlineSeconds !== undefined && d.spec.progressDeadlineSeconds !== 2_147_483_647
