import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { nodeIn } from '../objects.ts'
import { faultFamily, healFault, injectFault } from './family.ts'

type Args = Readonly<Record<string, any>>
const args = (context: ScenarioContext, { node }: Args): Args => ({ node: nodeIn(context, node) })
const source = 'https://kubernetes.io/docs/concepts/architecture/nodes/'

const down = defineStep({
  id: 'node-down', kind: 'fault', phrases: ['node {node} goes down'], source,
  doc: 'The machine loses power: kubelet and containers are gone and nobody answers, until it comes back.', examples: ['node worker-1 goes down'],
  run: (context, given) => injectFault(context, 'node-down', args(context, given)),
})
const controlPlaneDown = defineStep({
  id: 'control-plane-node-down', kind: 'fault', phrases: ['control plane node {node} goes down', 'control-plane node {node} goes down'], source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/ha-topology/',
  doc: 'A machine of the control plane loses power, with every component on it.', examples: ['control plane node cp-2 goes down'],
  run: (context, given) => injectFault(context, 'control-plane-node-down', args(context, given)),
})
const back = defineStep({
  id: 'node-back', kind: 'fault', phrases: ['node {node} comes back', 'node {node} comes back up', 'control plane node {node} comes back', 'control-plane node {node} comes back'], source,
  doc: 'A machine that went down is powered on again.', examples: ['node worker-1 comes back', 'control plane node cp-1 comes back'],
  run: (context, given) => healFault(context, ['node-down', 'control-plane-node-down'], args(context, given)),
})
const reboot = defineStep({
  id: 'node-reboot', kind: 'fault', phrases: ['node {node} reboots', 'node {node} reboots for {duration}'], source,
  doc: 'The machine goes down and comes back by itself, after one minute or as long as is said.', examples: ['node worker-1 reboots', 'node worker-1 reboots for 5m'],
  run: (context, given) => injectFault(context, 'node-reboot', { ...args(context, given), ...(given.duration ? { forMs: given.duration } : {}) }),
})
const hang = faultFamily({
  id: 'node-hang', fault: 'node-hang', source, doc: 'The machine stands still, kubelet and containers too, and loses nothing.',
  inject: ['node {node} hangs'], heal: ['node {node} resumes'], examples: { inject: ['node worker-1 hangs'], heal: ['node worker-1 resumes'] }, args,
})
const partition = faultFamily({
  id: 'partition', fault: 'partition', source, doc: 'No message passes between a node and the machines of the control plane; nodes reach each other.',
  inject: ['the network between {node} and the control plane is partitioned', 'the network between {node} and the control plane goes down'],
  heal: ['the network between {node} and the control plane heals', 'the network between {node} and the control plane is healed', 'the network between {node} and the control plane comes back'],
  examples: { inject: ['the network between worker-1 and the control plane is partitioned'], heal: ['the network between worker-1 and the control plane heals'] }, args,
})
const skew = faultFamily({
  id: 'clock-skew', fault: 'clock-skew', source: 'https://kubernetes.io/docs/reference/node/kubelet-files/', parameters: { offset: 'duration' }, doc: 'The clock of a machine is wrong by so much; its timers still run at the right speed.',
  inject: ['the clock of {node} is {offset} ahead', 'the clock of {node} is {offset} behind'], heal: ['the clock of {node} is right', 'the clock of {node} is right again'],
  examples: { inject: ['the clock of worker-1 is 5m ahead', 'the clock of worker-1 is 5m behind'], heal: ['the clock of worker-1 is right again'] },
  args: (context, given, text) => ({ ...args(context, given), ...(given.offset !== undefined ? { aheadMs: / behind$/.test(text) ? -given.offset : given.offset } : {}) }),
})
const pressure = faultFamily({
  id: 'node-pressure', fault: 'node-pressure', source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/', parameters: { kind: 'word' }, doc: 'The kubelet finds too little memory, disk or process ids left: it sets the condition, evicts pods, and the node is tainted.',
  inject: ['node {node} is under memory/disk/PID pressure'], heal: ['node {node} is no longer under memory/disk/PID pressure', 'the memory/disk/PID pressure on node {node} ends'],
  examples: { inject: ['node worker-1 is under memory pressure', 'node worker-1 is under disk pressure'], heal: ['node worker-1 is no longer under memory pressure'] },
  args: (context, given, text) => ({ ...args(context, given), kind: (/(memory|disk|pid) pressure/i.exec(text) as RegExpExecArray)[1].toLowerCase() }),
})
const terminated = faultFamily({
  id: 'instance-terminated', fault: 'instance-terminated', source: 'https://kubernetes.io/docs/concepts/architecture/cloud-controller/#node-controller', doc: 'The cloud takes the machine away for good.',
  inject: ['the cloud instance of node {node} is terminated'], examples: { inject: ['the cloud instance of node worker-3 is terminated'] }, args,
})
export const nodeFaults: readonly StepDefinition[] = [down, controlPlaneDown, back, reboot, ...hang, ...partition, ...skew, ...pressure, ...terminated]
