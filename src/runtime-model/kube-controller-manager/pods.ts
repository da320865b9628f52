import { controllerOf } from './controller.ts'
import type { Index } from './controller.ts'
import { sameLabels } from './indexes.ts'
import { parseTime } from '../api/time.ts'
import type { KubeObject, OwnerReference } from '../api/request.ts'
import { dns1123Subdomain } from '../api/names.ts'

/** What controllers ask of pods. Sources: pkg/api/v1/pod/util.go, pkg/controller/controller_utils.go. */
export const isFinished = (pod: KubeObject): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
/** neither finished nor being deleted */
export const isActive = (pod: KubeObject): boolean => !isFinished(pod) && pod.metadata.deletionTimestamp === undefined
/** being deleted and not finished */
export const isTerminating = (pod: KubeObject): boolean => !isFinished(pod) && pod.metadata.deletionTimestamp !== undefined
export const conditionOf = (object: KubeObject, type: string): any => object.status?.conditions?.find((c: any) => c.type === type)
export const isReady = (pod: KubeObject): boolean => conditionOf(pod, 'Ready')?.status === 'True'
/** calendar ms since which the pod is Ready; NaN: it is not */
export const readySince = (pod: KubeObject): number => isReady(pod) ? parseTime(conditionOf(pod, 'Ready').lastTransitionTime ?? '') : NaN
/** Ready for `minReadySeconds` at least. */
export const isAvailable = (pod: KubeObject, minReadySeconds: number, nowMs: number): boolean =>
  isReady(pod) && (minReadySeconds === 0 || readySince(pod) + minReadySeconds * 1000 <= nowMs)

export const controllerReference = (owner: KubeObject): OwnerReference =>
  ({ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, controller: true, blockOwnerDeletion: true })

/** A pod to create from an owner's template. Source: GetPodFromTemplate */
export function podFromTemplate(owner: KubeObject, template: any): any {
  const { labels, annotations, finalizers } = template.metadata ?? {}, prefix = `${owner.metadata.name}-`
  const generateName = dns1123Subdomain(`${prefix}x`).length === 0 ? prefix : owner.metadata.name
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      generateName, ...labels ? { labels } : undefined, ...annotations ? { annotations } : undefined, ...finalizers ? { finalizers } : undefined,
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  }
}

const labelsText = (labels: Readonly<Record<string, string>> | undefined): string => Object.entries(labels ?? {}).map(([k, v]) => `${k}=${v}`).sort().join()
/** key of `podsByControllerAndLabels` */
export const ownerAndLabels = (uid: string, labels: Readonly<Record<string, string>> | undefined): string => `${uid} ${labelsText(labels)}`
/**
 * Pods by the uid of their controller and all their labels: as long as all pods of a controller stand under one key, the counts there tell what
 * a list would. Terminating and ready pods are counted apart.
 */
export const podsByControllerAndLabels: Index = {
  name: 'pods by controller and labels', resource: 'pods', sameKeys: (a, b) => sameLabels(a, b) && controllerOf(a)?.uid === controllerOf(b)?.uid,
  keysOf: pod => { const owner = controllerOf(pod); return owner ? [ownerAndLabels(owner.uid, pod.metadata.labels)] : [] },
  counts: { active: pod => isActive(pod) ? 1 : 0, ready: pod => isActive(pod) && isReady(pod) ? 1 : 0, terminating: pod => isTerminating(pod) ? 1 : 0 },
}
