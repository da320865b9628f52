import type { KubeObject } from '../../api/request.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { controllerReference } from '../pods.ts'
import { orderInSlice } from './port-order.ts'
import { portKey } from './ports.ts'
import { managedByLabel, serviceNameLabel } from './slices.ts'

/** The slices that mirror an Endpoints object. Source: pkg/controller/endpointslicemirroring/{reconciler,utils}.go */
export const mirroredBy = 'endpointslicemirroring-controller.k8s.io'
/** --mirroring-max-endpoints-per-subset */
const maxPerSubset = 1000
const skipMirrorLabel = 'endpointslice.kubernetes.io/skip-mirror', leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader'
const notMirrored = ['endpoints.kubernetes.io/last-change-trigger-time', 'kubectl.kubernetes.io/last-applied-configuration']

/** Those of the cluster itself, and of leader elections, are not. */
export const mayMirror = (endpoints: KubeObject | undefined): endpoints is KubeObject =>
  endpoints !== undefined && endpoints.metadata.labels?.[skipMirrorLabel] !== 'true' && endpoints.metadata.annotations?.[leaderAnnotation] === undefined

interface Group { readonly addressType: string; readonly ports: readonly any[]; readonly endpoints: any[] }
export interface Mirror { readonly create: readonly any[]; readonly update: readonly any[]; readonly delete: readonly KubeObject[]; readonly skipped: number }

/** One slice for each kind of address and set of ports; those that are there are brought up to date. */
export function planMirror(endpoints: KubeObject, existing: readonly KubeObject[]): Mirror {
  const groups = new Map<string, Group>(), create: any[] = [], update: any[] = [], left = new Set(existing)
  let skipped = 0
  for (const subset of (endpoints['subsets'] as readonly any[] | undefined) ?? []) {
    const ports = orderInSlice((subset.ports ?? []).map(({ name = '', port, protocol = 'TCP', appProtocol }: any) =>
      ({ name, port, protocol, ...appProtocol ? { appProtocol } : undefined })))
    const all = [...(subset.addresses ?? []).map((a: any) => endpointOf(a, true)), ...(subset.notReadyAddresses ?? []).map((a: any) => endpointOf(a, false))]
    skipped += Math.max(0, all.length - maxPerSubset)
    for (const endpoint of all.slice(0, maxPerSubset)) {
      const addressType = endpoint.addresses[0].includes(':') ? 'IPv6' : 'IPv4', key = `${addressType} ${portKey(ports)}`
      const group: Group = groups.get(key) ?? { addressType, ports, endpoints: [] }
      groups.set(key, group)
      group.endpoints.push(endpoint)
    }
  }
  const metadata = metadataFor(endpoints), { labels, annotations } = metadata, unmet: Group[] = []
  for (const group of groups.values()) {
    const slice = existing.find(s => left.has(s) && s.addressType === group.addressType && portKey(s.ports ?? []) === portKey(group.ports))
    if (!slice) { unmet.push(group); continue }
    left.delete(slice)
    if (!deepEqual(slice.endpoints, group.endpoints) || !deepEqual(slice.metadata.labels, labels)
      || !deepEqual(slice.metadata.annotations ?? {}, annotations ?? {})) {
      update.push({ ...slice, metadata: { ...slice.metadata, labels, annotations }, endpoints: group.endpoints })
    }
  }
  // those that would go become those that would be made
  for (const group of unmet) {
    const slice = [...left].find(s => s.addressType === group.addressType)
    if (slice) {
      left.delete(slice)
      update.push({ ...slice, metadata: { ...slice.metadata, labels, annotations }, ports: group.ports, endpoints: group.endpoints })
    }
    else create.push({
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
      metadata: { ...metadata, generateName: `${endpoints.metadata.name}-`, namespace: endpoints.metadata.namespace }, ...group,
    })
  }
  return { create, update, delete: [...left], skipped }
}
const endpointOf = ({ ip, hostname, nodeName, targetRef }: any, ready: boolean): any =>
  ({
    addresses: [ip], conditions: { ready }, ...hostname ? { hostname } : undefined, ...targetRef ? { targetRef } : undefined,
    ...nodeName ? { nodeName } : undefined,
  })
function metadataFor(endpoints: KubeObject): any {
  const annotations = Object.fromEntries(Object.entries(endpoints.metadata.annotations ?? {}).filter(([name]) => !notMirrored.includes(name)))
  return {
    labels: { ...endpoints.metadata.labels, [managedByLabel]: mirroredBy, [serviceNameLabel]: endpoints.metadata.name },
    ...Object.keys(annotations).length > 0 ? { annotations } : undefined,
    ownerReferences: [controllerReference({ ...endpoints, apiVersion: 'v1', kind: 'Endpoints' })],
  }
}
