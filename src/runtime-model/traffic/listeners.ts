import { httpStatus, type Behaviour } from '../api/behaviour.ts'
import { onNode, physicalPod, type Physics } from './physics.ts'

/** What accepts connections at a port of a pod on its node. */
export interface Listener {
  readonly hung: boolean
  /** virtual ms at which its container started */
  readonly startedAt: number
  readonly behaviour: Pick<Behaviour, 'http'>
  /** as the kubelet sees its pod */
  readonly ready: boolean
}

/**
 * The container of a pod that listens on a port now: the running one that is said to; of the others, which nothing is said of, the one that declares the port
 * or is probed there, else one that declares no port at all, else one of which nobody has said what it answers, where a Service sends to that port (that such
 * an image answers there is what the language promises). Where no port is declared and no Service sends anywhere, nobody knows what it listens on, and it
 * answers everywhere. undefined: connections are refused. `sent`: the rules of a Service have chosen the port.
 */
export function listenerOn(physics: Physics, node: string, uid: string, port: number, protocol = 'TCP', sent = false): Listener | undefined {
  const pod = physicalPod(physics, node, uid)
  const alive = (pod?.containers ?? []).filter((c: any) => c.state === 'running'), running = alive.filter((c: any) => c.behaviour.listens === undefined)
  const silent = running.find((c: any) => c.ports.length === 0)
  const container = alive.find((c: any) => protocol === 'TCP' && c.behaviour.listens?.includes(port))
    ?? running.find((c: any) => c.ports.some((p: any) => p.port === port && p.protocol === protocol))
    ?? (silent && (sent || isTargeted(physics, node, uid, port, protocol, true)) ? silent : undefined)
    ?? (protocol === 'TCP' ? running.find((c: any) => isProbedAt(physics, node, uid, c.name, port)) : undefined)
    ?? (sent || isTargeted(physics, node, uid, port, protocol) ? running.find((c: any) => c.behaviour.http.length === 0) : undefined)
  if (container === undefined || !pod.sandbox?.ready) return undefined
  return { hung: container.hung, startedAt: container.startedAt, behaviour: container.behaviour, ready: isReady(physics, node, uid) }
}
/** The pod as its kubelet has it. */
export const podOf = (physics: Physics, node: string, uid: string): any => physics.peek(`kubelet/${node}`)?.state.workers.get(uid)?.pod
/** A probe tells of a port as well as a declaration does. */
function isProbedAt(physics: Physics, node: string, uid: string, name: string, port: number): boolean {
  const spec = podOf(physics, node, uid)?.spec, container = [...spec?.containers ?? [], ...spec?.initContainers ?? []].find((c: any) => c.name === name)
  return [container?.readinessProbe, container?.livenessProbe, container?.startupProbe].some(p =>
    (p?.httpGet?.port ?? p?.tcpSocket?.port ?? p?.grpc?.port) === port)
}
/** Does a Service in front of the pod send to this port, as its node's kube-proxy knows? `orNone`: or to none at all. */
export function isTargeted(physics: Physics, node: string, uid: string, port: number, protocol: string, orNone = false): boolean {
  const own = targets(physics, node, uid).filter(p => (p.protocol ?? 'TCP') === protocol)
  return orNone && own.length === 0 || own.some(p => (p.targetPort ?? p.port) === port)
}
/** The first port that a Service sends to by its number. */
export const targetedPort = (physics: Physics, node: string, uid: string): number | undefined =>
  targets(physics, node, uid).filter(p => (p.protocol ?? 'TCP') === 'TCP').map(p => p.targetPort ?? p.port).find(port => typeof port === 'number')
/** The ports of all Services that select a pod. */
function targets(physics: Physics, node: string, uid: string): readonly any[] {
  const services = physics.peek(`kube-proxy/${node}`)?.state.informers.stores.services, pod = podOf(physics, node, uid)
  if (!pod || !services) return []
  return services.sorted().map(([, service]: [string, any]) => service).filter(({ metadata, spec }: any) =>
    metadata.namespace === pod.metadata.namespace && spec.selector && matchesLabels(spec.selector, pod.metadata.labels)).flatMap((s: any) => s.spec.ports ?? [])
}
const matchesLabels = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>> = {}): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value)

/** Why nobody answers at an address of a pod: `pod catalog-1 has ended: no answer from 10.244.1.2:80`. */
export function silenceOf(physics: Physics, node: string, uid: string, name: string | undefined, where: string): string {
  const pod = physicalPod(physics, node, uid), who = name === undefined ? `whoever had ${where}` : `pod ${name}`
  if (!pod?.sandbox?.ready) return `${who} has ended: no answer from ${where}`
  const latest = pod.containers[0], running = pod.containers.filter((c: any) => c.state === 'running')
  if (running.length > 0) {
    const ports = running.flatMap(listenedOn).join(', ') || targetedPort(physics, node, uid)
    return `${who} listens on ${ports ?? 'no port'} only: ${where} refuses connections`
  }
  if (latest?.state !== 'exited') return `${who} has not started yet: ${where} refuses connections`
  return `container ${latest.name} of ${who} has ended with exit code ${latest.exitCode}: ${where} refuses connections`
}

const listenedOn = ({ behaviour, ports }: any): readonly (number | string)[] =>
  behaviour.listens ?? ports.map((p: any) => p.protocol === 'TCP' ? p.port : `${p.port}/${p.protocol}`)

function isReady(physics: Physics, node: string, uid: string): boolean {
  const conditions = physics.peek(`kubelet/${node}`)?.state.workers.get(onNode(physics, node, uid))?.status?.conditions
  return conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') === true
}

/** Status with which a request is answered at a moment; 0: no answer. */
export const statusAt = ({ hung, startedAt, behaviour }: Listener, at: number, path = '/'): number =>
  hung ? 0 : httpStatus(behaviour, path, Math.max(0, at - startedAt))
