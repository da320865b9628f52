import type { KubeObject } from '../api/request.ts'
import { formatTime } from '../api/time.ts'
import { formatUnits } from '../api/quantity.ts'
import { create, remove } from '../network/client.ts'
import { annotation, claims, contents, finalizer, identity, snapshotClasses, snapshots } from './names.ts'
import { change, claimOf, classNamed, keyOf, lacks, NOTHING, status, volumeOf, withFinalizers, withoutFinalizers } from './view.ts'
import type { Next, View } from './view.ts'

/** snapshot-controller's part of one VolumeSnapshot. Source: kubernetes-csi/external-snapshotter pkg/common-controller/snapshot_controller.go (syncSnapshot) */
export function nextForSnapshot(snapshot: KubeObject, view: View): Next {
  const content = contentOf(snapshot, view)
  if (snapshot.metadata.deletionTimestamp) return end(snapshot, content, view)
  const missing = lacks(snapshot, finalizer.source, finalizer.bound)
  if (missing.length) return { request: withFinalizers(snapshot, missing) }
  if (snapshot.status?.readyToUse) return releaseClaim(snapshot, view)
  if (snapshot.spec.source.volumeSnapshotContentName) {
    return content ? follow(snapshot, content) : failed(snapshot, 'SnapshotContentMissing', 'VolumeSnapshotContent is missing', view)
  }
  if (!snapshot.spec.volumeSnapshotClassName) return giveClass(snapshot, view)
  return content ? follow(snapshot, content) : make(snapshot, view)
}
const contentName = ({ metadata, spec }: KubeObject): string => spec.source.volumeSnapshotContentName ?? `snapcontent-${metadata.uid}`
const contentOf = (snapshot: KubeObject, view: View): KubeObject | undefined => view.get(contents, undefined, contentName(snapshot))

function failed(snapshot: KubeObject, reason: string, message: string, { wallMs }: View): Next {
  if (snapshot.status?.error?.message === message) return NOTHING
  return {
    request: status(snapshot, { readyToUse: false, error: { time: formatTime(wallMs), message } }),
    events: [{ regarding: snapshot, type: 'Warning', reason, message }],
  }
}

/** The class of its driver that is marked as default. */
function giveClass(snapshot: KubeObject, view: View): Next {
  const driver = volumeOf(claimOf(snapshot, view), view)?.spec.csi?.driver
  const fit = view.list(snapshotClasses).filter(c => c.metadata.annotations?.[annotation.isDefault] === 'true' && c.driver === driver)
  if (fit.length === 1) return { request: change(snapshot, { spec: { volumeSnapshotClassName: fit[0].metadata.name } }) }
  const why = fit.length > 1 ? `${fit.length} default snapshot classes were found` : 'cannot find default snapshot class'
  return failed(snapshot, 'SetDefaultSnapshotClassFailed', `Failed to set default snapshot class with error ${why}`, view)
}

function make(snapshot: KubeObject, view: View): Next {
  const refused = (error: string): Next => failed(snapshot, 'SnapshotContentCreationFailed', `Failed to create snapshot content with error ${error}`, view)
  const { name, namespace, uid, resourceVersion } = snapshot.metadata
  const claim = claimOf(snapshot, view), snapshotClass = classNamed(snapshot.spec.volumeSnapshotClassName, view)
  const noInput = (error: string): Next => refused(`failed to get input parameters to create snapshot ${name}: ${JSON.stringify(error)}`)
  if (!claim) return refused(`snapshot controller failed to update ${name} on API server: cannot get claim from snapshot`)
  if (lacks(claim, finalizer.claim).length) {
    if (claim.metadata.deletionTimestamp) {
      return refused(`snapshot controller failed to update ${claim.metadata.name} on API server: cannot add finalizer on claim because it is being deleted`)
    }
    return { request: withFinalizers(claim, [finalizer.claim]) }
  }
  if (!snapshotClass) return noInput(`volumesnapshotclass.snapshot.storage.k8s.io "${snapshot.spec.volumeSnapshotClassName}" not found`)
  if (claim.status?.phase !== 'Bound') return noInput(`the PVC ${claim.metadata.name} is not yet bound to a PV, will not attempt to take a snapshot`)
  const volume = volumeOf(claim, view)
  if (!volume) return NOTHING
  if (!volume.spec.csi) return refused(`cannot find CSI PersistentVolumeSource for volume ${volume.metadata.name}`)
  const volumeSnapshotRef = { apiVersion: snapshot.apiVersion, kind: snapshot.kind, namespace, name, uid, resourceVersion }
  const spec = {
    deletionPolicy: snapshotClass.deletionPolicy, driver: snapshotClass.driver, source: { volumeHandle: volume.spec.csi.volumeHandle },
    sourceVolumeMode: volume.spec.volumeMode, volumeSnapshotClassName: snapshotClass.metadata.name, volumeSnapshotRef,
  }
  return {
    request: create(identity, { resource: contents }, {
      apiVersion: snapshot.apiVersion, kind: 'VolumeSnapshotContent', metadata: { name: contentName(snapshot), finalizers: [finalizer.content] }, spec,
    }),
    events: [{
      regarding: snapshot, type: 'Normal', reason: 'CreatingSnapshot', message: `Waiting for a snapshot ${keyOf(snapshot)} to be created by the CSI driver.`,
    }],
  }
}

/** Says of the snapshot what its content says. */
function follow(snapshot: KubeObject, content: KubeObject): Next {
  const now = snapshot.status ?? {}, told = content.status ?? {}, boundVolumeSnapshotContentName = content.metadata.name
  if (told.readyToUse) {
    const creationTime = formatTime(told.creationTime / 1_000_000), restoreSize = told.restoreSize === undefined ? undefined : formatUnits(told.restoreSize)
    const say = (reason: string, message: string) => ({ regarding: snapshot, type: 'Normal', reason, message } as const), key = keyOf(snapshot)
    return {
      request: status(snapshot, { boundVolumeSnapshotContentName, creationTime, readyToUse: true, restoreSize, error: null }),
      events: [say('SnapshotCreated', `Snapshot ${key} was successfully created by the CSI driver.`), say('SnapshotReady', `Snapshot ${key} is ready to use.`)],
    }
  }
  if (now.boundVolumeSnapshotContentName === boundVolumeSnapshotContentName && now.error?.message === told.error?.message) return NOTHING
  return { request: status(snapshot, { boundVolumeSnapshotContentName, readyToUse: false, error: told.error ?? null }) }
}

/** Its claim may go, unless another snapshot is still being made of it. */
function releaseClaim(snapshot: KubeObject, view: View): Next {
  const claim = claimOf(snapshot, view)
  if (!claim || lacks(claim, finalizer.claim).length) return NOTHING
  const busy = view.list(snapshots).some(s =>
    s !== snapshot && s.metadata.namespace === claim.metadata.namespace && s.spec.source.persistentVolumeClaimName === claim.metadata.name
      && !s.status?.readyToUse && !s.metadata.deletionTimestamp)
  return busy ? NOTHING : { request: withoutFinalizers(claim, [finalizer.claim]) }
}

/** It is deleted: what the storage holds goes with it, unless that is to be kept, and not while a volume is being made of it. */
function end(snapshot: KubeObject, content: KubeObject | undefined, view: View): Next {
  const { name, namespace, finalizers = [] } = snapshot.metadata, ours = [finalizer.source, finalizer.bound]
  const restoring = view.list(claims).some(c =>
    c.metadata.namespace === namespace && c.spec.dataSource?.kind === 'VolumeSnapshot' && c.spec.dataSource.name === name && c.status?.phase === 'Pending')
  if (restoring) return NOTHING
  const bound = content && content.spec.volumeSnapshotRef.uid === snapshot.metadata.uid ? content : undefined
  if (bound && bound.metadata.annotations?.[annotation.beingDeleted] !== 'yes') {
    return { request: change(bound, { metadata: { annotations: { [annotation.beingDeleted]: 'yes' } } }) }
  }
  if (bound?.spec.deletionPolicy === 'Delete') {
    return bound.metadata.deletionTimestamp ? NOTHING : { request: remove(identity, { resource: contents, name: bound.metadata.name }) }
  }
  const released = releaseClaim(snapshot, view)
  if (released.request) return released
  return finalizers.some(f => ours.includes(f as never)) ? { request: withoutFinalizers(snapshot, ours) } : NOTHING
}
