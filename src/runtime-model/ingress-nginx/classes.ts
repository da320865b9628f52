import type { KubeObject } from '../api/request.ts'

export const CONTROLLER_CLASS = 'k8s.io/ingress-nginx'
const annotation = 'kubernetes.io/ingress.class'

/**
 * Is an Ingress this controller's? By `ingressClassName`, whose IngressClass names the controller, or by the annotation of old. One without a class is
 * nobody's (kube-apiserver gives it the default class when it is made, if there is one), unless the controller is told to take those too (`withoutClass`).
 * Source: internal/ingress/controller/store/store.go (GetIngressClass)
 */
export function isOwn({ spec, metadata }: KubeObject, classOf: (name: string) => KubeObject | undefined, withoutClass: boolean): boolean {
  const old = metadata.annotations?.[annotation]
  if (old !== undefined) return old === 'nginx' || classOf(old)?.spec?.controller === CONTROLLER_CLASS
  if (spec.ingressClassName === undefined) return withoutClass
  return classOf(spec.ingressClassName)?.spec?.controller === CONTROLLER_CLASS
}
