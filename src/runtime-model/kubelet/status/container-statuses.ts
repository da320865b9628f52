import { formatTime } from '../../api/time.ts'
import type { PodRuntime, RuntimeContainer } from '../../api/cri.ts'
import { shouldRestart } from '../containers.ts'

/**
 * Container statuses as the API shows them, from what the runtime said at the last relist, the status before, and why containers could
 * not be started. Source: pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses).
 */
export interface StatusInput {
  readonly pod: any
  readonly runtime: PodRuntime | undefined
  /** the status before */
  readonly old: any
  readonly reasons: Readonly<Record<string, { readonly reason: string; readonly message: string }>>
  readonly runtimeName: string
  /** resources of a container: granted, and applied */
  readonly allocated: (container: any) => any
  readonly applied: (container: any) => any
}

export type StatusList = 'initContainerStatuses' | 'containerStatuses' | 'ephemeralContainerStatuses'
const lists = { initContainerStatuses: 'initContainers', containerStatuses: 'containers', ephemeralContainerStatuses: 'ephemeralContainers' } as const

export function containerStatuses(input: StatusInput, list: StatusList): any[] | undefined {
  const init = list === 'initContainerStatuses', containers: readonly any[] = input.pod.spec[lists[list]] ?? []
  if (containers.length === 0) return undefined
  const before: readonly any[] = input.old?.[list] ?? []
  const made = containers.map(c => oneStatus(input, c, before.find(s => s.name === c.name), init))
  return init ? made : made.sort((a, b) => a.name < b.name ? -1 : 1)
}

function oneStatus(input: StatusInput, container: any, old: any, init: boolean): any {
  const runs = input.runtime?.containers.filter(c => c.name === container.name) ?? []
  const status = runs.length > 0 ? fromRuntime(input, container, runs, old) : fromBefore(input, container, old)
  // also a sidecar, which will be started again
  const done = init && runs[0]?.state === 'exited' && runs[0].exitCode === 0
  if (done || !shouldRestart(container, input.pod, input.runtime)) return status
  const reason = input.reasons[container.name]
  if (reason === undefined) return status
  const last = status.state.terminated ? { lastState: status.state } : undefined
  return { ...status, ...last, state: { waiting: reason.message ? { reason: reason.reason, message: reason.message } : { reason: reason.reason } } }
}

function fromRuntime(input: StatusInput, container: any, runs: readonly RuntimeContainer[], old: any): any {
  const [latest, previous] = runs, allocated = input.allocated(container)
  return {
    name: container.name, state: stateOf(latest, input.runtimeName),
    lastState: previous && previous.state === 'exited' ? stateOf(previous, input.runtimeName) : {}, ready: false, restartCount: latest.attempt,
    image: latest.image, imageID: latest.imageId, containerID: `${input.runtimeName}://${latest.id}`, started: false,
    ...allocated.requests ? { allocatedResources: allocated.requests } : undefined,
    resources: latest.state === 'running' ? input.applied(container) : allocated, ...mounts(container, old),
  }
}

export function stateOf(c: RuntimeContainer, runtimeName: string): any {
  if (c.state === 'created') return { waiting: {} }
  if (c.state === 'running') return { running: { startedAt: formatTime(c.startedMs) } }
  const { exitCode, reason, message } = c
  return {
    terminated: {
      exitCode, reason, ...message ? { message } : undefined, startedAt: formatTime(c.startedMs), finishedAt: formatTime(c.finishedMs),
      containerID: `${runtimeName}://${c.id}`,
    },
  }
}

/** The runtime knows no such container: it waits to be made, has ended before, or was lost. */
function fromBefore(input: StatusInput, container: any, old: any): any {
  if (old?.state?.terminated) return old
  const reason = input.pod.spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating'
  const status = {
    name: container.name, state: { waiting: { reason } }, lastState: old?.lastState ?? {}, ready: false, restartCount: old?.restartCount ?? 0,
    image: container.image, imageID: '', started: false, ...mounts(container, old),
  }
  if (!old?.state?.running || status.lastState.terminated) return status
  const terminated = {
    exitCode: 137, reason: 'ContainerStatusUnknown', message: 'The container could not be located when the pod was deleted.  The container used to be Running',
    startedAt: null, finishedAt: null,
  }
  return { ...status, lastState: { terminated }, restartCount: status.restartCount + (input.pod.metadata.deletionTimestamp ? 0 : 1) }
}

function mounts(container: any, old: any): any {
  if (old?.volumeMounts) return { volumeMounts: old.volumeMounts }
  const list: readonly any[] | undefined = container.volumeMounts
  if (!list?.length) return undefined
  return {
    volumeMounts: list.map(m => ({ name: m.name, mountPath: m.mountPath, ...m.readOnly ? { readOnly: true, recursiveReadOnly: 'Disabled' } : undefined })),
  }
}

/** For a pod that is over: every container has ended, whatever is known of it. Source: status_manager.go (TerminatePod) */
export function allTerminated(statuses: readonly any[]): any[] {
  return statuses.map(s => s.state?.terminated
    ? s
    : {
      ...s,
      state: {
        terminated: {
          exitCode: 137, reason: 'ContainerStatusUnknown', message: 'The container could not be located when the pod was terminated', startedAt: null,
          finishedAt: null,
        },
      },
    })
}
/**
 * Of init containers so are those up to the last that shows a trace of having been started, and the first in any case. Source: status_manager.go
 * (initializedContainers)
 */
export function begunTerminated(statuses: readonly any[]): any[] {
  const begun = statuses.findLastIndex(s => !s.state?.waiting || s.lastState?.terminated), count = Math.max(1, begun + 1)
  return [...allTerminated(statuses.slice(0, count)), ...statuses.slice(count)]
}
