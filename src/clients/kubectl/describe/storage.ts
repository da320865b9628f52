import { isDefaultStorageClass } from '../../../runtime-model/api/default-classes.ts'
import { parseTime } from '../../../runtime-model/api/time.ts'
import { humanDuration } from '../../../runtime-model/kinds/meta/duration.ts'
import { kindOf } from '../kinds.ts'
import { goList } from '../policy-rules.ts'
import { rfc1123 } from './containers.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import type { Page } from './page.ts'
import { describeDataSource, describeSource } from './volumes.ts'

const short: Readonly<Record<string, string>> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' }
const modes = (list: readonly string[] | undefined): string =>
  ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'].filter(m => list?.includes(m)).map(m => short[m]).join(',')
const phase = (page: Page, { metadata, status }: any): string =>
  metadata.deletionTimestamp ? `Terminating (lasts ${humanDuration(page.session.calendarMs - parseTime(metadata.deletionTimestamp))})` : status?.phase ?? ''

/** Source: describe.go, describePersistentVolumeClaim. */
export const claim: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object, bound = Boolean(spec.volumeName)
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace)
  page.line(0, 'StorageClass:', metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '')
  page.line(0, 'Status:', phase(page, object))
  page.line(0, 'Volume:', spec.volumeName ?? '')
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'Finalizers:', goList(metadata.finalizers))
  page.line(0, 'Capacity:', bound ? status.capacity?.storage ?? '0' : '')
  page.line(0, 'Access Modes:', bound ? modes(status.accessModes) : '')
  if (spec.volumeMode) page.line(0, 'VolumeMode:', spec.volumeMode)
  describeDataSource(page, spec.dataSource, 0)
  const isMounted = (pod: any, v: any): boolean => (v.ephemeral ? `${pod.metadata.name}-${v.name}` : v.persistentVolumeClaim?.claimName) === metadata.name
  const pods = (await page.session.list(kindOf('pods'), { namespace: metadata.namespace })).filter(p => p.spec.volumes?.some((v: any) => isMounted(p, v)))
    .map(p => p.metadata.name)
  if (pods.length === 0) page.line(0, 'Used By:', '<none>')
  pods.forEach((name, i) => page.line(0, i === 0 ? 'Used By:' : '', name))
  if (status.conditions?.length) {
    page.line(0, 'Conditions:')
    page.line(1, 'Type', 'Status', 'LastProbeTime', 'LastTransitionTime', 'Reason', 'Message')
    page.line(1, '----', '------', '-----------------', '------------------', '------', '-------')
    for (const c of status.conditions) {
      page.line(1, `${c.type} `, `${c.status} `, `${rfc1123(c.lastProbeTime)} `, `${rfc1123(c.lastTransitionTime)} `, `${c.reason ?? ''} `, c.message ?? '')
    }
  }
  await describeEvents(page, kind, object)
}

export const volume: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  page.line(0, 'Name:', metadata.name)
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'Finalizers:', goList(metadata.finalizers))
  page.line(0, 'StorageClass:', spec.storageClassName ?? '')
  page.line(0, 'Status:', phase(page, object))
  page.line(0, 'Claim:', spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')
  page.line(0, 'Reclaim Policy:', spec.persistentVolumeReclaimPolicy ?? '')
  page.line(0, 'Access Modes:', modes(spec.accessModes))
  if (spec.volumeMode) page.line(0, 'VolumeMode:', spec.volumeMode)
  page.line(0, 'Capacity:', spec.capacity?.storage ?? '0')
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms
  page.line(0, 'Node Affinity:', terms ? '' : '<none>')
  if (terms) page.line(1, 'Required Terms:', '')
  for (const [i, term] of (terms ?? []).entries()) {
    if (!term.matchExpressions?.length) page.line(2, `Term ${i}:`, '<none>')
    ;(term.matchExpressions ?? []).forEach((e: any, j: number) =>
      page.line(2, j === 0 ? `Term ${i}:` : '', `${e.key} ${String(e.operator).toLowerCase()}${e.values?.length ? ` [${e.values.join(', ')}]` : ''}`))
  }
  page.line(0, 'Message:', status.message ?? '')
  page.line(0, 'Source:')
  describeSource(page, spec, true)
  await describeEvents(page, kind, object)
}

/** Source: describe.go, describeCSINode. */
export const csiNode: Describer = async (page, kind, { metadata, spec, ...rest }) => {
  page.line(0, 'Name:', metadata.name)
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'CreationTimestamp:', rfc1123(metadata.creationTimestamp))
  page.line(0, 'Spec:')
  if (spec.drivers?.length) page.line(1, 'Drivers:')
  for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers ?? []) {
    page.line(2, `${name}:`)
    page.line(3, 'Node ID:', nodeID)
    if (allocatable?.count !== undefined) { page.line(3, 'Allocatables:'); page.line(4, 'Count:', String(allocatable.count)) }
    if (topologyKeys) page.line(3, 'Topology Keys:', goList(topologyKeys))
  }
  await describeEvents(page, kind, { metadata, spec, ...rest })
}
/** Source: describe.go, describeVolumeAttributesClass. */
export const volumeAttributesClass: Describer = async (page, kind, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.line(0, 'Annotations:', commaPairs(object.metadata.annotations))
  page.line(0, 'DriverName:', object.driverName)
  page.line(0, 'Parameters:', commaPairs(object.parameters))
  await describeEvents(page, kind, object)
}
const commaPairs = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(map ?? {}).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => `${k}=${v}`).join(',') || '<none>'

export const storageClass: Describer = async (page, kind, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.line(0, 'IsDefaultClass:', isDefaultStorageClass(object) ? 'Yes' : 'No')
  page.line(0, 'Annotations:', commaPairs(object.metadata.annotations))
  page.line(0, 'Provisioner:', object.provisioner)
  page.line(0, 'Parameters:', commaPairs(object.parameters))
  page.line(0, 'AllowVolumeExpansion:', object.allowVolumeExpansion === undefined ? '<unset>' : object.allowVolumeExpansion ? 'True' : 'False')
  if (!object.mountOptions?.length) page.line(0, 'MountOptions:', '<none>')
  else { page.line(0, 'MountOptions:'); for (const o of object.mountOptions) page.line(1, o) }
  page.line(0, 'ReclaimPolicy:', object.reclaimPolicy ?? '')
  page.line(0, 'VolumeBindingMode:', object.volumeBindingMode ?? '')
  if (object.allowedTopologies?.length) {
    page.line(0, 'AllowedTopologies:', '')
    for (const [i, term] of object.allowedTopologies.entries()) {
      const written = (term.matchLabelExpressions ?? []).map((e: any) => `${e.key} in [${e.values.join(', ')}]`)
      written.forEach((text: string, j: number) => page.line(1, j === 0 ? `Term ${i}:` : '', text))
    }
  }
  await describeEvents(page, kind, object)
}
