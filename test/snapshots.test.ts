import { describe, expect, test } from 'vitest'
import { createCluster } from '../src/index.ts'
import type { LibraryCluster } from '../src/index.ts'
import { operations } from '../src/runtime-model/operations/index.ts'
import { driverManifests } from '../src/steps/world/storage.ts'

const driver = 'ebs.csi.example.com', group = 'snapshot.storage.k8s.io', snapshots = `volumesnapshots.${group}`, contents = `volumesnapshotcontents.${group}`
const claim = (name: string, more: any = {}): any => ({
  kind: 'PersistentVolumeClaim', metadata: { name },
  spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...more },
})

/** A cluster with a driver whose volumes are made at once, snapshots, a class `nightly` and a bound claim `data`. */
class Snapshots {
  readonly cluster: LibraryCluster = createCluster({ nodes: 1 })
  constructor(behaviour: Readonly<Record<string, unknown>> = {}, snapshotClass: any = { deletionPolicy: 'Delete' }) {
    const { client, model } = this.cluster
    for (const object of driverManifests(driver, { spec: { attachRequired: true }, behaviour })) client.create(object as any)
    client.create({ kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: driver, volumeBindingMode: 'Immediate' } as any)
    expect(operations['install-snapshot-controller'](model, {})).toBeUndefined()
    this.cluster.advance('2s')
    if (snapshotClass) {
      this.send('create', { resource: 'volumesnapshotclasses' }, {
        apiVersion: `${group}/v1`, kind: 'VolumeSnapshotClass', metadata: { name: 'nightly' }, driver, ...snapshotClass,
      })
    }
    this.claim(claim('data'))
    this.cluster.advance('5s')
  }
  send(verb: any, { resource, name, namespace }: any, body?: any): any {
    const { model } = this.cluster
    return model.request({
      verb, group, version: 'v1', resource, name, namespace, body, credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
    })
  }
  claim(object: any): void { this.cluster.client.create(object) }
  take(name: string, spec: any = {}): this {
    const { source = { persistentVolumeClaimName: 'data' }, unclassed = false } = spec
    expect(
      this.send('create', { resource: 'volumesnapshots', namespace: 'default' }, {
        apiVersion: `${group}/v1`, kind: 'VolumeSnapshot', metadata: { name }, spec: { source, ...unclassed ? {} : { volumeSnapshotClassName: 'nightly' } },
      }).code
    ).toBe(201)
    return this
  }
  pass(time: string): this { this.cluster.advance(time); return this }
  get(name: string): any { return this.cluster.model.stored(snapshots, 'default', name) }
  contents(): readonly any[] { return this.cluster.model.storedList(contents) }
  events(name: string): string[] {
    return this.cluster.model.storedList('events').filter(e => e.involvedObject?.name === name).map(e => `${e.type} ${e.reason}: ${e.message}`)
  }
  phase(name: string): string { return (this.cluster.stored('PersistentVolumeClaim', name) as any)?.status.phase }
}

describe('a snapshot', () => {
  test('is bound to a content, which the storage fills', () => {
    const it = new Snapshots().take('evening').pass('1s'), volume = it.cluster.model.storedList('persistentvolumes')[0]
    expect(it.get('evening').status).toEqual({ boundVolumeSnapshotContentName: `snapcontent-${it.get('evening').metadata.uid}`, readyToUse: false })
    expect(it.contents()[0].spec).toEqual({
      deletionPolicy: 'Delete', driver, source: { volumeHandle: volume.spec.csi.volumeHandle }, sourceVolumeMode: 'Filesystem',
      volumeSnapshotClassName: 'nightly',
      volumeSnapshotRef: {
        apiVersion: `${group}/v1`, kind: 'VolumeSnapshot', namespace: 'default', name: 'evening', uid: it.get('evening').metadata.uid,
        resourceVersion: expect.any(String),
      },
    })
    it.pass('5s')
    expect(it.contents()[0].status).toEqual({
      creationTime: expect.any(Number), readyToUse: true, restoreSize: 2 ** 30, snapshotHandle: expect.stringMatching(/^snap-/),
    })
    expect(it.get('evening').status).toEqual({
      boundVolumeSnapshotContentName: it.contents()[0].metadata.name, creationTime: expect.stringMatching(/^2026-01-01T/), readyToUse: true, restoreSize: '1Gi',
    })
    expect(it.events('evening')).toEqual([
      'Normal CreatingSnapshot: Waiting for a snapshot default/evening to be created by the CSI driver.',
      'Normal SnapshotCreated: Snapshot default/evening was successfully created by the CSI driver.',
      'Normal SnapshotReady: Snapshot default/evening is ready to use.',
    ])
    expect([it.contents()[0].metadata.annotations, it.cluster.stored('PersistentVolumeClaim', 'data')!.metadata!.finalizers]).toEqual(
      [undefined, ['kubernetes.io/pvc-protection']]
    )
    const events = it.cluster.model.kernel.eventCount
    it.pass('1h')
    expect(it.cluster.model.kernel.eventCount - events).toBeLessThan(300) // all is said
  })
  test('goes with what the storage holds, or leaves it', () => {
    for (const [deletionPolicy, left] of [['Delete', 0], ['Retain', 1]] as const) {
      const it = new Snapshots({}, { deletionPolicy }).take('evening').pass('5s')
      it.send('delete', { resource: 'volumesnapshots', namespace: 'default', name: 'evening' })
      it.pass('5s')
      expect([it.get('evening'), it.contents().length]).toEqual([undefined, left])
    }
  })
  test.each<[string, any, any, string]>([
    [
      'of no class, where none is the default', { deletionPolicy: 'Delete' }, { unclassed: true },
      'SetDefaultSnapshotClassFailed: Failed to set default snapshot class with error cannot find default snapshot class',
    ],
    [
      'of a class that is missing', null, {},
      'SnapshotContentCreationFailed: Failed to create snapshot content with error failed to get input parameters to create snapshot evening: "volumesnapshotclass.snapshot.storage.k8s.io \\"nightly\\" not found"',
    ],
    [
      'of a claim that is missing', { deletionPolicy: 'Delete' }, { source: { persistentVolumeClaimName: 'other' } },
      'SnapshotContentCreationFailed: Failed to create snapshot content with error snapshot controller failed to update evening on API server: cannot get claim from snapshot',
    ],
    [
      'of a content that is missing', { deletionPolicy: 'Delete' }, { source: { volumeSnapshotContentName: 'other' } },
      'SnapshotContentMissing: VolumeSnapshotContent is missing',
    ],
  ])('%s says so', (_, snapshotClass, spec, words) => {
    const it = new Snapshots({}, snapshotClass).take('evening', spec).pass('5s')
    expect([it.events('evening'), it.get('evening').status.readyToUse, it.get('evening').status.error.message]).toEqual(
      [[`Warning ${words}`], false, words.slice(words.indexOf(': ') + 2)]
    )
  })
  test('of a claim that is not bound waits until it is', () => {
    const it = new Snapshots({ provisionMs: 20_000 })
    expect(it.phase('data')).toBe('Pending')
    it.take('evening').pass('1s')
    expect(it.get('evening').status.error.message).toBe(
      'Failed to create snapshot content with error failed to get input parameters to create snapshot evening: "the PVC data is not yet bound to a PV, will not attempt to take a snapshot"'
    )
    it.pass('30s')
    expect(it.get('evening').status).toMatchObject({ readyToUse: true })
    expect(it.get('evening').status.error).toBeUndefined()
  })
  test('of no class takes the default one of its driver', () => {
    const it = new Snapshots({}, {
      deletionPolicy: 'Delete', metadata: { name: 'nightly', annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' } },
    }).take('evening', { unclassed: true }).pass('5s')
    expect([it.get('evening').spec.volumeSnapshotClassName, it.get('evening').status.readyToUse]).toEqual(['nightly', true])
  })
  test('that the storage refuses is tried again', () => {
    const it = new Snapshots({ snapshotError: 'rpc error: code = Internal desc = "no"' }).take('evening').pass('10s')
    const words =
      `Failed to check and update snapshot content: failed to take snapshot of the volume ${it.contents()[0].spec.source.volumeHandle}: "rpc error: code = Internal desc = \\"no\\""`
    expect([it.get('evening').status.error.message, it.events(it.contents()[0].metadata.name)]).toEqual([
      words, [`Warning SnapshotContentCheckandUpdateFailed: ${words}`],
    ])
    it.cluster.client.patch(
      'CSIDriver', driver, { metadata: { annotations: driverManifests(driver, { spec: { attachRequired: true }, behaviour: {} })[0].metadata.annotations } } as any
    )
    expect(it.pass('60s').get('evening').status).toMatchObject({ readyToUse: true })
  })
})

describe('a claim with a source', () => {
  const from = (kind: string, name: string, more: any = {}): any =>
    claim('copy', { dataSource: kind === 'VolumeSnapshot' ? { apiGroup: group, kind, name } : { kind, name }, ...more })
  test.each<[string, any, string]>([
    [
      'a snapshot that is missing', from('VolumeSnapshot', 'none'),
      'error getting snapshot none from api server: volumesnapshots.snapshot.storage.k8s.io "none" not found',
    ],
    [
      'a snapshot that is larger', from('VolumeSnapshot', 'evening', { resources: { requests: { storage: '512Mi' } } }),
      'requested volume size 536870912 is less than the size 1073741824 for the source snapshot evening',
    ],
    [
      'a claim that is missing', from('PersistentVolumeClaim', 'none'),
      'error getting PVC none (namespace "default") from api server: persistentvolumeclaims "none" not found',
    ],
    [
      'a claim that is larger', from('PersistentVolumeClaim', 'data', { resources: { requests: { storage: '512Mi' } } }),
      'error, new PVC request must be greater than or equal in size to the specified PVC data source, requested 536870912 but source is 1073741824',
    ],
  ])('%s is refused', (_, object, words) => {
    const it = new Snapshots().take('evening').pass('5s')
    it.claim(object)
    it.pass('5s')
    const { kind, name } = object.spec.dataSource
    expect([it.phase('copy'), it.events('copy').find(e => e.startsWith('Warning'))]).toEqual([
      'Pending',
      `Warning ProvisioningFailed: failed to provision volume with StorageClass "fast": error getting handle for DataSource Type ${kind} by Name ${name}: ${words}`,
    ])
  })
  test('is a volume of its own, and both fields say where from', () => {
    const it = new Snapshots().take('evening').pass('5s')
    it.claim({
      ...from('VolumeSnapshot', 'evening'), metadata: { name: 'restored' },
    }); it.claim({ ...from('PersistentVolumeClaim', 'data'), metadata: { name: 'cloned' } })
    it.pass('10s')
    expect([it.phase('restored'), it.phase('cloned'), it.cluster.model.storedList('persistentvolumes').length]).toEqual(['Bound', 'Bound', 3])
    expect((it.cluster.stored('PersistentVolumeClaim', 'restored') as any).spec.dataSourceRef).toEqual({
      apiGroup: group, kind: 'VolumeSnapshot', name: 'evening',
    })
  })
  /** as a real kube-apiserver 1.35.4 makes of them */
  test.each<[any, any]>([
    [{ dataSource: { apiGroup: 'foo.io', kind: 'Foo', name: 's' } }, undefined], [{ dataSource: { kind: 'VolumeSnapshot', name: 's' } }, undefined],
    [{ dataSourceRef: { kind: 'PersistentVolumeClaim', name: 's', namespace: 'other' } }, undefined],
    [{ dataSourceRef: { kind: 'PersistentVolumeClaim', name: 's' } }, { apiGroup: null, kind: 'PersistentVolumeClaim', name: 's' }],
  ])('%j becomes %j', (source, wanted) => {
    const cluster = createCluster({ nodes: 1 }), { spec } = cluster.client.create(claim('a', source) as any) as any
    expect([spec.dataSource, spec.dataSourceRef]).toEqual([wanted, wanted])
  })
  test('of a kind that the core group has not is refused', () => {
    const cluster = createCluster({ nodes: 1 })
    expect(() => cluster.client.create(claim('a', { dataSourceRef: { kind: 'Pod', name: 's' } }) as any)).toThrow(
      "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
    )
  })
})
