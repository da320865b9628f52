import type { KubeObject } from '../../api/request.ts'
import { update } from '../../network/client.ts'
import { targetOf } from '../status-update.ts'
import { desiredOf, maxReplicasOf, needsSizes, withSizes } from './annotations.ts'
import { allOf } from './new-replica-set.ts'
import type { NewAndOld, Rollout } from './new-replica-set.ts'
import { active, byCreation, bySizeNewer, bySizeOlder, isRolling, maxSurge, replicasOf, specTotal } from './numbers.ts'
import type { Sets } from './numbers.ts'

/** Writes the size of a ReplicaSet, with an Event when it changes. Source: sync.go (scaleReplicaSet) */
export function scaleSet({ io, view, deployment: d }: Rollout, set: KubeObject, size: number): KubeObject {
  const before = replicasOf(set)
  if (before === size && !needsSizes(set, d)) return set
  const body = { ...set, metadata: { ...set.metadata, annotations: withSizes(set.metadata.annotations, d) }, spec: { ...set.spec, replicas: size } }
  const after = io.ask(() => update(view.identity, targetOf('replicasets.apps', set), body)).body
  if (before !== size) {
    io.do({
      do: 'event',
      event: {
        regarding: d, type: 'Normal', reason: 'ScalingReplicaSet',
        message: `Scaled ${before < size ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`,
      },
    })
  }
  return after
}
/** As above, but a size that is right already changes nothing; answers the ReplicaSet as it is then. */
export const resize = (rollout: Rollout, set: KubeObject, size: number): KubeObject => replicasOf(set) === size ? set : scaleSet(rollout, set, size)

/** Has the Deployment been scaled since its ReplicaSets were? */
export const wasScaled = (d: KubeObject, all: Sets): boolean => active(all).some(s => desiredOf(s) !== undefined && desiredOf(s) !== replicasOf(d))

/** A Deployment that was scaled, or is paused: one active ReplicaSet takes the size, several share the change. Source: sync.go (scale) */
export function scale(rollout: Rollout, sets: NewAndOld): void {
  const { deployment: d } = rollout, { fresh, old } = sets, only = activeOrLatest(sets)
  if (only) { resize(rollout, only, replicasOf(d)); return }
  if (fresh && isSaturated(d, fresh)) { for (const set of active(old)) resize(rollout, set, 0); return }
  if (!isRolling(d)) return
  const all = active(allOf(sets)), allowed = replicasOf(d) > 0 ? replicasOf(d) + maxSurge(d) : 0, toAdd = allowed - specTotal(all)
  if (toAdd !== 0) all.sort(toAdd > 0 ? bySizeNewer : bySizeOlder)
  let added = 0
  const sizes = all.map(set => { const share = toAdd === 0 ? 0 : proportion(d, set, toAdd, added); added += share; return replicasOf(set) + share })
  if (toAdd !== 0 && sizes.length > 0) sizes[0] = Math.max(0, sizes[0] + toAdd - added)
  all.forEach((set, i) => scaleSet(rollout, set, sizes[i]))
}

function activeOrLatest({ fresh, old }: NewAndOld): KubeObject | undefined {
  const all = active(fresh ? [...old, fresh] : old)
  if (all.length === 0) return fresh ?? [...old].sort((a, b) => byCreation(b, a))[0]
  return all.length === 1 ? all[0] : undefined
}
const isSaturated = (d: KubeObject, fresh: KubeObject): boolean =>
  replicasOf(fresh) === replicasOf(d) && desiredOf(fresh) === replicasOf(d) && (fresh.status?.availableReplicas ?? 0) === replicasOf(d)

/** Source: util/deployment_util.go (GetReplicaSetProportion, getReplicaSetFraction) */
function proportion(d: KubeObject, set: KubeObject, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === added) return 0
  const part = fraction(d, set), left = toAdd - added
  return toAdd > 0 ? Math.min(part, left) : Math.max(part, left)
}
function fraction(d: KubeObject, set: KubeObject): number {
  if (replicasOf(d) === 0) return -replicasOf(set)
  const before = maxReplicasOf(set) || (d.status?.replicas ?? 0)
  return before === 0 ? 0 : roundHalfAway(replicasOf(set) * (replicasOf(d) + maxSurge(d)) / before) - replicasOf(set)
}
const roundHalfAway = (x: number): number => x < 0 ? -Math.round(-x) : Math.round(x)
