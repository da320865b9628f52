import type { Cluster } from '../cluster.ts'

type Args = Readonly<Record<string, any>>

/**
 * Clients that send requests to a Service at a steady rate: `{ name, namespace, service, port?, perSecond, pod? }`. From outside of the
 * cluster they enter through the nodes that are on; with `pod` (a name in the same namespace) they come from that pod.
 */
export function trafficSource(cluster: Cluster, args: Args): string | void {
  if (cluster.options.bare) return 'a bare cluster has no kube-proxy: no traffic reaches a Service'
  const pod = args.pod === undefined ? undefined : cluster.stored('pods', args.namespace, args.pod)
  if (args.pod !== undefined && !pod?.spec.nodeName) return `pod ${args.pod} is on no node yet, so it cannot send requests`
  cluster.kernel.operate('traffic/sources', 'add-source', { ...args, pod: pod && { name: args.pod, node: pod.spec.nodeName } })
}

/** A process in a container writes a file into one of its volumes: `{ namespace, pod, container, path, content }`. */
export function writeFile(cluster: Cluster, { namespace, pod, container, path, content }: Args): string | void {
  const uid = cluster.stored('pods', namespace, pod)?.metadata.uid, truth = uid === undefined ? undefined : cluster.nodeTruth().pod(uid)
  if (!truth?.containers.some(c => c.name === container && c.state === 'running')) return `container ${container} of pod ${pod} does not run`
  cluster.kernel.operate(`container-runtime/${truth.node}`, 'write-file', { uid, container, path, content })
  cluster.kernel.runTo(cluster.kernel.now)
}

export function podUsage(): string { return 'not modelled: CPU and memory usage of pods' }
