import type { StepDefinition } from '../../extension.ts'
import { nodeIn } from '../objects.ts'
import { faultFamily } from './family.ts'

const source = 'https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats'
const cut = (between: string): string[] => [`the network between ${between} is partitioned`, `the network between ${between} goes down`]
const whole = (between: string): string[] =>
  [`the network between ${between} heals`, `the network between ${between} is healed`, `the network between ${between} comes back`]
const examples = (between: string) => ({ inject: [cut(between)[0]], heal: [whole(between)[0]] })

const partition = faultFamily({
  id: 'partition', fault: 'partition', source, doc: 'No message passes between a node and the machines of the control plane; nodes reach each other.',
  inject: cut('{node} and the control plane'), heal: whole('{node} and the control plane'), examples: examples('worker-1 and the control plane'),
  args: (context, given) => ({ node: nodeIn(context, given.node) }),
})
const betweenNodes = faultFamily({
  id: 'network-partition', fault: 'network-partition', source, parameters: { other: 'node' },
  doc:
    'No packet passes between two machines: pods on one do not reach those on the other. The control plane hears of both and finds both well, unless the two are machines of its own.',
  inject: cut('{node} and {other}'), heal: whole('{node} and {other}'), examples: examples('worker-1 and worker-2'),
  args: (context, given) => ({ a: nodeIn(context, given.node), b: nodeIn(context, given.other) }),
})
const betweenZones = faultFamily({
  id: 'partition-of-zones', fault: 'network-partition', source, parameters: { zone: 'word', other: 'word' },
  doc: 'No packet passes between the machines of two zones.',
  inject: cut('zone {zone} and zone {other}'), heal: whole('zone {zone} and zone {other}'), examples: examples('zone a and zone b'),
  args: (_, given) => ({ a: `zone ${given.zone}`, b: `zone ${given.other}` }),
})
const zoneFromControlPlane = faultFamily({
  id: 'partition-of-zone', fault: 'network-partition', source, parameters: { zone: 'word' },
  doc: 'No message passes between the machines of a zone and those of the control plane; nodes reach each other.',
  inject: cut('zone {zone} and the control plane'), heal: whole('zone {zone} and the control plane'), examples: examples('zone a and the control plane'),
  args: (_, given) => ({ a: `zone ${given.zone}`, b: 'the control plane' }),
})
export const partitions: readonly StepDefinition[] = [...partition, ...betweenNodes, ...betweenZones, ...zoneFromControlPlane]
