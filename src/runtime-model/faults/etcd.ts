import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'

const member = (cluster: Cluster, name: string): string | undefined =>
  cluster.kernel.has(`etcd/${name}`) ? undefined : `there is no etcd member ${name} (there are ${cluster.kernel.ids('etcd').map(id => id.slice(5)).join(', ')})`

export const etcdDiskLoss = defineFault({
  id: 'etcd-disk-loss', doc: 'The member loses its data directory and goes down; it comes back empty and is filled by its leader, if there is a quorum.',
  parameters: { member: 'name of the member' }, example: { member: 'etcd-1' }, target: args => `the disk of etcd member ${args.member}`,
  inject: (cluster, args) => {
    const why = member(cluster, args.member)
    if (why) return why
    cluster.kernel.operate(`etcd/${args.member}`, 'lose-disk', {})
    cluster.kernel.settle()
    return Number(cluster.kernel.stop(`etcd/${args.member}`))
  },
  heal: (cluster, args) => cluster.kernel.has(`etcd/${args.member}`) && cluster.kernel.start(`etcd/${args.member}`),
})
const isFull = ({ keyspace }: any): boolean => keyspace.space !== 'free' || keyspace.alarm
/** Did any member have space, or lack it, before? */
function setSpace({ kernel }: Cluster, full: boolean): boolean {
  const others = kernel.ids('etcd').filter(id => isFull(kernel.stateOf<any>(id)) !== full)
  for (const id of kernel.ids('etcd')) kernel.arrange(id, 'nospace', { on: full })
  return others.length > 0
}
export const etcdNospace = defineFault({
  id: 'etcd-nospace', doc: 'The keyspace reaches its quota: alarm NOSPACE, no puts until it is compacted, defragmented and disarmed.', parameters: {},
  example: {}, target: () => 'etcd',
  inject: cluster => Number(setSpace(cluster, true)), heal: cluster => setSpace(cluster, false),
})
