import { selectorMatcher, withLabelKeys } from '../../api/selectors.ts'
import type { LabelSelector } from '../../api/selectors.ts'
import type { ClusterView } from '../plugin.ts'
import { commonLabel } from '../pod-counts.ts'
import type { PodSet } from '../pod-counts.ts'
import type { NodeInfo } from '../node-info.ts'
import { hostLabel, zoneLabel } from '../node-table.ts'
import { untolerated } from '../pod-info.ts'
import type { PodInfo } from '../pod-info.ts'
import type { NodeMatcher } from '../terms.ts'

/** One constraint of topology spread, taken apart. Source: pkg/scheduler/framework/plugins/podtopologyspread/common.go */
export interface Constraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly minDomains: number
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
  readonly selects: (pod: PodInfo) => boolean
  /** pods of its namespace that it counts; those that are being deleted count no more */
  readonly set: PodSet
}

export function constraintsOf(pod: PodInfo, when: 'DoNotSchedule' | 'ScheduleAnyway'): Constraint[] {
  const all: readonly any[] = pod.pod.spec.topologySpreadConstraints ?? []
  return all.filter(c => c.whenUnsatisfiable === when).map(c =>
    constraint(pod, c.topologyKey, c.maxSkew, [withLabelKeys(c.labelSelector, c.matchLabelKeys, undefined, pod.labels)], c))
}

/**
 * What applies to pods of a Service or a controller that say nothing themselves. Source: pkg/scheduler/framework/plugins/podtopologyspread/plugin.go
 * (systemDefaultConstraints)
 */
export function defaultConstraints(pod: PodInfo, cluster: ClusterView): Constraint[] {
  if (pod.pod.spec.topologySpreadConstraints?.length) return []
  const selectors = selectorsOf(pod, cluster)
  return selectors.length === 0 ? [] : [constraint(pod, hostLabel, 3, selectors), constraint(pod, zoneLabel, 5, selectors)]
}

function constraint(pod: PodInfo, topologyKey: string, maxSkew: number, selectors: readonly (LabelSelector | undefined)[], c: any = {}): Constraint {
  const { namespace } = pod, [first, ...rest] = selectors.map(s => selectorMatcher(s))
  const selects = (p: PodInfo): boolean => p.namespace === namespace && first(p.labels) && rest.every(m => m(p.labels))
  const set: PodSet = {
    id: `spread ${namespace} ${selectors.map(textOf).join(' ')}`, has: p => !p.terminating && selects(p), among: commonLabel(namespace, selectors[0]),
  }
  return {
    topologyKey, maxSkew, minDomains: c.minDomains ?? 1, honorAffinity: c.nodeAffinityPolicy !== 'Ignore', honorTaints: c.nodeTaintsPolicy === 'Honor', selects,
    set,
  }
}
const texts = new WeakMap<object, string>()
function textOf(selector: LabelSelector | undefined): string {
  if (!selector) return 'nothing'
  const known = texts.get(selector) ?? JSON.stringify(selector)
  texts.set(selector, known)
  return known
}

/**
 * Selectors of the Services that select the pod and of the controller it belongs to. Source: pkg/scheduler/framework/plugins/helper/spread.go (DefaultSelector)
 */
function selectorsOf(pod: PodInfo, cluster: ClusterView): LabelSelector[] {
  const found: LabelSelector[] = []
  for (const service of cluster.servicesIn(pod.namespace)) {
    const selector = service.spec?.selector
    if (selector && selects(selector, pod.labels)) found.push(asSelector(selector))
  }
  const owner = pod.pod.metadata.ownerReferences?.find(o => o.controller), resource = owner && controllers[owner.kind]
  const controller = resource ? cluster.get(resource, pod.namespace, owner.name) : undefined
  if (controller && controller.metadata.uid === owner!.uid) {
    found.push(resource === 'replicationcontrollers' ? asSelector(controller.spec.selector ?? {}) : controller.spec.selector)
  }
  return found
}
const controllers: Readonly<Record<string, string>> = {
  ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps', ReplicationController: 'replicationcontrollers',
}
function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  let any = false
  for (const key in selector) { if (labels[key] !== selector[key]) return false; any = true }
  return any
}
const wrapped = new WeakMap<object, LabelSelector>()
function asSelector(labels: Readonly<Record<string, string>>): LabelSelector {
  const known = wrapped.get(labels) ?? { matchLabels: labels }
  wrapped.set(labels, known)
  return known
}

export const hasAllKeys = (node: NodeInfo, constraints: readonly Constraint[]): boolean => constraints.every(c => node.labels[c.topologyKey] !== undefined)
/** Is the node one that the constraint looks at? */
export function counts(c: Constraint, node: NodeInfo, required: NodeMatcher | undefined, pod: PodInfo): boolean {
  if (c.honorAffinity && required && !required(node.node!)) return false
  return !c.honorTaints || untolerated(node.hardTaints, pod.tolerations) === undefined
}
