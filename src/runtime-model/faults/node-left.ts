import { parseQuantity, unitsOf } from '../api/quantity.ts'
import { defineFault } from './fault.ts'
import { unknown } from './node.ts'

export const nodeLeft = defineFault({
  id: 'node-left', doc: 'So much memory or disk is left on a node: its kubelet evicts pods below its thresholds, until what they have used is enough.',
  parameters: { node: 'name of the node', kind: 'memory or disk', left: 'a quantity' }, example: { node: 'worker-1', kind: 'memory', left: '80Mi' },
  target: ({ node, kind }) => `the ${kind} that is left on node ${node}`,
  inject(cluster, { node, kind, left }) {
    const why = unknown(cluster, node) ?? (parseQuantity(left) ? undefined : `${left} is no amount of ${kind}: write 80Mi or 5Gi`)
    if (why) return why
    cluster.kernel.arrange(`kubelet/${node}`, 'left', { kind, bytes: unitsOf(left) })
    return 1
  },
  heal(cluster, { node, kind }) {
    const told = cluster.kernel.arranged(`kubelet/${node}`, (operation, args) => operation === 'left' && args.kind === kind)
    if ((told ?? cluster.kernel.stateOf<any>(`kubelet/${node}`).node.left[kind])?.bytes === undefined) return false
    cluster.kernel.arrange(`kubelet/${node}`, 'left', { kind })
    return true
  },
})
