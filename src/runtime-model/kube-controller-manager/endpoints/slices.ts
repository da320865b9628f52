import type { KubeObject } from '../../api/request.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { controllerOf } from '../controller.ts'
import { controllerReference, isReady } from '../pods.ts'
import { mayServe, portKey, portsOn } from './ports.ts'

/** The slices of a Service as they should be. Source: k8s.io/endpointslice/{reconciler,utils}.go */
export const maxEndpoints = 100
export const managedBy = 'endpointslice-controller.k8s.io'
export const serviceNameLabel = 'kubernetes.io/service-name', managedByLabel = 'endpointslice.kubernetes.io/managed-by', headlessLabel = 'service.kubernetes.io/headless'

export interface Desired { readonly ports: readonly any[]; readonly endpoints: readonly any[] }
export interface Plan { readonly create: readonly any[]; readonly update: readonly any[]; readonly delete: readonly KubeObject[] }

/** Endpoints of the pods, in groups of equal ports. `zoneOf`: undefined for a node that is not known. */
export function desiredEndpoints(service: KubeObject, pods: readonly KubeObject[], nodeOf: (name: string) => KubeObject | undefined): { readonly groups: readonly Desired[]; readonly withoutNode: readonly KubeObject[] } {
  const groups = new Map<string, { ports: readonly any[]; endpoints: any[] }>(), withoutNode: KubeObject[] = []
  for (const pod of pods) {
    if (!mayServe(pod)) continue
    const node = nodeOf(pod.spec.nodeName ?? '')
    if (!node && !service.spec.publishNotReadyAddresses) { withoutNode.push(pod); continue }
    const { endpoint, ports, key } = partOf(pod, service, node?.metadata.labels?.['topology.kubernetes.io/zone'])
    if (!endpoint) continue
    const group = groups.get(key) ?? { ports, endpoints: [] }
    groups.set(key, group)
    group.endpoints.push(endpoint)
  }
  return { groups: [...groups.values()], withoutNode }
}
/** What a pod adds to a Service. Computed again only when one of the two has changed. */
interface Part { readonly service: KubeObject; readonly zone: string | undefined; readonly endpoint: any; readonly ports: readonly any[]; readonly key: string }
const parts = new WeakMap<KubeObject, Part>()
function partOf(pod: KubeObject, service: KubeObject, zone: string | undefined): Part {
  const known = parts.get(pod)
  if (known && known.service === service && known.zone === zone) return known
  const ports = portsOn(service, pod), addresses = addressesOf(pod), part = { service, zone, endpoint: addresses.length > 0 ? endpointOf(pod, service, addresses, zone) : undefined, ports, key: portKey(ports) }
  parts.set(pod, part)
  return part
}
const addressesOf = (pod: KubeObject): readonly string[] => (pod.status.podIPs ?? [{ ip: pod.status.podIP }]).map((p: any) => p.ip).filter((ip: string) => !ip.includes(':'))

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
/** Source: k8s.io/endpointslice/trafficdist/trafficdist.go */
function hintsFor(service: KubeObject, ready: boolean, zone: string | undefined, nodeName: string | undefined): any {
  const wish = service.spec.trafficDistribution, forNode = wish === 'PreferSameNode' && nodeName
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
  const metadata = { generateName: `${name}-`, namespace, labels: labelsFor(service), ownerReferences: [controllerReference({ ...service, apiVersion: 'v1', kind: 'Service' })] }
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4', endpoints, ports }
}

/** What to write. A slice that would be deleted takes the place of one that would be made; one without endpoints stays when there are none. */
export function planSlices(service: KubeObject, existing: readonly KubeObject[], groups: readonly Desired[]): Plan {
  const create: any[] = [], update: any[] = [], doomed: KubeObject[] = [], own = existing.filter(s => controllerOf(s)?.uid === service.metadata.uid), labels = labelsFor(service)
  doomed.push(...existing.filter(s => !own.includes(s)))
  const wanted = new Set(groups.map(g => portKey(g.ports)))
  for (const group of groups) fillGroup(service, group, own.filter(s => portKey(s.ports) === portKey(group.ports)), labels, create, update, doomed)
  doomed.push(...own.filter(s => !wanted.has(portKey(s.ports))))
  if (existing.length === doomed.length && groups.length === 0) {
    const [only] = doomed
    if (doomed.length === 1 && own.includes(only) && !only.endpoints?.length && !only.ports?.length && deepEqual(only.metadata.labels, labels)) doomed.length = 0
    else create.push(newSlice(service, null, null))
  }
  const reused = doomed.filter(s => own.includes(s)).slice(0, create.length)
  for (const slice of reused) { const made = create.pop(); update.push({ ...made, metadata: { ...made.metadata, name: slice.metadata.name } }) }
  return { create, update, delete: doomed.filter(s => !reused.includes(s)) }
}

/** One group of slices with equal ports: what is there stays where it is, what is new goes where there is room. Source: reconcileByPortMapping */
function fillGroup(service: KubeObject, { ports, endpoints }: Desired, slices: readonly KubeObject[], labels: Readonly<Record<string, string>>, create: any[], update: any[], doomed: KubeObject[]): void {
  const left = new Map(endpoints.map(e => [endpointKey(e), e])), changed: { slice: KubeObject; endpoints: any[] }[] = [], unchanged: KubeObject[] = []
  for (const slice of slices) {
    let differs = false
    const kept: any[] = []
    for (const endpoint of slice.endpoints ?? []) {
      const now = left.get(endpointKey(endpoint))
      if (!now) { differs = true; continue }
      left.delete(endpointKey(endpoint))
      kept.push(now)
      if (!sameEndpoint(now, endpoint)) differs = true
    }
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
function endpointKey(e: any): string {
  let key = keys.get(e)
  if (!key) keys.set(e, key = endpointText(e))
  return key
}
const keys = new WeakMap<object, string>()
/** Endpoints are frozen: whether two are equal is found out once. */
function sameEndpoint(wanted: any, stored: any): boolean {
  if (equals.get(stored) === wanted) return true
  if (!deepEqual(wanted, stored)) return false
  equals.set(stored, wanted)
  return true
}
const equals = new WeakMap<object, object>()
const endpointText = (e: any): string => `${e.targetRef?.uid ?? ''} ${e.addresses.join()} ${e.hostname ?? ''} ${e.nodeName ?? ''}`
/** The fullest slice that still takes all. */
function bestFit(slices: readonly KubeObject[], count: number): KubeObject | undefined {
  const fitting = slices.filter(s => (s.endpoints?.length ?? 0) + count <= maxEndpoints)
  return fitting.reduce<KubeObject | undefined>((best, s) => !best || (s.endpoints?.length ?? 0) > (best.endpoints?.length ?? 0) ? s : best, undefined)
}
