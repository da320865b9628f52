import { observedGeneration } from '../api/observed-generation.ts'
import type { KubeObject } from '../api/request.ts'
import { formatTime } from '../api/time.ts'
import type { Effect, StepContext } from '../kernel/actor.ts'
import { call, patch, remove, request, update } from '../network/client.ts'
import { recordEvent } from '../network/events.ts'
import type { NodeInfo } from './node-info.ts'
import type { ClusterView } from './plugin.ts'
import type { PodInfo } from './pod-info.ts'
import { plansFor, selectedNode } from './plugins/volume-binding.ts'
import type { Queued } from './queue.ts'
import { eventTarget, identity, schedulerName } from './state.ts'
import type { Flight, SchedulerState } from './state.ts'

/** Everything the scheduler writes: bindings, the condition of pods that wait, the volumes it chose, the end of victims. */
const strategic = 'application/strategic-merge-patch+json'

export function send(state: SchedulerState, flight: Flight, apiRequest: Parameters<typeof call>[1], context: StepContext): Effect {
  const { id, effect } = call(context, apiRequest)
  state.flights.set(String(id), flight)
  return effect
}
const podTarget = (pod: KubeObject, subresource?: string) => ({ resource: 'pods', namespace: pod.metadata.namespace, name: pod.metadata.name, subresource })

/** Source: pkg/scheduler/framework/plugins/defaultbinder */
export function bind(state: SchedulerState, queued: Queued, node: string, context: StepContext): Effect[] {
  const { pod } = queued.info, { namespace, name, uid } = pod.metadata
  const body = { apiVersion: 'v1', kind: 'Binding', metadata: { namespace, name, uid }, target: { kind: 'Node', name: node } }
  return [
    { do: 'record', observation: { type: 'schedule', phase: 'bind', pod: name, detail: node } },
    send(state, { kind: 'bind', queued, node }, request(identity, 'create', podTarget(pod, 'binding'), { body }), context),
  ]
}
export const scheduledEvent = (state: SchedulerState, { info }: Queued, node: string, context: StepContext): Effect[] =>
  recordEvent(state.recorder, context, identity, {
    regarding: eventTarget(info.pod), type: 'Normal', reason: 'Scheduled', action: 'Binding', message: `Successfully assigned ${info.key} to ${node}`,
  })

/** Condition PodScheduled=False and the promised node, if they say something new. Source: schedule_one.go (updatePod), pkg/api/v1/pod/util.go */
export function writeUnscheduled(
  state: SchedulerState, pod: KubeObject, reason: string, message: string, nominated: string | undefined, context: StepContext
): Effect[] {
  const before = pod.status?.conditions?.find((c: any) => c.type === 'PodScheduled'), seen = observedGeneration(pod, state.minorVersion)
  const unchanged = before?.status === 'False' && before.reason === reason && before.message === message && before.observedGeneration === seen
  const sameNode = nominated === undefined || nominated === (pod.status?.nominatedNodeName ?? '')
  if (unchanged && sameNode) return []
  const lastTransitionTime = before?.status === 'False' && before.lastTransitionTime ? before.lastTransitionTime : formatTime(context.wallMs)
  const condition = { type: 'PodScheduled', observedGeneration: seen, status: 'False', lastProbeTime: null, lastTransitionTime, reason, message }
  const status = { conditions: [condition], ...(sameNode ? {} : { nominatedNodeName: nominated || null }) }
  return [send(state, { kind: 'status' }, patch(identity, podTarget(pod, 'status'), strategic, { status }), context)]
}

/**
 * Binds claims that waited for their first consumer: to a volume that exists, or by telling the provisioner where the pod will be. As that takes its time,
 * the pod says from 1.35 on where it is expected (NominatedNodeNameForExpectation).
 */
export function claimVolumes(
  state: SchedulerState, queued: Queued, node: NodeInfo, claims: readonly KubeObject[], cluster: ClusterView, context: StepContext
): Effect[] {
  state.bindings.set(queued.info.key, { queued, node: node.name, since: context.now })
  const flight: Flight = { kind: 'claim', queued, node: node.name }, expected = expectOn(state, queued, node.name, context)
  const plans = plansFor(claims, node.node!, cluster)
  const effects = (typeof plans === 'string' ? [] : plans).flatMap(({ claim, volume }) => {
    if (volume) {
      return [send(state, flight, update(identity, { resource: 'persistentvolumes', name: volume.metadata.name }, claimed(volume, claim)), context)]
    }
    if (claim.metadata.annotations?.[selectedNode] === node.name) return []
    const body = { ...claim, metadata: { ...claim.metadata, annotations: { ...claim.metadata.annotations, [selectedNode]: node.name } } }
    return [send(
      state, flight, update(identity, { resource: 'persistentvolumeclaims', namespace: claim.metadata.namespace, name: claim.metadata.name }, body), context
    )]
  })
  return [...expected, ...effects, { do: 'timer', key: `volumes ${queued.info.key}`, afterMs: bindTimeoutMs, background: true }]
}
/** A pod that is not bound at once says where it is expected. */
export function expectOn(state: SchedulerState, { info: { pod } }: Queued, node: string, context: StepContext): Effect[] {
  if (state.minorVersion < 35 || pod.status?.nominatedNodeName === node) return []
  return [send(state, { kind: 'status' }, patch(identity, podTarget(pod, 'status'), strategic, { status: { nominatedNodeName: node } }), context)]
}
/** Source: pkg/scheduler/apis/config/v1/defaults.go (BindTimeoutSeconds) */
const bindTimeoutMs = 600_000
function claimed(volume: KubeObject, claim: KubeObject): any {
  const { namespace, name, uid, resourceVersion } = claim.metadata
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
  return {
    ...volume, metadata: { ...volume.metadata, annotations: { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' } },
    spec: { ...volume.spec, claimRef },
  }
}

/** Victims are told why, then deleted; the last one when all others are. Source: pkg/scheduler/framework/preemption/executor.go (prepareCandidateAsync) */
export function endVictims(state: SchedulerState, preemptor: PodInfo, node: string, victims: readonly PodInfo[], context: StepContext): Effect[] {
  for (const [key, p] of state.promises.sorted()) if (p.node === node && p.info.priority < preemptor.priority) state.promises.delete(key)
  state.preempting.set(preemptor.key, victims.length)
  return victims.flatMap((victim, i) => disrupt(state, { kind: 'disrupt', victim, preemptor, node, last: i === victims.length - 1 }, context))
}
type Ending = Extract<Flight, { victim: PodInfo }>
function disrupt(state: SchedulerState, flight: Ending, context: StepContext): Effect[] {
  const { pod, terminating } = flight.victim
  if (terminating) return ended(state, flight)
  const message = `${schedulerName}: preempting to accommodate a higher priority pod`
  const condition = {
    type: 'DisruptionTarget', observedGeneration: observedGeneration(pod, state.minorVersion), status: 'True', lastProbeTime: null,
    lastTransitionTime: formatTime(context.wallMs), reason: 'PreemptionByScheduler', message,
  }
  return [send(state, flight, patch(identity, podTarget(pod, 'status'), strategic, { status: { conditions: [condition] } }), context)]
}
/** The victim has its condition: delete it. */
export function evict(state: SchedulerState, flight: Ending, context: StepContext): Effect[] {
  ended(state, flight)
  return [send(state, { ...flight, kind: 'evict' }, remove(identity, podTarget(flight.victim.pod)), context)]
}
function ended(state: SchedulerState, { preemptor }: Ending): Effect[] {
  const left = (state.preempting.get(preemptor.key) ?? 1) - 1
  if (left > 0) state.preempting.set(preemptor.key, left); else state.preempting.delete(preemptor.key)
  return []
}
export function preemptedEvent(state: SchedulerState, { victim, preemptor, node }: Ending, context: StepContext): Effect[] {
  return recordEvent(state.recorder, context, identity, {
    regarding: eventTarget(victim.pod), related: eventTarget(preemptor.pod), type: 'Normal', reason: 'Preempted', action: 'Preempting',
    message: `Preempted by pod ${preemptor.uid} on node ${node}`,
  })
}
