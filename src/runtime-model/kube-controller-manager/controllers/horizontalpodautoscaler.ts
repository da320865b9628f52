import { PersistentMap } from '../../../base/persistent-map.ts'
import { milliOf } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { parseLabelSelector } from '../../api/selectors.ts'
import { formatTime } from '../../api/time.ts'
import { registry, storageName } from '../../kinds/index.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { get, update } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, keyOf, NO_KEYS, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { limit, withScaleEvent } from '../podautoscaler/limits.ts'
import type { Bounds, Past } from '../podautoscaler/limits.ts'
import { measure } from '../podautoscaler/metrics.ts'
import type { Measured } from '../podautoscaler/metrics.ts'
import { errorText, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf } from '../status-update.ts'

const resource = 'horizontalpodautoscalers.autoscaling'
/** --horizontal-pod-autoscaler-sync-period and -tolerance */
const periodMs = 15_000, usualTolerance = 0.1

const byNamespace: Index = { name: 'autoscalers by namespace', resource, keysOf: object => [object.metadata.namespace!] }

/** Scales workloads by what their pods use. */
export const horizontalPodAutoscaler = defineController({
  name: 'horizontal-pod-autoscaler', serviceAccount: 'horizontal-pod-autoscaler', eventSource: 'horizontal-pod-autoscaler',
  watches: [{ resource, toKeys: keysOfAutoscaler }, { resource: 'pods', toKeys: keysOfPod }],
  indexes: [byNamespace],
  initialMemory: () => ({ forkable: true, past: new PersistentMap<Past>(), podsChanged: new PersistentMap<number>() }),
  reconcile: script(begin, run),
  source: 'pkg/controller/podautoscaler/{horizontal,replica_calculator}.go',
})

/** Every look at one comes a period after what called for it. */
function keysOfAutoscaler({ type, name }: Delta): Keys { return type === 'DELETED' ? [name] : [{ key: name, afterMs: periodMs }] }

/**
 * Upstream's is not woken by pods. Here a key that stands for the pods of a namespace keeps time running until each autoscaler there has looked again: what
 * it then does is the pods' doing.
 */
const podsOf = '~'
function keysOfPod({ type, new: pod, old }: Delta, view: View): Keys {
  const { namespace } = (pod ?? old)!.metadata
  if (type === 'MODIFIED' || view.count(byNamespace, namespace!) === 0) return NO_KEYS
  view.memory.podsChanged.set(namespace, view.now)
  return [{ key: podsOf + namespace, afterMs: periodMs }]
}
function awaitLooks(io: Script, namespace: string, view: View): void {
  const leftMs = (view.memory.podsChanged.get(namespace) ?? 0) + periodMs - view.now
  io.do(leftMs > 0 ? { do: 'requeueAfter', ms: leftMs } : { do: 'remember', in: 'podsChanged', key: namespace, value: undefined })
}

interface Snapshot { readonly key: string; readonly autoscaler?: KubeObject; readonly past?: Past; readonly nowMs: number }
function begin(key: string, view: View): Snapshot {
  const { namespace, name } = splitKey(key)
  return { key, autoscaler: view.get(resource, namespace, name), past: view.memory.past.get(key), nowMs: view.wallMs }
}

/** `status` is the copy that will be written. */
interface Pass {
  readonly io: Script
  readonly view: View
  readonly key: string
  readonly autoscaler: KubeObject
  readonly nowMs: number
  past: Past
  status: any
}

function run(io: Script, { key, autoscaler, past, nowMs }: Snapshot, view: View): void {
  if (key.startsWith(podsOf)) return awaitLooks(io, key.slice(podsOf.length), view)
  if (!autoscaler) return io.do({ do: 'remember', in: 'past', key, value: undefined })
  const pass: Pass = { io, view, key, autoscaler, nowMs, past: past ?? { recommendations: [], ups: [], downs: [] }, status: { ...autoscaler.status } }
  const moves = sync(pass), changed = !deepEqual(pass.status, autoscaler.status ?? {})
  if (changed) writeStatus(pass)
  io.do({ do: 'remember', in: 'past', key, value: pass.past })
  // nothing that could change by itself: only keeps the cluster going
  io.do({ do: 'requeueAfter', ms: periodMs, background: !moves && !changed })
}
function writeStatus({ io, view, autoscaler, status }: Pass): void {
  const answer = io.ask(
    () => update(view.identity, { ...targetOf(resource, autoscaler), subresource: 'status', version: 'v2' }, { ...autoscaler, status }), 'any'
  )
  if (!isOk(answer)) io.do({ do: 'event', event: { regarding: autoscaler, type: 'Warning', reason: 'FailedUpdateStatus', message: errorText(answer) } })
}
const event = ({ io, autoscaler: regarding }: Pass, type: 'Normal' | 'Warning', reason: string, message: string): void =>
  io.do({ do: 'event', event: { regarding, type, reason, message } })
function condition(pass: Pass, type: string, status: 'True' | 'False', reason: string, message: string): void {
  const all: readonly any[] = pass.status.conditions ?? [], before = all.find(c => c.type === type)
  const next = { type, status, lastTransitionTime: before?.status === status ? before.lastTransitionTime : formatTime(pass.nowMs), reason, message }
  pass.status = { ...pass.status, conditions: before ? all.map(c => c === before ? next : c) : [...all, next] }
}

/** Answers whether more is to come by itself: a scale that has changed, or a recommendation that waits. Source: reconcileAutoscaler */
function sync(pass: Pass): boolean {
  const { autoscaler: { spec }, nowMs } = pass, scale = getScale(pass)
  if (!scale) return false
  condition(pass, 'AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale")
  const current: number = scale.spec?.replicas ?? 0
  const bounds: Bounds = { min: spec.minReplicas ?? 1, max: spec.maxReplicas, current, nowMs, behavior: spec.behavior }
  if (pass.past.recommendations.length === 0) pass.past = { ...pass.past, recommendations: [{ replicas: current, atMs: nowMs }] }
  if (current === 0 && bounds.min !== 0) {
    condition(pass, 'ScalingActive', 'False', 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero')
    return conclude(pass, current, 0, undefined)
  }
  if (current > bounds.max) return rescale(pass, scale, bounds, bounds.max, 'Current number of replicas above Spec.MaxReplicas', undefined)
  if (current < bounds.min) return rescale(pass, scale, bounds, bounds.min, 'Current number of replicas below Spec.MinReplicas', undefined)
  const computed = compute(pass, scale)
  if (!computed) return false
  const { replicas: proposed, name, statuses } = computed, limited = limit(proposed, pass.past, bounds)
  pass.past = { ...pass.past, recommendations: limited.recommendations }
  condition(pass, 'AbleToScale', 'True', limited.able.reason, limited.able.message)
  condition(pass, 'ScalingLimited', limited.limitedBy.limited ? 'True' : 'False', limited.limitedBy.reason, limited.limitedBy.message)
  const reason = proposed > current ? `${name} above target` : proposed < current ? 'All metrics below target' : ''
  const moved = limited.replicas === current ? conclude(pass, current, current, statuses) : rescale(pass, scale, bounds, limited.replicas, reason, statuses)
  // within its bounds: what the bounds forbid does not wait
  return moved || Math.max(bounds.min, Math.min(bounds.max, proposed)) !== limited.replicas
}

function getScale(pass: Pass): any {
  const { io, view, autoscaler: { metadata: { namespace }, spec: { scaleTargetRef: { apiVersion = '', kind, name } } } } = pass
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion || 'v1'], known = registry.byGroupKind(group, kind)
  const answer = known
    ? io.ask(
      () => get(view.identity, { resource: storageName(known.group, known.resource), namespace, name, subresource: 'scale', version: known.version }), 'any'
    )
    : io.ask(
      () =>
        get(view.identity, { resource: group ? `${kind.toLowerCase()}s.${group}` : `${kind.toLowerCase()}s`, namespace, name, subresource: 'scale', version }),
      'any'
    )
  if (isOk(answer)) return answer.body
  const why = known || answer.code !== 404 ? errorText(answer) : `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`
  event(pass, 'Warning', 'FailedGetScale', why)
  condition(pass, 'AbleToScale', 'False', 'FailedGetScale', `the HPA controller was unable to get the target's current scale: ${why}`)
  return undefined
}

interface Computed { readonly replicas: number; readonly name: string; readonly statuses: readonly any[] }
/** The largest that any metric proposes; undefined: none does, or one that fails might have stood against fewer. Source: computeReplicasForMetrics */
function compute(pass: Pass, scale: any): Computed | undefined {
  const { io, view, autoscaler: { metadata: { namespace }, spec }, nowMs } = pass, current: number = scale.spec?.replicas ?? 0
  const selector: string = scale.status?.selector ?? ''
  const parsed = parseLabelSelector(selector)
  if (selector === '' || parsed.error !== undefined) {
    const why = selector === '' ? 'selector is required' : `couldn't convert selector into a corresponding internal selector object: ${parsed.error}`
    event(pass, 'Warning', selector === '' ? 'SelectorRequired' : 'InvalidSelector', selector === '' ? '' : why)
    condition(pass, 'ScalingActive', 'False', 'InvalidSelector', selector === '' ? "the HPA target's scale is missing a selector" : why)
    return failed(pass, current, why, [])
  }
  pass.past = { ...pass.past, selector }
  const { pods, rivals } = io.look(() => {
    const pods = view.list('pods', namespace).filter(p => parsed.matches(p.metadata.labels ?? {}))
    return { pods, rivals: rivalsFor(pods, pass) }
  })
  if (rivals.length > 1) {
    const why = `pods by selector ${selector} are controlled by multiple HPAs: [${rivals.join(' ')}]`
    event(pass, 'Warning', 'AmbiguousSelector', why)
    condition(pass, 'ScalingActive', 'False', 'AmbiguousSelector', why)
    return failed(pass, current, why, [])
  }
  const tolerance = { up: toleranceOf(spec.behavior?.scaleUp), down: toleranceOf(spec.behavior?.scaleDown) }
  const metrics = (spec.metrics as readonly any[]).map(metric => {
    const found = measure(io, view, metric, { namespace: namespace!, selector, pods, replicas: current, nowMs, tolerance })
    if ('error' in found) event(pass, 'Warning', found.reason, found.why)
    return found
  })
  const good = metrics.filter((m): m is Measured => !('error' in m)), bad = metrics.find(m => 'error' in m)
  const statuses = metrics.map(m => 'error' in m ? { type: '' } : m.status)
  const best = good.reduce<Measured | undefined>((a, b) => !a || b.replicas > a.replicas ? b : a, undefined)
  if (bad && 'error' in bad && (!best || best.replicas < current)) {
    condition(pass, 'ScalingActive', 'False', bad.reason, `the HPA was unable to compute the replica count: ${bad.why}`)
    return failed(pass, current, `invalid metrics (${metrics.length - good.length} invalid out of ${metrics.length}), first error is: ${bad.error}`, statuses)
  }
  condition(pass, 'ScalingActive', 'True', 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${best!.name}`)
  return { replicas: best!.replicas, name: best!.name, statuses }
}
/** The autoscalers that have seen these pods as their target's, itself too, the oldest first. Source: hpasControllingPodsUnderSelector */
function rivalsFor(pods: readonly KubeObject[], { view, autoscaler, past }: Pass): readonly string[] {
  const all = view.list(resource, autoscaler.metadata.namespace), age = (h: KubeObject): string => h.metadata.creationTimestamp!
  if (all.length < 2) return []
  return [...all].sort((a, b) => age(a) < age(b) ? -1 : age(a) > age(b) ? 1 : 0).map(h => `${h.metadata.namespace}/${h.metadata.name}`).filter(key => {
    const selector = key === keyOf(autoscaler) ? past.selector : view.memory.past.get(key)?.selector
    const parsed = selector === undefined ? undefined : parseLabelSelector(selector)
    return parsed !== undefined && parsed.error === undefined && pods.some(p => parsed.matches(p.metadata.labels ?? {}))
  })
}
const toleranceOf = (rules: any): number => rules?.tolerance === undefined ? usualTolerance : milliOf(rules.tolerance) / 1000
function failed(pass: Pass, current: number, why: string, statuses: readonly any[]): undefined {
  pass.status = { ...pass.status, currentReplicas: current, currentMetrics: statuses.length > 0 ? statuses : null }
  event(pass, 'Warning', 'FailedComputeMetricsReplicas', why)
}

function rescale(pass: Pass, scale: any, bounds: Bounds, replicas: number, reason: string, statuses: readonly any[] | undefined): boolean {
  const { io, view, autoscaler: { metadata: { namespace }, spec: { scaleTargetRef: { apiVersion = '', kind, name } } } } = pass
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '', known = registry.byGroupKind(group, kind)
  const plural = known ? storageName(known.group, known.resource) : group ? `${kind.toLowerCase()}s.${group}` : `${kind.toLowerCase()}s`
  const answer = io.ask(
    () => update(view.identity, { resource: plural, namespace, name, subresource: 'scale' }, { ...scale, spec: { ...scale.spec, replicas } }), 'any'
  )
  if (!isOk(answer)) {
    event(pass, 'Warning', 'FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${errorText(answer)}`)
    condition(pass, 'AbleToScale', 'False', 'FailedUpdateScale', `the HPA controller was unable to update the target scale: ${errorText(answer)}`)
    pass.status = { ...pass.status, currentReplicas: bounds.current }
    return true
  }
  condition(pass, 'AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${replicas}`)
  event(pass, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`)
  pass.past = withScaleEvent(pass.past, bounds, replicas)
  conclude(pass, bounds.current, replicas, statuses)
  pass.status = { ...pass.status, lastScaleTime: formatTime(pass.nowMs) }
  return true
}
function conclude(pass: Pass, currentReplicas: number, desiredReplicas: number, statuses: readonly any[] | undefined): boolean {
  const { currentReplicas: _, ...status } = pass.status
  pass.status = { ...status, ...currentReplicas ? { currentReplicas } : undefined, desiredReplicas, currentMetrics: statuses ?? null }
  return false
}
