import { addNode, controlPlaneProcess, fullVersion } from '../assemble.ts'
import type { Cluster } from '../cluster.ts'
import type { Credentials } from '../api/request.ts'
import { METRICS_SERVER_ID } from '../metrics-server/index.ts'

type Args = Readonly<Record<string, any>>

/**
 * A new machine starts its kubelet, which asks for a certificate with a token and registers the Node. `token`: of a Secret that was made for it; without one
 * it is taken that kubeadm has just made one. Source: https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join/
 */
export function joinNode(cluster: Cluster, args: Args): string | void {
  if (cluster.hosts().includes(args.node)) return `node ${args.node} is already part of this cluster`
  const { bare = false, managed = false } = cluster.options, isKubeadm = !bare && !managed
  if (args.token !== undefined && !isKubeadm) return 'not modelled: machines that join by a token a cluster that kubeadm has not made'
  const credentials: Credentials = args.token === undefined ? JOINING : { ...nobody, token: args.token }
  addNode(
    cluster.kernel, cluster.options, { name: args.node, cpu: args.cpu, memory: args.memory, zone: args.zone, version: args.version },
    cluster.kernel.ids('kubelet').length, isKubeadm ? { credentials, userAgent: 'kubelet' } : undefined
  )
  // what was said of all pods is true of those that come here
  const rules = cluster.kernel.has(METRICS_SERVER_ID) ? cluster.kernel.stateOf(METRICS_SERVER_ID).rules.sorted() : []
  for (const [, rule] of rules) cluster.kernel.arrange(`kubelet/${args.node}`, 'usage', rule)
}

const JOINING: Credentials = { user: 'system:bootstrap:kubead', groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token'] }
const nobody: Credentials = { user: '', groups: [] }

/** The certificate of a kubelet is made anew by hand, and the kubelet started anew. Source: troubleshooting-kubeadm/#kubelet-client-cert */
export function renewKubelet(cluster: Cluster, { node }: Args): string | void {
  const { kernel, options } = cluster, id = `kubelet/${node}`
  if (!cluster.hosts().includes(node)) return `there is no node ${node} in this cluster`
  if (options.bare || options.managed) return 'not modelled: the certificates of kubelets in a cluster that kubeadm has not made'
  kernel.stop(id); kernel.start(id)
  kernel.operate(id, 'certificate', {})
}

/** The machine is taken away for good; its Node object stays until somebody deletes it. */
export function leaveNode(cluster: Cluster, args: Args): string | void {
  if (!cluster.hosts().includes(args.node)) return `there is no node ${args.node} in this cluster`
  cluster.kernel.hostDown(args.node)
}

/** The kubelet is stopped, replaced and started; containers go on meanwhile. Source: https://kubernetes.io/releases/version-skew-policy/ */
export function upgradeNode(cluster: Cluster, args: Args): string | void {
  if (!cluster.hosts().includes(args.node)) return `there is no node ${args.node} in this cluster`
  const id = `kubelet/${args.node}`
  cluster.kernel.operate(id, 'upgrade', { version: fullVersion(args.version) })
  cluster.kernel.runTo(cluster.kernel.now)
  cluster.kernel.stop(id); cluster.kernel.start(id)
}

/** A process of the control plane is asked to end: one that leads may tell the others first. */
export function endComponent(cluster: Cluster, { component, node }: Args): string | void {
  const { kernel } = cluster, id = `${component}/${node}`
  if (!kernel.has(id)) return `there is no ${component} on ${node} in this cluster`
  kernel.terminate(id)
}
/**
 * A process of the control plane ends and is replaced by one of another version, which `start-component` starts: `{ component, node, version }`.
 * Its certificates are made anew, as kubeadm does at an upgrade, and so is its mirror pod if the image is another.
 */
export function replaceComponent(cluster: Cluster, { component, node, version }: Args): string | void {
  const { kernel } = cluster, id = `${component}/${node}`
  if (!kernel.has(id)) return `there is no ${component} on ${node} in this cluster`
  kernel.stop(id)
  kernel.replace(controlPlaneProcess(cluster.options, component, node, fullVersion(version), kernel.options.epochMs + kernel.now))
  if (kernel.has(`kubelet/${node}`)) {
    kernel.operate(`kubelet/${node}`, 'process-image', { component, image: `registry.k8s.io/${component}:v${fullVersion(version)}` })
  }
}
export function startComponent(cluster: Cluster, { component, node }: Args): void { cluster.kernel.start(`${component}/${node}`) }
