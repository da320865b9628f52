import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { nodeIn } from '../objects.ts'
import { faultFamily, injectFault } from './family.ts'

type Args = Readonly<Record<string, any>>
const args = (context: ScenarioContext, { node }: Args): Args => ({ node: nodeIn(context, node) })
const source = 'https://kubernetes.io/docs/concepts/architecture/cloud-controller/#node-controller'

const terminated = faultFamily({
  id: 'instance-terminated', fault: 'instance-terminated', source, doc: 'The cloud takes the machine away for good.',
  inject: ['the cloud instance of node {node} is terminated'], examples: { inject: ['the cloud instance of node worker-3 is terminated'] }, args,
})
const stopped = faultFamily({
  id: 'instance-stopped', fault: 'instance-stopped', source,
  doc: 'The machine is switched off in the cloud and keeps its disk: its Node stays, with a taint that says so.',
  inject: ['the cloud instance of node {node} is stopped'],
  heal: ['the cloud instance of node {node} is started', 'the cloud instance of node {node} is started again'],
  examples: { inject: ['the cloud instance of node worker-3 is stopped'], heal: ['the cloud instance of node worker-3 is started again'] }, args,
})
const reclaimed = defineStep({
  id: 'instance-reclaimed', kind: 'fault', source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#node-shutdown', parameters: { notice: 'duration' },
  phrases: ['the cloud takes node {node} back in {notice}', 'the cloud takes back node {node} in {notice}'],
  doc:
    'The notice of a spot machine: the cloud takes it away for good when the time is over (two minutes in some clouds, thirty seconds in others). Kubernetes does not listen to it: who wants the pods elsewhere drains the node in time.',
  examples: ['the cloud takes node worker-3 back in 2 minutes'],
  run: (context, given) => injectFault(context, 'instance-reclaimed', { ...args(context, given), noticeMs: given.notice }),
})
export const cloudFaults: readonly StepDefinition[] = [...terminated, ...stopped, reclaimed]

export const zoneFaults: readonly StepDefinition[] = faultFamily({
  id: 'zone-down', fault: 'zone-down', source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction', parameters: { zone: 'word' },
  doc: 'All machines of a zone (label topology.kubernetes.io/zone of their Nodes) lose power at once, those of the control plane too.',
  inject: ['zone {zone} goes down', 'zone {zone} is lost'], heal: ['zone {zone} comes back'],
  examples: { inject: ['zone a goes down'], heal: ['zone a comes back'] }, args: (_, { zone }) => ({ zone }),
})
