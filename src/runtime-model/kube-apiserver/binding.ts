import { conflict, rawError, uidConflict, type Status } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import type { Change } from './changes.ts'
import { keyText } from './etcd-client.ts'
import { minorOf } from './older-versions.ts'

/**
 * pods/binding: gives a pod its node, once. Labels that admission put on the Binding (the node's topology) go to the pod.
 * Source: pkg/registry/core/pod/storage/storage.go (BindingREST, setPodNodeAndMetadata, assignPod).
 */
export const binding: Change = {
  admitsBody: true,
  compute(turn, flight, _kind, old) {
    const asked = flight.body, pod: any = old, { name } = pod.metadata, node: string = asked.target?.name ?? ''
    const refused = (why: string): ReturnType<Change['compute']> => ({ status: conflict({ group: '', resource: 'pods/binding' }, name, why) })
    if (asked.metadata?.uid && asked.metadata.uid !== pod.metadata.uid) {
      return {
        status: uidConflict(
          { group: '', resource: 'pods' }, name, keyText('pods', pod.metadata.namespace, name, flight.request.dryRun), asked.metadata.uid, pod.metadata.uid
        ),
      }
    }
    if (pod.metadata.deletionTimestamp) return refused(`pod ${name} is being deleted, cannot be assigned to a host`)
    if (pod.spec.nodeName) return refused(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`)
    if (pod.spec.schedulingGates?.length) return refused(`pod ${name} has non-empty .spec.schedulingGates`)
    const metadata = merged(pod.metadata, asked.metadata)
    const { nominatedNodeName: _, ...cleared } = pod.status, status = minorOf(turn.options) >= 35 ? cleared : pod.status
    return {
      object: {
        ...pod, metadata, spec: { ...pod.spec, nodeName: node },
        status: { ...status, conditions: scheduled(status.conditions ?? [], formatTime(turn.context.wallMs)) },
      },
    }
  },
  prepare: (_kind, object) => object,
  validate: () => [],
  outcome: () => ({ code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } }),
}

/** A Binding that says of no node. Source: pkg/apis/core/validation (ValidatePodBinding); its errors come without a reason. */
export function wrongTarget({ target = {} }: any): Status | undefined {
  const { kind = '', name = '' } = target, errors: string[] = []
  if (kind !== '' && kind !== 'Node') errors.push(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`)
  if (name === '') errors.push('target.name: Required value')
  return errors.length === 0 ? undefined : rawError(errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`)
}

function merged(meta: any, given: any): any {
  const add = (field: 'labels' | 'annotations'): any =>
    given?.[field] && Object.keys(given[field]).length > 0 ? { [field]: { ...meta[field], ...given[field] } } : undefined
  const labels = add('labels'), annotations = add('annotations')
  return labels || annotations ? { ...meta, ...labels, ...annotations } : meta
}
function scheduled(conditions: readonly any[], now: string): any[] {
  const done = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now }, at = conditions.findIndex(c => c.type === 'PodScheduled')
  if (at < 0) return [...conditions, done]
  return conditions.map((c, i) => i === at ? { ...done, lastTransitionTime: c.status === 'True' ? c.lastTransitionTime : now } : c)
}
