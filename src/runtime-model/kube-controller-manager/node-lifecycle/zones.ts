import type { KubeObject } from '../../api/request.ts'
import type { Index, View } from '../controller.ts'
import { readyStatus } from './taints.ts'

/**
 * How many nodes of a zone are ready, and what follows for evictions. Source: node_lifecycle_controller.go (ComputeZoneState, handleDisruption,
 * setLimiterInZone)
 */
export type ZoneState = 'normal' | 'partial' | 'full'
const unhealthyShare = 0.55, largeZone = 50
const normalPerSecond = 0.1, reducedPerSecond = 0.01
const excluded = 'node.kubernetes.io/exclude-disruption'

export const zoneOf = (node: KubeObject): string => {
  const { labels } = node.metadata
  return `${labels?.['topology.kubernetes.io/region'] ?? ''}:${labels?.['topology.kubernetes.io/zone'] ?? ''}`
}
const counted = (node: KubeObject): boolean => readyStatus(node) !== undefined && node.metadata.labels?.[excluded] === undefined
export const nodesByZone: Index = {
  name: 'nodes by zone', resource: 'nodes', keysOf: node => [zoneOf(node)],
  counts: { ready: node => Number(counted(node) && readyStatus(node) === 'True'), notReady: node => Number(counted(node) && readyStatus(node) !== 'True') },
}

export function zoneState(zone: string, view: View): ZoneState {
  const ready = view.count(nodesByZone, zone, 'ready'), notReady = view.count(nodesByZone, zone, 'notReady')
  if (ready === 0 && notReady > 0) return 'full'
  return notReady > 2 && notReady / (notReady + ready) >= unhealthyShare ? 'partial' : 'normal'
}
/** Nodes of the zone that may be tainted in a second. Source: ReducedQPSFunc, HealthyQPSFunc */
export const evictionRate = (zone: string, view: View): number => rateIn(zoneState(zone, view), zone, view)
export function rateIn(state: string | undefined, zone: string, view: View): number {
  if (state !== 'partial') return normalPerSecond
  return view.count(nodesByZone, zone) > largeZone ? reducedPerSecond : 0
}
/** Nothing is ready anywhere: it is the control plane that cannot see, so nobody is evicted. */
export const allDown = (zones: readonly string[], view: View): boolean => zones.length > 0 && zones.every(zone => zoneState(zone, view) === 'full')
