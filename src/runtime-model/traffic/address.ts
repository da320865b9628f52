import { physicalPod, nodeAlive, nodesWithProxy, type Physics } from './physics.ts'
import { exitAt, lostWay, routeToService, type Route } from './route.ts'
import { outside, type Sender } from './sender.ts'

/**
 * Where a connection to `address:port` goes from a node: to a Service whose rules catch the address, to a node port, or to whoever has the address. A
 * node port of the node's own address counts as inside; on another node it comes from outside. Source: pkg/proxy/iptables/proxier.go (KUBE-SERVICES,
 * KUBE-NODEPORTS)
 */
export function routeToAddress(physics: Physics, node: string, host: string, port: number, sender: Sender): Route {
  if (!nodeAlive(physics, node)) return lostWay(node, `node ${node} is down`)
  if (host === 'localhost' || host === '127.0.0.1') return toLoopback(physics, node, port, sender)
  const service = find(physics, node, rules => rules.addresses.includes(host))
  if (service) return routeToService(physics, node, { namespace: service.namespace, service: service.name, port }, sender)
  const there = nodesWithProxy(physics).find(n => n === host || addressOf(physics, n) === host)
  if (there !== undefined) return nodeAlive(physics, there) ? toNodePort(physics, there, port, sender, there !== node) : lostWay(node, `node ${there} is down`)
  return toPod(physics, node, host, port, sender)
}

function toLoopback(physics: Physics, node: string, port: number, sender: Sender): Route {
  if (sender.pod && physicalPod(physics, node, sender.pod.uid)?.sandbox?.ip !== '') {
    return lostWay(node, `127.0.0.1:${port} of a pod is the pod's own (connection refused)`, true)
  }
  if (physics.peek(`kube-proxy/${node}`)?.state.mode.nodePortsOnLoopback) return toNodePort(physics, node, port, sender, false)
  return lostWay(node, `nothing listens on 127.0.0.1:${port} of ${node} (connection refused)`, true)
}
function toNodePort(physics: Physics, there: string, port: number, sender: Sender, fromAfar: boolean): Route {
  const service = find(physics, there, rules => rules.ports.some((p: any) => p.nodePort === port))
  if (!service) return lostWay(there, `nothing listens on port ${port} of ${there} (connection refused)`, true)
  return routeToService(
    physics, there, { namespace: service.namespace, service: service.name, port: service.ports.find((p: any) => p.nodePort === port).port }, sender, fromAfar
  )
}
function toPod(physics: Physics, node: string, host: string, port: number, sender: Sender): Route {
  for (const n of nodesWithProxy(physics)) for (const [uid, pod] of physics.peek(`container-runtime/${n}`)?.state.pods.sorted() ?? []) {
    if (pod.sandbox?.ip === host && pod.sandbox.ready) {
      return {
        node, exits: [exitAt(physics, { address: host, port, node: n, pod: pod.name, uid }, sender, 'TCP')], sticky: false, protocol: 'TCP', hidesSource: false,
      }
    }
  }
  return lostWay(node, host === outside ? `${host} is outside of the cluster` : `nobody has the address ${host} (no answer)`)
}

function find(physics: Physics, node: string, wanted: (rules: any) => boolean): any {
  for (const [, rules] of physics.peek(`kube-proxy/${node}`)?.state.rules.sorted() ?? []) if (wanted(rules)) return rules
  return undefined
}
const addressOf = (physics: Physics, node: string): string | undefined =>
  physics.peek(`kube-proxy/${node}`)?.state.informers.stores.nodes.get(`/${node}`)?.status?.addresses?.find((a: any) => a.type === 'InternalIP')?.address
