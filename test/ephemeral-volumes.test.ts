import { expect, test } from 'vitest'
import { createCluster } from '../src/index.ts'
import type { LibraryCluster } from '../src/index.ts'

const template = {
  metadata: { labels: { a: 'b' } }, spec: { storageClassName: 'standard', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}
const pod = (...volumes: string[]): any => ({
  kind: 'Pod', metadata: { name: 'web' },
  spec: {
    volumes: volumes.map(name => ({ name, ephemeral: { volumeClaimTemplate: template } })),
    containers: [{ name: 'app', image: 'app:1', volumeMounts: volumes.map(name => ({ name, mountPath: `/${name}` })) }],
  },
})
const phase = (c: LibraryCluster): string => (c.stored('Pod', 'web') as any)?.status.phase
const events = (c: LibraryCluster): string[] =>
  c.model.storedList('events').filter(e => e.involvedObject?.name === 'web').map(e => `${e.type} ${e.reason}: ${e.message}`)

test('claims are made for a pod, are its own, and go with it', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.client.create(pod('one', 'two'))
  cluster.advance('30s')
  expect(phase(cluster)).toBe('Running')
  const claims = cluster.model.storedList('persistentvolumeclaims', 'default')
  expect(claims.map(c => [c.metadata.name, c.metadata.labels, c.status.phase])).toEqual([['web-one', { a: 'b' }, 'Bound'], ['web-two', { a: 'b' }, 'Bound']])
  expect(claims[0].metadata.ownerReferences).toEqual([{
    apiVersion: 'v1', kind: 'Pod', name: 'web', uid: cluster.stored('Pod', 'web')!.metadata!.uid, controller: true, blockOwnerDeletion: true,
  }])
  cluster.client.delete('Pod', 'web')
  cluster.advance('1m')
  expect([cluster.stored('Pod', 'web'), cluster.model.storedList('persistentvolumeclaims', 'default')]).toEqual([undefined, []])
})
test('a claim of that name that is somebody else\'s is in the way, until it goes', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.client.create({ kind: 'PersistentVolumeClaim', metadata: { name: 'web-one' }, spec: template.spec } as any)
  cluster.client.create(pod('one'))
  cluster.advance('10s')
  expect(phase(cluster)).toBe('Pending')
  expect(events(cluster)).toContain('Warning FailedBinding: ephemeral volume one: PVC default/web-one was not created for pod default/web (pod is not owner)')
  cluster.client.delete('PersistentVolumeClaim', 'web-one')
  cluster.advance('5m')
  expect(phase(cluster)).toBe('Running')
})
