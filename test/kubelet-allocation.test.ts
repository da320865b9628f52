import { describe, expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import type { LibraryCluster } from '../src/library.ts'

/** Who of the pods of a node gets the room that several want. Source: pkg/kubelet/allocation/allocation_manager.go */
type More = Readonly<Record<string, unknown>>
const podOf = (name: string, resources: More, spec: More = {}, behaviour = ''): any => ({
  kind: 'Pod', metadata: { name, annotations: { 'behaviour.kscenario.dev/app': behaviour } },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image: 'shop/web:1', resources }], ...spec },
})
const statusOf = (cluster: LibraryCluster, name: string): any => (cluster.stored('Pod', name) as any).status
const granted = (cluster: LibraryCluster, name: string): string => statusOf(cluster, name).containerStatuses[0].allocatedResources.cpu
const pending = (cluster: LibraryCluster, name: string): string | undefined =>
  statusOf(cluster, name).conditions.find((c: any) => c.type === 'PodResizePending')?.reason
const told = (cluster: LibraryCluster, name: string): string[] => cluster.client.list('Event', { namespace: 'default' })
  .filter((e: any) => e.involvedObject.name === name && e.reason.startsWith('Resize')).map((e: any) => e.reason)
function resize(cluster: LibraryCluster, name: string, cpu: string, limited = false): void {
  const resources = { requests: { cpu }, ...limited ? { limits: { cpu } } : {} }
  cluster.client.patch('Pod', name, { spec: { containers: [{ name: 'app', resources }] } }, { subresource: 'resize' as never })
}
/** A node of 5 CPUs on which these pods run. */
function world(...pods: any[]): LibraryCluster {
  const cluster = createCluster({ nodes: [{ name: 'worker-1', cpu: '5' }] })
  cluster.client.create({ kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 10 } as any)
  for (const pod of pods) cluster.client.create(pod)
  expect(cluster.until(() => pods.every(p => statusOf(cluster, p.metadata.name).phase === 'Running'), '1m')).toBe(true)
  return cluster
}
const little = { requests: { cpu: '500m' } }, large = { requests: { cpu: '3' } }
const sure = { requests: { cpu: '500m', memory: '64Mi' }, limits: { cpu: '500m', memory: '64Mi' } }

describe('room that several pods wait for', () => {
  test.each([
    ['the one that has waited longest', podOf('first', little), podOf('second', little), 'first'],
    ['one whose requests are its limits, before one that may have more', podOf('first', little), podOf('second', sure), 'second'],
    ['the one of higher priority, before what is asked for more firmly', podOf('first', little, { priorityClassName: 'urgent' }), podOf('second', sure), 'first'],
  ])('goes to %s', (_, first, second, winner) => {
    const cluster = world(podOf('big', large), first, second)
    resize(cluster, 'first', '3')
    cluster.advance('2s')
    resize(cluster, 'second', '3', second.spec.containers[0].resources.limits !== undefined)
    cluster.advance('2s')
    expect([pending(cluster, 'first'), pending(cluster, 'second')]).toEqual(['Deferred', 'Deferred'])
    cluster.client.delete('Pod', 'big')
    cluster.advance('10s')
    const loser = winner === 'first' ? 'second' : 'first'
    expect([granted(cluster, winner), granted(cluster, loser), pending(cluster, loser)]).toEqual(['3', '500m', 'Deferred'])
  })
  test('and that a pod leaves which has ended, but is not gone, is given away three minutes after the last try', () => {
    const cluster = world(podOf('task', large, { restartPolicy: 'Never' }, '{exit: {after: 20s, code: 0}}'), podOf('waits', little))
    resize(cluster, 'waits', '3')
    cluster.advance('150s')
    expect([statusOf(cluster, 'task').phase, pending(cluster, 'waits')]).toEqual(['Succeeded', 'Deferred'])
    cluster.advance('35s')
    expect([granted(cluster, 'waits'), told(cluster, 'waits')]).toEqual(['3', ['ResizeDeferred', 'ResizeStarted', 'ResizeCompleted']])
  })
})

describe('a kubelet that starts again', () => {
  test('knows what a pod has been granted, and that it waits for more', () => {
    const cluster = world(podOf('big', large), podOf('waits', little))
    resize(cluster, 'waits', '3')
    cluster.advance('2s')
    const start = cluster.inject('kubelet-stop', { node: 'worker-1' })
    cluster.advance('2s')
    start()
    cluster.advance('10s')
    expect([statusOf(cluster, 'waits').phase, granted(cluster, 'waits'), pending(cluster, 'waits')]).toEqual(['Running', '500m', 'Deferred'])
    cluster.client.delete('Pod', 'big')
    cluster.advance('10s')
    expect([granted(cluster, 'waits'), told(cluster, 'waits')]).toEqual(['3', ['ResizeDeferred', 'ResizeStarted', 'ResizeCompleted']])
  })
  test('grants what a pod has been given while it was away', () => {
    const cluster = world(podOf('web', little)), start = cluster.inject('kubelet-stop', { node: 'worker-1' })
    resize(cluster, 'web', '1')
    cluster.advance('3s')
    expect([granted(cluster, 'web'), told(cluster, 'web')]).toEqual(['500m', []])
    start()
    cluster.advance('5s')
    expect([granted(cluster, 'web'), told(cluster, 'web'), statusOf(cluster, 'web').containerStatuses[0].restartCount])
      .toEqual(['1', ['ResizeStarted', 'ResizeCompleted'], 0])
  })
})
