import { PersistentMap } from '../../../base/persistent-map.ts'
import { formatTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'
import { create, remove, update } from '../../network/client.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { defineController, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { mayServe, portKey, portsOn } from '../endpoints/ports.ts'
import { triggerAnnotation, triggerTime } from '../endpoints/trigger-time.ts'
import type { Triggers } from '../endpoints/trigger-time.ts'
import { servicesOfPod } from '../endpoints/wake.ts'
import { podsByLabel, podsSelected, servicesByNamespace } from '../indexes.ts'
import { isReady } from '../pods.ts'
import { errorText, isNamespaceTerminating, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf } from '../status-update.ts'

const resource = 'endpoints', capacity = 1000
const capacityKey = 'endpoints.kubernetes.io/over-capacity', headlessLabel = 'service.kubernetes.io/headless', managedByLabel = 'endpoints.kubernetes.io/managed-by'

/** The older, deprecated account of a Service's pods: one Endpoints object of the same name. */
export const endpoints = defineController({
  name: 'endpoint',
  watches: [{ resource: 'services', toKeys: ownKey }, { resource: 'pods', toKeys: servicesOfPod }, { resource, toKeys: ({ type, name }): Keys => type === 'DELETED' ? [name] : NO_KEYS }],
  indexes: [servicesByNamespace, podsByLabel],
  initialMemory: () => ({ forkable: true, triggers: new PersistentMap<Triggers>() }),
  retries: { baseMs: 1000, limit: 15 },
  reconcile: script(begin, run),
  source: 'pkg/controller/endpoint/endpoints_controller.go',
})

interface Snapshot { readonly key: string; readonly service?: KubeObject; readonly current?: KubeObject; readonly subsets: readonly any[]; readonly truncated: boolean; readonly at?: number; readonly triggers?: Triggers }
function begin(key: string, view: View): Snapshot | undefined {
  const { namespace, name } = splitKey(key), service = view.get('services', namespace, name), current = view.get(resource, namespace, name)
  if (!service) return { key, current, subsets: [], truncated: false }
  if (service.spec.type === 'ExternalName' || !service.spec.selector) return undefined
  const pods = podsSelected(view, namespace, service.spec.selector), subsets = subsetsOf(service, pods), { at, triggers } = triggerTime(view.memory.triggers.get(key), service, pods)
  return { key, service, current, ...truncate(subsets), at, triggers }
}

/** Addresses grouped by the ports they serve. Source: pkg/api/v1/endpoints/util.go (RepackSubsets) */
function subsetsOf(service: KubeObject, pods: readonly KubeObject[]): any[] {
  const groups = new Map<string, { ports: readonly any[]; addresses: any[]; notReadyAddresses: any[] }>(), anyway = service.spec.publishNotReadyAddresses ?? false
  for (const pod of pods) {
    if (!mayServe(pod) || pod.metadata.deletionTimestamp !== undefined && !anyway) continue
    const { ports, key, address } = partOf(service, pod)
    if (ports.length === 0 && service.spec.clusterIP !== 'None') continue
    const group = groups.get(key) ?? { ports, addresses: [], notReadyAddresses: [] }
    groups.set(key, group)
    ;(isReady(pod) || anyway ? group.addresses : group.notReadyAddresses).push(address)
  }
  const byIp = (a: any, b: any): number => a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0
  return [...groups.values()].map(({ ports, addresses, notReadyAddresses }) => ({
    ...addresses.length ? { addresses: addresses.sort(byIp) } : undefined, ...notReadyAddresses.length ? { notReadyAddresses: notReadyAddresses.sort(byIp) } : undefined,
    ...ports.length ? { ports: ports.map(({ name, ...port }) => ({ ...name ? { name } : undefined, ...port })) } : undefined,
  }))
}
/** What a pod adds to a Service. Both are frozen: computed again only when one of the two has changed. */
interface Part { readonly service: KubeObject; readonly ports: readonly any[]; readonly key: string; readonly address: any }
const parts = new WeakMap<KubeObject, Part>()
function partOf(service: KubeObject, pod: KubeObject): Part {
  const known = parts.get(pod)
  if (known?.service === service) return known
  const ports = portsOn(service, pod), { hostname, subdomain, nodeName } = pod.spec, { name, namespace, uid } = pod.metadata
  const address = { ip: pod.status.podIP ?? pod.status.podIPs[0].ip, ...hostname && subdomain === service.metadata.name ? { hostname } : undefined, ...nodeName ? { nodeName } : undefined, targetRef: { kind: 'Pod', namespace, name, uid } }
  const part = { service, ports, key: portKey(ports), address }
  parts.set(pod, part)
  return part
}
/** No more than a thousand addresses, ready ones first. */
function truncate(subsets: readonly any[]): { readonly subsets: readonly any[]; readonly truncated: boolean } {
  const count = (field: string): number => subsets.reduce((n, s) => n + (s[field]?.length ?? 0), 0)
  if (count('addresses') + count('notReadyAddresses') <= capacity) return { subsets, truncated: false }
  let ready = capacity, other = Math.max(0, capacity - count('addresses'))
  const cut = (list: readonly any[] | undefined, room: number): readonly any[] => list?.slice(0, Math.max(0, room)) ?? []
  return { truncated: true, subsets: subsets.map(s => { const addresses = cut(s.addresses, ready), notReadyAddresses = cut(s.notReadyAddresses, other); ready -= addresses.length; other -= notReadyAddresses.length; return { ...s, addresses, notReadyAddresses } }) }
}

function run(io: Script, { key, service, current, subsets, truncated, at, triggers }: Snapshot, view: View): void {
  io.do({ do: 'remember', in: 'triggers', key, value: triggers })
  const { identity } = view
  if (!service) { if (current?.metadata.labels?.[managedByLabel]) io.ask(() => remove(identity, targetOf(resource, current)), [404]); return }
  const { [headlessLabel]: _, ...own } = service.metadata.labels ?? {}, headless = !service.spec.clusterIP || service.spec.clusterIP === 'None'
  const labels = { ...own, [managedByLabel]: 'endpoint-controller', ...headless ? { [headlessLabel]: '' } : undefined }
  if (current && deepEqual(current.subsets, subsets) && deepEqual(current.metadata.labels, labels) && (current.metadata.annotations?.[capacityKey] === 'truncated') === truncated) return
  const { [capacityKey]: _c, [triggerAnnotation]: _t, ...kept } = current?.metadata.annotations ?? {}
  const annotations = { ...kept, ...at === undefined ? undefined : { [triggerAnnotation]: formatTime(at) }, ...truncated ? { [capacityKey]: 'truncated' } : undefined }
  const { namespace, name } = service.metadata, body = { ...current ?? { apiVersion: 'v1', kind: 'Endpoints' }, metadata: { ...current?.metadata ?? { name, namespace }, labels, annotations }, subsets }
  const answer = io.ask(() => current ? update(identity, { resource, namespace, name }, body) : create(identity, { resource, namespace }, body), 'any')
  if (isOk(answer) || isNamespaceTerminating(answer)) return
  // what went wrong is told as an Event, except where the next pass has fresher eyes
  io.do({ do: 'event', event: { regarding: current ?? { ...service, apiVersion: 'v1', kind: 'Service' }, type: 'Warning', reason: current ? 'FailedToUpdateEndpoint' : 'FailedToCreateEndpoint', message: `Failed to ${current ? 'update' : 'create'} endpoint ${namespace}/${name}: ${errorText(answer)}` } })
  io.fail(errorText(answer))
}
