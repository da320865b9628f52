import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../src/runtime-model/api/request.ts'
import { fitOf, targetNode } from '../src/runtime-model/kube-controller-manager/daemonset/nodes.ts'
import { manage, roll } from '../src/runtime-model/kube-controller-manager/daemonset/plan.ts'
import type { Scene } from '../src/runtime-model/kube-controller-manager/daemonset/plan.ts'
import { createAll, startControllers, wishesOfAll } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const node = (name: string, more: any = {}): any =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { disk: 'ssd', ...more.labels } }, spec: more.taints ? { taints: more.taints } : {} })
const taint = (key: string, effect: string): any => ({ key, effect })
const daemonSet = (name: string, spec: any = {}, pod: any = {}): any => ({
  apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'agent:1' }], ...pod } }, ...spec,
  },
})
/** Nodes without a kubelet are soon taken for lost; a DaemonSet's pods bear that, and these tests end before. */
const begin = (...objects: any[]): Controllers => { const c = startControllers(); expect(createAll(c, ...objects)).toBeUndefined(); c.settle(); return c }
const patch = (c: Controllers, resource: string, name: string, body: any): void => {
  expect(
    c.ask({
      verb: 'patch', group: resource === 'nodes' ? '' : 'apps', resource, namespace: resource === 'nodes' ? undefined : 'default', name,
      patchType: 'application/merge-patch+json', body,
    }).code
  ).toBe(200)
}
const setImage = (c: Controllers, image: string): void =>
  patch(c, 'daemonsets', 'agent', { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } })
const target = (p: KubeObject): string =>
  p.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].values[0]
/** puts pods on the nodes that they wait for, as a scheduler would */
function bindAll(c: Controllers): void {
  for (const pod of c.stored('pods').filter(p => !p.spec.nodeName)) {
    const { name } = pod.metadata
    expect(c.ask({
      verb: 'create', resource: 'pods', namespace: 'default', name, subresource: 'binding',
      body: { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target: { kind: 'Node', name: targetNode(pod) } },
    }).code).toBe(201)
  }
  c.settle()
}
const places = (c: Controllers): string[] =>
  c.stored('pods').filter(p => !p.metadata.deletionTimestamp).map(p => `${target(p)} ${p.spec.containers[0].image}`).sort()
const status = (c: Controllers): any => c.stored('daemonsets.apps')[0].status

describe('places', () => {
  test('one pod for each node, which the scheduler is told by affinity', () => {
    const c = begin(node('n1'), node('n2'), daemonSet('agent'))
    expect(places(c)).toEqual(['n1 agent:1', 'n2 agent:1'])
    expect(c.stored('pods')[0].spec.nodeName).toBeUndefined()
    expect(c.stored('pods')[0].spec.tolerations.map((t: any) => t.key.split('/')[1])).toEqual([
      'not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable',
    ])
    c.runPods()
    expect(status(c)).toEqual({
      currentNumberScheduled: 2, numberMisscheduled: 0, desiredNumberScheduled: 2, numberReady: 2, observedGeneration: 1, updatedNumberScheduled: 2,
      numberAvailable: 2,
    })
    expect(wishesOfAll(c)).toEqual([])
  })
  test('a node that comes gets one; one that goes, or no longer fits, loses it', () => {
    const c = begin(node('n1'), daemonSet('agent', {}, { nodeSelector: { disk: 'ssd' } }))
    createAll(c, node('n2'), node('n3', { labels: { disk: 'hdd' } }))
    c.settle()
    expect(places(c)).toEqual(['n1 agent:1', 'n2 agent:1'])
    bindAll(c)
    patch(c, 'nodes', 'n3', { metadata: { labels: { disk: 'ssd' } } })
    patch(c, 'nodes', 'n1', { metadata: { labels: { disk: 'hdd' } } })
    c.settle()
    expect(places(c)).toEqual(['n2 agent:1', 'n3 agent:1'])
  })
  test('a taint that lets a pod stay is counted with the next thing that happens', () => {
    const c = begin(node('n1'), node('n2'), daemonSet('agent')), taint = (name: string, effect: string): void => {
      patch(c, 'nodes', name, { spec: { taints: [{ key: 'role', effect }] } })
      c.settle()
    }
    bindAll(c)
    taint('n1', 'NoSchedule')
    expect(status(c)).toMatchObject({ desiredNumberScheduled: 2, numberMisscheduled: 0 })
    taint('n2', 'NoExecute')
    expect(status(c)).toMatchObject({ desiredNumberScheduled: 0, currentNumberScheduled: 0 })
    c.runPods()
    patch(c, 'nodes', 'n1', { spec: { taints: null } })
    c.settle()
    expect(status(c)).toMatchObject({ desiredNumberScheduled: 1, currentNumberScheduled: 1, numberMisscheduled: 0 })
  })
  test('table of fits', () => {
    const set = daemonSet('agent', {}, { tolerations: [{ key: 'gpu', operator: 'Exists' }] })
    const fit = (n: any, s = set): string => { const { run, keep } = fitOf(s)(n); return run ? 'run' : keep ? 'keep' : 'neither' }
    expect([
      fit(node('n')), fit(node('n', { taints: [taint('gpu', 'NoSchedule')] })), fit(node('n', { taints: [taint('other', 'NoSchedule')] })),
      fit(node('n', { taints: [taint('other', 'NoExecute')] })), fit(node('n', { taints: [taint('other', 'PreferNoSchedule')] })),
      fit(node('n', { taints: [taint('node.kubernetes.io/unschedulable', 'NoSchedule')] })),
      fit(node('n', { taints: [taint('node.kubernetes.io/network-unavailable', 'NoSchedule')] })),
      fit(node('n', { taints: [taint('node.kubernetes.io/network-unavailable', 'NoSchedule')] }), daemonSet('agent', {}, { hostNetwork: true })),
      fit(node('n'), daemonSet('agent', {}, { nodeName: 'm' })),
    ]).toEqual(['run', 'run', 'keep', 'neither', 'run', 'run', 'keep', 'run', 'neither'])
  })
  test('a pod that failed goes at once, the next one later and later', () => {
    const c = begin(node('n1'), daemonSet('agent'))
    const fail = (): void => {
      for (const p of c.stored('pods')) {
        c.ask({
          verb: 'patch', resource: 'pods', subresource: 'status', namespace: 'default', name: p.metadata.name, patchType: 'application/merge-patch+json',
          body: { status: { phase: 'Failed' } },
        })
      }
    }
    const count = (): number => c.events('agent').filter(e => e.includes('FailedDaemonPod')).length
    fail(); c.kernel.runTo(c.kernel.now + 100)
    expect(count()).toBe(1)
    fail(); c.kernel.runTo(c.kernel.now + 100)
    expect(count()).toBe(1)
    c.kernel.runTo(c.kernel.now + 1500)
    expect(count()).toBe(2)
  })
})

describe('updates', () => {
  test('replace one node after the other', () => {
    const c = begin(node('n1'), node('n2'), node('n3'), daemonSet('agent'))
    c.runPods()
    setImage(c, 'agent:2')
    c.settle()
    expect(places(c)).toEqual(['n1 agent:2', 'n2 agent:1', 'n3 agent:1'])
    c.runPods()
    expect(places(c)).toEqual(['n1 agent:2', 'n2 agent:2', 'n3 agent:2'])
    expect(status(c)).toMatchObject({ updatedNumberScheduled: 3, observedGeneration: 2 })
    setImage(c, 'agent:1')
    c.runPods()
    expect(c.stored('controllerrevisions.apps').map(r => r.revision).sort()).toEqual([2, 3])
    expect(wishesOfAll(c)).toEqual([])
  })
  test('wait for the user with OnDelete', () => {
    const c = begin(node('n1'), daemonSet('agent', { updateStrategy: { type: 'OnDelete' } }))
    c.runPods()
    setImage(c, 'agent:2')
    c.runPods()
    expect(places(c)).toEqual(['n1 agent:1'])
    c.say(`delete pods default/${c.stored('pods')[0].metadata.name}`)
    c.runPods()
    expect(places(c)).toEqual(['n1 agent:2'])
  })
  test('with surge the new pod comes first and the old one goes when it is available', () => {
    const c = begin(
      node('n1'), node('n2'), daemonSet('agent', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } })
    )
    c.runPods()
    setImage(c, 'agent:2')
    c.settle()
    expect(places(c)).toEqual(['n1 agent:1', 'n1 agent:2', 'n2 agent:1'])
    c.runPods()
    expect(places(c)).toEqual(['n1 agent:2', 'n2 agent:2'])
  })
})

describe('plans', () => {
  const pod = (name: string, nodeName: string, hash: string, more: { ready?: boolean; deleted?: boolean; phase?: string } = {}): any => ({
    metadata: {
      name, labels: { 'controller-revision-hash': hash }, creationTimestamp: '2026-01-01T00:00:00Z',
      ...more.deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {},
    },
    spec: { nodeName },
    status: {
      phase: more.phase ?? 'Running',
      conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  })
  const scene = (rollingUpdate: any, pods: any[], nodes = [
    'a', 'b', 'c', 'd',
  ]): Scene => ({
    set: { ...daemonSet('agent'), spec: { ...daemonSet('agent').spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate } } } as any, hash: 'new',
    nodes: nodes.map(name => ({ name, run: true, keep: true })), pods, nowMs: Date.UTC(2026, 0, 2),
  })
  const told = (plan: { create: readonly string[]; remove: readonly KubeObject[] }): string =>
    `+${plan.create.join()} -${plan.remove.map(p => p.metadata.name).join()}`
  const old = ['a', 'b', 'c', 'd'].map(n => pod(`${n}-old`, n, 'old'))
  test('unavailable old pods always go, others as far as the budget reaches', () => {
    expect(told(roll(scene({ maxUnavailable: 1, maxSurge: 0 }, old)))).toBe('+ -a-old')
    expect(told(roll(scene({ maxUnavailable: '50%', maxSurge: 0 }, old)))).toBe('+ -a-old,b-old')
    expect(told(roll(scene({ maxUnavailable: 1, maxSurge: 0 }, [
      pod('a-old', 'a', 'old', { ready: false }), pod('b-old', 'b', 'old', { ready: false }), ...old.slice(2),
    ])))).toBe('+ -a-old,b-old')
    expect(told(roll(scene({ maxUnavailable: 1, maxSurge: 0 }, [pod('a-new', 'a', 'new', { ready: false }), ...old.slice(1)])))).toBe('+ -')
    expect(told(roll(scene({ maxUnavailable: 1, maxSurge: 0 }, [pod('a-new', 'a', 'new'), ...old.slice(1)])))).toBe('+ -b-old')
    expect(told(roll(scene({ maxUnavailable: 0, maxSurge: 0 }, old)))).toBe('+ -a-old')
  })
  test('surging, old pods wait for new ones', () => {
    expect(told(roll(scene({ maxUnavailable: 0, maxSurge: 2 }, old)))).toBe('+a,b -')
    expect(told(roll(scene({ maxUnavailable: 0, maxSurge: 2 }, [
      ...old, pod('a-new', 'a', 'new', { ready: false }), pod('b-new', 'b', 'new'),
    ])))).toBe('+c -b-old')
    expect(told(roll(scene({ maxUnavailable: 0, maxSurge: 1 }, [pod('a-old', 'a', 'old', { ready: false }), ...old.slice(1)])))).toBe('+a,b -')
  })
  test('of several pods on a node the oldest stays; those that ended and are deleted are out of sight', () => {
    expect(told(manage(scene({ maxUnavailable: 1, maxSurge: 0 }, [pod('b1', 'a', 'new'), pod('a1', 'a', 'new')], ['a'])))).toBe('+ -b1')
    expect(told(manage(scene({ maxUnavailable: 1, maxSurge: 0 }, [pod('gone', 'a', 'new', { deleted: true, phase: 'Succeeded' })], ['a'])))).toBe('+a -')
    expect(told(manage(scene({ maxUnavailable: 1, maxSurge: 0 }, [pod('going', 'a', 'new', { deleted: true })], ['a'])))).toBe('+ -')
  })
})
