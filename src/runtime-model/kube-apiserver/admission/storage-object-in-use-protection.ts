import type { AdmissionPlugin } from './plugin.ts'

const protections: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: 'kubernetes.io/pvc-protection', PersistentVolume: 'kubernetes.io/pv-protection', VolumeAttributesClass: 'kubernetes.io/vac-protection',
}
/** Claims, volumes and their classes in use are kept from vanishing. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims', 'persistentvolumes', 'volumeattributesclasses.storage.k8s.io'],
  reads: [],
  mutate(a) {
    const finalizer = protections[a.kind.kind], { metadata } = a.object
    if (a.subresource || metadata.finalizers?.includes(finalizer)) return undefined
    return { object: { ...a.object, metadata: { ...metadata, finalizers: [...metadata.finalizers ?? [], finalizer] } } }
  },
  source: 'plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go',
}
