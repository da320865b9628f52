import { unitsOf } from '../api/quantity.ts'
import { asAllocated } from './allocation.ts'
import { isSidecar } from './containers.ts'
import { nodeObject, PRESSURE_CONDITION } from './node-object.ts'
import { isCritical, preempt } from './preemption.ts'
import { amount, requestsOf } from './requests.ts'
import type { Session } from './session.ts'
import { unsupported } from './unsupported.ts'
import { isTerminal } from './status/conditions.ts'
import type { Worker } from './worker.ts'

/**
 * Does the node take this pod? The first reason not to wins. Source: pkg/kubelet/lifecycle/predicate.go; scheduler AdmissionCheck; for the
 * pressure part: pkg/kubelet/eviction/eviction_manager.go (Admit)
 */
export interface Rejection { readonly reason: string; readonly message: string }

const shuttingDown: Rejection = { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' }

export function rejects(session: Session, worker: Worker): Rejection | undefined {
  const { pod } = worker, node: any = session.state.node.object ?? nodeObject(session)
  const others: Worker[] = []
  session.state.workers.forEach(w => {
    if (w.uid !== worker.uid && w.stage !== 'rejected' && w.stage !== 'finished' && !isTerminal(w.status?.phase)) others.push(w)
  })
  const short = shortages(node, asAllocated(worker), others)
  const placement = affinity(node, pod) ?? ports(pod, others) ?? (worker.fromFile ? undefined : taints(node, pod))
  const stopping = session.state.node.shutdown && shuttingDown
  if (isCritical(worker)) return unsupported(pod) ?? placement ?? (short.length > 0 ? recovered(session, worker, short, others) : undefined) ?? stopping
  return pressure(session, pod) ?? unsupported(pod) ?? outOf(short[0]) ?? placement ?? stopping
}
/** Others make room for a critical pod, which waits for their end. Source: preemption.go (HandleAdmissionFailure), lifecycle/predicate.go */
function recovered(session: Session, worker: Worker, short: readonly Shortage[], others: readonly Worker[]): Rejection | undefined {
  const victims = preempt(session, new Map(short.map(s => [s.resource, s.requested + s.used - s.capacity])), others)
  if (typeof victims !== 'string') { worker.awaits = victims; return undefined }
  return {
    reason: 'UnexpectedAdmissionError',
    message: `Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: ${victims}`,
  }
}

function pressure(session: Session, pod: any): Rejection | undefined {
  const under = Object.keys(session.state.node.pressure)
  if (under.length === 0) return undefined
  const conditions = under.map(k => PRESSURE_CONDITION[k])
  const tolerates = pod.spec.tolerations?.some((t: any) => (t.operator === 'Exists' && !t.key) || t.key === 'node.kubernetes.io/memory-pressure')
  if (under.length === 1 && under[0] === 'memory' && (pod.status?.qosClass !== 'BestEffort' || tolerates)) return undefined
  return { reason: 'Evicted', message: `The node had condition: [${conditions.join(', ')}]. ` }
}

interface Shortage { readonly resource: string; readonly requested: number; readonly used: number; readonly capacity: number }
const outOf = (short: Shortage | undefined): Rejection | undefined => short && {
  reason: `OutOf${short.resource}`,
  message: `Node didn't have enough resource: ${short.resource}, requested: ${short.requested}, used: ${short.used}, capacity: ${short.capacity}`,
}
function shortages(node: any, pod: any, others: readonly Worker[]): readonly Shortage[] {
  const allocatable = node?.status?.allocatable ?? {}, short: Shortage[] = [], room = unitsOf(allocatable.pods ?? '110')
  if (others.length + 1 > room) short.push({ resource: 'pods', requested: 1, used: others.length, capacity: room })
  const wanted = requestsOf(pod)
  for (const [resource, requested] of wanted) {
    if (requested === 0) continue
    const used = others.reduce((sum, w) => sum + (requestsOf(asAllocated(w)).get(resource) ?? 0), 0)
    const capacity = allocatable[resource] === undefined ? 0 : amount(resource, allocatable[resource])
    if (resource === 'ephemeral-storage' && capacity === 0) continue
    if (allocatable[resource] === undefined && isExtended(resource)) continue
    if (used + requested > capacity) short.push({ resource, requested, used, capacity })
  }
  return short
}

/**
 * An extended resource that the node does not have is not the kubelet's to refuse: it may be one of the cluster's. Source: pkg/kubelet/lifecycle/predicate.go
 * (removeMissingExtendedResources), pkg/apis/core/v1/helper (IsExtendedResourceName)
 */
const isExtended = (resource: string): boolean => resource.includes('/') && !/(^|\.)kubernetes\.io\//.test(resource)

function affinity(node: any, pod: any): Rejection | undefined {
  const labels = node?.metadata.labels ?? {}
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([k, v]) => labels[k] === v)
  const fits = selected
    && (required === undefined
      || required.some((t: any) =>
        (t.matchExpressions?.length || t.matchFields?.length) && (t.matchExpressions ?? []).every((e: any) => holds(e, labels[e.key]))
          && (t.matchFields ?? []).every((e: any) => holds(e, node?.metadata.name))))
  if (node === undefined || fits) return undefined
  return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" }
}
function holds({ operator, values = [] }: any, value: string | undefined): boolean {
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value)
    case 'NotIn': return value === undefined || !values.includes(value)
    case 'Exists': return value !== undefined
    case 'DoesNotExist': return value === undefined
    case 'Gt': return value !== undefined && Number(value) > Number(values[0])
    case 'Lt': return value !== undefined && Number(value) < Number(values[0])
    default: return false
  }
}

const hostPorts = (pod: any): any[] =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)].flatMap((c: any) => (c.ports ?? []).filter((p: any) => p.hostPort > 0))
function ports(pod: any, others: readonly Worker[]): Rejection | undefined {
  const wanted = hostPorts(pod)
  if (wanted.length === 0) return undefined
  const any = (ip: string | undefined): boolean => !ip || ip === '0.0.0.0'
  const taken = others.flatMap(w => hostPorts(w.pod))
  const clash = wanted.some(p =>
    taken.some(t => t.hostPort === p.hostPort && (t.protocol ?? 'TCP') === (p.protocol ?? 'TCP') && (any(t.hostIP) || any(p.hostIP) || t.hostIP === p.hostIP)))
  return clash ? { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" } : undefined
}

function taints(node: any, pod: any): Rejection | undefined {
  const tolerated = (taint: any): boolean =>
    pod.spec.tolerations?.some((t: any) =>
      (!t.effect || t.effect === taint.effect)
        && (t.operator === 'Exists' ? !t.key || t.key === taint.key : t.key === taint.key && (t.value ?? '') === (taint.value ?? '')))
      ?? false
  const untolerated = (node?.spec?.taints ?? []).some((t: any) => t.effect === 'NoExecute' && !tolerated(t))
  return untolerated ? { reason: 'TaintToleration', message: "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate" } : undefined
}
