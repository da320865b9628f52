import { formatTime } from '../../api/time.ts'
import { qosClass } from '../../kinds/pod-spec/qos.ts'
import { containersReady, initialized, isTerminal, OWNED, podReady, stamped, type Condition } from './conditions.ts'
import { containerStatuses, type StatusInput } from './container-statuses.ts'
import { phaseOf } from './phase.ts'

export interface Generated extends StatusInput {
  readonly hostIp: string
  /** address of its last sandbox */
  readonly podIp: string
  readonly wallMs: number
  readonly resizes: readonly any[]
  /** that it has seen; undefined: it does not say */
  readonly generation: number | undefined
  /** nothing of the pod will be started any more */
  readonly over: boolean
  /** of a manifest file: that it ends says nothing of its phase */
  readonly fromFile: boolean
  /** the kubelet ends it: why */
  readonly eviction?: { readonly reason: string; readonly message: string; readonly condition?: Condition; readonly ifFailed?: boolean }
  /** fills in `started` and `ready`, which probes decide */
  readonly probed: (status: any, init: boolean) => any
}

const none: readonly never[] = []

/** A pod's whole status, as SyncPod computes it, in the order of the API. Source: pkg/kubelet/kubelet_pods.go (generateAPIPodStatus) */
export function generateStatus(input: Generated): any {
  const { pod, runtime, old } = input
  const init = containerStatuses(input, 'initContainerStatuses')?.map(s => input.probed(s, true))
  // of a pod that only a sandbox is left of, as a kubelet finds it when it starts, no containers are known
  const main = containerStatuses(input, 'containerStatuses')?.map(s => input.probed(s, false)) ?? []
  const joined = containerStatuses(input, 'ephemeralContainerStatuses')?.map(({ started: _, ...s }) => s)
  const active = runtime?.sandbox?.ready ? runtime.containers.filter(c => c.sandbox === runtime.sandbox!.id) : none
  const begun = pod.spec.containers.some((c: any) => active.some(a => a.name === c.name))
  // the phase is found before probes say what has started: of sidecars it knows what was so before
  const sidecars = init?.map((s, i) => ({ ...s, started: old?.initContainerStatuses?.[i]?.started === true }))
  let phase = phaseOf(pod, sidecars ? [...main, ...sidecars] : main, input.over && !input.fromFile, begun), reason: string | undefined
  let message: string | undefined
  if (isTerminal(old?.phase)) phase = old.phase
  if (phase === old?.phase) { reason = old.reason; message = old.message }
  if (input.eviction && (!input.eviction.ifFailed || phase === 'Failed')) { phase = 'Failed'; reason = input.eviction.reason; message = input.eviction.message }
  if (isTerminal(pod.status?.phase)) phase = pod.status.phase
  const ip = pod.spec.hostNetwork ? input.hostIp : input.podIp, { sandbox } = runtime ?? {}
  const { generation } = input, status: any = {}
  if (generation) status.observedGeneration = generation
  status.phase = phase
  status.conditions = none
  if (message) status.message = message
  if (reason) status.reason = reason
  if (old?.nominatedNodeName) status.nominatedNodeName = old.nominatedNodeName
  status.hostIP = input.hostIp
  status.hostIPs = [{ ip: input.hostIp }]
  if (ip) { status.podIP = ip; status.podIPs = [{ ip }] }
  status.startTime = old?.startTime ?? formatTime(input.wallMs)
  if (init) status.initContainerStatuses = init
  status.containerStatuses = main
  status.qosClass = old?.qosClass ?? qosClass(pod.spec)
  if (joined) status.ephemeralContainerStatuses = joined
  if (old?.resourceClaimStatuses) status.resourceClaimStatuses = old.resourceClaimStatuses
  status.conditions = conditionsOf(input, status, sandbox?.ready === true && (pod.spec.hostNetwork || sandbox.ip !== ''))
  return status
}
function conditionsOf(input: Generated, status: any, networked: boolean): any[] {
  const { pod, old, generation } = input, now = formatTime(input.wallMs)
  const foreign: readonly any[] = (pod.status?.conditions ?? []).filter((c: any) => !OWNED.includes(c.type) && c.type !== input.eviction?.condition?.type)
  const ready = containersReady(pod, status)
  const own: readonly Condition[] = [
    ...input.eviction?.condition ? [input.eviction.condition] : [], { type: 'PodReadyToStartContainers', status: networked ? 'True' : 'False' },
    initialized(pod, status), podReady(pod, ready, foreign), ready, { type: 'PodScheduled', status: 'True' },
  ]
  return foreign.concat(input.resizes, own.map(c => stamped(c, old?.conditions, generation, now)))
}

/**
 * A terminal phase is not told while containers may still run. Source: status_manager.go (mergePodStatus)
 */
export const held = (status: any, old: any): any => {
  if (!isTerminal(status.phase) || isTerminal(old?.phase)) return status
  const { reason: _reason, message: _message, ...rest } = status
  return {
    ...rest, phase: old?.phase ?? 'Pending', ...old?.reason ? { reason: old.reason } : undefined, ...old?.message ? { message: old.message } : undefined,
  }
}
