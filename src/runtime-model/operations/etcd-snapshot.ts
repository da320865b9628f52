import type { Cluster } from '../cluster.ts'
import { memberName, type Keyspace, type MemberState } from '../etcd/index.ts'
import { groupOf, memberIds } from './etcdctl/endpoints.ts'
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
  const keyspace = findSnapshot(cluster, args.file), ids = memberIds(cluster)
  if (!keyspace) return `there is no snapshot ${args.file}: it is made by etcdctl snapshot save ${args.file}`
  const keys = encryptionKeys(cluster), unreadable = keys && unreadableWith(keyspace, keys)
  if (unreadable) return unreadable
  const changed = ids.some(id => stateOf(cluster, id).keyspace.membership), { members, removed } = groupOf(cluster, ids[0]).membership
  const membership = changed ? { members: members.map(m => ({ ...m, learner: false, started: true })), removed } : undefined
  const generation = 1 + Math.max(...ids.map(id => stateOf(cluster, id).raft.generation))
  cluster.kernel.record('etcdctl', { type: 'etcd', to: 'etcd', operation: 'restore', what: `restore ${args.file}`, request: 0 })
  const restarted = clientsOfState.flatMap(component => cluster.kernel.ids(component)).filter(id => cluster.kernel.statusOf(id) === 'up')
  for (const id of [...restarted, ...ids]) cluster.kernel.stop(id)
  for (const id of ids) { cluster.kernel.start(id); cluster.kernel.operate(id, 'restore-snapshot', { keyspace, generation, membership }) }
  for (const id of restarted) cluster.kernel.start(id)
  cluster.kernel.runTo(cluster.kernel.now)
}

/**
 * One member that is left goes on alone (`--force-new-cluster`), with all that it holds; others can be added to it. The others must be down: they would go on
 * as the cluster that they were. Source: https://etcd.io/docs/v3.6/op-guide/recovery/
 */
export function forceNewCluster({ kernel }: Cluster, { member }: Args): string | void {
  const id = `etcd/${member}`, others = kernel.ids('etcd').filter(other => other !== id), up = others.filter(other => kernel.statusOf(other) !== 'down')
  if (!kernel.has(id)) return `there is no etcd member ${member}`
  if (up.length) return `${up.map(memberName).join(' and ')} would go on as the cluster that there is: take them down first`
  const generation = 1 + Math.max(...kernel.ids('etcd').map(other => kernel.stateOf<MemberState>(other).raft.generation))
  kernel.record('etcdctl', { type: 'etcd', to: id, operation: 'restore', what: 'force-new-cluster', request: 0 })
  for (const other of others) kernel.stop(other)
  kernel.stop(id); kernel.start(id); kernel.operate(id, 'force-new-cluster', { generation })
  kernel.runTo(kernel.now)
}
