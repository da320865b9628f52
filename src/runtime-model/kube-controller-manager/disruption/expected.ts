import { scaledValue } from '../../api/int-or-string.ts'
import type { KubeObject } from '../../api/request.ts'
import { registry } from '../../kinds/index.ts'
import { get } from '../../network/client.ts'
import { controllerOf } from '../controller.ts'
import type { View } from '../controller.ts'
import { errorText, isOk } from '../script.ts'
import type { Script } from '../script.ts'

/** How many pods a budget counts with, and how many of them must be healthy. Source: pkg/controller/disruption/disruption.go (getExpectedPodCount) */
export interface Expected { readonly expected: number; readonly desired: number; readonly unmanaged: readonly string[] }
export type Answer<T> = T | { readonly error: string }

export function expectedPods(io: Script, view: View, budget: KubeObject, pods: readonly KubeObject[]): Answer<Expected> {
  const { maxUnavailable, minAvailable } = budget.spec
  if (maxUnavailable === undefined && typeof minAvailable !== 'string') {
    return { expected: minAvailable === undefined ? 0 : pods.length, desired: minAvailable ?? 0, unmanaged: [] }
  }
  const scale = expectedScale(io, view, pods)
  if ('error' in scale) return scale
  const { expected, unmanaged } = scale, share = scaledValue(maxUnavailable ?? minAvailable, expected, true) ?? 0
  return { expected, unmanaged, desired: maxUnavailable === undefined ? share : Math.max(0, expected - share) }
}

/** The replicas that the pods' controllers want together. */
function expectedScale(io: Script, view: View, pods: readonly KubeObject[]): Answer<{ readonly expected: number; readonly unmanaged: readonly string[] }> {
  const scales = new Map<string, number>(), known = new Set<string>(), unmanaged: string[] = []
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (!owner) { unmanaged.push(pod.metadata.name); continue }
    if (known.has(owner.uid)) continue
    const found = io.look(() => scaleInCache(view, pod.metadata.namespace!, owner)) ?? scaleOf(io, view, pod.metadata.namespace!, owner)
    if (found && 'error' in found) return found
    if (!found) return { error: `found no controllers for pod ${JSON.stringify(pod.metadata.name)}` }
    known.add(owner.uid)
    scales.set(found.uid, found.replicas)
  }
  return { expected: [...scales.values()].reduce((a, b) => a + b, 0), unmanaged }
}
interface Scale { readonly uid: string; readonly replicas: number }
type Owner = NonNullable<ReturnType<typeof controllerOf>>

/** ReplicationControllers, ReplicaSets with the Deployment above them, StatefulSets. */
function scaleInCache(view: View, namespace: string, owner: Owner): Scale | undefined {
  const resource = ({
    ReplicationController: 'replicationcontrollers', ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps',
  } as Readonly<Record<string, string>>)[owner.kind]
  const object = resource ? view.get(resource, namespace, owner.name) : undefined
  if (!object || object.metadata.uid !== owner.uid) return undefined
  const above = owner.kind === 'ReplicaSet' ? controllerOf(object) : undefined
  if (above?.kind !== 'Deployment') return { uid: owner.uid, replicas: object.spec.replicas }
  const deployment = view.get('deployments.apps', namespace, above.name)
  return deployment?.metadata.uid === above.uid ? { uid: above.uid, replicas: deployment.spec.replicas } : undefined
}
/** Anything else is asked for its scale. Source: getScaleController */
function scaleOf(io: Script, view: View, namespace: string, { apiVersion, kind, name, uid }: Owner): Answer<Scale> | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion], known = registry.byGroupKind(group, kind)
  const plural = known?.resource ?? `${kind.toLowerCase()}s`, resource = group ? `${plural}.${group}` : plural
  if (known && !known.subresources['scale']) return { error: `${resource} does not implement the scale subresource` }
  const answer = io.ask(() => get(view.identity, { resource, namespace, name, subresource: 'scale', version }), 'any')
  if (isOk(answer)) return answer.body.metadata.uid === uid ? { uid, replicas: answer.body.spec?.replicas ?? 0 } : undefined
  return answer.code === 404 && known ? undefined : { error: errorText(answer) }
}
