import type { ClusterOptions } from '../../drivers/driver.ts'
import type { Quantity } from '../../dsl/step-ast.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { describe, mostNodes } from './stage.ts'

/** `a cluster …` may be said once; two descriptions contradict each other. */
function declare(context: ScenarioContext, said: string, workers: Quantity | undefined, cluster: Partial<ClusterOptions>): StepOutcome {
  if (workers && workers.comparison !== 'exactly') {
    return { cannotRun: `how many nodes are ${workers.comparison} ${workers.count}${workers.most === undefined ? '' : ` and ${workers.most}`}? A cluster has an exact number of them` }
  }
  if (workers && workers.count > mostNodes) return { cannotRun: `${workers.count} nodes: Kubernetes supports clusters of up to ${mostNodes}` }
  if (workers?.count === 0) return { cannotRun: 'a cluster without nodes runs nothing: say at least 1' }
  return describe(context, stage => stage.said !== undefined
    ? { cannotRun: `the cluster has been described already: ${stage.said}` }
    : { ...stage, said, workers: workers?.count ?? stage.workers, cluster: { ...stage.cluster, ...cluster } })
}
const members = (count: Quantity): StepOutcome | undefined =>
  [1, 3, 5, 7].includes(count.count) ? undefined : { cannotRun: `etcd runs with 1, 3, 5 or 7 members, not ${count.count}` }

const cluster = defineStep({
  id: 'cluster', kind: 'world',
  phrases: ['a cluster with {workers} (worker) node(s)', 'a cluster', 'a cluster with {workers} worker(s)', 'a cluster of {workers} (worker) node(s)',
    'a cluster with a single (worker) node', 'a cluster with a single worker',
    'a kubernetes cluster', 'a kubernetes cluster with {workers} (worker) node(s)', 'a kubernetes cluster with {workers} worker(s)'],
  parameters: { workers: 'count' },
  doc: 'A cluster with this many workers, worker-1 … (default 1), and one control-plane node, cp-1. Nodes have 4 CPUs, 8Gi and 110 pods unless told otherwise.',
  examples: ['a cluster with 3 nodes', 'a cluster', 'a cluster with 1 worker node'],
  source: 'https://kubernetes.io/docs/concepts/overview/components/',
  run: (context, { workers }, { text }) => declare(context, text, workers, {}),
})
const highlyAvailable = defineStep({
  id: 'cluster-with-control-plane', kind: 'world',
  phrases: ['a cluster with {controlPlane} control plane node(s) and {workers} (worker) node(s)', 'a cluster with {controlPlane} control plane node(s)',
    'a cluster with {controlPlane} control-plane node(s) and {workers} (worker) node(s)', 'a cluster with {controlPlane} control-plane node(s)',
    'a cluster with {controlPlane} control plane node(s) and {workers} worker(s)',
    'a cluster with {workers} (worker) node(s) and {controlPlane} control plane node(s)',
    'a cluster with {workers} worker(s) and {controlPlane} control plane node(s)',
    'a cluster with {controlPlane} control plane(s) and {workers} (worker) node(s)', 'a cluster with {controlPlane} control plane(s) and {workers} worker(s)'],
  parameters: { controlPlane: 'count', workers: 'count' },
  doc:
    'A cluster with several control-plane nodes, cp-1 …, each with an etcd member of its own; clients reach the API servers through a load balancer that leaves out the dead.',
  examples: ['a cluster with 3 control plane nodes and 5 worker nodes', 'a cluster with 3 control plane nodes'],
  source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/ha-topology/#stacked-etcd-topology',
  run: (context, { controlPlane, workers }, { text }) => declare(context, text, workers, { controlPlaneNodes: controlPlane.count }),
})
const managed = defineStep({
  id: 'managed-cluster', kind: 'world', phrases: ['a managed cluster', 'a managed cluster with {workers} (worker) node(s)'],
  parameters: { workers: 'count' },
  doc: 'A cluster whose control plane is run by a cloud: there is a cloud-controller-manager, and the control plane is one opaque thing.',
  examples: ['a managed cluster with 3 nodes', 'a managed cluster'],
  source: 'https://kubernetes.io/docs/concepts/architecture/cloud-controller/',
  run: (context, { workers }, { text }) => declare(context, text, workers, { managed: true }),
})
const externalEtcd = defineStep({
  id: 'cluster-with-external-etcd', kind: 'world',
  phrases: ['a cluster with external etcd of {members} member(s)', 'a cluster with {workers} (worker) node(s) and external etcd of {members} member(s)',
    'a cluster with {controlPlane} control plane node(s) and {workers} (worker) node(s) and external etcd of {members} member(s)'],
  parameters: { members: 'count', workers: 'count', controlPlane: 'count' },
  doc: 'A cluster whose etcd members, etcd-1 …, run on machines of their own.',
  examples: ['a cluster with 2 nodes and external etcd of 3 members', 'a cluster with external etcd of 5 members'],
  source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/ha-topology/#external-etcd-topology',
  run: (context, { workers, members: count, controlPlane }, { text }) =>
    members(count) ?? declare(context, text, workers, { externalEtcdMembers: count.count, ...(controlPlane ? { controlPlaneNodes: controlPlane.count } : {}) }),
})

export const clusters: readonly StepDefinition[] = [cluster, highlyAvailable, managed, externalEtcd]
