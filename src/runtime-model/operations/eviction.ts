import { unitsOf } from '../api/quantity.ts'
import type { Cluster } from '../cluster.ts'

/**
 * Thresholds in the configuration of a kubelet: `{ node, kind, threshold, graceMs, maxPodGraceMs }` a soft one, `{ node, kind, reclaim }` the minimum to
 * reclaim.
 */
export function configureEviction(cluster: Cluster, { node, kind, threshold, graceMs, maxPodGraceMs, reclaim }: Readonly<Record<string, any>>): string | void {
  const id = `kubelet/${node}`
  if (!cluster.kernel.has(id)) return `there is no node ${node} in this cluster`
  if (cluster.kernel.statusOf(id) !== 'up') return `the kubelet on ${node} does not run`
  const thresholds = threshold === undefined ? { reclaimBytes: unitsOf(reclaim) } : { soft: { bytes: unitsOf(threshold), graceMs, maxPodGraceMs } }
  cluster.kernel.operate(id, 'thresholds', { kind, thresholds })
  cluster.kernel.runTo(cluster.kernel.now)
}

/** When a kubelet removes images that nobody uses: `{ node, highPercent, lowPercent }`, as its disk fills, or `{ node, maxAgeMs }`, as they grow old. */
export function configureImages(cluster: Cluster, { node, ...policy }: Readonly<Record<string, any>>): string | void {
  const id = `kubelet/${node}`
  if (!cluster.kernel.has(id)) return `there is no node ${node} in this cluster`
  if (cluster.kernel.statusOf(id) !== 'up') return `the kubelet on ${node} does not run`
  const { highPercent, lowPercent } = policy as any
  // Source: pkg/kubelet/apis/config/validation/validation.go
  if (highPercent !== undefined && (highPercent > 100 || lowPercent >= highPercent)) {
    return `imageGCLowThresholdPercent ${lowPercent} must be less than imageGCHighThresholdPercent ${highPercent}, and that no more than 100`
  }
  cluster.kernel.operate(id, 'image-policy', policy)
  cluster.kernel.runTo(cluster.kernel.now)
}

/** What lies on a machine from now on: `{ node?, path, is }`, `is` as kubelet/host-paths.ts calls it; every machine where none is named. */
export function putOnDisk(cluster: Cluster, { node, path, is }: Readonly<Record<string, any>>): string | void {
  const ids = node === undefined ? cluster.kernel.ids('kubelet') : [`kubelet/${node}`]
  if (!path.startsWith('/')) return `${path} is no path that begins with /`
  if (!cluster.kernel.has(ids[0])) return `there is no node ${node} in this cluster`
  for (const id of ids) cluster.kernel.arrange(id, 'host-path', { path, is })
  cluster.kernel.runTo(cluster.kernel.now)
}
