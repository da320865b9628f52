import type { KubeObject } from '../api/request.ts'
import { mapSelects } from '../api/selectors.ts'
import { controllerOf } from './controller.ts'
import type { Index, View } from './controller.ts'

/** Indexes that several controllers share; one that a single controller needs stands in its file. */
const controllerUid = (object: Parameters<Index['keysOf']>[0]): readonly string[] => { const owner = controllerOf(object); return owner ? [owner.uid] : [] }

/** pods by the uid of the object that controls them */
export const podsByController: Index = { name: 'pods by controller', resource: 'pods', keysOf: controllerUid }
/** pods by `spec.nodeName`; those without one are not in it */
export const podsByNode: Index = { name: 'pods by node', resource: 'pods', keysOf: pod => pod.spec.nodeName ? [pod.spec.nodeName] : [] }
/** pods without a controller, by namespace: what may be adopted */
export const orphanPodsByNamespace: Index = {
  name: 'orphan pods by namespace', resource: 'pods', keysOf: pod => controllerOf(pod) ? [] : [pod.metadata.namespace!],
}
export const replicaSetsByController: Index = { name: 'replicasets by controller', resource: 'replicasets.apps', keysOf: controllerUid }
/** what a pod without a controller may belong to */
export const replicaSetsByNamespace: Index = { name: 'replicasets by namespace', resource: 'replicasets.apps', keysOf: set => [set.metadata.namespace!] }
/** ReplicaSets without a controller, by namespace */
export const orphanReplicaSetsByNamespace: Index = {
  name: 'orphan replicasets by namespace', resource: 'replicasets.apps', keysOf: set => controllerOf(set) ? [] : [set.metadata.namespace!],
}
export const deploymentsByNamespace: Index = { name: 'deployments by namespace', resource: 'deployments.apps', keysOf: d => [d.metadata.namespace!] }
/** Services by namespace: those that select pods */
export const servicesByNamespace: Index = {
  name: 'services by namespace', resource: 'services', keysOf: service => service.spec.selector ? [service.metadata.namespace!] : [],
}
export function sameLabels(before: KubeObject, after: KubeObject): boolean {
  const a = before.metadata.labels, b = after.metadata.labels
  if (a === b) return true
  if (!a || !b) return false
  for (const key in a) if (a[key] !== b[key]) return false
  for (const key in b) if (!(key in a)) return false
  return true
}
/** pods by each of their labels, `namespace key=value`: a selector looks under its rarest label */
export const podsByLabel: Index = {
  name: 'pods by label', resource: 'pods', sameKeys: sameLabels,
  keysOf: pod => Object.entries(pod.metadata.labels ?? {}).map(([key, value]) => `${pod.metadata.namespace} ${key}=${value}`),
}

/** Pods of a namespace that a plain selector (`spec.selector` of a Service) selects, by name. */
export function podsSelected(view: View, namespace: string, selector: Readonly<Record<string, string>>): readonly KubeObject[] {
  const keys = Object.entries(selector).map(([key, value]) => `${namespace} ${key}=${value}`)
  if (keys.length === 0) return view.list('pods', namespace)
  const rarest = keys.reduce((a, b) => view.count(podsByLabel, b) < view.count(podsByLabel, a) ? b : a), pods = view.by(podsByLabel, rarest)
  return keys.length === 1 ? pods : pods.filter(pod => mapSelects(selector, pod.metadata.labels))
}
