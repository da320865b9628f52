import { describe, expect, it } from 'vitest'
import { Story } from './support/cluster-lines.ts'

const managed = (): Story => new Story({ bare: false, managed: true })
const told = (lines: readonly string[]): string[] => lines.map(line => line.slice(line.indexOf(' ') + 1))
const service = (spec: any = {}) =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' }, spec: { type: 'LoadBalancer', selector: { app: 'shop' }, ports: [{ port: 80 }], ...spec } })

describe('nodes of a managed cluster', () => {
  it('are initialised from the cloud', () => {
    const { spec, metadata } = managed().node('worker-1')
    expect(spec).toMatchObject({ providerID: 'cloud:///worker-1' })
    expect(spec.taints ?? []).toEqual([])
    expect(metadata.labels).toMatchObject({ 'node.kubernetes.io/instance-type': 'standard' })
  })
  it('go when their instance has gone, and their pods with them', () => {
    const story = managed()
    story.pod('web', { nodeName: 'worker-1' })
    story.after(5, /./)
    story.cluster.inject('instance-terminated', { node: 'worker-1' })
    expect(told(story.after(180, /node worker-1 (gone|Ready)|event worker-1 (Del|Rem)|pod web gone/))).toEqual([
      'node worker-1 Ready=Unknown', 'event worker-1 DeletingNode: Deleting node worker-1 because it does not exist in the cloud provider',
      'node worker-1 gone', 'csinode worker-1 gone',
      'event worker-1 RemovingNode: Node worker-1 event: Removing Node worker-1 from Controller', 'pod web gone',
    ])
  })
  it('stay while their instance is only down', () => {
    const story = managed()
    story.cluster.inject('node-down', { node: 'worker-1' })
    expect(story.after(180, /gone/)).toEqual([])
  })
})

describe('a Service of type LoadBalancer', () => {
  it('gets an address, and gives it back when it is deleted', () => {
    const story = managed()
    story.send('create', { resource: 'services', namespace: 'default' }, service())
    expect(told(story.after(10, /event shop .*alancer/))).toEqual([
      'event shop EnsuringLoadBalancer: Ensuring load balancer', 'event shop EnsuredLoadBalancer: Ensured load balancer',
    ])
    expect(story.cluster.stored('services', 'default', 'shop')).toMatchObject({
      metadata: { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] }, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } },
    })
    story.send('delete', { resource: 'services', namespace: 'default', name: 'shop' })
    expect(told(story.after(10, /shop/)).filter(line => /alancer|service/.test(line))).toEqual([
      'service shop deleted', 'event shop DeletingLoadBalancer: Deleting load balancer', 'service shop gone',
      'event shop DeletedLoadBalancer: Deleted load balancer',
    ])
  })
  it('loses it with its type', () => {
    const story = managed()
    story.send('create', { resource: 'services', namespace: 'default' }, service())
    story.after(10, /./)
    story.merge('services', 'shop', { spec: { type: 'ClusterIP' } }, 'default')
    story.after(10, /./)
    const { metadata, status } = story.cluster.stored('services', 'default', 'shop')!
    expect([metadata.finalizers ?? [], status.loadBalancer]).toEqual([[], {}])
  })
  it('waits where there is no cloud', () => {
    const story = new Story({})
    story.send('create', { resource: 'services', namespace: 'default' }, service())
    story.after(60, /./)
    expect(story.cluster.stored('services', 'default', 'shop')!.status.loadBalancer).toEqual({})
  })
})
