import { describe, expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import type { LibraryCluster } from '../src/library.ts'

/** What a kubelet finds when something comes late: a volume, room, a deadline that has passed, a machine that goes on. */
type More = Readonly<Record<string, unknown>>
const podOf = (name: string, behaviour: string, container: More = {}, spec: More = {}): any => ({
  kind: 'Pod', metadata: { name, annotations: { 'behaviour.kscenario.dev/app': behaviour } },
  spec: { containers: [{ name: 'app', image: 'shop/web:1', ...container }], ...spec },
})
const statusOf = (cluster: LibraryCluster, name: string): any => (cluster.stored('Pod', name) as any).status
const appOf = (cluster: LibraryCluster, name: string): any => statusOf(cluster, name).containerStatuses?.[0]
const told = (cluster: LibraryCluster, reason: string): any[] => cluster.client.list('Event', { namespace: 'default' }).filter((e: any) => e.reason === reason)
const resize = (cluster: LibraryCluster, name: string, requests: More, list = 'containers', container = 'app', limits?: More): void => {
  cluster.client.patch('Pod', name, { spec: { [list]: [{ name: container, resources: { requests, ...limits ? { limits } : {} } }] } }, {
    subresource: 'resize' as never,
  })
}
const running = (cluster: LibraryCluster, ...names: string[]): void => {
  expect(cluster.until(() => names.every(n => statusOf(cluster, n).phase === 'Running'), '1m')).toBe(true)
}

describe('volumes', () => {
  const mounts = { volumeMounts: [{ name: 's', mountPath: '/s' }] }
  test.each([[3, 4, 5.5], [5, 8, 9.5], [9, 16, 17.5]])('that are there after %i s are mounted at the attempt of the %ith second', (after, from, to) => {
    const cluster = createCluster({ nodes: 1 }), at = cluster.now
    cluster.client.create(podOf('web', '', mounts, { volumes: [{ name: 's', configMap: { name: 'late' } }] }))
    cluster.advance(after * 1000)
    cluster.client.create({ kind: 'ConfigMap', metadata: { name: 'late' }, data: {} })
    expect(cluster.until(() => statusOf(cluster, 'web').phase === 'Running', '2m')).toBe(true)
    expect((cluster.now - at) / 1000).toBeGreaterThan(from - 0.6)
    expect((cluster.now - at) / 1000).toBeLessThan(to)
  })
})

describe('a deadline', () => {
  test('that passes while the kubelet is away ends the pod when it is back', () => {
    const cluster = createCluster({ nodes: 1 })
    cluster.client.create(podOf('short', '', {}, { activeDeadlineSeconds: 20, terminationGracePeriodSeconds: 1 }))
    running(cluster, 'short')
    const start = cluster.inject('kubelet-stop', { node: 'worker-1' })
    cluster.advance('30s')
    expect(statusOf(cluster, 'short').phase).toBe('Running')
    start()
    cluster.advance('8s')
    expect(statusOf(cluster, 'short')).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' })
  })
  test('is told with each of the four statuses of the end, and a sidecar that has ended is one that has not been set up', () => {
    const cluster = createCluster({ nodes: 1 }), proxy = { name: 'proxy', image: 'shop/proxy:1', restartPolicy: 'Always' }
    cluster.client.create(podOf('over', '{exit: {after: 1s, code: 6}}', {}, { activeDeadlineSeconds: 9, initContainers: [proxy] }))
    cluster.advance('30s')
    expect(told(cluster, 'DeadlineExceeded').map(e => e.count)).toEqual([4])
    expect(statusOf(cluster, 'over').conditions.find((c: any) => c.type === 'Initialized'))
      .toMatchObject({ status: 'False', message: 'containers with incomplete status: [proxy]' })
  })
})

describe('a phase that somebody else has written', () => {
  const failed = (cluster: LibraryCluster): void => {
    cluster.client.create(podOf('over', ''))
    running(cluster, 'over')
    cluster.advance('2s')
    cluster.client.patch('Pod', 'over', { status: { phase: 'Failed' } }, { subresource: 'status' as never })
  }
  test('ends the pod once there is other news of it', () => {
    const cluster = createCluster({ nodes: 1 })
    failed(cluster)
    cluster.client.patch('Pod', 'over', { metadata: { annotations: { a: '1' } } })
    cluster.advance('3s')
    expect(told(cluster, 'Killing').map(e => e.message)).toEqual(['Stopping container app'])
    expect(statusOf(cluster, 'over').phase).toBe('Failed')
    expect(appOf(cluster, 'over').state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' })
    expect(statusOf(cluster, 'over').conditions.find((c: any) => c.type === 'Ready')).toMatchObject({ status: 'False', reason: 'PodFailed' })
  })
  test('is put right within ten seconds where there is none', () => {
    const cluster = createCluster({ nodes: 1 })
    failed(cluster)
    cluster.advance('11s')
    expect(statusOf(cluster, 'over').phase).toBe('Running')
    expect(told(cluster, 'Killing')).toEqual([])
  })
})

describe('resources', () => {
  test('that another pod gives away are taken by the resize that waits for them', () => {
    const cluster = createCluster({ nodes: [{ name: 'worker-1', cpu: '4' }] })
    for (const [name, cpu] of [['large', '2500m'], ['small', '500m']]) cluster.client.create(podOf(name, '', { resources: { requests: { cpu } } }))
    running(cluster, 'large', 'small')
    resize(cluster, 'small', { cpu: '2' })
    cluster.advance('5s')
    expect(statusOf(cluster, 'small').conditions.find((c: any) => c.type === 'PodResizePending')).toMatchObject({ reason: 'Deferred' })
    resize(cluster, 'large', { cpu: '1500m' })
    cluster.advance('5s')
    expect(appOf(cluster, 'small').resources.requests.cpu).toBe('2')
    expect(statusOf(cluster, 'small').conditions.some((c: any) => c.type === 'PodResizePending')).toBe(false)
  })
  const anew = { resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }], resources: { requests: { memory: '64Mi' } } }
  test('of a sidecar that is to start anew for them', () => {
    const cluster = createCluster({ nodes: 1 }), proxy = { name: 'proxy', image: 'shop/proxy:1', restartPolicy: 'Always', ...anew }
    cluster.client.create(podOf('pair', '', {}, { initContainers: [proxy] }))
    running(cluster, 'pair')
    resize(cluster, 'pair', { memory: '128Mi' }, 'initContainers', 'proxy')
    cluster.advance('10s')
    expect(statusOf(cluster, 'pair').initContainerStatuses[0]).toMatchObject({ restartCount: 1, resources: { requests: { memory: '128Mi' } } })
    expect(told(cluster, 'Killing').map(e => e.message)).toEqual(['Container proxy resize requires restart'])
    expect(appOf(cluster, 'pair').restartCount).toBe(0)
  })
  test('of a container in its back-off end the wait, and so does another image', () => {
    const change: Readonly<Record<string, (cluster: LibraryCluster) => void>> = {
      nothing: () => {}, memory: c => resize(c, 'web', { memory: '96Mi' }),
      image: c => { c.client.patch('Pod', 'web', { spec: { containers: [{ name: 'app', image: 'shop/web:2' }] } }) },
    }
    const after = Object.entries(change).map(([what, act]) => {
      const cluster = createCluster({ nodes: 1 })
      cluster.client.create(podOf('web', '{exit: {after: 1s, code: 1}}', anew))
      expect(cluster.until(() => appOf(cluster, 'web')?.restartCount === 3, '2m')).toBe(true)
      cluster.advance('5s')
      act(cluster)
      cluster.advance('4s')
      return `${what} ${appOf(cluster, 'web').restartCount > 3}`
    })
    expect(after).toEqual(['nothing false', 'memory true', 'image true'])
  })
})

test('a machine that stood still probes once when it goes on, not once for each beat that it missed', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.client.create(podOf('live', '{exec: [{from: 12s, code: 1}]}', { livenessProbe: { exec: { command: ['x'] }, periodSeconds: 4, failureThreshold: 2 } }))
  running(cluster, 'live')
  cluster.advance('4s')
  const goOn = cluster.inject('node-hang', { node: 'worker-1' })
  cluster.advance('30s')
  goOn()
  cluster.advance(500)
  expect([told(cluster, 'Unhealthy').map(e => e.count), told(cluster, 'Killing').length]).toEqual([[1], 0])
  cluster.advance('4s')
  expect([told(cluster, 'Unhealthy').map(e => e.count), told(cluster, 'Killing').length]).toEqual([[2], 1])
})

test('a redirect is success with a warning, every time', () => {
  const cluster = createCluster({ nodes: 1 }), probe = { httpGet: { port: 8080, path: '/' }, periodSeconds: 3 }
  cluster.client.create(podOf('web', '{http: [{status: 302}]}', { ports: [{ containerPort: 8080 }], readinessProbe: probe }))
  expect(cluster.until(() => told(cluster, 'ProbeWarning').length > 0, '20s')).toBe(true)
  cluster.advance(200)
  expect(appOf(cluster, 'web').ready).toBe(true)
  cluster.advance('6s')
  expect(told(cluster, 'ProbeWarning').map(e => [e.count, e.message])).toEqual([[3, 'Readiness probe warning: Probe terminated redirects, Response body: ']])
})

test.each([[2, 'after its watch'], [20, 'with the report that was due']])('a node that was cut off for %i minutes is Ready again %s', (minutes, how) => {
  const cluster = createCluster({ nodes: 3 }), ready = (): string =>
    (cluster.stored('Node', 'worker-1') as any).status.conditions.find((c: any) => c.type === 'Ready').status
  const heal = cluster.inject('partition', { node: 'worker-1' })
  cluster.advance(minutes * 60_000)
  expect(ready()).toBe('Unknown')
  heal()
  const at = cluster.now
  expect(cluster.until(() => ready() === 'True', '3m')).toBe(true)
  expect(cluster.now - at).toBeLessThan(how === 'after its watch' ? 80_000 : 25_000)
})
