import type { Identity } from '../network/client.ts'
import type { Watched } from '../network/informer.ts'

/** Names of external-snapshotter 8. Source: kubernetes-csi/external-snapshotter pkg/utils/util.go */
export const SNAPSHOT_CONTROLLER_ID = 'snapshot-controller/cluster', group = 'snapshot.storage.k8s.io'
export const snapshots = `volumesnapshots.${group}`, contents = `volumesnapshotcontents.${group}`, snapshotClasses = `volumesnapshotclasses.${group}`
export const claims = 'persistentvolumeclaims', volumes = 'persistentvolumes', drivers = 'csidrivers.storage.k8s.io'
export const watched: readonly Watched[] = [snapshots, contents, snapshotClasses, claims, volumes, drivers].map(resource =>
  ({ key: resource, resource, version: 'v1' }))

export const user = 'system:serviceaccount:kube-system:snapshot-controller'
export const identity: Identity = {
  credentials: { user, groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'] }, userAgent: 'snapshot-controller',
}

const prefix = 'snapshot.storage.kubernetes.io'
export const finalizer = {
  source: `${prefix}/volumesnapshot-as-source-protection`, bound: `${prefix}/volumesnapshot-bound-protection`,
  content: `${prefix}/volumesnapshotcontent-bound-protection`, claim: `${prefix}/pvc-as-source-protection`,
} as const
export const annotation = {
  isDefault: `${prefix}/is-default-class`, beingCreated: `${prefix}/volumesnapshot-being-created`, beingDeleted: `${prefix}/volumesnapshot-being-deleted`,
} as const
