import type { KubeObject } from '../../api/request.ts'
import { podFromTemplate } from '../pods.ts'
import { podRevisionLabel, templateOf } from '../revisions.ts'
import type { Revision } from '../revisions.ts'

/** Which pod is which: names, ordinals, labels, volumes. Source: stateful_set_utils.go */
const nameLabel = 'statefulset.kubernetes.io/pod-name', indexLabel = 'apps.kubernetes.io/pod-index'

/** Set and ordinal by the pod's name; ordinal -1: it has none. */
export function parentAndOrdinal(name: string): { readonly parent: string; readonly ordinal: number } {
  const match = /^(.*)-(\d+)$/s.exec(name)
  if (!match) return { parent: '', ordinal: -1 }
  return { parent: match[1], ordinal: Number(match[2]) <= 2_147_483_647 ? Number(match[2]) : -1 }
}
export const ordinalOf = (pod: KubeObject): number => parentAndOrdinal(pod.metadata.name).ordinal
export const startOrdinal = (set: KubeObject): number => set.spec.ordinals?.start ?? 0
export const isInRange = (set: KubeObject, pod: KubeObject): boolean => {
  const n = ordinalOf(pod) - startOrdinal(set)
  return ordinalOf(pod) >= 0 && n >= 0 && n < set.spec.replicas
}
export const isMemberOf = (set: KubeObject, pod: KubeObject): boolean => parentAndOrdinal(pod.metadata.name).parent === set.metadata.name
export const revisionNameOf = (pod: KubeObject): string => pod.metadata.labels?.[podRevisionLabel] ?? ''

export const claimName = (set: KubeObject, template: any, ordinal: number): string => `${template.metadata.name}-${set.metadata.name}-${ordinal}`
export const claimTemplates = (set: KubeObject): readonly any[] => set.spec.volumeClaimTemplates ?? []

/** A pod that is to be: it has no phase yet. */
export function newPod(set: KubeObject, revision: Revision, ordinal: number): KubeObject {
  const pod = podFromTemplate(set, templateOf(revision)), name = `${set.metadata.name}-${ordinal}`
  const labels = { ...pod.metadata.labels, [nameLabel]: name, [indexLabel]: String(ordinal), [podRevisionLabel]: revision.metadata.name }
  return {
    ...pod, metadata: { ...pod.metadata, name, namespace: set.metadata.namespace, labels },
    spec: { ...withClaims(set, pod.spec, ordinal), hostname: name, ...set.spec.serviceName ? { subdomain: set.spec.serviceName } : undefined },
  }
}
/** Below the partition pods keep the current revision. Source: newVersionedStatefulSetPod */
export function keepsCurrent(set: KubeObject, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy
  return type === 'RollingUpdate' && ordinal - startOrdinal(set) < (rollingUpdate ? rollingUpdate.partition ?? 0 : set.status?.currentReplicas ?? 0)
}
function withClaims(set: KubeObject, spec: any, ordinal: number): any {
  const templates = claimTemplates(set)
  if (templates.length === 0) return spec
  const own = new Set(templates.map(t => t.metadata.name))
  const claims = templates.map(t => ({ name: t.metadata.name, persistentVolumeClaim: { claimName: claimName(set, t, ordinal) } }))
  return { ...spec, volumes: [...claims, ...(spec.volumes ?? []).filter((v: any) => !own.has(v.name))] }
}

export const identityMatches = (set: KubeObject, pod: KubeObject): boolean =>
  isMemberOf(set, pod) && ordinalOf(pod) >= 0 && pod.metadata.labels?.[nameLabel] === pod.metadata.name
    && pod.metadata.labels?.[indexLabel] === String(ordinalOf(pod))
export const storageMatches = (set: KubeObject, pod: KubeObject): boolean =>
  claimTemplates(set).every(t =>
    pod.spec.volumes?.some((v: any) => v.name === t.metadata.name && v.persistentVolumeClaim?.claimName === claimName(set, t, ordinalOf(pod))))
/** The pod with its labels and volumes put right. */
export function mended(set: KubeObject, pod: KubeObject): KubeObject {
  const labels = { ...pod.metadata.labels, [nameLabel]: pod.metadata.name, [indexLabel]: String(ordinalOf(pod)) }
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: storageMatches(set, pod) ? pod.spec : withClaims(set, pod.spec, ordinalOf(pod)) }
}
