/** What the network does with a request or a question for a name: found by looking at the nodes as they are. */
import { parseIP } from './api/cidr.ts'
import { clusterDnsAddress } from './api/cluster-dns.ts'
import { readCorefile } from './api/corefile.ts'
import { clusterFirst, lookUp, type Means, type Resolver } from './coredns/index.ts'
import type { Kernel } from './kernel/kernel.ts'
import { settingsFile } from './kubelet/settings.ts'
import {
  exitAt, holderOf, hostOf, hostsOutside, nodesWithProxy, outcome, physicsOf, routeToAddress, routeToService, statusAt, targetedPort, vacancy, type Exit,
  type Physics, type Sender,
} from './traffic/index.ts'

/** The nodes at a moment, virtual ms. */
export type Sight = Physics & { readonly now: number }
export const sightOf = (kernel: Kernel): Sight => ({ ...physicsOf(kernel), now: kernel.now })

export interface Place { readonly namespace: string; readonly pod?: string; readonly node?: string }

/** One request from a pod or node: who answered, or why nobody did. Where it is left to chance, both are told. */
export function routeOnce(physics: Sight, from: Place, to: Goal): Answer {
  const all = attempts(physics, from, to), served = all.find(a => a.servedBy !== undefined), lost = all.filter(a => a.servedBy === undefined)
  if (!served || lost.length === 0) return all[0]
  return { ...served, unless: `${lost.length} of ${all.length} endpoints ${lost.length === 1 ? 'does' : 'do'} not answer: ${lost[0].error}` }
}
/** a Service, a pod, or an address as it is: `host` */
interface Goal {
  readonly service?: string
  readonly pod?: string
  readonly host?: string
  readonly namespace: string
  readonly port?: number
  readonly path?: string
}
interface Answer { readonly servedBy?: string; readonly status?: number; readonly error?: string; readonly unless?: string }

/** What becomes of a request by the endpoint that it is given to. */
function attempts(physics: Sight, from: Place, to: Goal): readonly Answer[] {
  const { now } = physics, start = startOf(physics, from)
  if (start === undefined) return [{ error: from.pod ? `pod ${from.pod} runs on no node` : 'no node is up' }]
  const { node, sender } = start
  if (to.service !== undefined) {
    return routeToService(physics, node, { namespace: to.namespace, service: to.service, port: to.port }, sender).exits.map(exit =>
      judge(exit, now, to.path))
  }
  if (to.host !== undefined) return routeToAddress(physics, node, to.host, to.port ?? 80, sender).exits.map(exit => judge(exit, now, to.path))
  const pod = podOnNodes(physics, to.namespace, to.pod!)
  if (!pod) return [{ error: `pod ${to.pod} runs on no node` }]
  const port = to.port ?? pod.port ?? targetedPort(physics, pod.node, pod.uid) ?? 80
  return [judge(exitAt(physics, { address: pod.ip ?? '', port, node: pod.node, pod: to.pod, uid: pod.uid }, sender, 'TCP'), now, to.path)]
}

function judge(exit: Exit, at: number, path?: string): Answer {
  const { lost, pod, by } = outcome(exit, at, 0, path)
  return lost === undefined ? { servedBy: pod, status: by && statusAt(by.listener, at, path) } : { error: lost }
}

/** The node that a request starts on, and who sends it; a place that is none in particular is any node that is up. */
function startOf(physics: Physics, { namespace, pod, node }: Place): { readonly node: string; readonly sender: Sender } | undefined {
  if (node !== undefined) return { node, sender: { node } }
  if (pod === undefined) {
    const any = nodesWithProxy(physics).find(n => physics.peek(`container-runtime/${n}`)?.status === 'up')
    return any === undefined ? undefined : { node: any, sender: {} }
  }
  const found = podOnNodes(physics, namespace, pod)
  return found && { node: found.node, sender: { pod: { namespace, name: pod, uid: found.uid, node: found.node } } }
}

/**
 * Resolves a name as a pod would: its query goes to the Service kube-dns, and CoreDNS answers from what it knows. A resolver asks again when nobody answers.
 */
export function resolveName(physics: Sight, name: string, namespace: string, fromPod?: string): Resolution {
  const dns = physics.peek('coredns/cluster'), resolver = resolverOf(physics, namespace, fromPod)
  if (!dns) return { error: 'this cluster has no DNS' }
  if (typeof resolver === 'string') return { error: `lookup ${name}: ${resolver}` }
  if (dns.status !== 'up') return { error: `lookup ${name}: i/o timeout (CoreDNS is ${dns.status})` }
  const asked = attempts(physics, { namespace, pod: fromPod }, { service: 'kube-dns', namespace: 'kube-system', port: 53 })
  const served = asked.find(a => a.error === undefined)
  if (!served) return { error: `lookup ${name}: ${asked[0].error}` }
  const answer = lookUp(dns.state, name, resolver, { corefile: corefileOf(physics, served.servedBy!), world: (full, to) => askedOn(physics, full, to) })
  if ('odd' in answer) return { error: answer.odd }
  const { asked: names } = answer
  if ('error' in answer) return { error: `lookup ${name}: ${answer.error === 'NXDOMAIN' ? 'no such host' : 'server misbehaving'}`, asked: names }
  if ('alias' in answer) return { address: answer.alias, service: answer.service, asked: names }
  return { asked: names, address: answer.addresses[0], addresses: answer.addresses, service: answer.service, services: [...answer.by ?? [], answer.service] }
}

/**
 * The Corefile that a pod of CoreDNS goes by: the last one in its volume that it could read. Approximate: with `reload` it is read again as soon as the kubelet
 * has brought it (it looks every 30 s).
 */
function corefileOf(physics: Physics, pod: string): Means['corefile'] {
  const found = podOnNodes(physics, 'kube-system', pod), worker = found && physics.peek(`kubelet/${found.node}`)?.state.workers.get(found.uid)
  const text = worker && settingsFile(worker, 'coredns', '/etc/coredns/Corefile', worker.atStart['coredns'])
  const read = text === undefined || text === false ? { complaint: 'it is not in the volume of the pod' } : readCorefile(text)
  return 'blocks' in read ? read : read.odd ?? `not modelled: the Corefile that CoreDNS had read before its kubelet was started anew (now: ${read.complaint})`
}
/** What servers outside say of a name: those of the node and great public ones know the world, any other must be there. */
function askedOn(physics: Physics, name: string, servers: readonly string[]): ReturnType<Means['world']> {
  for (const server of servers) {
    const address = server.replace(/^(dns|tls):\/\//, '').replace(/:\d+$/, ''), holder = parseIP(address) && holderOf(physics, address)
    if (parseIP(address) === undefined || publicServers.includes(address) || holder?.is === 'outside') return forwarded(physics, name)
    if (holder || address === clusterDnsAddress) return { odd: `not modelled: CoreDNS that asks ${address}, which is of the cluster itself` }
    if (vacancy(address).startsWith('not modelled')) return { odd: vacancy(address) }
  }
  return { error: 'SERVFAIL' }
}
const publicServers = ['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9']

/** A name that is none of the cluster: what a scenario has said of it. Of what is said nothing of, the names of the world's great zones may be there. */
function forwarded(physics: Physics, name: string): ReturnType<Means['world']> {
  const address = hostsOutside(physics)[name]
  if (address !== undefined) return { address }
  return greatZones.includes(name.slice(name.lastIndexOf('.') + 1)) && name.includes('.')
    ? { odd: `not modelled: whether ${name} is there, outside of the cluster (say \`host "${name}" is outside of the cluster\` if it is)` }
    : { error: 'NXDOMAIN' }
}
const greatZones = ['com', 'org', 'net', 'io', 'dev', 'edu', 'gov', 'info', 'app', 'cloud']
/** `services`: all that the name has led through, the last one last */
interface Resolution {
  readonly address?: string
  readonly addresses?: readonly string[]
  readonly service?: string
  readonly services?: readonly string[]
  readonly asked?: readonly string[]
  readonly error?: string
}

/** Whom a pod asks, and how; a text: why its question does not come to the cluster's DNS. Source: pkg/kubelet/network/dns/dns.go (GetPodDNS) */
function resolverOf(physics: Physics, namespace: string, fromPod: string | undefined): Resolver | string {
  const found = fromPod === undefined ? undefined : podOnNodes(physics, namespace, fromPod)
  const spec = found && physics.peek(`kubelet/${found.node}`)?.state.workers.get(found.uid)?.pod.spec
  if (!spec) return clusterFirst(namespace)
  const { dnsPolicy = 'ClusterFirst', dnsConfig = {}, hostNetwork = false } = spec, own = dnsConfig.options?.find((o: any) => o.name === 'ndots')?.value
  const ofNode = dnsPolicy === 'Default' || dnsPolicy === 'ClusterFirst' && hostNetwork
  if (ofNode || dnsPolicy === 'None') {
    if (!dnsConfig.nameservers?.includes(clusterDnsAddress)) {
      return `no such host (with dnsPolicy ${dnsPolicy}${hostNetwork ? ' on the network of its node' : ''} the pod does not ask the cluster's DNS)`
    }
    return { searches: dnsConfig.searches ?? [], ndots: Number(own ?? 1) }
  }
  const base = clusterFirst(namespace)
  return { searches: [...base.searches, ...dnsConfig.searches ?? []], ndots: Number(own ?? base.ndots) }
}

/** Where a pod is by what the runtimes have, whatever the API says. */
function podOnNodes(
  physics: Physics, namespace: string, name: string
): {
  readonly uid: string; readonly node: string; readonly ip?: string; /** the first that one of its containers declares */ readonly port?: number
} | undefined {
  for (const id of physics.instances('container-runtime')) {
    for (const [uid, pod] of physics.peek(id)!.state.pods.sorted()) {
      if (pod.namespace === namespace && pod.name === name) {
        return { uid, node: hostOf(id), ip: pod.sandbox?.ip, port: pod.containers.flatMap((c: any) => c.ports)[0]?.port }
      }
    }
  }
  return undefined
}
