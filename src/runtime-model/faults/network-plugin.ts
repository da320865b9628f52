import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'
import { unknown } from './node.ts'

const isThere = ({ kernel }: Cluster, node: string): boolean => {
  const runtime = `container-runtime/${node}`
  return kernel.arranged(runtime, operation => operation === 'network')?.ready ?? kernel.stateOf<any>(runtime).networkReady
}
export const networkPluginMissing = defineFault({
  id: 'network-plugin-missing',
  doc: 'The network plugin of a node is not there (its configuration is missing, or its agent has not started): the runtime can connect no new pod.',
  parameters: { node: 'name of the node' }, example: { node: 'worker-1' }, target: ({ node }) => `the network plugin of ${node}`,
  inject(cluster, { node }) {
    const why = unknown(cluster, node), runtime = `container-runtime/${node}`
    if (why) return why
    if (!isThere(cluster, node)) return 0
    cluster.kernel.arrange(runtime, 'network', { ready: false })
    return 1
  },
  heal(cluster, { node }) {
    if (unknown(cluster, node) || isThere(cluster, node)) return false
    cluster.kernel.arrange(`container-runtime/${node}`, 'network', { ready: true })
    return true
  },
})
