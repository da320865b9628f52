import type { KubeObject } from '../../api/request.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { controllerOf } from '../controller.ts'
import { controllerReference, isReady } from '../pods.ts'
import { sameElements } from './members.ts'
import type { Members } from './members.ts'
import { orderInSlice } from './port-order.ts'
import { mayServe, portKey, portsOn } from './ports.ts'

/** The slices of a Service as they should be. Source: k8s.io/endpointslice/{reconciler,utils}.go */
export const maxEndpoints = 100
export const managedBy = 'endpointslice-controller.k8s.io'
export const serviceNameLabel = 'kubernetes.io/service-name', managedByLabel = 'endpointslice.kubernetes.io/managed-by'
export const headlessLabel = 'service.kubernetes.io/headless', zoneLabel = 'topology.kubernetes.io/zone'

export interface Desired {
  readonly ports: readonly any[]
  readonly endpoints: readonly any[]
  /** of the endpoints, one by one */
  readonly keys: readonly string[]
}
export interface Plan { readonly create: readonly any[]; readonly update: readonly any[]; readonly delete: readonly KubeObject[] }

/** What a pod adds to a Service: an endpoint with its ports, or the wish for a node that is not known. */
export interface Part {
  readonly endpoint?: any
  readonly ports: readonly any[]
  readonly key: string
  /** of the endpoint */
  readonly id?: string
  readonly missingNode?: string
}
export function partOf(service: KubeObject, pod: KubeObject, node: KubeObject | undefined): Part | undefined {
  if (!mayServe(pod)) return undefined
  if (!node && !service.spec.publishNotReadyAddresses) return { ports: [], key: '', missingNode: pod.spec.nodeName }
  const addresses = addressesOf(pod), ports = orderInSlice(portsOn(service, pod))
  if (addresses.length === 0) return undefined
  const endpoint = endpointOf(pod, service, addresses, node?.metadata.labels?.[zoneLabel])
  return { endpoint, ports, key: portKey(ports), id: endpointKey(endpoint) }
}
/** Endpoints of the pods, in groups of equal ports; names of pods whose node is not known, with that node's. */
export function groupsOf({ all }: Members<Part>): { readonly groups: readonly Desired[]; readonly withoutNode: readonly (readonly [string, string])[] } {
  const groups = new Map<string, { ports: readonly any[]; endpoints: any[]; keys: string[] }>(), withoutNode: [string, string][] = []
  for (const { name, part } of all) {
    if (!part?.endpoint) { if (part) withoutNode.push([name, part.missingNode ?? '']); continue }
    const group = groups.get(part.key)
    if (group) { group.endpoints.push(part.endpoint); group.keys.push(part.id!) }
    else groups.set(part.key, { ports: part.ports, endpoints: [part.endpoint], keys: [part.id!] })
  }
  return { groups: [...groups.values()], withoutNode }
}
const addressesOf = (pod: KubeObject): readonly string[] =>
  (pod.status.podIPs ?? [{ ip: pod.status.podIP }]).map((p: any) => p.ip).filter((ip: string) => !ip.includes(':'))

function endpointOf(pod: KubeObject, service: KubeObject, addresses: readonly string[], zone: string | undefined): any {
  const serving = isReady(pod), terminating = pod.metadata.deletionTimestamp !== undefined, { nodeName, hostname, subdomain } = pod.spec
  const ready = (service.spec.publishNotReadyAddresses ?? false) || serving && !terminating
  return {
    addresses, conditions: { ready, serving, terminating },
    ...hostname && subdomain === service.metadata.name ? { hostname } : undefined,
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    ...nodeName ? { nodeName } : undefined, ...zone ? { zone } : undefined, ...hintsFor(service, ready, zone, nodeName),
  }
}
/** Does a Service ask by an annotation for hints in proportion to the zones' nodes? */
export function wantsHints({ metadata: { annotations = {} } }: KubeObject): boolean {
  const said = annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode']
  return said === 'Auto' || said === 'auto'
}
/** Source: k8s.io/endpointslice/trafficdist/trafficdist.go */
function hintsFor(service: KubeObject, ready: boolean, zone: string | undefined, nodeName: string | undefined): any {
  // an annotation of old goes first (topology.ts)
  const wish = wantsHints(service) ? undefined : service.spec.trafficDistribution, forNode = wish === 'PreferSameNode' && nodeName
  if (!wish || !ready || !zone && !forNode) return undefined
  return { hints: { ...forNode ? { forNodes: [{ name: nodeName }] } : undefined, ...zone ? { forZones: [{ name: zone }] } : undefined } }
}

const isHeadless = (service: KubeObject): boolean => !service.spec.clusterIP || service.spec.clusterIP === 'None'
function labelsFor(service: KubeObject): Readonly<Record<string, string>> {
  const { [serviceNameLabel]: _n, [managedByLabel]: _m, [headlessLabel]: _h, ...own } = service.metadata.labels ?? {}
  return { ...own, [managedByLabel]: managedBy, [serviceNameLabel]: service.metadata.name, ...isHeadless(service) ? { [headlessLabel]: '' } : undefined }
}
function newSlice(service: KubeObject, ports: readonly any[] | null, endpoints: readonly any[] | null): any {
  const { name, namespace } = service.metadata
  const metadata = {
    generateName: `${name}-`, namespace, labels: labelsFor(service), ownerReferences: [controllerReference({ ...service, apiVersion: 'v1', kind: 'Service' })],
  }
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4', endpoints, ports }
}

/** What to write. A slice that would be deleted takes the place of one that would be made; one without endpoints stays when there are none. */
export function planSlices(service: KubeObject, existing: readonly KubeObject[], groups: readonly Desired[]): Plan {
  const create: any[] = [], update: any[] = [], doomed: KubeObject[] = [], own = existing.filter(s => controllerOf(s)?.uid === service.metadata.uid)
  const labels = labelsFor(service)
  doomed.push(...existing.filter(s => !own.includes(s)))
  const wanted = new Set(groups.map(g => portKey(g.ports)))
  for (const group of groups) fillGroup(service, group, own.filter(s => portKey(s.ports) === portKey(group.ports)), labels, create, update, doomed)
  doomed.push(...own.filter(s => !wanted.has(portKey(s.ports))))
  if (existing.length === doomed.length && groups.length === 0) {
    const [only] = doomed
    if (doomed.length === 1 && own.includes(only) && !only.endpoints?.length && !only.ports?.length && deepEqual(only.metadata.labels, labels))
      doomed.length = 0
    else create.push(newSlice(service, null, null))
  }
  const reused = doomed.filter(s => own.includes(s)).slice(0, create.length)
  for (const slice of reused) { const made = create.pop(); update.push({ ...made, metadata: { ...made.metadata, name: slice.metadata.name } }) }
  return { create, update, delete: doomed.filter(s => !reused.includes(s)) }
}

/** One group of slices with equal ports: what is there stays where it is, what is new goes where there is room. Source: reconcileByPortMapping */
function fillGroup(
  service: KubeObject, { ports, endpoints, keys }: Desired, slices: readonly KubeObject[], labels: Readonly<Record<string, string>>, create: any[],
  update: any[], doomed: KubeObject[]
): void {
  const left = new Map<string, any>(), changed: { slice: KubeObject; endpoints: any[] }[] = [], unchanged: KubeObject[] = []
  for (let i = 0; i < endpoints.length; i++) left.set(keys[i], endpoints[i])
  for (const slice of slices) {
    const stored: readonly any[] = slice.endpoints ?? [], kept: any[] = []
    for (const key of keysOf(stored)) {
      const now = left.get(key)
      if (!now) continue
      left.delete(key)
      kept.push(now)
    }
    const differs = !sameElements(kept, stored)
    if (differs && kept.length === 0) doomed.push(slice)
    else if (differs || !deepEqual(slice.metadata.labels, labels)) changed.push({ slice, endpoints: kept })
    else unchanged.push(slice)
  }
  const rest = [...left.values()]
  for (const c of [...changed].sort((a, b) => b.endpoints.length - a.endpoints.length)) c.endpoints.push(...rest.splice(0, maxEndpoints - c.endpoints.length))
  while (rest.length > 0) {
    const room = rest.length < maxEndpoints ? bestFit(unchanged, rest.length) : undefined
    if (room) { unchanged.splice(unchanged.indexOf(room), 1); changed.push({ slice: room, endpoints: [...room.endpoints ?? [], ...rest.splice(0)] }) }
    else create.push(newSlice(service, ports, rest.splice(0, maxEndpoints)))
  }
  for (const c of changed) update.push({ ...c.slice, metadata: { ...c.slice.metadata, labels }, endpoints: c.endpoints })
}
/** An endpoint is the same while its addresses and its pod are. Source: endpointslice/util/endpointset.go */
const endpointKey = (e: any): string => `${e.targetRef?.uid ?? ''} ${e.addresses.join()} ${e.hostname ?? ''} ${e.nodeName ?? ''}`
/** Of a stored slice, which never changes. */
export function keysOf(endpoints: readonly any[]): readonly string[] {
  let keys = knownKeys.get(endpoints)
  if (!keys) knownKeys.set(endpoints, keys = endpoints.map(endpointKey))
  return keys
}
const knownKeys = new WeakMap<readonly any[], readonly string[]>()
/** The fullest slice that still takes all. */
function bestFit(slices: readonly KubeObject[], count: number): KubeObject | undefined {
  const fitting = slices.filter(s => (s.endpoints?.length ?? 0) + count <= maxEndpoints)
  return fitting.reduce<KubeObject | undefined>((best, s) => !best || (s.endpoints?.length ?? 0) > (best.endpoints?.length ?? 0) ? s : best, undefined)
}
