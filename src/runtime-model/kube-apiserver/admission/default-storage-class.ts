import { defaultClass } from './default-class.ts'
import type { AdmissionPlugin } from './plugin.ts'

const classes = 'storageclasses.storage.k8s.io', betaClass = 'volume.beta.kubernetes.io/storage-class'
const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

/** A claim that names no class gets the default one. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  reads: [classes],
  mutate(a, view) {
    if (a.subresource || a.object.spec?.storageClassName !== undefined || a.object.metadata.annotations?.[betaClass] !== undefined) return undefined
    const newest = defaultClass(view, classes, marks)
    return newest && { object: { ...a.object, spec: { ...a.object.spec, storageClassName: newest.metadata.name } } }
  },
  source: 'plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/volume/util/storageclass.go',
}
