import { PersistentMap } from '../../../base/persistent-map.ts'
import { compareQuantities } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { patch } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { attachmentsByVolume, isHealthy, isInUse } from '../attach/world.ts'
import { NO_KEYS } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { claims, volumes } from '../volume/claims.ts'
import { attachments, boundTo, driverOf, drivers, isBound, keysOfBound, sidecar } from './driver.ts'

/** until a kubelet has seen that a file system of its pods is to grow */
const nodeMs = 1000, merge = 'application/merge-patch+json', restart = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.'

/**
 * external-resizer: grows the volume, then the node grows the file system, if there is one, which takes a pod that uses it. Approximate: the node's part is
 * done from here, once the volume is in use on a node that is Ready. Keys: claims.
 */
export const csiResizer = sidecar({
  name: 'csi-resizer',
  watches: [
    { resource: claims, toKeys: ({ new: c, name }) => c && isBound(c) && toGrow(c) ? [name] : NO_KEYS }, { resource: volumes, toKeys: () => NO_KEYS },
    { resource: attachments, toKeys: () => NO_KEYS },
    { resource: 'nodes', toKeys: keysOfNode }, { resource: drivers, toKeys: (_delta, view) => everyClaim(view) },
  ],
  indexes: [attachmentsByVolume],
  initialMemory: () => ({ forkable: true, due: new PersistentMap<number>() }),
  onStart: everyClaim,
  reconcile: script(begin, run),
  source:
    'kubernetes-csi/external-resizer pkg/controller/{controller,expand_and_recover}.go, pkg/controller/volume/expand/expand_controller.go, pkg/volume/util/operationexecutor/node_expander.go',
})
const toGrow = (c: KubeObject): boolean => compareQuantities(c.spec.resources.requests.storage, c.status.capacity?.storage ?? '0') > 0
function everyClaim(view: View): readonly string[] { return keysOfBound(view, toGrow) }
function keysOfNode({ new: now, stored }: Delta, view: View): Keys {
  return now && now.status?.volumesInUse !== stored?.status?.volumesInUse ? everyClaim(view) : NO_KEYS
}

interface Snapshot {
  readonly claim: KubeObject
  readonly volume: KubeObject
  readonly node?: string
  readonly now: number
  readonly stamp: string
  readonly due?: number
}
function begin(key: string, view: View): Snapshot | undefined {
  const found = boundTo(key, view, toGrow)
  if (!found) return undefined
  const { claim, volume } = found
  const node = view.by(attachmentsByVolume, volume.metadata.name)
    .map(a => view.get('nodes', undefined, a.spec.nodeName))
    .find(n => isHealthy(n) && isInUse(n, volume))
  return { claim, volume, node: node?.metadata.name, now: view.now, stamp: formatTime(view.wallMs), due: view.memory.due.get(key) }
}

function run(io: Script, { claim, volume, node, now, stamp, due }: Snapshot, view: View): void {
  const { namespace, name } = claim.metadata, key = `${namespace}/${name}`, size = claim.spec.resources.requests.storage
  const { driver: driverName } = volume.spec.csi, driver = io.look(() => driverOf(driverName, view))
  if (!driver) return
  const say = (type: 'Normal' | 'Warning', reason: string, message: string, component: string): void =>
    io.do({ do: 'event', event: { regarding: claim, type, reason, message, component } })
  const own = `external-resizer ${driverName}`
  const condition = (type: string, message?: string): any =>
    ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: stamp, ...message ? { message } : undefined })
  const status = (body: any): any =>
    io.ask(() => patch(view.identity, { resource: claims, namespace, name, subresource: 'status' }, merge, { status: body }), [404])
  const later = (ms: number): void => { io.do({ do: 'remember', in: 'due', key, value: now + ms }); io.do({ do: 'requeueAfter', ms }) }
  if (compareQuantities(volume.spec.capacity.storage, size) < 0) {
    if (due === undefined) {
      say('Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC', 'volume_expand')
      say('Normal', 'Resizing', `External resizer is resizing volume ${volume.metadata.name}`, own)
      later(driver.resizeMs)
      status({
        allocatedResources: { storage: size }, allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' }, conditions: [condition('Resizing')],
      })
      return
    }
    if (due > now) return io.do({ do: 'requeueAfter', ms: due - now })
    if (driver.resizeError !== undefined) {
      say('Warning', 'VolumeResizeFailed', `resize volume "${volume.metadata.name}" by resizer "${driverName}" failed: ${driver.resizeError}`, own)
      return later(driver.resizeMs)
    }
    io.do({ do: 'remember', in: 'due', key, value: undefined })
    io.ask(() => patch(view.identity, { resource: volumes, name: volume.metadata.name }, merge, { spec: { capacity: { storage: size } } }))
    if (claim.spec.volumeMode === 'Block') {
      say('Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded', own)
      status({ capacity: { storage: size }, allocatedResourceStatuses: null, conditions: null })
      return
    }
    say('Normal', 'FileSystemResizeRequired', 'Require file system resize of volume on node', own)
    status({ allocatedResourceStatuses: { storage: 'NodeResizePending' }, conditions: [condition('FileSystemResizePending', restart)] })
    return
  }
  if (node === undefined) return
  if (due === undefined) return later(nodeMs)
  if (due > now) return io.do({ do: 'requeueAfter', ms: due - now })
  io.do({ do: 'remember', in: 'due', key, value: undefined })
  status({ capacity: { storage: size }, allocatedResourceStatuses: null, conditions: null })
  say('Normal', 'FileSystemResizeSuccessful', `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}" ${node}`, 'kubelet')
}
