import { formatTime } from '../api/time.ts'
import { qosClass } from '../kinds/pod-spec/qos.ts'
import { findContainer } from './containers.ts'
import { amount, requestsOf } from './requests.ts'
import type { Session } from './session.ts'
import type { KubeletState } from './state.ts'
import { same } from './status/patch.ts'
import type { Worker } from './worker.ts'

/** Who of the pods of a node has been granted which resources, and who waits for them. Source: pkg/kubelet/allocation/allocation_manager.go */
export interface Resize {
  /** container → resources that the kubelet has granted, and that the runtime has been told */
  readonly allocated: Readonly<Record<string, any>>
  readonly applied: Readonly<Record<string, any>>
  readonly pending?: { readonly reason: Refusal; readonly message: string; readonly at: string; readonly since: string }
  readonly progress?: { readonly at: string; readonly generation: number }
}

/** for ever, or until there is room */
type Refusal = 'Infeasible' | 'Deferred'

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
export const allocatedResources = (worker: Worker, container: any): any => worker.resize?.allocated[container.name] ?? container.resources ?? {}

/** Resources that a container is made with: what it had been granted when the sync began that makes it. */
export function startsWith(worker: Worker, container: any): any {
  const resources = worker.busy!.granted?.[container.name] ?? container.resources ?? {}, { resize } = worker
  if (resize) worker.resize = { ...resize, applied: { ...resize.applied, [container.name]: resources } }
  return resources
}

/** The spec asks for other resources than before: with those that wait, in order of their urgency. Source: kubelet.go (HandlePodUpdates) */
export function considerResize(session: Session, worker: Worker, before: any): void {
  const wanted = resourcesIn(worker.pod)
  if (same(resourcesIn(before), wanted)) return
  worker.resize ??= { allocated: resourcesIn(before), applied: resourcesIn(before) }
  if (same(worker.resize.allocated, wanted)) {
    worker.resize = { ...worker.resize, pending: undefined }
    return session.want(worker)
  }
  decideInTurn(session, [...deferred(session).filter(w => w !== worker), worker])
}
/** A pod has gone, or has been given what it wanted: who waits for room may have it. Source: allocation_manager.go (RetryPendingResizes) */
export function retryResizes(session: Session): void { decideInTurn(session, deferred(session)) }
/** A pod has ended but is not gone: who waits for its room has it with the next try, three minutes after the last. Source: allocation_manager.go (Run) */
export function roomLeft(session: Session): void {
  const { resizesTriedAt } = session.state
  if (![...session.state.workers.values()].some(isDeferred)) return
  session.timer('resizes', resizesTriedAt + (Math.floor((session.now - resizesTriedAt) / retryMs) + 1) * retryMs)
}
export function resizeTimer(session: Session, key: string): boolean {
  if (key !== 'resizes') return false
  retryResizes(session)
  return true
}
const retryMs = 180_000
const isDeferred = ({ resize }: Worker): boolean => resize?.pending?.reason === 'Deferred'
const deferred = (session: Session): Worker[] =>
  [...session.state.workers.values()].filter(isDeferred).map(w => session.worker(w.uid)!)
function decideInTurn(session: Session, workers: readonly Worker[]): void {
  if (workers.length > 0) session.state = { ...session.state, resizesTriedAt: session.now }
  for (const worker of workers.toSorted(byUrgency)) decide(session, worker)
}
/**
 * Who asks for no more comes first, then by priority, by class of service, and by how long it has waited already. Source: allocation_manager.go
 * (sortPendingResizes)
 */
function byUrgency(a: Worker, b: Worker): number {
  const guaranteed = ({ pod }: Worker): number => qosClass(pod.spec) === 'Guaranteed' ? 1 : 0, priority = ({ pod }: Worker): number => pod.spec.priority ?? 0
  return Number(asksForMore(a)) - Number(asksForMore(b)) || priority(b) - priority(a) || guaranteed(b) - guaranteed(a) || order(waitsSince(a), waitsSince(b))
}
const waitsSince = ({ resize }: Worker): string => resize?.pending?.since ?? '~'
const order = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
function asksForMore(worker: Worker): boolean {
  const now = requestsOf(asAllocated(worker))
  return [...requestsOf(worker.pod)].some(([resource, amount]) => amount > (now.get(resource) ?? 0))
}

// ---- over a new start of the kubelet
/** What lies on the disk when a process ends: what each pod has been granted, as of its admission or its last resize. */
export function allocationsOf({ workers, allocations }: KubeletState): KubeletState['allocations'] {
  const now = [...workers.values()].map(w => [w.uid, w.resize ?? { allocated: resourcesIn(w.pod), applied: resourcesIn(w.pod) }] as const)
  return { ...allocations, ...Object.fromEntries(now) }
}
/** A pod that this node had before is what it has been granted, whatever its spec says by now. Source: allocation_manager.go (AddPod) */
export function takeUpAllocation({ state: { allocations } }: Session, worker: Worker): void {
  const kept = allocations[worker.uid]
  if (kept && !same(kept, { allocated: resourcesIn(worker.pod), applied: resourcesIn(worker.pod) })) {
    worker.resize = { ...kept, applied: appliedAtOnce(worker, kept.applied, kept.allocated) }
  }
}
/** Once all pods are known: what their specs ask for that they have not been granted. Source: kubelet.go (HandlePodAdditions) */
export function resizesSince(session: Session): void {
  session.state = { ...session.state, allocations: {} }
  const wanting = [...session.state.workers.values()].filter(w => w.resize && w.stage === 'sync' && !same(w.resize.allocated, resourcesIn(w.pod)))
  decideInTurn(session, wanting.map(w => session.worker(w.uid)!))
}

function decide(session: Session, worker: Worker): void {
  const wanted = resourcesIn(worker.pod), kept = worker.resize!, refused = refusal(session, worker), stamp = formatTime(session.context.wallMs)
  if (refused) {
    const { pending } = kept
    if (pending?.message === refused.message && pending.reason === refused.reason) return
    worker.resize = { ...kept, pending: { ...refused, at: stamp, since: pending?.since ?? stamp } }
    tellResize(session, worker, refused.reason, worker.pod, refused.message)
  } else {
    worker.resize = {
      allocated: wanted, applied: appliedAtOnce(worker, kept.applied, wanted), progress: { at: stamp, generation: worker.pod.metadata.generation ?? 0 },
    }
    tellResize(session, worker, 'Started', worker.pod)
  }
  session.want(worker)
}
/**
 * What does not run has nothing to be told: it starts with what it has been granted, but for one that a sync under way starts with what it knew. Source:
 * kubelet.go (isPodResizeInProgress)
 */
function appliedAtOnce(worker: Worker, before: Resize['applied'], wanted: Resize['allocated']): Resize['applied'] {
  const holds = (name: string): boolean =>
    findContainer(worker.latest, name)?.state === 'running' || worker.busy?.actions.some(a => a.do === 'start' && a.container === name) === true
  return Object.fromEntries(Object.keys(wanted).map(name => [name, holds(name) ? before[name] : wanted[name]]))
}
function refusal(session: Session, worker: Worker): { readonly reason: Refusal; readonly message: string } | undefined {
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

const sorted = (value: any): any => value && typeof value === 'object' ? Object.fromEntries(Object.keys(value).sort().map(k => [k, sorted(value[k])])) : value
const resourcesOf = (c: any): any => ({ name: c.name, resources: sorted(c.resources ?? {}) })
/**
 * Tells in an Event what the containers of this pod are to have; before 1.35 only that it is done, and before 1.34 nothing.
 * Source: pkg/kubelet/events/resize.go, CHANGELOG-1.35.md
 */
export function tellResize(session: Session, worker: Worker, what: 'Started' | 'Completed' | Refusal, { spec, metadata }: any, error?: string): void {
  const minor = session.minorVersion, init = spec.initContainers ?? []
  if (minor < (what === 'Completed' ? 34 : 35)) return
  const text = JSON.stringify({
    ...init.length > 0 ? { initContainers: init.map(resourcesOf) } : undefined, containers: spec.containers.map(resourcesOf),
    ...minor >= 35 ? { generation: metadata.generation } : undefined, ...error ? { error } : undefined,
  })
  if (error !== undefined) session.podEvent(worker, 'Warning', `Resize${what}`, `Pod resize ${what}: ${text}`)
  else session.podEvent(worker, 'Normal', `Resize${what}`, `Pod resize ${what.toLowerCase()}: ${text}`)
}
