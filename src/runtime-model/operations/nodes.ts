import { addNode, controlPlaneProcess, fullVersion } from '../assemble.ts'
import type { Cluster } from '../cluster.ts'

type Args = Readonly<Record<string, any>>

/** A new machine starts its kubelet, which registers the Node. */
export function joinNode(cluster: Cluster, args: Args): string | void {
  if (cluster.hosts().includes(args.node)) return `node ${args.node} is already part of this cluster`
  addNode(
    cluster.kernel, cluster.options, { name: args.node, cpu: args.cpu, memory: args.memory, zone: args.zone, version: args.version },
    cluster.kernel.ids('kubelet').length
  )
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
