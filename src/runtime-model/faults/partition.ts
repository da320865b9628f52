import { pair } from '../network/links.ts'
import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'
import { CONTROL_PLANE, machinesOf } from './places.ts'

type Args = Readonly<Record<string, any>>
/** The links between two places: each machine of one with each of the other. A sentence says why there are none. */
function linksBetween(cluster: Cluster, a: string, b: string): readonly string[] | string {
  const here = machinesOf(cluster, a), there = machinesOf(cluster, b)
  if (typeof here === 'string') return here
  if (typeof there === 'string') return there
  return [...new Set(here.flatMap(x => there.filter(y => y !== x).map(y => pair(x, y))))]
}

function cut(cluster: Cluster, a: string, b: string): number | string {
  const links = linksBetween(cluster, a, b), before = cluster.kernel.links.blocked
  if (typeof links === 'string') return links
  const fresh = links.filter(p => !before.has(p))
  if (fresh.length) cluster.kernel.setLinks(now => ({ ...now, blocked: new Set([...now.blocked, ...fresh]) }))
  return fresh.length
}
function mend(cluster: Cluster, a: string, b: string): boolean {
  const links = linksBetween(cluster, a, b), ours = new Set(typeof links === 'string' ? [] : links)
  if (![...cluster.kernel.links.blocked].some(p => ours.has(p))) return false
  cluster.kernel.setLinks(now => ({ ...now, blocked: new Set([...now.blocked].filter(p => !ours.has(p))) }))
  return true
}
function met(cluster: Cluster, a: string, b: string): number {
  const links = linksBetween(cluster, a, b)
  return typeof links === 'string' ? 0 : links.reduce((sum, link) => sum + cluster.kernel.linkUses(link), 0)
}

export const partition = defineFault({
  id: 'partition', doc: 'No message passes between the node and the machines of the control plane; nodes reach each other.',
  parameters: { node: 'name of the node' }, example: { node: 'worker-1' },
  target: ({ node }) => `the network between ${node} and the control plane`,
  met: (cluster, { node }) => met(cluster, node, CONTROL_PLANE), inject: (cluster, { node }) => cut(cluster, node, CONTROL_PLANE),
  heal: (cluster, { node }) => mend(cluster, node, CONTROL_PLANE),
})
export const networkPartition = defineFault({
  id: 'network-partition',
  doc: 'No packet passes between two places; all others reach both. What a node tells the control plane goes on, unless that is one of them.',
  parameters: { a: 'worker-1, `zone a` or `the control plane`', b: 'the other one' }, example: { a: 'worker-1', b: 'worker-2' },
  target: ({ a, b }: Args) => `the network between ${a} and ${b}`,
  met: (cluster, { a, b }) => met(cluster, a, b), inject: (cluster, { a, b }) => cut(cluster, a, b), heal: (cluster, { a, b }) => mend(cluster, a, b),
})
