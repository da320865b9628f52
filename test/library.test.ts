import { describe, expect, test } from 'vitest'
import { ApiError, createCluster } from '../src/index.ts'

const app = (name: string) => ({ kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'app', image: 'web:1' }] } }) as const

describe('the library', () => {
  test('brings a pod up, in virtual time', () => {
    const cluster = createCluster({ nodes: 2 })
    expect(cluster.client.create(app('web')).status?.phase).toBe('Pending')
    expect(cluster.until(() => cluster.stored('Pod', 'web')?.status?.phase === 'Running')).toBe(true)
    expect(cluster.client.list('Pod', { namespace: 'default' }).map(p => p.metadata?.name)).toEqual(['web'])
  })
  test('says that nothing can come any more', () => {
    const cluster = createCluster({ nodes: 1 })
    cluster.inject('component-down', { component: 'kube-scheduler' })
    cluster.client.create(app('web'))
    expect(cluster.until(() => cluster.stored('Pod', 'web')?.status?.phase === 'Running', '1h')).toBe(false)
    expect(cluster.now).toBeLessThan(60_000)
  })
  test('throws what the API server answers', () => {
    const cluster = createCluster()
    expect(() => cluster.client.create(app('Web'))).toThrow(/Pod "Web" is invalid: metadata.name: Invalid value/)
    expect(() => cluster.client.as('ana').list('Secret')).toThrow(/User "ana" cannot list resource "secrets"/)
    cluster.inject('component-down', { component: 'kube-apiserver' })
    expect(() => cluster.client.get('Node', 'worker-1')).toThrow(ApiError)
  })
  test('updates, patches, applies and deletes', () => {
    const { client } = createCluster()
    client.create({ kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } })
    const stale = client.get('ConfigMap', 'a')
    expect(client.patch('ConfigMap', 'a', { data: { y: '2' } }).data).toEqual({ x: '1', y: '2' })
    expect(() => client.update('ConfigMap', { ...stale, data: {} })).toThrow(/the object has been modified/)
    expect(() => client.apply({ kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '3' } }, 'other')).toThrow(/conflict/)
    expect(client.apply({ kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '3' } }, 'other', true).data?.x).toBe('3')
    client.delete('ConfigMap', 'a')
    expect(() => client.get('ConfigMap', 'a')).toThrow(/configmaps "a" not found/)
  })
  test('refuses faults and durations that make no sense', () => {
    const cluster = createCluster()
    expect(() => cluster.inject('node-down', { node: 'worker-9' })).toThrow(/there is no machine worker-9/)
    expect(() => cluster.advance('soon')).toThrow(/no duration/)
  })
  test('forks: each goes on alone', () => {
    const cluster = createCluster({ nodes: 2 }), twin = cluster.fork()
    twin.client.create(app('web'))
    expect([cluster.stored('Pod', 'web'), twin.stored('Pod', 'web')?.metadata?.name]).toEqual([undefined, 'web'])
  })
})
