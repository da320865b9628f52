import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { nodeIn } from '../objects.ts'
import { faultFamily, forSoLong, healFault, injectFault } from './family.ts'

type Args = Readonly<Record<string, any>>
const args = (context: ScenarioContext, { node }: Args): Args => ({ node: nodeIn(context, node) })
const source = 'https://kubernetes.io/docs/concepts/architecture/nodes/'

const down = defineStep({
  id: 'node-down', kind: 'fault', phrases: forSoLong('node {node} goes down'), source,
  doc: 'The machine loses power: kubelet and containers are gone and nobody answers, until it comes back, by itself if it is said for how long.',
  examples: ['node worker-1 goes down', 'node worker-1 goes down for 10 minutes'],
  run: (context, given, { ast }) => injectFault(context, 'node-down', args(context, given), ast.bind, given.duration),
})
const controlPlaneDown = defineStep({
  id: 'control-plane-node-down', kind: 'fault', phrases: ['control plane node {node} goes down', 'control-plane node {node} goes down'].flatMap(forSoLong),
  source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/ha-topology/',
  doc: 'A machine of the control plane loses power, with every component on it.', examples: ['control plane node cp-2 goes down'],
  run: (context, given, { ast }) => injectFault(context, 'control-plane-node-down', args(context, given), ast.bind, given.duration),
})
const back = defineStep({
  id: 'node-back', kind: 'fault',
  phrases: ['node {node} comes back', 'node {node} comes back up', 'control plane node {node} comes back', 'control-plane node {node} comes back'], source,
  doc: 'A machine that went down is powered on again.', examples: ['node worker-1 comes back', 'control plane node cp-1 comes back'],
  run: (context, given) => healFault(context, ['node-down', 'node-shutdown', 'control-plane-node-down'], args(context, given)),
})
const reboot = defineStep({
  id: 'node-reboot', kind: 'fault', source, parameters: { times: 'int', every: 'duration' },
  phrases: [
    'node {node} reboots', 'node {node} reboots for {duration}', 'control plane node {node} reboots', 'control plane node {node} reboots for {duration}',
    'node {node} reboots {times} times, every {every}',
    'node {node} reboots {times} times, every {every}, for {duration}',
  ],
  doc: 'The machine goes down and comes back by itself, after one minute or as long as is said; once, or time after time.',
  examples: ['node worker-1 reboots', 'node worker-1 reboots for 5m', 'node worker-1 reboots 5 times, every 3m'],
  run: (context, given, { ast }) => given.times === 0 ? { vacuous: 'this fault altered nothing: what reboots 0 times does not reboot' }
    : injectFault(context, 'node-reboot', {
      ...args(context, given), ...(given.duration ? { forMs: given.duration } : {}), ...(given.times ? { times: given.times, everyMs: given.every } : {}),
    }, ast.bind),
})
const hang = faultFamily({
  id: 'node-hang', fault: 'node-hang', source, doc: 'The machine stands still, kubelet and containers too, and loses nothing.',
  inject: ['node {node} hangs'], heal: ['node {node} resumes'], examples: { inject: ['node worker-1 hangs'], heal: ['node worker-1 resumes'] }, args,
})
const skew = faultFamily({
  id: 'clock-skew', fault: 'clock-skew', source: 'https://kubernetes.io/docs/reference/node/kubelet-files/', parameters: { offset: 'duration' },
  doc: 'The clock of a machine is wrong by so much; its timers still run at the right speed.',
  inject: ['the clock of {node} is {offset} ahead', 'the clock of {node} is {offset} behind'],
  heal: ['the clock of {node} is right', 'the clock of {node} is right again'],
  examples: { inject: ['the clock of worker-1 is 5m ahead', 'the clock of worker-1 is 5m behind'], heal: ['the clock of worker-1 is right again'] },
  args: (context, given, text) =>
    ({ ...args(context, given), ...(given.offset !== undefined ? { aheadMs: / behind$/.test(text) ? -given.offset : given.offset } : {}) }),
})
const pressure = faultFamily({
  id: 'node-pressure', fault: 'node-pressure', source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
  parameters: { kind: 'word' },
  doc: 'The kubelet finds too little memory, disk or process ids left: it sets the condition, evicts pods, and the node is tainted.',
  inject: ['node {node} is under memory/disk/PID pressure'],
  heal: ['node {node} is no longer under memory/disk/PID pressure', 'the memory/disk/PID pressure on node {node} ends'],
  examples: {
    inject: ['node worker-1 is under memory pressure', 'node worker-1 is under disk pressure'], heal: ['node worker-1 is no longer under memory pressure'],
  },
  args: (context, given, text) => ({ ...args(context, given), kind: (/(memory|disk|pid) pressure/i.exec(text) as RegExpExecArray)[1].toLowerCase() }),
})
export const nodeFaults: readonly StepDefinition[] = [down, controlPlaneDown, back, reboot, ...hang, ...skew, ...pressure]
