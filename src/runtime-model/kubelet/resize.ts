import { unitsOf } from '../api/quantity.ts'
import { allocatedResources, asAllocated, retryResizes, tellResize } from './allocation.ts'
import { findContainer } from './containers.ts'
import type { Session } from './session.ts'
import { same } from './status/patch.ts'
import type { Busy, Worker } from './worker.ts'

/**
 * CPU and memory of running containers changed in place: how what has been granted is applied, and told. Source: pkg/kubelet/events/resize.go,
 * pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodResizeAction), pkg/kubelet/status/status_manager.go
 */
/**
 * Resources of a container's status: what has been granted, with the values of what is applied, of its own or by its whole pod's limits. Of cpu that nobody
 * asks for it has the shares of its limit, or the fewest there are. Source: pkg/kubelet/kubelet_pods.go (convertContainerStatusResources)
 */
export function appliedResources(worker: Worker, container: any): any {
  const granted = allocatedResources(worker, container), own = worker.resize?.applied[container.name] ?? granted, whole = worker.pod.spec.resources?.limits
  if (own === granted && !whole) return granted
  const limits = granted.limits && { ...granted.limits, ...whole, ...own.limits }
  const requests = granted.requests && { ...granted.requests, ...sharesOf(own, whole, granted.requests), ...own.requests }
  return { ...granted, ...limits ? { limits } : undefined, ...requests ? { requests } : undefined }
}
function sharesOf({ limits }: any, whole: any, requests: any): { readonly cpu?: string } | undefined {
  const cpu = limits?.cpu ?? whole?.cpu ?? (requests.cpu === undefined ? undefined : fewestShares)
  return cpu === undefined ? undefined : { cpu }
}
const fewestShares = '2m'

/** The memory limit of a container of these resources, its own or that of its whole pod, as the runtime is told it. Source: getMemoryLimit */
export function memoryLimit(resources: any, pod: any): { readonly memoryLimit?: number } {
  const limit = resources?.limits?.memory ?? pod.spec.resources?.limits?.memory
  return limit === undefined ? NO_LIMIT : { memoryLimit: unitsOf(limit) }
}
const NO_LIMIT = Object.freeze({})

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
  tellResize(session, worker, 'Completed', asAllocated(worker))
  worker.resize = { ...resize, progress: undefined }
  retryResizes(session)
}
/** At the end of a sync: the runtime has been told of the containers that ran when it began; those that it has started are the next one's. */
export function resizeApplied(session: Session, worker: Worker, { runtime }: Busy): void {
  const { resize } = worker
  if (!resize?.progress || same(resize.applied, resize.allocated)) return
  const started = (name: string): boolean =>
    findContainer(worker.latest, name)?.state === 'running' && findContainer(runtime, name)?.id !== findContainer(worker.latest, name)!.id
  const applied = Object.fromEntries(Object.entries(resize.allocated).map(([name, to]) => [name, started(name) ? resize.applied[name] : to]))
  worker.resize = { ...resize, applied }
  for (const { name, behaviour, state } of worker.latest?.containers ?? []) {
    if (state === 'running' && behaviour.uses?.memory) {
      session.cri(
        worker, {
          call: 'update', uid: worker.uid, container: name, ...memoryLimit(applied[name], worker.pod),
        }, { for: 'cri', uid: worker.uid, step: 'update' }
      )
    }
  }
  session.record({ type: 'cri', node: session.node, call: 'update container resources', pod: worker.pod.metadata.name, uid: worker.uid })
  worker.wanted = true
}

export function resizeConditions(session: Session, { resize, pod }: Worker): readonly any[] {
  const generation = session.generationSeen(pod)
  return [
    ...resize?.pending
      ? [{
        type: 'PodResizePending', observedGeneration: generation, status: 'True', lastProbeTime: resize.pending.at, lastTransitionTime: resize.pending.since,
        reason: resize.pending.reason, message: resize.pending.message,
      }]
      : [],
    ...resize?.progress
      ? [{
        type: 'PodResizeInProgress', observedGeneration: generation && resize.progress.generation, status: 'True', lastProbeTime: resize.progress.at,
        lastTransitionTime: resize.progress.at,
      }]
      : [],
  ]
}
