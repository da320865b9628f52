import type { KubeObject } from '../api/request.ts'
import { selectorMatcher, withLabelKeys } from '../api/selectors.ts'
import type { Labels, LabelSelector } from '../api/selectors.ts'

/** Terms of affinity, taken apart once. Source: pkg/scheduler/framework/types.go (AffinityTerm), k8s.io/component-helpers scheduling/corev1/nodeaffinity. */
export interface AffinityTerm {
  /** namespaces it names; its own if it names none at all */
  readonly namespaces: readonly string[]
  /** undefined: none; `{}`: all namespaces */
  readonly namespaceSelector: LabelSelector | undefined
  readonly selector: LabelSelector | undefined
  readonly topologyKey: string
  /** 0: required */
  readonly weight: number
  /** equal for terms that select the same pods */
  readonly id: string
}
export interface PodAffinity {
  readonly required: readonly AffinityTerm[]
  readonly requiredAnti: readonly AffinityTerm[]
  readonly preferred: readonly AffinityTerm[]
  readonly preferredAnti: readonly AffinityTerm[]
}
const NONE: readonly never[] = []

export function affinityOf(pod: KubeObject): PodAffinity | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  if (!podAffinity && !podAntiAffinity) return undefined
  const required = (side: any): AffinityTerm[] => (side?.requiredDuringSchedulingIgnoredDuringExecution ?? NONE).map((t: any) => term(t, 0, pod))
  const preferred = (side: any): AffinityTerm[] =>
    (side?.preferredDuringSchedulingIgnoredDuringExecution ?? NONE).map((t: any) => term(t.podAffinityTerm, t.weight, pod))
  return {
    required: required(podAffinity), requiredAnti: required(podAntiAffinity), preferred: preferred(podAffinity), preferredAnti: preferred(podAntiAffinity),
  }
}

function term(t: any, weight: number, pod: KubeObject): AffinityTerm {
  const { namespaceSelector } = t, namespaces: string[] = t.namespaces?.length ? t.namespaces : namespaceSelector ? [] : [pod.metadata.namespace!]
  const selector = withLabelKeys(t.labelSelector, t.matchLabelKeys, t.mismatchLabelKeys, pod.metadata.labels ?? {})
  return {
    namespaces, namespaceSelector, selector, topologyKey: t.topologyKey, weight, id: JSON.stringify([namespaces, namespaceSelector ?? null, selector ?? null]),
  }
}
/** Does the term mean this pod? `namespaceLabels` of the pod's namespace. */
export function termSelects(t: AffinityTerm, namespace: string, labels: Labels, namespaceLabels: Labels | undefined): boolean {
  if (!t.namespaces.includes(namespace) && !(t.namespaceSelector && selectorMatcher(t.namespaceSelector)(namespaceLabels))) return false
  return selectorMatcher(t.selector)(labels)
}

export { anyTerm, nodeTerm, requiredNodes } from '../api/node-selector.ts'
export type { NodeMatcher } from '../api/node-selector.ts'
