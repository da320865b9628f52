import { physicalPod, type Physics } from './physics.ts'
import { addressOf } from './places.ts'
import { refusal, type Peer, type PolicyView } from './network-policy.ts'
import type { Endpoint } from './route.ts'

/** Who opens a connection: a pod, a node, or somebody outside of the cluster (neither). */
export interface Sender {
  readonly pod?: { readonly namespace: string; readonly name: string; readonly uid: string; readonly node: string }
  readonly node?: string
}

/** Somewhere outside: an address of a range that is kept for documents (RFC 5737). */
export const outside = '203.0.113.10'
/** What the network plugin lets through, as it knows the cluster; undefined: it enforces nothing, or there is no policy. */
function viewOf(physics: Physics): (PolicyView & {  pod(namespace: string, name: string): any }) | undefined {
  const plugin = physics.peek('network-plugin/cluster')?.state, stores = plugin?.informers.stores
  if (!stores || stores.networkpolicies.size === 0) return undefined
  return {
    blocksOutsideOnly: plugin.blocksOutsideOnly,
    policies: namespace => stores.networkpolicies.sorted().map(([, policy]: [string, any]) => policy).filter((p: any) => p.metadata.namespace === namespace),
    namespaceLabels: name => stores.namespaces.get(`/${name}`)?.metadata.labels,
    pod: (namespace, name) => stores.pods.get(`${namespace}/${name}`),
  }
}

/** Policies have changed since a node's agent of the network plugin ended: what that node enforces is not known. */
function changedWithout(physics: Physics, node: string | undefined): string | undefined {
  const changedMs = physics.peek('network-plugin/cluster')?.state.changedMs
  if (changedMs === undefined || node === undefined) return undefined
  const lostMs = physics.peek(`container-runtime/${node}`)?.state.agentLostMs
  return lostMs !== undefined && changedMs > lostMs
    ? `not modelled: policies that have changed since the agent of the network plugin on ${node} ended`
    : undefined
}

/**
 * Why policies drop a connection to an address, if they do. `by`: the node whose rules chose the address: for pods on other nodes, what comes
 * through a node port bears that node's address, unless the policy is local (source NAT).
 */
export function dropped(
  physics: Physics, sender: Sender, to: Endpoint, protocol: string, by?: { readonly node: string; readonly hidesSource: boolean }
): string | undefined {
  const view = viewOf(physics)
  const late = changedWithout(physics, to.node) ?? changedWithout(physics, sender.pod?.node)
  if (late !== undefined) return late
  if (!view) return undefined
  const there = to.uid === undefined || to.node === undefined ? undefined : physicalPod(physics, to.node, to.uid)
  const target: Peer = {
    address: to.address, pod: there && there.sandbox?.ip !== '' ? view.pod(there.namespace, there.name) : undefined,
    node: to.uid === undefined || there?.sandbox?.ip === '' ? to.node : undefined,
  }
  return refusal(view, { from: peerOf(physics, view, sender, to.node, by), to: target, port: to.port, protocol, toNode: to.node })
}

function peerOf(
  physics: Physics, view: { pod(namespace: string, name: string): any }, sender: Sender, toNode: string | undefined,
  by?: { readonly node: string; readonly hidesSource: boolean }
): Peer {
  if (by?.hidesSource && by.node !== toNode && sender.node === undefined) return { address: addressOf(physics, by.node) ?? '', node: by.node }
  const { pod, node } = sender, address = addressOfSender(physics, sender)
  if (pod) {
    return physicalPod(physics, pod.node, pod.uid)?.sandbox?.ip === '' ? { address, node: pod.node } : { address, pod: view.pod(pod.namespace, pod.name) }
  }
  return node === undefined ? { address } : { address, node }
}
/** Where a connection comes from; a pod on its node's network has the address of the node. */
export function addressOfSender(physics: Physics, { pod, node }: Sender): string {
  const on = pod?.node ?? node, own = pod && physicalPod(physics, pod.node, pod.uid)?.sandbox?.ip
  return own || (on === undefined ? outside : addressOf(physics, on) ?? '')
}
