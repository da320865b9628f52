import { formatTime } from '../api/time.ts'
import { unitsOf } from '../api/quantity.ts'
import { amount, requestsOf } from './admission.ts'
import { findContainer, isSidecar } from './containers.ts'
import { want } from './pod-worker.ts'
import type { Session } from './session.ts'
import type { Worker } from './state.ts'
import { same } from './status/patch.ts'

/**
 * CPU and memory of running containers changed in place: what is allocated, what is applied, and why a change waits. Source:
 * pkg/kubelet/allocation/allocation_manager.go, pkg/kubelet/events/resize.go, kuberuntime_manager.go (computePodResizeAction)
 */
export interface Resize {
  /** container → resources that the kubelet has granted, and that the runtime has been told */
  readonly allocated: Readonly<Record<string, any>>
  readonly applied: Readonly<Record<string, any>>
  readonly pending?: { readonly reason: 'Infeasible' | 'Deferred'; readonly message: string; readonly at: string; readonly since: string }
  readonly progress?: { readonly at: string; readonly generation: number }
}

const resourcesIn = (pod: any): Record<string, any> =>
  Object.fromEntries([...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((c: any) => [c.name, c.resources ?? {}]))
/** The pod as the node counts it: with what it has been granted. */
export function asAllocated(worker: Worker): any {
  const { resize, pod } = worker
  if (!resize) return pod
  const granted = (list: readonly any[] | undefined): any => list?.map(c => ({ ...c, resources: resize.allocated[c.name] ?? c.resources }))
  return {
    ...pod,
    spec: {
      ...pod.spec, containers: granted(pod.spec.containers), ...pod.spec.initContainers ? { initContainers: granted(pod.spec.initContainers) } : undefined,
    },
  }
}
/**
 * Resources of a container's status: what is applied. One that has a limit of its own also shows what the limit of its whole pod
 * makes of the other resource. Source: pkg/kubelet/kubelet_pods.go (convertContainerStatusResources)
 */
export function appliedResources(worker: Worker, container: any): any {
  const own = worker.resize?.applied[container.name] ?? container.resources ?? {}, whole = worker.pod.spec.resources?.limits
  if (!own.limits || !whole) return own
  const { cpu, memory } = { ...whole, ...own.limits }
  return { ...own, limits: { ...own.limits, ...cpu === undefined ? undefined : { cpu }, ...memory === undefined ? undefined : { memory } } }
}
export const allocatedResources = (worker: Worker, container: any): any => worker.resize?.allocated[container.name] ?? container.resources ?? {}

/** The memory limit of a container of these resources, its own or that of its whole pod, as the runtime is told it. Source: getMemoryLimit */
export function memoryLimit(resources: any, pod: any): { readonly memoryLimit?: number } {
  const limit = resources?.limits?.memory ?? pod.spec.resources?.limits?.memory
  return limit === undefined ? NO_LIMIT : { memoryLimit: unitsOf(limit) }
}
const NO_LIMIT = Object.freeze({})

/** The spec asks for other resources than before, or room may have been made. */
export function considerResize(session: Session, worker: Worker, before: any): void {
  const granted = worker.resize?.allocated ?? resourcesIn(before), wanted = resourcesIn(worker.pod)
  if (same(granted, wanted)) { if (worker.resize?.pending) { worker.resize = { ...worker.resize, pending: undefined }; want(session, worker) } return }
  const kept: Resize = worker.resize ?? { allocated: granted, applied: granted }, refused = refusal(session, worker), stamp = formatTime(session.context.wallMs)
  if (refused) {
    const { pending } = kept
    if (pending?.message === refused.message && pending.reason === refused.reason) { worker.resize = kept; return }
    worker.resize = { ...kept, pending: { ...refused, at: stamp, since: pending?.since ?? stamp } }
    session.podEvent(worker, 'Warning', `Resize${refused.reason}`, `Pod resize ${refused.reason}: ${told(worker, refused.message)}`)
  } else {
    worker.resize = {
      allocated: wanted, applied: appliedAtOnce(worker, kept.applied, wanted), progress: { at: stamp, generation: worker.pod.metadata.generation ?? 0 },
    }
    session.podEvent(worker, 'Normal', 'ResizeStarted', `Pod resize started: ${told(worker)}`)
  }
  want(session, worker)
}
/** What does not run has nothing to be told: it starts with what it has been granted. Source: kubelet.go (isPodResizeInProgress) */
function appliedAtOnce(worker: Worker, before: Resize['applied'], wanted: Resize['allocated']): Resize['applied'] {
  return Object.fromEntries(Object.keys(wanted).map(name => [name, findContainer(worker.latest, name)?.state === 'running' ? before[name] : wanted[name]]))
}
function refusal(session: Session, worker: Worker): { readonly reason: 'Infeasible' | 'Deferred'; readonly message: string } | undefined {
  const allocatable: any = session.state.node.object?.status ? (session.state.node.object.status as any).allocatable : {}
  for (const [resource, requested] of requestsOf(worker.pod)) {
    if (resource !== 'cpu' && resource !== 'memory') continue
    const capacity = amount(resource, allocatable[resource])
    if (requested > capacity) {
      return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${resource}, requested: ${requested}, capacity: ${capacity}` }
    }
    let used = 0
    for (const other of session.state.workers.values()) {
      if (other.uid !== worker.uid && other.stage !== 'finished') used += requestsOf(asAllocated(other)).get(resource) ?? 0
    }
    if (used + requested > capacity) {
      return { reason: 'Deferred', message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}` }
    }
  }
  return undefined
}
/** A pod has gone, or has given something away: who waits for its room may have it. Source: allocation_manager.go (RetryPendingResizes) */
export function retryResizes(session: Session): void {
  for (const { uid, resize } of [...session.state.workers.values()]) {
    if (resize?.pending?.reason === 'Deferred') { const worker = session.worker(uid)!; considerResize(session, worker, worker.pod) }
  }
}

const sorted = (value: any): any => value && typeof value === 'object' ? Object.fromEntries(Object.keys(value).sort().map(k => [k, sorted(value[k])])) : value
const resourcesOf = (c: any): any => ({ name: c.name, resources: sorted(c.resources ?? {}) })
const told = (worker: Worker, error?: string): string => {
  const { spec, metadata } = worker.pod, sidecars = (spec.initContainers ?? []).filter(isSidecar)
  return JSON.stringify({
  ...sidecars.length > 0 ? { initContainers: sidecars.map(resourcesOf) } : undefined, containers: spec.containers.map(resourcesOf),
  generation: metadata.generation,
  ...error ? { error } : undefined,
  })
}

/** Containers that have to start anew for their new resources. */
export function restartedForResize(worker: Worker, container: any): boolean {
  const { resize } = worker
  if (!resize || same(resize.applied[container.name], resize.allocated[container.name])) return false
  const changed = (name: string): boolean =>
    ['requests', 'limits'].some(kind => resize.applied[container.name]?.[kind]?.[name] !== resize.allocated[container.name]?.[kind]?.[name])
  return container.resizePolicy?.some((p: any) => p.restartPolicy === 'RestartContainer' && changed(p.resourceName)) ?? false
}

/** At the begin of a sync: what was applied in the one before is seen to be so. */
export function resizeSeen(session: Session, worker: Worker): void {
  const { resize } = worker
  if (!resize?.progress || !same(resize.applied, resize.allocated)) return
  session.podEvent(worker, 'Normal', 'ResizeCompleted', `Pod resize completed: ${told(worker)}`)
  worker.resize = { ...resize, progress: undefined }
  retryResizes(session)
}
/** At the end of a sync: the runtime has been told. */
export function resizeApplied(session: Session, worker: Worker): void {
  const { resize } = worker
  if (!resize?.progress || same(resize.applied, resize.allocated)) return
  worker.resize = { ...resize, applied: resize.allocated }
  for (const { name, behaviour, state } of worker.latest?.containers ?? []) {
    if (state === 'running' && behaviour.uses?.memory) {
      session.cri(
        worker, {
          call: 'update', uid: worker.uid, container: name, ...memoryLimit(resize.allocated[name], worker.pod),
        }, { for: 'cri', uid: worker.uid, step: 'update' }
      )
    }
  }
  session.record({ type: 'cri', node: session.node, call: 'update container resources', pod: worker.pod.metadata.name, uid: worker.uid })
  worker.wanted = true
}

export function resizeConditions({ resize, pod }: Worker): readonly any[] {
  const generation = pod.metadata.generation
  return [
    ...resize?.pending
      ? [{
        type: 'PodResizePending', observedGeneration: generation, status: 'True', lastProbeTime: resize.pending.at, lastTransitionTime: resize.pending.since,
        reason: resize.pending.reason, message: resize.pending.message,
      }]
      : [],
    ...resize?.progress
      ? [{
        type: 'PodResizeInProgress', observedGeneration: resize.progress.generation, status: 'True', lastProbeTime: resize.progress.at,
        lastTransitionTime: resize.progress.at,
      }]
      : [],
  ]
}
