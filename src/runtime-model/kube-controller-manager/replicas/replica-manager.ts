import { labelsMatch, mapSelects, selectorMatcher } from '../../api/selectors.ts'
import type { LabelSelector } from '../../api/selectors.ts'
import { formatTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { claimObjects } from '../claim.ts'
import { findCondition, withCondition, withoutCondition, withoutZeros } from '../conditions.ts'
import { controllerOf, keyOf, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import type { Controller, Index, Keys, View } from '../controller.ts'
import { podsToDelete } from '../deletion-order.ts'
import {
  creationObserved, deletionObserved, expectationsMemory, expectCreations, expectDeletions, forgetExpectations, lowerExpectations, satisfied,
} from '../expectations.ts'
import { orphanPodsByNamespace, podsByController, replicaSetsByController, sameLabels } from '../indexes.ts'
import { createPods, deletePods } from '../pod-control.ts'
import { isActive, isAvailable, isReady, isTerminating, ownerAndLabels, podFromTemplate, podsByControllerAndLabels, readySince } from '../pods.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { updateStatusTwice } from '../status-update.ts'

/** pods created or deleted in one pass */
const burstLimit = 500

/** What ReplicaSets and ReplicationControllers differ in. */
export interface ReplicaKind {
  readonly resource: string
  readonly kind: string
  readonly byNamespace: Index
  readonly selectorOf: (set: KubeObject) => LabelSelector
  /** from which minor version the status tells of terminating pods */
  readonly tellsTerminatingFrom: number
}

/** Keeps as many pods as an object of the kind wants: what a controller of it watches and does. */
export const keepsReplicas = (of: ReplicaKind): Pick<Controller, 'watches' | 'indexes' | 'initialMemory' | 'reconcile'> => ({
  watches: [{ resource: of.resource, toKeys: ownKey }, { resource: 'pods', toKeys: (delta, view) => keysOfPod(of, delta, view) }],
  indexes: [podsByController, podsByControllerAndLabels, orphanPodsByNamespace, of.byNamespace],
  initialMemory: expectationsMemory,
  reconcile: script((key, view) => begin(of, key, view), (io, snapshot: Snapshot, view) => run(of, io, snapshot, view)),
})

// ---- what wakes it
function keysOfPod(of: ReplicaKind, { type, stored, new: pod, old }: Delta, view: View): Keys {
  if (type === 'DELETED' || pod!.metadata.deletionTimestamp !== undefined) return goingPod(of, stored ?? old ?? pod!, pod ?? old!, view)
  const owner = ownerSet(of, pod!, view), keys: (string | { key: string; afterMs: number })[] = []
  if (type === 'ADDED') {
    if (owner) creationObserved(view.memory, keyOf(owner))
    return owner ? [keyOf(owner)] : controllerOf(pod!) ? NO_KEYS : setsThatMatch(of, pod!, view)
  }
  const before = controllerOf(stored!)
  if (before && before.uid !== controllerOf(pod!)?.uid) { const set = ownerSet(of, stored!, view); if (set) keys.push(keyOf(set)) }
  if (owner) {
    keys.push(keyOf(owner))
    if (!isReady(stored!) && isReady(pod!) && owner.spec.minReadySeconds > 0) {
      keys.push({ key: keyOf(owner), afterMs: owner.spec.minReadySeconds * 1000 + 1000 })
    }
  } else if (!controllerOf(pod!) && (before || !sameLabels(stored!, pod!))) return [...keys, ...setsThatMatch(of, pod!, view)]
  return keys
}
function goingPod(of: ReplicaKind, before: KubeObject, pod: KubeObject, view: View): Keys {
  const owner = ownerSet(of, pod, view) ?? ownerSet(of, before, view)
  if (!owner) return NO_KEYS
  deletionObserved(view.memory, keyOf(owner), pod)
  return [keyOf(owner)]
}
/** What controls a pod, when it is still the same one. */
function ownerSet({ resource, kind }: ReplicaKind, pod: KubeObject, view: View): KubeObject | undefined {
  const owner = controllerOf(pod)
  if (owner?.kind !== kind) return undefined
  const set = view.get(resource, pod.metadata.namespace, owner.name)
  return set?.metadata.uid === owner.uid ? set : undefined
}
const setsThatMatch = ({ byNamespace, selectorOf }: ReplicaKind, pod: KubeObject, view: View): string[] =>
  view.by(byNamespace, pod.metadata.namespace!).filter(set => labelsMatch(selectorOf(set), pod.metadata.labels)).map(keyOf)

// ---- reconcile
interface Snapshot {
  readonly key: string
  readonly set?: KubeObject
  readonly maySync: boolean
  readonly pods?: readonly KubeObject[]
  readonly related?: readonly KubeObject[]
  readonly counts: Counts
  readonly nowMs: number
  readonly now: number
}
interface Counts { readonly active: number; readonly fullyLabeled: number; readonly ready: number; readonly available: number; readonly terminating: number }
const noCounts: Counts = { active: 0, fullyLabeled: 0, ready: 0, available: 0, terminating: 0 }

function begin(of: ReplicaKind, key: string, view: View): Snapshot {
  const { namespace, name } = splitKey(key), set = view.get(of.resource, namespace, name), { wallMs: nowMs, now } = view
  if (!set) return { key, set, maySync: false, pods: undefined, related: undefined, counts: noCounts, nowMs, now }
  const counts = countsWithoutList(of, set, view), counted = counts !== undefined && counts.active <= set.spec.replicas
  return {
    key, set, maySync: satisfied(view, key), pods: counted ? undefined : ownAndOrphans(set, view), related: counted ? undefined : relatedPods(set, view),
    counts: counts ?? noCounts, nowMs, now,
  }
}

/** Counts from the indexes: possible while all pods of the set have its template's labels and none waits to be adopted, which is nearly always. */
function countsWithoutList(of: ReplicaKind, set: KubeObject, view: View): Counts | undefined {
  const { uid, namespace } = set.metadata, group = ownerAndLabels(uid, set.spec.template.metadata?.labels)
  if (set.spec.minReadySeconds > 0 || view.count(podsByController, uid) !== view.count(podsByControllerAndLabels, group)) return undefined
  const matches = selectorMatcher(of.selectorOf(set))
  if (view.count(orphanPodsByNamespace, namespace!) > 0 && view.by(orphanPodsByNamespace, namespace!).some(pod => matches(pod.metadata.labels))) {
    return undefined
  }
  const count = (what: string): number => view.count(podsByControllerAndLabels, group, what), active = count('active'), ready = count('ready')
  return { active, fullyLabeled: active, ready, available: ready, terminating: count('terminating') }
}
const ownAndOrphans = (set: KubeObject, view: View): readonly KubeObject[] =>
  [...view.by(podsByController, set.metadata.uid), ...view.by(orphanPodsByNamespace, set.metadata.namespace!)]

function run(of: ReplicaKind, io: Script, snapshot: Snapshot, view: View): void {
  const { resource } = of
  const { key, set, maySync, pods, counts: counted, nowMs } = snapshot
  if (!set) return io.do(forgetExpectations(key))
  const matches = selectorMatcher(of.selectorOf(set))
  const active = pods
    && claimObjects(
      io, { owner: set, ownerResource: resource, resource: 'pods', identity: view.identity, matches: pod => matches(pod.metadata.labels) },
      pods.filter(isActive)
    )
  const counts = active ? io.look(() => countPods(of, set, active, pods!, nowMs)) : counted
  const error = maySync && set.metadata.deletionTimestamp === undefined ? manage(io, snapshot, counts.active, active ?? [], view) : undefined
  const status = statusOf(set, counts, error, view.minorVersion >= of.tellsTerminatingFrom, nowMs)
  const changed = set.metadata.generation !== set.status?.observedGeneration
    || !deepEqual({ ...set.status, observedGeneration: 0 }, { ...status, observedGeneration: 0 })
  if (changed) updateStatusTwice(io, view.identity, resource, set, status)
  if (error !== undefined) io.fail(error)
  if (active && set.spec.minReadySeconds > 0 && counts.ready !== counts.available) io.do({ do: 'requeueAfter', ms: untilNextAvailable(set, active, nowMs) })
}

function countPods(of: ReplicaKind, set: KubeObject, active: readonly KubeObject[], all: readonly KubeObject[], nowMs: number): Counts {
  const labels = set.spec.template.metadata?.labels, { uid } = set.metadata
  return {
    active: active.length, fullyLabeled: active.filter(p => mapSelects(labels, p.metadata.labels)).length, ready: active.filter(isReady).length,
    available: active.filter(p => isAvailable(p, set.spec.minReadySeconds ?? 0, nowMs)).length,
    terminating: all.filter(p => isTerminating(p) && controllerOf(p)?.uid === uid && labelsMatch(of.selectorOf(set), p.metadata.labels)).length,
  }
}
const untilNextAvailable = (set: KubeObject, active: readonly KubeObject[], nowMs: number): number =>
  Math.min(...active.map(readySince).map(since => since + set.spec.minReadySeconds * 1000 - nowMs).filter(ms => ms > 0), set.spec.minReadySeconds * 1000)

/** Creates what is missing, deletes what is too much; answers the error, if there was one. */
function manage(io: Script, snapshot: Snapshot, active: number, pods: readonly KubeObject[], view: View): string | undefined {
  const { key, related, nowMs, now } = snapshot, set = snapshot.set!
  const surplus = active - set.spec.replicas
  if (surplus < 0) {
    const wanted = Math.min(-surplus, burstLimit)
    io.do(expectCreations(key, wanted, now))
    const { count, error } = createPods(io, view.identity, set, wanted, () => podFromTemplate(set, set.spec.template))
    if (count < wanted) io.do(lowerExpectations(view, key, { creations: wanted - count }))
    return error
  }
  if (surplus === 0) return undefined
  // each answer runs this again: whom to delete is found once
  const doomed = io.look(() => podsToDelete(pods, related ?? [], Math.min(surplus, burstLimit), nowMs))
  io.do(expectDeletions(key, doomed, now))
  return deletePods(io, view.identity, set, doomed, pod => io.do(lowerExpectations(view, key, { deletion: pod }))).find(error => error !== undefined)
}
/** Pods of all ReplicaSets of the same owner; a ReplicationController has none. */
function relatedPods(set: KubeObject, view: View): readonly KubeObject[] {
  const owner = controllerOf(set)
  return owner ? view.by(replicaSetsByController, owner.uid).flatMap(s => view.by(podsByController, s.metadata.uid)) : []
}

/** Source: calculateStatus */
function statusOf(set: KubeObject, counts: Counts, error: string | undefined, tellsTerminating: boolean, nowMs: number): any {
  const failure = findCondition(set.status?.conditions, 'ReplicaFailure'), missing = counts.active < set.spec.replicas
  const conditions = error !== undefined && !failure
    ? withCondition(set.status?.conditions, {
      type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(nowMs), reason: missing ? 'FailedCreate' : 'FailedDelete', message: error,
    })
    : error === undefined && failure ? withoutCondition(set.status?.conditions, 'ReplicaFailure') : set.status?.conditions
  return {
    replicas: counts.active,
    ...withoutZeros({ fullyLabeledReplicas: counts.fullyLabeled, readyReplicas: counts.ready, availableReplicas: counts.available }),
    ...tellsTerminating ? { terminatingReplicas: counts.terminating } : undefined, observedGeneration: set.metadata.generation, ...withoutZeros({ conditions }),
  }
}
