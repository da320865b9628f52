import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import { attachmentName, mayBeOnManyNodes, uniqueVolumeName } from '../../kinds/csi-names.ts'
import { create, get, patch, remove } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import {
  attachmentsByNode, attachmentsByVolume, isHealthy, isInUse, isOutOfService, isReported, multiAttachText, volumesOfPod, wantedBy,
} from '../attach/world.ts'
import { defineController, NO_KEYS, objectOf } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { attachments, drivers, isAttachable, needsDriver } from '../csi/driver.ts'
import { isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { claims, podsByClaim, volumes } from '../volume/claims.ts'

const loopMs = 100, maxWaitForUnmountMs = 360_000, attachTimeoutMs = 120_000, retryFirstMs = 500, retryMostMs = 122_000

/**
 * Attaches volumes to the nodes whose pods need them, and detaches them when none does and the node does not use them any more. A node that does not say so
 * is waited for six minutes, if it is not Ready; with the out-of-service taint not at all. Keys: names of volumes; each is looked at in the next pass of a
 * loop of 100 ms.
 */
export const attachDetach = defineController({
  name: 'attachdetach',
  wokenBy: needsDriver,
  watches: [
    { resource: 'pods', toKeys: keysOfPod }, { resource: 'nodes', toKeys: keysOfNode },
    { resource: claims, toKeys: ({ new: c }, view) => soon(c?.spec.volumeName ? [c.spec.volumeName] : [], view) },
    { resource: volumes, toKeys: ({ new: v }, view) => soon(v?.spec.csi ? [v.metadata.name] : [], view) },
    {
      resource: attachments, toKeys: (delta, view) => { const name = objectOf(delta).spec.source?.persistentVolumeName; return soon(name ? [name] : [], view) },
    },
    { resource: drivers, toKeys: () => NO_KEYS },
  ],
  indexes: [podsByClaim, attachmentsByVolume, attachmentsByNode],
  initialMemory: () => ({
    forkable: true, leaving: new PersistentMap<number>(), asked: new PersistentMap<number>(), told: new PersistentMap<string>(),
    failures: new PersistentMap<number>(), after: new PersistentMap<number>(),
  }),
  onStart: view => view.list(volumes).filter(v => v.spec.csi).map(v => v.metadata.name),
  reconcile: script(
    (name, view) => {
      const volume = view.get(volumes, undefined, name)
      return volume?.spec.csi && isAttachable(volume, view) ? see(volume, view) : undefined
    },
    run
  ),
  workers: 1,
  source: 'pkg/controller/volume/attachdetach/{attach_detach_controller.go,reconciler/reconciler.go}, pkg/volume/csi/csi_attacher.go',
})

const soon = (names: readonly string[], view: View): Keys => names.length === 0 ? NO_KEYS : names.map(key => ({ key, afterMs: view.untilTick(loopMs) }))
function keysOfPod({ new: now, stored }: Delta, view: View): Keys {
  const pod = now ?? stored!
  return pod.spec.nodeName ? soon(volumesOfPod(pod, view), view) : NO_KEYS
}
function keysOfNode({ name, new: now, stored }: Delta, view: View): Keys {
  const node = name.slice(1)
  if (view.count(attachmentsByNode, node) === 0) return NO_KEYS
  if (now && stored && now.status?.volumesInUse === stored.status?.volumesInUse && isHealthy(now) === isHealthy(stored)
    && isOutOfService(now) === isOutOfService(stored)) {
    return NO_KEYS
  }
  return soon(view.by(attachmentsByNode, node).flatMap(a => a.spec.source?.persistentVolumeName ?? []), view)
}

interface Snapshot {
  readonly volume: KubeObject
  readonly wanted: ReadonlyMap<string, readonly KubeObject[]>
  readonly attachments: readonly KubeObject[]
  readonly nodes: ReadonlyMap<string, KubeObject | undefined>
  readonly now: number
}
/** One that somebody has made by hand has another name, and is let alone. Source: csi_attacher.go (Detach: getAttachmentName) */
const isOwn = ({ metadata, spec }: KubeObject, volume: KubeObject): boolean => metadata.name === attachmentName(volume, spec.nodeName)
function see(volume: KubeObject, view: View): Snapshot {
  const wanted = wantedBy(volume, view), found = view.by(attachmentsByVolume, volume.metadata.name).filter(a => isOwn(a, volume))
  return {
    volume, wanted, attachments: found, nodes: new Map([...wanted.keys(), ...found.map(a => a.spec.nodeName)].map(n => [n, view.get('nodes', undefined, n)])),
    now: view.now,
  }
}

/** Detaches come first, so that volumes of pods that moved are free for where they are now. */
function run(io: Script, seen: Snapshot, view: View): void {
  for (const attachment of seen.attachments) {
    if (seen.wanted.has(attachment.spec.nodeName)) io.do({ do: 'remember', in: 'leaving', key: attachment.metadata.name, value: undefined })
    else if (attachment.metadata.deletionTimestamp === undefined) leave(io, seen, attachment, view)
  }
  for (const [node, pods] of seen.wanted) {
    const own = seen.attachments.find(a => a.spec.nodeName === node)
    if (own) { if (own.metadata.deletionTimestamp === undefined) follow(io, seen, own, pods, view) } else attach(io, seen, node, pods, view)
  }
}

function leave(io: Script, { volume, nodes, now }: Snapshot, attachment: KubeObject, view: View): void {
  const { name } = attachment.metadata, nodeName: string = attachment.spec.nodeName, node = nodes.get(nodeName)
  const since: number | undefined = view.memory.leaving.get(name)
  if (since === undefined) io.do({ do: 'remember', in: 'leaving', key: name, value: now })
  const waitedMs = now - (since ?? now), expired = waitedMs >= maxWaitForUnmountMs && !isHealthy(node)
  if (isInUse(node, volume) && !expired && !isOutOfService(node)) {
    if (!isHealthy(node)) io.do({ do: 'requeueAfter', ms: maxWaitForUnmountMs - waitedMs })
    return
  }
  // what the node is told first keeps it from mounting anew
  if (isReported(node, volume)) {
    const known = report(io, nodeName, volume, false, view)
    if (isInUse(known, volume) && !expired && !isOutOfService(node)) return
  }
  io.ask(() => remove(view.identity, { resource: attachments, name }), [404])
  for (const map of ['leaving', 'asked', 'failures', 'after']) io.do({ do: 'remember', in: map, key: name, value: undefined })
}

/** Writes what is attached to a node; answers the Node as it is now. Source: statusupdater/node_status_updater.go */
function report(io: Script, node: string, volume: KubeObject, attached: boolean, view: View): KubeObject | undefined {
  const target = { resource: 'nodes', name: node }, found = io.ask(() => get(view.identity, target), [404])
  if (!isOk(found)) return undefined
  const name = uniqueVolumeName(volume), others = (found.body.status?.volumesAttached ?? []).filter((v: any) => v.name !== name)
  const list = attached ? [...others, { name, devicePath: '' }] : others
  return io.ask(() => patch(
    view.identity, { ...target, subresource: 'status' }, 'application/strategic-merge-patch+json', { status: { volumesAttached: list.length ? list : null } }
  )).body
}

function attach(io: Script, { volume, attachments: others, wanted, now }: Snapshot, node: string, pods: readonly KubeObject[], view: View): void {
  const name = attachmentName(volume, node), single = !mayBeOnManyNodes(volume)
  // of several nodes that want it at once one is first: an operation that is pending keeps the volume from all others
  const [first] = wanted.keys()
  if (single && (others.length > 0 || first !== node)) {
    // one that is still being attached elsewhere is waited for without a word
    if (others.some(a => a.status?.attached) && view.memory.told.get(name) === undefined) {
      const users = [...wanted].flatMap(([n, list]) => n !== node && others.some(a => a.spec.nodeName === n) ? list : [])
      for (const pod of pods) warn(io, pod, multiAttachText(volume, pod, users))
      io.do({ do: 'remember', in: 'told', key: name, value: 'multi-attach' })
    }
    return
  }
  const made = io.ask(() => create(view.identity, { resource: attachments }, {
    apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name },
    spec: { attacher: volume.spec.csi.driver, nodeName: node, source: { persistentVolumeName: volume.metadata.name } },
  }), [409])
  if (!isOk(made)) return
  io.do({ do: 'remember', in: 'asked', key: name, value: now })
  io.do({ do: 'remember', in: 'told', key: name, value: undefined })
  io.do({ do: 'requeueAfter', ms: attachTimeoutMs })
}
const warn = (io: Script, pod: KubeObject, message: string): void =>
  io.do({ do: 'event', event: { regarding: pod, type: 'Warning', reason: 'FailedAttachVolume', message, component: 'attachdetach-controller' } })

/** An attachment that is wanted: it is done, has failed, or is waited for. */
function follow(io: Script, { volume, nodes, now }: Snapshot, attachment: KubeObject, pods: readonly KubeObject[], view: View): void {
  const { name } = attachment.metadata, { nodeName, attacher } = attachment.spec
  if (attachment.status?.attached) {
    if (isReported(nodes.get(nodeName), volume)) return
    for (const pod of pods) {
      io.do({
        do: 'event',
        event: {
          regarding: pod, type: 'Normal', reason: 'SuccessfulAttachVolume', message: `AttachVolume.Attach succeeded for volume "${volume.metadata.name}" `,
          component: 'attachdetach-controller',
        },
      })
    }
    for (const map of ['asked', 'failures', 'after']) io.do({ do: 'remember', in: map, key: name, value: undefined })
    report(io, nodeName, volume, true, view)
    return
  }
  const after: number = view.memory.after.get(name) ?? 0, asked: number = view.memory.asked.get(name) ?? now
  if (after > now) return io.do({ do: 'requeueAfter', ms: after - now })
  const error: string | undefined = attachment.status?.attachError?.message, late = now - asked >= attachTimeoutMs
  if (error === undefined && !late) {
    if (!view.memory.asked.has(name)) io.do({ do: 'remember', in: 'asked', key: name, value: now })
    return io.do({ do: 'requeueAfter', ms: asked + attachTimeoutMs - now })
  }
  const why = error ?? `timed out waiting for external-attacher of ${attacher} CSI driver to attach volume ${volume.spec.csi.volumeHandle}`
  for (const pod of pods) warn(io, pod, `AttachVolume.Attach failed for volume "${volume.metadata.name}" : ${why}`)
  const failures: number = view.memory.failures.get(name) ?? 0, waitMs = Math.min(retryMostMs, retryFirstMs * 2 ** failures)
  io.do({ do: 'remember', in: 'failures', key: name, value: failures + 1 })
  io.do({ do: 'remember', in: 'after', key: name, value: now + waitMs })
  io.do({ do: 'remember', in: 'asked', key: name, value: now + waitMs })
  io.do({ do: 'requeueAfter', ms: waitMs })
}
