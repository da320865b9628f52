import type { KubeObject } from '../../api/request.ts'
import { remove } from '../../network/client.ts'
import { targetOf } from '../status-update.ts'
import { revisionOf } from './annotations.ts'
import { allOf, newAndOld } from './new-replica-set.ts'
import type { NewAndOld, Rollout } from './new-replica-set.ts'
import { active, actualTotal, availableTotal, byCreation, isComplete, maxUnavailable, newSize, replicasOf, specTotal } from './numbers.ts'
import { resize } from './scale.ts'
import { syncRolloutStatus } from './status.ts'

/** Source: rolling.go (rolloutRolling) */
export function rollingUpdate(rollout: Rollout): void {
  const sets = newAndOld(rollout, true), { deployment: d } = rollout, fresh = sets.fresh!
  const size = replicasOf(fresh) > replicasOf(d) ? replicasOf(d) : replicasOf(fresh) === replicasOf(d) ? replicasOf(d) : newSize(d, allOf(sets), fresh)
  if (size !== replicasOf(fresh)) resize(rollout, fresh, size)
  else if (!shrinkOld(rollout, sets, fresh) && isComplete(rollout.deployment, rollout.deployment.status)) cleanUp(rollout, sets.old)
  syncRolloutStatus(rollout, sets)
}

/** Unhealthy old pods first, then as many as availability allows. Source: rolling.go (reconcileOldReplicaSets) */
function shrinkOld(rollout: Rollout, sets: NewAndOld, fresh: KubeObject): boolean {
  const { deployment: d } = rollout, old = active(sets.old).sort(byCreation)
  if (specTotal(old) === 0) return false
  const minAvailable = replicasOf(d) - maxUnavailable(d), unavailableNew = replicasOf(fresh) - (fresh.status?.availableReplicas ?? 0)
  const budget = specTotal(allOf(sets)) - minAvailable - unavailableNew
  if (budget <= 0) return false
  let cleaned = 0
  const left = old.map(set => {
    const unhealthy = Math.min(budget - cleaned, replicasOf(set) - (set.status?.availableReplicas ?? 0))
    if (unhealthy <= 0) return set
    cleaned += unhealthy
    return resize(rollout, set, replicasOf(set) - unhealthy)
  })
  const surplus = availableTotal([...left, fresh]) - minAvailable
  let removed = 0
  for (const set of left) {
    const count = Math.min(replicasOf(set), surplus - removed)
    if (count <= 0) continue
    resize(rollout, set, replicasOf(set) - count)
    removed += count
  }
  return cleaned + removed > 0
}

/** Source: recreate.go (rolloutRecreate). `podsLeft`: does a pod of another ReplicaSet than this still run? */
export function recreate(rollout: Rollout, podsLeft: (fresh: KubeObject | undefined) => boolean): void {
  let sets = newAndOld(rollout, false)
  const old = active(sets.old)
  for (const set of old) resize(rollout, set, 0)
  if (old.length > 0 || actualTotal(sets.old) > 0 || podsLeft(sets.fresh)) return syncRolloutStatus(rollout, sets)
  if (!sets.fresh) sets = newAndOld(rollout, true)
  resize(rollout, sets.fresh!, replicasOf(rollout.deployment))
  if (isComplete(rollout.deployment, rollout.deployment.status)) cleanUp(rollout, sets.old)
  syncRolloutStatus(rollout, sets)
}

/** Old, empty ReplicaSets beyond the history limit go, lowest revision first. Source: sync.go (cleanupDeployment) */
export function cleanUp({ io, view, deployment: d }: Rollout, old: readonly KubeObject[]): void {
  if (d.spec.revisionHistoryLimit === undefined || d.spec.revisionHistoryLimit === 2_147_483_647) return
  const alive = old.filter(s => s.metadata.deletionTimestamp === undefined).sort((a, b) => revisionOf(a) - revisionOf(b) || byCreation(a, b))
  for (const set of alive.slice(0, Math.max(0, alive.length - d.spec.revisionHistoryLimit))) {
    if (replicasOf(set) !== 0 || (set.status?.replicas ?? 0) !== 0 || (set.metadata.generation ?? 0) > (set.status?.observedGeneration ?? 0)) continue
    io.ask(() => remove(view.identity, targetOf('replicasets.apps', set)), [404])
  }
}
