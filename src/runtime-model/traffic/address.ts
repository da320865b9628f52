import { physicalPod, nodeAlive, nodesWithProxy, type Physics } from './physics.ts'
import { isTargeted } from './listeners.ts'
import { machinePort } from './machine.ts'
import { addressOf } from './places.ts'
import { exitAt, lostWay, routeToService, type Entry, type Exit, type Route } from './route.ts'
import type { Sender } from './sender.ts'

/**
 * Where a connection to `address:port` goes from a node: to a Service whose rules catch the address, to a node port, or to whoever has the address. A
 * node port of the node's own address counts as inside; on another node it comes from outside. Source: pkg/proxy/iptables/proxier.go (KUBE-SERVICES,
 * KUBE-NODEPORTS)
 */
export function routeToAddress(physics: Physics, node: string, host: string, port: number, sender: Sender): Route {
  if (!nodeAlive(physics, node)) return lostWay(node, `node ${node} is down`)
  if (host === 'localhost' || host === '127.0.0.1') return toLoopback(physics, node, port, sender)
  const service = find(physics, node, rules => rules.addresses.includes(host))
  if (service) return routeToService(physics, node, { namespace: service.namespace, service: service.name, port }, sender, entryOf(service, host))
  const there = nodesWithProxy(physics).find(n => n === host || addressOf(physics, n) === host)
  if (there !== undefined) return nodeAlive(physics, there) ? toNodePort(physics, there, port, sender, there !== node) : lostWay(node, `node ${there} is down`)
  return straight(node, exitAt(physics, { address: host, port }, sender, 'TCP'))
}
const entryOf = ({ balancers, externals }: any, host: string): Entry =>
  balancers.includes(host) ? 'balancer' : externals.includes(host) ? 'out and in' : 'inside'
const straight = (node: string, exit: Exit): Route => ({ node, exits: [exit], sticky: false, protocol: 'TCP', hidesSource: false })

function toLoopback(physics: Physics, node: string, port: number, sender: Sender): Route {
  if (sender.pod && physicalPod(physics, node, sender.pod.uid)?.sandbox?.ip !== '') {
    return straight(node, ownPort(physics, node, port, sender.pod))
  }
  if (physics.peek(`kube-proxy/${node}`)?.state.mode.nodePortsOnLoopback) return toNodePort(physics, node, port, sender, false)
  return straight(node, machinePort(physics, node, port, sender, 'TCP', true))
}
/** 127.0.0.1 of a pod is its own: whoever listens in it, at a port that is declared or that a Service sends to. */
function ownPort(physics: Physics, node: string, port: number, { name, uid }: NonNullable<Sender['pod']>): Exit {
  const declared = physicalPod(physics, node, uid)?.containers.some((c: any) =>
    c.state === 'running' && c.ports.some((p: any) => p.port === port && p.protocol === 'TCP'))
  return declared || isTargeted(physics, node, uid, port, 'TCP')
    ? exitAt(physics, { address: '127.0.0.1', port, node, pod: name, uid }, { pod: { namespace: '', name, uid, node } }, 'TCP')
    : { lost: `127.0.0.1:${port} of a pod is the pod's own (connection refused)`, refused: true }
}
function toNodePort(physics: Physics, there: string, port: number, sender: Sender, fromAfar: boolean): Route {
  const service = find(physics, there, rules => rules.ports.some((p: any) => p.nodePort === port))
  if (!service) return straight(there, machinePort(physics, there, port, sender))
  return routeToService(
    physics, there, { namespace: service.namespace, service: service.name, port: service.ports.find((p: any) => p.nodePort === port).port }, sender,
    fromAfar ? 'node port' : 'out and in'
  )
}
function find(physics: Physics, node: string, wanted: (rules: any) => boolean): any {
  for (const [, rules] of physics.peek(`kube-proxy/${node}`)?.state.rules.sorted() ?? []) if (wanted(rules)) return rules
  return undefined
}
