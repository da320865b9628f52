import { describe, expect, test } from 'vitest'
import { createCluster, type LibraryCluster } from '../src/library.ts'

/** What containers use, as their behaviour says: who is evicted first, and who is killed at its limit. */
interface Member {
  readonly behaviour?: string
  readonly requests?: Record<string, string>
  readonly limits?: Record<string, string>
  readonly priority?: string
}
function running(members: Readonly<Record<string, Member>>): LibraryCluster {
  const cluster = createCluster({ nodes: 1 })
  for (const [name, value] of [['low', -10], ['high', 1000]] as const) cluster.client.create({ kind: 'PriorityClass', metadata: { name }, value })
  for (const [name, { behaviour, requests, limits, priority }] of Object.entries(members)) {
    const annotations = behaviour ? { 'behaviour.kscenario.dev/app': behaviour } : {}
    cluster.client.create({
      kind: 'Pod', metadata: { name, annotations },
      spec: {
        ...priority ? { priorityClassName: priority } : {},
        containers: [{ name: 'app', image: 'shop/app:1', resources: { ...requests ? { requests } : {}, ...limits ? { limits } : {} } }],
      },
    })
  }
  expect(cluster.until(() => Object.keys(members).every(n => (cluster.stored('Pod', n) as any).status.phase === 'Running'))).toBe(true)
  return cluster
}
const statusOf = (cluster: LibraryCluster, name: string): any => (cluster.stored('Pod', name) as any).status
/** Names in the order in which they are evicted under pressure of this kind. */
function order(members: Readonly<Record<string, Member>>, kind: string): readonly string[] {
  const cluster = running(members), gone: string[] = []
  cluster.observe((o: any) => {
    if (o.type === 'object' && o.resource === 'pods' && o.new?.status?.reason === 'Evicted' && !gone.includes(o.new.metadata.name)) {
      gone.push(o.new.metadata.name)
    }
  })
  cluster.inject('node-pressure', { node: 'worker-1', kind })
  cluster.advance('5m')
  return gone
}

describe('who is evicted first', () => {
  test('memory: who uses more than it requests, then who matters less, then who uses most beyond its request', () => {
    expect(order({
      within: { behaviour: 'memory: 900Mi', requests: { memory: '1Gi' } },
      important: { behaviour: 'memory: 2Gi', requests: { memory: '64Mi' }, priority: 'high' },
      little: { behaviour: 'memory: 128Mi', requests: { memory: '64Mi' } },
      much: { behaviour: 'memory: 512Mi', requests: { memory: '64Mi' } },
      cheap: { behaviour: 'memory: 65Mi', requests: { memory: '64Mi' }, priority: 'low' },
    }, 'memory')).toEqual(['cheap', 'much', 'little', 'important', 'within'])
  })
  test('disk: the same of what it wrote', () => {
    expect(order(
      { writes: { behaviour: 'disk: 5Gi' }, asked: { behaviour: 'disk: 8Gi', requests: { 'ephemeral-storage': '10Gi' } }, floods: { behaviour: 'disk: 6Gi' } },
      'disk'
    )).toEqual(['floods', 'writes', 'asked'])
  })
  test('process ids: who matters less, then who has most', () => {
    expect(order(
      { few: { behaviour: 'processes: 10' }, many: { behaviour: 'processes: 500' }, cheap: { behaviour: 'processes: 2', priority: 'low' } }, 'pid'
    )).toEqual(['cheap', 'many', 'few'])
  })
  test('what it used is told', () => {
    const cluster = running({ web: { behaviour: 'memory: 300Mi', requests: { memory: '64Mi' } } })
    cluster.inject('node-pressure', { node: 'worker-1', kind: 'memory' })
    cluster.advance('1m')
    expect(statusOf(cluster, 'web').message).toBe(
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. Container app was using 300Mi, request is 64Mi, has larger consumption of memory. '
    )
  })
  test('who stays within its request is told nothing of, and goes last', () => {
    const cluster = running({ web: { behaviour: 'memory: 60Mi', requests: { memory: '64Mi' } } })
    cluster.inject('node-pressure', { node: 'worker-1', kind: 'memory' })
    cluster.advance('1m')
    expect(statusOf(cluster, 'web').message).toBe('The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. ')
  })
})

describe('a container that uses more memory than its limit', () => {
  const growing = 'memory: [{use: 32Mi}, {from: 20s, use: 100Mi}]'
  test('is killed when it does, and starts again', () => {
    const cluster = running({ web: { behaviour: growing, limits: { memory: '64Mi' } } })
    const began = Date.parse(statusOf(cluster, 'web').containerStatuses[0].state.running.startedAt)
    cluster.advance('25s')
    const { lastState, restartCount } = statusOf(cluster, 'web').containerStatuses[0]
    expect([
      restartCount, lastState.terminated.reason, lastState.terminated.exitCode, Date.parse(lastState.terminated.finishedAt) - began,
    ]).toEqual([1, 'OOMKilled', 137, 20_000])
  })
  test('is not without a limit, or with enough of it', () => {
    const cluster = running({ free: { behaviour: growing }, enough: { behaviour: growing, limits: { memory: '100Mi' } } })
    cluster.advance('2m')
    for (const name of ['free', 'enough']) expect(statusOf(cluster, name).containerStatuses[0].restartCount).toBe(0)
  })
  test('a limit raised in time saves it', () => {
    const cluster = running({ web: { behaviour: growing, requests: { memory: '64Mi' }, limits: { memory: '64Mi' } } })
    cluster.advance('5s')
    cluster.client.patch(
      'Pod', 'web', { spec: { containers: [{ name: 'app', resources: { requests: { memory: '128Mi' }, limits: { memory: '128Mi' } } }] } },
      { subresource: 'resize' as never }
    )
    cluster.advance('1m')
    expect(statusOf(cluster, 'web').containerStatuses[0].restartCount).toBe(0)
  })
})
test('an amount that is none is refused by name', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.client.create({
    kind: 'Pod', metadata: { name: 'web', annotations: { 'behaviour.kscenario.dev/app': 'memory: plenty' } },
    spec: { containers: [{ name: 'app', image: 'shop/app:1' }] },
  })
  cluster.advance('10s')
  expect(statusOf(cluster, 'web').containerStatuses[0].state.waiting.message).toContain('memory must be a quantity such as 64Mi, not "plenty"')
})
test('a device that the node does not have is not the kubelet\'s to refuse, but too much memory is', () => {
  const cluster = createCluster({ nodes: 1 }), named = (name: string, requests: Record<string, string>): void => {
    cluster.client.create({
      kind: 'Pod', metadata: { name },
      spec: { nodeName: 'worker-1', containers: [{ name: 'app', image: 'shop/app:1', resources: { requests, limits: requests } }] },
    })
  }
  named('device', { 'example.com/gpu': '1' })
  named('large', { memory: '900Gi' })
  cluster.advance('10s')
  expect([statusOf(cluster, 'device').phase, statusOf(cluster, 'large').reason]).toEqual(['Running', 'OutOfmemory'])
})
