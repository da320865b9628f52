import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { deploymentCondition, findCondition, withCondition, withoutCondition } from '../conditions.ts'
import type { Condition } from '../conditions.ts'
import { statusUpdate } from '../status-update.ts'
import { allOf } from './new-replica-set.ts'
import type { NewAndOld, Rollout } from './new-replica-set.ts'
import {
  actualTotal, availableTotal, hasDeadline, isComplete, isProgressing, maxUnavailable, readyTotal, replicasOf, specTotal, terminatingTotal,
} from './numbers.ts'

/** A record of the caller's own; without what is zero. Source: sync.go (calculateStatus) */
function newStatus({ deployment: d, nowMs, view }: Rollout, sets: NewAndOld, conditions = d.status?.conditions): any {
  const all = allOf(sets), available = availableTotal(all)
  const availability = available >= replicasOf(d) - maxUnavailable(d)
    ? deploymentCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', nowMs)
    : deploymentCondition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', nowMs)
  const status: any = {}, replicas = actualTotal(all), updated = sets.fresh ? actualTotal([sets.fresh]) : 0, ready = readyTotal(all)
  const unavailable = specTotal(all) - available
  if (d.metadata.generation) status.observedGeneration = d.metadata.generation
  if (replicas > 0) status.replicas = replicas
  if (updated > 0) status.updatedReplicas = updated
  if (ready > 0) status.readyReplicas = ready
  if (available > 0) status.availableReplicas = available
  if (unavailable > 0) status.unavailableReplicas = unavailable
  if (view.minorVersion >= 35) status.terminatingReplicas = terminatingTotal(all)
  status.conditions = withCondition(conditions, availability)
  if (d.status?.collisionCount) status.collisionCount = d.status.collisionCount
  return status
}

/** While paused, scaled or deleted: the counts, no judgement of progress. */
export function syncStatus(rollout: Rollout, sets: NewAndOld): void { write(rollout, newStatus(rollout, sets)) }

/** The end of a pass that found something to say; false: there was nothing. */
function write({ io, view, deployment: d }: Rollout, status: any): boolean {
  if (deepEqual(d.status, status)) return false
  return io.end(statusUpdate(view.identity, 'deployments.apps', d, status))
}

/** Counts, progress and failures of a rollout. Source: progress.go (syncRolloutStatus) */
export function syncRolloutStatus(rollout: Rollout, sets: NewAndOld): void {
  const { deployment: d } = rollout, current = findCondition(d.status?.conditions, 'Progressing')
  const status = newStatus(rollout, sets)
  if (!hasDeadline(d)) status.conditions = withoutCondition(status.conditions, 'Progressing')
  else if (!((status.replicas ?? 0) === (status.updatedReplicas ?? 0)
    && current?.reason === 'NewReplicaSetAvailable')) status.conditions = progressConditions(rollout, sets, status, current)
  const failure = failureOf(sets)
  status.conditions = failure ? withCondition(status.conditions, failure) : withoutCondition(status.conditions, 'ReplicaFailure')
  if (!write(rollout, status)) requeueIfStuck(rollout, status, current)
}

function progressConditions({ deployment: d, nowMs }: Rollout, { fresh }: NewAndOld, status: any, current: Condition | undefined): readonly Condition[] {
  const subject = fresh ? `ReplicaSet "${fresh.metadata.name}"` : `Deployment "${d.metadata.name}"`
  if (isComplete(d, status)) {
    return withCondition(
      status.conditions, deploymentCondition('Progressing', 'True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`, nowMs)
    )
  }
  if (isProgressing(d.status, status)) {
    // the same reason again moves lastUpdateTime, from which the deadline counts
    const condition = deploymentCondition('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`, nowMs)
    return withCondition(
      withoutCondition(status.conditions, 'Progressing'),
      current?.status === 'True' ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition
    )
  }
  if (isTimedOut(d, current, nowMs)) {
    return withCondition(
      status.conditions, deploymentCondition('Progressing', 'False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`, nowMs)
    )
  }
  return status.conditions
}
function isTimedOut(d: KubeObject, condition: Condition | undefined, nowMs: number): boolean {
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false
  return condition.reason === 'ProgressDeadlineExceeded' || parseTime(condition.lastUpdateTime) + d.spec.progressDeadlineSeconds * 1000 < nowMs
}

/** ReplicaFailure of the new ReplicaSet, else of an old one. */
function failureOf({ fresh, old }: NewAndOld): Condition | undefined {
  for (const set of fresh ? [fresh, ...old] : old) {
    const failure = findCondition(set.status?.conditions, 'ReplicaFailure')
    if (failure) {
      return {
        type: 'ReplicaFailure', status: failure.status, lastUpdateTime: failure.lastTransitionTime, lastTransitionTime: failure.lastTransitionTime,
        reason: failure.reason, message: failure.message,
      }
    }
  }
  return undefined
}

/**
 * A rollout without a sign of progress is looked at again when its deadline is over. One that was complete before cannot time out; the real
 * controller looks at it every 5 ms all the same and finds nothing, which is left out. Source: progress.go (requeueStuckDeployment)
 */
function requeueIfStuck({ io, deployment: d, nowMs }: Rollout, status: any, current: Condition | undefined): void {
  if (!hasDeadline(d) || !current || isComplete(d, status) || current.reason === 'ProgressDeadlineExceeded' || current.reason === 'NewReplicaSetAvailable') {
    return
  }
  const afterMs = parseTime(current.lastUpdateTime) + d.spec.progressDeadlineSeconds * 1000 - nowMs
  io.do({ do: 'requeueAfter', ms: afterMs < 1000 ? Math.max(0, afterMs) + 5 : afterMs + 1000 })
}
