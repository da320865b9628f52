import { parseTime } from '../../../runtime-model/api/time.ts'
import { humanDuration } from '../../../runtime-model/kinds/meta/duration.ts'
import type { Describer } from './describer.ts'
import { describeContainers, describeResources, rfc1123 } from './containers.ts'
import { eventsOf, writeEvents } from './events.ts'
import type { Page } from './page.ts'
import { describeSpread, describeTolerations } from './pod-template.ts'
import { describeVolumes } from './volumes.ts'

export const controllerOf = (object: any): string | undefined => {
  const owner = object.metadata.ownerReferences?.find((r: any) => r.controller)
  return owner && `${owner.kind}/${owner.name}`
}

/** Source: describe.go, describePod. */
export const pod: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace)
  if (spec.priority !== undefined) page.line(0, 'Priority:', String(spec.priority))
  if (spec.priorityClassName) page.line(0, 'Priority Class Name:', spec.priorityClassName)
  if (spec.serviceAccountName) page.line(0, 'Service Account:', spec.serviceAccountName)
  page.line(0, 'Node:', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>')
  if (status.startTime) page.line(0, 'Start Time:', rfc1123(status.startTime))
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    page.line(0, 'Status:', `Terminating (lasts ${humanDuration(page.session.calendarMs - parseTime(metadata.deletionTimestamp))})`)
    page.line(0, 'Termination Grace Period:', `${metadata.deletionGracePeriodSeconds}s`)
  } else page.line(0, 'Status:', status.phase ?? '')
  if (status.reason) page.line(0, 'Reason:', status.reason)
  if (status.message) page.line(0, 'Message:', status.message)
  if (spec.securityContext?.seccompProfile) page.line(0, 'SeccompProfile:', spec.securityContext.seccompProfile.type)
  addresses(page, status)
  const owner = controllerOf(object)
  if (owner) page.line(0, 'Controlled By:', owner)
  if (status.nominatedNodeName) page.line(0, 'NominatedNodeName:', status.nominatedNodeName)
  if (spec.resources) { page.line(0, 'Resources:'); describeResources(page, spec.resources, 1) }
  if (spec.initContainers?.length) describeContainers(page, 'Init Containers', spec.initContainers, status.initContainerStatuses, object, '')
  describeContainers(page, 'Containers', spec.containers ?? [], status.containerStatuses, object, '')
  if (spec.ephemeralContainers?.length) {
    describeContainers(page, 'Ephemeral Containers', spec.ephemeralContainers, status.ephemeralContainerStatuses, object, '')
  }
  conditions(page, spec, status)
  describeVolumes(page, spec.volumes ?? [], '')
  page.line(0, 'QoS Class:', status.qosClass ?? '')
  page.pairs('Node-Selectors', spec.nodeSelector)
  describeTolerations(page, spec.tolerations ?? [], '')
  describeSpread(page, spec.topologySpreadConstraints ?? [], '')
  // events of a mirror pod are about the pod of the manifest file. Source: describe.go (PodDescriber.Describe)
  writeEvents(page, await eventsOf(page, kind, object, metadata.annotations?.['kubernetes.io/config.mirror'] ?? metadata.uid))
}

function addresses(page: Page, status: any): void {
  page.line(0, 'IP:', status.podIP ?? '')
  if (!status.podIPs?.length) { page.line(0, 'IPs:', '<none>'); return }
  page.line(0, 'IPs:')
  for (const { ip } of status.podIPs) page.line(1, 'IP:', ip)
}
function conditions(page: Page, spec: any, status: any): void {
  const list = (title: string, rows: readonly (readonly [string, string])[]): void => {
    page.line(0, title)
    page.line(1, 'Type', 'Status')
    for (const [type, value] of rows) page.line(1, `${type} `, `${value} `)
  }
  if (spec.readinessGates?.length) {
    list(
      'Readiness Gates:',
      spec.readinessGates.map((g: any) => [g.conditionType, status.conditions?.find((c: any) => c.type === g.conditionType)?.status ?? '<none>'])
    )
  }
  if (status.conditions?.length) list('Conditions:', status.conditions.map((c: any) => [c.type, c.status]))
}
