import { formatMilli, milliOf } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import type { View } from '../controller.ts'
import type { Script } from '../script.ts'
import { propose, resourceUsage } from './usage.ts'
import type { Proposal, Result, Sample, Tolerance } from './usage.ts'

/**
 * What each metric of an autoscaler proposes, and what its status shows. There are no adapters for custom and external metrics, as in a plain cluster.
 * Source: pkg/controller/podautoscaler/horizontal.go (computeReplicasForMetric), metrics/client.go
 */
export interface Target {
  readonly namespace: string
  readonly selector: string
  readonly pods: readonly KubeObject[]
  readonly replicas: number
  readonly nowMs: number
  readonly tolerance: Tolerance
}
export interface Measured { readonly replicas: number; readonly name: string; readonly status: any }
/** `reason` and `why` are what the condition and the Event say, `error` what the pass ends with. */
export type Metric = Measured | { readonly reason: string; readonly why: string; readonly error: string }

export function measure(io: Script, view: View, spec: any, target: Target): Metric {
  switch (spec.type) {
    case 'Resource': return ofResource(io, view, spec, target, spec.resource.name, undefined)
    case 'ContainerResource': return ofResource(io, view, spec, target, spec.containerResource.name, spec.containerResource.container)
    case 'Object': {
      const { metric, describedObject: { kind, name }, target: wanted } = spec.object
      const why = `unable to get metric ${metric.name}: ${kind} on ${target.namespace} ${name}/${noCustom}`
      return {
        reason: 'FailedGetObjectMetric', why: wanted.type === 'AverageValue' ? `failed to get ${metric.name} object metric: ${why}` : why,
        error: `failed to get object metric value: ${wanted.type === 'AverageValue' ? `failed to get ${metric.name} object metric: ${why}` : why}`,
      }
    }
    case 'Pods': {
      const why = `unable to get metric ${spec.pods.metric.name}: ${noCustom}`
      return { reason: 'FailedGetPodsMetric', why, error: `failed to get pods metric value: ${why}` }
    }
    case 'External': {
      const { metric: { name, selector }, target: wanted } = spec.external
      const plain =
        `unable to get external metric ${target.namespace}/${name}/${selectorText(selector)}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`
      return {
        reason: 'FailedGetExternalMetric', why: plain,
        error:
          `failed to get ${name} external metric value: ${wanted.type === 'AverageValue' ? `failed to get ${name} external metric: ${plain}` : `failed to get external metric ${name}: ${plain}`}`,
      }
    }
    default: { const why = `unknown metric source type ${JSON.stringify(spec.type)}`; return { reason: 'InvalidMetricSourceType', why, error: why } }
  }
}
const noCustom = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'
function selectorText(selector: any): string {
  if (!selector) return 'nil'
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => `${k}: ${v},`).join('')
  const expressions = (selector.matchExpressions ?? []).map((e: any) =>
    `LabelSelectorRequirement{Key:${e.key},Operator:${e.operator},Values:[${(e.values ?? []).join(' ')}],},`).join('')
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
}

function ofResource(io: Script, view: View, spec: any, of: Target, name: string, container: string | undefined): Metric {
  const { target } = spec.resource ?? spec.containerResource, plain = target.averageValue !== undefined
  const found = measured(io, view, of, name, container, plain ? { milli: milliOf(target.averageValue) } : { percent: target.averageUtilization ?? 0 })
  if (found.error !== undefined) {
    const why = `failed to get ${name} ${plain ? 'usage' : 'utilization'}: ${found.error}`
    return {
      reason: container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric', why,
      error: `failed to get ${name} ${container === undefined ? 'resource' : 'container'} metric value: ${why}`,
    }
  }
  const current = { ...found.utilization === undefined ? undefined : { averageUtilization: found.utilization }, averageValue: formatMilli(found.averageMilli) }
  const status = container === undefined
    ? { type: 'Resource', resource: { name, current } }
    : { type: 'ContainerResource', containerResource: { name, container, current } }
  const what = container === undefined ? `${name} resource` : `${name} container resource`
  return { replicas: found.replicas, status, name: plain ? what : `${what} utilization (percentage of request)` }
}
function measured(
  io: Script, view: View, { namespace, selector, pods, replicas, nowMs, tolerance }: Target, resource: string, container: string | undefined,
  target: Parameters<typeof propose>[1]
): Result<Proposal> {
  const found = resourceUsage(io, view, namespace, selector, resource, container)
  if (found.error !== undefined) return { error: `unable to get metrics for resource ${resource}: ${found.error}` }
  const sample: Sample = { pods, usage: found.usage, resource, container, current: replicas, nowMs, tolerance }
  return propose(sample, target)
}
