import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { patch } from '../../network/client.ts'
import { attachmentsByVolume } from '../attach/world.ts'
import { NO_KEYS } from '../controller.ts'
import type { View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { volumes } from '../volume/claims.ts'
import { attachments, driverOf, drivers, sidecar } from './driver.ts'

const retryFirstMs = 1000, retryMostMs = 300_000, merge = 'application/merge-patch+json'
const sanitized = (driver: string): string => driver.replace(/[^a-zA-Z0-9-]/g, '-')
const finalizerOf = (attachment: KubeObject): string => `external-attacher/${sanitized(attachment.spec.attacher)}`

/** external-attacher: has the storage attach what VolumeAttachments ask for, and detach what is deleted. It does not know whether a node lives. */
export const csiAttacher = sidecar({
  name: 'csi-attacher',
  watches: [
    {
      resource: attachments,
      toKeys: ({ new: a, stored }) =>
        a ? [a.metadata.name] : stored!.spec.source?.persistentVolumeName ? [`volume ${stored!.spec.source.persistentVolumeName}`] : NO_KEYS,
    },
    {
      resource: drivers,
      toKeys: ({ new: d }, view) => d ? view.list(attachments).filter(a => a.spec.attacher === d.metadata.name).map(a => a.metadata.name) : NO_KEYS,
    },
    { resource: volumes, toKeys: ({ new: v }) => v?.metadata.deletionTimestamp && v.spec.csi ? [`volume ${v.metadata.name}`] : NO_KEYS },
  ],
  indexes: [attachmentsByVolume],
  initialMemory: () => ({ forkable: true, due: new PersistentMap<number>(), failures: new PersistentMap<number>() }),
  onStart: view => view.list(attachments).map(a => a.metadata.name),
  reconcile: script(
    (key, view) => key.startsWith('volume ') ? view.get(volumes, undefined, key.slice(7)) : view.get(attachments, undefined, key),
    (io, object, view) => object.spec.attacher ? run(io, object, view) : letGo(io, object, view)
  ),
  source: 'kubernetes-csi/external-attacher pkg/controller/csi_handler.go',
})

function run(io: Script, attachment: KubeObject, view: View): void {
  const driver = driverOf(attachment.spec.attacher, view), { name, finalizers = [], deletionTimestamp } = attachment.metadata
  const finalizer = finalizerOf(attachment)
  if (!driver) return
  const target = { resource: attachments, name }, leaving = deletionTimestamp !== undefined
  if (leaving ? !finalizers.includes(finalizer) : attachment.status?.attached) return
  if (!leaving && !finalizers.includes(finalizer)) {
    protect(io, attachment, finalizer, view)
    io.ask(() => patch(view.identity, target, merge, { metadata: { finalizers: [...finalizers, finalizer] } }), [404])
    return
  }
  const error = leaving ? driver.detachError : driver.attachError
  if (!isDue(io, `${name} ${leaving ? 'detach' : 'attach'}`, leaving ? driver.detachMs : driver.attachMs, view)) return
  if (error !== undefined) return failed(io, attachment, leaving ? 'detachError' : 'attachError', error, view)
  io.do({ do: 'remember', in: 'failures', key: name, value: undefined })
  const status = { ...attachment.status, attached: !leaving, attachError: null, detachError: null }
  io.ask(() => patch(view.identity, { ...target, subresource: 'status' }, merge, { status }), [404])
  if (leaving) io.ask(() => patch(view.identity, target, merge, { metadata: { finalizers: finalizers.filter(f => f !== finalizer) } }), [404])
}

/** The volume stays as long as it is attached somewhere. */
function protect(io: Script, attachment: KubeObject, finalizer: string, view: View): void {
  const volume = io.look(() => view.get(volumes, undefined, attachment.spec.source?.persistentVolumeName)), kept = volume?.metadata.finalizers ?? []
  if (!volume || kept.includes(finalizer) || volume.metadata.deletionTimestamp !== undefined) return
  io.ask(() => patch(view.identity, { resource: volumes, name: volume.metadata.name }, merge, { metadata: { finalizers: [...kept, finalizer] } }), [404])
}

/** A volume that is deleted and attached nowhere is no longer kept. */
function letGo(io: Script, { metadata: { name, finalizers = [], deletionTimestamp }, spec }: KubeObject, view: View): void {
  const rest = finalizers.filter(f => f !== `external-attacher/${sanitized(spec.csi.driver)}`)
  const attached = io.look(() => view.by(attachmentsByVolume, name).length)
  if (deletionTimestamp === undefined || rest.length === finalizers.length || attached > 0) return
  io.ask(() => patch(view.identity, { resource: volumes, name }, merge, { metadata: { finalizers: rest } }), [404])
}

/** Whether the storage has had its time for it; the first question begins it. */
function isDue(io: Script, what: string, ms: number, view: View): boolean {
  const due: number | undefined = io.look(() => view.memory.due.get(what)), now = io.look(() => view.now)
  if (due !== undefined && due <= now) { io.do({ do: 'remember', in: 'due', key: what, value: undefined }); return true }
  if (due === undefined) io.do({ do: 'remember', in: 'due', key: what, value: now + ms })
  io.do({ do: 'requeueAfter', ms: due === undefined ? ms : due - now })
  return false
}
function failed(io: Script, attachment: KubeObject, field: 'attachError' | 'detachError', message: string, view: View): void {
  const { name } = attachment.metadata, failures: number = io.look(() => view.memory.failures.get(name) ?? 0), time = io.look(() => formatTime(view.wallMs))
  io.do({ do: 'remember', in: 'failures', key: name, value: failures + 1 })
  io.do({
    do: 'remember', in: 'due', key: `${name} ${field === 'attachError' ? 'attach' : 'detach'}`,
    value: view.now + Math.min(retryMostMs, retryFirstMs * 2 ** failures),
  })
  if (attachment.status?.[field]?.message !== message) {
    io.ask(
      () => patch(view.identity, { resource: attachments, name, subresource: 'status' }, merge, {
        status: { attached: attachment.status?.attached ?? false, [field]: { message, time } },
      }),
      [404]
    )
  }
  io.do({ do: 'requeueAfter', ms: Math.min(retryMostMs, retryFirstMs * 2 ** failures) })
}
