import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { nanoOf } from '../api/quantity.ts'
import { dns1123Label, pathSegmentName } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { forbidden, invalid, notSupported, required } from './meta/errors.ts'
import { change, fill, fillPointers } from './meta/fill.ts'
import { metricsText, fromStored, toStored } from './autoscaler-views.ts'
import { validateBehaviour } from './autoscaler-behaviour.ts'
import { validateCounts } from './workload.ts'

/**
 * One store, two versions: autoscaling/v2 is stored. Source: pkg/apis/autoscaling/{v1,v2}, pkg/apis/autoscaling/validation,
 * pkg/registry/autoscaling/horizontalpodautoscaler.
 */
export const horizontalPodAutoscaler: KindRules = {
  resource: 'horizontalpodautoscalers.autoscaling',
  defaults: a => change(a, 'spec', defaultSpec),
  validate: a => validateSpec(a.spec ?? {}, undefined),
  validateUpdate: (a, old) => a.spec === old.spec ? [] : validateSpec(a.spec ?? {}, old.spec),
  validateStatusUpdate: a => validateCounts(a.status ?? {}, ['currentReplicas', 'desiredReplicas'], 'status'),
  cells: (a, nowMs) => {
    const { scaleTargetRef: of = {}, minReplicas, maxReplicas = 0, metrics } = a.spec ?? {}
    return [
      a.metadata.name, `${of.kind}/${of.name}`, metricsText(metrics, a.status?.currentMetrics), minReplicas === undefined ? '<unset>' : String(minReplicas),
      maxReplicas, a.status?.currentReplicas ?? 0, age(a, nowMs),
    ]
  },
}
/** autoscaling/v1, the view that knows of CPU alone; everything else stands in annotations. */
export const horizontalPodAutoscalerV1: KindRules = {
  ...horizontalPodAutoscaler,
  version: 'v1',
  storedAs: { resource: 'horizontalpodautoscalers.autoscaling', toStored: a => horizontalPodAutoscaler.defaults!(toStored(a)), fromStored },
  defaults: a => change(a, 'spec', spec => fill(spec, { minReplicas: 1 })),
  asWritten: a => fromStored(toStored(a)),
  validate: a => horizontalPodAutoscaler.validate!(toStored(a)),
  validateUpdate: (a, old) => horizontalPodAutoscaler.validateUpdate!(toStored(a), toStored(old)),
  cells: (a, nowMs) => horizontalPodAutoscaler.cells!(toStored(a), nowMs),
}

export const defaultMetrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }]
const specDefaults = { minReplicas: 1 }
const upDefaults = {
  stabilizationWindowSeconds: 0, selectPolicy: 'Max',
  policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }],
}
const downDefaults = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }
function defaultSpec(spec: any): any {
  const s = fill(spec, specDefaults), metrics = s.metrics?.length ? s : { ...s, metrics: defaultMetrics }
  return change(metrics, 'behavior', b => {
    const scaleUp = fillPointers(b.scaleUp ?? {}, upDefaults), scaleDown = fillPointers(b.scaleDown ?? {}, downDefaults)
    return scaleUp === b.scaleUp && scaleDown === b.scaleDown ? b : { ...b, scaleUp, scaleDown }
  })
}

function validateSpec(spec: any, old: any): FieldError[] {
  const errors: FieldError[] = [], { minReplicas: min, maxReplicas: max = 0, scaleTargetRef: of = {} } = spec, lowest = old?.minReplicas === 0 ? 0 : 1
  if (min !== undefined && min < lowest) errors.push(invalid('spec.minReplicas', min, `must be greater than or equal to ${lowest}`))
  if (max < 1) errors.push(invalid('spec.maxReplicas', max, 'must be greater than 0'))
  if (min !== undefined && max < min) errors.push(invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'))
  const same = old && (old.scaleTargetRef?.apiVersion ?? '') === (of.apiVersion ?? '') && old.scaleTargetRef?.kind === of.kind
  validateReference(of, 'spec.scaleTargetRef', same ? 'any' : of.kind === 'ReplicationController' ? 'core too' : 'group', errors)
  ;(spec.metrics ?? []).forEach((metric: any, i: number) => validateMetric(metric, `spec.metrics[${i}]`, errors))
  if (min === 0 && !(spec.metrics ?? []).some((m: any) => m.type === 'Object' || m.type === 'External')) {
    errors.push(forbidden('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas'))
  }
  if (spec.behavior) validateBehaviour(spec.behavior, 'spec.behavior', errors)
  return errors
}

function validateReference(of: any, path: string, groups: 'any' | 'core too' | 'group', errors: FieldError[]): void {
  for (const field of ['kind', 'name']) {
    if (!of[field]) errors.push(required(`${path}.${field}`))
    else for (const text of pathSegmentName(of[field])) errors.push(invalid(`${path}.${field}`, of[field], text))
  }
  const version: string = of.apiVersion ?? '', slashes = version.split('/').length - 1
  if (groups === 'any') return
  if (slashes > 1) errors.push(invalid(`${path}.apiVersion`, version, `unexpected GroupVersion string: ${version}`))
  else if (groups === 'group'
    && (slashes === 0 || version.startsWith('/'))) errors.push(invalid(`${path}.apiVersion`, version, 'apiVersion must specify API group'))
}

const types: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource', External: 'external', Object: 'object', Pods: 'pods', Resource: 'resource',
}
const names = Object.keys(types), inOrder = ['object', 'external', 'pods', 'resource', 'containerResource']
function validateMetric(metric: any, at: string, errors: FieldError[]): void {
  const { type = '' } = metric, known = types[type] !== undefined, unsupported = notSupported(`${at}.type`, type, names)
  if (type === '') errors.push(required(`${at}.type`, 'must specify a metric source type'))
  if (!known) errors.push(unsupported)
  const present = inOrder.filter(source => metric[source])
  if (present.length > 0) validateSource(present[0], metric[present[0]], `${at}.${present[0]}`, errors)
  if (!known) errors.push(unsupported)
  else if (!metric[types[type]]) errors.push(required(`${at}.${types[type]}`, 'must populate information for the given metric source'))
  if (present.length > 1) {
    for (const source of present) if (source !== types[type]) errors.push(forbidden(`${at}.${source}`, 'must populate the given metric source only'))
  }
}

const resourceNames = /^(cpu|memory|ephemeral-storage)$|^hugepages-|\//
function validateSource(source: string, of: any, at: string, errors: FieldError[]): void {
  const target = of.target ?? {}, onTarget = (field: string): string => `${at}.target.${field}`, given = (field: string): boolean => target[field] !== undefined
  if (source === 'object') validateReference(of.describedObject ?? {}, `${at}.describedObject`, 'core too', errors)
  if (source === 'object' || source === 'external' || source === 'pods') {
    const { name } = of.metric ?? {}
    if (!name) errors.push(required(`${at}.metric.name`, 'must specify a metric name'))
    else for (const text of pathSegmentName(name)) errors.push(invalid(`${at}.metric.name`, name, text))
  } else {
    if (!of.name) errors.push(required(`${at}.name`, 'must specify a resource name'))
    else if (source === 'containerResource' && !resourceNames.test(of.name)) {
      errors.push(
        invalid(`${at}.name`, of.name, 'must be a standard resource type or fully qualified'),
        invalid(`${at}.name`, of.name, 'must be a standard resource for containers')
      )
    }
  }
  if (source === 'containerResource') {
    if (!of.container) errors.push(required(`${at}.container`, 'must specify a container'))
    else for (const text of dns1123Label(of.container)) errors.push(invalid(`${at}.container`, of.container, text))
  }
  validateTarget(target, `${at}.target`, errors)
  switch (source) {
    case 'object':
      if (!given('value') && !given('averageValue')) errors.push(required(onTarget('averageValue'), 'must set either a target value or averageValue'))
      break
    case 'external':
      if (!given('value') && !given('averageValue')) {
        errors.push(required(onTarget('averageValue'), 'must set either a target value for metric or a per-pod target'))
      }
      if (given('value') && given('averageValue')) errors.push(forbidden(onTarget('value'), 'may not set both a target value for metric and a per-pod target'))
      break
    case 'pods': if (!given('averageValue')) errors.push(required(onTarget('averageValue'), 'must specify a positive target averageValue')); break
    default:
      if (!given('averageUtilization') && !given('averageValue')) {
        errors.push(required(onTarget('averageUtilization'), 'must set either a target raw value or a target utilization'))
      }
      if (given('averageUtilization') && given('averageValue')) {
        errors.push(forbidden(onTarget('averageValue'), 'may not set both a target raw value and a target utilization'))
      }
  }
}

const targetTypes = ['Utilization', 'Value', 'AverageValue']
function validateTarget(target: any, at: string, errors: FieldError[]): void {
  const { type = '', averageUtilization } = target
  if (type === '') errors.push(required(`${at}.type`, 'must specify a metric target type'))
  if (!targetTypes.includes(type)) errors.push(invalid(`${at}.type`, type, 'must be either Utilization, Value, or AverageValue'))
  for (const field of ['value', 'averageValue']) {
    if (target[field] !== undefined && nanoOf(target[field]) <= 0n) errors.push(invalid(`${at}.${field}`, target[field], 'must be positive'))
  }
  if (averageUtilization !== undefined && averageUtilization < 1) errors.push(invalid(`${at}.averageUtilization`, averageUtilization, 'must be greater than 0'))
}
