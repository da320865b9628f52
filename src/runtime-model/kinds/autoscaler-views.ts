import { structSchema } from '../api/schema.ts'
import { normalise } from './decode.ts'
import { internalJson } from './meta/diff.ts'

/**
 * autoscaling/v1 HorizontalPodAutoscalers are a view of the stored autoscaling/v2: what v1 has no fields for is JSON in annotations.
 * Source: pkg/apis/autoscaling/v1/conversion.go, pkg/apis/autoscaling/annotations.go, printers.go (formatHPAMetrics).
 */
const prefix = 'autoscaling.alpha.kubernetes.io/', notes = ['metrics', 'current-metrics', 'conditions', 'behavior'].map(n => prefix + n)
const isCpu = (metric: any): boolean => metric.type === 'Resource' && metric.resource?.name === 'cpu'
const cpuUtilization = (percent: number): any => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } })

export function fromStored(a: any): any {
  const { metrics = [], behavior, ...spec } = a.spec ?? {}, { currentMetrics = [], conditions = [], ...status } = a.status ?? {}
  const byUtilization = (m: any): boolean => isCpu(m) && m.resource.target?.averageUtilization !== undefined, target = metrics.find(byUtilization)
  const others = metrics.filter((m: any) => !byUtilization(m)), used = (currentMetrics ?? []).filter(isCpu).at(-1)?.resource.current?.averageUtilization
  const kept = withoutNotes(a.metadata.annotations), added: any = {}
  if (others.length > 0) added[`${prefix}metrics`] = JSON.stringify(others.map(sourceToV1))
  if (currentMetrics?.length > 0) added[`${prefix}current-metrics`] = JSON.stringify(currentMetrics.map(statusToV1))
  if (conditions?.length > 0) added[`${prefix}conditions`] = JSON.stringify(conditions)
  if (behavior) added[`${prefix}behavior`] = JSON.stringify(internalJson('autoscaling.v2.HorizontalPodAutoscalerBehavior', behavior))
  return {
    ...a, apiVersion: 'autoscaling/v1', metadata: annotated(a.metadata, { ...kept, ...added }),
    spec: { ...spec, ...target ? { targetCPUUtilizationPercentage: target.resource.target.averageUtilization } : undefined },
    status: normalise('autoscaling.v1.HorizontalPodAutoscalerStatus', {
      ...status, ...used !== undefined ? { currentCPUUtilizationPercentage: used } : undefined,
    }),
  }
}

export function toStored(a: any): any {
  const { targetCPUUtilizationPercentage: percent, ...spec } = a.spec ?? {}, { currentCPUUtilizationPercentage: used, ...status } = a.status ?? {}
  const annotations = a.metadata.annotations ?? {}
  const read = (name: string): any => { try { return JSON.parse(annotations[prefix + name] ?? 'null') } catch { return null } }
  const metrics = [...listOf(read('metrics')).map(sourceFromV1), ...percent !== undefined ? [cpuUtilization(percent)] : []], behavior = read('behavior')
  const current = read('current-metrics'), conditions = read('conditions')
  const currentMetrics = Array.isArray(current) ? current.map(statusFromV1)
    : used !== undefined ? [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: used } } }]
    : undefined
  return {
    ...a, apiVersion: 'autoscaling/v2', metadata: annotated(a.metadata, withoutNotes(annotations)),
    spec: {
      ...spec, metrics: metrics.length > 0 ? metrics : [cpuUtilization(80)],
      ...behavior ? { behavior: externalNames('autoscaling.v2.HorizontalPodAutoscalerBehavior', behavior) } : undefined,
    },
    status: normalise('autoscaling.v2.HorizontalPodAutoscalerStatus', {
      ...status, ...currentMetrics ? { currentMetrics } : undefined, ...Array.isArray(conditions) ? { conditions } : undefined,
    }),
  }
}
const listOf = (value: any): readonly any[] => Array.isArray(value) ? value : []
const withoutNotes = (annotations: any): any => Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !notes.includes(name)))
function annotated({ annotations: _, ...metadata }: any, annotations: any): any {
  return Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations }
}

/** where the parts of a metric stand in v1 and in v2, by source; what is not there is left out */
type Row = readonly [v1: string, ...v2: string[]]
const sources: Readonly<Record<string, readonly Row[]>> = {
  object: [
    ['target', 'describedObject'], ['metricName', 'metric', 'name'], ['targetValue', 'target', 'value'], ['selector', 'metric', 'selector'],
    ['averageValue', 'target', 'averageValue'],
  ],
  pods: [['metricName', 'metric', 'name'], ['targetAverageValue', 'target', 'averageValue'], ['selector', 'metric', 'selector']],
  resource: [['name', 'name'], ['targetAverageUtilization', 'target', 'averageUtilization'], ['targetAverageValue', 'target', 'averageValue']],
  containerResource: [
    [
      'name', 'name',
    ], ['targetAverageUtilization', 'target', 'averageUtilization'], ['targetAverageValue', 'target', 'averageValue'], ['container', 'container'],
  ],
  external: [
    ['metricName', 'metric', 'name'], ['metricSelector', 'metric', 'selector'], ['targetValue', 'target', 'value'],
    ['targetAverageValue', 'target', 'averageValue'],
  ],
}
const statuses: Readonly<Record<string, readonly Row[]>> = {
  object: [
    ['target', 'describedObject'], ['metricName', 'metric', 'name'], ['currentValue', 'current', 'value'], ['selector', 'metric', 'selector'],
    ['averageValue', 'current', 'averageValue'],
  ],
  pods: [['metricName', 'metric', 'name'], ['currentAverageValue', 'current', 'averageValue'], ['selector', 'metric', 'selector']],
  resource: [['name', 'name'], ['currentAverageUtilization', 'current', 'averageUtilization'], ['currentAverageValue', 'current', 'averageValue']],
  containerResource: [
    ['name', 'name'], ['currentAverageUtilization', 'current', 'averageUtilization'], ['currentAverageValue', 'current', 'averageValue'],
    ['container', 'container'],
  ],
  external: [
    ['metricName', 'metric', 'name'], ['metricSelector', 'metric', 'selector'], ['currentValue', 'current', 'value'],
    ['currentAverageValue', 'current', 'averageValue'],
  ],
}
/** Quantities without a pointer, which v1 always writes. */
const always = new Set([
  'object targetValue', 'pods targetAverageValue', 'object currentValue', 'pods currentAverageValue', 'resource currentAverageValue',
  'containerResource currentAverageValue', 'external currentValue',
])
const sourceOf = (metric: any, table: typeof sources): string => Object.keys(table).find(s => metric[s]) ?? ''

const toV1 = (table: typeof sources) => (metric: any): any => {
  const source = sourceOf(metric, table), part: any = {}
  for (const [v1, ...v2] of table[source] ?? []) {
    const value = v2.reduce((o, key) => o?.[key], metric[source])
    if (value !== undefined) part[v1] = value
    else if (always.has(`${source} ${v1}`)) part[v1] = '0'
  }
  return { type: metric.type, ...source ? { [source]: part } : undefined }
}
const fromV1 = (table: typeof sources) => (metric: any): any => {
  const source = sourceOf(metric, table), part: any = {}
  for (const [v1, ...v2] of table[source] ?? []) {
    const value = metric[source][v1]
    if (value === undefined || value === null) continue
    if (v2.length === 1) part[v2[0]] = value
    else part[v2[0]] = { ...part[v2[0]], [v2[1]]: value }
  }
  return { type: metric.type, ...source ? { [source]: part } : undefined }
}
const sourceToV1 = toV1(sources), statusToV1 = toV1(statuses), statusFromV1 = fromV1(statuses)
function sourceFromV1(metric: any): any {
  const made = fromV1(sources)(metric), source = sourceOf(made, sources), target = made[source]?.target
  if (!target) return made
  const type = target.averageUtilization !== undefined ? 'Utilization'
    : target.averageValue !== undefined && (source !== 'external' || target.value === undefined) ? 'AverageValue'
    : 'Value'
  return { ...made, [source]: { ...made[source], target: { type, ...target } } }
}

/** JSON with the names of Go fields → with the names of the API. */
function externalNames(type: string, value: any): any {
  const made: any = {}
  for (const field of structSchema(type)?.fields ?? []) {
    const given = value[field.goName], inner = field.type.is === 'list' ? field.type.items : field.type
    if (given === undefined || given === null) continue
    const name = inner.is === 'struct' ? inner.name : undefined
    made[field.name] = name === undefined ? given : Array.isArray(given) ? given.map(g => externalNames(name, g)) : externalNames(name, given)
  }
  return made
}

/** `cpu: 10%/50%, memory: <unknown>/1Gi + 1 more...` */
export function metricsText(metrics: readonly any[] | undefined, current: readonly any[] | undefined | null): string {
  if (!metrics?.length) return '<none>'
  const list = metrics.map((metric, i) => metricText(metric, current?.[i]))
  return list.length > 2 ? `${list.slice(0, 2).join(', ')} + ${list.length - 2} more...` : list.join(', ')
}
function metricText(metric: any, status: any): string {
  const source = sourceOf(metric, sources), { target = {}, name } = metric[source] ?? {}, now = status?.[source]?.current
  if (source === '') return '<unknown type>'
  if (source === 'pods') return `${now?.averageValue ?? '<unknown>'}/${target.averageValue}`
  if (source === 'object' || source === 'external') {
    return target.averageValue !== undefined
      ? `${now?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`
      : `${now?.value ?? '<unknown>'}/${target.value}`
  }
  if (target.averageValue !== undefined) return `${name}: ${now?.averageValue ?? '<unknown>'}/${target.averageValue}`
  return `${name}: ${now?.averageUtilization !== undefined ? `${now.averageUtilization}%` : '<unknown>'}/${target.averageUtilization !== undefined ? `${target.averageUtilization}%` : '<auto>'}`
}
