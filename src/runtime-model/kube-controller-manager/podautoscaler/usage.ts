import { milliOf } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'
import { podRequests } from '../../kinds/pod-spec/resources.ts'
import { request } from '../../network/client.ts'
import type { View } from '../controller.ts'
import { conditionOf, isReady } from '../pods.ts'
import { errorText, isOk } from '../script.ts'
import type { Script } from '../script.ts'

/** What pods use, as the resource metrics API tells, and what follows for their number. Source: pkg/controller/podautoscaler/{replica_calculator,metrics}. */
export interface Usage { readonly milli: number; readonly atMs: number; readonly windowMs: number }
export type Result<T> = (T & { readonly error?: undefined }) | { readonly error: string }

/** Usage of a resource by pod name; `container`: of that one alone. Source: metrics/client.go (GetResourceMetric) */
export function resourceUsage(
  io: Script, view: View, namespace: string, labelSelector: string, resource: string, container: string | undefined
): Result<{ readonly usage: Map<string, Usage> }> {
  const answer = io.ask(() => request(view.identity, 'list', { resource: 'pods.metrics.k8s.io', namespace, version: 'v1beta1' }, { labelSelector }), 'any')
  if (!isOk(answer)) {
    return {
      error:
        `unable to fetch metrics from resource metrics API: ${errorText(answer)}${answer.code === 404 || answer.code === 503 ? ' (get pods.metrics.k8s.io)' : ''}`,
    }
  }
  const items: readonly any[] = answer.body.items ?? [], usage = new Map<string, Usage>()
  if (items.length === 0) return { error: 'no metrics returned from resource metrics API' }
  for (const { metadata, timestamp, window, containers } of items) {
    const asked: readonly any[] = container === undefined ? containers : containers.filter((c: any) => c.name === container)
    if (container !== undefined && asked.length === 0) return { error: `container ${container} not present in metrics for pod ${namespace}/${metadata.name}` }
    if (asked.every(c => c.usage?.[resource] !== undefined)) {
      usage.set(metadata.name, {
        milli: asked.reduce((sum, c) => sum + milliOf(c.usage[resource]), 0), atMs: parseTime(timestamp),
        windowMs: Number(/^([\d.]+)s$/.exec(window ?? '')?.[1] ?? 0) * 1000,
      })
    }
  }
  return { usage }
}

/** What each pod asks for; a container that asks for nothing makes a share impossible to tell. Source: calculatePodRequests */
function requestsOf(pods: readonly KubeObject[], resource: string, container: string | undefined): Result<{ readonly requests: Map<string, number> }> {
  const requests = new Map<string, number>()
  for (const pod of pods) {
    let sum = 0
    const whole = container === undefined && Object.keys(pod.spec.resources?.requests ?? {}).length > 0 ? podRequests(pod.spec) : undefined
    if (whole) {
      if (whole[resource] === undefined) return { error: `missing pod-level request for ${resource} in Pod ${pod.metadata.name}` }
      sum = milliOf(whole[resource])
    } else for (const c of [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter((i: any) => i.restartPolicy === 'Always')]) {
      if (container !== undefined && c.name !== container) continue
      const wanted = c.resources?.requests?.[resource]
      if (wanted === undefined) return { error: `missing request for ${resource} in container ${c.name} of Pod ${pod.metadata.name}` }
      sum += milliOf(wanted)
    }
    requests.set(pod.metadata.name, sum)
  }
  return { requests }
}

/** pods whose use of CPU counts only once they have been ready, for as long after their start; the grace of the first readiness */
const cpuInitializationMs = 300_000, initialReadinessMs = 30_000
interface Groups { readonly ready: number; readonly unready: readonly string[]; readonly missing: readonly string[]; readonly ignored: readonly string[] }
function group(pods: readonly KubeObject[], usage: ReadonlyMap<string, Usage>, resource: string, nowMs: number): Groups {
  const unready: string[] = [], missing: string[] = [], ignored: string[] = []
  let ready = 0
  for (const pod of pods) {
    const { name } = pod.metadata, used = usage.get(name)
    if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === 'Failed') ignored.push(name)
    else if (pod.status?.phase === 'Pending') unready.push(name)
    else if (!used) missing.push(name)
    else if (resource === 'cpu' && isWarmingUp(pod, used, nowMs)) unready.push(name)
    else ready++
  }
  return { ready, unready, missing, ignored }
}
function isWarmingUp(pod: KubeObject, used: Usage, nowMs: number): boolean {
  const condition = conditionOf(pod, 'Ready'), startedMs = parseTime(pod.status?.startTime ?? ''), changedMs = parseTime(condition?.lastTransitionTime ?? '')
  if (!condition || Number.isNaN(startedMs)) return true
  if (startedMs + cpuInitializationMs > nowMs) return !isReady(pod) || used.atMs < changedMs + used.windowMs
  return !isReady(pod) && startedMs + initialReadinessMs > changedMs
}

/** How far from the target a use may be, as a part of it, upwards and downwards. */
export interface Tolerance { readonly up: number; readonly down: number }
export interface Proposal { readonly replicas: number; readonly averageMilli: number; readonly utilization?: number }
export interface Sample {
  readonly pods: readonly KubeObject[]
  readonly usage: ReadonlyMap<string, Usage>
  readonly resource: string
  readonly container?: string
  readonly current: number
  readonly nowMs: number
  readonly tolerance: Tolerance
}

/** `percent` of what pods request, or `milli` of each. Source: GetResourceReplicas, calcPlainMetricReplicas */
export function propose(sample: Sample, target: { readonly percent: number } | { readonly milli: number }): Result<Proposal> {
  const { pods, resource, current, nowMs, tolerance } = sample, used = new Map([...sample.usage].map(([name, u]) => [name, u.milli]))
  const { ready, unready, missing, ignored } = group(pods, sample.usage, resource, nowMs)
  if (pods.length === 0) return { error: 'no pods returned by selector while calculating replica count' }
  for (const name of [...ignored, ...unready]) used.delete(name)
  if (used.size === 0) return { error: 'did not receive metrics for targeted pods (pods might be unready)' }
  const wanted = 'percent' in target ? requestsOf(pods, resource, sample.container) : { requests: new Map<string, number>() }
  if (wanted.error !== undefined) return wanted
  const { requests } = wanted, ratioNow = (): Result<Ratio> => 'percent' in target ? shareRatio(used, requests, target.percent) : plainRatio(used, target.milli)
  const first = ratioNow()
  if (first.error !== undefined) return first
  const within = (ratio: number): boolean => 1 - tolerance.down <= ratio && ratio <= 1 + tolerance.up, { ratio, averageMilli, utilization } = first
  const answer = (replicas: number): Proposal => ({ replicas, averageMilli, ...utilization === undefined ? undefined : { utilization } })
  const upWithUnready = unready.length > 0 && ratio > 1
  if (!upWithUnready && missing.length === 0) return answer(within(ratio) ? current : Math.ceil(ratio * ready))
  for (const name of missing) {
    if (ratio < 1)
      used.set(
        name, 'percent' in target ? Math.trunc((requests.get(name) ?? 0) * Math.max(100, target.percent) / 100) : target.milli
      ); else if (ratio > 1) used.set(name, 0)
  }
  if (upWithUnready) for (const name of unready) used.set(name, 0)
  const second = ratioNow()
  if (second.error !== undefined) return second
  if (within(second.ratio) || ratio < 1 && second.ratio > 1 || ratio > 1 && second.ratio < 1) return answer(current)
  const replicas = Math.ceil(second.ratio * used.size)
  return answer(second.ratio < 1 && replicas > current || second.ratio > 1 && replicas < current ? current : replicas)
}
interface Ratio { readonly ratio: number; readonly averageMilli: number; readonly utilization?: number }
/** Source: metrics/utilization.go */
function shareRatio(used: ReadonlyMap<string, number>, requests: ReadonlyMap<string, number>, percent: number): Result<Ratio> {
  let total = 0, wanted = 0, count = 0
  for (const [name, milli] of used) { const request = requests.get(name); if (request !== undefined) { total += milli; wanted += request; count++ } }
  if (wanted === 0) return { error: 'no metrics returned matched known pods' }
  const utilization = Math.trunc(total * 100 / wanted)
  return { ratio: utilization / percent, utilization, averageMilli: Math.trunc(total / count) }
}
function plainRatio(used: ReadonlyMap<string, number>, milli: number): Result<Ratio> {
  const average = Math.trunc([...used.values()].reduce((a, b) => a + b, 0) / used.size)
  return { ratio: average / milli, averageMilli: average }
}
