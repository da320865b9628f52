import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import type { DriverBehaviour } from '../../kinds/csi-names.ts'
import { patch } from '../../network/client.ts'
import { NO_KEYS } from '../controller.ts'
import type { View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { attributesClasses, claims, volumes } from '../volume/claims.ts'
import { boundTo, driverOf, drivers, isBound, keysOfBound, sidecar } from './driver.ts'

/**
 * external-resizer, its other half: gives a volume the attributes of the class that its claim names now. What the driver finds invalid is tried again after
 * five minutes, or with another class; after an answer that leaves open what has become of it (`Unavailable`, …) it goes on towards the same class.
 * Approximate: a class that is missing is noticed as it comes. Keys: claims.
 */
export const csiModifier = sidecar({
  name: 'csi-modifier',
  watches: [
    { resource: claims, toKeys: ({ new: c, name }) => c && isBound(c) && toModify(c) ? [name] : NO_KEYS }, { resource: volumes, toKeys: () => NO_KEYS },
    { resource: attributesClasses, toKeys: ({ type }, view) => type === 'ADDED' ? everyClaim(view) : NO_KEYS },
    { resource: drivers, toKeys: (_delta, view) => everyClaim(view) },
  ],
  initialMemory: () => ({
    forkable: true, calls: new PersistentMap<Call>(), failures: new PersistentMap<number>(), slowUntil: new PersistentMap<number>(),
    missed: new PersistentMap<string>(),
  }),
  onStart: everyClaim,
  reconcile: script(begin, run),
  source: 'kubernetes-csi/external-resizer pkg/modifycontroller/{controller,modify_volume,modify_status}.go',
})
/** A call that the storage has not answered yet, or whose answer was none (`uncertain`). */
interface Call { readonly target: string; readonly doneAt: number; readonly uncertain?: boolean }
const wantedBy = (c: KubeObject): string => c.spec.volumeAttributesClassName ?? '', currentOf = (c: KubeObject): string =>
  c.status.currentVolumeAttributesClassName ?? ''
const toModify = (c: KubeObject): boolean => c.status.modifyVolumeStatus !== undefined || wantedBy(c) !== currentOf(c)
function everyClaim(view: View): readonly string[] { return keysOfBound(view, toModify) }

interface Snapshot {
  readonly key: string
  readonly claim: KubeObject
  readonly volume: KubeObject
  readonly now: number
  readonly stamp: string
  readonly call?: Call
  readonly failures: number
  readonly slowUntil: number
  /** the class that was found missing last */
  readonly missed?: string
}
function begin(key: string, view: View): Snapshot | undefined {
  const found = boundTo(key, view, toModify)
  if (!found) return undefined
  const { calls, failures, slowUntil, missed } = view.memory
  return {
    key, ...found, now: view.now, stamp: formatTime(view.wallMs), call: calls.get(key), failures: failures.get(key) ?? 0,
    slowUntil: slowUntil.get(key) ?? 0, missed: missed.get(key),
  }
}

const retryFirstMs = 1000, retryMostMs = 300_000, slowMs = 300_000
function run(io: Script, s: Snapshot, view: View): void {
  const { key, claim, call, now } = s, status = claim.status.modifyVolumeStatus, wanted = wantedBy(claim)
  const driver = io.look(() => driverOf(s.volume.spec.csi.driver, view))
  if (!driver) return
  if (call && !call.uncertain) {
    if (call.doneAt > now) return io.do({ do: 'requeueAfter', ms: call.doneAt - now })
    return answered(io, s, call.target, driver, view)
  }
  if (status?.targetVolumeAttributesClassName === wanted && s.slowUntil > now) return io.do({ do: 'requeueAfter', ms: s.slowUntil - now })
  const inProgress = status?.status === 'InProgress'
  if (wanted === '' && !inProgress) return cancelled(io, s, view)
  const goesOn = inProgress && (call !== undefined || wanted === ''), target: string = goesOn ? status.targetVolumeAttributesClassName : wanted
  if (!io.look(() => view.get(attributesClasses, undefined, target))) {
    // it is said once, as only another name, or the class itself, makes it look again
    if (s.missed !== target) say(io, s, 'Warning', 'VolumeModifyFailed', `VAC ${JSON.stringify(target)} does not exist.`)
    io.do({ do: 'remember', in: 'missed', key, value: target })
    if (!goesOn && status?.status !== 'Pending') patchStatus(io, s, { modifyVolumeStatus: { status: 'Pending' } }, view)
    return
  }
  if (!goesOn) {
    const condition = conditionOf(s, 'ModifyingVolume', 'ModifyVolume operation in progress.')
    patchStatus(io, s, {
      modifyVolumeStatus: { status: 'InProgress', targetVolumeAttributesClassName: target }, conditions: [...otherConditions(claim), condition],
    }, view)
    say(io, s, 'Normal', 'VolumeModify', `external resizer is modifying volume ${claim.metadata.name} with vac ${target}`)
  }
  io.do({ do: 'remember', in: 'calls', key, value: { target, doneAt: now + driver.modifyMs } })
  io.do({ do: 'requeueAfter', ms: driver.modifyMs })
}

function answered(io: Script, s: Snapshot, target: string, driver: DriverBehaviour, view: View): void {
  const { key, claim, volume } = s, error = driver.modifyError
  if (error !== undefined) return refused(io, s, target, error, view)
  for (const map of ['calls', 'failures', 'slowUntil', 'missed']) io.do({ do: 'remember', in: map, key, value: undefined })
  io.ask(() => patch(view.identity, { resource: volumes, name: volume.metadata.name }, merge, { spec: { volumeAttributesClassName: target } }), [404])
  patchStatus(io, s, { currentVolumeAttributesClassName: target, modifyVolumeStatus: null, conditions: otherConditions(claim) }, view)
  say(io, s, 'Normal', 'VolumeModifySuccessful', `external resizer modified volume ${claim.metadata.name} with vac ${target} successfully`)
}
/** Codes after which nobody knows whether the storage has done it. Source: external-resizer pkg/util/util.go (IsFinalError) */
const open = /code = (Canceled|DeadlineExceeded|Unavailable|ResourceExhausted|Aborted)\b/
function refused(io: Script, s: Snapshot, target: string, error: string, view: View): void {
  const { key, claim, now, failures } = s, uncertain = open.test(error), infeasible = /code = InvalidArgument\b/.test(error)
  io.do({ do: 'remember', in: 'calls', key, value: uncertain ? { target, doneAt: now, uncertain } : undefined })
  io.do({ do: 'remember', in: 'failures', key, value: failures + 1 })
  if (infeasible) io.do({ do: 'remember', in: 'slowUntil', key, value: now + slowMs })
  const modifying = (claim.status.conditions ?? []).filter((c: any) => c.type === 'ModifyingVolume')
  const condition = conditionOf(s, 'ModifyVolumeError', `ModifyVolume failed with error: ${error}. Waiting for retry.`)
  patchStatus(io, s, {
    modifyVolumeStatus: { status: infeasible ? 'Infeasible' : 'InProgress', targetVolumeAttributesClassName: target },
    conditions: [...otherConditions(claim), ...modifying, condition],
  }, view)
  say(io, s, 'Warning', 'VolumeModifyFailed', uncertain ? `${error}. Still modifying to VAC ${target}` : error)
  io.do({ do: 'requeueAfter', ms: infeasible ? slowMs : Math.min(retryMostMs, retryFirstMs * 2 ** failures) })
}
function cancelled(io: Script, s: Snapshot, view: View): void {
  if (!(s.claim.status.conditions ?? []).some((c: any) => c.type === 'ModifyingVolume')) return
  say(io, s, 'Normal', 'VolumeModifyCancelled', 'Cancelled modify.')
  patchStatus(io, s, { conditions: otherConditions(s.claim) }, view)
}

const merge = 'application/merge-patch+json'
const otherConditions = (claim: KubeObject): readonly any[] =>
  (claim.status.conditions ?? []).filter((c: any) => c.type !== 'ModifyingVolume' && c.type !== 'ModifyVolumeError')
const conditionOf = ({ stamp }: Snapshot, type: string, message: string): any =>
  ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: stamp, message })
function patchStatus(io: Script, { claim }: Snapshot, status: any, view: View): void {
  const { namespace, name } = claim.metadata
  io.ask(() => patch(view.identity, { resource: claims, namespace, name, subresource: 'status' }, merge, { status }), [404])
}
function say(io: Script, { claim, volume }: Snapshot, type: 'Normal' | 'Warning', reason: string, message: string): void {
  io.do({ do: 'event', event: { regarding: claim, type, reason, message, component: `external-resizer ${volume.spec.csi.driver}` } })
}
