import type { KubeObject } from '../../api/request.ts'
import type { Toleration } from '../../api/tolerations.ts'
import { podFromTemplate } from '../pods.ts'
import { podRevisionLabel } from '../revisions.ts'

/** The pod of a DaemonSet for one node. Source: pkg/controller/daemon/util/daemonset_util.go */
const generationLabel = 'pod-template-generation', generationKey = 'deprecated.daemonset.template.generation'
const templateGeneration = (set: KubeObject): string | undefined =>
  /^\d+$/.test(set.metadata.annotations?.[generationKey] ?? '') ? set.metadata.annotations![generationKey] : undefined

/** A node's troubles do not drive out what serves it. */
const borne: readonly Toleration[] = [
  ...['not-ready', 'unreachable'].map(key => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect: 'NoExecute' })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map(key =>
    ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect: 'NoSchedule' })),
]
const networkUnavailable: Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' }
export function withDaemonTolerations(spec: any): any {
  const tolerations: Toleration[] = [...spec.tolerations ?? []]
  for (const added of spec.hostNetwork ? [...borne, networkUnavailable] : borne) {
    const at = tolerations.findIndex(t => t.key === added.key && t.effect === added.effect && t.operator === added.operator && (t.value ?? '') === '')
    if (at < 0) tolerations.push(added); else tolerations[at] = added
  }
  return { ...spec, tolerations }
}

/** Its affinity names the node, so that the scheduler binds it there; terms of its own would let it go elsewhere and are replaced. */
export function podForNode(set: KubeObject, hash: string, node: string): any {
  const { metadata, spec } = set.spec.template, generation = templateGeneration(set)
  const labels = { ...metadata?.labels, ...generation === undefined ? undefined : { [generationLabel]: generation }, [podRevisionLabel]: hash }
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }] },
  }
  return podFromTemplate(set, { metadata: { ...metadata, labels }, spec: { ...withDaemonTolerations(spec), affinity: { ...spec.affinity, nodeAffinity } } })
}

/** Is the pod of this template? Source: IsPodUpdated */
export function isUpdated(set: KubeObject, pod: KubeObject, hash: string): boolean {
  const generation = templateGeneration(set), labels = pod.metadata.labels ?? {}
  return labels[podRevisionLabel] === hash || generation !== undefined && labels[generationLabel] === generation
}
