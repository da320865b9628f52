import { parseIP } from '../api/cidr.ts'
import type { Cluster } from '../cluster.ts'
import { TRAFFIC_ID } from '../traffic/index.ts'

/**
 * A host outside of the cluster that answers on every port: `{ name, address? }`. Without an address it has the next one of a range that is kept for
 * documents (RFC 5737).
 */
export function hostOutside(cluster: Cluster, { name, address }: Readonly<Record<string, any>>): string | void {
  if (cluster.options.bare) return 'a bare cluster has no network that leads anywhere'
  if (address !== undefined && parseIP(address) === undefined) return `${address} is no IP address`
  const known = Object.values(cluster.kernel.stateOf<any>(TRAFFIC_ID).outside)
  cluster.kernel.operate(TRAFFIC_ID, 'outside', { name: name.toLowerCase().replace(/\.$/, ''), address: address ?? `198.51.100.${101 + known.length}` })
  cluster.kernel.runTo(cluster.kernel.now)
}
