import { hashHex } from '../../base/hash.ts'
import { unitsOf } from '../api/quantity.ts'
import type { KubeObject } from '../api/request.ts'
import { formatTime } from '../api/time.ts'
import { annotation, finalizer, volumes } from './names.ts'
import { change, lacks, NOTHING, status, withFinalizers, withoutFinalizers } from './view.ts'
import type { Next, View } from './view.ts'

/**
 * csi-snapshotter's part, the sidecar of a driver: has the storage take what a content asks for. Source: kubernetes-csi/external-snapshotter
 * pkg/sidecar-controller/snapshot_controller.go
 */
export interface Work { readonly due?: number; readonly failures: number }
const retryFirstMs = 1000, retryMostMs = 300_000

/** `work`: what is known of the storage's work on it; `remember` keeps what is. */
export function nextForContent(content: KubeObject, work: Work, remember: (work: Work) => void, view: View): Next {
  const { deletionTimestamp, name } = content.metadata, driver = view.driver(content.spec.driver)
  if (deletionTimestamp) return !driver || lacks(content, finalizer.content).length ? NOTHING : { request: withoutFinalizers(content, [finalizer.content]) }
  if (lacks(content, finalizer.content).length) return { request: withFinalizers(content, [finalizer.content]) }
  if (!driver || content.status?.readyToUse) return content.status?.readyToUse ? finished(content) : NOTHING
  if (content.spec.source.volumeHandle && content.metadata.annotations?.[annotation.beingCreated] === undefined) {
    return { request: change(content, { metadata: { annotations: { [annotation.beingCreated]: 'yes' } } }) }
  }
  if (work.due === undefined) { remember({ ...work, due: view.now + driver.snapshotMs }); return { afterMs: driver.snapshotMs } }
  if (work.due > view.now) return { afterMs: work.due - view.now }
  if (driver.snapshotError !== undefined) return refused(content, driver.snapshotError, work, remember, view)
  remember({ failures: 0 })
  const volume = view.list(volumes).find(v => v.spec.csi?.volumeHandle === content.spec.source.volumeHandle)
  const snapshotHandle = content.spec.source.snapshotHandle ?? `snap-${hashHex(name, 2, 1)}`
  return {
    request: status(content, {
      creationTime: Math.floor(view.wallMs) * 1_000_000, readyToUse: true, restoreSize: volume ? unitsOf(volume.spec.capacity.storage) : undefined,
      snapshotHandle, error: null,
    }),
  }
}
const finished = (content: KubeObject): Next => content.metadata.annotations?.[annotation.beingCreated] === undefined
  ? NOTHING
  : { request: change(content, { metadata: { annotations: { [annotation.beingCreated]: null } } }) }

function refused(content: KubeObject, error: string, { failures }: Work, remember: (work: Work) => void, view: View): Next {
  const waitMs = Math.min(retryMostMs, retryFirstMs * 2 ** failures)
  const message =
    `Failed to check and update snapshot content: failed to take snapshot of the volume ${content.spec.source.volumeHandle}: ${JSON.stringify(error)}`
  remember({ failures: failures + 1, due: view.now + waitMs })
  if (content.status?.error?.message === message) return { afterMs: waitMs }
  const component = `csi-snapshotter ${content.spec.driver}`
  return {
    request: status(content, { readyToUse: false, error: { time: formatTime(view.wallMs), message } }),
    events: [{ regarding: content, type: 'Warning', reason: 'SnapshotContentCheckandUpdateFailed', message, component }],
  }
}
