import type { KubeObject } from '../api/request.ts'
import { formatTime } from '../api/time.ts'
import type { StepContext } from '../kernel/actor.ts'
import { patch, remove, update } from '../network/client.ts'
import type { InstanceAnswer } from './cloud-api.ts'
import { identity, NOTHING } from './state.ts'
import type { Last, Next } from './state.ts'

/**
 * Nodes and the instances behind them: a new node is initialised, one that is not ready is compared with its instance every five seconds.
 * Source: k8s.io/cloud-provider controllers/node/node_controller.go, controllers/nodelifecycle/node_lifecycle_controller.go
 */
const uninitialised = 'node.cloudprovider.kubernetes.io/uninitialized', shutdown = 'node.cloudprovider.kubernetes.io/shutdown'
export const monitorMs = 5000

const has = (node: KubeObject, key: string): boolean => node.spec?.taints?.some((t: any) => t.key === key) === true
const isReady = (node: KubeObject): boolean => node.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') === true
const event = (node: KubeObject, component: string, reason: string, message: string) =>
  ({ regarding: { kind: 'Node', name: node.metadata.name, uid: node.metadata.name, apiVersion: 'v1' }, type: 'Normal', reason, message, component } as const)

export function reconcileNode(node: KubeObject | undefined, last: Last | undefined, context: StepContext): Next {
  if (!node) return NOTHING
  const { name } = node.metadata
  if (last?.did === 'initialised') return { events: [event(node, 'cloud-node-controller', 'Synced', 'Node synced successfully')] }
  if (last?.did === 'asked') return compare(node, last.body, context)
  const needsAsking = has(node, uninitialised) || !isReady(node) || has(node, shutdown)
  return needsAsking ? { cloud: { ask: 'instance', node: name }, did: 'asked' } : NOTHING
}

function compare(node: KubeObject, instance: InstanceAnswer, context: StepContext): Next {
  const { name } = node.metadata
  if (has(node, uninitialised)) {
    return instance.state === 'terminated' ? NOTHING : { api: update(identity, { resource: 'nodes', name }, initialised(node, instance)), did: 'initialised' }
  }
  if (isReady(node)) return has(node, shutdown) ? { api: taint(node, false, context), did: 'tainted' } : NOTHING
  if (instance.state === 'terminated') {
    return {
      events: [event(node, 'cloud-node-lifecycle-controller', 'DeletingNode', `Deleting node ${name} because it does not exist in the cloud provider`)],
      api: remove(identity, { resource: 'nodes', name }), did: 'deleted',
    }
  }
  return instance.state === 'stopped' && !has(node, shutdown) ? { api: taint(node, true, context), did: 'tainted' } : NOTHING
}

function initialised(node: KubeObject, { providerID, type, region }: InstanceAnswer): any {
  const labels = {
    'beta.kubernetes.io/instance-type': type, 'node.kubernetes.io/instance-type': type, 'failure-domain.beta.kubernetes.io/region': region,
    'topology.kubernetes.io/region': region, ...node.metadata.labels,
  }
  const zone = labels['topology.kubernetes.io/zone' as keyof typeof labels]
  const taints = node.spec.taints.filter((t: any) => t.key !== uninitialised)
  return {
    ...node, metadata: { ...node.metadata, labels: zone ? { 'failure-domain.beta.kubernetes.io/zone': zone, ...labels } : labels },
    spec: { ...node.spec, providerID: node.spec.providerID ?? providerID, taints },
  }
}
function taint(node: KubeObject, on: boolean, context: StepContext) {
  const left = (node.spec?.taints ?? []).filter((t: any) => t.key !== shutdown), { name, resourceVersion } = node.metadata
  const taints = on ? [...left, { key: shutdown, effect: 'NoSchedule', timeAdded: formatTime(context.wallMs) }] : left
  return patch(identity, { resource: 'nodes', name }, 'application/strategic-merge-patch+json', { metadata: { resourceVersion }, spec: { taints } })
}
