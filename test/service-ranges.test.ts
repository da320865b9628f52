import { describe, expect, test } from 'vitest'
import { createCluster } from '../src/index.ts'
import { serversThatHave } from './support/api-servers.ts'

/** Recorded of a 1.35.4 control plane: which ranges give Services their addresses, and when a range may go. */
const range = (name: string, cidr: string) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name }, spec: { cidrs: [cidr] } }) as const
const service = (name: string, clusterIP?: string) => ({ kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }], clusterIP } }) as const
const condition = (cluster: ReturnType<typeof createCluster>, name: string): any => (cluster.stored('ServiceCIDR', name)?.status as any)?.conditions?.[0]

describe('a second range', () => {
  test('becomes ready, is held, and gives an address to who asks for one of it', () => {
    const cluster = createCluster({ nodes: 1 }), { client } = cluster
    expect(() => client.create(service('early', '10.200.0.3'))).toThrow(/the provided network does not match the current range/)
    client.create(range('more', '10.200.0.0/29'))
    cluster.advance('1s')
    expect(condition(cluster, 'more')).toMatchObject({ type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' })
    expect(cluster.stored('ServiceCIDR', 'more')?.metadata?.finalizers).toEqual(['networking.k8s.io/service-cidr-finalizer'])
    expect(client.create(service('asked', '10.200.0.3')).spec?.clusterIP).toBe('10.200.0.3')
    expect(cluster.stored('IPAddress', '10.200.0.3')?.spec).toEqual({ parentRef: { resource: 'services', namespace: 'default', name: 'asked' } })
    expect(() => client.create(service('again', '10.200.0.3'))).toThrow(/failed to allocate IP 10.200.0.3: provided IP is already allocated/)
    for (const ip of ['10.200.0.0', '10.200.0.7', '10.200.0.8']) {
      expect(() => client.create(service('edge', ip))).toThrow(/the provided network does not match the current range/)
    }
  })
  test('becomes ready whatever else has woken a controller before', () => {
    const cluster = createCluster({ nodes: 1 }), { client } = cluster
    client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttributesClass', metadata: { name: 'fast' }, driverName: 'disk.example', parameters: { iops: '1' } })
    cluster.advance('1s')
    expect(cluster.stored('VolumeAttributesClass', 'fast')?.metadata?.finalizers).toEqual(['kubernetes.io/vac-protection'])
    client.create(range('more', '10.200.0.0/29'))
    cluster.advance('1s')
    expect(condition(cluster, 'more')).toMatchObject({ type: 'Ready', status: 'True' })
  })
  test('stays as long as an address of it is in use, and ten seconds more', () => {
    const cluster = createCluster({ nodes: 1 }), { client } = cluster
    client.create(range('more', '10.200.0.0/29'))
    cluster.advance('1s')
    client.create(service('asked', '10.200.0.3'))
    client.delete('ServiceCIDR', 'more')
    cluster.advance('1m')
    expect(condition(cluster, 'more')).toMatchObject({
      status: 'False', reason: 'Terminating', message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
    })
    expect(() => client.create(service('late', '10.200.0.4'))).toThrow(/the provided network does not match the current range/)
    client.delete('Service', 'asked')
    cluster.advance('1s')
    expect(cluster.stored('ServiceCIDR', 'more')).toBeUndefined()
    client.create(range('over', '10.96.1.0/24'))
    cluster.advance('1s')
    client.delete('ServiceCIDR', 'over')
    cluster.advance('8s')
    expect(condition(cluster, 'over').status).toBe('True')
    cluster.advance('3s')
    expect(cluster.stored('ServiceCIDR', 'over')).toBeUndefined()
  })
  test('becomes ready once somebody is there to see it', () => {
    const cluster = createCluster({ nodes: 1 }), { client } = cluster, heal = cluster.inject('component-down', { component: 'kube-controller-manager' })
    client.create(range('more', '10.200.0.0/29'))
    cluster.advance('10s')
    expect(condition(cluster, 'more')).toBeUndefined()
    // allocators do not wait for it
    expect(client.create(service('asked', '10.200.0.3')).spec?.clusterIP).toBe('10.200.0.3')
    heal()
    cluster.advance('1m')
    expect(condition(cluster, 'more')).toMatchObject({ type: 'Ready', status: 'True' })
  })
  test('takes over where the first has been deleted, and the first comes back', () => {
    const cluster = createCluster({ nodes: 1 }), { client } = cluster
    client.create(range('small', '10.200.0.0/30'))
    cluster.advance('1s')
    client.delete('ServiceCIDR', 'kubernetes')
    cluster.advance('1m')
    expect(['a', 'b'].map(name => client.create(service(name)).spec?.clusterIP).sort()).toEqual(['10.200.0.1', '10.200.0.2'])
    expect(() => client.create(service('c'))).toThrow('Internal error occurred: failed to allocate a serviceIP: range is full')
    client.create(range('all', '10.0.0.0/8'))
    cluster.advance('30s')
    expect(condition(cluster, 'kubernetes').status).toBe('True')
  })
})

describe('what an API server keeps of its own', () => {
  test('comes back by itself', () => {
    const cluster = createCluster({ nodes: 1 }), { client } = cluster
    cluster.advance('5s')
    client.delete('Service', 'kubernetes')
    client.delete('FlowSchema', 'exempt')
    client.delete('Namespace', 'kube-node-lease')
    expect(cluster.stored('Service', 'kubernetes')).toBeUndefined()
    cluster.advance('10s')
    expect(cluster.stored('Service', 'kubernetes')?.spec?.clusterIP).toBe('10.96.0.1')
    cluster.advance('2m')
    expect(cluster.stored('FlowSchema', 'exempt')).toBeDefined()
    expect(cluster.stored('Namespace', 'kube-node-lease')?.status?.phase).toBe('Active')
  })
  test('an APIService does so at the next start alone, and what it was for is served meanwhile', () => {
    const cluster = createCluster({ nodes: 1 }), { client } = cluster
    client.delete('APIService', 'v1.apps')
    cluster.advance('5m')
    expect(cluster.stored('APIService', 'v1.apps')).toBeUndefined()
    expect(client.list('Deployment', { namespace: 'kube-system' }).length).toBeGreaterThan(0)
    cluster.inject('component-down', { component: 'kube-apiserver' })()
    cluster.advance('1m')
    expect(cluster.stored('APIService', 'v1.apps')).toBeDefined()
  })
})

/** Source: k8s.io/apiserver pkg/registry/generic/registry/store.go (create: BeginCreate comes before BeforeCreate), seen on a 1.35.4 API server */
test('families are judged before it is seen that a Service has no name', () => {
  const body = { metadata: {}, spec: { ipFamilies: ['a'], ports: [{ port: 80 }] } }
  expect(serversThatHave().ask({ verb: 'create', resource: 'services', namespace: 'default', body }).body.message).toBe(
    'Service "" is invalid: spec.ipFamilies[0]: Unsupported value: "a": supported values: "IPv4", "IPv6"'
  )
})
