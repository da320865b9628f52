import { group } from './names.ts'

/**
 * What an administrator applies before there can be snapshots: the three definitions (their fields as upstream's, without descriptions) and the rights of the
 * controller. Source: kubernetes-csi/external-snapshotter client/config/crd, deploy/kubernetes/snapshot-controller/rbac-snapshot-controller.yaml
 */
const text = { type: 'string' }, texts = { type: 'object', additionalProperties: text }, yes = { type: 'boolean' }
const time = { type: 'string', format: 'date-time' }, whole = { type: 'integer', format: 'int64' }
const policy = { type: 'string', enum: ['Delete', 'Retain'] }, failure = { type: 'object', properties: { message: text, time } }
const object = (properties: any, required?: readonly string[], more: any = {}): any =>
  ({ type: 'object', properties, ...required ? { required } : {}, ...more })
const oneOf = (...names: string[]): any => ({ oneOf: names.map(name => ({ required: [name] })) })
const column = (name: string, jsonPath: string, type = 'string'): any => ({ name, jsonPath, type })
const age = column('Age', '.metadata.creationTimestamp', 'date')

function definition(plural: string, kind: string, shortNames: readonly string[], scope: string, status: boolean, columns: readonly any[], schema: any): any {
  const version = {
    name: 'v1', served: true, storage: true, ...status ? { subresources: { status: {} } } : {}, additionalPrinterColumns: [...columns, age],
    schema: { openAPIV3Schema: schema },
  }
  const annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-csi/external-snapshotter/pull/814' }
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}`, annotations },
    spec: { group, scope, names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, shortNames }, versions: [version] },
  }
}

const source = object(
  { persistentVolumeClaimName: text, volumeSnapshotContentName: text }, undefined, oneOf('persistentVolumeClaimName', 'volumeSnapshotContentName')
)
const snapshot = definition('volumesnapshots', 'VolumeSnapshot', ['vs'], 'Namespaced', true, [
  column('ReadyToUse', '.status.readyToUse', 'boolean'), column('SourcePVC', '.spec.source.persistentVolumeClaimName'),
  column('SourceSnapshotContent', '.spec.source.volumeSnapshotContentName'),
  column('RestoreSize', '.status.restoreSize'), column('SnapshotClass', '.spec.volumeSnapshotClassName'),
  column('SnapshotContent', '.status.boundVolumeSnapshotContentName'), column('CreationTime', '.status.creationTime', 'date'),
], object({
  spec: object({ source, volumeSnapshotClassName: text }, ['source']),
  status: object({
    boundVolumeSnapshotContentName: text, creationTime: time, error: failure, readyToUse: yes, restoreSize: { 'x-kubernetes-int-or-string': true },
  }),
}, ['spec']))

const snapshotRef = object({ apiVersion: text, fieldPath: text, kind: text, name: text, namespace: text, resourceVersion: text, uid: text })
const content = definition('volumesnapshotcontents', 'VolumeSnapshotContent', ['vsc', 'vscs'], 'Cluster', true, [
  column('ReadyToUse', '.status.readyToUse', 'boolean'), column('RestoreSize', '.status.restoreSize', 'integer'),
  column('DeletionPolicy', '.spec.deletionPolicy'), column('Driver', '.spec.driver'),
  column('VolumeSnapshotClass', '.spec.volumeSnapshotClassName'), column('VolumeSnapshot', '.spec.volumeSnapshotRef.name'),
  column('VolumeSnapshotNamespace', '.spec.volumeSnapshotRef.namespace'),
], object({
  spec: object(
    {
      deletionPolicy: policy, driver: text, source: object({ snapshotHandle: text, volumeHandle: text }, undefined, oneOf('volumeHandle', 'snapshotHandle')),
      sourceVolumeMode: text, volumeSnapshotClassName: text, volumeSnapshotRef: snapshotRef,
    },
    ['deletionPolicy', 'driver', 'source', 'volumeSnapshotRef']
  ),
  status: object({ creationTime: whole, error: failure, readyToUse: yes, restoreSize: { ...whole, minimum: 0 }, snapshotHandle: text }),
}, ['spec']))

const ofClass = definition(
  'volumesnapshotclasses', 'VolumeSnapshotClass', ['vsclass', 'vsclasses'], 'Cluster', false,
  [column('Driver', '.driver'), column('DeletionPolicy', '.deletionPolicy')],
  object({ deletionPolicy: policy, driver: text, parameters: texts }, ['deletionPolicy', 'driver'])
)

const account = { kind: 'ServiceAccount', name: 'snapshot-controller', namespace: 'kube-system' }, rbac = 'rbac.authorization.k8s.io'
const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
export const snapshotObjects: readonly any[] = [
  snapshot, content, ofClass,
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name, namespace: account.namespace } },
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: 'snapshot-controller-runner' }, rules: [
      { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get', 'list', 'watch', 'update', 'patch'] },
      { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch', 'create', 'update', 'patch'] },
      { apiGroups: ['storage.k8s.io'], resources: ['csidrivers'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [group], resources: ['volumesnapshotclasses'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [group], resources: ['volumesnapshots', 'volumesnapshots/status', 'volumesnapshotcontents', 'volumesnapshotcontents/status'], verbs: all },
    ],
  },
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'snapshot-controller-role' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'snapshot-controller-runner' }, subjects: [account],
  },
  // the provisioner of each driver reads them, to restore
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: 'csi-snapshot-reader' },
    rules: [{ apiGroups: [group], resources: ['volumesnapshots', 'volumesnapshotcontents'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'csi-snapshot-reader' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'csi-snapshot-reader' }, subjects: [{ ...account, name: 'csi-controller' }],
  },
]
export const definitionNames: readonly string[] = [snapshot, content, ofClass].map(d => d.metadata.name)
/** how sentences and kubectl call them */
export const snapshotWords: readonly string[] = [snapshot, content, ofClass].flatMap(({ spec: { names } }) =>
  [names.plural, names.singular, ...names.shortNames])
