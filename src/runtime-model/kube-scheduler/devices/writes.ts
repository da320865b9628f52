import { claimsResource, deleteProtection } from '../../api/device-claims.ts'
import type { Effect, StepContext } from '../../kernel/actor.ts'
import { update } from '../../network/client.ts'
import type { PodInfo } from '../pod-info.ts'
import type { DeviceWork } from '../plugins/dynamic-resources.ts'
import type { Queued } from '../queue.ts'
import { identity } from '../state.ts'
import type { Flight, SchedulerState } from '../state.ts'
import { expectOn, send } from '../writes.ts'

/**
 * Claims of a pod that has its node: each that gets devices is first kept from being deleted, then says what it has and for whom. Source:
 * pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (Reserve, PreBind, bindClaim)
 */
export type DeviceFlight = Extract<Flight, { kind: 'devices' }>

const reserved = ({ claim, allocation }: DeviceWork, pod: PodInfo): any => ({
  ...claim.status, ...allocation ? { allocation } : undefined,
  reservedFor: [...claim.status?.reservedFor ?? [], { resource: 'pods', name: pod.pod.metadata.name, uid: pod.uid }],
})
/** Until the API server says so itself, nobody else is given these devices. */
export function assumeDevices(state: SchedulerState, pod: PodInfo, work: readonly DeviceWork[]): void {
  for (const w of work) state.devices.set(`${pod.namespace}/${w.claim.metadata.name}`, { ...w.claim, status: reserved(w, pod) })
}

export const claimDevices = (state: SchedulerState, queued: Queued, node: string, work: readonly DeviceWork[], context: StepContext): Effect[] =>
  [...expectOn(state, queued, node, context), ...write(state, { kind: 'devices', queued, node, work, step: 'hold' }, context)]

/** The next request of what is left. */
export function write(state: SchedulerState, flight: DeviceFlight, context: StepContext): Effect[] {
  const { work: [first], queued: { info } } = flight, { claim, allocation } = first, { namespace, name, finalizers = [] } = claim.metadata
  const target = { resource: claimsResource, namespace, name }
  if (flight.step === 'hold' && allocation && !finalizers.includes(deleteProtection)) {
    const held = { ...claim, metadata: { ...claim.metadata, finalizers: [...finalizers, deleteProtection] } }
    return [send(state, flight, update(identity, target, held), context)]
  }
  return [send(
    state, { ...flight, step: 'reserve' }, update(identity, { ...target, subresource: 'status' }, { ...claim, status: reserved(first, info) }), context
  )]
}
/** What follows a request that was answered with the claim as it is now; undefined: all is written. */
export function following({ work: [first, ...rest], step, ...flight }: DeviceFlight, claim: any): DeviceFlight | undefined {
  if (step === 'hold') return { ...flight, work: [{ ...first, claim }, ...rest], step: 'reserve' }
  return rest.length > 0 ? { ...flight, work: rest, step: 'hold' } : undefined
}
