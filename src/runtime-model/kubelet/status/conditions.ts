import { isSidecar } from '../containers.ts'

/** Conditions that the kubelet owns. Source: pkg/kubelet/status/generate.go */
export interface Condition { readonly type: string; readonly status: 'True' | 'False'; readonly reason?: string; readonly message?: string }
export const OWNED = ['PodResizePending', 'PodResizeInProgress', 'PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
export const isReady = (status: any): boolean => status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false
export const isTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed'

/** Why a pod ends that has been active for too long. Source: pkg/kubelet/active_deadline.go */
export const DEADLINE = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' }

const find = (statuses: readonly any[] | undefined, name: string): any => statuses?.find(s => s.name === name)

export function initialized(pod: any, status: any): Condition {
  const incomplete: string[] = [], unknown: string[] = []
  for (const c of pod.spec.initContainers ?? []) {
    const s = find(status.initContainerStatuses, c.name)
    if (!s) unknown.push(c.name)
    else if (isSidecar(c) ? !s.started : !s.ready) incomplete.push(c.name)
  }
  if (status.phase === 'Succeeded' && unknown.length === 0) return { type: 'Initialized', status: 'True', reason: 'PodCompleted' }
  const begun = status.containerStatuses?.some((s: any) => s.state.running || s.state.terminated)
  if (begun) return { type: 'Initialized', status: 'True' }
  const message = [
    ...unknown.length ? [`containers with unknown status: [${unknown.join(' ')}]`] : [],
    ...incomplete.length ? [`containers with incomplete status: [${incomplete.join(' ')}]`] : [],
  ].join(', ')
  return message ? { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message } : { type: 'Initialized', status: 'True' }
}

export function containersReady(pod: any, status: any): Condition {
  const type = 'ContainersReady', unready: string[] = [], unknown: string[] = []
  const look = (c: any, list: readonly any[] | undefined): void => {
    const s = find(list, c.name)
    if (!s) unknown.push(c.name); else if (!s.ready) unready.push(c.name)
  }
  for (const c of pod.spec.initContainers ?? []) if (isSidecar(c)) look(c, status.initContainerStatuses)
  for (const c of pod.spec.containers) look(c, status.containerStatuses)
  if (status.phase === 'Succeeded' && unknown.length === 0) return { type, status: 'False', reason: 'PodCompleted' }
  if (status.phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' }
  const message = [
    ...unknown.length ? [`containers with unknown status: [${unknown.join(' ')}]`] : [],
    ...unready.length ? [`containers with unready status: [${unready.join(' ')}]`] : [],
  ].join(', ')
  return message ? { type, status: 'False', reason: 'ContainersNotReady', message } : { type, status: 'True' }
}

export function podReady(pod: any, all: Condition, conditions: readonly any[] | undefined): Condition {
  if (all.status !== 'True') return { ...all, type: 'Ready' }
  const missing: string[] = []
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const c = conditions?.find(x => x.type === conditionType)
    if (!c) missing.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    else if (c.status !== 'True') missing.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${c.status}`)
  }
  return missing.length ? { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') } : { type: 'Ready', status: 'True' }
}

/** With times and generation; the time of a condition that has not changed stays. */
export function stamped(condition: Condition, old: readonly any[] | undefined, generation: number | undefined, now: string): any {
  const before = old?.find(c => c.type === condition.type)
  return {
    type: condition.type, ...generation ? { observedGeneration: generation } : undefined, status: condition.status,
    lastProbeTime: before?.lastProbeTime ?? null,
    lastTransitionTime: before && before.status === condition.status ? before.lastTransitionTime : now,
    ...condition.reason ? { reason: condition.reason } : undefined, ...condition.message ? { message: condition.message } : undefined,
  }
}
