import { parseTime } from '../api/time.ts'
import type { KubeObject } from '../api/request.ts'
import { isActive, isReady, readySince } from './pods.ts'

/**
 * Which pods die first when there are too many: the first `count` of the answer. `related`: active pods of all ReplicaSets of the same owner, by which
 * crowded nodes are told. Source: ActivePodsWithRanks in pkg/controller/controller_utils.go (LogarithmicScaleDown).
 */
export function podsToDelete(pods: readonly KubeObject[], related: readonly KubeObject[], count: number, nowMs: number): readonly KubeObject[] {
  if (count >= pods.length) return pods
  const onNode = new Map<string, number>()
  for (const pod of related) if (isActive(pod)) onNode.set(pod.spec.nodeName ?? '', (onNode.get(pod.spec.nodeName ?? '') ?? 0) + 1)
  const ranked = pods.map(pod => rankOf(pod, onNode.get(pod.spec.nodeName ?? '') ?? 0, nowMs))
  return ranked.sort(compare).slice(0, count).map(r => r.pod)
}

/** The order in which Jobs give up active pods: as above, but neither costs nor crowds count, nor is age rounded. Source: ActivePods, ibid. */
export const leastActiveFirst = (pods: readonly KubeObject[]): KubeObject[] => pods.map(pod => ({ pod, keys: plainKeys(pod) }))
  .sort((a, b) => { const i = a.keys.findIndex((k, at) => k !== b.keys[at]); return i < 0 ? 0 : a.keys[i] - b.keys[i] }).map(r => r.pod)
function plainKeys(pod: KubeObject): readonly number[] {
  const { regular, sidecar } = restartsOf(pod), ready = isReady(pod)
  return [
    pod.spec.nodeName ? 1 : 0, phases[pod.status?.phase] ?? 0, ready ? 1 : 0, ready ? -readySince(pod) : 0, -regular, -sidecar,
    -parseTime(pod.metadata.creationTimestamp),
  ]
}

interface Rank { readonly pod: KubeObject; readonly keys: readonly number[]; readonly age: number; /** NaN: is not ready */ readonly readyAt: number }
const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/** The lower key dies first, from left to right; pods ready (or created) for about as long are told apart by uid. */
function rankOf(pod: KubeObject, crowd: number, nowMs: number): Rank {
  const readyAt = readySince(pod), ready = isReady(pod), restarts = restartsOf(pod)
  return {
    pod, readyAt, age: Math.floor(Math.log2(Math.max(1, nowMs - parseTime(pod.metadata.creationTimestamp)) * 1e6)),
    keys: [
      pod.spec.nodeName ? 1 : 0, phases[pod.status?.phase] ?? 0, ready ? 1 : 0, costOf(pod), -crowd, ready ? magnitude(nowMs - readyAt) : -1, -restarts.regular,
      -restarts.sidecar,
    ],
  }
}
/** Twice as long counts as one more; less than a nanosecond as -1. */
const magnitude = (ms: number): number => ms <= 0 ? -1 : Math.floor(Math.log2(ms * 1e6))

const readyKey = 5
function compare(a: Rank, b: Rank): number {
  for (let i = 0; i < a.keys.length; i++) {
    if (a.keys[i] !== b.keys[i]) return a.keys[i] - b.keys[i]
    if (i === readyKey && a.keys[2] === 1 && a.readyAt !== b.readyAt) return byUid(a, b)
  }
  return a.pod.metadata.creationTimestamp === b.pod.metadata.creationTimestamp ? 0 : a.age - b.age || byUid(a, b)
}
const byUid = (a: Rank, b: Rank): number => a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1

function costOf(pod: KubeObject): number {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? ''
  return /^-?\d+$/.test(text) ? Number(text) : 0
}
function restartsOf(pod: KubeObject): { readonly regular: number; readonly sidecar: number } {
  const most = (list: readonly any[] | undefined): number => Math.max(0, ...(list ?? []).map(c => c.restartCount ?? 0))
  const sidecars = new Set((pod.spec.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always').map((c: any) => c.name))
  return { regular: most(pod.status?.containerStatuses), sidecar: most(pod.status?.initContainerStatuses?.filter((c: any) => sidecars.has(c.name))) }
}
