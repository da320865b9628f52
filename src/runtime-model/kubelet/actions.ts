import type { PodRuntime, RuntimeContainer } from '../api/cri.ts'
import { findContainer, isRestartable, isSidecar, restartsOnFailure, shouldRestart } from './containers.ts'
import { graceMs } from './kill.ts'
import { failedProbe } from './prober.ts'
import { restartedForResize } from './resize.ts'
import type { Action, Worker } from './worker.ts'

/**
 * What SyncPod has to do. Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodActions), kuberuntime_container.go (computeInitContainerActions)
 */
export interface PodActions {
  killPod: boolean
  createSandbox: boolean
  readonly kills: { readonly container: string; readonly id: string; readonly message: string; readonly probe?: 'liveness' | 'startup' }[]
  initStarts: string[]
  /** containers that join a running pod: started once */
  readonly ephemeralStarts: string[]
  starts: string[]
}

export function computeActions(worker: Worker, runtimeName: string): PodActions {
  const { pod, runtime } = worker, changes: PodActions = { killPod: false, createSandbox: false, kills: [], initStarts: [], ephemeralStarts: [], starts: [] }
  if (!runtime?.sandbox?.ready) return newSandbox(pod, runtime, changes)
  for (const { name } of pod.spec.ephemeralContainers ?? []) if (!findContainer(runtime, name)) changes.ephemeralStarts.push(name)
  const initialized = initActions(worker, runtimeName, changes)
  if (changes.killPod || !initialized) return changes
  let kept = 0
  for (const container of pod.spec.containers) {
    const found = findContainer(runtime, container.name)
    if (found?.state !== 'running') { if (shouldRestart(container, pod, runtime)) changes.starts.push(container.name); continue }
    const probe = failedProbe(worker, `${runtimeName}://${found.id}`, container.name), changed = found.spec !== container.image
    if (!changed && !probe && restartedForResize(worker, container)) {
      changes.kills.push({ container: container.name, id: found.id, message: `Container ${container.name} resize requires restart` })
      changes.starts.push(container.name)
      continue
    }
    if (!changed && !probe) { kept++; continue }
    const restart = changed || isRestartable(container, pod)
    const message = changed ? `Container ${container.name} definition changed` : `Container ${container.name} failed ${probe} probe`
    changes.kills.push({
      container: container.name, id: found.id, message: restart ? `${message}, will be restarted` : message, ...changed ? undefined : { probe },
    })
    if (restart) changes.starts.push(container.name)
  }
  if (kept === 0 && changes.starts.length === 0) { changes.killPod = true; changes.initStarts = [] }
  return changes
}

function newSandbox(pod: any, runtime: PodRuntime | undefined, changes: PodActions): PodActions {
  changes.killPod = runtime?.sandbox !== undefined
  const first = runtime?.sandbox === undefined && !runtime?.containers.length
  if (!restartsOnFailure(pod) && !first && runtime!.containers.length > 0) { changes.killPod = true; return changes }
  const starts = pod.spec.containers
    .filter((c: any) => !((c.restartPolicy ?? pod.spec.restartPolicy) === 'OnFailure' && succeeded(runtime, c.name))).map((c: any) => c.name)
  if (starts.length === 0) { changes.killPod = true; return changes }
  changes.createSandbox = true
  if (pod.spec.initContainers?.length) changes.initStarts = [pod.spec.initContainers[0].name]
  else changes.starts = starts
  return changes
}
const succeeded = (runtime: PodRuntime | undefined, name: string): boolean => {
  const c = findContainer(runtime, name)
  return c?.state === 'exited' && c.exitCode === 0
}

/** Init containers and sidecars, looked at from the last to the first; answers whether the main containers may be. */
function initActions(worker: Worker, runtimeName: string, changes: PodActions): boolean {
  const { pod, runtime } = worker, list: readonly any[] = pod.spec.initContainers ?? [], sandbox = runtime!.sandbox!
  if (list.length === 0) return true
  const here = (name: string) => { const c = findContainer(runtime, name); return c !== undefined && c.sandbox === sandbox.id ? c : undefined }
  // that one has run and ended says nothing: it may have been in the sandbox before
  let initialized = pod.spec.containers.some((c: any) => { const found = here(c.name); return found !== undefined && found.state !== 'exited' })
  let before = initialized
  const starts: string[] = []
  for (let i = list.length - 1; i >= 0; i--) {
    const container = list[i], found = here(container.name), sidecar = isSidecar(container)
    if (found === undefined) { if (before && sidecar) starts.push(container.name); continue }
    if (before && !sidecar) continue
    const goOn = (): void => { if (i === list.length - 1) initialized = true; else if (!before) starts.push(list[i + 1].name) }
    if (found.state === 'created') starts.push(container.name)
    else if (found.state === 'running') {
      if (!sidecar) { before = true; continue }
      const id = `${runtimeName}://${found.id}`
      if (startedUp(worker, id, container)) goOn()
      const end = sidecarEnd(worker, container, found, id)
      if (end) { changes.kills.push({ container: container.name, id: found.id, ...end }); starts.push(container.name) }
    } else if (sidecar) starts.push(container.name)
    else if (found.exitCode !== 0) {
      if (!shouldRestart(container, pod, runtime)) { changes.killPod = true; return false }
      starts.push(container.name)
    } else goOn()
    before = true
  }
  if (!before) starts.push(list[0].name)
  changes.initStarts = starts.reverse()
  return initialized
}
/** Why a sidecar that runs is to be another one. */
function sidecarEnd(
  worker: Worker, container: any, found: RuntimeContainer, id: string
): { readonly message: string; readonly probe?: 'liveness' | 'startup' } | undefined {
  const { name } = container, probe = failedProbe(worker, id, name)
  if (probe === 'startup') return { message: `Init container ${name} failed startup probe`, probe }
  if (!startedUp(worker, id, container)) return undefined
  if (found.spec !== container.image) return { message: `Init container ${name} definition changed` }
  if (probe) return { message: `Init container ${name} failed liveness probe`, probe }
  return restartedForResize(worker, container) ? { message: `Container ${name} resize requires restart` } : undefined
}
function startedUp(worker: Worker, containerId: string, container: any): boolean {
  if (!container.startupProbe) return true
  const probe = worker.probes[`${container.name}/startup`]
  return probe?.containerId === containerId && probe.value === 'success'
}

/** In the order in which they are done. */
export function toActions(changes: PodActions, worker: Worker): Action[] {
  const actions: Action[] = changes.killPod
    ? [{ do: 'kill-pod' }]
    : changes.kills.map(k => ({ do: 'kill', container: k.container, id: k.id, message: k.message, graceMs: graceMs(worker, k.container, k.probe) }) as const)
  if (changes.createSandbox) actions.push({ do: 'sandbox' })
  for (const { name, image } of worker.pod.spec.volumes ?? []) if (image) actions.push({ do: 'image-volume', volume: name })
  for (const container of changes.ephemeralStarts) actions.push({ do: 'start', container, type: 'ephemeral', stage: 'pull' })
  for (const container of changes.initStarts) actions.push({ do: 'start', container, type: 'init', stage: 'backoff' })
  for (const container of changes.starts) actions.push({ do: 'start', container, type: 'main', stage: 'backoff' })
  return actions
}
