import type { StepContext } from '../kernel/actor.ts'
import type { KubeObject } from '../api/request.ts'
import { formatMicroTime, parseTime } from '../api/time.ts'

/**
 * A Lease whose renewals are kept in closed form shows the time of the last one: the object that etcd holds is the one of its last real write.
 * Source of the idea: kernel/heartbeats.ts.
 */
export function withHeartbeat(object: KubeObject, context: StepContext): KubeObject {
  const beat = context.heartbeat(`leases.coordination.k8s.io/${object.metadata.namespace}/${object.metadata.name}`)
  if (!beat) return object
  const atMs = context.wallMs - context.now + beat.lastAt, stored = object.spec?.renewTime
  return stored && parseTime(stored) >= atMs ? object : { ...object, spec: { ...object.spec, renewTime: formatMicroTime(atMs) } }
}
export const isLease = (resource: string): boolean => resource === 'leases.coordination.k8s.io'
