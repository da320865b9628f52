import { expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'

/** A node whose network plugin is missing. Source: pkg/kubelet/kubelet.go (updateRuntimeUp, SyncPod), pod_workers.go (backOffOnTransientErrorPeriod) */
const words =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'
const ready = (cluster: any): any => cluster.stored('Node', 'worker-1').status.conditions.find((c: any) => c.type === 'Ready')
const waiting = {
  kind: 'Pod' as const, metadata: { name: 'web' },
  spec: { nodeName: 'worker-1', tolerations: [{ operator: 'Exists' as const }], containers: [{ name: 'app', image: 'shop/web:1' }] },
}

test('the node is told of it within five seconds, and of its return', () => {
  for (const after of [0, 700, 2500, 4900]) {
    const cluster = createCluster({ nodes: 1 })
    cluster.advance(after)
    const heal = cluster.inject('network-plugin-missing', { node: 'worker-1' }), at = cluster.now
    expect(cluster.until(() => ready(cluster).status === 'False', '6s')).toBe(true)
    expect(cluster.now - at).toBeLessThanOrEqual(5100)
    expect(ready(cluster)).toMatchObject({ reason: 'KubeletNotReady', message: words })
    heal()
    expect(cluster.until(() => ready(cluster).status === 'True', '6s')).toBe(true)
  }
})
test(
  'a pod that waits is told every two seconds, until the recorder has had enough; then its count tells of the tries in between, and they cost nothing', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.inject('network-plugin-missing', { node: 'worker-1' })
  cluster.advance('10s')
  cluster.client.create(waiting)
  const told = (): any => cluster.client.list('Event', { namespace: 'default' }).find(e => e.reason === 'NetworkNotReady')
  expect(cluster.until(() => told() !== undefined, '5s')).toBe(true)
  expect(told()).toMatchObject({ type: 'Warning', message: `network is not ready: ${words}`, count: 1 })
  const from = cluster.now, countAt = (seconds: number): number => { cluster.advance(seconds * 1000 - (cluster.now - from)); return told().count }
  expect([20, 21, 40].map(countAt)).toEqual([11, 11, 21])
  // 25 at once, and then one in five minutes
  expect([60, 290].map(countAt)).toEqual([25, 25])
  const first = countAt(303), near = (count: number): void => { expect(Math.abs(told().count - count), String(told().count)).toBeLessThanOrEqual(1) }
  near(151)
  expect(countAt(590)).toBe(first)
  countAt(603)
  near(301)
  const before = cluster.model.kernel.eventCount
  cluster.advance('30m')
  near(301 + 6 * 150)
  expect(cluster.model.kernel.eventCount - before).toBeLessThan(400)
  expect((cluster.stored('Pod', 'web') as any).status.phase).toBe('Pending')
}
)
test('it outlives the kubelet', () => {
  const cluster = createCluster({ nodes: 1 }), heal = cluster.inject('network-plugin-missing', { node: 'worker-1' })
  cluster.advance('10s')
  const start = cluster.inject('kubelet-stop', { node: 'worker-1' })
  cluster.advance('5s'); start(); cluster.advance('20s')
  expect(ready(cluster)).toMatchObject({ status: 'False', message: words })
  heal()
  cluster.advance('10s')
  expect(ready(cluster).status).toBe('True')
})
