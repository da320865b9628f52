import { selectorText } from '../selector.ts'
import { rfc1123 } from './containers.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import type { Page } from './page.ts'

/** Source: describe.go, describePodDisruptionBudgetV1. */
export const disruptionBudget: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace)
  if (spec.minAvailable !== undefined) page.line(0, 'Min available:', String(spec.minAvailable))
  else if (spec.maxUnavailable !== undefined) page.line(0, 'Max unavailable:', String(spec.maxUnavailable))
  page.line(0, 'Selector:', spec.selector ? selectorText(spec.selector) : '<unset>')
  page.line(0, 'Status:')
  for (const [title, value] of [
    ['Allowed disruptions', status.disruptionsAllowed], ['Current', status.currentHealthy], ['Desired', status.desiredHealthy], ['Total', status.expectedPods],
  ] as const) {
    page.line(2, `${title}:`, String(value ?? 0))
  }
  await describeEvents(page, kind, object)
}

function metricLine(metric: any, status: any): readonly [string, string] {
  const source = metric.type[0].toLowerCase() + metric.type.slice(1), { target, metric: of, name, container, describedObject } = metric[source] ?? {}
  const now = status?.[source]?.current
  if (!target) return [`<unknown metric type ${JSON.stringify(metric.type)}>`, '']
  const value = `${now?.value ?? '<unknown>'} / ${target.value}`, average = `${now?.averageValue ?? '<unknown>'} / ${target.averageValue}`
  const plain = (what: string, averaged: boolean): readonly [string, string] =>
    averaged ? [`${what} (target average value):`, average] : [`${what} (target value):`, value]
  if (source === 'external') return plain(JSON.stringify(of.name), target.averageValue !== undefined)
  if (source === 'object') return plain(`"${of.name}" on ${describedObject.kind}/${describedObject.name}`, target.type === 'AverageValue')
  if (source === 'pods') return [`${JSON.stringify(of.name)} on pods:`, average]
  const what = `resource ${name}${source === 'containerResource' ? ` of container "${container}"` : ''} on pods`
  if (target.averageValue !== undefined) return [`${what}:`, average]
  return [
    `${what}  (as a percentage of request):`,
    `${now?.averageUtilization !== undefined ? `${now.averageUtilization}% (${now.averageValue})` : '<unknown>'} / ${target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`,
  ]
}
function describeRules(page: Page, title: string, { stabilizationWindowSeconds: seconds, selectPolicy = 'Max', policies = [] }: any): void {
  page.line(1, `${title}:`)
  if (seconds !== undefined) page.line(2, `Stabilization Window: ${seconds} seconds`)
  if (policies.length === 0) return
  page.line(2, `Select Policy: ${selectPolicy}`)
  page.line(2, 'Policies:')
  for (const p of policies) page.line(3, `- Type: ${p.type}`, `Value: ${p.value}`, `Period: ${p.periodSeconds} seconds`)
}

/** Source: describe.go, describeHorizontalPodAutoscalerV2. */
export const autoscaler: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace)
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'CreationTimestamp:', rfc1123(metadata.creationTimestamp))
  page.line(0, 'Reference:', `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`)
  page.line(0, 'Metrics:', '( current / target )')
  for (const [i, metric] of (spec.metrics ?? []).entries()) page.line(1, ...metricLine(metric, status.currentMetrics?.[i]))
  page.line(0, 'Min replicas:', String(spec.minReplicas ?? '<unset>'))
  page.line(0, 'Max replicas:', String(spec.maxReplicas))
  if (spec.behavior) page.line(0, 'Behavior:')
  for (const [title, rules] of [['Scale Up', spec.behavior?.scaleUp], ['Scale Down', spec.behavior?.scaleDown]] as const) {
    if (rules) describeRules(page, title, rules)
  }
  page.line(0, `${spec.scaleTargetRef.kind} pods:`, `${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`)
  if (status.conditions?.length) {
    page.line(0, 'Conditions:')
    page.line(1, 'Type', 'Status', 'Reason', 'Message')
    page.line(1, '----', '------', '------', '-------')
    for (const c of status.conditions) page.line(1, c.type, c.status, c.reason ?? '', c.message ?? '')
  }
  await describeEvents(page, kind, object)
}
