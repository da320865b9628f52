import type { KubeObject } from './request.ts'

/**
 * What a status or a condition of a pod says it has seen: components before 1.34 say nothing of it, but of a pod whose status tells of it already.
 * Source: pkg/api/v1/pod/util.go (CalculatePodStatusObservedGeneration, CalculatePodConditionObservedGeneration; PodObservedGenerationTracking)
 */
export const observedGeneration = ({ metadata, status }: KubeObject, minorVersion: number): number | undefined =>
  minorVersion >= 34 || status?.observedGeneration ? metadata.generation : undefined
