import type { Cluster } from '../cluster.ts'
import type { Keyspace, MemberState } from '../etcd/index.ts'
import { encryptionKeys, unreadableWith } from './encryption.ts'

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

/** Whoever holds what the API said before is started again, in this order. */
const clientsOfState = ['kube-apiserver', 'kube-controller-manager', 'cloud-controller-manager', 'kube-scheduler', 'kubelet']

/**
 * The documented way: API servers are stopped, all members of etcd are given a data directory made from the snapshot and started, then the API
 * servers; components that would rely on stale data are started again. Revisions go back. A member whose machine is off is filled by
 * the others when it is back. Source: https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#restoring-an-etcd-cluster
 */
export function restoreSnapshot(cluster: Cluster, args: Args): string | void {
  const keyspace = findSnapshot(cluster, args.file), ids = cluster.kernel.ids('etcd')
  if (!keyspace) return `there is no snapshot ${args.file}: it is made by etcdctl snapshot save ${args.file}`
  const keys = encryptionKeys(cluster), unreadable = keys && unreadableWith(keyspace, keys)
  if (unreadable) return unreadable
  const generation = 1 + Math.max(...ids.map(id => stateOf(cluster, id).raft.generation))
  cluster.kernel.record('etcdctl', { type: 'etcd', to: 'etcd', operation: 'restore', what: `restore ${args.file}`, request: 0 })
  const restarted = clientsOfState.flatMap(component => cluster.kernel.ids(component)).filter(id => cluster.kernel.statusOf(id) === 'up')
  for (const id of [...restarted, ...ids]) cluster.kernel.stop(id)
  for (const id of ids) { cluster.kernel.start(id); cluster.kernel.operate(id, 'restore-snapshot', { keyspace, generation }) }
  for (const id of restarted) cluster.kernel.start(id)
  cluster.kernel.runTo(cluster.kernel.now)
}
