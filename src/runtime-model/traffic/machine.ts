import { podOf } from './listeners.ts'
import { nodeAlive, type Physics } from './physics.ts'
import { addressOf } from './places.ts'
import { answering, exitAt, type Endpoint, type Listening, type Lost } from './route.ts'
import { dropped, type Sender } from './sender.ts'

/**
 * What a port of a machine itself meets: a pod on its network, a pod's `hostPort`, or a process of the node. Pods on a node's network that declare no
 * port are on none of them. Source: pkg/kubelet/server (10250), cmd/kube-proxy (10256, health checks of node ports), CNI plugin portmap
 */
export function machinePort(physics: Physics, node: string, port: number, sender: Sender, protocol = 'TCP', loopback = false): Lost | Listening {
  const address = addressOf(physics, node) ?? node, to: Endpoint = { address, port, node }
  if (!nodeAlive(physics, node)) return { lost: `node ${node} is down` }
  const why = dropped(physics, sender, to, protocol)
  if (why !== undefined) return { lost: why, to }
  for (const [uid, pod] of physics.peek(`container-runtime/${node}`)!.state.pods.sorted()) {
    if (!pod.sandbox?.ready) continue
    const at = { node, pod: pod.name as string, uid: uid as string }
    const listens = (list: readonly any[]): boolean => list.some(p => p.port === port && p.protocol === protocol)
    if (pod.sandbox.ip === '' && pod.containers.some((c: any) => listens(c.ports))) return exitAt(physics, { address, port, ...at }, sender, protocol)
    const mapped = pod.sandbox.ip === '' ? undefined : hostPort(podOf(physics, node, uid), port, protocol, address)
    if (mapped !== undefined) return exitAt(physics, { address: pod.sandbox.ip, port: mapped, ...at }, sender, protocol)
  }
  return processAt(physics, node, to, protocol)
    ?? { lost: `nothing listens on ${loopback ? `127.0.0.1:${port}` : `port ${port}`} of ${node} (connection refused)`, refused: true, to }
}

/** The container's port behind a port of the machine. */
function hostPort(pod: any, port: number, protocol: string, address: string): number | undefined {
  const containers: readonly any[] = [...pod?.spec.containers ?? [], ...pod?.spec.initContainers ?? []]
  return containers.flatMap(c => c.ports ?? []).find((p: any) =>
    p.hostPort === port && (p.protocol ?? 'TCP') === protocol && (!p.hostIP || p.hostIP === '0.0.0.0' || p.hostIP === address))?.containerPort
}

/** kube-proxy of a node that is about to go. Source: pkg/proxy/healthcheck/proxy_health.go (`/livez` does not look at the node) */
const leaving = [{ path: '/healthz', fromMs: 0, status: 503 }]
const processes: Readonly<Record<number, string>> = { 10250: 'kubelet', 10256: 'kube-proxy', 6443: 'kube-apiserver' }
function processAt(physics: Physics, node: string, to: Endpoint, protocol: string): Lost | Listening | undefined {
  const component = protocol === 'TCP' ? processes[to.port] : undefined, found = component && physics.peek(`${component}/${node}`)
  if (found) return answering(to, `${component} on ${node}`, found.status, to.port === 10256 && !found.state.nodeEligible ? leaving : [])
  return protocol === 'TCP' ? healthCheck(physics, node, to) : undefined
}
/** `healthCheckNodePort`: 200 where the Service has an endpoint of its own, else 503. Source: pkg/proxy/healthcheck/service_health.go */
function healthCheck(physics: Physics, node: string, to: Endpoint): Lost | Listening | undefined {
  const proxy = physics.peek(`kube-proxy/${node}`)
  for (const [, rules] of proxy?.state.rules.sorted() ?? []) if (rules.healthCheckNodePort === to.port) {
    const { name, ports } = rules
    return proxy!.status !== 'up' || ports.some((p: any) => p.external.some((e: any) => e.ready))
      ? answering(to, `kube-proxy on ${node}`, proxy!.status)
      : { lost: `kube-proxy on ${node} answered 503: service ${name} has no endpoint there`, to }
  }
  return undefined
}
