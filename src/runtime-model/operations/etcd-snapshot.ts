import type { Cluster } from '../cluster.ts'
import type { Keyspace, MemberState } from '../etcd/index.ts'

type Args = Readonly<Record<string, any>>

const stateOf = (cluster: Cluster, id: string): MemberState => cluster.kernel.stateOf(id)

/** A snapshot that was saved under this name, on any of the machines of etcd. */
export function findSnapshot(cluster: Cluster, file: string): Keyspace | undefined {
  for (const id of cluster.kernel.ids('etcd')) { const keyspace = stateOf(cluster, id).files.get(file); if (keyspace) return keyspace }
  return undefined
}

/** Keeps a member's keyspace in a file, which all machines of etcd can read from then on. */
export function saveSnapshot(cluster: Cluster, member: string, file: string): void {
  const keyspace = stateOf(cluster, member).keyspace.fork()
  for (const id of cluster.kernel.ids('etcd')) cluster.kernel.operate(id, 'save-snapshot', { file, keyspace })
  cluster.kernel.runTo(cluster.kernel.now)
}

/**
 * All members are stopped, given a data directory made from the snapshot, and started; watches end and revisions go back. A member whose
 * machine is off is filled by the others when it is back. API servers are left running, as operators forget to stop them.
 * Source: https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#restoring-an-etcd-cluster
 */
export function restoreSnapshot(cluster: Cluster, args: Args): string | void {
  const keyspace = findSnapshot(cluster, args.file), ids = cluster.kernel.ids('etcd')
  if (!keyspace) return `there is no snapshot ${args.file}: it is made by etcdctl snapshot save ${args.file}`
  const generation = 1 + Math.max(...ids.map(id => stateOf(cluster, id).raft.generation))
  cluster.kernel.record('etcdctl', { type: 'etcd', to: 'etcd', operation: 'restore', what: `restore ${args.file}`, request: 0 })
  for (const id of ids) cluster.kernel.stop(id)
  for (const id of ids) { cluster.kernel.start(id); cluster.kernel.operate(id, 'restore-snapshot', { keyspace, generation }) }
  cluster.kernel.runTo(cluster.kernel.now)
}
