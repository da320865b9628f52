import { controllerOf } from './controller.ts'
import type { Index } from './controller.ts'

/** Indexes that several controllers share; one that a single controller needs stands in its file. */
const controllerUid = (object: Parameters<Index['keysOf']>[0]): readonly string[] => { const owner = controllerOf(object); return owner ? [owner.uid] : [] }

/** pods by the uid of the object that controls them */
export const podsByController: Index = { name: 'pods by controller', resource: 'pods', keysOf: controllerUid }
/** pods by `spec.nodeName`; those without one are not in it */
export const podsByNode: Index = { name: 'pods by node', resource: 'pods', keysOf: pod => pod.spec.nodeName ? [pod.spec.nodeName] : [] }
/** pods without a controller, by namespace: what may be adopted */
export const orphanPodsByNamespace: Index = { name: 'orphan pods by namespace', resource: 'pods', keysOf: pod => controllerOf(pod) ? [] : [pod.metadata.namespace!] }
export const replicaSetsByController: Index = { name: 'replicasets by controller', resource: 'replicasets.apps', keysOf: controllerUid }
/** what a pod without a controller may belong to */
export const replicaSetsByNamespace: Index = { name: 'replicasets by namespace', resource: 'replicasets.apps', keysOf: set => [set.metadata.namespace!] }
/** ReplicaSets without a controller, by namespace */
export const orphanReplicaSetsByNamespace: Index = { name: 'orphan replicasets by namespace', resource: 'replicasets.apps', keysOf: set => controllerOf(set) ? [] : [set.metadata.namespace!] }
export const deploymentsByNamespace: Index = { name: 'deployments by namespace', resource: 'deployments.apps', keysOf: d => [d.metadata.namespace!] }
