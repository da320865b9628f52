import { isDefaultIngressClass, newestDefault } from '../../api/default-classes.ts'
import type { AdmissionPlugin } from './plugin.ts'

const classes = 'ingressclasses.networking.k8s.io', olderAnnotation = 'kubernetes.io/ingress.class'

/** An Ingress that names no class gets the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  operations: ['CREATE'],
  resources: ['ingresses.networking.k8s.io'],
  reads: [classes],
  mutate(a, view) {
    if (a.subresource || a.object.spec?.ingressClassName !== undefined || a.object.metadata.annotations?.[olderAnnotation] !== undefined) return undefined
    const newest = newestDefault(view.list(classes), isDefaultIngressClass)
    return newest && { object: { ...a.object, spec: { ...a.object.spec, ingressClassName: newest.metadata.name } } }
  },
  source: 'plugin/pkg/admission/network/defaultingressclass/admission.go',
}
