import type { KubeObject } from '../../api/request.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { isReady } from '../pods.ts'
import { sameElements } from './members.ts'
import type { Look, Member, Members } from './members.ts'
import { orderInEndpoints } from './port-order.ts'
import { mayServe, portKey, portsOn } from './ports.ts'

/** The subsets of a Service's Endpoints object: addresses grouped by the ports they serve. Source: pkg/api/v1/endpoints/util.go (RepackSubsets) */
export interface Part { readonly ports: readonly any[]; readonly key: string; readonly address: any; readonly ready: boolean }

/** What a pod adds to a Service. */
export function partOf(service: KubeObject, pod: KubeObject): Part | undefined {
  const anyway = service.spec.publishNotReadyAddresses ?? false
  if (!mayServe(pod) || pod.metadata.deletionTimestamp !== undefined && !anyway) return undefined
  const ports = orderInEndpoints(portsOn(service, pod)), { hostname, subdomain, nodeName } = pod.spec, { name, namespace, uid } = pod.metadata
  if (ports.length === 0 && (service.spec.clusterIP !== 'None' || service.spec.ports?.length > 0)) return undefined
  const address = {
    ip: pod.status.podIP ?? pod.status.podIPs[0].ip, ...hostname && subdomain === service.metadata.name ? { hostname } : undefined,
    ...nodeName ? { nodeName } : undefined, targetRef: { kind: 'Pod', namespace, name, uid },
  }
  return { ports, key: portKey(ports), address, ready: isReady(pod) || anyway }
}

/** One group of addresses with equal ports, each list in order of its addresses. */
interface Group { readonly ports: readonly any[]; readonly ready: readonly any[]; readonly other: readonly any[] }
type Groups = ReadonlyMap<string, Group>
/** Remembered with the members that they were made of, which never change. */
const known = new WeakMap<Members<Part>, Groups>()

export function subsetsOf({ members, before, changed }: Look<Part>): any[] {
  const last = before && changed && known.get(before), groups = (last && adjusted(last, changed)) ?? grouped(members.all)
  known.set(members, groups)
  return (groups.size > 1 ? repacked([...groups.values()]) : [...groups.values()]).map(({ ports, ready, other }) => ({
    ...ready.length ? { addresses: ready } : undefined, ...other.length ? { notReadyAddresses: other } : undefined,
    ...ports.length ? { ports: ports.map(({ name, ...port }) => ({ ...name ? { name } : undefined, ...port })) } : undefined,
  }))
}

function grouped(all: readonly Member<Part>[]): Groups {
  const groups = new Map<string, { ports: readonly any[]; ready: any[]; other: any[] }>()
  for (const { part } of all) {
    if (!part) continue
    const group = groups.get(part.key) ?? { ports: part.ports, ready: [], other: [] }
    groups.set(part.key, group)
    ;(part.ready ? group.ready : group.other).push(part.address)
  }
  for (const { ready, other } of groups.values()) { ready.sort(byIp); other.sort(byIp) }
  return groups
}
/** Pods differ in their ports: ports are together where the same addresses serve them, and an address stands with each of them. */
function repacked(groups: readonly Group[]): readonly Group[] {
  const servedBy = new Map<string, { port: any; by: Group[] }>(), together = new Map<string, { ports: any[]; by: readonly Group[] }>()
  for (const group of groups) {
    for (const port of group.ports) {
      const served = servedBy.get(portKey([port]))
      if (served) served.by.push(group)
      else servedBy.set(portKey([port]), { port, by: [group] })
    }
  }
  for (const { port, by } of servedBy.values()) {
    const key = by.map(group => groups.indexOf(group)).join(), found = together.get(key)
    if (found) found.ports.push(port)
    else together.set(key, { ports: [port], by })
  }
  return [...together.values()].map(({ ports, by }) => ({
    ports: orderInEndpoints(ports), ready: by.flatMap(group => group.ready).sort(byIp), other: by.flatMap(group => group.other).sort(byIp),
  }))
}
/** pods on their node's network share its address */
const byIp = (a: any, b: any): number => a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.targetRef.name < b.targetRef.name ? -1 : 1

/** The one group of a Service whose pods all have the same ports, with some exchanged; undefined: there is more to it. */
function adjusted(groups: Groups, changed: NonNullable<Look<Part>['changed']>): Groups | undefined {
  const [entry] = groups
  if (groups.size !== 1 || changed.some(([old, now]) => old?.part && old.part.key !== entry[0] || now?.part && now.part.key !== entry[0])) return undefined
  const [key, { ports, ready, other }] = entry, gone = new Set<any>(), come = { ready: [] as any[], other: [] as any[] }
  for (const [old, now] of changed) {
    if (old?.part) gone.add(old.part.address)
    if (now?.part) (now.part.ready ? come.ready : come.other).push(now.part.address)
  }
  const next = { ports, ready: exchanged(ready, gone, come.ready), other: exchanged(other, gone, come.other) }
  return next.ready.length + next.other.length > 0 ? new Map([[key, next]]) : undefined
}
function exchanged(list: readonly any[], gone: ReadonlySet<any>, come: any[]): readonly any[] {
  const kept = list.filter(a => !gone.has(a))
  if (come.length === 0 && kept.length === list.length) return list
  for (const address of come) {
    let low = 0, high = kept.length
    while (low < high) { const middle = (low + high) >>> 1; if (byIp(kept[middle], address) < 0) low = middle + 1; else high = middle }
    kept.splice(low, 0, address)
  }
  return kept
}

/** Is it what is wanted? Lists of different lengths differ at once, and what was equal once is not looked into again. */
export function sameSubsets(stored: readonly any[] | undefined, wanted: readonly any[]): boolean {
  return (stored?.length ?? 0) === wanted.length
    && wanted.every((subset, i) =>
      sameLists(stored![i].addresses, subset.addresses) && sameLists(stored![i].notReadyAddresses, subset.notReadyAddresses)
        && deepEqual(stored![i].ports, subset.ports))
}
const sameLists = (stored: readonly any[] = none, wanted: readonly any[] = none): boolean => sameElements(wanted, stored)
const none: readonly any[] = []
