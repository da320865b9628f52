import { compareQuantities } from '../../api/quantity.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { refuse } from './refuse.ts'

const classes = 'storageclasses.storage.k8s.io', betaClass = 'volume.beta.kubernetes.io/storage-class'

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
