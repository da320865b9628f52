import { plural } from '../base/clock.ts'
import type { ComponentState } from '../drivers/driver.ts'
import type { ResolvedSubject } from '../extension.ts'
import { obstacleOf } from './obstacles.ts'
import { claimsWaitedFor, endingOf, holdsBack, initialisation, warningAbout } from './what-is-said.ts'
import { belongsTo, controlPlaneComponents } from './subjects/index.ts'
import type { Place } from './subjects/index.ts'

/** Where something has got stuck on its way from being asked for to taking traffic, and whose work it is. */
export interface Diagnosis {
  readonly stage: Stage
  readonly component: string
  readonly node?: string
  /** the object in which it is stuck, where that is not the one that was asked for */
  readonly about?: string
  /** what has failed, where something has: `kube-scheduler, which is down`, `the network between worker-1 and the control plane` */
  readonly atFault?: string
  /** first cause first */
  readonly why: readonly string[]
}
/** The stages in order, each with the component whose work it is. */
export const stages = {
  storage: 'kube-apiserver', controllers: 'kube-controller-manager', scheduling: 'kube-scheduler', starting: 'kubelet', image: 'kubelet', init: 'kubelet',
  container: 'kubelet', readiness: 'kubelet',
  endpoints: 'kube-controller-manager', termination: 'kubelet',
} as const
export type Stage = keyof typeof stages

const imageReasons = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable', 'ImageInspectError']
const workloads = ['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch', 'cronjobs.batch']

/** undefined: nothing is stuck. Source: kubernetes.io/docs/tasks/debug/debug-application/debug-pods/ */
export function diagnose(subject: ResolvedSubject, place: Place): Diagnosis | undefined {
  const { object, ref, label } = subject
  if (!ref || (subject.type !== 'object' && subject.type !== 'container')) return undefined
  if (subject.type === 'container' && object !== undefined) return diagnose({ ...subject, type: 'object', label: `pod ${object.metadata.name}` }, place)
  const found = object === undefined ? { stage: 'storage' as const, what: `there is no ${label}` }
    : ref.resource === 'pods' ? podStage(object, label, place)
    : workloads.includes(ref.resource) ? workloadStage(subject, place)
    : ref.resource === 'services' ? serviceStage(subject, place)
    : undefined
  if (!found) return undefined
  if ('why' in found) return found
  return blame(found, object?.spec?.nodeName, place)
}

/** What keeps an object that is to be deleted. */
const kept = (object: any): string | undefined => object?.metadata.deletionTimestamp && object.metadata.finalizers?.length
  ? `${plural(object.metadata.finalizers.length, 'finalizer')} (${object.metadata.finalizers.join(', ')}) must be taken off first`
  : undefined

interface Found {
  readonly stage: Stage
  readonly what: string
  /** what led to it, where somebody has said so */
  readonly because?: string
}

function workloadStage(subject: ResolvedSubject, place: Place): Found | Diagnosis | undefined {
  const { object, ref, label } = subject
  const wanted = ref!.resource === 'daemonsets.apps' ? object.status?.desiredNumberScheduled : ref!.resource === 'jobs.batch' ? 1 : object.spec?.replicas ?? 1
  const owner = { ...ref!, uid: object.metadata.uid }, told = holdsBack(subject)
  const all = place.driver.storedList('pods', ref!.namespace).filter(p => belongsTo(p, owner, place.driver))
  const pods = all.filter(p => !p.metadata.deletionTimestamp)
  if (told !== undefined) {
    const failed = (all as readonly any[]).findLast(p => p.status?.phase === 'Failed'), container = failed && endedOf(failed.status.containerStatuses)
    const ending = container && endingOf(container, `pod ${failed.metadata.name}`)
    return { stage: 'controllers', what: told, ...(ending ? { because: `container ${ending}` } : {}) }
  }
  if (ref!.resource === 'cronjobs.batch') return undefined
  if ((object.status?.observedGeneration ?? 0) < (object.metadata.generation ?? 0) && object.metadata.generation !== undefined
    && ref!.resource !== 'jobs.batch') {
    return { stage: 'controllers', what: `nobody has acted on the latest spec of ${label}` }
  }
  const leaving = pods.length < (wanted ?? 0) && waitsForLeaving(object, ref!.resource) ? all.find(p => p.metadata.deletionTimestamp) : undefined
  if (leaving) return { ...blame(podStage(leaving, `pod ${leaving.metadata.name}`, place)!, leaving.spec.nodeName, place), about: leaving.metadata.name }
  // the pods of a StatefulSet come one after the other: the one before keeps the next
  if (pods.length < (wanted ?? 0) && !(ref!.resource === 'statefulsets.apps' && pods.some(p => podStage(p, '', place)))) {
    return { stage: 'controllers', what: `${label} has ${pods.length} of ${wanted} pods${failure(object) ? `: ${failure(object)}` : ''}` }
  }
  for (const pod of pods) {
    const stuck = podStage(pod, `pod ${pod.metadata.name}`, place)
    if (stuck) return { ...blame(stuck, pod.spec.nodeName, place), about: pod.metadata.name }
  }
  return ref!.resource === 'jobs.batch' ? retrying(object, label, all) : undefined
}
/** A Job that makes another pod of each that fails, until it has had enough of it. */
function retrying({ spec, status }: any, label: string, pods: readonly any[]): Found | undefined {
  const over = status?.conditions?.some((c: any) => c.status === 'True' && ['Complete', 'Failed'].includes(c.type))
  const failed = pods.findLast(p => p.status?.phase === 'Failed'), container = failed && endedOf(failed.status.containerStatuses)
  if (over || !container) return undefined
  // with a limit for each index there is none for all that anybody would reach
  const { backoffLimit } = spec, tries = spec.backoffLimitPerIndex !== undefined || backoffLimit === undefined ? '' : `, and gives up after ${plural(backoffLimit + 1, 'failure')}`
  return {
    stage: 'container', because: `container ${endingOf(container, `pod ${failed.metadata.name}`)}`,
    what: `${label} tries again: ${plural(status?.failed ?? 0, 'pod')} failed so far${tries}`,
  }
}
/** Does a pod that is on its way out keep the next one from coming? */
const waitsForLeaving = ({ spec }: any, resource: string): boolean =>
  resource === 'statefulsets.apps' || resource === 'deployments.apps' && spec?.strategy?.type === 'Recreate'
const failure = (object: any): string | undefined => object.status?.conditions?.find((c: any) => c.type === 'ReplicaFailure' && c.status === 'True')?.message

function podStage(pod: any, label: string, place: Place): Found | undefined {
  if (pod.metadata.deletionTimestamp) return { stage: 'termination', what: kept(pod) ?? `${label} is being deleted` }
  const condition = (type: string): any => pod.status?.conditions?.find((c: any) => c.type === type)
  if (!pod.spec?.nodeName) {
    const because = claimsWaitedFor(pod, place.driver)
    return {
      stage: 'scheduling', ...(because === undefined ? {} : { because }),
      what: condition('PodScheduled')?.message ? `no node takes ${label}: ${condition('PodScheduled').message}` : `${label} waits for a node`,
    }
  }
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return undefined
  const init = waitingOf(pod.status?.initContainerStatuses), waiting = waitingOf(pod.status?.containerStatuses) ?? init
  if (waiting && imageReasons.includes(waiting.reason)) return { stage: 'image', what: `${label} waits for its image: ${waiting.message || waiting.reason}` }
  if (waiting && !['ContainerCreating', 'PodInitializing'].includes(waiting.reason)) {
    return { stage: 'container', what: `${label}: ${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}` }
  }
  const ended = endedOf(pod.status?.containerStatuses)
  if (ended) {
    return {
      stage: 'container',
      what: `container ${endingOf(ended, label)}`,
    }
  }
  const started = (pod.status?.containerStatuses ?? []).some((c: any) => c.state?.running)
  if (!started) return beforeStart(pod, label, init !== undefined || waiting?.reason === 'PodInitializing', place)
  if (condition('Ready')?.status !== 'True') {
    const node = place.driver.stored('nodes', '', pod.spec.nodeName) as any
    if (node?.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'Unknown')) {
      return { stage: 'readiness', what: `${label} counts as not ready, as nothing is heard from node ${pod.spec.nodeName}` }
    }
    const because = condition('ContainersReady')?.status === 'True' ? undefined : warningAbout(pod, place.driver, { reason: 'Unhealthy' })
    return {
      stage: 'readiness', what: `${label} runs and is not ready: ${condition('Ready')?.message ?? 'no readiness yet'}`, ...(because === undefined ? {} : { because }),
    }
  }
  return endpointsStage(pod, label, place)
}
const waitingOf = (statuses: readonly any[] | undefined): any => (statuses ?? []).map(s => s.state?.waiting).find(w => w)

const endedOf = (statuses: readonly any[] | undefined): any => (statuses ?? []).find(s => s.state?.terminated && s.state.terminated.exitCode !== 0)

/** How far the kubelet has come, as its calls of the runtime tell. */
function beforeStart(pod: any, label: string, initialising: boolean, { driver }: Place): Found {
  let last: string | undefined
  for (const o of driver.history()) if (o.type === 'cri' && o.uid === pod.metadata.uid) last = o.call
  if (last?.startsWith('pull')) return { stage: 'image', what: `${label} waits for its image on ${pod.spec.nodeName}` }
  if (last && initialising) return { stage: 'init', what: initialisation(pod, label, driver) ?? `an init container of ${label} has not ended` }
  const because = warningAbout(pod, driver, { from: ['kubelet', 'attachdetach-controller'] })
  return { stage: 'starting', what: `${label} has not been started on ${pod.spec.nodeName}`, ...(because === undefined ? {} : { because }) }
}

/** The first pod of a Service that takes no traffic yet. */
function serviceStage({ object, ref }: ResolvedSubject, place: Place): Diagnosis | undefined {
  const owner = { ...ref!, uid: object.metadata.uid }
  for (const pod of place.driver.storedList('pods', ref!.namespace)) {
    const stuck = !pod.metadata.deletionTimestamp && belongsTo(pod, owner, place.driver) ? podStage(pod, `pod ${pod.metadata.name}`, place) : undefined
    if (stuck) return { ...blame(stuck, pod.spec.nodeName, place), about: pod.metadata.name }
  }
  return undefined
}
function endpointsStage(pod: any, label: string, { driver }: Place): Found | undefined {
  const selects = (service: any): boolean => {
    const entries = Object.entries(service.spec?.selector ?? {})
    return entries.length > 0 && entries.every(([k, v]) => pod.metadata.labels?.[k] === v)
  }
  const missing = driver.storedList('services', pod.metadata.namespace)
    .filter(selects)
    .find(service => !driver.storedList('endpointslices.discovery.k8s.io', pod.metadata.namespace)
    .some(slice =>
      slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name
        && slice.endpoints?.some((e: any) => e.addresses.includes(pod.status?.podIP))))
  return missing && { stage: 'endpoints', what: `${label} is ready and not among the endpoints of service ${missing.metadata.name}` }
}

/** The component whose work the stage is, or one that it cannot work without. */
function blame({ stage, what, because }: Found, node: string | undefined, { driver }: Place): Diagnosis {
  const told = because === undefined ? [what] : [because, what]
  const all = driver.components(), owner = stages[stage]
  const own = all.filter(c => c.component === owner && (owner !== 'kubelet' || c.node === node))
  const without = (component: string): readonly ComponentState[] => all.filter(c => c.component === component)
  const broken = [without('etcd'), without('kube-apiserver'), own].find(of => of.length > 0 && !serves(of))
  const machine = owner === 'kubelet' && node !== undefined ? { node } : {}
  if (!broken) {
    const obstacle = obstacleOf(owner, node, stage === 'image', driver)
    return {
      stage, component: owner, ...machine,
      ...(obstacle ? { ...(obstacle.atFault ? { atFault: obstacle.atFault } : {}), why: [obstacle.text, ...told] } : { why: told }),
    }
  }
  const component = broken[0].component, state = broken.find(c => c.state !== 'up')!.state
  const name = `${component === 'kubelet' ? 'the kubelet' : component}${component === 'kubelet' ? ` on ${node}` : ''}`
  if (wholeIsOff(all)) return { stage, component, atFault: 'the control plane, which is down', why: ['the control plane is down', ...told] }
  const off = component === 'kubelet' && driver.nodeTruth.node(node!)?.power !== 'up' ? `node ${node}` : undefined
  return {
    stage, component, ...(component === 'kubelet' ? machine : {}), atFault: `${off ?? name}, which ${state === 'hung' ? 'hangs' : `is ${state}`}`,
    why: [brokenText(off ?? name, broken), ...told],
  }
}
const wholeIsOff = (all: readonly ComponentState[]): boolean => {
  const own = all.filter(c => controlPlaneComponents.includes(c.component))
  return own.length > 1 && own.every(c => c.state === 'down')
}
/** `kube-scheduler is down`, `etcd has lost its majority: 2 of 3 members are down`. */
function brokenText(name: string, of: readonly ComponentState[]): string {
  const failed = of.filter(c => c.state !== 'up'), state = failed[0].state
  if (of[0].component === 'etcd' && of.length > 1) return `etcd has lost its majority: ${failed.length} of ${of.length} members are ${state}`
  return `${name} ${state === 'hung' ? 'hangs' : `is ${state}`}`
}
const serves = (of: readonly ComponentState[]): boolean => {
  const up = of.filter(c => c.state === 'up').length
  return of[0].component === 'etcd' ? 2 * up > of.length : up > 0
}
/** A node that stays as it was marked last, because who marks nodes does not work. */
export function unmarked({ object, label }: ResolvedSubject, { driver }: Place): Pick<Diagnosis, 'why' | 'atFault'> | undefined {
  const truth = driver.nodeTruth.node(object.metadata.name), all = driver.components().filter(c => c.component === 'kube-controller-manager')
  if (!truth || (truth.power === 'up' && truth.kubelet === 'up') || all.length === 0 || serves(all)) return undefined
  const name = 'kube-controller-manager', { state } = all.find(c => c.state !== 'up')!
  return { why: [brokenText(name, all), `nobody marks ${label}, from which nothing is heard`], atFault: `${name}, which ${state === 'hung' ? 'hangs' : `is ${state}`}` }
}
/** Why no API server answers, if that is so: in words, with what has failed. */
export function silence(driver: Place['driver']): Pick<Diagnosis, 'why' | 'atFault'> | undefined {
  const all = driver.components()
  if (wholeIsOff(all)) return { why: ['the control plane is down'], atFault: 'the control plane, which is down' }
  for (const component of ['etcd', 'kube-apiserver']) {
    const of = all.filter(c => c.component === component)
    if (of.length > 0 && !serves(of)) {
      const state = of.find(c => c.state !== 'up')!.state
      return { why: [brokenText(component, of)], atFault: `${component}, which ${state === 'hung' ? 'hangs' : `is ${state}`}` }
    }
  }
  const obstacle = obstacleOf('kubectl', undefined, false, driver)
  return obstacle && { why: [obstacle.text], ...(obstacle.atFault ? { atFault: obstacle.atFault } : {}) }
}
