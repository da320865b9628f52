import { selectorText } from '../selector.ts'
import { rfc1123 } from './containers.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'

/** Source: describe.go, describePodDisruptionBudgetV1. */
export const disruptionBudget: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace)
  if (spec.minAvailable !== undefined) page.line(0, 'Min available:', String(spec.minAvailable))
  else if (spec.maxUnavailable !== undefined) page.line(0, 'Max unavailable:', String(spec.maxUnavailable))
  page.line(0, 'Selector:', spec.selector ? selectorText(spec.selector) : '<unset>')
  page.line(0, 'Status:')
  for (const [title, value] of [['Allowed disruptions', status.disruptionsAllowed], ['Current', status.currentHealthy], ['Desired', status.desiredHealthy], ['Total', status.expectedPods]] as const) page.line(2, `${title}:`, String(value ?? 0))
  await describeEvents(page, kind, object)
}

/** Source: describe.go, describeHorizontalPodAutoscalerV2; only resource metrics. */
export const autoscaler: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace)
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'CreationTimestamp:', rfc1123(metadata.creationTimestamp))
  page.line(0, 'Reference:', `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`)
  page.line(0, 'Metrics:', '( current / target )')
  for (const [i, { type, resource }] of (spec.metrics ?? []).entries()) {
    if (type !== 'Resource') { page.line(1, `<unknown metric type ${JSON.stringify(type)}>`); continue }
    const now = status.currentMetrics?.[i]?.resource?.current, { averageValue, averageUtilization } = resource.target
    if (averageValue !== undefined) page.line(1, `resource ${resource.name} on pods:`, `${now?.averageValue ?? '<unknown>'} / ${averageValue}`)
    else page.line(1, `resource ${resource.name} on pods  (as a percentage of request):`, `${now?.averageUtilization !== undefined ? `${now.averageUtilization}% (${now.averageValue})` : '<unknown>'} / ${averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`}`)
  }
  page.line(0, 'Min replicas:', String(spec.minReplicas ?? '<unset>'))
  page.line(0, 'Max replicas:', String(spec.maxReplicas))
  page.line(0, `${spec.scaleTargetRef.kind} pods:`, `${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`)
  if (status.conditions?.length) {
    page.line(0, 'Conditions:')
    page.line(1, 'Type', 'Status', 'Reason', 'Message')
    page.line(1, '----', '------', '------', '-------')
    for (const c of status.conditions) page.line(1, c.type, c.status, c.reason ?? '', c.message ?? '')
  }
  await describeEvents(page, kind, object)
}
