import { compareQuantities } from '../../api/quantity.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { refuse } from './refuse.ts'

const classes = 'storageclasses.storage.k8s.io', betaClass = 'volume.beta.kubernetes.io/storage-class'
const isDefault = (c: any): boolean => ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'].some(a => c.metadata.annotations?.[a] === 'true')

/** A claim that names no class gets the default one: the newest that is marked, by name where several are as new. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  reads: [classes],
  mutate(a, view) {
    if (a.subresource || a.object.spec?.storageClassName !== undefined || a.object.metadata.annotations?.[betaClass] !== undefined) return undefined
    const newest = view.list(classes).filter(isDefault).reduce((best, c) => best === undefined || c.metadata.creationTimestamp > best.metadata.creationTimestamp ? c : best, undefined as any)
    return newest && { object: { ...a.object, spec: { ...a.object.spec, storageClassName: newest.metadata.name } } }
  },
  source: 'plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/volume/util/storageclass.go',
}

const protections: Readonly<Record<string, string>> = { PersistentVolumeClaim: 'kubernetes.io/pvc-protection', PersistentVolume: 'kubernetes.io/pv-protection' }
/** Claims and volumes in use are kept from vanishing. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims', 'persistentvolumes'],
  reads: [],
  mutate(a) {
    const finalizer = protections[a.kind.kind], { metadata } = a.object
    if (a.subresource || metadata.finalizers?.includes(finalizer)) return undefined
    return { object: { ...a.object, metadata: { ...metadata, finalizers: [...metadata.finalizers ?? [], finalizer] } } }
  },
  source: 'plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go',
}

/** Only bound claims of a class that allows it may grow. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  operations: ['UPDATE'],
  resources: ['persistentvolumeclaims'],
  reads: [classes],
  validate(a, view) {
    const now = a.object.spec?.resources?.requests?.storage, before = a.oldObject.spec?.resources?.requests?.storage
    if (a.subresource || now === undefined || before === undefined || compareQuantities(now, before) <= 0) return undefined
    if (a.oldObject.status?.phase !== 'Bound') return refuse(a, 'Only bound persistent volume claims can be expanded')
    const name = a.object.metadata.annotations?.[betaClass] ?? a.object.spec.storageClassName
    if (name && view.get(classes, '', name)?.allowVolumeExpansion) return undefined
    return refuse(a, 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize')
  },
  source: 'plugin/pkg/admission/storage/persistentvolume/resize/admission.go',
}
