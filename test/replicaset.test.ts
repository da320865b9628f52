import { expect, test } from 'vitest'
import { podsToDelete } from '../src/runtime-model/kube-controller-manager/deletion-order.ts'
import { replicaSet, startControllers } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const create = (c: Controllers, body: any): void => {
  expect(c.ask({ verb: 'create', group: 'apps', resource: 'replicasets', namespace: 'default', body }).code).toBe(201)
}
const names = (c: Controllers): string[] => c.stored('pods').filter(p => !p.metadata.deletionTimestamp).map(p => p.metadata.name)
const label = (c: Controllers, name: string, labels: any): void => {
  c.ask({ verb: 'patch', resource: 'pods', namespace: 'default', name, patchType: 'application/merge-patch+json', body: { metadata: { labels } } })
}

test('a pod that is deleted is replaced', () => {
  const c = startControllers()
  create(c, replicaSet('till', 3))
  c.runPods()
  const [first] = names(c)
  c.say(`delete pods default/${first}`)
  c.runPods()
  expect(names(c)).toHaveLength(3)
  expect(names(c)).not.toContain(first)
})

test('a pod that ceases to match is let go and replaced; one that comes to match is taken, and one too many goes', () => {
  const c = startControllers()
  create(c, replicaSet('till', 2))
  c.runPods()
  const [first] = names(c)
  label(c, first, { app: 'other' })
  c.runPods()
  expect(c.stored('pods').find(p => p.metadata.name === first)!.metadata.ownerReferences).toBeUndefined()
  expect(names(c)).toHaveLength(3)
  label(c, first, { app: 'till' })
  c.runPods()
  expect(names(c)).toHaveLength(2)
  expect(c.stored('replicasets.apps')[0].status).toMatchObject({ replicas: 2, readyReplicas: 2, fullyLabeledReplicas: 2 })
})

test('pods are available only after minReadySeconds', () => {
  const c = startControllers()
  create(c, replicaSet('till', 2, { minReadySeconds: 20 }))
  c.runPods()
  const status = (): any => c.stored('replicasets.apps')[0].status
  expect([status().readyReplicas, status().availableReplicas]).toEqual([2, undefined])
  c.kernel.runTo(c.kernel.now + 22_000)
  expect(status().availableReplicas).toBe(2)
})

test('of too many pods the least useful go first', () => {
  const at = (seconds: number): string => `2026-01-01T00:00:${String(seconds).padStart(2, '0')}Z`
  const pod = (name: string, more: { node?: string; phase?: string; ready?: number; cost?: number; restarts?: number; created?: number } = {}): any => ({
    metadata: {
      name, uid: name, creationTimestamp: at(more.created ?? 0),
      ...more.cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': String(more.cost) } },
    },
    spec: { nodeName: more.node ?? 'worker-1', containers: [] },
    status: {
      phase: more.phase ?? 'Running', conditions: more.ready === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: at(more.ready) }],
      containerStatuses: [{ restartCount: more.restarts ?? 0 }],
    },
  })
  // each row: the first dies before the second
  const pairs = [
    [pod('unassigned', { node: '' }), pod('pending', { phase: 'Pending' })], [pod('pending', { phase: 'Pending', ready: 1 }), pod('running')],
    [pod('unready'), pod('ready', { ready: 1 })],
    [pod('cheap', { ready: 1, cost: -5 }), pod('dear', { ready: 1 })], [pod('lately', { ready: 50 }), pod('long', { ready: 1 })],
    [pod('restless', { ready: 1, restarts: 3 }), pod('calm', { ready: 1 })], [pod('young', { ready: 1, created: 55 }), pod('old', { ready: 1, created: 1 })],
  ]
  const now = Date.UTC(2026, 0, 1, 0, 1, 0)
  for (const [first, second] of pairs) {
    for (const order of [[first, second], [second, first]]) expect(podsToDelete(order, [], 1, now).map(p => p.metadata.name)).toEqual([first.metadata.name])
  }
  const crowd = [pod('a', { ready: 1, node: 'n1' }), pod('b', { ready: 1, node: 'n2' }), pod('c', { ready: 1, node: 'n2' })]
  expect(podsToDelete(crowd, crowd, 1, now)[0].spec.nodeName).toBe('n2')
})

test('many pods are made at once, as fast as the client may', () => {
  const c = startControllers()
  create(c, replicaSet('till', 60))
  c.settle()
  expect(names(c)).toHaveLength(60)
  expect(c.stored('replicasets.apps')[0].status.replicas).toBe(60)
})
