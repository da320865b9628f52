import type { Cluster } from '../cluster.ts'

/** Machines by what a scenario calls them: `worker-1`, `zone a`, `the control plane`. Zones are those of the stored Nodes (topology.kubernetes.io/zone). */
export const CONTROL_PLANE = 'the control plane'
const zoneLabel = 'topology.kubernetes.io/zone'

const zonesOf = (cluster: Cluster): ReadonlyMap<string, readonly string[]> => {
  const zones = new Map<string, string[]>(), hosts = new Set(cluster.hosts())
  for (const { metadata: { name, labels } } of cluster.storedList('nodes')) {
    const zone = labels?.[zoneLabel]
    if (zone !== undefined && hosts.has(name)) zones.set(zone, [...zones.get(zone) ?? [], name])
  }
  return zones
}

/** The machines of a place, or a sentence that says why there are none. */
export function machinesOf(cluster: Cluster, place: string): readonly string[] | string {
  if (place === CONTROL_PLANE) return cluster.controlPlaneHosts()
  if (place.startsWith('zone ')) {
    const zones = zonesOf(cluster)
    return zones.get(place.slice('zone '.length))
      ?? `no node of this cluster is in ${place} (${zones.size ? `there are the zones ${[...zones.keys()].sort().join(', ')}` : 'its nodes have no zones'})`
  }
  const hosts = [...new Set([...cluster.hosts(), ...cluster.controlPlaneHosts()])]
  return hosts.includes(place) ? [place] : `there is no machine ${place} in this cluster (there are ${hosts.join(', ')})`
}
