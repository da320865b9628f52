import { expect, test } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'

const named = (apiVersion: string, kind: string, name: string, more: object): object => ({ apiVersion, kind, metadata: { name }, ...more })
const local = named('storage.k8s.io/v1', 'StorageClass', 'local', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' })
/** A disk of worker-2. */
const volume = (name: string, storage: string): object => named('v1', 'PersistentVolume', name, {
  spec: {
    storageClassName: 'local', capacity: { storage }, accessModes: ['ReadWriteOnce'], local: { path: `/mnt/${name}` },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['worker-2'] }] }] } },
  },
})
const claim = (name: string, storage: string, storageClassName = 'local', volumeMode = 'Filesystem'): object =>
  named('v1', 'PersistentVolumeClaim', name, { spec: { storageClassName, volumeMode, accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } })
const container = (use: object = {}): object => ({ name: 'c', image: 'bookstore/db:1', ...use })
const mounts = (...names: readonly string[]): object => ({ volumeMounts: names.map(name => ({ name, mountPath: `/${name}` })) })
const device = (name: string): object => ({ volumeDevices: [{ name, devicePath: '/dev/xvda' }] })
const pod = (claims: readonly string[], use: object): object => named('v1', 'Pod', 'db', {
  spec: { volumes: claims.map(name => ({ name, persistentVolumeClaim: { claimName: name } })), containers: [container(use)] },
})
const settings = { volumes: [{ name: 'd', configMap: { name: 'nowhere' } }] }
const room = (name: string, storageClassName: string, capacity: string, nodeTopology?: object): object => ({
  apiVersion: 'storage.k8s.io/v1', kind: 'CSIStorageCapacity', metadata: { name, namespace: 'kube-system' }, storageClassName, capacity, nodeTopology,
})
const apply = (...objects: readonly object[]): string => `When I apply:\n"""yaml\n${objects.map(o => JSON.stringify(o)).join('\n---\n')}\n"""\n`
const grow = (capacity: object): string =>
  `When I run "kubectl patch csistoragecapacity small -n kube-system --type=merge -p '${JSON.stringify(capacity).replaceAll('"', '\\"')}'"`

const scenarios: Readonly<Record<string, string>> = {
  'two claims do not share a volume': `${apply(local, volume('a', '5Gi'), claim('one', '1Gi'), claim('two', '1Gi'), pod(['one', 'two'], mounts('one', 'two')))}
    Then pod db eventually has event FailedScheduling saying "3 node(s) didn't find available persistent volumes to bind"
    And persistentvolume a stays Available for 1m`,
  'the smallest claim chooses first':
    `Given every node has directory "/mnt/a"
    And every node has directory "/mnt/b"
    ${apply(local, volume('a', '1Gi'), volume('b', '5Gi'), claim('big', '2Gi'), claim('small', '1Gi'), pod(['big', 'small'], mounts('big', 'small')))}
    Then pod db is eventually Running
    And persistentvolumeclaim big has field .spec.volumeName b
    And persistentvolumeclaim small has field .spec.volumeName a`,
  'an attachment made by hand is nobody else\'s': `${apply(claim('one', '1Gi', 'fast'), pod(['one'], mounts('one')))}
    Then pod db is eventually Running
    ${apply(
    named('v1', 'PersistentVolume', 'by-hand', {
      spec: { storageClassName: '', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], csi: { driver: 'disk.csi.example.com', volumeHandle: 'h' } },
    }),
    named('storage.k8s.io/v1', 'VolumeAttachment', 'mine', {
      spec: { attacher: 'disk.csi.example.com', nodeName: 'worker-1', source: { persistentVolumeName: 'by-hand' } },
    })
  )}
    And 1 minute passes
    And I run "kubectl get volumeattachment mine"
    Then the last command prints "true"`,
  'a device is no file system': `${apply(claim('raw', '1Gi', 'fast', 'Block'), pod(['raw'], device('raw')))}
    Then pod db is eventually Running
    And pod db has event SuccessfulMountVolume saying "MapVolume.MapPodDevice succeeded for volume"
    And a persistentvolume has field .spec.volumeMode Block
    And no persistentvolume has field .spec.csi.fsType`,
  'a file system is no device': `${apply(claim('files', '1Gi', 'fast'), pod(['files'], device('files')))}
    Then pod db eventually has event FailedMount saying "volume files has volumeMode Filesystem, but is specified in volumeDevices"
    And pod db stays ContainerCreating for 5m
    And a persistentvolume has field .spec.csi.fsType ext4`,
  'a directory of the host knows no mount options': `${apply(
    local, named('v1', 'PersistentVolume', 'options', {
      spec: { storageClassName: 'local', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/mnt/a' }, mountOptions: ['ro'] },
    }), claim('files', '1Gi'), pod(['files'], mounts('files'))
  )}
    Then pod db eventually has event FailedMount saying "MountVolume.MountOptionSupport check failed for volume"
    And pod db stays ContainerCreating for 5m`,
  'a device of a driver that is gone': `${apply(claim('raw', '1Gi', 'fast', 'Block'), pod(['raw'], device('raw')))}
    Then pod db is eventually Running
    When I run "kubectl annotate csidriver disk.csi.example.com csi.kscenario.dev/behaviour-"
    And I delete pod db
    ${apply(pod(['raw'], device('raw')))}
    Then pod db never Running for 5m`,
  'a volume that nobody mounts is not waited for': `${apply(named('v1', 'Pod', 'db', { spec: { ...settings, containers: [container()] } }))}
    Then pod db is eventually Running`,
  'one that an init container mounts is':
    `${apply(named('v1', 'Pod', 'db', { spec: { ...settings, initContainers: [{ ...container(mounts('d')), name: 'i' }], containers: [container()] } }))}
    Then pod db eventually has event FailedMount saying "configmap \\"nowhere\\" not found"
    And pod db stays Init:0/1 for 1m`,
  'room is told by objects, of the class, with a place, for one volume': `Given CSI driver "disk.csi.example.com":
    | storageCapacity | true |
    ${apply(claim('data', '5Gi', 'fast'), pod(['data'], mounts('data')), room('small', 'fast', '1Gi', {}), room('other', 'local', '9Gi', {}), room('nowhere', 'fast', '9Gi'))}
    Then pod db stays Pending for 1m
    And pod db has event FailedScheduling saying "3 node(s) did not have enough free storage"
    ${grow({ capacity: '9Gi', maximumVolumeSize: '4Gi' })}
    Then pod db stays Pending for 1m
    ${grow({ maximumVolumeSize: '5Gi' })}
    Then pod db is eventually Running`,
}
test('what becomes of the volumes of a pod', async () => {
  const ran = await runFeature(scenarios, `Given a cluster with 3 nodes
    And CSI driver "disk.csi.example.com"
    And storage class "fast" of CSI driver "disk.csi.example.com":
      | volumeBindingMode | WaitForFirstConsumer |`)
  const wanted = Object.fromEntries(Object.keys(scenarios).map(name => [name, 'passed']))
  expect(expectations(ran, wanted)).toEqual(wanted)
})
