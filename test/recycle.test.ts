import { describe, expect, test } from 'vitest'
import { createCluster } from '../src/index.ts'
import type { LibraryCluster } from '../src/index.ts'

const volume = (source: any = { hostPath: { path: '/srv/old' } }, more: any = {}): any => ({
  kind: 'PersistentVolume', metadata: { name: 'old' },
  spec: { capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'hand', persistentVolumeReclaimPolicy: 'Recycle', ...source, ...more },
})
const claim = (name: string): any => ({
  kind: 'PersistentVolumeClaim', metadata: { name },
  spec: { storageClassName: 'hand', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
})
function world(source?: any, more?: any): LibraryCluster {
  const cluster = createCluster({ nodes: 1 })
  cluster.client.create(volume(source, more))
  cluster.advance('1s')
  cluster.client.create(claim('first'))
  cluster.advance('20s')
  expect(phase(cluster)).toBe('Bound')
  return cluster
}
const phase = (c: LibraryCluster): string => (c.stored('PersistentVolume', 'old') as any).status.phase
const events = (c: LibraryCluster): string[] =>
  c.model.storedList('events').filter(e => e.involvedObject?.name === 'old').map(e => `${e.type} ${e.reason}: ${e.message}`)

describe('a volume that is to be used again', () => {
  test('is emptied by a pod, and free for the next claim', () => {
    const cluster = world(), seen = new Set<string>()
    cluster.observe(o => { if (o.type === 'object' && o.resource === 'pods') seen.add(o.name) })
    cluster.client.delete('PersistentVolumeClaim', 'first')
    cluster.advance('100ms')
    expect(phase(cluster)).toBe('Released')
    cluster.advance('20s')
    expect([phase(cluster), [...seen], cluster.stored('Pod', 'recycler-for-old')]).toEqual(['Available', ['recycler-for-old'], undefined])
    expect(events(cluster)).toEqual(['Normal VolumeRecycled: Volume recycled'])
    cluster.client.create(claim('second'))
    cluster.advance('20s')
    expect((cluster.stored('PersistentVolume', 'old') as any).spec.claimRef.name).toBe('second')
  })
  test('waits for the pod, where no node takes it', () => {
    const cluster = world()
    const heal = cluster.inject('node-down', { node: 'worker-1' })
    cluster.client.delete('PersistentVolumeClaim', 'first')
    cluster.advance('4m')
    expect([phase(cluster), cluster.stored('Pod', 'recycler-for-old') !== undefined]).toEqual(['Released', true])
    heal()
    cluster.advance('3m')
    expect(phase(cluster)).toBe('Available')
  })
  test('stays for the claim that it was set aside for', () => {
    const cluster = world({ hostPath: { path: '/srv/old' } }, { claimRef: { namespace: 'default', name: 'first' } })
    cluster.client.delete('PersistentVolumeClaim', 'first')
    cluster.advance('30s')
    const { spec, status } = cluster.stored('PersistentVolume', 'old') as any
    expect([status.phase, spec.claimRef.name, spec.claimRef.uid]).toEqual(['Available', 'first', undefined])
  })
  test('fails where nobody knows how to empty it', () => {
    const cluster = world({ csi: { driver: 'x.example.com', volumeHandle: 'h' } })
    cluster.client.delete('PersistentVolumeClaim', 'first')
    cluster.advance('5s')
    expect([phase(cluster), events(cluster)]).toEqual(['Failed', ['Warning VolumeFailedRecycle: No recycler plugin found for the volume!']])
  })
})

test('a volume that is kept stays released, though a claim of that name comes anew', () => {
  const cluster = world({ hostPath: { path: '/srv/old' } }, { persistentVolumeReclaimPolicy: 'Retain' })
  cluster.client.delete('PersistentVolumeClaim', 'first')
  cluster.advance('5s')
  const { spec, ...rest } = claim('first')
  cluster.client.create({ ...rest, spec: { ...spec, volumeName: 'old' } })
  cluster.advance('1m')
  expect([phase(cluster), (cluster.stored('PersistentVolumeClaim', 'first') as any).status.phase]).toEqual(['Released', 'Pending'])
  // until somebody takes away whose it was
  cluster.client.patch('PersistentVolume', 'old', { spec: { claimRef: null } } as any)
  cluster.advance('1m')
  expect([phase(cluster), (cluster.stored('PersistentVolumeClaim', 'first') as any).status.phase]).toEqual(['Bound', 'Bound'])
})
