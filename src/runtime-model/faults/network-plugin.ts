import { defineFault } from './fault.ts'
import { unknown } from './node.ts'

export const networkPluginMissing = defineFault({
  id: 'network-plugin-missing',
  doc: 'The network plugin of a node is not there (its configuration is missing, or its agent has not started): the runtime can connect no new pod.',
  parameters: { node: 'name of the node' }, example: { node: 'worker-1' }, target: ({ node }) => `the network plugin of ${node}`,
  inject(cluster, { node }) {
    const why = unknown(cluster, node), runtime = `container-runtime/${node}`
    if (why) return why
    if (!cluster.kernel.stateOf(runtime).networkReady) return 0
    cluster.kernel.operate(runtime, 'network', { ready: false })
    return 1
  },
  heal(cluster, { node }) {
    if (unknown(cluster, node) || cluster.kernel.stateOf(`container-runtime/${node}`).networkReady) return false
    cluster.kernel.operate(`container-runtime/${node}`, 'network', { ready: true })
    return true
  },
})
