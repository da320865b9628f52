import { expect, test } from 'vitest'
import { createCluster } from '../src/runtime-model/cluster.ts'
import type { Cluster } from '../src/runtime-model/cluster.ts'

const minuteMs = 60_000
const admin = { version: 'v1', credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl' } as const
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

test('an API server that has lost etcd is ended by its kubelet, and by itself as long as there is none', () => {
  const cluster = start(), server = 'kube-apiserver/cp-1'
  cluster.inject('component-down', { component: 'etcd' })
  cluster.advance(3.5 * minuteMs)
  const told = exits(cluster, server, 0)
  expect(told[0]).toBe('80 liveness probe failed')
  expect(told.slice(1).map(t => t.replace(/^\d+ /, ''))).toEqual(Array(3).fill('context deadline exceeded'))
  // 20 s of its own each, after a second, 10 and 20 s
  expect(seconds(told).slice(1).map((at, i) => at - seconds(told)[i])).toEqual([21, 30, 40])
  cluster.heal('component-down', { component: 'etcd' })
  cluster.advance(2 * minuteMs)
  expect(exits(cluster, server, 3.5 * minuteMs)).toEqual([])
  expect(status(cluster, server)).toBe('up')
})
test('nobody ends the API server of a managed cluster', () => {
  const cluster = createCluster({ managed: true, trace: 'full' })
  for (const id of cluster.kernel.ids('etcd')) cluster.kernel.stop(id)
  cluster.advance(5 * minuteMs)
  expect(cluster.kernel.ids('kube-apiserver').flatMap(id => exits(cluster, id, 0))).toEqual([])
})

test('an etcd that has lost everything has what API servers make of themselves, once one is started anew, and nothing else', () => {
  const cluster = start()
  cluster.request({ ...admin, verb: 'create', group: '', resource: 'configmaps', namespace: 'default', body: { metadata: { name: 'kept' } } })
  const uid = cluster.stored('namespaces', '', 'default')!.metadata.uid
  cluster.inject('etcd-disk-loss', { member: 'etcd-1' })
  cluster.inject('component-down', { component: 'kube-apiserver' })
  cluster.heal('etcd-disk-loss', { member: 'etcd-1' })
  cluster.advance(1000)
  expect(cluster.storedList('namespaces')).toEqual([])
  cluster.heal('component-down', { component: 'kube-apiserver' })
  cluster.advance(minuteMs)
  const names = (resource: string): string[] => cluster.storedList(resource).map(o => o.metadata.name)
  expect(names('namespaces')).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system'])
  expect(cluster.stored('namespaces', '', 'default')!.metadata.uid).not.toBe(uid)
  expect(names('clusterroles.rbac.authorization.k8s.io')).toHaveLength(68)
  expect(names('services')).toEqual(['kubernetes'])
  expect(names('serviceaccounts')).toContain('default')
  // neither what was there, nor what kubeadm had added; a kubelet registers its node only when it starts
  expect([
    ...names('storageclasses.storage.k8s.io'), ...names('deployments.apps'), ...names('nodes'), ...names('configmaps').filter(n => n === 'kept'),
  ]).toEqual([])
})
test('an API server that starts gives roles back what they have lost, unless they say no', () => {
  const cluster = start(), roles = 'clusterroles.rbac.authorization.k8s.io', role = { ...admin, group: 'rbac.authorization.k8s.io', resource: 'clusterroles' }
  // an empty list of rules is stored as none
  const rules = (name: string): number | undefined => { const role: any = cluster.stored(roles, '', name); return role && (role.rules?.length ?? 0) }
  const before = rules('system:kube-scheduler')
  cluster.request({ ...role, verb: 'patch', name: 'system:kube-scheduler', patchType: 'application/merge-patch+json', body: { rules: [] } })
  cluster.request({
    ...role, verb: 'patch', name: 'system:node-problem-detector', patchType: 'application/merge-patch+json',
    body: { rules: [], metadata: { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } } },
  })
  cluster.request({ ...role, verb: 'delete', name: 'view' })
  expect([rules('system:kube-scheduler'), rules('system:node-problem-detector'), rules('view')]).toEqual([0, 0, undefined])
  cluster.inject('component-down', { component: 'kube-apiserver' })
  cluster.heal('component-down', { component: 'kube-apiserver' })
  cluster.advance(minuteMs)
  expect([rules('system:kube-scheduler'), rules('system:node-problem-detector'), cluster.stored(roles, '', 'view') !== undefined]).toEqual([before, 0, true])
})

test('a pod that reaches its node as the API server ends waits for its token, and says so when it can', () => {
  const cluster = start(), pod = { ...admin, group: '', resource: 'pods', namespace: 'default' }
  const spec = { nodeName: 'worker-1', containers: [{ name: 'app', image: 'bookstore/web:1' }] }
  const running = (): boolean => cluster.nodeTruth().podsOn('worker-1').some(p => p.name === 'web' && p.containers.some(c => c.state === 'running'))
  expect(cluster.request({ ...pod, verb: 'create', body: { metadata: { name: 'web' }, spec } }).code).toBe(201)
  cluster.advance(50)
  cluster.inject('component-down', { component: 'kube-apiserver' })
  cluster.advance(minuteMs)
  expect(running()).toBe(false)
  cluster.heal('component-down', { component: 'kube-apiserver' })
  cluster.advance(2 * minuteMs)
  expect(running()).toBe(true)
  expect(cluster.storedList('events', 'default').map((e: any) => e.message).filter(m => m.includes('failed to fetch token'))[0])
    .toContain('Post "https://172.18.0.2:6443/api/v1/namespaces/default/serviceaccounts/default/token": dial tcp 172.18.0.2:6443: connect: connection refused')
})

test('a pod that waits for a Secret keeps its token while the API server is away', () => {
  const cluster = start(), resource = { ...admin, group: '', namespace: 'default' } as const
  const volumes = [{ name: 'v', secret: { secretName: 'late' } }]
  const spec = { nodeName: 'worker-1', volumes, containers: [{ name: 'app', image: 'bookstore/web:1', volumeMounts: [{ name: 'v', mountPath: '/v' }] }] }
  expect(cluster.request({ ...resource, resource: 'pods', verb: 'create', body: { metadata: { name: 'web' }, spec } }).code).toBe(201)
  cluster.advance(5_000)
  cluster.inject('component-down', { component: 'kube-apiserver' })
  cluster.advance(20_000)
  cluster.heal('component-down', { component: 'kube-apiserver' })
  cluster.advance(20_000)
  expect(cluster.request({ ...resource, resource: 'secrets', verb: 'create', body: { metadata: { name: 'late' } } }).code).toBe(201)
  cluster.advance(2 * minuteMs)
  const told = cluster.storedList('events', 'default').map((e: any) => e.message)
  expect(told.filter(m => m.includes('secret "late" not found')).length).toBe(1)
  expect(told.filter(m => m.includes('failed to fetch token'))).toEqual([])
  expect(cluster.nodeTruth().podsOn('worker-1').some(p => p.name === 'web' && p.containers.some(c => c.state === 'running'))).toBe(true)
})
