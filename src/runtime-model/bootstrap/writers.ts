import type { ManagedFieldsEntry } from '../api/managed-fields.ts'
import type { KubeObject } from '../api/request.ts'

/** Who has made what a cluster is set up with, as its managedFields tell. Source: objects of a new 1.35.4 cluster; kubeadm's User-Agent. */
const priorities = 'api-priority-and-fairness-config'
const makers: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['Namespace', 'ServiceCIDR', 'IPAddress', 'PriorityClass', 'APIService', 'Lease'].map(kind => [kind, 'kube-apiserver'])),
  FlowSchema: `${priorities}-producer-v1`, PriorityLevelConfiguration: `${priorities}-producer-v1`,
}
function makerOf({ kind, metadata: { name, labels } }: KubeObject): string | undefined {
  if (makers[kind]) return makers[kind]
  if (labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults' || kind === 'Service' && name === 'kubernetes') return 'kube-apiserver'
  return kubeadms.test(name) && kind !== 'Pod' && kind !== 'ServiceAccount' ? 'kubeadm' : undefined
}
const kubeadms = /^(kubeadm:.*|(system:)?coredns|kube-dns)$/

export function withWriters(object: KubeObject): KubeObject {
  const manager = makerOf(object)
  if (manager === undefined) return object
  const { apiVersion, metadata: { creationTimestamp: time } } = object, others = othersOf(object)
  const entry = { manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', of: made(object), admitted: true } as const
  return { ...object, metadata: { ...object.metadata, managedFields: [entry, ...others.map(o => ({ apiVersion, time, fieldsType: 'FieldsV1', ...o }))] } }
}

/** The object as its maker left it: the rest is the server's and the controllers'. */
function made({ status: _s, spec, rules, ...object }: KubeObject): any {
  const { finalizers: _f, ...metadata } = object.metadata, whole = { ...object, metadata, ...spec ? { spec } : undefined, ...rules ? { rules } : undefined }
  if (object.kind === 'Namespace') return { ...object, metadata }
  if (object.aggregationRule !== undefined) return { ...object, metadata }
  if (object.kind !== 'Service') return whole
  const { clusterIPs: _c, ipFamilies: _i, ...own } = spec
  return { ...whole, spec: own }
}
type Other = Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'fieldsV1' | 'subresource'>
function othersOf({ kind, aggregationRule }: KubeObject): readonly Other[] {
  if (aggregationRule) return [{ manager: 'clusterrole-aggregation-controller', operation: 'Apply', fieldsV1: { 'f:rules': {} } }]
  if (kind === 'FlowSchema') return [condition(`${priorities}-consumer-v1`, 'Dangling', ['lastTransitionTime', 'message', 'reason', 'status', 'type'])]
  return kind !== 'ServiceCIDR' ? [] : [
    condition('kubernetes-service-cidr-controller', 'Ready', ['status', 'type']),
    condition('service-cidr-controller', 'Ready', ['lastTransitionTime', 'message', 'reason', 'status', 'type']),
    {
      manager: 'kube-controller-manager', operation: 'Update',
      fieldsV1: { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"networking.k8s.io/service-cidr-finalizer"': {} } } },
    },
  ]
}
const condition = (manager: string, type: string, fields: readonly string[]): Other => ({
  manager, operation: 'Apply', subresource: 'status',
  fieldsV1: { 'f:status': { 'f:conditions': { [`k:{"type":"${type}"}`]: { '.': {}, ...Object.fromEntries(fields.map(f => [`f:${f}`, {}])) } } } },
})
