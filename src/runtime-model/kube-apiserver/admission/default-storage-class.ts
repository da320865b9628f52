import { isDefaultStorageClass, newestDefault } from '../../api/default-classes.ts'
import type { AdmissionPlugin } from './plugin.ts'

const classes = 'storageclasses.storage.k8s.io', betaClass = 'volume.beta.kubernetes.io/storage-class'

/** A claim that names no class gets the default one. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  reads: [classes],
  mutate(a, view) {
    if (a.subresource || a.object.spec?.storageClassName !== undefined || a.object.metadata.annotations?.[betaClass] !== undefined) return undefined
    const newest = newestDefault(view.list(classes), isDefaultStorageClass)
    return newest && { object: { ...a.object, spec: { ...a.object.spec, storageClassName: newest.metadata.name } } }
  },
  source: 'plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/volume/util/storageclass.go',
}
