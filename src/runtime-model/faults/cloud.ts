import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'
import { unknown } from './node.ts'

/** What the cloud does to the machines behind nodes. Source: https://kubernetes.io/docs/concepts/architecture/cloud-controller/#node-controller */
const parameters = { node: 'name of the node' }, example = { node: 'worker-1' }
const target = ({ node }: Readonly<Record<string, any>>): string => `the cloud instance of node ${node}`
const noInstance = (cluster: Cluster, node: string): string | undefined =>
  unknown(cluster, node) ?? (cluster.kernel.has('cloud/api') ? undefined : 'this cluster has no cloud: only the nodes of a managed cluster have instances')

export const instanceTerminated = defineFault({
  id: 'instance-terminated', doc: 'The cloud takes the machine away for good.', parameters, example, target,
  inject: (cluster, { node }) => {
    const why = noInstance(cluster, node)
    if (why) return why
    cluster.kernel.operate('cloud/api', 'terminate-instance', { node })
    return Number(cluster.kernel.hostDown(node))
  },
})
export const instanceStopped = defineFault({
  id: 'instance-stopped', doc: 'The machine is switched off in the cloud and keeps its disk: its Node stays, with a taint that says so.', parameters, example,
  target,
  inject: (cluster, { node }) => {
    const why = noInstance(cluster, node)
    if (why) return why
    cluster.kernel.operate('cloud/api', 'stop-instance', { node })
    return Number(cluster.kernel.hostDown(node))
  },
  heal: (cluster, { node }) => {
    if (!cluster.kernel.has('cloud/api') || cluster.kernel.powerOf(node) !== 'down') return false
    cluster.kernel.operate('cloud/api', 'start-instance', { node })
    return cluster.kernel.hostUp(node)
  },
})
export const instanceReclaimed = defineFault({
  id: 'instance-reclaimed',
  doc:
    'The cloud gives notice that it takes a spot machine back, and does so when the notice is over. Nothing in Kubernetes listens to it: who wants the pods elsewhere drains the node in time.',
  parameters: { ...parameters, noticeMs: 'from the notice to the end, ms' }, example: { ...example, noticeMs: 120_000 }, target,
  inject: (cluster, { node, noticeMs }) => {
    const why = noInstance(cluster, node)
    if (why) return why
    if (cluster.kernel.powerOf(node) === 'down') return 0
    cluster.kernel.operate('cloud/api', 'reclaim-instance', { node, noticeMs })
    cluster.kernel.hostDownAfter(node, noticeMs)
    return 1
  },
})
