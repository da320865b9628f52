/** Taints and what bears them. Source: k8s.io/component-helpers scheduling/corev1/helpers.go, k8s.io/api core/v1 toleration.go (ToleratesTaint) */
export interface Toleration {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
  readonly tolerationSeconds?: number
}
export interface Taint { readonly key: string; readonly value?: string; readonly effect: string }

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  const { operator = 'Equal' } = toleration
  if (operator === 'Exists') return true
  return (operator === 'Equal' || operator === '') && !!toleration.key && (toleration.value ?? '') === (taint.value ?? '')
}
export const isTolerated = (taint: Taint, tolerations: readonly Toleration[]): boolean => tolerations.some(t => tolerates(t, taint))
export const untolerated = (taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | undefined => taints.find(t => !isTolerated(t, tolerations))
