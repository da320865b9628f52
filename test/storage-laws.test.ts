import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createCluster } from '../src/index.ts'
import type { LibraryCluster } from '../src/index.ts'
import { sha256 } from '../src/base/sha256.ts'
import { multiAttachText } from '../src/runtime-model/kube-controller-manager/attach/world.ts'
import { driverManifests } from '../src/steps/world/storage.ts'

const driver = 'ebs.csi.example.com', attachments = 'volumeattachments.storage.k8s.io'
const storageClass = { kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: driver, volumeBindingMode: 'WaitForFirstConsumer' } as const
const claim = (name: string) =>
  ({
    kind: 'PersistentVolumeClaim', metadata: { name },
    spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }) as const
const set = (replicas: number) => ({
  kind: 'StatefulSet', metadata: { name: 'db' },
  spec: {
    serviceName: 'db', replicas, podManagementPolicy: 'Parallel', selector: { matchLabels: { app: 'db' } },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim('data').spec }],
    template: {
      metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'db:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] },
    },
  },
}) as const

function withDriver(nodes: number, behaviour: Readonly<Record<string, unknown>> = {}, seed = 1): LibraryCluster {
  const cluster = createCluster({ nodes, seed })
  for (const object of driverManifests(driver, { spec: { attachRequired: true }, behaviour })) cluster.client.create(object as any)
  cluster.client.create(storageClass)
  return cluster
}
const events = (c: LibraryCluster, name: string): string[] =>
  c.model.storedList('events').filter(e => e.involvedObject?.name === name).map(e => `${e.type} ${e.reason}: ${e.message}`)
const isRunning = (c: LibraryCluster, name: string): boolean => {
  const pod = c.stored('Pod', name)
  return pod?.status?.phase === 'Running' && !pod.metadata?.deletionTimestamp
    && pod.status.conditions?.some(x => x.type === 'Ready' && x.status === 'True') === true
}
/** Numbers that follow from a seed. */
function* numbers(seed: number): Generator<number> {
  for (let x = seed * 2654435761 >>> 0; ;) { x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0; yield x }
}

describe('whatever happens to nodes and pods', () => {
  test.each([1, 2, 3, 4])('a volume for one node is on one, and all is whole once nothing is wrong (seed %i)', seed => {
    const cluster = withDriver(4, {}, seed), draw = numbers(seed), pick = (n: number): number => draw.next().value! % n, twice: string[] = []
    let changes = 0
    cluster.observe(o => {
      if (o.type !== 'object' || o.resource !== attachments) return
      changes++
      const at = new Map<string, string[]>()
      for (const a of cluster.model.storedList(attachments)) {
        if (a.status?.attached) at.set(a.spec.source.persistentVolumeName, [...at.get(a.spec.source.persistentVolumeName) ?? [], a.spec.nodeName])
      }
      for (const [volume, nodes] of at) if (nodes.length > 1) twice.push(`${volume}: ${nodes.join(', ')} at ${cluster.now}`)
    })
    cluster.client.create(set(3))
    const down = new Map<string, () => void>()
    for (let i = 0; i < 12; i++) {
      cluster.advance(5_000 + pick(200_000))
      const node = `worker-${1 + pick(4)}`, pod = `db-${pick(3)}`, what = pick(4)
      if (what === 0 && down.size < 3 && !down.has(node)) down.set(node, cluster.inject('node-down', { node }))
      else if (what === 1 && down.has(node)) { down.get(node)!(); down.delete(node) }
      else if (cluster.stored('Pod', pod)) cluster.client.delete('Pod', pod, 'default', what === 3 ? { gracePeriodSeconds: 0 } : {})
    }
    for (const heal of down.values()) heal()
    cluster.advance('20m')
    expect(twice).toEqual([])
    expect(changes).toBeGreaterThan(6)
    expect([0, 1, 2].map(i => isRunning(cluster, `db-${i}`))).toEqual([true, true, true])
    const where = cluster.model.storedList(attachments).map(a => `${a.spec.nodeName} ${a.status?.attached}`).sort()
    expect(where).toEqual([0, 1, 2].map(i => `${cluster.stored('Pod', `db-${i}`)!.spec!.nodeName} true`).sort())
  })
})

const using = (name: string, node: string, more: any = {}): any => ({
  kind: 'Pod', metadata: { name },
  spec: {
    nodeName: node, containers: [{ name: 'app', image: 'web:1', volumeMounts: [{ name: 'v', mountPath: '/data' }], ...more }],
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
  },
})
test('pods of two nodes that come at once: one node has the volume, the pods of the other are told', () => {
  const cluster = withDriver(2)
  cluster.client.create({ ...storageClass, metadata: { name: 'now' }, volumeBindingMode: 'Immediate' } as any)
  cluster.client.create({ ...claim('c'), spec: { ...claim('c').spec, storageClassName: 'now' } })
  cluster.advance('10s')
  for (const [name, node] of [['a', 'worker-2'], ['b', 'worker-1'], ['c', 'worker-1']] as const) cluster.client.create(using(name, node))
  cluster.advance('3m')
  expect(cluster.model.storedList(attachments).map(a => a.spec.nodeName)).toEqual(['worker-1'])
  expect(['a', 'b', 'c'].map(name => isRunning(cluster, name))).toEqual([false, true, true])
  expect(events(cluster, 'a').filter(e => e.includes('Multi-Attach'))).toEqual([expect.stringContaining('Volume is already used by pod(s) b, c')])
})
test('a volume of the other mode than the container has it is none', () => {
  const cluster = withDriver(1)
  cluster.client.create({ ...storageClass, metadata: { name: 'now' }, volumeBindingMode: 'Immediate' } as any)
  cluster.client.create({ ...claim('c'), spec: { ...claim('c').spec, storageClassName: 'now', volumeMode: 'Block' } } as any)
  cluster.advance('10s')
  cluster.client.create(using('p', 'worker-1'))
  cluster.advance('3m')
  expect(isRunning(cluster, 'p')).toBe(false)
  expect(events(cluster, 'p').find(e => e.includes('FailedMount'))).toBe('Warning FailedMount: Unable to attach or mount volumes: unmounted volumes=[v], '
    + 'unattached volumes=[], failed to process volumes=[v]: volume v has volumeMode Block, but is specified in volumeMounts')
})

describe('what the attach/detach controller says', () => {
  const pod = (name: string, namespace = 'a'): any => ({ metadata: { name, namespace } }), volume: any = { metadata: { name: 'pv' } }
  const start = 'Multi-Attach error for volume "pv" Volume is already '
  test.each([
    [[], `${start}exclusively attached to one node and can't be attached to another`], [[pod('x')], `${start}used by pod(s) x`],
    [[pod('x'), pod('y')], `${start}used by pod(s) x, y`],
    [[pod('x', 'b')], `${start}used by 1 pod(s) in different namespaces`],
    [[pod('x'), pod('z', 'b')], `${start}used by pod(s) x and 1 pod(s) in different namespaces`],
  ])('of a volume that others use', (others, text) => expect(multiAttachText(volume, pod('me'), others)).toBe(text))
  test('when no driver attaches', () => {
    const cluster = createCluster({ nodes: 1 })
    const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'hand', csi: { driver, volumeHandle: 'vol-1' } }
    cluster.client.create({ kind: 'PersistentVolume', metadata: { name: 'pv' }, spec } as any)
    cluster.client.create({ ...claim('c'), spec: { ...claim('c').spec, storageClassName: 'hand' } })
    cluster.client.create(
      {
        kind: 'Pod', metadata: { name: 'p' },
        spec: {
          containers: [{ name: 'app', image: 'web:1', volumeMounts: [{ name: 'v', mountPath: '/data' }] }],
          volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
        },
      } as any
    )
    cluster.advance('3m')
    expect(events(cluster, 'p')).toContain(
      `Warning FailedAttachVolume: AttachVolume.Attach failed for volume "pv" : timed out waiting for external-attacher of ${driver} CSI driver to attach volume vol-1`
    )
    expect(cluster.model.storedList(attachments)[0].metadata.name).toBe(`csi-${createHash('sha256').update(`vol-1${driver}worker-1`).digest('hex')}`)
    expect(isRunning(cluster, 'p')).toBe(false)
  })
})

test('a volume from which its claim was taken is given back within a pass of fifteen seconds, and one that is gone leaves its claim lost', () => {
  const cluster = createCluster({ nodes: 1 })
  const stored = (kind: 'PersistentVolume' | 'PersistentVolumeClaim', name: string): any => cluster.stored(kind, name)
  cluster.client.create({
    kind: 'PersistentVolume', metadata: { name: 'pv' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'manual', hostPath: { path: '/d' } },
  })
  cluster.client.create({ ...claim('c'), spec: { ...claim('c').spec, storageClassName: 'manual' } })
  cluster.advance('20s')
  expect(stored('PersistentVolume', 'pv').status.phase).toBe('Bound')
  const take = (): void => { cluster.client.patch('PersistentVolume', 'pv', { spec: { claimRef: null } }) }
  take()
  cluster.advance('10ms')
  expect([stored('PersistentVolume', 'pv').status.phase, stored('PersistentVolumeClaim', 'c').status.phase]).toEqual(['Available', 'Bound'])
  cluster.advance('15s')
  expect([stored('PersistentVolume', 'pv').status.phase, stored('PersistentVolume', 'pv').spec.claimRef.name]).toEqual(['Bound', 'c'])
  take()
  cluster.client.delete('PersistentVolume', 'pv')
  cluster.advance('15s')
  expect([stored('PersistentVolume', 'pv'), stored('PersistentVolumeClaim', 'c').status.phase]).toEqual([undefined, 'Lost'])
})

test('a cluster without drivers watches nothing for them', () => {
  const plain = createCluster({ nodes: 2 }), asked = new Set<string>()
  const look = (c: LibraryCluster): void => { c.observe(o => { if (o.type === 'request') asked.add(o.what) }) }
  look(plain)
  plain.client.create({ ...claim('c'), spec: { ...claim('c').spec, storageClassName: 'standard' } })
  plain.advance('1m')
  const kinds = ['volumeattachments', 'csinodes', 'csidrivers']
  expect([...asked].filter(what => kinds.some(k => what.includes(k)))).toEqual([])
  look(plain)
  plain.client.create(storageClass)
  plain.advance('1s')
  expect([...asked].filter(what => kinds.some(k => what.includes(k))).length).toBeGreaterThan(0)
})

test('SHA-256 is the usual one', () => {
  for (const text of ['', 'abc', 'a'.repeat(55), 'a'.repeat(56), 'x'.repeat(64), 'é'.repeat(100)]) {
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
  }
})
