import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { line, say } from '../command.ts'
import type { ScenarioContext } from '../context.ts'
import { nodeIn } from '../objects.ts'
import { refusal } from '../outcome.ts'
import { kubeletObjection } from './upgrade.ts'

const simple = (verb: 'cordon' | 'uncordon', doc: string): StepDefinition => defineStep({
  id: verb, kind: 'action', phrases: [`I ${verb} {node}`], doc, examples: [`I ${verb} node worker-1`],
  source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration',
  run: (context, { node }) => say(context, line('kubectl', verb, nodeIn(context, node))),
})
const drain = defineStep({
  id: 'drain', kind: 'action', phrases: ['I drain {node}', 'I drain {node} within {timeout}'], parameters: { timeout: 'duration' },
  doc: 'Cordons the node and evicts its pods, waiting for them to go; leaves DaemonSet pods and gives up emptyDir data.',
  examples: ['I drain node worker-1', 'I drain node worker-1 within 2m'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/',
  run: (context, { node, timeout }) => timeout === 0 ? { cannotRun: 'nothing is drained within no time' } : say(
    context,
    line(
      'kubectl', 'drain', nodeIn(context, node), '--ignore-daemonsets', '--delete-emptydir-data',
      ...(timeout ? [`--timeout=${Math.ceil(timeout / 1000)}s`] : [])
    )
  ),
})
const operate = (context: ScenarioContext, operation: string, args: Readonly<Record<string, unknown>>): StepOutcome => {
  const why = context.driver().operate(operation, args)
  return why ? refusal(why) : undefined
}
const join = defineStep({
  id: 'node-joins', kind: 'action', phrases: ['node {node} joins', 'node {node} joins the cluster', 'node {node} joins with {cpu} cpu(s) and {memory} memory'],
  parameters: { cpu: 'quantity', memory: 'quantity' },
  doc: 'A new machine starts its kubelet, which registers the node.', examples: ['node worker-4 joins', 'node worker-4 joins with 8 cpu and 16Gi memory'],
  source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#self-registration-of-nodes',
  run: (context, { node, cpu, memory }) =>
    operate(context, 'join-node', { node: nodeIn(context, node), ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) }),
})
const leave = defineStep({
  id: 'node-leaves', kind: 'action', phrases: ['node {node} leaves', 'node {node} leaves the cluster'],
  doc: 'The machine is taken away for good; its Node object stays until somebody deletes it.', examples: ['node worker-3 leaves'],
  source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#node-shutdown',
  run: (context, { node }) => operate(context, 'leave-node', { node: nodeIn(context, node) }),
})
const upgrade = defineStep({
  id: 'node-upgraded', kind: 'action', phrases: ['node {node} is upgraded to (version) {version}', 'I upgrade node {node} to (version) {version}'],
  parameters: { version: 'word' }, doc: 'The kubelet is replaced by one of another version; containers go on meanwhile.',
  examples: ['node worker-1 is upgraded to 1.35'],
  source: 'https://kubernetes.io/releases/version-skew-policy/#kubelet',
  run: (context, { node, version }) =>
    kubeletObjection(context, nodeIn(context, node), version) ?? operate(context, 'upgrade-node', { node: nodeIn(context, node), version }),
})
export const nodeActions: readonly StepDefinition[] = [
  simple('cordon', 'No new pods are scheduled to the node.'), simple('uncordon', 'The node takes new pods again.'), drain, join, leave, upgrade,
]
