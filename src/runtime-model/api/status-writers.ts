import { compare, noDifference } from './field-diff.ts'
import { isEmpty, union, without, EMPTY, type FieldSet } from './field-set.ts'
import { stripped, typeOfObject, type ManagedFieldsEntry } from './managed-fields.ts'

/**
 * Who writes the status of an object, as managedFields name it. The cluster's own components write too often for their entries to be kept; so the entry is made
 * of the object when somebody looks, unless a client is noted for status. Approximate: its time is the newest that status tells, else the object's own.
 * Source: managedFields of objects in a 1.35.4 cluster.
 */
const controllers = 'kube-controller-manager', revision = 'deployment.kubernetes.io/revision'
const writers: Readonly<Record<string, string>> = {
  Pod: 'kubelet', Node: 'kubelet',
  ...Object.fromEntries([
    'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'Job', 'CronJob', 'PodDisruptionBudget', 'HorizontalPodAutoscaler',
    'ResourceQuota', 'PersistentVolumeClaim', 'PersistentVolume',
  ].map(kind => [kind, controllers])),
}

/** `entries`: those that are noted. Undefined: nothing is left for another. */
export function statusWriter(object: any, entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry | undefined {
  const manager = writers[object.kind]
  // a Node that no kubelet has reported on is as somebody made it
  if (manager === undefined || !object.status || object.kind === 'Node' && !object.status.conditions?.length) return undefined
  if (entries.some(e => e.subresource === 'status')) return undefined
  const bound = object.kind !== 'Pod' || object.spec?.nodeName, type = typeOfObject(object), difference = noDifference()
  compare(type, { status: atFirst(object) }, { status: object.status }, difference)
  const noted = entries.reduce((sum, e) => union(sum, e.fieldsV1!), EMPTY)
  const fieldsV1 = without(union(stripped(difference.changed, 'status', type), object.kind === 'Deployment' ? ofRevision(object, entries) : EMPTY), noted)
  return isEmpty(fieldsV1) ? undefined : {
    manager: bound ? manager : 'kube-scheduler', operation: 'Update', apiVersion: object.apiVersion,
    time: newestIn(object.status) ?? object.metadata.creationTimestamp, fieldsType: 'FieldsV1', fieldsV1, subresource: 'status',
  }
}
/** What a new object's status says, and a pod's once it is bound: the server's own words, which nobody is noted for. */
function atFirst({ kind, spec, status }: any): any {
  if (kind === 'PersistentVolumeClaim') return { phase: 'Pending' }
  if (kind === 'PersistentVolume') return status.phase === 'Pending' ? status : { phase: 'Pending' }
  if (kind !== 'Pod') return {}
  const told = status.conditions?.find((c: any) => c.type === 'PodScheduled')
  const scheduled = spec?.nodeName || told?.reason === 'SchedulingGated' ? told : undefined
  if (!scheduled) return { phase: 'Pending', qosClass: status.qosClass }
  const { observedGeneration: _, ...condition } = scheduled
  return { phase: 'Pending', qosClass: status.qosClass, conditions: [condition] }
}
/** A Deployment's revision is told with its status. */
function ofRevision({ metadata: { annotations } }: any, entries: readonly ManagedFieldsEntry[]): FieldSet {
  if (annotations?.[revision] === undefined) return EMPTY
  // who applies annotations does not own them as a whole, but they are there
  const others = entries.some(({ operation, fieldsV1 }) => {
    const theirs = fieldsV1!['f:metadata']?.['f:annotations']
    return theirs !== undefined && (operation === 'Apply' || theirs['.'] !== undefined)
  })
  return { 'f:metadata': { 'f:annotations': { ...others ? undefined : { '.': {} }, [`f:${revision}`]: {} } } }
}
function newestIn(value: any): string | undefined {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? value : undefined
  if (typeof value !== 'object' || value === null) return undefined
  return Object.values(value).map(newestIn).reduce((newest, t) => newest === undefined || t !== undefined && t > newest ? t : newest, undefined)
}
