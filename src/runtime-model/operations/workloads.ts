import type { Cluster } from '../cluster.ts'

type Args = Readonly<Record<string, any>>

/** Clients that send requests to a Service at a steady rate, from outside of the pods (through a node's kube-proxy). */
export function trafficSource(cluster: Cluster, args: Args): string | void {
  if (cluster.options.bare) return 'a bare cluster has no kube-proxy: no traffic reaches a Service'
  cluster.kernel.operate('traffic/sources', 'add-source', args)
}

export function podUsage(): string { return 'not modelled: CPU and memory usage of pods' }
