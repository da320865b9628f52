import type { Effect, StepContext } from '../kernel/actor.ts'
import type { ObservationBody } from '../kernel/observation.ts'
import { recordEvent } from '../network/events.ts'
import { bind, claimVolumes, endVictims, writeUnscheduled } from './writes.ts'
import { preempt } from './preemption.ts'
import type { ClusterView, Cycle, Plugin } from './plugin.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import { deviceWork } from './plugins/dynamic-resources.ts'
import { unboundClaims } from './plugins/volume-binding.ts'
import { SelectorError } from './devices/selectors.ts'
import { assumeDevices, claimDevices } from './devices/writes.ts'
import { nextCheck } from './queue.ts'
import type { Queued } from './queue.ts'
import { schedulePod } from './schedule-pod.ts'
import type { Settings, Unfit } from './schedule-pod.ts'
import { eventTarget, identity } from './state.ts'
import type { SchedulerState } from './state.ts'
import { NO_NODES, unfitMessage } from './unfit-message.ts'

const observe = (phase: Extract<ObservationBody, { type: 'schedule' }>['phase'], info: PodInfo, detail?: string): Effect =>
  ({ do: 'record', observation: { type: 'schedule', phase, pod: info.pod.metadata.name, detail } })

/** The cycle of one pod: a binding, or why it has to wait. */
export function scheduleOne(state: SchedulerState, queued: Queued, cluster: ClusterView, context: StepContext, own?: readonly Plugin[]): Effect[] {
  try { return attempt(state, queued, cluster, context, own) } catch (why) {
    if (!(why instanceof SelectorError)) throw why
    return error(state, queued, `running "DynamicResources" filter plugin: ${why.message}`, context)
  }
}
function attempt(state: SchedulerState, queued: Queued, cluster: ClusterView, context: StepContext, own: readonly Plugin[] | undefined): Effect[] {
  const { info } = queued, { pod } = info
  if (info.terminating) return warn(state, info, `skip schedule deleting pod: ${info.key}`, context)
  if (state.nodes.list.length === 0) return failed(state, queued, NO_NODES, [], undefined, context)
  const cycle: Cycle = { pod: info, nodes: state.nodes, cluster, minorVersion: state.minorVersion, own }, promise = state.promises.get(info.key)
  const promisedTo = promisesOf(state, info)
  const settings: Settings = {
    start: state.numbers.get('start')
      ?? 0, nominated: promise?.node ?? pod.status?.nominatedNodeName, promisedTo, choose: n => context.choose('equal nodes', n),
  }
  const decision = schedulePod(cycle, settings)
  state.numbers.set('start', decision.nextStart)
  if ('unfit' in decision) {
    return [observe('filter', info, `0 of ${decision.unfit.total} nodes fit`), ...unfit(state, queued, decision.unfit, cycle, promisedTo, context)]
  }
  const { node, evaluated, feasible } = decision
  const effects = [observe('filter', info, `${feasible} of ${evaluated} nodes fit`), observe('score', info, `${node.name} is best`)]
  const work = pod.spec.resourceClaims?.length ? deviceWork(info, node.node!, cluster) : []
  assumeDevices(state, info, work)
  state.nodes.setPod(info, node.name)
  state.assumed.set(info.key, node.name)
  state.promises.delete(info.key)
  return [...effects, ...work.length > 0 ? claimDevices(state, queued, node.name, work, context) : bindWithVolumes(state, queued, node, cluster, context)]
}
export function bindWithVolumes(state: SchedulerState, queued: Queued, node: NodeInfo, cluster: ClusterView, context: StepContext): Effect[] {
  const claims = unboundClaims(queued.info, cluster)
  return claims.length ? claimVolumes(state, queued, node, claims, cluster, context) : bind(state, queued, node.name, context)
}

/** Pods with promises on a node; nothing when there are none but the pod's own. */
function promisesOf({ promises }: SchedulerState, info: PodInfo): Settings['promisedTo'] {
  if (promises.size === 0 || promises.size === 1 && promises.has(info.key)) return undefined
  const all = promises.sorted().map(([, p]) => p)
  return node => all.filter(p => p.node === node).map(p => p.info)
}

function unfit(state: SchedulerState, queued: Queued, why: Unfit, cycle: Cycle, promisedTo: Settings['promisedTo'], context: StepContext): Effect[] {
  const { info } = queued, outcome = preempt(cycle, why, { promisedTo, choose: n => context.choose('preemption', n) })
  if ('post' in outcome) {
    if (outcome.clearNomination) state.promises.delete(info.key)
    return failed(state, queued, unfitMessage(why, outcome.post), why.plugins, outcome.clearNomination ? '' : undefined, context)
  }
  state.promises.set(info.key, { node: outcome.node, info })
  const effects = [observe('preempt', info, `${outcome.victims.map(v => v.pod.metadata.name).join(', ')} on ${outcome.node}`)]
  return [
    ...effects, ...endVictims(state, info, outcome.node, outcome.victims, context),
    ...failed(state, queued, unfitMessage(why, ''), why.plugins, outcome.node, context),
  ]
}

export const warn = (state: SchedulerState, info: PodInfo, message: string, context: StepContext): Effect[] =>
  recordEvent(state.recorder, context, identity, {
    regarding: eventTarget(info.pod), type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message,
  })

/** The pod has to wait. `nominated`: the node it is promised from now on, '' to take a promise back. Source: schedule_one.go (handleSchedulingFailure) */
function failed(
  state: SchedulerState, queued: Queued, message: string, rejectedBy: readonly string[], nominated: string | undefined, context: StepContext
): Effect[] {
  const { info } = queued
  const effects: Effect[] = [observe('unschedulable', info, message)], at = state.queue.refuse(queued, rejectedBy, context.now)
  if (state.numbers.get('leftovers') === undefined) effects.push(leftoverTimer(state, at, context))
  effects.push(...warn(state, info, message, context), ...writeUnscheduled(state, info.pod, 'Unschedulable', message, nominated, context))
  return effects
}
export function leftoverTimer(state: SchedulerState, at: number, context: StepContext): Effect {
  state.numbers.set('leftovers', at)
  return { do: 'timer', key: 'leftovers', afterMs: nextCheck(at) - context.now, background: true }
}

/** Something failed that is not the pod's fault: it comes back after its back-off. */
export function error(state: SchedulerState, queued: Queued, message: string, context: StepContext): Effect[] {
  const end = state.queue.fail(queued, context.now)
  return [
    { do: 'timer', key: 'backoff', afterMs: Math.max(0, end - context.now) }, ...warn(state, queued.info, message, context),
    ...writeUnscheduled(state, queued.info.pod, 'SchedulerError', message, undefined, context),
  ]
}
