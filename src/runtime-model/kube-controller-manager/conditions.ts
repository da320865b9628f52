import { formatTime } from '../api/time.ts'

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly [field: string]: any
}

/** Conditions of Deployments and ReplicaSets as their controllers keep them: one of each type, the newest last. Never absent, maybe empty. */
export const findCondition = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined => conditions?.find(c => c.type === type)
export const withoutCondition = (conditions: readonly Condition[] | undefined, type: string): readonly Condition[] =>
  conditions === undefined ? [] : findCondition(conditions, type) ? conditions.filter(c => c.type !== type) : conditions

/**
 * Adds or replaces a condition, unless one of the same status and reason is there; the time of transition stays while the status does.
 * Source: pkg/controller/deployment/util/deployment_util.go (SetDeploymentCondition), pkg/controller/replicaset/replica_set_utils.go (SetCondition).
 */
export function withCondition(conditions: readonly Condition[] | undefined, condition: Condition): readonly Condition[] {
  const current = findCondition(conditions, condition.type)
  if (current && current.status === condition.status && current.reason === condition.reason) return conditions!
  const kept = current && current.status === condition.status ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition
  return [...withoutCondition(conditions, condition.type), kept]
}

/** A Deployment's condition, new at `nowMs`. */
export function deploymentCondition(type: string, status: 'True' | 'False' | 'Unknown', reason: string, message: string, nowMs: number): Condition {
  const now = formatTime(nowMs)
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message }
}

/** What is absent in JSON when it is zero, empty or nothing (`omitempty`). */
export function withoutZeros<T extends object>(fields: T): T {
  const kept: any = {}
  for (const key in fields) {
    const value: any = fields[key]
    if (value !== 0 && value !== undefined && !(Array.isArray(value) && value.length === 0)) kept[key] = value
  }
  return kept
}
