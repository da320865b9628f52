import { PersistentMap } from '../../../base/persistent-map.ts'
import { hashString, hashHex } from '../../../base/hash.ts'
import type { KubeObject } from '../../api/request.ts'
import { contentSource, type DriverBehaviour } from '../../kinds/csi-names.ts'
import { create, patch, remove } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { attachmentsByVolume } from '../attach/world.ts'
import { NO_KEYS, objectOf, splitKey } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { annotation, classes, classOf, claims, unboundClaimsByClass, volumes } from '../volume/claims.ts'
import { attributesError, sourceOf } from './data-source.ts'
import { attachments, driverOf, drivers, sidecar } from './driver.ts'

const finalizer = 'external-provisioner.volume.kubernetes.io/finalizer', retryFirstMs = 1000, retryMostMs = 300_000

/** external-provisioner: makes volumes for claims of its classes, and deletes those that were released. Keys: `claim namespace/name`, `volume name`. */
export const csiProvisioner = sidecar({
  name: 'csi-provisioner',
  watches: [
    { resource: claims, toKeys: ({ new: claim, name }, view) => claim && wants(claim, view) ? [`claim ${name}`] : NO_KEYS },
    { resource: volumes, toKeys: keysOfVolume },
    { resource: classes, toKeys: ({ new: c }, view) => c ? open(c, view) : NO_KEYS },
    { resource: drivers, toKeys: ({ new: d }, view) => d ? everything(view) : NO_KEYS }, { resource: 'nodes', toKeys: () => NO_KEYS },
    {
      resource: attachments,
      toKeys: delta =>
        delta.new ? NO_KEYS : objectOf(delta).spec.source?.persistentVolumeName ? [`volume ${objectOf(delta).spec.source.persistentVolumeName}`] : NO_KEYS,
    },
  ],
  indexes: [unboundClaimsByClass, attachmentsByVolume],
  initialMemory: () => ({ forkable: true, due: new PersistentMap<number>(), from: new PersistentMap<string>(), failures: new PersistentMap<number>() }),
  onStart: everything,
  reconcile: script(begin, (io, { claim, volume }, view) => claim ? provision(io, claim, view) : reclaim(io, volume!, view)),
  source:
    'kubernetes-csi/external-provisioner pkg/controller/{controller,topology}.go; sigs.k8s.io/sig-storage-lib-external-provisioner controller/controller.go',
})

const provisionerOf = (claim: KubeObject, view: View): string | undefined => view.get(classes, undefined, classOf(claim))?.provisioner
function wants(claim: KubeObject, view: View): boolean {
  const { annotations } = claim.metadata, storageClass = view.get(classes, undefined, classOf(claim))
  if (!storageClass || claim.spec.volumeName || claim.metadata.deletionTimestamp !== undefined
    || annotations?.[annotation.provisioner] !== storageClass.provisioner) {
    return false
  }
  return (storageClass.volumeBindingMode !== 'WaitForFirstConsumer' || annotations?.[annotation.selectedNode] !== undefined)
    && driverOf(storageClass.provisioner, view) !== undefined
}
const isReleased = (v: KubeObject): boolean =>
  v.spec.csi !== undefined && v.metadata.annotations?.[annotation.provisionedBy] === v.spec.csi.driver && v.spec.persistentVolumeReclaimPolicy === 'Delete'
    && (v.status?.phase === 'Released' || v.metadata.deletionTimestamp !== undefined)
function keysOfVolume({ new: volume }: Delta): Keys { return volume && isReleased(volume) ? [`volume ${volume.metadata.name}`] : NO_KEYS }
const open = (storageClass: KubeObject, view: View): Keys =>
  view.by(unboundClaimsByClass, storageClass.metadata.name).filter(c => wants(c, view)).map(c => `claim ${c.metadata.namespace}/${c.metadata.name}`)
function everything(view: View): Keys {
  return [...view.list(classes).flatMap(c => open(c, view)), ...view.list(volumes).filter(isReleased).map(v => `volume ${v.metadata.name}`)]
}

interface Snapshot { readonly claim?: KubeObject; readonly volume?: KubeObject }
function begin(key: string, view: View): Snapshot | undefined {
  if (key.startsWith('volume ')) { const volume = view.get(volumes, undefined, key.slice(7)); return volume && isReleased(volume) ? { volume } : undefined }
  const { namespace, name } = splitKey(key.slice(6)), claim = view.get(claims, namespace, name)
  return claim && wants(claim, view) && !view.get(volumes, undefined, `pvc-${claim.metadata.uid}`) ? { claim } : undefined
}

function provision(io: Script, claim: KubeObject, view: View): void {
  const { namespace, name, uid } = claim.metadata, provisioner = io.look(() => provisionerOf(claim, view))!, driver = io.look(() => driverOf(provisioner, view))
  const due: number | undefined = io.look(() => view.memory.due.get(uid)), now = io.look(() => view.now)
  if (!driver) return
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    io.do({ do: 'event', event: { regarding: claim, type, reason, message, component: `${provisioner}_csi-controller` } })
  if (due === undefined || due > now) {
    if (due === undefined) {
      say('Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`)
      const odd = attributesError(io, claim, provisioner, view)
      if (odd !== undefined) return failed(io, claim, odd, view)
      const { dataSource } = claim.spec, source = dataSource && sourceOf(io, claim, provisioner, view)
      if (source?.why !== undefined) {
        return failed(io, claim, `error getting handle for DataSource Type ${dataSource.kind} by Name ${dataSource.name}: ${source.why}`, view)
      }
      io.do({ do: 'remember', in: 'from', key: uid, value: source?.from })
      io.do({ do: 'remember', in: 'due', key: uid, value: now + driver.provisionMs })
    }
    return io.do({ do: 'requeueAfter', ms: due === undefined ? driver.provisionMs : due - now })
  }
  io.do({ do: 'remember', in: 'due', key: uid, value: undefined })
  const body = io.look(() => volumeFor(claim, provisioner, driver, view))
  const error = driver.provisionError ?? (body === undefined ? 'error generating accessibility requirements: no available topology found' : undefined)
  if (error !== undefined) return failed(io, claim, error, view)
  io.ask(() => create(view.identity, { resource: volumes }, body), [409])
  say('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume pvc-${uid}`)
  for (const map of ['failures', 'from']) io.do({ do: 'remember', in: map, key: uid, value: undefined })
}

/** Another try later. */
function failed(io: Script, claim: KubeObject, error: string, view: View): void {
  const { uid } = claim.metadata, failures: number = io.look(() => view.memory.failures.get(uid) ?? 0)
  const component = `${io.look(() => provisionerOf(claim, view))}_csi-controller`
  io.do({
    do: 'event',
    event: {
      regarding: claim, type: 'Warning', reason: 'ProvisioningFailed', message: `failed to provision volume with StorageClass "${classOf(claim)}": ${error}`,
      component,
    },
  })
  io.do({ do: 'remember', in: 'failures', key: uid, value: failures + 1 })
  io.do({ do: 'requeueAfter', ms: Math.min(retryMostMs, retryFirstMs * 2 ** failures) })
}

/** Undefined: there is no node that could reach it. */
function volumeFor(claim: KubeObject, provisioner: string, driver: DriverBehaviour, view: View): any {
  const { namespace, name, uid, resourceVersion } = claim.metadata, { spec } = claim, storageClass = view.get(classes, undefined, classOf(claim))!
  const handle = `vol-${hashHex(uid, 2, 1)}`, from: string | undefined = view.memory.from.get(uid)
  const zone = driver.topology === undefined ? undefined : zoneFor(claim, storageClass, driver.topology, view)
  if (driver.topology !== undefined && zone === undefined) return undefined
  return {
    apiVersion: 'v1', kind: 'PersistentVolume',
    metadata: {
      name: `pvc-${uid}`, finalizers: [finalizer],
      annotations: {
        [annotation.provisionedBy]: provisioner, 'volume.kubernetes.io/provisioner-deletion-secret-name': '',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
      },
    },
    spec: {
      capacity: { storage: spec.resources.requests.storage }, accessModes: spec.accessModes, storageClassName: classOf(claim), volumeMode: spec.volumeMode,
      ...spec.volumeAttributesClassName ? { volumeAttributesClassName: spec.volumeAttributesClassName } : undefined,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete', mountOptions: storageClass.mountOptions,
      claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion },
      csi: {
        driver: provisioner, volumeHandle: handle,
        ...spec.volumeMode === 'Block' ? undefined : { fsType: storageClass.parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4' },
        volumeAttributes: {
          'storage.kubernetes.io/csiProvisionerIdentity': `csi-controller-${provisioner}`, ...from ? { [contentSource]: from } : undefined,
        },
      },
      ...zone === undefined
        ? undefined
        : { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: driver.topology, operator: 'In', values: [zone] }] }] } } },
    },
  }
}
/** Where the first pod will be; else one of the zones that the class allows or that have nodes, by the name of the claim, so that claims are spread. */
function zoneFor(claim: KubeObject, storageClass: KubeObject, key: string, view: View): string | undefined {
  const selected = claim.metadata.annotations?.[annotation.selectedNode]
  if (selected !== undefined) return view.get('nodes', undefined, selected)?.metadata.labels?.[key]
  const allowed = (storageClass.allowedTopologies ?? []).flatMap((t: any) => t.matchLabelExpressions ?? [])
    .filter((e: any) => e.key === key)
    .flatMap((e: any) => e.values as string[])
  const zones = [...new Set<string>(allowed.length ? allowed : view.list('nodes').flatMap(n => n.metadata.labels?.[key] ?? []))].sort()
  return zones.length ? zones[hashString(claim.metadata.name) % zones.length] : undefined
}

/** Source: controller.go (shouldDelete, deleteVolumeOperation); a volume that is attached is kept. */
function reclaim(io: Script, volume: KubeObject, view: View): void {
  const { name, finalizers = [], deletionTimestamp } = volume.metadata, driver = volume.spec.csi.driver
  const attached = io.look(() => view.by(attachmentsByVolume, name)[0]?.spec.nodeName), installed = io.look(() => driverOf(driver, view) !== undefined)
  if (!installed) return
  if (attached !== undefined) {
    io.do({
      do: 'event',
      event: {
        regarding: volume, type: 'Warning', reason: 'VolumeFailedDelete', message: `persistentvolume ${name} is still attached to node ${attached}`,
        component: `${driver}_csi-controller`,
      },
    })
    return
  }
  if (deletionTimestamp === undefined) { io.ask(() => remove(view.identity, { resource: volumes, name }), [404]); return }
  if (finalizers.includes(finalizer)) {
    io.ask(
      () => patch(view.identity, { resource: volumes, name }, 'application/merge-patch+json', {
        metadata: { finalizers: finalizers.filter(f => f !== finalizer) },
      }),
      [404]
    )
  }
}
