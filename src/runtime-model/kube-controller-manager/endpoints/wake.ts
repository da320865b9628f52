import { mapSelects } from '../../api/selectors.ts'
import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { keyOf, NO_KEYS } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { servicesByNamespace } from '../indexes.ts'
import { conditionOf, isReady } from '../pods.ts'
import { note } from './members.ts'

/**
 * Services whose endpoints a change of a pod may change. What alone would wake nobody is noted all the same: the next look takes it in.
 * Source: k8s.io/endpointslice util/controller_utils.go (GetServicesToUpdateOnPodChange)
 */
export function servicesOfPod({ type, stored, new: pod, old }: Delta, view: View): Keys {
  if (type !== 'MODIFIED') {
    return view.count(servicesByNamespace, (pod ?? old!).metadata.namespace!) === 0 ? NO_KEYS : noted(selecting(pod ?? stored ?? old!, view), pod ?? old!, view)
  }
  const relabelled = !deepEqual(stored!.metadata.labels, pod!.metadata.labels) || stored!.spec.hostname !== pod!.spec.hostname
    || stored!.spec.subdomain !== pod!.spec.subdomain
  if (relabelled) return noted([...new Set([...selecting(stored!, view), ...selecting(pod!, view)])], pod!, view)
  const wakes = changesEndpoint(stored!, pod!)
  if (!wakes && !changesMember(stored!, pod!)) return NO_KEYS
  const services = noted(selecting(pod!, view), pod!, view)
  return wakes ? services : NO_KEYS
}
function noted(services: readonly string[], pod: KubeObject, { memory }: View): readonly string[] {
  for (const service of services) note(memory, service, pod.metadata.name)
  return services
}
const selecting = (pod: KubeObject, view: View): string[] =>
  view.by(servicesByNamespace, pod.metadata.namespace!).filter(s => mapSelects(s.spec.selector, pod.metadata.labels)).map(keyOf)
const changesEndpoint = (before: KubeObject, after: KubeObject): boolean =>
  before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp || isReady(before) !== isReady(after) || before.spec.nodeName !== after.spec.nodeName
    || !deepEqual(before.status?.podIPs, after.status?.podIPs)
const changesMember = (before: KubeObject, after: KubeObject): boolean =>
  before.status?.phase !== after.status?.phase || before.status?.podIP !== after.status?.podIP
    || conditionOf(before, 'Ready')?.lastTransitionTime !== conditionOf(after, 'Ready')?.lastTransitionTime
