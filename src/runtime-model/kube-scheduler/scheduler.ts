import { lowerBound } from '../../base/lower-bound.ts'
import type { Effect, Input, Step, StepContext } from '../kernel/actor.ts'
import { claimsResource, deviceClaimNames } from '../api/device-claims.ts'
import { isResponse } from '../api/messages.ts'
import { objectKey } from '../api/object-key.ts'
import type { ApiResponse, KubeObject } from '../api/request.ts'
import { isOk } from '../api/request.ts'
import { eventStep } from '../network/events.ts'
import { hasSynced, informerStep, startInformers } from '../network/informer.ts'
import type { Delta } from '../network/informer.ts'
import { electionStep, startElection } from '../network/leader-election.ts'
import { eventsOf, mayHelp, podChanges } from './cluster-events.ts'
import { bindWithVolumes, error, leftoverTimer, scheduleOne, warn } from './cycle.ts'
import type { ClusterEvent, Plugin } from './plugin.ts'
import { isTerminal, podInfo, withPod } from './pod-info.ts'
import { following, write } from './devices/writes.ts'
import { hasAllClaims } from './plugins/dynamic-resources.ts'
import { unboundClaims } from './plugins/volume-binding.ts'
import { plugins } from './plugins/index.ts'
import { deviceWatches, election, identity, schedulerName, viewOf, wake, watched, watchedNow } from './state.ts'
import type { Flight, SchedulerState } from './state.ts'
import { bind, evict, preemptedEvent, scheduledEvent } from './writes.ts'

/** kube-scheduler's process: what comes in changes the cache and the queue; the leader tries what is active, one pod after the other. */
const byName: ReadonlyMap<string, Plugin> = new Map(plugins.map(p => [p.name, p]))

/** `own`: plugins of a config. */
export const schedulerStep = (own: readonly Plugin[]) =>
  (state: SchedulerState, input: Input, context: StepContext): Step<SchedulerState> => step(state, input, context, own)

function step(before: SchedulerState, input: Input, context: StepContext, own: readonly Plugin[]): Step<SchedulerState> {
  if (input.on === 'start') return { state: before, effects: startInformers(before.informers, watched, identity, context) }
  if (input.on === 'timer' && input.key === 'cycle') return cycle(before, context, own)
  const { state, effects } = handle(before, input, context)
  // everything that happens at the same moment is seen before the first pod is tried
  if (state.election.role !== 'leader' || state.queue.isEmpty || state.numbers.has('cycle')) return { state, effects }
  state.numbers.set('cycle', context.now)
  return { state, effects: [...effects, { do: 'timer', key: 'cycle', afterMs: 0 }] }
}

/** Tries the next pod; what happens meanwhile is seen by the one after it. */
function cycle(state: SchedulerState, context: StepContext, own: readonly Plugin[]): Step<SchedulerState> {
  state.numbers.delete('cycle')
  const queued = state.election.role === 'leader' ? state.queue.pop() : undefined
  if (!queued) return { state, effects: [] }
  const effects = scheduleOne(state, queued, viewOf(state), context, own)
  if (state.queue.isEmpty) return { state, effects }
  state.numbers.set('cycle', context.now)
  return { state, effects: [...effects, { do: 'timer', key: 'cycle', afterMs: cycleMs }] }
}
/** An approximation of how long one pod takes: a quick scheduler places about a thousand in a second. */
const cycleMs = 1

function handle(state: SchedulerState, input: Input, context: StepContext): Step<SchedulerState> {
  const informed = informerStep(state.informers, watchedNow(state), identity, input, context)
  if (informed.handled) {
    const effects: Effect[] = [...patient(state, informed.effects, context), ...wake(state, informed.deltas, context)]
    for (const delta of informed.deltas) onDelta(state, delta, effects, context)
    if (state.numbers.has('devices')) devicesChanged(state, informed.deltas, context)
    if (state.election.holder !== '' || !hasSynced(state.informers, watched)) return { state, effects }
    const started = startElection({ ...election, certificateUntilMs: state.certificateUntilMs }, context)
    return { state: { ...state, election: started.election }, effects: [...effects, ...started.effects] }
  }
  const elected = electionStep(state.election, election, input, context)
  if (elected.handled) return { state: { ...state, election: elected.election }, effects: elected.effects }
  const events = eventStep(state.recorder, input, context)
  if (events.handled) return { state, effects: events.effects }
  if (input.on === 'message' && isResponse(input.message)) return { state, effects: answered(state, input.message.replyTo, input.message.response, context) }
  if (input.on === 'failed') return { state, effects: answered(state, input.id, { code: 0, failure: input.why }, context) }
  if (input.on === 'timer') return { state, effects: timer(state, input.key, context) }
  return { state, effects: [] }
}

/**
 * Its kubeconfig holds its certificate itself: once that has expired nobody answers until the process is started again. It asks all the same; here once an
 * hour, not every minute.
 */
const patient = ({ certificateUntilMs }: SchedulerState, effects: readonly Effect[], context: StepContext): readonly Effect[] =>
  certificateUntilMs === undefined || context.wallMs <= certificateUntilMs
    ? effects
    : effects.map(e => e.do === 'timer' ? { ...e, afterMs: 3_600_000, background: true } : e)

function timer(state: SchedulerState, key: string, context: StepContext): Effect[] {
  if (key === 'backoff') {
    const next = state.queue.wakeErrors(context.now)
    return next === undefined ? [] : [{ do: 'timer', key, afterMs: next - context.now }]
  }
  if (key === 'leftovers') {
    const next = state.queue.wakeLeftovers(context.now)
    state.numbers.delete('leftovers')
    return next === undefined ? [] : [leftoverTimer(state, next, context)]
  }
  const waiting = state.bindings.get(key.slice('volumes '.length))
  if (!waiting) return []
  const { info } = waiting.queued, there = state.informers.stores.pods.get(info.key)?.metadata.uid === info.uid
  const why = there ? 'context deadline exceeded' : `pod does not exist any more: pod "${info.pod.metadata.name}" not found`
  return unbind(state, info.key, `running PreBind plugin "VolumeBinding": binding volumes: ${why}`, context)
}

// ---- answers
function answered(state: SchedulerState, id: number, response: ApiResponse, context: StepContext): Effect[] {
  const flight = state.flights.get(String(id))
  if (!flight) return []
  state.flights.delete(String(id))
  const ok = isOk(response)
  switch (flight.kind) {
    case 'bind':
      return ok
        ? scheduledEvent(state, flight.queued, flight.node, context)
        : giveUp(state, flight, `running Bind plugin "DefaultBinder": ${wordsOf(response)}`, context)
    case 'claim':
      return ok || !state.bindings.has(flight.queued.info.key)
        ? []
        : unbind(state, flight.queued.info.key, `running PreBind plugin "VolumeBinding": ${wordsOf(response)}`, context)
    case 'devices': {
      if (!ok) return giveUp(state, flight, `running PreBind plugin "DynamicResources": ${wordsOf(response)}`, context)
      const next = following(flight, response.body), node = state.nodes.get(flight.node)
      return next ? write(state, next, context) : node ? bindWithVolumes(state, flight.queued, node, viewOf(state), context) : []
    }
    case 'status': return []
    case 'disrupt': return ok || response.code === 404 ? evict(state, flight, context) : stopPreempting(state, flight, context)
    case 'evict': return ok ? preemptedEvent(state, flight, context) : response.code === 404 ? [] : stopPreempting(state, flight, context)
  }
}
const wordsOf = (response: ApiResponse): string => response.body?.message ?? `the API server did not answer: ${response.failure ?? response.code}`
function stopPreempting(state: SchedulerState, { preemptor }: Extract<Flight, { preemptor: unknown }>, context: StepContext): Effect[] {
  state.preempting.delete(preemptor.key)
  state.queue.wake(preemptor.key, context.now)
  return []
}

/** The place that was assumed is free again, and the pod comes back later. */
function giveUp(state: SchedulerState, { queued }: Extract<Flight, { queued: unknown }>, message: string, context: StepContext): Effect[] {
  const { key } = queued.info
  for (const name of deviceClaimNames(queued.info.pod)) state.devices.delete(`${queued.info.namespace}/${name}`)
  const current = state.informers.stores.pods.get(key) as KubeObject | undefined
  state.bindings.delete(key)
  if (!state.assumed.delete(key)) return [] // it has turned up on its node meanwhile
  state.nodes.removePod(key)
  wakeFor(state, { key: 'AssignedPod/Delete', old: queued.info.pod }, context, key)
  if (!current || current.spec.nodeName || current.metadata.uid !== queued.info.uid) return warn(state, queued.info, message, context)
  return error(state, { ...queued, info: withPod(queued.info, current) }, message, context)
}
const unbind = (state: SchedulerState, key: string, message: string, context: StepContext): Effect[] => {
  const waiting = state.bindings.get(key)!
  return [{ do: 'cancel', key: `volumes ${key}` }, ...giveUp(state, { kind: 'claim', ...waiting }, message, context)]
}

// ---- the informers
function onDelta(state: SchedulerState, delta: Delta, effects: Effect[], context: StepContext): void {
  const { key, type, old, new: now } = delta
  if (key === 'pods') {
    if (old && state.bindings.size > 0 && old.metadata.uid !== now?.metadata.uid) effects.push(...binderLooks(state, old, context))
    return onPod(state, delta, context)
  }
  if (key === 'nodes') { if (now) state.nodes.setNode(now); else state.nodes.removeNode(old!.metadata.name) }
  else if (key === 'services') return keepServices(state, now ?? old!, type === 'DELETED')
  else if (key === 'namespaces') { if (type === 'MODIFIED' && old!.metadata.labels !== now!.metadata.labels) state.nodes.counts.forget() }
  else if (key === 'persistentvolumeclaims' && now) effects.push(...claimChanged(state, now, context))
  for (const event of eventsOf(delta)) wakeFor(state, event, context)
}
/** Pods that wait for their claims, or for what the scheduler has to learn first, come to the queue once these are there. */
function devicesChanged(state: SchedulerState, deltas: readonly Delta[], context: StepContext): void {
  const learnt = !state.numbers.has('devices known') && hasSynced(state.informers, deviceWatches), claims = deltas.filter(d => d.key === claimsResource)
  for (const { name, new: claim } of claims) if (!claim || claim.status?.reservedFor?.length) state.devices.delete(name)
  if (learnt) state.numbers.set('devices known', context.now)
  if (!learnt && claims.length === 0) return
  for (const [key, pod] of state.informers.stores.pods.sorted() as readonly [string, KubeObject][]) {
    if (pod.spec.resourceClaims?.length && isOurs(pod)) onWaiting(state, pod, pod, key, context)
  }
}
const waitsForClaims = (state: SchedulerState, pod: KubeObject): boolean =>
  pod.spec.resourceClaims?.length > 0 && !(state.numbers.has('devices known') && hasAllClaims(pod, viewOf(state)))
/** In the order of their names, each change at its place: a namespace may have thousands. */
function keepServices({ services }: SchedulerState, service: KubeObject, gone: boolean): void {
  const { namespace, name } = service.metadata, list = services.get(namespace!) ?? [], at = lowerBound(list, name, s => s.metadata.name)
  services.set(namespace!, list.toSpliced(at, list[at]?.metadata.name === name ? 1 : 0, ...gone ? [] : [service]))
}
/** A pod waits for this claim: when all of its claims are bound, so can the pod be. */
function claimChanged(state: SchedulerState, claim: KubeObject, context: StepContext): Effect[] {
  if (state.bindings.size === 0) return []
  const cluster = viewOf(state)
  return state.bindings.sorted().flatMap(([key, { queued, node }]) => {
    if (queued.info.namespace !== claim.metadata.namespace) return []
    if (unboundClaims(queued.info, cluster).length > 0) return []
    state.bindings.delete(key)
    return [{ do: 'cancel', key: `volumes ${key}` } as const, ...bind(state, queued, node, context)]
  })
}

/** Who waits for the volumes of a pod looks every second whether it is still there. Source: plugins/volumebinding/binder.go (BindPodVolumes) */
function binderLooks({ bindings }: SchedulerState, { metadata: { namespace, name } }: KubeObject, context: StepContext): Effect[] {
  const key = `${namespace}/${name}`, waiting = bindings.get(key)
  return waiting ? [{ do: 'timer', key: `volumes ${key}`, afterMs: binderPollMs - (context.now - waiting.since) % binderPollMs }] : []
}
const binderPollMs = 1000

function onPod(state: SchedulerState, { old, new: now }: Delta, context: StepContext): void {
  if (old && now && old.metadata.uid !== now.metadata.uid) {
    onPod(state, { key: 'pods', name: '', type: 'DELETED', old }, context)
    return onPod(state, { key: 'pods', name: '', type: 'ADDED', new: now }, context)
  }
  const pod = now ?? old!, key = objectKey(pod.metadata.namespace!, pod.metadata.name)
  const wasThere = old !== undefined && isAssigned(old), isThere = now !== undefined && isAssigned(now)
  if (isThere) return onAssigned(state, now, wasThere ? old : undefined, key, context)
  if (wasThere) { state.nodes.removePod(key); forget(state, key); return wakeFor(state, { key: 'AssignedPod/Delete', old }, context) }
  if (now && isOurs(now)) return onWaiting(state, now, old, key, context)
  state.queue.remove(key)
  if (!now && !state.assumed.has(key)) forget(state, key)
  // what was promised to it is free for pods that are no more important. Source: eventhandlers.go (deletePodFromSchedulingQueue)
  if (!now && old!.status?.nominatedNodeName) wakeFor(state, { key: 'AssignedPod/Delete', old }, context, undefined, undefined, podInfo(old!).priority)
}
const isAssigned = (pod: KubeObject): boolean => pod.spec.nodeName !== undefined && pod.spec.nodeName !== '' && !isTerminal(pod)
const isOurs = (pod: KubeObject): boolean => !pod.spec.nodeName && !isTerminal(pod) && (pod.spec.schedulerName ?? schedulerName) === schedulerName
function forget(state: SchedulerState, key: string): void { state.promises.delete(key); state.preempting.delete(key) }

function onAssigned(state: SchedulerState, pod: KubeObject, old: KubeObject | undefined, key: string, context: StepContext): void {
  const known = state.nodes.pod(key)
  state.nodes.setPod(known ? withPod(known, pod) : podInfo(pod), pod.spec.nodeName)
  if (!old) {
    state.assumed.delete(key); state.bindings.delete(key)
    forget(state, key); state.queue.remove(key)
    return wakeFor(state, { key: 'AssignedPod/Add', new: pod }, context)
  }
  if (state.queue.unschedulableCount > 0) for (const event of podChanges('AssignedPod', old, pod)) wakeFor(state, event, context)
}

function onWaiting(state: SchedulerState, pod: KubeObject, old: KubeObject | undefined, key: string, context: StepContext): void {
  if (state.assumed.has(key)) return
  const info = podInfo(pod), gated = pod.spec.schedulingGates?.length > 0, nominated = pod.status?.nominatedNodeName
  if (nominated && !state.promises.has(key)) state.promises.set(key, { node: nominated, info })
  if (gated || waitsForClaims(state, pod)) return state.queue.remove(key)
  const place = old ? state.queue.update(info) : 'unknown'
  if (place === 'unknown') return state.queue.add(info, context.now)
  if (place === 'unschedulable' && old) for (const event of podChanges('UnscheduledPod', old, pod)) wakeFor(state, event, context, undefined, key)
}

/** Lets the unschedulable pods try again that the event may help; `only` one of them, `but` one, `upTo` a priority. */
function wakeFor(state: SchedulerState, event: ClusterEvent, context: StepContext, but?: string, only?: string, upTo = Infinity): void {
  if (state.queue.unschedulableCount === 0) return
  const cluster = viewOf(state)
  for (const { info, rejectedBy } of state.queue.waiting()) {
    const { key } = info
    if (key === but || only !== undefined && key !== only || info.priority > upTo || state.preempting.has(key)) continue
    if (rejectedBy.length === 0 ? event.key === 'Node/Add' : mayHelp(event, info, rejectedBy, byName, cluster)) state.queue.wake(key, context.now)
  }
}
