import { expect, test } from 'vitest'
import { createCluster } from '../src/runtime-model/cluster.ts'
import type { Cluster } from '../src/runtime-model/cluster.ts'

const minuteMs = 60_000
const start = (): Cluster => createCluster({ nodes: [{ name: 'worker-1' }], trace: 'full' })
/** `12 leaderelection lost`: when a component ended by itself, in whole seconds since `since`, and why */
function exits(cluster: Cluster, id: string, since: number): string[] {
  const told: string[] = []
  for (const o of cluster.history()) {
    if (o.actor === id && o.type === 'note' && o.text.startsWith('exits: ') && o.at >= since) {
      told.push(`${Math.round((o.at - since) / 1000)} ${o.text.slice(7)}`)
    }
  }
  return told
}
const seconds = (told: readonly string[]): number[] => told.map(t => parseInt(t))
const status = (cluster: Cluster, id: string): string => cluster.kernel.statusOf(id)

test('without an API server kube-controller-manager ends at once whenever it is started; kube-scheduler waits', () => {
  const cluster = start()
  cluster.inject('component-down', { component: 'kube-apiserver' })
  cluster.advance(5 * minuteMs)
  const told = exits(cluster, 'kube-controller-manager/cp-1', 0)
  expect(told[0]).toBe('10 leaderelection lost')
  expect(told[1]).toBe('12 unable to load configmap based request-header-client-ca-file: refused')
  // a second, then 10, 20 … from its end, and one to start up
  expect(seconds(told).slice(1).map((at, i) => at - seconds(told)[i])).toEqual([2, 11, 21, 41, 81])
  expect(exits(cluster, 'kube-scheduler/cp-1', 0)).toEqual(['12 leaderelection lost'])
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('up')
  const back = cluster.now
  cluster.heal('component-down', { component: 'kube-apiserver' })
  cluster.advance(20_000)
  expect(status(cluster, 'kube-controller-manager/cp-1')).toBe('down')
  cluster.advance(minuteMs)
  expect(exits(cluster, 'kube-controller-manager/cp-1', back)).toEqual([])
  expect(cluster.components().find(c => c.component === 'kube-controller-manager')).toMatchObject({ state: 'up', leader: true })
})

test('what has run for ten minutes is started at once again', () => {
  const cluster = start(), crash = (): void => { cluster.inject('component-crash', { component: 'kube-scheduler' }) }
  crash(); cluster.advance(2000); crash(); cluster.advance(5000)
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('down')
  cluster.advance(6000)
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('up')
  cluster.advance(9 * minuteMs); crash(); cluster.advance(15_000)
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('down')
  cluster.advance(20_000 + 11 * minuteMs); crash(); cluster.advance(2000)
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('up')
})

test('while the kubelet of its machine is away, nobody starts what has ended', () => {
  const cluster = start()
  cluster.inject('kubelet-stop', { node: 'cp-1' })
  cluster.inject('component-crash', { component: 'kube-scheduler' })
  cluster.advance(20 * minuteMs)
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('down')
  cluster.heal('kubelet-stop', { node: 'cp-1' })
  cluster.advance(2000)
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('up')
})
test('nobody starts anything on a machine that stands still', () => {
  const cluster = start()
  cluster.inject('component-crash', { component: 'kube-scheduler' })
  cluster.inject('node-hang', { node: 'cp-1' })
  const starts = (): number => [...cluster.history()].filter(o => o.type === 'component' && o.component === 'kube-scheduler' && o.state === 'up').length
  cluster.advance(minuteMs)
  expect(starts()).toBe(0)
  cluster.heal('node-hang', { node: 'cp-1' })
  cluster.advance(2000)
  expect(starts()).toBe(1)
  expect(status(cluster, 'kube-scheduler/cp-1')).toBe('up')
})
