import type { KubeObject } from '../../api/request.ts'
import { maxSurge, replicasOf } from './numbers.ts'
import type { Sets } from './numbers.ts'

/** What a Deployment writes on its ReplicaSets. Source: pkg/controller/deployment/util/deployment_util.go */
export const revisionKey = 'deployment.kubernetes.io/revision'
const historyKey = 'deployment.kubernetes.io/revision-history', desiredKey = 'deployment.kubernetes.io/desired-replicas'
const maxKey = 'deployment.kubernetes.io/max-replicas'
const historyLimit = 2000
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration', revisionKey, historyKey, desiredKey, maxKey, 'deprecated.deployment.rollback.to',
])
type Annotations = Readonly<Record<string, string>>

const numberIn = (annotations: Annotations | undefined, key: string): number | undefined =>
  /^-?\d+$/.test(annotations?.[key] ?? '') ? Number(annotations![key]) : undefined
export const revisionOf = (object: KubeObject): number => numberIn(object.metadata.annotations, revisionKey) ?? 0
export const desiredOf = (set: KubeObject): number | undefined => numberIn(set.metadata.annotations, desiredKey)
export const maxReplicasOf = (set: KubeObject): number | undefined => numberIn(set.metadata.annotations, maxKey)
export const maxRevision = (sets: Sets): number => Math.max(0, ...sets.map(revisionOf))

/** The sizes of the Deployment, by which a change of scale is told and shared out. */
export const sizeAnnotations = (d: KubeObject): Annotations => ({ [desiredKey]: String(replicasOf(d)), [maxKey]: String(replicasOf(d) + maxSurge(d)) })
export const withSizes = (annotations: Annotations | undefined, d: KubeObject): Annotations => ({ ...annotations, ...sizeAnnotations(d) })
export const needsSizes = (set: KubeObject, d: KubeObject): boolean =>
  Object.entries(sizeAnnotations(d)).some(([key, value]) => set.metadata.annotations?.[key] !== value)

/**
 * Annotations of the new ReplicaSet: the Deployment's own, and the revision, unless it has a higher one already. A ReplicaSet that is new again keeps its
 * former revisions.
 */
export function newSetAnnotations(d: KubeObject, before: Annotations | undefined, revision: number): Annotations {
  const next: Record<string, string> = { ...before }
  for (const [key, value] of Object.entries(d.metadata.annotations ?? {})) if (!notCopied.has(key)) next[key] = value
  const old = before?.[revisionKey], oldRevision = old === undefined || old === '' ? 0 : numberIn(before, revisionKey)
  if (oldRevision === undefined || oldRevision >= revision) return next
  next[revisionKey] = String(revision)
  if (old !== undefined) next[historyKey] = withHistory(before?.[historyKey] ?? '', old)
  return next
}
function withHistory(history: string, revision: string): string {
  if (history === '') return revision
  const all = [...history.split(','), revision]
  while (all.length > 1 && all.join().length > historyLimit) all.shift()
  return all.join()
}
