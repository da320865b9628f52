import { objectKey } from '../api/object-key.ts'
import type { KubeObject } from '../api/request.ts'
import { parseTime } from '../api/time.ts'
import type { Toleration } from '../api/tolerations.ts'
import { podRequests, podRequestsForScore } from './resources.ts'
import type { Resources } from './resources.ts'
import { affinityOf } from './terms.ts'
import type { PodAffinity } from './terms.ts'

/** A pod as the scheduler sees it, with what its filters ask again and again worked out once. Frozen. */
export interface PodInfo {
  /** `namespace/name` */
  readonly key: string
  readonly uid: string
  readonly pod: KubeObject
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly priority: number
  readonly requests: Resources
  /** with the defaults that scoring assumes for containers without requests */
  readonly scoreRequests: Resources
  readonly bestEffort: boolean
  readonly ports: readonly HostPort[]
  readonly tolerations: readonly Toleration[]
  /** undefined: no term of pod affinity or anti-affinity */
  readonly affinity: PodAffinity | undefined
  readonly terminating: boolean
}
export interface HostPort { readonly ip: string; readonly protocol: string; readonly port: number }

const NONE: readonly never[] = []
const NO_LABELS: Readonly<Record<string, string>> = {}

export function podInfo(pod: KubeObject): PodInfo {
  const { metadata, spec } = pod, requests = podRequests(spec)
  return {
    key: objectKey(metadata.namespace!, metadata.name), uid: metadata.uid, pod, namespace: metadata.namespace!, labels: metadata.labels ?? NO_LABELS,
    priority: spec.priority ?? 0,
    requests, scoreRequests: podRequestsForScore(spec), bestEffort: requests.cpu === 0 && requests.memory === 0, ports: hostPorts(spec),
    tolerations: spec.tolerations ?? NONE,
    affinity: affinityOf(pod), terminating: metadata.deletionTimestamp !== undefined,
  }
}
/** The same pod after a change that touched nothing a filter reads (its status), without working anything out again. */
export function withPod(info: PodInfo, pod: KubeObject): PodInfo {
  const before = info.pod
  if (before.spec !== pod.spec && (before.metadata.generation === undefined || before.metadata.generation !== pod.metadata.generation)) return podInfo(pod)
  if (before.metadata.uid !== pod.metadata.uid || !sameLabels(before.metadata.labels, pod.metadata.labels)) return podInfo(pod)
  return { ...info, pod, terminating: pod.metadata.deletionTimestamp !== undefined }
}
export function sameLabels(a: Readonly<Record<string, string>> | undefined, b: Readonly<Record<string, string>> | undefined): boolean {
  if (a === b) return true
  const left = Object.keys(a ?? NO_LABELS), right = Object.keys(b ?? NO_LABELS)
  return left.length === right.length && left.every(key => a![key] === b![key])
}

function hostPorts(spec: any): readonly HostPort[] {
  let ports: HostPort[] | undefined
  const of = (container: any): void => {
    for (const p of container.ports ?? NONE) {
      if (p.hostPort > 0) (ports ??= []).push({ ip: p.hostIP || '0.0.0.0', protocol: p.protocol ?? 'TCP', port: p.hostPort })
    }
  }
  for (const container of spec.containers) of(container)
  for (const container of spec.initContainers ?? NONE) if (container.restartPolicy === 'Always') of(container)
  return ports ?? NONE
}

/** Terminal pods hold nothing on their node any more. Source: pkg/scheduler/eventhandlers.go (assignedPod, non-terminal informers) */
export const isTerminal = (pod: KubeObject): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
export const startedAt = (info: PodInfo): number => { const text = info.pod.status?.startTime; return text ? parseTime(text) : Infinity }

export { isTolerated, tolerates, untolerated } from '../api/tolerations.ts'
export type { Taint, Toleration } from '../api/tolerations.ts'
