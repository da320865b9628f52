import { nodeIn } from '../objects.ts'
import { faultFamily } from './family.ts'

export const networkPluginFaults = faultFamily({
  id: 'network-plugin-missing', fault: 'network-plugin-missing',
  source: 'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/',
  doc: 'The network plugin of a node is not there: the node is not ready, its pods run on, and no pod of it with a network of its own is started (again).',
  inject: ['the network plugin of {node} is missing', 'the CNI of {node} is missing', 'the CNI (plugin) of {node} is not initialized'],
  heal: ['the network plugin of {node} is there (again)', 'the CNI of {node} is there (again)', 'the CNI (plugin) of {node} is initialized (again)'],
  examples: {
    inject: ['the network plugin of node worker-1 is missing', 'the CNI of worker-1 is not initialized'],
    heal: ['the network plugin of node worker-1 is there again', 'the CNI of worker-1 is initialized'],
  },
  args: (context, { node }) => ({ node: nodeIn(context, node) }),
})
