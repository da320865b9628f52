import { describe, expect, test } from 'vitest'
import { controllers } from '../src/runtime-model/kube-controller-manager/controllers/index.ts'
import type { ManagerState } from '../src/runtime-model/kube-controller-manager/state.ts'
import { WorkQueue } from '../src/runtime-model/kube-controller-manager/work-queue.ts'
import { takeToken } from '../src/runtime-model/kube-controller-manager/rate-limit.ts'
import { PersistentMap } from '../src/base/persistent-map.ts'
import { deployment, job, replicaSet, startControllers, wishes } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const apply = (c: Controllers, ...objects: any[]): void => {
  for (const o of objects) {
    expect(
      c.ask({
        verb: 'create', group: o.apiVersion.split('/').length > 1 ? o.apiVersion.split('/')[0] : '', resource: `${o.kind.toLowerCase()}s`, namespace: 'default',
        body: o,
      }).code
    ).toBe(201)
  }
}
const service = {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, publishNotReadyAddresses: true, ports: [{ port: 80, targetPort: 8080 }] },
}
const setImage = (c: Controllers, image: string): void => {
  c.ask({
    verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web', patchType: 'application/strategic-merge-patch+json',
    body: { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } },
  })
}

describe('a settled cluster', () => {
  const c = startControllers()
  apply(c, service, deployment('web', 3), replicaSet('till', 2), job('bake', { completions: 2 }), job('endless'))
  c.runPods(pod => pod.metadata.labels!.app === 'bake' ? 'Succeeded' : 'Ready')
  setImage(c, 'shop:2')
  c.runPods(pod => pod.metadata.labels!.app === 'bake' ? 'Succeeded' : 'Ready')
  // a read is no change: some controllers look at the API itself before they act
  test.each(controllers.map(x => [x.name, x] as const))('has nothing to do for %s', (_, controller) =>
    expect(wishes(c, controller).filter(w => !/: (get|list) /.test(w))).toEqual([]))
})

describe('a manager that dies', () => {
  const story = (c: Controllers): void => {
    apply(c, service, deployment('web', 3), job('bake', { completions: 2, parallelism: 2 }))
    c.runPods(pod => pod.metadata.labels!.app === 'bake' ? 'Succeeded' : 'Ready')
    setImage(c, 'shop:2')
    c.runPods(pod => pod.metadata.labels!.app === 'bake' ? 'Succeeded' : 'Ready')
  }
  /** Everything that does not tell when or in which order it happened. */
  const end = (c: Controllers): string[] => ['deployments.apps', 'replicasets.apps', 'jobs.batch', 'pods', 'endpointslices.discovery.k8s.io'].flatMap(
    r => c.stored(r).filter(o => o.metadata.namespace === 'default').map(o => {
    const { conditions, startTime: _s, completionTime: _c, ...status } = o.status ?? {}
    const counts = o.kind === 'Pod' ? { phase: status.phase, finalizers: o.metadata.finalizers, labels: Object.keys(o.metadata.labels!) } : status
    return JSON.stringify([
      o.kind, o.kind === 'Pod' || o.kind === 'EndpointSlice' ? o.metadata.generateName : o.metadata.name, o.spec?.replicas, counts,
      conditions?.filter(() => o.kind !== 'Pod').map((x: any) => [x.type, x.status, x.reason]).sort(), o.endpoints?.length,
    ])
  })
  ).map(text => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uid').replace(/"batch.kubernetes.io\/controller-uid.*?"/g, '"uid"')).sort()

  const undisturbed = startControllers(), before = undisturbed.kernel.trace.count
  story(undisturbed)
  const requests = [...undisturbed.kernel.trace.history()].filter(o =>
    o.id > before && o.type === 'request' && o.actor.startsWith('kube-controller-manager')).length

  test('at any of its requests is followed by one that finishes the work', () => {
    expect(requests).toBeGreaterThan(60)
    for (let n = 1; n <= requests; n += 11) {
      const c = startControllers()
      let seen = 0
      const stop = c.kernel.observe(o => { if (o.type === 'request' && o.actor.startsWith('kube-controller-manager')) seen++ })
      const step = c.kernel.stepOnce.bind(c.kernel)
      c.kernel.stepOnce = () => { if (seen >= n) { seen = -Infinity; c.kernel.crash('kube-controller-manager/cp-1') } return step() }
      story(c)
      stop()
      expect(seen).toBeLessThan(0)
      expect(end(c), `killed at request ${n}`).toEqual(end(undisturbed))
    }
  })
  test('leaves the work to another replica', () => {
    const c = startControllers({ managers: 2 })
    const leader = (): string => c.kernel.ids('kube-controller-manager').find(i => c.kernel.statusOf(i) === 'up' && c.kernel.stateOf<ManagerState>(i).leading)!
    const first = leader()
    c.kernel.stop(first)
    apply(c, deployment('web', 2))
    expect(c.stored('pods')).toHaveLength(0)
    c.kernel.runTo(c.kernel.now + 30_000)
    expect(leader()).not.toBe(first)
    expect(c.stored('pods')).toHaveLength(2)
  })
})

test('a standby asks for nothing but the lease, once it has started', () => {
  const c = startControllers({ managers: 3 })
  const asked = new Map<string, Set<string>>()
  for (const o of c.kernel.trace.history()) {
    if (o.type === 'request' && o.actor.startsWith('kube-controller-manager')) asked.set(o.actor, (asked.get(o.actor) ?? new Set()).add(o.what))
  }
  const standbys = [...asked].filter(([id]) => !c.kernel.stateOf<ManagerState>(id).leading)
  expect(standbys.map(([, what]) => [...what].filter(w => !w.includes('lease'))).flat()).toEqual(Array(2).fill(
    'get configmap extension-apiserver-authentication'
  ))
})

describe('the work queue', () => {
  test('holds a key once, and again when it changes while in work', () => {
    const q = new WorkQueue()
    q.add('a'); q.add('b'); q.add('a')
    expect([q.take(), q.take(), q.take()]).toEqual(['a', 'b', undefined])
    q.add('a'); q.add('a')
    expect(q.take()).toBeUndefined()
    q.done('a'); q.done('b')
    expect([q.take(), q.take()]).toEqual(['a', undefined])
  })
  test('keeps a failing key away for 5 ms, 10, 20 … 1000 s, and for its limit of tries', () => {
    const q = new WorkQueue()
    expect(Array.from({ length: 20 }, () => q.failed('a'))).toEqual([
      5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 20480, 40960, 81920, 163840, 327680, 655360, 1_000_000, 1_000_000,
    ])
    expect([q.failed('b', { limit: 2 }), q.failed('b', { limit: 2 }), q.failed('b', { limit: 2 })]).toEqual([5, 10, undefined])
  })
  test('forks: what one side does, the other does not see', () => {
    const q = new WorkQueue()
    q.add('a'); q.add('b'); q.take()
    const twin = q.fork()
    q.add('a'); q.done('a'); q.take()
    expect([twin.waiting, twin.active, twin.take()]).toEqual([1, 1, 'b'])
  })
})

test('a client sends 30 requests at once and then 20 a second', () => {
  const tokens = new PersistentMap<any>(), wait = (now: number): number => takeToken(tokens, 'a', { perSecond: 20, burst: 30 }, now)
  expect(Array.from({ length: 32 }, () => wait(0)).slice(29)).toEqual([0, 50, 100])
  expect(wait(100)).toBe(50)
  expect(wait(60_000)).toBe(0)
})
