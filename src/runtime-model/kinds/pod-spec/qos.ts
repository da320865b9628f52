import { nanoOf } from '../../api/quantity.ts'

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'
/** What a pod says as a whole decides, be it nothing. Source: pkg/apis/core/helper/qos/qos.go (ComputePodQOS). */
export function qosClass(spec: any): QosClass {
  const parts: any[] = spec.resources ? [spec] : [...spec.initContainers ?? [], ...spec.containers ?? []]
  let any = false, guaranteed = true
  for (const { resources } of parts) {
    for (const name of ['cpu', 'memory']) {
      const limit = resources?.limits?.[name], request = resources?.requests?.[name] ?? limit
      if (isSet(limit) || isSet(request)) any = true
      if (!isSet(limit) || nanoOf(limit) !== nanoOf(request)) guaranteed = false
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable'
}
const isSet = (amount: string | undefined): boolean => amount !== undefined && nanoOf(amount) > 0n
