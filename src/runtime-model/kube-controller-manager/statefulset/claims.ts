import type { KubeObject, OwnerReference } from '../../api/request.ts'
import { create, update } from '../../network/client.ts'
import { errorText, isOk } from '../script.ts'
import { targetOf } from '../status-update.ts'
import { controllerReference } from '../pods.ts'
import { claimName, claimTemplates, isInRange, ordinalOf } from './identity.ts'
import { podEvent } from './pod-event.ts'
import type { Pass } from './pass.ts'

/**
 * PersistentVolumeClaims of a StatefulSet's pods: made with them, and owned as the retention policy says. Sources: stateful_pod_control.go,
 * stateful_set_utils.go
 */
const resource = 'persistentvolumeclaims'
/** As the cache has them when the reconcile gets here: what it has made itself may be among them. */
function claimsOf({ set, io, view }: Pass, pod: KubeObject): readonly (KubeObject | undefined)[] {
  const templates = claimTemplates(set)
  return templates.length === 0 ? [] : io.look(() => templates.map(t => view.get(resource, set.metadata.namespace, claimName(set, t, ordinalOf(pod)))))
}

/** Makes those that are missing; answers what went wrong. */
export function createClaims(pass: Pass, pod: KubeObject): string | undefined {
  const { set, io, view } = pass, errors: string[] = []
  const existing = claimsOf(pass, pod)
  for (const [i, template] of claimTemplates(set).entries()) {
    const name = claimName(set, template, ordinalOf(pod)), there = existing[i]
    if (there) { if (there.metadata.deletionTimestamp !== undefined) errors.push(`pvc ${name} is being deleted`); continue }
    const { metadata, spec } = template, labels = { ...metadata.labels, ...set.spec.selector.matchLabels }
    const body = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...metadata, name, namespace: set.metadata.namespace, labels }, spec }
    const answer = io.ask(() => create(view.identity, { resource, namespace: set.metadata.namespace }, body), 'any')
    if (!isOk(answer)) errors.push(`failed to create PVC ${name}: ${errorText(answer)}`)
    if (isOk(answer)) event(pass, 'Normal', 'SuccessfulCreate', `Create Claim ${name} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} success`)
    else if (answer.body?.reason !== 'AlreadyExists') event(
      pass, 'Warning', 'FailedCreate',
      `Create Claim ${name} for Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} failed error: ${errorText(answer)}`
    )
  }
  return aggregate(errors)
}
const event = ({ io, set }: Pass, type: 'Normal' | 'Warning', reason: string, message: string): void =>
  io.do({ do: 'event', event: { regarding: set, type, reason, message } })
/** Source: apimachinery pkg/util/errors (aggregate.Error) */
const aggregate = (errors: readonly string[]): string | undefined =>
  errors.length === 0 ? undefined : errors.length === 1 ? errors[0] : `[${[...new Set(errors)].join(', ')}]`

// ---- who owns a claim
type Policy = { readonly whenDeleted: string; readonly whenScaled: string }
const policyOf = (set: KubeObject): Policy => ({ whenDeleted: 'Retain', whenScaled: 'Retain', ...set.spec.persistentVolumeClaimRetentionPolicy })
const ownersOf = (claim: KubeObject): readonly OwnerReference[] => claim.metadata.ownerReferences ?? []
const isOwnedBy = (claim: KubeObject, owner: KubeObject): boolean => ownersOf(claim).some(r => r.uid === owner.metadata.uid)
const names = (reference: OwnerReference, owner: KubeObject): boolean =>
  reference.apiVersion === owner.apiVersion && reference.kind === owner.kind && reference.name === owner.metadata.name
const isStale = (claim: KubeObject, owner: KubeObject): boolean => {
  const r = ownersOf(claim).find(o => names(o, owner))
  return r !== undefined && r.uid !== owner.metadata.uid
}

/** A controller that is neither the set nor the pod; it may be, where claims are kept anyway. */
function hasOtherController(set: KubeObject, claim: KubeObject, pod: KubeObject): boolean {
  const { whenDeleted, whenScaled } = policyOf(set)
  if (whenDeleted === 'Retain' && whenScaled === 'Retain') return false
  return ownersOf(claim).some(r => names(r, set) ? r.uid !== set.metadata.uid : names(r, pod) ? r.uid !== pod.metadata.uid : r.controller === true)
}
/** The set owns a claim that goes with it, the pod one that goes with a scale-down. */
function wantedOwner(set: KubeObject, pod: KubeObject): KubeObject | undefined {
  const { whenDeleted, whenScaled } = policyOf(set), scaledDown = !isInRange(set, pod)
  return whenScaled === 'Delete' && scaledDown ? pod : whenDeleted === 'Delete' ? set : undefined
}
function isUpToDate(set: KubeObject, claim: KubeObject, pod: KubeObject): boolean {
  if (isStale(claim, set) || isStale(claim, pod)) return true
  if (hasOtherController(set, claim, pod)) return !isOwnedBy(claim, set) && !isOwnedBy(claim, pod)
  if (ownersOf(claim).some(r => (r.uid === set.metadata.uid || r.uid === pod.metadata.uid) && !r.controller)) return false
  const wanted = wantedOwner(set, pod)
  return isOwnedBy(claim, set) === (wanted === set) && isOwnedBy(claim, pod) === (wanted === pod)
}
function withOwner(set: KubeObject, claim: KubeObject, pod: KubeObject): KubeObject {
  const kept = ownersOf(claim).filter(r => !names(r, set) && !names(r, pod)), wanted = hasOtherController(set, claim, pod) ? undefined : wantedOwner(set, pod)
  const ownerReferences = wanted ? [...kept, { ...controllerReference(wanted), apiVersion: wanted.apiVersion ?? 'v1', kind: wanted.kind ?? 'Pod' }] : kept
  return { ...claim, metadata: { ...claim.metadata, ownerReferences } }
}

export const claimsMatchPolicy = (pass: Pass, pod: KubeObject): boolean => claimsOf(pass, pod).every(claim => !claim || isUpToDate(pass.set, claim, pod))
/** Source: UpdatePodClaimForRetentionPolicy */
export function ownClaims(pass: Pass, pod: KubeObject): string | undefined {
  const { set, io, view } = pass
  for (const claim of claimsOf(pass, pod)) {
    if (!claim) continue
    if (hasOtherController(set, claim, pod)) {
      event(
        pass, 'Warning', 'ConflictingController',
        `PersistentVolumeClaim ${claim.metadata.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`
      )
    }
    if (isUpToDate(set, claim, pod)) continue
    const answer = io.ask(() => update(view.identity, targetOf(resource, claim), withOwner(set, claim, pod)), 'any')
    if (!isOk(answer)) return `could not update claim ${claim.metadata.name} for delete policy ownerRefs: ${errorText(answer)}`
  }
  return undefined
}
/** A claim that still belongs to a pod that went with a scale-down must go first. Source: PodClaimIsStale */
export const hasStaleClaim = (pass: Pass, pod: KubeObject): boolean =>
  policyOf(pass.set).whenScaled !== 'Retain' && claimsOf(pass, pod).some(claim => claim && isStale(claim, pod))

/** For a pod that exists and waits. Source: createMissingPersistentVolumeClaims */
export function createMissingClaims(pass: Pass, pod: KubeObject): string | undefined {
  const error = createClaims(pass, pod)
  if (error !== undefined) return error
  const failed = ownClaims(pass, pod)
  if (failed !== undefined) podEvent(pass, 'Update', pod, failed)
  return failed
}
