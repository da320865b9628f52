import type { NodeOptions } from '../drivers/driver.ts'
import { rolesOf } from './additions.ts'
import { apiServerAddress } from './api/addresses.ts'
import { bootstrapObjects, nodeRules, ownObjects } from './bootstrap/objects.ts'
import type { BootstrapOptions } from './bootstrap/objects.ts'
import { clientActor } from './client-actor.ts'
import { cloudApi, cloudControllerManager } from './cloud-controller-manager/index.ts'
import type { ModelOptions } from './cluster.ts'
import type { NetworkAgent } from './api/network-agent.ts'
import { podRange } from './api/pod-ranges.ts'
import { agentObjects, networkPlugin, presetOf } from './cni/index.ts'
import { containerRuntime } from './container-runtime/index.ts'
import { coredns } from './coredns/index.ts'
import { etcdMember } from './etcd/index.ts'
import type { Actor } from './kernel/actor.ts'
import type { Kernel } from './kernel/kernel.ts'
import type { Identity } from './network/client.ts'
import { identityLease, kubeApiserver } from './kube-apiserver/index.ts'
import { kubeControllerManager } from './kube-controller-manager/index.ts'
import { kubeProxy } from './kube-proxy/index.ts'
import { kubeScheduler } from './kube-scheduler/index.ts'
import { kubelet } from './kubelet/index.ts'
import { metricsServer, metricsServerRoles } from './metrics-server/index.ts'
import { trafficActor } from './traffic/index.ts'
import { waitingActor } from './waiting.ts'

/** The one place that knows every room: which processes a cluster of these options consists of, and on which machines. */
export const DEFAULT_VERSION = '1.35.4'

export function workerNodes(options: ModelOptions): readonly NodeOptions[] { return options.nodes ?? [{ name: 'worker-1' }] }

/** `cp-1` …; a managed control plane runs on machines of its provider, a bare one on one machine that is no Node. */
export function controlPlaneHosts(options: ModelOptions): string[] {
  const named = workerNodes(options).filter(n => n.role === 'control-plane').map(n => n.name)
  if (named.length) return named
  if (options.managed) return ['provider-1', 'provider-2', 'provider-3']
  return Array.from({ length: options.controlPlaneNodes ?? 1 }, (_, i) => `cp-${i + 1}`)
}

/** Adds all processes; answers the nodes that will register themselves. */
export function assemble(kernel: Kernel, options: ModelOptions): NodeOptions[] {
  const version = fullVersion(options.kubernetesVersion), hosts = controlPlaneHosts(options), bare = options.bare ?? false, managed = options.managed ?? false
  const own = (component: string, host: string, usual: () => Actor): Actor => options.components?.[component]?.(host) ?? usual()
  const members = options.externalEtcdMembers
    ? Array.from({ length: options.externalEtcdMembers }, (_, i) => `etcd-${i + 1}`)
    : hosts.map((_, i) => `etcd-${i + 1}`)
  const initial = bootstrapObjects(bootstrapOf(options, kernel.options.epochMs))
  const encryptedResources = encryptedOf(options)
  members.forEach((name, i) => kernel.add(underSupervision(options,
    own('etcd', name, () => etcdMember({ name, host: options.externalEtcdMembers ? name : hosts[i], members, initial, encryptedResources })))))
  for (const host of hosts) kernel.add(controlPlaneProcess(options, 'kube-apiserver', host, version, kernel.options.epochMs))
  for (const host of hosts) {
    for (const component of ['kube-controller-manager', 'kube-scheduler', ...managed ? ['cloud-controller-manager'] as const : []] as const) {
      kernel.add(controlPlaneProcess(options, component, host, version, kernel.options.epochMs))
    }
  }
  kernel.add(clientActor())
  if (managed) kernel.add(cloudApi(options.balancerChecks, options.balancerDrainsMs))
  const nodes = allNodes(options, hosts)
  if (!bare) kernel.add(coredns())
  if (!bare && presetOf(options.cni).enforcesPolicies) kernel.add(networkPlugin(presetOf(options.cni)))
  if (options.metricsServer) kernel.add(own('metrics-server', 'metrics', metricsServer))
  kernel.add(trafficActor())
  kernel.add(waitingActor())
  nodes.forEach((node, i) => addNode(kernel, options, node, i))
  return nodes
}

function bootstrapOf(options: ModelOptions, atMs: number): BootstrapOptions {
  const hosts = controlPlaneHosts(options), { bare = false, managed = false } = options
  return {
    atMs, bare, managed, controlPlaneNodes: hosts, apiServerAddresses: hosts.map((_, i) => apiServerAddress(i)),
    kubernetesVersion: `v${fullVersion(options.kubernetesVersion)}`, identities: hosts.map(host => identityLease(host, atMs)),
    more: [
      ...rolesOf(options.additions?.controllers ?? []), ...options.metricsServer ? metricsServerRoles : [],
      ...agentOf(options) ? agentObjects(agentOf(options)!) : [],
    ],
  }
}

export type Versioned = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'cloud-controller-manager'
/**
 * A process of the control plane that is of some version of Kubernetes: of the cluster's when it comes up, of another after an upgrade. `madeAtMs`: calendar
 * ms at which kubeadm makes its certificates, for a year. Source: cmd/kubeadm/app/constants (CertificateValidityPeriod)
 */
export const controlPlaneProcess = (options: ModelOptions, component: Versioned, host: string, version: string, madeAtMs: number): Actor =>
  underSupervision(options, ownProcess(options, component, host, version, madeAtMs))

/** kubeadm: a kubelet starts what has ended (members of an external etcd: systemd, which is always there); a bare world: a script; a provider: who knows. */
function underSupervision({ bare, managed, externalEtcdMembers }: ModelOptions, actor: Actor): Actor {
  if (bare) return { ...actor, backOffFrom: 'start' }
  return managed || actor.component === 'etcd' && externalEtcdMembers ? actor : { ...actor, supervisor: `kubelet/${actor.host}`, livenessMs }
}
/**
 * Eight probes of a frozen process, each of which waits for 15 s, and the 30 s that it is given to end.
 * Source: cmd/kubeadm/app/util/staticpod (LivenessProbe)
 */
export const livenessMs = 8 * 15_000 + 30_000

function ownProcess(options: ModelOptions, component: Versioned, host: string, version: string, madeAtMs: number): Actor {
  const certificatesUntilMs = options.managed || options.bare ? undefined : madeAtMs + yearMs
  const { managed = false, bare = false, additions } = options, own = options.components?.[component]?.(host)
  if (own) return own
  switch (component) {
    case 'kube-apiserver': {
      // stacked: each API server knows the member on its own machine only, as kubeadm sets it up; external: any member
      const etcd = options.externalEtcdMembers ? 'etcd' : `etcd/etcd-${controlPlaneHosts(options).indexOf(host) + 1}`
      return kubeApiserver({
        host, version, etcd, serviceCidr: '10.96.0.0/12', encryptedResources: encryptedOf(options), managed, bare, certificatesUntilMs,
        nodeRules, own: additions?.admissionPlugins, ownObjects: () => ownObjects(bootstrapOf(options, madeAtMs)),
      })
    }
    case 'kube-controller-manager':
      return kubeControllerManager({ host, version, managed, bare, certificateUntilMs: certificatesUntilMs, own: additions?.controllers })
    case 'kube-scheduler': return kubeScheduler({ host, version, certificateUntilMs: certificatesUntilMs, own: additions?.schedulerPlugins })
    case 'cloud-controller-manager': return cloudControllerManager({ host })
  }
}
const yearMs = 365 * 86_400_000
const encryptedOf = ({ secretsEncrypted }: ModelOptions): readonly string[] => secretsEncrypted ? ['secrets'] : []

/** The agent of the network plugin, where the cluster shows it. */
const agentOf = ({ bare, cni, cniAgents }: ModelOptions): NetworkAgent | undefined => bare || !cniAgents ? undefined : presetOf(cni).agent

/** The processes of one machine that is a Node. `index` gives it its addresses; with `bootstrap` it asks for its certificate, else it has one. */
export function addNode(kernel: Kernel, options: ModelOptions, node: NodeOptions, index: number, bootstrap?: Identity): void {
  const version = fullVersion(node.version ?? options.kubernetesVersion), bare = options.bare ?? false
  kernel.add(containerRuntime({
    host: node.name, podCidr: bare ? podCidr(index, bare) : presetOf(options.cni).podRange?.(index) ?? podCidr(index, bare), bare, images: node.images ?? [],
    ...agentOf(options) ? { agent: agentOf(options) } : undefined,
  }))
  kernel.add(kubelet({
    node, version, podCidr: podCidr(index, bare), address: bare ? '192.0.2.2' : `172.18.${1 + Math.floor(index / 250)}.${index % 250 + 2}`, bare,
    cloudProvider: options.managed ?? false, bootstrap,
  }))
  if (!bare) kernel.add(kubeProxy({ node: node.name, mode: options.kubeProxyMode, scheduler: options.ipvsScheduler }))
}

function allNodes(options: ModelOptions, hosts: readonly string[]): NodeOptions[] {
  const workers = workerNodes(options).filter(n => n.role !== 'control-plane')
  if (options.bare || options.managed) return workers
  const named = new Map(workerNodes(options).map(n => [n.name, n]))
  return [...hosts.map(name => ({ ...named.get(name), name, role: 'control-plane' as const })), ...workers]
}

const podCidr = (index: number, bare: boolean): string => bare ? `10.${128 + (index >> 8)}.${index & 255}.0/24` : podRange(index)
/** `1.35` → `1.35.4`: the patch releases that the behaviour was read from. */
export const fullVersion = (version: string | undefined): string => {
  const patches: Readonly<Record<string, string>> = { '1.33': '1.33.13', '1.34': '1.34.9', '1.35': DEFAULT_VERSION }
  return version === undefined ? DEFAULT_VERSION : patches[version.replace(/^v/, '')] ?? version.replace(/^v/, '')
}
