import type { KubeObject } from '../../api/request.ts'
import { update } from '../../network/client.ts'
import { isAvailable, isReady } from '../pods.ts'
import { withoutZeros } from '../conditions.ts'
import { errorText, isOk } from '../script.ts'
import { targetOf } from '../status-update.ts'
import { revisionNameOf } from './identity.ts'
import type { Pass } from './pass.ts'

/** Counts of a StatefulSet. Source: stateful_set_control.go (updateStatus), stateful_set_status_updater.go */
export interface Status {
  replicas: number
  readyReplicas: number
  availableReplicas: number
  currentReplicas: number
  updatedReplicas: number
  currentRevision: string
}

export const isCreated = (pod: KubeObject): boolean => pod.status?.phase !== undefined
export const isRunningAndReady = (pod: KubeObject): boolean => pod.status?.phase === 'Running' && isReady(pod)
export const isTerminating = (pod: KubeObject): boolean => pod.metadata.deletionTimestamp !== undefined
export const isAvailableNow = (pass: Pass, pod: KubeObject): boolean => isAvailable(pod, pass.set.spec.minReadySeconds ?? 0, pass.nowMs)
export const isUnavailable = (pass: Pass, pod: KubeObject): boolean => !isAvailableNow(pass, pod) || isTerminating(pod)

export function countPods(pass: Pass, pods: readonly KubeObject[]): Status {
  const status = { replicas: 0, readyReplicas: 0, availableReplicas: 0, currentReplicas: 0, updatedReplicas: 0, currentRevision: pass.current.metadata.name }
  for (const pod of pods) {
    if (!isCreated(pod)) continue
    status.replicas++
    if (isRunningAndReady(pod)) { status.readyReplicas++; if (isAvailableNow(pass, pod)) status.availableReplicas++ }
    if (isTerminating(pod)) continue
    if (revisionNameOf(pod) === pass.current.metadata.name) status.currentReplicas++
    if (revisionNameOf(pod) === pass.update.metadata.name) status.updatedReplicas++
  }
  return status
}

const conflictLimit = 5
/** Writes the status where it says something new; a conflict is tried again with what the cache has by then. */
export function writeStatus(pass: Pass, counted: Status): string | undefined {
  const { set, io, view } = pass, status = statusOf(pass, counted)
  if (!differs(set, status)) return undefined
  const target = targetOf('statefulsets.apps', set)
  for (let tries = 1; ; tries++) {
    const answer = io.ask(
      () => update(view.identity, { ...target, subresource: 'status' }, {
        ...tries > 1 && view.get('statefulsets.apps', target.namespace, target.name!) || set, status,
      }),
      'any'
    )
    if (isOk(answer)) return undefined
    if (answer.body?.reason !== 'Conflict' || tries >= conflictLimit) return errorText(answer)
  }
}
/** A rollout that is over makes its revision the current one. Source: completeRollingUpdate */
function statusOf({ set, update: { metadata: { name: updateRevision } }, collisions }: Pass, counted: Status): any {
  const { replicas } = set.spec
  const over = set.spec.updateStrategy.type === 'RollingUpdate' && counted.updatedReplicas === replicas && counted.readyReplicas === replicas
    && counted.replicas === replicas
  const { replicas: created, availableReplicas, readyReplicas, updatedReplicas } = counted, currentReplicas = over ? updatedReplicas : counted.currentReplicas
  return {
    observedGeneration: set.metadata.generation, replicas: created, ...withoutZeros({ readyReplicas, currentReplicas, updatedReplicas }),
    currentRevision: over ? updateRevision : counted.currentRevision, updateRevision, collisionCount: collisions, availableReplicas,
  }
}
function differs(set: KubeObject, status: any): boolean {
  const before = set.status ?? {}, counts = ['replicas', 'readyReplicas', 'availableReplicas', 'currentReplicas', 'updatedReplicas']
  return status.observedGeneration > (before.observedGeneration ?? 0) || counts.some(c => (status[c] ?? 0) !== (before[c] ?? 0))
    || status.currentRevision !== before.currentRevision || status.updateRevision !== before.updateRevision
}
