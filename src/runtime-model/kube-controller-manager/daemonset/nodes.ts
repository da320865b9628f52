import type { KubeObject } from '../../api/request.ts'
import { requiredNodes } from '../../api/node-selector.ts'
import { tolerates } from '../../api/tolerations.ts'
import type { Toleration } from '../../api/tolerations.ts'
import { taintsOf } from '../node-lifecycle/taints.ts'
import { withDaemonTolerations } from './template.ts'

/** Which nodes a DaemonSet is for. Resources do not count: that is the scheduler's. Source: daemon_controller.go (NodeShouldRunDaemonPod) */
export interface Fit { readonly run: boolean; readonly keep: boolean }
const NEITHER: Fit = Object.freeze({ run: false, keep: false }), KEEP: Fit = Object.freeze({ run: false, keep: true })
const RUN: Fit = Object.freeze({ run: true, keep: true })

/** May a pod be started there, may one that is there stay? Made once for a template, asked for many nodes. */
export function fitOf(set: KubeObject): (node: KubeObject) => Fit {
  const { spec } = set.spec.template, allowed = requiredNodes(spec), tolerations: readonly Toleration[] = withDaemonTolerations(spec).tolerations
  return node => {
    if (spec.nodeName && spec.nodeName !== node.metadata.name || allowed && !allowed(node)) return NEITHER
    const untolerated = taintsOf(node).filter(taint => taint.effect !== 'PreferNoSchedule' && !tolerations.some(t => tolerates(t, taint)))
    return untolerated.length === 0 ? RUN : untolerated.some(t => t.effect === 'NoExecute') ? NEITHER : KEEP
  }
}

/** The node of a pod, or the one it waits for; undefined: none can be told. Source: util/daemonset_util.go (GetTargetNodeName) */
export function targetNode(pod: KubeObject): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName
  for (const term of pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    const field = term.matchFields?.find((f: any) => f.key === 'metadata.name' && f.operator === 'In' && f.values?.length === 1)
    if (field) return field.values[0]
  }
  return undefined
}
/** Pods by node, oldest first; what is deleted and has ended is out of our hands, unless `all`. Source: getNodesToDaemonPods */
export function podsByTarget(pods: readonly KubeObject[], all = false): Map<string, KubeObject[]> {
  const byNode = new Map<string, KubeObject[]>()
  for (const pod of pods) {
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed', node = targetNode(pod)
    if (node === undefined || !all && ended && pod.metadata.deletionTimestamp !== undefined) continue
    const there = byNode.get(node)
    if (there) there.push(pod); else byNode.set(node, [pod])
  }
  for (const there of byNode.values()) if (there.length > 1) there.sort(oldestFirst)
  return byNode
}
/** Scheduled ones before those that wait. Source: podByCreationTimestampAndPhase */
function oldestFirst(a: KubeObject, b: KubeObject): number {
  const waits = (p: KubeObject): number => p.spec.nodeName ? 0 : 1, born = (p: KubeObject): string => p.metadata.creationTimestamp ?? ''
  return waits(a) - waits(b) || (born(a) < born(b) ? -1 : born(a) > born(b) ? 1 : a.metadata.name < b.metadata.name ? -1 : 1)
}
