import { parseTime } from '../../../runtime-model/api/time.ts'
import { humanDuration } from '../../../runtime-model/kinds/meta/duration.ts'
import { kindOf } from '../kinds.ts'
import { same } from '../patch/strategic.ts'
import { selectorText } from '../selector.ts'
import { rfc1123, yesNo } from './containers.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import { orForbidden, type Page } from './page.ts'
import { describePodTemplate } from './pod-template.ts'
import { controllerOf } from './pod.ts'
import { labelsText } from '../printers/table.ts'

function heading(page: Page, { metadata }: any): void { page.line(0, 'Name:', metadata.name); page.line(0, 'Namespace:', metadata.namespace) }
function marks(page: Page, { metadata }: any): void { page.pairs('Labels', metadata.labels); page.annotations('Annotations', metadata.annotations) }
function conditions(page: Page, list: readonly any[] | undefined): void {
  if (!list?.length) return
  page.line(0, 'Conditions:')
  page.line(1, 'Type', 'Status', 'Reason')
  page.line(1, '----', '------', '------')
  for (const c of list) page.line(1, `${c.type} `, c.status, c.reason ?? '')
}
/** How many pods of a controller are in which phase. */
async function podStatus(page: Page, { metadata, spec }: any): Promise<string> {
  const pods = (await page.session.list(kindOf('pods'), { namespace: metadata.namespace, labelSelector: selectorText(spec.selector, '') })).filter(
    p => p.metadata.ownerReferences?.some((r: any) => r.controller && r.uid === metadata.uid)
  )
  const count = (phase: string): number => pods.filter(p => p.status?.phase === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}

/** Source: describe.go, describeDeployment. */
export const deployment: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object, rolling = spec.strategy?.rollingUpdate
  heading(page, object)
  page.line(0, 'CreationTimestamp:', rfc1123(metadata.creationTimestamp))
  marks(page, object)
  page.line(0, 'Selector:', selectorText(spec.selector, ''))
  page.line(
    0, 'Replicas:',
    `${spec.replicas} desired | ${status.updatedReplicas ?? 0} updated | ${status.replicas ?? 0} total | ${status.availableReplicas ?? 0} available | ${status.unavailableReplicas ?? 0} unavailable`
  )
  page.line(0, 'StrategyType:', spec.strategy?.type ?? '')
  page.line(0, 'MinReadySeconds:', String(spec.minReadySeconds ?? 0))
  if (rolling) page.line(0, 'RollingUpdateStrategy:', `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`)
  describePodTemplate(page, spec.template, 0)
  conditions(page, status.conditions)
  const selected = { namespace: metadata.namespace, labelSelector: selectorText(spec.selector, '') }
  const listed = await orForbidden(page.session.list(kindOf('replicasets'), selected), () => [])
  const sets = listed.filter(rs => rs.metadata.ownerReferences?.some((r: any) => r.controller && r.uid === metadata.uid))
  const newest = sets.find(rs => same(withoutHash(rs.spec.template), withoutHash(spec.template))), old = sets.filter(rs => rs !== newest)
  const text = (list: readonly any[]): string =>
    list.map(rs => `${rs.metadata.name} (${rs.status?.replicas ?? 0}/${rs.spec.replicas} replicas created)`).join(', ') || '<none>'
  if (sets.length > 0) { page.line(0, 'OldReplicaSets:', text(old)); page.line(0, 'NewReplicaSet:', text(newest ? [newest] : [])) }
  await describeEvents(page, kind, object)
}
function withoutHash(template: any): any {
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

export const replicaSet: Describer = async (page, kind, object) => {
  const { spec, status = {} } = object
  heading(page, object)
  page.line(0, 'Selector:', selectorText(spec.selector))
  marks(page, object)
  const owner = controllerOf(object)
  if (owner) page.line(0, 'Controlled By:', owner)
  page.line(0, 'Replicas:', `${status.replicas ?? 0} current / ${spec.replicas} desired`)
  page.line(0, 'Pods Status:', await orForbidden(podStatus(page, object), error => `error in fetching pods: ${error.message}`))
  describePodTemplate(page, spec.template, 0)
  conditions(page, status.conditions)
  await describeEvents(page, kind, object)
}

export const replicationController: Describer = (page, kind, object) =>
  replicaSet(page, kind, { ...object, spec: { ...object.spec, selector: { matchLabels: object.spec.selector } } })

export const daemonSet: Describer = async (page, kind, object) => {
  const { spec, status = {} } = object
  heading(page, object)
  page.line(0, 'Selector:', selectorText(spec.selector, ''))
  page.line(0, 'Node-Selector:', labelsText(spec.template.spec.nodeSelector))
  marks(page, object)
  for (const [title, key] of [
    ['Desired Number of Nodes Scheduled', 'desiredNumberScheduled'], ['Current Number of Nodes Scheduled', 'currentNumberScheduled'],
    ['Number of Nodes Scheduled with Up-to-date Pods', 'updatedNumberScheduled'],
    ['Number of Nodes Scheduled with Available Pods', 'numberAvailable'], ['Number of Nodes Misscheduled', 'numberMisscheduled'],
  ] as const) page.line(0, `${title}: ${status[key] ?? 0}`)
  page.line(0, 'Pods Status:', await podStatus(page, object))
  describePodTemplate(page, spec.template, 0)
  await describeEvents(page, kind, object)
}

export const statefulSet: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  heading(page, object)
  page.line(0, 'CreationTimestamp:', rfc1123(metadata.creationTimestamp))
  page.line(0, 'Selector:', selectorText(spec.selector, ''))
  marks(page, object)
  page.line(0, 'Replicas:', `${spec.replicas} desired | ${status.replicas ?? 0} total`)
  page.line(0, 'Update Strategy:', spec.updateStrategy?.type ?? '')
  if (spec.updateStrategy?.rollingUpdate?.partition !== undefined) page.line(1, 'Partition:', String(spec.updateStrategy.rollingUpdate.partition))
  page.line(0, 'Pods Status:', await podStatus(page, object))
  describePodTemplate(page, spec.template, 0)
  claims(page, spec.volumeClaimTemplates ?? [])
  await describeEvents(page, kind, object)
}
function claims(page: Page, templates: readonly any[]): void {
  if (templates.length === 0) { page.line(0, 'Volume Claims:', '<none>'); return }
  page.line(0, 'Volume Claims:')
  for (const { metadata, spec } of templates) {
    page.line(1, 'Name:', metadata.name)
    page.line(1, 'StorageClass:', spec.storageClassName ?? '')
    page.pairs('Labels', metadata.labels, 1)
    page.pairs('Annotations', metadata.annotations, 1)
    page.line(1, 'Capacity:', spec.resources?.requests?.storage ?? '<default>')
    page.line(1, 'Access Modes:', `[${(spec.accessModes ?? []).join(' ')}]`)
  }
}

/** Source: describe.go, describeJob. */
export const job: Describer = async (page, kind, object) => {
  const { spec, status = {} } = object
  heading(page, object)
  page.line(0, 'Selector:', selectorText(spec.selector, ''))
  marks(page, object)
  const owner = controllerOf(object)
  const optional = (title: string, value: unknown, unit = ''): void => { if (value !== undefined && value !== null) page.line(0, title, `${value}${unit}`) }
  optional('Controlled By:', owner)
  optional('Parallelism:', spec.parallelism)
  page.line(0, 'Completions:', String(spec.completions ?? '<unset>'))
  optional('Completion Mode:', spec.completionMode)
  optional('Suspend:', spec.suspend)
  optional('Backoff Limit:', spec.backoffLimit)
  optional('TTL Seconds After Finished:', spec.ttlSecondsAfterFinished)
  if (status.startTime) page.line(0, 'Start Time:', rfc1123(status.startTime))
  if (status.completionTime) page.line(0, 'Completed At:', rfc1123(status.completionTime))
  if (status.startTime && status.completionTime) page.line(0, 'Duration:', humanDuration(parseTime(status.completionTime) - parseTime(status.startTime)))
  optional('Active Deadline Seconds:', spec.activeDeadlineSeconds, 's')
  page.line(
    0, 'Pods Statuses:',
    `${status.active ?? 0} Active${status.ready === undefined ? '' : ` (${status.ready} Ready)`} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`
  )
  if (spec.completionMode === 'Indexed') page.line(0, 'Completed Indexes:', status.completedIndexes || '<none>')
  describePodTemplate(page, spec.template, 0)
  await describeEvents(page, kind, object)
}

export const cronJob: Describer = async (page, kind, object) => {
  const { spec, status = {} } = object, template = spec.jobTemplate.spec, unset = '<unset>'
  heading(page, object)
  marks(page, object)
  page.line(0, 'Schedule:', spec.schedule)
  page.line(0, 'Concurrency Policy:', spec.concurrencyPolicy ?? '')
  page.line(0, 'Suspend:', spec.suspend === undefined ? unset : yesNo(spec.suspend))
  page.line(0, 'Successful Job History Limit:', String(spec.successfulJobsHistoryLimit ?? unset))
  page.line(0, 'Failed Job History Limit:', String(spec.failedJobsHistoryLimit ?? unset))
  page.line(0, 'Starting Deadline Seconds:', spec.startingDeadlineSeconds === undefined ? unset : `${spec.startingDeadlineSeconds}s`)
  page.line(0, 'Selector:', template.selector ? selectorText(template.selector, '') : unset)
  page.line(0, 'Parallelism:', String(template.parallelism ?? unset))
  page.line(0, 'Completions:', String(template.completions ?? unset))
  if (template.activeDeadlineSeconds !== undefined) page.line(0, 'Active Deadline Seconds:', `${template.activeDeadlineSeconds}s`)
  describePodTemplate(page, template.template, 0)
  page.line(0, 'Last Schedule Time:', status.lastScheduleTime ? rfc1123(status.lastScheduleTime) : unset)
  page.line(0, 'Active Jobs:', (status.active ?? []).map((j: any) => j.name).join(', ') || '<none>')
  await describeEvents(page, kind, object)
}
