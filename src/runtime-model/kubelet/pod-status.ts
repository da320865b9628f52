import { allocatedResources } from './allocation.ts'
import { isSidecar } from './containers.ts'
import { probed } from './prober.ts'
import { appliedResources, resizeConditions } from './resize.ts'
import type { Session } from './session.ts'
import { DEADLINE } from './status/conditions.ts'
import { generateStatus } from './status/generate.ts'
import type { Worker } from './worker.ts'

/** The status of a pod as its node has it now; `over`: nothing of it runs any more. Source: pkg/kubelet/kubelet_pods.go (generateAPIPodStatus) */
export function statusNow(session: Session, worker: Worker, over: boolean): any {
  // found, and told, whenever the pod's status is made: a worker that waits for volumes or a pull finds it later. Source: active_deadline.go (ShouldEvict)
  if (worker.eviction === DEADLINE) session.podEvent(worker, 'Normal', DEADLINE.reason, DEADLINE.message)
  return generateStatus({
    pod: worker.pod, generation: session.generationSeen(worker.pod), runtime: worker.runtime, old: worker.status, reasons: worker.reasons,
    runtimeName: session.runtimeName, hostIp: session.options.address, podIp: worker.ip, wallMs: session.context.wallMs, over, fromFile: worker.fromFile,
    eviction: worker.eviction, resizes: resizeConditions(session, worker),
    allocated: c => allocatedResources(worker, c), applied: c => appliedResources(worker, c),
    probed: (status, init) => probed(worker, status, init, session.state),
  })
}

/** A worker that ends its pod knows of the pod's status what the API says when it is woken. Source: kubelet.go (HandlePodSyncs) */
export function podSeen(worker: Worker): void { if (worker.stage === 'terminating') worker.begun = hasBegun(worker.pod) }
/** Source: status_manager.go (hasPodInitialized) */
export function hasBegun({ spec, status }: any): boolean {
  const last = spec.initContainers?.at(-1), own = last && status?.initContainerStatuses?.find((c: any) => c.name === last.name)
  if (!last || status?.containerStatuses?.some((c: any) => c.lastState?.terminated || !c.state?.waiting)) return true
  if (isSidecar(last)) return own?.state?.running !== undefined && own.started === true
  return [own?.lastState, own?.state].some(state => state?.terminated?.exitCode === 0)
}
