import type { KubeObject } from './request.ts'

/** Source: pkg/volume/util/storageclass.go, k8s.io/kubectl/pkg/util/storage (IsDefaultAnnotation) */
const storageMarks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']
export const isDefaultStorageClass = (c: KubeObject): boolean => storageMarks.some(a => c.metadata.annotations?.[a] === 'true')
export const isDefaultIngressClass = (c: KubeObject): boolean => c.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true'

/**
 * The class that an object gets which names none: the newest of the marked ones, the first where several are as new; undefined: none is marked.
 * Source: pkg/volume/util/storageclass.go (GetDefaultClass), plugin/pkg/admission/network/defaultingressclass/admission.go (getDefaultClass)
 */
export const newestDefault = (classes: readonly KubeObject[], isDefault: (c: KubeObject) => boolean): KubeObject | undefined =>
  classes.filter(isDefault).reduce<KubeObject | undefined>(
    (best, c) => best === undefined || c.metadata.creationTimestamp! > best.metadata.creationTimestamp! ? c : best, undefined
  )
