import type { AdmissionPlugin } from './plugin.ts'

const classes = 'storageclasses.storage.k8s.io', betaClass = 'volume.beta.kubernetes.io/storage-class'
const isDefault = (c: any): boolean =>
  ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'].some(a => c.metadata.annotations?.[a] === 'true')

/** A claim that names no class gets the default one: the newest that is marked, by name where several are as new. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  reads: [classes],
  mutate(a, view) {
    if (a.subresource || a.object.spec?.storageClassName !== undefined || a.object.metadata.annotations?.[betaClass] !== undefined) return undefined
    const newest = view.list(classes)
      .filter(isDefault)
      .reduce((best, c) => best === undefined || c.metadata.creationTimestamp > best.metadata.creationTimestamp ? c : best, undefined as any)
    return newest && { object: { ...a.object, spec: { ...a.object.spec, storageClassName: newest.metadata.name } } }
  },
  source: 'plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/volume/util/storageclass.go',
}
