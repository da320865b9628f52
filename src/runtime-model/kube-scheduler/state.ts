import { PersistentMap } from '../../base/persistent-map.ts'
import { claimsResource } from '../api/device-claims.ts'
import type { KubeObject } from '../api/request.ts'
import { registry } from '../kinds/index.ts'
import type { Identity } from '../network/client.ts'
import type { Effect, StepContext } from '../kernel/actor.ts'
import { addWatched, emptyInformers, store } from '../network/informer.ts'
import type { Delta, Informers, Watched } from '../network/informer.ts'
import { newElection } from '../network/leader-election.ts'
import type { Election, ElectionOptions } from '../network/leader-election.ts'
import { eventRecorder } from '../network/events.ts'
import type { EventRecorder } from '../network/events.ts'
import { NodeTable } from './node-table.ts'
import { classesResource, slicesResource } from './devices/allocate.ts'
import type { ClusterView } from './plugin.ts'
import type { DeviceWork } from './plugins/dynamic-resources.ts'
import type { PodInfo } from './pod-info.ts'
import { SchedulingQueue } from './queue.ts'
import type { Queued } from './queue.ts'

export const identity: Identity = { credentials: { user: 'system:kube-scheduler', groups: [] }, userAgent: 'kube-scheduler' }
export const schedulerName = 'default-scheduler'
export const election: ElectionOptions = { component: 'kube-scheduler', lease: 'kube-scheduler', identity, releases: true, eventSource: schedulerName }

const resources = [
  'nodes', 'pods', 'services', 'replicasets.apps', 'statefulsets.apps', 'replicationcontrollers', 'persistentvolumeclaims', 'persistentvolumes',
  'storageclasses.storage.k8s.io', 'poddisruptionbudgets.policy', 'namespaces',
]
/** Kinds that the model does not know are nobody's to watch. */
export const watched: readonly Watched[] = resources.filter(r => registry.byResource(r)?.modelled).map(resource => {
  const { version } = registry.byResource(resource)!
  return { key: resource, resource, version }
})

/** Watched from when a class or a volume of a driver comes: nothing else needs it. */
const later: readonly Watched[] = ['csinodes.storage.k8s.io', 'csidrivers.storage.k8s.io', 'csistoragecapacities.storage.k8s.io'].map(resource =>
  ({ key: resource, resource, version: registry.byResource(resource)?.version }))
const withLater: readonly Watched[] = [...watched, ...later]
/** …and these from when a pod comes that claims devices */
export const deviceWatches: readonly Watched[] = [claimsResource, slicesResource, classesResource].map(resource => ({ key: resource, resource }))
const withDevices: readonly Watched[] = [...watched, ...deviceWatches], withBoth: readonly Watched[] = [...withLater, ...deviceWatches]
const simple = ['kubernetes.io/no-provisioner', 'rancher.io/local-path']
export const watchedNow = ({ numbers }: SchedulerState): readonly Watched[] =>
  numbers.has('devices') ? numbers.has('drivers') ? withBoth : withDevices : numbers.has('drivers') ? withLater : watched
export const wake = (state: SchedulerState, deltas: readonly Delta[], context: StepContext): Effect[] =>
  [...wakeForDrivers(state, deltas, context), ...wakeForDevices(state, deltas, context)]
function wakeForDevices({ numbers, informers }: SchedulerState, deltas: readonly Delta[], context: StepContext): Effect[] {
  if (numbers.has('devices') || !deltas.some(({ key, new: o }) => key === 'pods' && o?.spec.resourceClaims?.length > 0)) return NO_EFFECTS
  numbers.set('devices', context.now)
  return deviceWatches.map(w => addWatched(informers, w, identity, context))
}
const NO_EFFECTS: Effect[] = []
function wakeForDrivers({ numbers, informers }: SchedulerState, deltas: readonly Delta[], context: StepContext): Effect[] {
  if (numbers.has('drivers')
    || !deltas.some(({ key, new: o }) =>
      o && (key === 'persistentvolumes' ? o.spec.csi !== undefined : key === 'storageclasses.storage.k8s.io' && !simple.includes(o.provisioner)))) {
    return []
  }
  numbers.set('drivers', context.now)
  return later.map(w => addWatched(informers, w, identity, context))
}

/** What a request in flight is for. */
export type Flight =
  | { readonly kind: 'bind' | 'claim'; readonly queued: Queued; readonly node: string }
  /** `work`: claims that are still to be written, the first of them in flight; its finalizer first, where it gets devices */
  | { readonly kind: 'devices'; readonly queued: Queued; readonly node: string; readonly work: readonly DeviceWork[]; readonly step: 'hold' | 'reserve' }
  | { readonly kind: 'status' }
  | { readonly kind: 'disrupt' | 'evict'; readonly victim: PodInfo; readonly preemptor: PodInfo; readonly node: string; readonly last: boolean }

/** A pod whose claims must be bound before it is; `claims` are still to come. */
export interface Binding { readonly queued: Queued; readonly node: string; readonly since: number }

export interface SchedulerState {
  readonly minorVersion: number
  /** calendar ms until which its kubeconfig's certificate is valid */
  readonly certificateUntilMs?: number
  readonly informers: Informers
  readonly election: Election
  readonly recorder: EventRecorder
  readonly nodes: NodeTable
  readonly queue: SchedulingQueue
  readonly flights: PersistentMap<Flight>
  /** namespace → its Services */
  readonly services: PersistentMap<readonly KubeObject[]>
  /** pods with a node that only this scheduler knows of yet → that node */
  readonly assumed: PersistentMap<string>
  /** pods that were promised a node by preemption → the node */
  readonly promises: PersistentMap<{ readonly node: string; readonly info: PodInfo }>
  /** preemptors whose victims are being ended → how many requests that takes still */
  readonly preempting: PersistentMap<number>
  readonly bindings: PersistentMap<Binding>
  /** claims with devices that only this scheduler knows of yet */
  readonly devices: PersistentMap<KubeObject>
  readonly numbers: PersistentMap<number>
}

export const initialState = (version: string, certificateUntilMs?: number): SchedulerState => ({
  certificateUntilMs,
  minorVersion: Number(version.split('.')[1]),
  informers: emptyInformers(watched), election: newElection(), recorder: eventRecorder(schedulerName, { shape: 'events.k8s.io' }), nodes: new NodeTable(),
  queue: new SchedulingQueue(),
  flights: new PersistentMap(), services: new PersistentMap(), assumed: new PersistentMap(), promises: new PersistentMap(), preempting: new PersistentMap(),
  bindings: new PersistentMap(), devices: new PersistentMap(), numbers: new PersistentMap(),
})

/** What plugins see of the informers' stores. */
export function viewOf({ informers, services, devices }: SchedulerState): ClusterView {
  const newest = (resource: string, key: string, object: KubeObject): KubeObject => resource === claimsResource ? devices.get(key) ?? object : object
  return {
    get: (resource, namespace, name) => {
      const key = `${namespace}/${name}`, object = store(informers, resource)?.get(key)
      return object && devices.size > 0 ? newest(resource, key, object) : object
    },
    list: resource => store(informers, resource)?.sorted().map(([key, object]) => devices.size > 0 ? newest(resource, key, object) : object) ?? [],
    servicesIn: namespace => services.get(namespace) ?? [],
    namespaceLabels: namespace => store(informers, 'namespaces')?.get(`/${namespace}`)?.metadata.labels,
  }
}
export const eventTarget = (pod: KubeObject): { apiVersion: string; kind: string; namespace?: string; name: string; uid: string; resourceVersion: string } =>
  ({
    kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid, apiVersion: 'v1',
    resourceVersion: pod.metadata.resourceVersion,
  })
