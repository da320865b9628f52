import { claimsResource } from '../../api/device-claims.ts'
import type { KubeObject } from '../../api/request.ts'
import type { ClusterView } from '../plugin.ts'
import { anyTerm } from '../terms.ts'
import { attributeOf, matches } from './selectors.ts'
import type { Device } from './selectors.ts'

/**
 * Devices of one node for the claims of a pod, the first that fit, by trying. Not there: what is behind a gate that is off (devices that are shared,
 * partitioned or tainted). Source: k8s.io/dynamic-resource-allocation structured/internal/stable/{allocator_stable,pools_stable}.go
 */
export const slicesResource = 'resourceslices.resource.k8s.io', classesResource = 'deviceclasses.resource.k8s.io'

interface Offered extends Device { readonly slice: any }
interface Slot { readonly claim: number; readonly request: string; readonly of: any; readonly whose: string; readonly all: boolean; readonly count: number }
interface Taken { readonly slot: Slot; readonly device: Offered }

export const deviceKey = ({ driver, pool, name }: Device): string => `${driver}/${pool}/${name}`
/** What claims hold, all over the cluster. */
export function heldDevices(cluster: ClusterView): ReadonlySet<string> {
  const held = new Set<string>()
  for (const { status } of cluster.list(claimsResource)) {
    for (const r of status?.allocation?.devices?.results ?? []) if (!r.adminAccess) held.add(`${r.driver}/${r.pool}/${r.device}`)
  }
  return held
}

/** Of each pool the newest generation, once all of its slices are there. */
function offeredOn(node: KubeObject, cluster: ClusterView): readonly Offered[] {
  const slices = cluster.list(slicesResource), newest = new Map<string, { generation: number; count: number }>()
  for (const { spec: { driver, pool } } of slices) {
    const key = `${driver}/${pool.name}`, known = newest.get(key)
    if (!known || pool.generation > known.generation) newest.set(key, { generation: pool.generation, count: 1 })
    else if (pool.generation === known.generation) known.count++
  }
  return slices.flatMap(({ spec }) => {
    const { driver, pool, devices = [] } = spec, current = newest.get(`${driver}/${pool.name}`)!
    if (pool.generation !== current.generation || current.count < pool.resourceSliceCount || !reaches(spec, node)) return []
    return devices.map(({ name, attributes = {}, capacity = {} }: any) => ({ driver, pool: pool.name, name, attributes, capacity, slice: spec }))
  })
}
const reaches = ({ nodeName, nodeSelector, allNodes }: any, node: KubeObject): boolean =>
  nodeName !== undefined ? nodeName === node.metadata.name : allNodes === true || anyTerm(nodeSelector)?.(node) === true

/** The allocation of each claim, in their order; undefined: the node has not what they ask for. */
export function allocate(claims: readonly KubeObject[], node: KubeObject, cluster: ClusterView, held: ReadonlySet<string>): readonly any[] | undefined {
  const offered = offeredOn(node, cluster)
  for (const slots of choices(claims)) {
    const taken = fill(slots, claims, offered, cluster, held)
    if (taken) return claims.map((claim, i) => allocationOf(claim, taken.filter(t => t.slot.claim === i), node, cluster))
  }
  return undefined
}

/** Every way to choose among alternatives, the wanted first. */
function choices(claims: readonly KubeObject[]): readonly (readonly Slot[])[] {
  let ways: (readonly Slot[])[] = [[]]
  claims.forEach((claim, index) => {
    const { namespace, name } = claim.metadata, whose = `claim ${namespace}/${name}`
    const slot = (request: string, of: any): Slot => ({ claim: index, request, of, whose, all: of.allocationMode === 'All', count: of.count ?? 1 })
    for (const { name: request, exactly, firstAvailable = [] } of claim.spec.devices?.requests ?? []) {
      const options = exactly ? [slot(request, exactly)] : firstAvailable.map((sub: any) => slot(`${request}/${sub.name}`, sub))
      ways = options.flatMap((option: Slot) => ways.map(way => [...way, option]))
    }
  })
  return ways
}

function fill(
  slots: readonly Slot[], claims: readonly KubeObject[], offered: readonly Offered[], cluster: ClusterView, held: ReadonlySet<string>
): readonly Taken[] | undefined {
  const fitting = slots.map(({ of, whose }) => {
    const deviceClass = cluster.get(classesResource, '', of.deviceClassName)
    return offered.filter(d => matches(d, deviceClass?.spec.selectors, `class ${of.deviceClassName}`) && matches(d, of.selectors, whose))
  })
  const isFree = (d: Offered, taken: readonly Taken[]): boolean => !held.has(deviceKey(d)) && !taken.some(t => deviceKey(t.device) === deviceKey(d))
  const next = (at: number, left: number, from: number, taken: readonly Taken[]): readonly Taken[] | undefined => {
    const slot = slots[at]
    if (slot === undefined) return taken
    if (slot.all) {
      const all = fitting[at]
      if (all.length === 0 || !all.every(d => isFree(d, taken))) return undefined
      const more = [...taken, ...all.map(device => ({ slot, device }))]
      return agree(claims[slot.claim], more, slot.claim) ? next(at + 1, slots[at + 1]?.count ?? 0, 0, more) : undefined
    }
    if (left === 0) return next(at + 1, slots[at + 1]?.count ?? 0, 0, taken)
    for (let i = from; i < fitting[at].length; i++) {
      if (!isFree(fitting[at][i], taken)) continue
      const more = [...taken, { slot, device: fitting[at][i] }], found = agree(claims[slot.claim], more, slot.claim) && next(at, left - 1, i + 1, more)
      if (found) return found
    }
    return undefined
  }
  return next(0, slots[0]?.count ?? 0, 0, [])
}
/** Constraints of a claim: devices of these requests have one value of an attribute. */
function agree(claim: KubeObject, taken: readonly Taken[], index: number): boolean {
  const own = taken.filter(t => t.slot.claim === index)
  return ((claim.spec.devices.constraints ?? []) as readonly any[]).every(({ requests, matchAttribute }) => {
    if (matchAttribute === undefined) return true
    const values = own.filter(t => !requests?.length || requests.includes(t.slot.request) || requests.includes(t.slot.request.split('/', 1)[0]))
      .map(t => attributeOf(t.device, matchAttribute))
    return values.every(v => v !== undefined && v === values[0])
  })
}

function allocationOf({ spec }: KubeObject, taken: readonly Taken[], node: KubeObject, cluster: ClusterView): any {
  const results = taken.map(({ slot, device }) => ({ request: slot.request, driver: device.driver, pool: device.pool, device: device.name }))
  const requests = [...new Map(taken.map(t => [t.slot.request, t.slot.of.deviceClassName] as const))]
  const ofClasses = requests.flatMap(([request, name]) =>
    ((cluster.get(classesResource, '', name)?.spec.config ?? []) as readonly any[]).map(c => ({ source: 'FromClass', requests: [request], ...c })))
  const config = [...ofClasses, ...((spec.devices?.config ?? []) as readonly any[]).map(c => ({ source: 'FromClaim', ...c }))]
  const local = taken.some(t => t.device.slice.nodeName !== undefined), selector = taken.find(t => t.device.slice.nodeSelector)?.device.slice.nodeSelector
  const nodeSelector = local
    ? { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.metadata.name] }] }] }
    : selector
  return { devices: { results, ...config.length > 0 ? { config } : undefined }, ...nodeSelector ? { nodeSelector } : undefined }
}
