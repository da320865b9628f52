import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'

export const unknown = (cluster: Cluster, node: string): string | undefined =>
  cluster.hosts().includes(node) ? undefined : `there is no machine ${node} in this cluster (there are ${cluster.hosts().join(', ')})`
const parameters = { node: 'name of the node' }, example = { node: 'worker-1' }
const target = (args: Readonly<Record<string, any>>): string => `node ${args.node}`

export const nodeDown = defineFault({
  id: 'node-down', doc: 'The machine loses power: kubelet and containers are gone, nobody answers. It comes back with an empty memory and a full disk.',
  parameters, example, target,
  inject: (cluster, { node }) => unknown(cluster, node) ?? Number(cluster.kernel.hostDown(node)),
  heal: (cluster, { node }) => cluster.kernel.powerOf(node) === 'down' && cluster.kernel.hostUp(node),
})
export const controlPlaneNodeDown = defineFault({
  id: 'control-plane-node-down', doc: 'A machine of the control plane loses power, with every component on it.', parameters, example: { node: 'cp-1' },
  target: args => `control plane node ${args.node}`,
  inject: (cluster, { node }) => cluster.controlPlaneHosts().includes(node)
    ? Number(cluster.kernel.hostDown(node))
    : `there is no control plane node ${node} (there are ${cluster.controlPlaneHosts().join(', ')})`,
  heal: (cluster, { node }) => cluster.kernel.powerOf(node) === 'down' && cluster.kernel.hostUp(node),
})
export const nodeReboot = defineFault({
  id: 'node-reboot', doc: 'The machine goes down and comes back by itself, after one minute unless said otherwise; once, or time after time.', example, target,
  parameters: { ...parameters, forMs: 'how long it is away, ms', times: 'how often (1)', everyMs: 'from one to the next, ms' },
  inject: (cluster, { node, forMs = 60_000, times = 1, everyMs = 0 }) => {
    const why = unknown(cluster, node)
      ?? (times > 1 && everyMs <= forMs ? `a machine that is away for ${forMs / 1000} s cannot go down again after ${everyMs / 1000} s` : undefined)
    if (why) return why
    if (!cluster.kernel.hostDown(node)) return 0
    for (let i = 0; i < times; i++) {
      if (i > 0) cluster.kernel.hostDownAfter(node, i * everyMs)
      cluster.kernel.hostUpAfter(node, i * everyMs + forMs)
    }
    return 1
  },
})
export const nodeHang = defineFault({
  id: 'node-hang', doc: 'The machine stands still, kubelet and containers too, and loses nothing.', parameters, example, target,
  inject: (cluster, { node }) => unknown(cluster, node) ?? Number(cluster.kernel.hostHang(node)),
  heal: (cluster, { node }) => cluster.kernel.powerOf(node) === 'hung' && cluster.kernel.hostUp(node),
})
export const kubeletStop = defineFault({
  id: 'kubelet-stop', doc: 'The kubelet process stops; the containers on its node run on.', parameters, example, target: args => `the kubelet on ${args.node}`,
  inject: (cluster, { node }) => unknown(cluster, node) ?? Number(cluster.kernel.stop(`kubelet/${node}`)),
  heal: (cluster, { node }) => cluster.kernel.has(`kubelet/${node}`) && cluster.kernel.start(`kubelet/${node}`),
})
export const clockSkew = defineFault({
  id: 'clock-skew', doc: 'The clock of a machine is wrong by so much; its timers still run at the right speed.',
  parameters: { ...parameters, aheadMs: 'ms ahead (negative: behind)' }, example: { node: 'worker-1', aheadMs: 300_000 },
  target: args => `the clock of ${args.node}`,
  inject: (cluster, { node, aheadMs }) => { const why = unknown(cluster, node); return why ?? Number(cluster.kernel.skewClock(node, aheadMs)) },
  heal: (cluster, { node }) => cluster.kernel.skewClock(node, 0),
})
const isPressed = ({ kernel }: Cluster, node: string, kind: string): boolean =>
  kernel.has(`kubelet/${node}`) && (kernel.arranged(`kubelet/${node}`, (operation, args) => operation === 'pressure' && args.kind === kind)?.on
    ?? kernel.stateOf<any>(`kubelet/${node}`).node.pressed.includes(kind))
export const nodePressure = defineFault({
  id: 'node-pressure', doc: 'The kubelet finds too little memory, disk or process ids left on its node.',
  parameters: { ...parameters, kind: 'memory, disk or pid' }, example: { node: 'worker-1', kind: 'memory' },
  target: args => `${args.kind} of node ${args.node}`,
  inject: (cluster, { node, kind }) => {
    const why = unknown(cluster, node)
    if (why) return why
    if (isPressed(cluster, node, kind)) return 0
    cluster.kernel.arrange(`kubelet/${node}`, 'pressure', { kind, on: true })
    return 1
  },
  heal: (cluster, { node, kind }) => {
    if (!isPressed(cluster, node, kind)) return false
    cluster.kernel.arrange(`kubelet/${node}`, 'pressure', { kind, on: false })
    return true
  },
})
