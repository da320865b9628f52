import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { remove, update } from '../../network/client.ts'
import type { View } from '../controller.ts'
import type { Script } from '../script.ts'
import { annotation, claims, volumes } from './claims.ts'
import { recycle } from './recycle.ts'

/** Source: pkg/controller/volume/persistentvolume/pv_controller.go (syncVolume, reclaimVolume, doDeleteVolume). */
export interface VolumeSnapshot { readonly volume: KubeObject; readonly claim?: KubeObject; readonly nowMs: number }

export function beginVolume(volume: KubeObject, view: View): VolumeSnapshot {
  const ref = volume.spec.claimRef, claim = ref?.uid ? view.get(claims, ref.namespace, ref.name) : undefined
  return { volume, claim: claim?.metadata.uid === ref?.uid ? claim : undefined, nowMs: view.wallMs }
}

export function syncVolume(io: Script, snapshot: VolumeSnapshot, view: View): void {
  const { volume, claim } = snapshot, { claimRef } = volume.spec
  if (!claimRef || !claimRef.uid) return void setPhase(io, snapshot, volume, 'Available', view)
  if (!claim) return release(io, snapshot, view)
  const { namespace, name } = claim.metadata
  if (!claim.spec.volumeName) return io.do({ do: 'requeueAfter', ms: 0, key: `claim ${namespace}/${name}` })
  if (claim.spec.volumeName === volume.metadata.name) return void setPhase(io, snapshot, volume, 'Bound', view)
  // The claim has another volume: one made for it is given up, another is free again.
  if (volume.metadata.annotations?.[annotation.provisionedBy] && volume.spec.persistentVolumeReclaimPolicy === 'Delete') return release(io, snapshot, view)
  if (volume.metadata.annotations?.[annotation.boundByController]) unbind(io, snapshot, view)
}

function setPhase(io: Script, { nowMs }: VolumeSnapshot, volume: KubeObject, phase: string, view: View, message?: string): KubeObject {
  if (volume.status?.phase === phase) return volume
  const { message: _, reason: _r, ...status } = volume.status ?? {}
  const next = { ...volume, status: { ...status, phase, ...message ? { message } : undefined, lastPhaseTransitionTime: formatTime(nowMs) } }
  return io.ask(() => update(view.identity, { resource: volumes, name: volume.metadata.name, subresource: 'status' }, next)).body
}

/** Its claim is gone. Retained volumes stay as they are; those to delete are left to their provisioner. */
function release(io: Script, snapshot: VolumeSnapshot, view: View): void {
  const { volume } = snapshot, phase = volume.status?.phase
  const released = phase === 'Released' || phase === 'Failed' ? volume : setPhase(io, snapshot, volume, 'Released', view)
  if (released.spec.persistentVolumeReclaimPolicy === 'Recycle') return recycled(io, snapshot, released, view)
  if (released.spec.persistentVolumeReclaimPolicy !== 'Delete' || released.metadata.annotations?.[annotation.provisionedBy] || phase === 'Failed') return
  if (/^\/tmp\/.+/.test(released.spec.hostPath?.path ?? '')) {
    return void io.ask(() => remove(view.identity, { resource: volumes, name: released.metadata.name }), [404])
  }
  const why = released.spec.hostPath
    ? `host_path deleter only supports /tmp/.+ but received provided ${released.spec.hostPath.path}`
    : `error getting deleter volume plugin for volume "${released.metadata.name}": no deletable volume plugin matched`
  setPhase(io, snapshot, released, 'Failed', view, why)
  io.do({ do: 'event', event: { regarding: released, type: 'Warning', reason: 'VolumeFailedDelete', message: why, component: 'persistentvolume-controller' } })
}

/** Until it succeeds it is tried anew in each pass over everything. */
function recycled(io: Script, snapshot: VolumeSnapshot, released: KubeObject, view: View): void {
  const outcome = recycle(io, released, view)
  if (outcome === 'waits') return
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    io.do({ do: 'event', event: { regarding: released, type, reason, message, component: 'persistentvolume-controller' } })
  if (outcome === 'done') { say('Normal', 'VolumeRecycled', 'Volume recycled'); return unbind(io, { ...snapshot, volume: released }, view) }
  if ('inUse' in outcome) say('Normal', 'VolumeFailedRecycle', outcome.inUse)
  else if (released.status?.phase !== 'Failed') {
    setPhase(io, snapshot, released, 'Failed', view, outcome.failed)
    say('Warning', 'VolumeFailedRecycle', outcome.failed)
  }
  io.do({ do: 'requeueAfter', ms: view.untilTick(resyncMs), background: true })
}
const resyncMs = 15_000

/** A claim that its administrator had set it aside for stays named. */
function unbind(io: Script, snapshot: VolumeSnapshot, view: View): void {
  const { volume } = snapshot, { claimRef: _, ...spec }: any = volume.spec
  const { [annotation.boundByController]: byController, ...annotations } = volume.metadata.annotations ?? {}
  if (byController === undefined) spec.claimRef = { ...volume.spec.claimRef, uid: undefined, resourceVersion: undefined }
  const freed: KubeObject = io.ask(() =>
    update(view.identity, { resource: volumes, name: volume.metadata.name }, { ...volume, spec, metadata: { ...volume.metadata, annotations } })).body
  setPhase(io, snapshot, freed, 'Available', view)
}
