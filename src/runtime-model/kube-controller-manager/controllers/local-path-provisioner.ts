import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import { create, remove } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, DONE, NO_KEYS, splitKey } from '../controller.ts'
import type { ControllerEffect, Keys, Reconciled, View } from '../controller.ts'
import { annotation, classes, classOf, claims, volumes } from '../volume/claims.ts'

const provisioner = 'rancher.io/local-path'
/** what its helper pod takes to make a directory on the node */
const provisionMs = 3000

/**
 * The provisioner that kind installs with its StorageClass `standard`: a directory on the node that the scheduler chose. Approximate: it runs here rather
 * than in a pod of its own, with the rights of the volume binder, and its helper pods are no objects.
 */
export const localPathProvisioner = defineController({
  name: 'local-path-provisioner',
  serviceAccount: 'persistent-volume-binder',
  watches: [
    { resource: claims, toKeys: ({ new: claim, name }) => claim && wantsVolume(claim) ? [`claim ${name}`] : NO_KEYS },
    { resource: volumes, toKeys: keysOfVolume }, { resource: classes, toKeys: () => NO_KEYS },
  ],
  initialMemory: () => ({ forkable: true, begun: new PersistentMap<number>() }),
  reconcile: (key, view) => key.startsWith('claim ') ? provision(key.slice(6), view) : reclaim(key.slice(7), view),
  source: 'rancher/local-path-provisioner provisioner.go; sigs.k8s.io/sig-storage-lib-external-provisioner controller/controller.go',
})

const wantsVolume = (claim: KubeObject): boolean =>
  claim.metadata.annotations?.[annotation.provisioner] === provisioner && claim.metadata.annotations[annotation.selectedNode] !== undefined
    && !claim.spec.volumeName && claim.metadata.deletionTimestamp === undefined
const isMine = (volume: KubeObject): boolean => volume.metadata.annotations?.[annotation.provisionedBy] === provisioner
function keysOfVolume({ new: volume }: Delta): Keys {
  return volume && isMine(volume) && volume.status?.phase === 'Released' ? [`volume ${volume.metadata.name}`] : NO_KEYS
}

function provision(path: string, view: View): Reconciled {
  const { namespace, name } = splitKey(path), claim = view.get(claims, namespace, name)
  if (!claim || !wantsVolume(claim)) return DONE
  const volumeName = `pvc-${claim.metadata.uid}`, begun: number | undefined = view.memory.begun.get(claim.metadata.uid)
  if (view.get(volumes, undefined, volumeName)) return DONE
  if (begun === undefined) {
    return {
      effects: [
        say(claim, 'Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`),
        { do: 'remember', in: 'begun', key: claim.metadata.uid, value: view.now }, { do: 'requeueAfter', ms: provisionMs },
      ],
    }
  }
  if (view.now < begun + provisionMs) return { effects: [{ do: 'requeueAfter', ms: begun + provisionMs - view.now }] }
  return {
    effects: [
      { do: 'request', request: create(view.identity, { resource: volumes }, volumeFor(claim, volumeName, view)), accept: [409] },
      { do: 'remember', in: 'begun', key: claim.metadata.uid, value: undefined },
      say(claim, 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`),
    ],
  }
}
const say = (claim: KubeObject, reason: string, message: string): ControllerEffect =>
  ({ do: 'event', event: { regarding: claim, type: 'Normal', reason, message, component: 'rancher.io/local-path_local-path-provisioner' } })

function volumeFor(claim: KubeObject, name: string, view: View): any {
  const { metadata, spec } = claim, node = metadata.annotations![annotation.selectedNode]
  return {
    apiVersion: 'v1', kind: 'PersistentVolume',
    metadata: { name, annotations: { 'local.path.provisioner/selected-node': node, [annotation.provisionedBy]: provisioner } },
    spec: {
      capacity: { storage: spec.resources.requests.storage }, accessModes: spec.accessModes, storageClassName: classOf(claim), volumeMode: 'Filesystem',
      persistentVolumeReclaimPolicy: view.get(classes, undefined, classOf(claim))?.reclaimPolicy ?? 'Delete',
      claimRef: {
        kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace: metadata.namespace, name: metadata.name, uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
      },
      hostPath: { path: `/var/local-path-provisioner/${name}_${metadata.namespace}_${metadata.name}`, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } },
    },
  }
}

function reclaim(name: string, view: View): Reconciled {
  const volume = view.get(volumes, undefined, name)
  if (!volume || !isMine(volume) || volume.status?.phase !== 'Released' || volume.spec.persistentVolumeReclaimPolicy !== 'Delete'
    || volume.metadata.deletionTimestamp !== undefined) {
    return DONE
  }
  return { effects: [{ do: 'request', request: remove(view.identity, { resource: volumes, name }), accept: [404] }] }
}
