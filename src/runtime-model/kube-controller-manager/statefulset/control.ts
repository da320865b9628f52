import type { KubeObject } from '../../api/request.ts'
import { claimsMatchPolicy, createMissingClaims, hasStaleClaim, ownClaims } from './claims.ts'
import { identityMatches, isInRange, keepsCurrent, newPod, ordinalOf, revisionNameOf, startOrdinal, storageMatches } from './identity.ts'
import { GO_ON, outcome, STOP_HERE } from './pass.ts'
import type { Outcome, Pass } from './pass.ts'
import { createPod, deletePod, updatePod } from './pod-control.ts'
import { countPods, isAvailableNow, isCreated, isRunningAndReady, isTerminating, isUnavailable } from './status.ts'
import type { Status } from './status.ts'

export interface Controlled { readonly status: Status; readonly error?: string }

/**
 * Brings the pods of a StatefulSet one step nearer to what it wants: missing ones, surplus ones, outdated ones, in this order. Source: stateful_set_control.go
 * (updateStatefulSet)
 */
export function control(pass: Pass): Controlled {
  const { set, pods } = pass
  if (set.metadata.deletionTimestamp !== undefined) return { status: countPods(pass, pods) }
  // made once: a set of many pods goes through this after each answer
  const replicas = pass.io.look(() => replicasOf(pass))
  const condemned = pods.filter(p => ordinalOf(p) >= 0 && !isInRange(set, p)).sort((a, b) => ordinalOf(b) - ordinalOf(a))
  const firstUnhealthy = replicas.find(p => isUnavailable(pass, p)) ?? [...condemned].reverse().find(p => isUnavailable(pass, p))
  const counts = (): Status => countPods(pass, [...replicas, ...condemned])
  for (const [list, step] of [
    [replicas, (p: KubeObject) => keepReplica(pass, p)],
    [condemned, (p: KubeObject) => outcome(claimsMatchPolicy(pass, p) ? undefined : ownClaims(pass, p), GO_ON)],
    [condemned, (p: KubeObject) => removeCondemned(pass, p, firstUnhealthy)],
  ] as const) {
    const { stop, error } = forAll(list, step, isOrdered(set))
    if (stop || error !== undefined) return { status: counts(), error }
  }
  return rollOut(pass, replicas, counts())
}
const isOrdered = (set: KubeObject): boolean => set.spec.podManagementPolicy !== 'Parallel'

/** One pod for each ordinal: the one that is there, or one to be created. */
function replicasOf({ set, pods, current, update }: Pass): readonly KubeObject[] {
  const byOrdinal = new Map(pods.filter(p => isInRange(set, p)).map(p => [ordinalOf(p), p])), start = startOrdinal(set)
  return Array.from({ length: set.spec.replicas }, (_, i) =>
    byOrdinal.get(start + i) ?? newPod(set, keepsCurrent(set, start + i) ? current : update, start + i))
}

/** In order: until one step says stop. In parallel: batches of 1, 2, 4 … until one has failed. Sources: runForAll, slowStartBatch */
function forAll(pods: readonly KubeObject[], step: (pod: KubeObject) => Outcome, ordered: boolean): Outcome {
  if (ordered) { for (const pod of pods) { const done = step(pod); if (done.stop) return done } return GO_ON }
  let begun = 0, error: string | undefined
  for (let batch = 1; begun < pods.length && error === undefined; batch = Math.min(2 * batch, 500)) {
    for (const end = Math.min(pods.length, begun + batch); begun < end; begun++) error = step(pods[begun]).error ?? error
  }
  return error === undefined ? GO_ON : { stop: true, error }
}

/** Source: processReplica */
function keepReplica(pass: Pass, pod: KubeObject): Outcome {
  const { set } = pass, ordered = isOrdered(set), phase = pod.status?.phase
  if (phase === 'Failed' || phase === 'Succeeded') return outcome(isTerminating(pod) ? undefined : deletePod(pass, pod), STOP_HERE)
  if (!isCreated(pod)) {
    if (hasStaleClaim(pass, pod)) return STOP_HERE
    const error = createPod(pass, pod)
    if (error !== undefined || ordered) return outcome(error, STOP_HERE)
  }
  if (phase === 'Pending') { const error = createMissingClaims(pass, pod); if (error !== undefined) return outcome(error, STOP_HERE) }
  if (ordered && (isTerminating(pod) || !isRunningAndReady(pod) || !isAvailableNow(pass, pod))) return STOP_HERE
  if (!isCreated(pod) || identityMatches(set, pod) && storageMatches(set, pod) && claimsMatchPolicy(pass, pod)) return GO_ON
  return outcome(updatePod(pass, pod), GO_ON)
}

/** Source: processCondemned */
function removeCondemned(pass: Pass, pod: KubeObject, firstUnhealthy: KubeObject | undefined): Outcome {
  const ordered = isOrdered(pass.set)
  if (isTerminating(pod)) return ordered ? STOP_HERE : GO_ON
  if (ordered && (!isRunningAndReady(pod) || !isAvailableNow(pass, pod)) && pod !== firstUnhealthy) return STOP_HERE
  return outcome(deletePod(pass, pod), STOP_HERE)
}

/**
 * Deletes the highest pod that is not of the newest revision, once all above it are available. `maxUnavailable` has no effect: its feature gate is
 * off by default. Source: updateStatefulSet, last part
 */
function rollOut(pass: Pass, replicas: readonly KubeObject[], status: Status): Controlled {
  const { type, rollingUpdate } = pass.set.spec.updateStrategy
  if (type === 'OnDelete') return { status }
  for (let i = replicas.length - 1; i >= (rollingUpdate?.partition ?? 0); i--) {
    const pod = replicas[i]
    if (revisionNameOf(pod) !== pass.update.metadata.name && !isTerminating(pod)) {
      const error = deletePod(pass, pod)
      return { status: error === undefined ? { ...status, currentReplicas: status.currentReplicas - 1 } : status, error }
    }
    if (isUnavailable(pass, pod)) return { status }
  }
  return { status }
}
