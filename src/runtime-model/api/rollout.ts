/**
 * How far the rollout of a Deployment, StatefulSet or DaemonSet is, from its status, whichever it is. Source: `kubectl rollout status`,
 * kubernetes/kubectl pkg/polymorphichelpers/rollout_status.go
 */
export interface RolloutCounts {
  readonly wanted: number
  readonly all: number
  readonly updated: number
  readonly ready: number
  readonly available: number
}
export function rolloutCounts({ spec = {}, status = {} }: any): RolloutCounts {
  return {
    wanted: status.desiredNumberScheduled ?? spec.replicas ?? 1, all: status.replicas ?? status.currentNumberScheduled ?? 0,
    updated: status.updatedReplicas ?? status.updatedNumberScheduled ?? 0, ready: status.readyReplicas ?? status.numberReady ?? 0,
    available: status.availableReplicas ?? status.numberAvailable ?? 0,
  }
}
/** How many replicas a rollout makes anew by itself: none with OnDelete or while it is paused, not those below a partition. */
export function dueReplicas(object: any): number {
  const { kind, spec } = object, { wanted } = rolloutCounts(object), { type, rollingUpdate } = spec.updateStrategy ?? {}
  if (kind === 'Deployment') return spec.paused ? 0 : wanted
  if ((kind !== 'StatefulSet' && kind !== 'DaemonSet') || type === 'OnDelete') return 0
  return kind === 'StatefulSet' ? Math.max(0, wanted - (rollingUpdate?.partition ?? 0)) : wanted
}
