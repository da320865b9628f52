import type { Cluster } from '../cluster.ts'
import { etcdctl } from './etcdctl.ts'
import { restoreSnapshot } from './etcd-snapshot.ts'
import { joinNode, leaveNode, replaceComponent, startComponent, upgradeNode } from './nodes.ts'
import { podUsage, trafficSource, writeFile } from './workloads.ts'

/**
 * Changes of the cluster itself that are neither API requests nor faults, by name. A string answer says why it cannot be, except
 * of `etcdctl`, which answers its output as JSON.
 */
export const operations: Readonly<Record<string, (cluster: Cluster, args: Readonly<Record<string, any>>) => string | void>> = {
  'join-node': joinNode, 'leave-node': leaveNode, 'upgrade-node': upgradeNode, 'replace-component': replaceComponent, 'start-component': startComponent,
  'traffic-source': trafficSource, 'pod-usage': podUsage, 'write-file': writeFile, etcdctl, 'restore-snapshot': restoreSnapshot,
}
