import type { Driver } from '../drivers/driver.ts'
import { isNone } from '../dsl/assertion-ast.ts'
import type { ResolvedSubject } from '../extension.ts'
import { tolerates, untolerated } from '../runtime-model/api/tolerations.ts'
import type { Taint, Toleration } from '../runtime-model/api/tolerations.ts'
import { nodeIn } from './predicates/support.ts'
import type { Reason } from './reasons.ts'
import { nodeInTrouble } from './node-stage.ts'
import { diagnose, silence, unmarked } from './stages.ts'
import type { Place } from './subjects/index.ts'
import type { Watched } from './watch.ts'
import { saidOf } from './what-is-said.ts'

/** What keeps an object that is to go, or is said of one that does not come; what keeps a pod where it is. */
export function keptBy({ claim: { definition, predicate, subject: whom } }: Watched, subject: ResolvedSubject, place: Place, seen = ''): Reason {
  const { object, ref } = subject, finalizers: readonly string[] = object?.metadata?.deletionTimestamp ? object.metadata.finalizers ?? [] : []
  if (finalizers.length) {
    return {
      why: [
        `it was deleted, and ${finalizers.length > 1 ? 'finalizers keep' : 'a finalizer keeps'} it until ${finalizers.length > 1 ? 'they are' : 'it is'} taken off: ${finalizers.join(', ')}`,
      ],
    }
  }
  const goes = isToGo({ definition, predicate, subject: whom })
  if (goes && predicate.truth === 'node') return onItsNode(subject, place)
  if (goes && object && !object.metadata.deletionTimestamp) return { why: undeleted(subject, place) }
  if (definition.id === 'scheduled-on' && !predicate.negated && object?.spec?.nodeName) {
    const wanted = nodeIn(predicate.args.node as Parameters<typeof nodeIn>[0], { ...place, ast: predicate, argument: {}, reference: undefined })
    return { why: elsewhere(subject, wanted, place) }
  }
  const rules = seen.includes('kube-proxy does not run') ? withoutKubeProxy(subject, place) : undefined
  if (rules) return rules
  if (ref?.resource === 'daemonsets.apps' && object) return { why: notTaken(subject, place) }
  if (ref?.resource === 'pods') {
    const stuck = object?.metadata.deletionTimestamp ? diagnose(subject, place) : undefined
    const ends = definition.id === 'being-deleted' || definition.id === 'status' && predicate.args.status === 'Terminating'
    const patient = ends && !predicate.negated && object?.spec?.nodeName ? borneBy(place.driver.stored('nodes', '', object.spec.nodeName), object) : undefined
    if (patient !== undefined && !object.metadata.deletionTimestamp) return { why: [patient] }
    return stuck?.atFault === undefined ? unwritten(predicate.truth === 'node', place) : { why: stuck.why, atFault: stuck.atFault }
  }
  const silent = ref?.resource === 'nodes' && object ? unmarked(subject, place) : undefined
  if (silent) return silent
  const comesUp = ref?.resource === 'nodes' && object && (definition.id === 'ready' || definition.id === 'healthy') && !predicate.negated
  const trouble = comesUp ? nodeInTrouble(object, place) : undefined
  if (trouble) return trouble
  const said = saidOf(subject, place.driver)
  return said === undefined ? unwritten(predicate.truth === 'node', place) : { why: [said] }
}

/** Is it said to be gone, or that there is none? */
function isToGo({ definition, predicate, subject }: Pick<Watched['claim'], 'definition' | 'predicate' | 'subject'>): boolean {
  return definition.id === 'gone' && !predicate.negated
    || definition.id === 'present' && (predicate.negated || subject.type === 'set' && isNone(subject.quantifier))
}
/** Of a claim about now: what is there and is said not to be, and nobody has deleted. */
export const staysBy = ({ claim }: Watched, subject: ResolvedSubject, place: Place): Reason =>
  isToGo(claim) && claim.predicate.truth !== 'node' && subject.object && !subject.object.metadata.deletionTimestamp ? { why: undeleted(subject, place) } : {}

/** What is read of stored objects does not change while no API server answers. */
const unwritten = (ofNodes: boolean, { driver }: Place): Reason => ofNodes ? {} : silence(driver) ?? {}

/** Nothing goes that nobody deletes: what looks as if it would (a cordon, a taint, the deletion of its StatefulSet) does not. */
function undeleted({ object, ref, label }: ResolvedSubject, { driver }: Place): readonly string[] {
  const nobody = `nobody has asked for ${label} to be deleted`
  if (ref?.resource === 'persistentvolumeclaims') {
    const owner = statefulSetOf(object, driver)
    return owner === undefined ? [nobody] : [`statefulset ${owner} keeps the claims that it has made (its persistentVolumeClaimRetentionPolicy may say otherwise)`, nobody]
  }
  const ttl = ref?.resource === 'jobs.batch' ? object.spec?.ttlSecondsAfterFinished : undefined
  if (ttl !== undefined) return [`${label} is deleted ${ttl}s after it has finished (ttlSecondsAfterFinished)`]
  const node = ref?.resource === 'pods' && object.spec?.nodeName ? driver.stored('nodes', '', object.spec.nodeName) as any : undefined
  const patient = node && borneBy(node, object)
  if (patient !== undefined) return [patient, nobody]
  const barrier = node && barrierOf(node, object)
  return barrier === undefined ? [nobody] : [`${barrier}, which keeps new pods away and moves none`, nobody]
}

/** The StatefulSet that has made a claim: its name is that of a template, of the StatefulSet, and a number. */
function statefulSetOf({ metadata }: any, driver: Driver): string | undefined {
  const [, stem] = /^(.+)-\d+$/.exec(metadata.name) ?? []
  for (const o of driver.history()) {
    if (o.type !== 'object' || o.resource !== 'statefulsets.apps' || o.namespace !== metadata.namespace) continue
    const set: any = o.new ?? o.old
    if (set?.spec?.volumeClaimTemplates?.some((t: any) => `${t.metadata.name}-${o.name}` === stem)) return o.name
  }
  return undefined
}

/** What of a node keeps this pod away, or would if it came now. */
function barrierOf(node: any, pod: any): string | undefined {
  const name = node.metadata.name
  if (node.spec?.unschedulable) return `node ${name} is cordoned`
  const taints: readonly Taint[] = (node.spec?.taints ?? []).filter((t: Taint) => t.effect !== 'PreferNoSchedule')
  const taint = untolerated(taints, pod.spec?.tolerations ?? [])
  return taint && `node ${name} has a taint that ${pod.metadata.name} does not tolerate (${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect})`
}

/** A taint that would move the pod, and that it bears for a time. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function borneBy(node: any, pod: any): string | undefined {
  const tolerations: readonly Toleration[] = pod.spec?.tolerations ?? [], taints: readonly Taint[] = node?.spec?.taints ?? []
  for (const taint of taints.filter(t => t.effect === 'NoExecute')) {
    const seconds = tolerations.find(t => tolerates(t, taint))?.tolerationSeconds
    if (seconds !== undefined) return `node ${node.metadata.name} has the taint ${taint.key}:NoExecute, which pod ${pod.metadata.name} tolerates for ${seconds}s`
  }
  return undefined
}

/** A pod that is said of another node. */
function elsewhere({ object, label }: ResolvedSubject, wanted: string, { driver }: Place): readonly string[] {
  const node = driver.stored('nodes', '', wanted) as any, barrier = node && barrierOf(node, object)
  return [...(barrier === undefined ? [] : [barrier]), `${label} is bound to ${object.spec.nodeName}, and a pod stays on its node`]
}

/**
 * Nodes that take no pod of a DaemonSet, whose pods bear a cordon.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 */
function notTaken({ object, label }: ResolvedSubject, { driver }: Place): readonly string[] | undefined {
  const pod = { metadata: { name: label }, spec: object.spec.template.spec }
  const why = (driver.storedList('nodes') as readonly any[]).flatMap(node => barrierOf({ ...node, spec: { ...node.spec, unschedulable: false } }, pod) ?? [])
  return why.length > 0 ? why.slice(0, 2) : undefined
}

/** The rules of a node are written by the kube-proxy that runs there. */
function withoutKubeProxy({ object, ref }: ResolvedSubject, { driver }: Place): Reason | undefined {
  const node: string | undefined = ref?.resource === 'nodes' ? ref.name : object?.spec?.nodeName
  const proxy = driver.components().find(c => c.component === 'kube-proxy' && c.node === node && c.state !== 'up')
  return proxy && { why: [`kube-proxy on ${node} is ${proxy.state}`], atFault: `kube-proxy on ${node}, which is ${proxy.state}` }
}

/** Containers are ended by the kubelet of their node. */
function onItsNode(subject: ResolvedSubject, place: Place): Reason {
  const { object, ref } = subject, { driver } = place
  const node: string | undefined = object?.spec?.nodeName
  const kubelet = node === undefined ? undefined : driver.components().find(c => c.component === 'kubelet' && c.node === node)
  if (!kubelet || kubelet.state === 'up') {
    const stuck = object?.metadata.deletionTimestamp ? diagnose(subject, place) : undefined
    if (stuck?.atFault !== undefined) return { why: stuck.why, atFault: stuck.atFault }
    return object?.metadata.deletionTimestamp || !ref ? {} : { why: [`nobody has asked for pod ${ref.name} to be deleted`] }
  }
  const state = kubelet.state === 'hung' ? 'hangs' : 'is down'
  return { why: [`the kubelet on ${node} ${state}`, `nobody ends the containers of ${ref?.name}`], atFault: `the kubelet on ${node}, which ${state}` }
}
