import { selectorMatcher } from '../../api/selectors.ts'
import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { claimObjects } from '../claim.ts'
import { deploymentCondition, findCondition, withCondition } from '../conditions.ts'
import { controllerOf, defineController, keyOf, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { allOf, findNew, newAndOld } from '../deployment/new-replica-set.ts'
import type { Rollout } from '../deployment/new-replica-set.ts'
import { hasDeadline } from '../deployment/numbers.ts'
import { cleanUp, recreate, rollingUpdate } from '../deployment/rollout.ts'
import { scale, wasScaled } from '../deployment/scale.ts'
import { syncStatus } from '../deployment/status.ts'
import { deploymentsByNamespace, orphanReplicaSetsByNamespace, podsByController, replicaSetsByController, sameLabels } from '../indexes.ts'
import { isFinished } from '../pods.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { updateStatus } from '../status-update.ts'

const resource = 'deployments.apps'

/** Rolls a Deployment's pods over from one ReplicaSet to the next. */
export const deployment = defineController({
  name: 'deployment',
  watches: [{ resource, toKeys: ownKey }, { resource: 'replicasets.apps', toKeys: keysOfSet }, { resource: 'pods', toKeys: keysOfPod }],
  indexes: [deploymentsByNamespace, replicaSetsByController, orphanReplicaSetsByNamespace, podsByController],
  retries: { limit: 15 },
  reconcile: script(begin, run),
  source: 'pkg/controller/deployment/{deployment_controller,sync,rolling,recreate,progress}.go',
})

// ---- what wakes it
function keysOfSet({ stored, new: set, old }: Delta, view: View): Keys {
  if (!set || set.metadata.deletionTimestamp !== undefined) { const d = ownerOf(set ?? stored ?? old!, view); return d ? [keyOf(d)] : NO_KEYS }
  const keys: string[] = [], before = stored && controllerOf(stored), now = controllerOf(set)
  if (before && before.uid !== now?.uid) { const d = ownerOf(stored!, view); if (d) keys.push(keyOf(d)) }
  if (now) { const d = ownerOf(set, view); if (d) keys.push(keyOf(d)) }
  else if (!stored || before
    || !sameLabels(stored, set)) for (const d of view.by(
      deploymentsByNamespace, set.metadata.namespace!
    )) if (selectorMatcher(d.spec.selector)(set.metadata.labels)) keys.push(keyOf(d))
  return keys
}
/** Recreate waits for the last pod to go. */
function keysOfPod({ type, stored }: Delta, view: View): Keys {
  if (type !== 'DELETED' || controllerOf(stored!)?.kind !== 'ReplicaSet') return NO_KEYS
  const owner = controllerOf(stored!)!, set = view.get('replicasets.apps', stored!.metadata.namespace, owner.name)
  const d = set?.metadata.uid === owner.uid ? ownerOf(set, view) : undefined
  if (d?.spec.strategy.type !== 'Recreate') return NO_KEYS
  return view.by(replicaSetsByController, d.metadata.uid).some(s => view.count(podsByController, s.metadata.uid) > 0) ? NO_KEYS : [keyOf(d)]
}
function ownerOf(set: KubeObject, view: View): KubeObject | undefined {
  const owner = controllerOf(set)
  if (owner?.kind !== 'Deployment') return undefined
  const d = view.get(resource, set.metadata.namespace, owner.name)
  return d?.metadata.uid === owner.uid ? d : undefined
}

// ---- reconcile
interface Snapshot { readonly deployment: KubeObject; readonly sets: readonly KubeObject[]; readonly running: readonly string[]; readonly nowMs: number }

function begin(key: string, view: View): Snapshot | undefined {
  const { namespace, name } = splitKey(key), d = view.get(resource, namespace, name)
  if (!d) return undefined
  const sets = [...view.by(replicaSetsByController, d.metadata.uid), ...view.by(orphanReplicaSetsByNamespace, namespace)]
  // uids of ReplicaSets with pods that run or still may: only Recreate asks
  const running = d.spec.strategy.type === 'Recreate'
    ? sets.filter(s => view.by(podsByController, s.metadata.uid).some(p => !isFinished(p))).map(s => s.metadata.uid)
    : []
  return { deployment: d, sets, running, nowMs: view.wallMs }
}

function run(io: Script, snapshot: Snapshot, view: View): void {
  const { deployment: d, nowMs } = snapshot, { selector } = d.spec
  if (!selector.matchLabels && !selector.matchExpressions) return selectsAll(io, d, view)
  const matches = selectorMatcher(selector)
  const sets = claimObjects(
    io, { owner: d, ownerResource: resource, resource: 'replicasets.apps', identity: view.identity, matches: s => matches(s.metadata.labels) }, snapshot.sets
  )
  const rollout: Rollout = { io, view, nowMs, deployment: d, sets }
  if (d.metadata.deletionTimestamp !== undefined) return syncStatus(rollout, newAndOld(rollout, false))
  checkPaused(rollout)
  if (d.spec.paused) return syncPausedOrScaled(rollout)
  const current = newAndOld(rollout, false)
  if (wasScaled(d, allOf(current))) return syncPausedOrScaled(rollout)
  if (d.spec.strategy.type === 'RollingUpdate') return rollingUpdate(rollout)
  const fresh = findNew(d, sets)
  recreate(rollout, () => snapshot.running.some(uid => uid !== fresh?.metadata.uid))
}

function syncPausedOrScaled(rollout: Rollout): void {
  const sets = newAndOld(rollout, false)
  scale(rollout, sets)
  if (rollout.deployment.spec.paused) cleanUp(rollout, sets.old)
  syncStatus(rollout, sets)
}

/** Pausing and resuming show as a condition, so that the deadline does not count meanwhile. Source: sync.go (checkPausedConditions) */
function checkPaused(rollout: Rollout): void {
  const { io, view, deployment: d, nowMs } = rollout, current = findCondition(d.status?.conditions, 'Progressing')
  if (!hasDeadline(d) || current?.reason === 'ProgressDeadlineExceeded' || (d.spec.paused ?? false) === (current?.reason === 'DeploymentPaused')) return
  const condition = d.spec.paused ? deploymentCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', nowMs)
    : deploymentCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', nowMs)
  const status = { ...d.status, conditions: withCondition(d.status?.conditions, condition) }
  rollout.deployment = { ...d, status }
  updateStatus(io, view.identity, resource, d, status)
}

function selectsAll(io: Script, d: KubeObject, view: View): void {
  io.do({
    do: 'event',
    event: { regarding: d, type: 'Warning', reason: 'SelectingAll', message: 'This deployment is selecting all pods. A non-empty selector is required.' },
  })
  if ((d.status?.observedGeneration ?? 0) < d.metadata.generation!) {
    updateStatus(io, view.identity, resource, d, { ...d.status, observedGeneration: d.metadata.generation })
  }
}
