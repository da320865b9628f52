import { PersistentMap } from '../../../base/persistent-map.ts'
import { formatTime } from '../../api/time.ts'
import type { ApiResponse, KubeObject } from '../../api/request.ts'
import { create, remove, update } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, NO_KEYS, objectOf, ownKey, splitKey } from '../controller.ts'
import type { Index, Keys, Memory, View } from '../controller.ts'
import { forgetParts, lookAt, memberMaps, remembered, triggerAnnotation } from '../endpoints/members.ts'
import type { Members } from '../endpoints/members.ts'
import { groupsOf, managedBy, managedByLabel, partOf, planSlices, serviceNameLabel, wantsHints, zoneLabel } from '../endpoints/slices.ts'
import type { Part, Plan } from '../endpoints/slices.ts'
import { isOverloaded, sharesOf, withHints, withStoredHints } from '../endpoints/topology.ts'
import type { Hinted, Zones } from '../endpoints/topology.ts'
import { servicesOfPod } from '../endpoints/wake.ts'
import { podsByLabel, servicesByNamespace } from '../indexes.ts'
import { conditionOf } from '../pods.ts'
import { errorText, isNamespaceTerminating, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf } from '../status-update.ts'

const resource = 'endpointslices.discovery.k8s.io'
/** A changed slice is looked at again a second later; its own writes reach the controller before their answers do. Source: endpointSliceChangeMinSyncDelay */
const changeDelayMs = 1000
/** how soon to look again while own writes have not come back through the watch */
const staleMs = 20

const slicesByService: Index = {
  name: 'endpointslices by service', resource,
  keysOf: slice => slice.metadata.labels?.[managedByLabel] === managedBy ? [`${slice.metadata.namespace}/${slice.metadata.labels[serviceNameLabel]}`] : [],
}

/** Tells in EndpointSlices which pods serve a Service, and whether they are ready. */
export const endpointSlice = defineController({
  name: 'endpointslice',
  watches: [
    { resource: 'services', toKeys: ownKey }, { resource: 'pods', toKeys: servicesOfPod }, { resource, toKeys: keysOfSlice },
    { resource: 'nodes', toKeys: keysOfNode },
  ],
  indexes: [slicesByService, servicesByNamespace, podsByLabel],
  initialMemory: () => ({ ...memberMaps(), written: new PersistentMap<Written>(), hinted: new PersistentMap<Zones>() }),
  retries: { baseMs: 1000, limit: 15 },
  reconcile: script(begin, run),
  source: 'pkg/controller/endpointslice/endpointslice_controller.go, k8s.io/endpointslice/reconciler.go',
})

function keysOfSlice(delta: Delta, { memory }: View): Keys {
  const slice = objectOf(delta), [key] = slicesByService.keysOf(slice)
  if (!key || delta.type === 'MODIFIED' && delta.stored!.metadata.generation === slice.metadata.generation) return NO_KEYS
  if (delta.type === 'DELETED' && !isLost(slice.metadata.uid!, key, memory)) return NO_KEYS
  return [{ key, afterMs: changeDelayMs }]
}
/** Somebody else has deleted a slice that this process wrote; it is no longer expected to be there. Source: onEndpointSliceDelete, HandleDeletion */
function isLost(uid: string, key: string, { written }: Memory): boolean {
  const { [uid]: generation, ...others }: Written = written.get(key) ?? {}
  if (generation === undefined) return false
  written.set(key, others)
  return generation >= 0
}

/** A node's zone is part of the endpoints on it, but nobody is woken for it, save Services whose zones have too few endpoints by now. */
function keysOfNode(delta: Delta, view: View): Keys {
  const { type, stored, new: now } = delta, { memory } = view
  const moved = type !== 'MODIFIED' || stored!.metadata.labels?.[zoneLabel] !== now!.metadata.labels?.[zoneLabel]
  if (moved) forgetParts(memory)
  if (memory.hinted.size === 0 || !moved && conditionOf(stored!, 'Ready')?.status === conditionOf(now!, 'Ready')?.status) return NO_KEYS
  const shares = sharesOf(view.list('nodes'))
  return memory.hinted.sorted().filter(([, zones]: [string, Zones]) => isOverloaded(zones, shares)).map(([key]: [string, Zones]) => key)
}

/**
 * Generations of own slices by uid, -1: deleted, which is yet to be heard of. A cache that is behind them must not be acted upon. Source:
 * util/endpointslice_tracker.go
 */
type Written = Readonly<Record<string, number>>
function isStale(slices: readonly KubeObject[], written: Written | undefined): boolean {
  if (!written) return false
  const seen = new Map(slices.map(s => [s.metadata.uid, s.metadata.generation ?? 0]))
  return Object.entries(written).some(([uid, generation]) => generation < 0 ? seen.has(uid) : (seen.get(uid) ?? -1) < generation)
}

type Snapshot = { readonly key: string; readonly gone: true }
  | {
    readonly key: string; readonly gone?: false; readonly plan: Plan; readonly stale: boolean; readonly at: number | undefined;
    readonly hinted?: Hinted; readonly members: Members<Part>; readonly written: Written; readonly withoutNode: readonly string[]; readonly service: KubeObject
  }

function begin(key: string, view: View): Snapshot | undefined {
  const { namespace, name } = splitKey(key), service = view.get('services', namespace, name)
  if (!service) return { key, gone: true }
  if (service.spec.type === 'ExternalName' || !service.spec.selector) return undefined
  const { members, at } = lookAt(view, key, service, pod => partOf(service, pod, view.get('nodes', '', pod.spec.nodeName ?? '')))
  const slices = view.by(slicesByService, key).filter(s => s.metadata.deletionTimestamp === undefined), { groups, withoutNode } = groupsOf(members)
  const written: Written = view.memory.written.get(key) ?? {}
  const plan = planSlices(service, slices, wantsHints(service) ? withStoredHints(groups, slices) : groups)
  const hinted = wantsHints(service) ? withHints(plan, slices, sharesOf(view.list('nodes'))) : undefined
  return {
    key, service, plan: hinted?.plan ?? plan, ...hinted ? { hinted } : undefined, stale: isStale(slices, written), at, members, written,
    withoutNode: withoutNode.map(([pod, node]) => `skipping Pod ${pod} for Service ${key}: Node ${node} Not Found`),
  }
}

function run(io: Script, snapshot: Snapshot, view: View): void {
  const { key } = snapshot
  if (snapshot.gone) {
    for (const effect of remembered(key, undefined)) io.do(effect)
    if (view.memory.hinted.has(key)) io.do({ do: 'remember', in: 'hinted', key, value: undefined })
    return io.do({ do: 'remember', in: 'written', key, value: undefined })
  }
  if (snapshot.stale) return io.do({ do: 'requeueAfter', ms: staleMs })
  for (const effect of remembered(key, snapshot.members)) io.do(effect)
  const { service, plan } = snapshot, written = { ...snapshot.written }, { namespace } = service.metadata, { identity } = view
  const note = (uid: string, generation: number): void => { written[uid] = generation; io.do({ do: 'remember', in: 'written', key, value: { ...written } }) }
  const check = (answer: ApiResponse, what: string): boolean => {
    if (isOk(answer)) return true
    if (isNamespaceTerminating(answer)) return false
    const message = `failed to ${what} EndpointSlice for Service ${key}: ${errorText(answer)}`
    io.do({
      do: 'event',
      event: {
        regarding: { ...service, apiVersion: 'v1', kind: 'Service' }, type: 'Warning', reason: 'FailedToUpdateEndpointSlices',
        message: `Error updating Endpoint Slices for Service ${key}: ${message}`, component: 'endpoint-slice-controller',
      },
    })
    return io.fail(message)
  }
  if (service.metadata.deletionTimestamp === undefined) for (const slice of plan.create) {
    const answer = io.ask(() => create(identity, { resource, namespace }, withTrigger(slice, snapshot.at)), 'any')
    if (!check(answer, 'create')) return
    note(answer.body.metadata.uid, answer.body.metadata.generation ?? 1)
  }
  for (const slice of plan.update) {
    const answer = io.ask(() => update(identity, targetOf(resource, slice), withTrigger(slice, snapshot.at)), 'any')
    check(answer, 'update')
    note(answer.body.metadata.uid, answer.body.metadata.generation ?? 1)
  }
  for (const slice of plan.delete) {
    check(io.ask(() => remove(identity, targetOf(resource, slice)), 'any'), 'delete')
    note(slice.metadata.uid, -1)
  }
  tellOfHints(io, snapshot.key, service, snapshot.hinted, view)
  if (snapshot.withoutNode.length > 0) io.fail(snapshot.withoutNode.join('; '))
}

/** At the Service: that it has hints now, or why it has none. */
function tellOfHints(io: Script, key: string, service: KubeObject, hinted: Hinted | undefined, { memory }: View): void {
  const before: Zones | undefined = memory.hinted.get(key), off = 'Topology Aware Hints has been disabled'
  if (hinted?.zones !== undefined || before !== undefined) io.do({ do: 'remember', in: 'hinted', key, value: hinted?.zones })
  const said = hinted?.zones ? before ? undefined : 'Topology Aware Hints has been enabled' : hinted?.why ?? (before ? off : undefined)
  if (said === undefined) return
  io.do({
    do: 'event',
    event: {
      regarding: { ...service, apiVersion: 'v1', kind: 'Service' }, type: hinted?.zones ? 'Normal' : 'Warning',
      reason: hinted?.zones ? 'TopologyAwareHintsEnabled' : 'TopologyAwareHintsDisabled', message: `${said}, addressType: IPv4`,
      component: 'endpoint-slice-controller',
    },
  })
}

function withTrigger(slice: any, at: number | undefined): any {
  const { [triggerAnnotation]: _, ...others } = slice.metadata.annotations ?? {}
  const annotations = at === undefined ? others : { ...others, [triggerAnnotation]: formatTime(at) }
  const { annotations: _a, ...metadata } = slice.metadata
  return { ...slice, metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata }
}
