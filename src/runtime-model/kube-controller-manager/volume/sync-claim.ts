import { isDefaultStorageClass, newestDefault } from '../../api/default-classes.ts'
import type { KubeObject } from '../../api/request.ts'
import type { NewEvent } from '../../network/events.ts'
import { update } from '../../network/client.ts'
import type { View } from '../controller.ts'
import type { Script } from '../script.ts'
import { bind } from './bind.ts'
import {
  annotated, annotation, bestMatch, classes, classOf, claims, hasNoClass, isBindCompleted, mismatch, podsByClaim, refersTo, volumes,
} from './claims.ts'

/** Source: pkg/controller/volume/persistentvolume/pv_controller.go (syncClaim, syncUnboundClaim, syncBoundClaim, provisionClaimOperationExternal). */
export interface ClaimSnapshot {
  readonly claim: KubeObject
  /** the volume that the claim names */
  readonly named?: KubeObject
  /** the one that would be right for it */
  readonly match?: KubeObject
  readonly storageClass?: KubeObject
  readonly defaultClass?: string
  /** pods that use the claim and have no node yet */
  readonly consumers: readonly string[]
  /** passes in which the claim was found waiting */
  readonly passes: number
  readonly untilPassMs: number
}
/**
 * After so many passes Events of a waiting claim are held back to one in five minutes (the flood limit of Events). Approximate: from then on it is looked at
 * ever less often, but before its last Event has gone after an hour; what could help it wakes it anyway.
 */
const quickPasses = 25, quickMs = 15_000, slowMs = 300_000, slowestMs = 3_000_000
const passMs = (passes: number): number => passes < quickPasses ? quickMs : Math.min(slowestMs, slowMs * 2 ** Math.min(passes - quickPasses, 10))

export function beginClaim(claim: KubeObject, view: View): ClaimSnapshot {
  const key = `${claim.metadata.namespace}/${claim.metadata.name}`, storageClass = classOf(claim) ? view.get(classes, undefined, classOf(claim)) : undefined
  const passes = view.memory.seen.get(key) ?? 0
  const open = !isBindCompleted(claim) && !claim.spec.volumeName
  return {
    claim, storageClass, passes, untilPassMs: view.untilTick(passMs(passes)),
    named: claim.spec.volumeName ? view.get(volumes, undefined, claim.spec.volumeName) : undefined,
    match: open ? bestMatch(claim, waitsForConsumer(storageClass), view) : undefined,
    defaultClass: open && hasNoClass(claim) ? newestDefault(view.list(classes), isDefaultStorageClass)?.metadata.name : undefined,
    consumers: open ? view.by(podsByClaim, key).filter(p => !p.spec.nodeName).map(p => p.metadata.name) : [],
  }
}
const waitsForConsumer = (storageClass: KubeObject | undefined): boolean => storageClass?.volumeBindingMode === 'WaitForFirstConsumer'

export function syncClaim(io: Script, snapshot: ClaimSnapshot, view: View): void {
  const { claim, match } = snapshot
  if (isBindCompleted(claim)) return syncBound(io, snapshot, view)
  if (claim.spec.volumeName) return syncNamed(io, snapshot, view)
  if (match) { io.do({ do: 'remember', in: 'seen', key: keyOf(claim), value: undefined }); return bind(io, match, claim, view) }
  if (snapshot.defaultClass !== undefined) { put(io, { ...claim, spec: { ...claim.spec, storageClassName: snapshot.defaultClass } }, view); return }
  wait(io, snapshot, view)
}
const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`
const put = (io: Script, claim: KubeObject, view: View, subresource?: string): KubeObject =>
  io.ask(() => update(view.identity, { resource: claims, namespace: claim.metadata.namespace, name: claim.metadata.name, subresource }, claim)).body
function setPhase(io: Script, claim: KubeObject, phase: string, view: View): void {
  if (claim.status?.phase !== phase) put(io, { ...claim, status: { phase } }, view, 'status')
}
const say = (io: Script, claim: KubeObject, type: NewEvent['type'], reason: string, message: string): void =>
  io.do({ do: 'event', event: { regarding: claim, type, reason, message, component: 'persistentvolume-controller' } })

/** Nothing is there for it: says what it waits for, and asks the provisioner. */
function wait(io: Script, { claim, storageClass, consumers, passes, untilPassMs }: ClaimSnapshot, view: View): void {
  io.do({ do: 'remember', in: 'seen', key: keyOf(claim), value: passes + 1 })
  io.do({ do: 'requeueAfter', ms: untilPassMs, background: true })
  const name = classOf(claim)
  if (waitsForConsumer(storageClass) && claim.metadata.annotations?.[annotation.selectedNode] === undefined) {
    if (consumers.length === 0) say(io, claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
    else say(io, claim, 'Normal', 'WaitForPodScheduled', `waiting for pod${consumers.length > 1 ? 's' : ''} ${consumers.join(',')} to be scheduled`)
  } else if (name === '') say(io, claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set')
  else if (!storageClass) return say(io, claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`)
  else return askProvisioner(io, claim, storageClass.provisioner, view)
  setPhase(io, claim, 'Pending', view)
}

function askProvisioner(io: Script, claim: KubeObject, provisioner: string, view: View): void {
  if (provisioner.startsWith('kubernetes.io/')) return say(io, claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`)
  const marked = annotated(claim, { [annotation.betaProvisioner]: provisioner, [annotation.provisioner]: provisioner })
  const current = marked === claim ? claim : put(io, marked, view)
  say(
    io, current, 'Normal', 'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
  )
}

/** The claim names its volume. */
function syncNamed(io: Script, { claim, named }: ClaimSnapshot, view: View): void {
  if (!named) return setPhase(io, claim, 'Pending', view)
  if (!named.spec.claimRef) {
    const why = mismatch(named, claim)
    if (why === undefined) return bind(io, named, claim, view)
    say(io, claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${named.metadata.name}": ${why}`)
    return setPhase(io, claim, 'Pending', view)
  }
  if (refersTo(named, claim)) return bind(io, named, claim, view)
  say(io, claim, 'Warning', 'FailedBinding', `volume "${named.metadata.name}" already bound to a different claim.`)
  setPhase(io, claim, 'Pending', view)
}

function syncBound(io: Script, { claim, named }: ClaimSnapshot, view: View): void {
  if (!claim.spec.volumeName) return lose(io, claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!', view)
  if (!named) return lose(io, claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!', view)
  if (named.spec.claimRef && named.spec.claimRef.uid !== claim.metadata.uid) {
    return lose(io, claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly', view)
  }
  bind(io, named, claim, view)
}
function lose(io: Script, claim: KubeObject, reason: string, message: string, view: View): void {
  if (claim.status?.phase === 'Lost') return
  setPhase(io, claim, 'Lost', view)
  say(io, claim, 'Warning', reason, message)
}
