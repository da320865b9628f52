import { plural } from '../base/clock.ts'
import type { Driver } from '../drivers/driver.ts'
import { compareQuantities } from '../runtime-model/api/quantity.ts'
import type { ResolvedSubject } from '../extension.ts'
import { ownersOf } from './subjects/index.ts'

type Place = { readonly driver: Driver }

/**
 * What components have said of an object last, as a warning if not told otherwise: the message of an Event about it, perhaps only of this reason, or
 * from these components.
 */
export function warningAbout(
  object: any, driver: Driver,
  { reason, from, type = 'Warning' }: { readonly reason?: string; readonly from?: readonly string[]; readonly type?: 'Warning' | 'Normal' } = {}
): string | undefined {
  const { namespace, uid } = object.metadata, time = (e: any): string => e.lastTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp ?? ''
  let found: any
  for (const e of driver.storedList('events', namespace ?? 'default') as readonly any[]) {
    if (e.type !== type || e.involvedObject?.uid !== uid || (reason !== undefined && e.reason !== reason)) continue
    if (from && !from.includes(e.source?.component || e.reportingComponent)) continue
    if (!found || time(e) >= time(found)) found = e
  }
  return found?.message
}

/** The claims of a pod that keep it waiting, each with what was said of it. */
export function claimsWaitedFor(pod: any, driver: Driver): string | undefined {
  const names: readonly string[] = (pod.spec?.volumes ?? []).flatMap((v: any) => v.persistentVolumeClaim?.claimName ?? [])
  for (const name of names) {
    const claim = driver.stored('persistentvolumeclaims', pod.metadata.namespace, name) as any
    if (!claim) return `there is no persistentvolumeclaim ${name}`
    const why = claim.status?.phase === 'Bound' ? undefined : warningAbout(claim, driver) ?? released(claim, driver)
    if (why !== undefined) return `persistentvolumeclaim ${name} is ${claim.status?.phase}: ${why}`
  }
  return undefined
}

/** A container that has ended, as its status tells: `app of pod web ended (Error, exit code 1, restarted 3 times)`. */
export function endingOf({ name, restartCount = 0, state, lastState }: any, label: string): string | undefined {
  const ended = state?.terminated ?? lastState?.terminated
  return ended && `${name} of ${label} ended (${ended.reason ?? 'Error'}, exit code ${ended.exitCode}${restartCount ? `, restarted ${plural(restartCount, 'time')}` : ''})`
}

/** The init container whose turn it is, and what it does. */
export function initialisation(pod: any, label: string, driver: Driver): string | undefined {
  const at = (pod.status?.initContainerStatuses ?? []).find((s: any) => s.state?.terminated?.exitCode !== 0 && !(s.started === true && s.ready === true))
  if (!at) return undefined
  const ending = at.state?.running ? undefined : endingOf(at, label)
  if (ending) return `init container ${ending}`
  if (!at.state?.running) return undefined
  const { waitsFor } = driver.nodeTruth.pod(pod.metadata.uid, pod.spec.nodeName)?.containers.find(c => c.name === at.name) ?? {}
  return `init container ${at.name} of ${label} runs, and has not ended${waitsFor === undefined ? '' : `: it waits for what is not there (${waitsFor})`}`
}

/** Why a workload does what it does although everybody works: it was told so, or its controller has given up. */
export function holdsBack({ object, ref, label }: ResolvedSubject): string | undefined {
  const { spec, status } = object
  if (ref!.resource === 'deployments.apps' && spec?.paused) return `the rollout of ${label} is paused`
  if ((ref!.resource === 'jobs.batch' || ref!.resource === 'cronjobs.batch') && spec?.suspend) return `${label} is suspended`
  const failed = ref!.resource === 'jobs.batch' ? status?.conditions?.find((c: any) => c.type === 'Failed' && c.status === 'True') : undefined
  return failed && `${label} has failed: ${failed.message}`
}

/** Why pods are not replaced by those of the latest template: their workload was told so. */
export function updatesHeldBack(subject: ResolvedSubject, { driver }: Place): string | undefined {
  const { object, ref } = subject
  if (!object || !ref) return undefined
  if (ref.resource === 'pods') {
    const owner = ownersOf(object, driver).findLast(o => rolling[o.kind])
    const workload = owner && driver.stored(rolling[owner.kind], ref.namespace ?? '', owner.name)
    const of = { group: 'apps', kind: owner?.kind ?? '', resource: rolling[owner?.kind ?? ''], name: owner?.name ?? '', namespace: ref.namespace }
    return workload && updatesHeldBack({ ...subject, label: `${owner.kind.toLowerCase()} ${owner.name}`, ref: of, object: workload }, { driver })
  }
  const { type, rollingUpdate } = object.spec?.updateStrategy ?? {}
  return type === 'OnDelete' ? `${subject.label} replaces its pods only as somebody deletes them (updateStrategy OnDelete)`
    : rollingUpdate?.partition > 0 ? `${subject.label} replaces only pods whose ordinal is at least ${rollingUpdate.partition} (partition of its updateStrategy)`
    : holdsBack(subject)
}
const rolling: Readonly<Record<string, string>> = { Deployment: 'deployments.apps', StatefulSet: 'statefulsets.apps', DaemonSet: 'daemonsets.apps' }

/** What the autoscaler of a workload says, where it does not do what its metrics ask for. */
export function scalingOf({ object, ref }: ResolvedSubject, { driver }: Place): string | undefined {
  if (!object || !ref) return undefined
  const scaler: any = ref.resource === autoscalers ? object : driver.storedList(autoscalers, ref.namespace).find(({ spec }: any) =>
    spec.scaleTargetRef?.kind === ref.kind && spec.scaleTargetRef.name === ref.name)
  const condition = (type: string, status: string): any => scaler?.status?.conditions?.find((c: any) => c.type === type && c.status === status)
  const able = condition('AbleToScale', 'True'), stabilized = /Stabilized$/.test(able?.reason) ? able : undefined
  const held = condition('ScalingActive', 'False') ?? stabilized ?? condition('ScalingLimited', 'True')
  if (held) return `horizontalpodautoscaler ${scaler.metadata.name}: ${held.type}=${held.status} (${held.reason}): ${held.message}`
  const used = (scaler?.status?.currentMetrics ?? []).flatMap((m: any) => m.resource ?? []), wanted = scaler?.status?.desiredReplicas
  const told = used.flatMap(({ name, current: { averageUtilization, averageValue } }: any) => {
    const target = scaler.spec.metrics?.find((m: any) => m.resource?.name === name)?.resource.target
    return target === undefined ? [] : averageUtilization === undefined || target.averageUtilization === undefined ? `${name} ${averageValue} each (target ${target.averageValue})`
      : `${name} ${averageUtilization}% of what is requested (target ${target.averageUtilization}%)`
  })
  return told.length > 0 ? `horizontalpodautoscaler ${scaler.metadata.name} asks for ${plural(wanted, 'replica')}: ${told.join(', ')}` : undefined
}
const autoscalers = 'horizontalpodautoscalers.autoscaling'

/** Why a claim has no volume, of which no warning tells. */
const unbound = (claim: any, driver: Driver): string | undefined =>
  released(claim, driver) ?? ['WaitForFirstConsumer', 'FailedBinding', 'ExternalProvisioning'].map(reason => warningAbout(claim, driver, { reason, type: 'Normal' })).find(said => said)
/** A volume that would do, had it not been another claim's before. */
function released({ spec, status }: any, driver: Driver): string | undefined {
  if (status?.phase !== 'Pending') return undefined
  const volume = driver.storedList('persistentvolumes').find(({ spec: of, status: now }: any) =>
    now?.phase === 'Released' && (of.storageClassName ?? '') === (spec.storageClassName ?? '')
      && compareQuantities(of.capacity.storage, spec.resources.requests.storage) >= 0 && spec.accessModes.every((m: string) => of.accessModes.includes(m)))
  return volume
    && `persistentvolume ${volume.metadata.name} would do, but is Released: it was of claim ${volume.spec.claimRef.namespace}/${volume.spec.claimRef.name}, and is kept for nobody else until its claimRef is taken off`
}

/** Of what is no pod and no workload: the latest warning, and of a namespace that is to go what remains of it. */
export function saidOf({ object, ref, label }: ResolvedSubject, driver: Driver): string | undefined {
  if (!object || !ref) return undefined
  if (ref.resource === 'namespaces' && object.metadata.deletionTimestamp) {
    return object.status?.conditions?.findLast((c: any) => c.status === 'True')?.message
  }
  const warning = warningAbout(object, driver) ?? (ref.resource === 'persistentvolumeclaims' ? unbound(object, driver) : undefined)
  return warning && `${label}: ${warning}`
}
