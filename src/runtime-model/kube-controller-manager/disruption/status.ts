import { formatTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'

/**
 * A budget's status. Sources: disruption.go (updatePdbStatus, failSafe), k8s.io/component-helpers apps/poddisruptionbudget, apimachinery api/meta
 * (SetStatusCondition)
 */
const type = 'DisruptionAllowed'

function withCondition(
  conditions: readonly any[] | undefined,
  condition: { readonly status: string; readonly reason: string; readonly message: string; readonly observedGeneration?: number }, nowMs: number
): readonly any[] {
  const before = conditions?.find(c => c.type === type)
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : formatTime(nowMs)
  const { observedGeneration, ...rest } = condition, next = { type, ...rest, ...observedGeneration ? { observedGeneration } : undefined, lastTransitionTime }
  return before ? conditions!.map(c => c.type === type ? next : c) : [...conditions ?? [], next]
}

export interface Counted {
  readonly currentHealthy: number
  readonly desiredHealthy: number
  readonly expectedPods: number
  readonly disruptedPods: Readonly<Record<string, string>>
}
/** undefined: it is as it should be */
export function newStatus(budget: KubeObject, { currentHealthy, desiredHealthy, expectedPods, disruptedPods }: Counted, nowMs: number): any {
  const { status: before = {} } = budget, { generation } = budget.metadata, allowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy)
  const condition = before.conditions?.find((c: any) => c.type === type), counts = { disruptionsAllowed: allowed, currentHealthy, desiredHealthy, expectedPods }
  const same = Object.entries(counts).every(([field, value]) => (before[field] ?? 0) === value) && sameTimes(before.disruptedPods ?? {}, disruptedPods)
  const conditionSame = condition?.status === (allowed > 0 ? 'True' : 'False') && condition.observedGeneration === generation
  if (same && before.observedGeneration === generation && conditionSame) return undefined
  const conditions = withCondition(
    before.conditions,
    { status: allowed > 0 ? 'True' : 'False', reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods', message: '', observedGeneration: generation }, nowMs
  )
  return { ...counts, observedGeneration: generation, conditions, ...Object.keys(disruptedPods).length > 0 ? { disruptedPods } : undefined }
}
function sameTimes(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name])
}
/** Where nothing can be told, nothing is allowed. */
export function failedStatus(budget: KubeObject, message: string, nowMs: number): any {
  const { status = {} } = budget
  return {
    ...status, disruptionsAllowed: 0,
    conditions: withCondition(status.conditions, { status: 'False', reason: 'SyncFailed', message, observedGeneration: status.observedGeneration }, nowMs),
  }
}
