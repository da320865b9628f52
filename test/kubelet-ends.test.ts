import { expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import type { LibraryCluster } from '../src/library.ts'

/** How containers end: in whose time, and in which order. */
function exits(cluster: LibraryCluster): string[] {
  const told: string[] = []
  let from = -1
  cluster.observe((o: any) => {
    if (o.type === 'container' && o.state === 'exited') {
      if (from < 0) from = cluster.now
      told.push(`${o.container} ${o.exitCode} +${Math.round((cluster.now - from) / 1000)}s`)
    }
  })
  return told
}
function running(behaviours: Readonly<Record<string, string>>, spec: any): LibraryCluster {
  const cluster = createCluster({ nodes: 1 })
  const annotations = Object.fromEntries(Object.entries(behaviours).map(([name, text]) => [`behaviour.kscenario.dev/${name}`, text]))
  cluster.client.create({ kind: 'Pod', metadata: { name: 'web', annotations }, spec })
  expect(cluster.until(() => (cluster.stored('Pod', 'web') as any).status.phase === 'Running', '30s')).toBe(true)
  cluster.advance('2s')
  return cluster
}
const app = { name: 'app', image: 'shop/web:1' }

test('sidecars end after the container, from the last to the first', () => {
  const sidecar = (name: string): any => ({ name, image: 'shop/proxy:1', restartPolicy: 'Always' })
  const slow = 'term: {after: 3s, code: 0}', cluster = running({ app: slow, one: slow, two: slow, three: slow }, {
    containers: [app], initContainers: [sidecar('one'), sidecar('two'), sidecar('three')],
  })
  const told = exits(cluster)
  cluster.client.delete('Pod', 'web')
  cluster.advance('30s')
  expect(told).toEqual(['app 0 +0s', 'three 0 +3s', 'two 0 +6s', 'one 0 +9s'])
})
test('however short the grace period, two seconds lie between SIGTERM and SIGKILL', () => {
  const cluster = running({ app: 'term: {ignore: true}' }, { terminationGracePeriodSeconds: 1, containers: [app] }), told = exits(cluster)
  cluster.client.delete('Pod', 'web')
  cluster.advance(1900)
  expect(told).toEqual([])
  cluster.advance(300)
  expect(told).toEqual(['app 137 +0s'])
})
test.each([[3, 30, 3], [9, 2, 9], [undefined, 6, 6]])('a probe with a grace of %s s ends a container of a pod with %i s after %i s', (own, pod, after) => {
  const livenessProbe = { exec: { command: ['x'] }, periodSeconds: 1, failureThreshold: 1, ...own === undefined ? {} : { terminationGracePeriodSeconds: own } }
  const cluster = running({ app: '{exec: [{from: 5s, code: 1}], term: {ignore: true}}' }, {
    terminationGracePeriodSeconds: pod, containers: [{ ...app, livenessProbe }],
  })
  const killing = (): boolean => cluster.client.list('Event', { namespace: 'default' }).some((e: any) => e.reason === 'Killing'), told = exits(cluster)
  expect(cluster.until(killing, '20s')).toBe(true)
  cluster.advance(after * 1000 - 200)
  expect(told).toEqual([])
  cluster.advance(400)
  expect(told).toEqual(['app 137 +0s'])
})
test('two containers that are found dead at one moment end one after the other, and start again after both', () => {
  const livenessProbe = { exec: { command: ['x'] }, periodSeconds: 1, failureThreshold: 1 }, dead = 'exec: [{from: 6s, code: 1}]'
  const cluster = running({ app: `{${dead}, term: {after: 4s, code: 1}}`, other: `{${dead}, term: {after: 2s, code: 3}}` }, {
    terminationGracePeriodSeconds: 20, containers: [{ ...app, livenessProbe }, { name: 'other', image: 'shop/other:1', livenessProbe }],
  }), told = exits(cluster)
  cluster.advance('12s')
  expect(told).toEqual(['app 1 +0s', 'other 3 +2s'])
  expect((cluster.stored('Pod', 'web') as any).status.containerStatuses.map((c: any) => c.restartCount)).toEqual([1, 1])
})

const told = (cluster: LibraryCluster, name: string): string => {
  const pod: any = cluster.stored('Pod', name)
  return pod === undefined ? 'gone' : `${pod.status.phase} ${pod.status.reason ?? ''}`.trim()
}
/** A kubelet has just started again on a node that its pod no longer fits. */
function startedUnfit(): LibraryCluster {
  const cluster = running({}, { nodeName: 'worker-1', nodeSelector: { 'kubernetes.io/os': 'linux' }, containers: [app] })
  const back = cluster.inject('node-down', { node: 'worker-1' })
  cluster.client.patch('Node', 'worker-1', { metadata: { labels: { 'kubernetes.io/os': 'plan9' } } })
  cluster.advance('5s')
  back()
  return cluster
}
test('a kubelet that has started says of a pod which no longer belongs to its node that it failed, ten seconds later', () => {
  const cluster = startedUnfit()
  cluster.advance('9s')
  expect([told(cluster, 'web'), (cluster.stored('Pod', 'web') as any).status.containerStatuses]).toEqual(['Running', undefined])
  cluster.advance('2s')
  expect(told(cluster, 'web')).toBe('Failed NodeAffinity')
})
test('one that is deleted before it was told that a kubelet refused it is gone at once', () => {
  const cluster = startedUnfit()
  cluster.advance('4s')
  cluster.client.delete('Pod', 'web')
  cluster.advance('3s')
  expect(told(cluster, 'web')).toBe('gone')
})
test('a pod that is being deleted is admitted like any other by a kubelet that starts: one that its node does not take ends later', () => {
  const cluster = createCluster({ nodes: 1 }), names = ['web', 'may-stay']
  for (const name of names) {
    const tolerations = name === 'web' ? [] : [{ key: 'maintenance', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 }]
    cluster.client.create({ kind: 'Pod', metadata: { name }, spec: { nodeName: 'worker-1', tolerations, containers: [app] } } as any)
  }
  cluster.advance('5s')
  const back = cluster.inject('node-down', { node: 'worker-1' })
  cluster.client.patch('Node', 'worker-1', { spec: { taints: [{ key: 'maintenance', effect: 'NoExecute' }] } })
  cluster.advance('5s')
  expect(names.map(n => (cluster.stored('Pod', n) as any).metadata.deletionTimestamp !== undefined)).toEqual([true, true])
  back()
  cluster.advance('5s')
  expect(names.map(n => told(cluster, n))).toEqual(['Running', 'gone'])
  cluster.advance('6s')
  expect(told(cluster, 'web')).toBe('Failed TaintToleration')
  cluster.advance('2s')
  expect(told(cluster, 'web')).toBe('gone')
})
test('of a pod on a node that is out of service nothing more is said than that it failed', () => {
  const cluster = createCluster({ nodes: 1 }), seen: any[] = []
  cluster.client.create({ kind: 'Pod', metadata: { name: 'web' }, spec: { nodeName: 'worker-1', containers: [app] } } as any)
  cluster.advance('5s')
  cluster.inject('node-down', { node: 'worker-1' })
  cluster.advance('60s')
  cluster.client.patch('Node', 'worker-1', { spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] } })
  expect(cluster.until(() => {
    const { status, metadata }: any = cluster.stored('Pod', 'web') ?? { status: {}, metadata: {} }
    const reason = status.conditions?.find((c: any) => c.type === 'DisruptionTarget')?.reason
    if (status.phase === 'Failed') seen.push([status.observedGeneration === metadata.generation, reason])
    return seen.length > 0
  }, '2m')).toBe(true)
  expect(seen).toEqual([[true, 'DeletionByTaintManager']])
})
