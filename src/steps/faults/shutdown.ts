import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { nodeIn } from '../objects.ts'
import { injectFault } from './family.ts'

export const shutdown: StepDefinition = defineStep({
  id: 'node-shutdown', kind: 'fault', source: 'https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#graceful-node-shutdown',
  parameters: { grace: 'duration', critical: 'duration' },
  phrases: ['node {node} shuts down within {grace}', 'node {node} shuts down within {grace}, the last {critical} for critical pods'],
  doc:
    'The machine is switched off in order: its kubelet ends the ordinary pods, then the critical ones (shutdownGracePeriod and shutdownGracePeriodCriticalPods), and when the time is over the power goes. `node … comes back` switches it on again.',
  examples: ['node worker-1 shuts down within 30s', 'node worker-1 shuts down within 60s, the last 20s for critical pods'],
  run: (context, { node, grace, critical }) => grace === 0
    ? { cannotRun: 'a shutdown within no time is none that is graceful: say `node … goes down`' }
    : injectFault(context, 'node-shutdown', { node: nodeIn(context, node), graceMs: grace, ...critical ? { criticalMs: critical } : {} }),
})
