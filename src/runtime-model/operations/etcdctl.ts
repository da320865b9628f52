import type { Cluster } from '../cluster.ts'

/** The operator's etcdctl on an etcd machine. Approximate: it reads what is committed rather than asking a member over the network. */
export function etcdctl(cluster: Cluster, args: Readonly<Record<string, any>>): string {
  const words: readonly string[] = args.args
  const out = (stdout: string, stderr = '', code = 0): string => JSON.stringify({ stdout, stderr, code })
  void cluster
  return out('', `Error: not modelled: etcdctl ${words.join(' ')}\n`, 1)
}
