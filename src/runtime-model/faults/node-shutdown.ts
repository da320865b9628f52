import { defineFault } from './fault.ts'
import { unknown } from './node.ts'

/** Approximate: the machine goes off when the time is over, a real one as soon as its pods have ended. */
export const nodeShutdown = defineFault({
  id: 'node-shutdown',
  doc: 'The machine is switched off in order: its kubelet ends the ordinary pods, then the critical ones, and when the time is over the power goes.',
  parameters: {
    node: 'name of the node', graceMs: 'time until the power goes, ms (shutdownGracePeriod)',
    criticalMs: 'the last part of it, for critical pods, ms (shutdownGracePeriodCriticalPods; 0)',
  },
  example: { node: 'worker-1', graceMs: 30_000 }, target: args => `node ${args.node}`,
  inject: (cluster, { node, graceMs, criticalMs = 0 }) => {
    const why = unknown(cluster, node) ?? (criticalMs > graceMs ? `of ${graceMs / 1000} s critical pods cannot have ${criticalMs / 1000} s` : undefined)
    if (why) return why
    if (cluster.kernel.powerOf(node) !== 'up') return 0
    cluster.kernel.operate(`kubelet/${node}`, 'shutdown', { totalMs: graceMs, criticalMs })
    cluster.kernel.hostDownAfter(node, graceMs)
    return 1
  },
  heal: (cluster, { node }) => cluster.kernel.powerOf(node) === 'down' && cluster.kernel.hostUp(node),
})
