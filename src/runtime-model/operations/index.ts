import type { Cluster } from '../cluster.ts'
import { setEncryptionKeys } from './encryption.ts'
import { etcdctl, etcdutl } from './etcdctl/index.ts'
import { forceNewCluster, restoreSnapshot } from './etcd-snapshot.ts'
import { installGateways } from './gateways.ts'
import { installIngressNginx, urlSource } from './ingress.ts'
import { configureEviction, configureImages, putOnDisk } from './eviction.ts'
import { putManifest } from './manifests.ts'
import { endComponent, joinNode, leaveNode, renewKubelet, replaceComponent, startComponent, upgradeNode } from './nodes.ts'
import { installSnapshotController } from './snapshots.ts'
import { hostOutside } from './outside.ts'
import { trafficCount } from '../queries.ts'
import { answerWebhook } from './webhooks.ts'
import { installMetricsServer, podUsage, removeFile, trafficSource, writeFile } from './workloads.ts'

type Operation = (cluster: Cluster, args: Readonly<Record<string, any>>) => string | void
/** What is counted under a name is of one source. */
const ofItsOwnName = (source: Operation): Operation => (cluster, args) => trafficCount(cluster.kernel, args.name) === undefined
  ? source(cluster, args)
  : `traffic "${args.name}" is under way already: give this one a name of its own, with \`as "NAME"\``

/**
 * Changes of the cluster itself that are neither API requests nor faults, by name. A string answer says why it cannot be, except
 * of `etcdctl` and `etcdutl`, which answer their output as JSON.
 */
export const operations: Readonly<Record<string, Operation>> = {
  'join-node': joinNode, 'leave-node': leaveNode, 'upgrade-node': upgradeNode, 'renew-kubelet': renewKubelet,
  'end-component': endComponent, 'replace-component': replaceComponent, 'start-component': startComponent,
  'traffic-source': ofItsOwnName(trafficSource), 'url-source': ofItsOwnName(urlSource), 'install-ingress-nginx': installIngressNginx,
  'install-gateways': installGateways, 'host-outside': hostOutside,
  'install-snapshot-controller': installSnapshotController, 'pod-usage': podUsage, 'install-metrics-server': installMetricsServer,
  'write-file': writeFile, 'remove-file': removeFile,
  'put-manifest': putManifest, 'configure-eviction': configureEviction, 'configure-images': configureImages, 'put-on-disk': putOnDisk,
  webhook: answerWebhook, etcdctl, etcdutl, 'restore-snapshot': restoreSnapshot, 'force-new-cluster': forceNewCluster, 'encryption-keys': setEncryptionKeys,
}
