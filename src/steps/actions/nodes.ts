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
  doc: 'A new machine starts its kubelet, which asks for a certificate, with a token that kubeadm has just made, and registers the node.',
  examples: ['node worker-4 joins', 'node worker-4 joins with 8 cpu and 16Gi memory'],
  source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#self-registration-of-nodes',
  run: (context, { node, cpu, memory }) =>
    operate(context, 'join-node', { node: nodeIn(context, node), ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) }),
})
const joinByToken = defineStep({
  id: 'node-joins-by-token', kind: 'action', phrases: ['node {node} joins with (the) token {token}'], parameters: { token: 'text' },
  doc:
    'A new machine starts its kubelet with a bootstrap token, as `kubeadm join` gives it. With one that a Secret of kube-system knows, it is issued a certificate and registers the node; with another one it is nobody.',
  examples: ['node worker-4 joins with token "abcdef.0123456789abcdef"'],
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/',
  run: (context, { node, token }) => operate(context, 'join-node', { node: nodeIn(context, node), token }),
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
const renewKubelet = defineStep({
  id: 'kubelet-certificate-renewed', kind: 'action',
  phrases: ['the certificate of the kubelet on {node} is renewed', 'I renew the certificate of the kubelet on {node}'],
  doc:
    'As `kubeadm kubeconfig user` makes one for it, and a restart of the kubelet: the way back for a kubelet whose client certificate has expired. One that runs gets its next certificate by itself, after 70 to 90 % of a year, from kube-controller-manager.',
  examples: ['the certificate of the kubelet on node worker-1 is renewed', 'I renew the certificate of the kubelet on node worker-1'],
  source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/troubleshooting-kubeadm/#kubelet-client-cert',
  run: (context, { node }) => operate(context, 'renew-kubelet', { node: nodeIn(context, node) }),
})
export const nodeActions: readonly StepDefinition[] = [
  simple('cordon', 'No new pods are scheduled to the node.'), simple('uncordon', 'The node takes new pods again.'), drain, join, joinByToken, leave, upgrade,
  renewKubelet,
]
