import { expect, test } from 'vitest'
import { Network } from './support/network.ts'

/**
 * Sources of a volume in the order in which a 1.35.4 API server judged them, each with the least that it takes, and the name by which it is told where that is
 * another.
 */
const sources: readonly (readonly [source: string, least: object, told?: string])[] = [
  ['emptyDir', {}], ['hostPath', { path: '/a' }], ['gitRepo', { repository: 'r' }], ['gcePersistentDisk', { pdName: 'd' }],
  ['awsElasticBlockStore', { volumeID: 'v' }], ['secret', { secretName: 's' }], ['nfs', { server: 's', path: '/p' }],
  ['iscsi', { targetPortal: '192.0.2.1:3260', iqn: 'iqn.2001-04.com.example:storage.kube.sys1.xyz', lun: 0 }], ['glusterfs', { endpoints: 'e', path: 'p' }],
  ['flocker', { datasetName: 'd' }], ['persistentVolumeClaim', { claimName: 'c' }], ['rbd', { monitors: ['m'], image: 'i' }], ['cinder', { volumeID: 'v' }],
  ['cephfs', { monitors: ['m'] }, 'cephFS'], ['quobyte', { registry: 'r:1', volume: 'v' }],
  ['downwardAPI', { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] }, 'downwarAPI'], ['fc', { targetWWNs: ['w'], lun: 0 }],
  ['flexVolume', { driver: 'a/b' }], ['configMap', { name: 'c' }], ['azureFile', { secretName: 's', shareName: 'h' }], ['vsphereVolume', { volumePath: 'p' }],
  ['photonPersistentDisk', { pdID: 'p' }], ['portworxVolume', { volumeID: 'v' }], ['azureDisk', { diskName: 'd', diskURI: 'https://a/b' }],
  ['storageos', { volumeName: 'v', volumeNamespace: 'n' }], ['projected', { sources: [{ secret: { name: 's' } }] }],
  ['scaleIO', { gateway: 'g', system: 's', volumeName: 'v', secretRef: { name: 'x' } }], ['csi', { driver: 'd.example.com' }],
  ['ephemeral', { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } }],
  ['image', { reference: 'r' }],
]
const network = new Network()
function told(...some: typeof sources): string {
  const volume = { name: 'data', ...Object.fromEntries(some.map(([source, least]) => [source, least])) }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { volumes: [volume], containers: [{ name: 'c', image: 'web:1' }] } }
  try { network.ask('create', { resource: 'pods', namespace: 'default' }, pod) } catch (error) { return JSON.parse((error as Error).message).message }
  return 'created'
}
const second = ([source, , name = source]: typeof sources[number]): string => `spec.volumes[0].${name}: Forbidden: may not specify more than 1 volume type`

test('of several sources of a volume the first in the order of the API server is judged, and each other is one too many', () => {
  let pairs = 0
  for (const [i, later] of sources.entries()) for (const [j, earlier] of sources.slice(0, i).entries()) {
    if ((i + j) % 3 > 0) continue
    // whichever is written first
    expect(told(...pairs++ % 2 ? [later, earlier] : [earlier, later])).toBe(`Pod "p" is invalid: ${second(later)}`)
  }
  expect(pairs).toBeGreaterThan(100)
  expect(told(...sources)).toBe(`Pod "p" is invalid: [${sources.slice(1).map(second).join(', ')}]`)
})
