import type { Cluster } from '../cluster.ts'
import { registry } from '../kinds/index.ts'
import { definitionNames, SNAPSHOT_CONTROLLER_ID, snapshotController, snapshotObjects } from '../snapshot-controller/index.ts'

/** until an API server serves what it was told of, virtual ms */
const establishedMs = 10_000

/** Applies the definitions of snapshots and starts their controller, as an administrator does. Answers why that failed, if it did. */
export function installSnapshotController(cluster: Cluster): string | void {
  if (cluster.kernel.has(SNAPSHOT_CONTROLLER_ID)) return 'the snapshot controller is installed already'
  for (const object of snapshotObjects) {
    const { apiVersion, kind, metadata } = object, [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    const { resource } = registry.byGroupKind(group, kind)!
    const { code, body, failure } = cluster.request({
      verb: 'create', group, version, resource, namespace: metadata.namespace, body: object,
      credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
    })
    if (code !== 409 && (code >= 300 || code === 0)) return `the snapshot controller could not be installed: ${body?.message ?? `nobody answered (${failure})`}`
  }
  const end = cluster.now + establishedMs
  const served = (): boolean =>
    definitionNames.every(name => cluster.stored('customresourcedefinitions.apiextensions.k8s.io', '', name)?.status?.conditions?.some((c: any) =>
    c.type === 'Established' && c.status === 'True'))
  if (cluster.runUntil(served, end, true) !== 'done') return 'the snapshot controller could not be installed: its definitions are not established'
  cluster.kernel.add(snapshotController())
}
