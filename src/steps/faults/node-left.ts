import { nodeIn } from '../objects.ts'
import { faultFamily } from './family.ts'

export const nodeLeftFaults = faultFamily({
  id: 'node-left', fault: 'node-left', source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
  parameters: { left: 'quantity' },
  doc: 'So much is left on a node: below a threshold of its kubelet pods are evicted, one after the other, until what they have used is enough.',
  inject: ['only {left} of memory/disk is left on {node}', 'node {node} has only {left} of memory/disk left'],
  heal: ['enough memory/disk is left on {node} (again)', 'node {node} has enough memory/disk (again)'],
  examples: {
    inject: ['only 80Mi of memory is left on node worker-1', 'node worker-1 has only 5Gi of disk left'], heal: ['enough memory is left on node worker-1 again'],
  },
  args: (context, { node, left }, text) => ({ node: nodeIn(context, node), kind: /\bdisk\b/.test(text) ? 'disk' : 'memory', ...left ? { left } : {} }),
})
