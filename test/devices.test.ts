import { describe, expect, test } from 'vitest'
import { createCluster } from '../src/index.ts'

/** Devices that pods claim, as a 1.35.4 control plane gives them: words, objects and their order recorded there. */
type Cluster = ReturnType<typeof createCluster>
const api = 'resource.k8s.io/v1'
const deviceClass = {
  apiVersion: api, kind: 'DeviceClass', metadata: { name: 'gpu' }, spec: { selectors: [{ cel: { expression: "device.driver == 'gpu.example.com'" } }] },
}
const slice = (node: string) => ({
  apiVersion: api, kind: 'ResourceSlice', metadata: { name: `${node}-gpu` },
  spec: {
    driver: 'gpu.example.com', nodeName: node, pool: { name: node, generation: 1, resourceSliceCount: 1 },
    devices: [
      { name: 'gpu-0', attributes: { model: { string: 'a100' }, index: { int: 0 } }, capacity: { memory: { value: '40Gi' } } },
      { name: 'gpu-1', attributes: { model: { string: 'v100' }, index: { int: 1 } }, capacity: { memory: { value: '16Gi' } } },
    ],
  },
})
const requests = (more: object) => ({ devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu', ...more } }] } })
const claim = (name: string, more: object = {}) => ({ apiVersion: api, kind: 'ResourceClaim', metadata: { name }, spec: requests(more) })
const picking = (expression: string) => ({ selectors: [{ cel: { expression } }] })
const pod = (name: string, of: object) => ({
  kind: 'Pod', metadata: { name },
  spec: { resourceClaims: [{ name: 'g', ...of }], containers: [{ name: 'c', image: 'i', resources: { claims: [{ name: 'g' }] } }] },
})
const start = (...objects: readonly object[]): Cluster => {
  const cluster = createCluster({ nodes: 2 })
  for (const object of objects) cluster.client.create(object as never)
  return cluster
}
const placed = (cluster: Cluster, name: string): any => (cluster.stored('Pod', name) as any)?.spec.nodeName
const why = (cluster: Cluster, name: string): any =>
  (cluster.stored('Pod', name) as any)?.status.conditions?.find((c: any) => c.type === 'PodScheduled')?.message
const held = (cluster: Cluster, name: string): any =>
  (cluster.stored('ResourceClaim', name) as any)?.status?.allocation?.devices.results.map((r: any) => r.device)
const state = (cluster: Cluster, name: string): any => {
  const found: any = cluster.stored('ResourceClaim', name)
  return found && [found.metadata.finalizers ?? [], found.status?.reservedFor?.map((r: any) => r.name) ?? [], found.status?.allocation !== undefined]
}
const protection = ['resource.kubernetes.io/delete-protection']

describe('a claim', () => {
  test('that is not there keeps its pod out of the queue', () => {
    const cluster = start(pod('p', { resourceClaimName: 'c' }))
    cluster.advance('10s')
    expect([placed(cluster, 'p'), (cluster.stored('Pod', 'p') as any).status.conditions]).toEqual([undefined, undefined])
    cluster.client.create(claim('c') as never)
    cluster.advance('2s')
    expect(why(cluster, 'p')).toContain('request gpu: device class gpu does not exist. no new claims to deallocate, preemption: 0/')
    cluster.client.create(deviceClass as never)
    cluster.advance('5s')
    expect(why(cluster, 'p')).toMatch(/cannot allocate all claims.* still not schedulable, preemption: 0\//)
    cluster.client.create(slice('worker-1') as never)
    cluster.advance('10s')
    expect([placed(cluster, 'p'), held(cluster, 'c'), state(cluster, 'c')]).toEqual(['worker-1', ['gpu-0'], [protection, ['p'], true]])
    expect((cluster.stored('ResourceClaim', 'c') as any).status.allocation.nodeSelector.nodeSelectorTerms).toEqual([
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['worker-1'] }] },
    ])
  })
  test('may serve several pods, all on its node; its devices are free after the last', () => {
    const cluster = start(deviceClass, slice('worker-2'), claim('c'), pod('one', { resourceClaimName: 'c' }), pod('two', { resourceClaimName: 'c' }))
    cluster.advance('5s')
    expect([placed(cluster, 'one'), placed(cluster, 'two'), state(cluster, 'c')[1].sort()]).toEqual(['worker-2', 'worker-2', ['one', 'two']])
    cluster.client.delete('ResourceClaim', 'c')
    cluster.client.delete('Pod', 'one')
    cluster.advance('40s')
    expect(state(cluster, 'c')).toEqual([protection, ['two'], true])
    cluster.client.delete('Pod', 'two')
    cluster.advance('40s')
    expect(cluster.stored('ResourceClaim', 'c')).toBeUndefined()
  })
  test('is made of a template, and goes with its pod', () => {
    const template = { apiVersion: api, kind: 'ResourceClaimTemplate', metadata: { name: 't' }, spec: { metadata: { labels: { a: 'b' } }, spec: requests({}) } }
    const cluster = start(deviceClass, slice('worker-1'), pod('p', { resourceClaimTemplateName: 't' }))
    cluster.advance('3s')
    expect((cluster.client.list('Event', { namespace: 'default' }) as any[]).find(e => e.reason === 'FailedResourceClaimCreation')?.message).toBe(
      'PodResourceClaim g: resource claim template "t": resourceclaimtemplate.resource.k8s.io "t" not found'
    )
    cluster.client.create(template as never)
    cluster.advance('20s')
    const [made] = cluster.client.list('ResourceClaim' as never, { namespace: 'default' }) as readonly any[]
    expect(made.metadata).toMatchObject({
      generateName: 'p-g-', labels: { a: 'b' }, annotations: { 'resource.kubernetes.io/pod-claim-name': 'g' },
      ownerReferences: [{ kind: 'Pod', name: 'p', controller: true }],
    })
    expect((cluster.stored('Pod', 'p') as any).status.resourceClaimStatuses).toEqual([{ name: 'g', resourceClaimName: made.metadata.name }])
    expect(placed(cluster, 'p')).toBe('worker-1')
    cluster.client.delete('Pod', 'p')
    cluster.advance('40s')
    expect(cluster.client.list('ResourceClaim' as never, { namespace: 'default' })).toEqual([])
  })
})

describe('devices', () => {
  test.each([
    ["device.attributes['gpu.example.com'].model == 'v100'", ['gpu-1']],
    ["device.capacity['gpu.example.com'].memory.compareTo(quantity('20Gi')) > 0", ['gpu-0']],
    ["device.attributes['gpu.example.com'].index > 0", ['gpu-1']], ["'other' in device.attributes['x.example.com']", undefined],
  ])('are found by %s', (expression, devices) => {
    const cluster = start(deviceClass, slice('worker-1'), claim('c', picking(expression)), pod('p', { resourceClaimName: 'c' }))
    cluster.advance('5s')
    expect(held(cluster, 'c')).toEqual(devices)
  })
  test('are given once; whoever waits has them when they are free', () => {
    const all = claim('all', { allocationMode: 'All' })
    const cluster = start(deviceClass, slice('worker-1'), claim('c'), all, pod('first', { resourceClaimName: 'c' }))
    cluster.advance('3s')
    cluster.client.create(pod('second', { resourceClaimName: 'all' }) as never)
    cluster.advance('5s')
    expect([held(cluster, 'c'), held(cluster, 'all'), why(cluster, 'second')]).toEqual([
      ['gpu-0'], undefined, expect.stringContaining('cannot allocate all claims'),
    ])
    cluster.client.delete('Pod', 'first')
    cluster.advance('1m')
    expect([state(cluster, 'c'), held(cluster, 'all')]).toEqual([[[], [], false], ['gpu-0', 'gpu-1']])
  })
  test('come together, or not at all', () => {
    const cluster = start(
      deviceClass, slice('worker-1'), slice('worker-2'), claim('big', { count: 3 }), claim('two', { count: 2 }), pod('p', { resourceClaimName: 'big' })
    )
    cluster.client.create(pod('q', { resourceClaimName: 'two' }) as never)
    cluster.advance('5s')
    expect([held(cluster, 'big'), held(cluster, 'two')]).toEqual([undefined, ['gpu-0', 'gpu-1']])
  })
  test('an expression that asks for what a device has not ends the cycle', () => {
    const cluster = start(
      deviceClass, slice('worker-1'), claim('bad', picking("device.attributes['gpu.example.com'].nothing == 1")), pod('p', { resourceClaimName: 'bad' })
    )
    cluster.advance('5s')
    expect(why(cluster, 'p')).toBe('running "DynamicResources" filter plugin: claim default/bad: selector #0: CEL runtime error: no such key: nothing')
    // also where only preemption gets as far as to ask for devices
    const heavy: any = pod('heavy', { resourceClaimName: 'bad' })
    const low = {
      kind: 'Pod', metadata: { name: 'low' }, spec: { nodeName: 'worker-1', containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '3' } } }] },
    }
    cluster.client.create(low as never)
    cluster.client.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 } as never)
    cluster.client.create({
      ...heavy, spec: { ...heavy.spec, priorityClassName: 'high', containers: [{ ...heavy.spec.containers[0], resources: { requests: { cpu: '3' } } }] },
    } as never)
    cluster.advance('5s')
    expect([placed(cluster, 'heavy'), why(cluster, 'heavy')]).toEqual([undefined, expect.stringContaining('CEL runtime error: no such key: nothing')])
  })
})
