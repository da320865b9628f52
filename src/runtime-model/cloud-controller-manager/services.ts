import type { KubeObject } from '../api/request.ts'
import { patch } from '../network/client.ts'
import type { NewEvent } from '../network/events.ts'
import type { Balancer } from './cloud-api.ts'
import { identity, NOTHING } from './state.ts'
import type { Applied, Last, Next } from './state.ts'

/** Services of type LoadBalancer get one from the cloud. Source: k8s.io/cloud-provider controllers/service/controller.go */
const finalizer = 'service.kubernetes.io/load-balancer-cleanup', excluded = 'node.kubernetes.io/exclude-from-external-load-balancers'
const merge = 'application/merge-patch+json'

const wantsBalancer = ({ spec, metadata }: KubeObject): boolean =>
  spec?.type === 'LoadBalancer' && spec.loadBalancerClass === undefined && metadata.deletionTimestamp === undefined
const hasFinalizer = (service: KubeObject): boolean => service.metadata.finalizers?.includes(finalizer) === true
/** Nodes that belong behind load balancers, whether or not they are ready: when these change, balancers are told anew. Source: shouldSyncUpdatedNode */
export const balancedNodes = (nodes: readonly KubeObject[]): string[] =>
  nodes.filter(n => !n.metadata.deletionTimestamp && n.metadata.labels?.[excluded] === undefined && n.spec?.providerID).map(n => n.metadata.name)
/**
 * Those that a balancer is told of: without the ones that the cluster autoscaler is about to delete. That alone is no reason to tell it, as such a node is to
 * be found out by its health check. Source: stableNodeSetPredicates (nodeUnTaintedPredicate), KEP-3458
 */
export function toldNodes(nodes: readonly KubeObject[]): string[] {
  return balancedNodes(nodes.filter(n => !n.spec?.taints?.some((t: any) => t.key === 'ToBeDeletedByClusterAutoscaler')))
}

const say = (service: KubeObject, reason: string, message: string, type: NewEvent['type'] = 'Normal'): NewEvent =>
  ({ regarding: service, type, reason, message, component: 'service-controller' })
const target = (service: KubeObject, subresource?: string) =>
  ({ resource: 'services', namespace: service.metadata.namespace, name: service.metadata.name, subresource })
const specOf = ({ spec }: KubeObject): string => JSON.stringify([spec.ports, spec.externalTrafficPolicy, spec.loadBalancerSourceRanges, spec.sessionAffinity])
export const wanted = (service: KubeObject, nodes: readonly KubeObject[]): Applied => ({ spec: specOf(service), nodes: balancedNodes(nodes).join(' ') })

/** `all`: the nodes of the cluster */
export function reconcileService(service: KubeObject | undefined, applied: Applied | undefined, all: readonly KubeObject[], last: Last | undefined): Next {
  if (last?.did === 'released') return last.body?.metadata ? { events: [say(last.body, 'DeletedLoadBalancer', 'Deleted load balancer')] } : NOTHING
  if (!service) return NOTHING
  const { uid } = service.metadata, nodes = toldNodes(all)
  if (!wantsBalancer(service)) return hasFinalizer(service) ? end(service, last) : NOTHING
  if (last?.did === 'ensured') return ensured(service, last.body, nodes)
  if (last?.did === 'updated') return { events: [say(service, 'UpdatedLoadBalancer', 'Updated load balancer with new hosts')] }
  const now = wanted(service, all)
  if (applied?.spec === now.spec) {
    return applied.nodes === now.nodes
      ? NOTHING
      : { cloud: { ask: 'update-balancer', service: uid, nodes }, did: 'updated', events: nodes.length ? [] : [noNodes(service)] }
  }
  const ensure: Next = {
    cloud: { ask: 'ensure-balancer', service: uid, nodes }, did: 'ensured',
    events: last?.did === 'finalizer' ? [] : [say(service, 'EnsuringLoadBalancer', 'Ensuring load balancer')],
  }
  if (hasFinalizer(service) || last?.did === 'finalizer') return ensure
  return {
    events: ensure.events, api: patch(identity, target(service), merge, { metadata: { finalizers: [...service.metadata.finalizers ?? [], finalizer] } }),
    did: 'finalizer',
  }
}
const noNodes = (service: KubeObject): NewEvent => say(service, 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer', 'Warning')

function ensured(service: KubeObject, { ip }: Balancer, nodes: readonly string[]): Next {
  const ingress = [{ ip, ipMode: 'VIP' }], events = [...nodes.length ? [] : [noNodes(service)], say(service, 'EnsuredLoadBalancer', 'Ensured load balancer')]
  if (service.status?.loadBalancer?.ingress?.[0]?.ip === ip) return { events }
  return { events, api: patch(identity, target(service, 'status'), merge, { status: { loadBalancer: { ingress } } }), did: 'status' }
}

function end(service: KubeObject, last: Last | undefined): Next {
  const { uid, finalizers } = service.metadata
  if (last?.did === 'deleted') {
    const left = (finalizers ?? []).filter(f => f !== finalizer)
    if (!service.metadata.deletionTimestamp && service.status?.loadBalancer?.ingress) {
      return { api: patch(identity, target(service, 'status'), merge, { status: { loadBalancer: null } }), did: 'cleared' }
    }
    return { api: patch(identity, target(service), merge, { metadata: { finalizers: left.length ? left : null } }), did: 'released' }
  }
  if (last?.did === 'cleared') {
    return { api: patch(identity, target(service), merge, { metadata: { finalizers: (finalizers ?? []).filter(f => f !== finalizer) } }), did: 'released' }
  }
  return { cloud: { ask: 'delete-balancer', service: uid }, did: 'deleted', events: [say(service, 'DeletingLoadBalancer', 'Deleting load balancer')] }
}
