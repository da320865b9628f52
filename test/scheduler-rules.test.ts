import { describe, expect, it } from 'vitest'
import { podInfo } from '../src/runtime-model/kube-scheduler/pod-info.ts'
import { nextCheck, SchedulingQueue } from '../src/runtime-model/kube-scheduler/queue.ts'
import type { Queued } from '../src/runtime-model/kube-scheduler/queue.ts'
import { pod, World } from './support/scheduling.ts'
import type { PodWords } from './support/scheduling.ts'

/** Numbers and choices of the scheduler that no message tells. */
const app = { app: 'shop' }, selector = { matchLabels: app }

describe('the queue', () => {
  const first = (): { queue: SchedulingQueue; queued: Queued } => {
    const queue = new SchedulingQueue()
    queue.add(podInfo(pod('a')), 0)
    return { queue, queued: queue.pop()! }
  }
  it('waits 1 s after the first error, twice as long after each further one, 10 s at most', () => {
    const { queue } = first(), waits: number[] = []
    let { queued } = first(), now = 0
    for (let i = 0; i < 6; i++) {
      const end = queue.fail(queued, now)
      waits.push(end - now)
      expect(queue.wakeErrors(end - 1)).toBe(end)
      queue.wakeErrors(now = end)
      queued = queue.pop()!
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
  })
  it('tries whoever fits nowhere again after five minutes, in the next round of thirty seconds', () => {
    const { queue, queued } = first(), at = queue.refuse(queued, ['NodeResourcesFit'], 1500)
    expect([at, nextCheck(at)]).toEqual([301_500, 330_000])
    expect([queue.wakeLeftovers(300_000), queue.isEmpty]).toEqual([301_500, true])
    queue.wakeLeftovers(330_000)
    expect(queue.pop()?.info.pod.metadata.name).toBe('a')
  })
  it('counts how often a pod fitted nowhere', () => {
    const { queue, queued } = first()
    queue.refuse(queued, ['NodeResourcesFit'], 0); queue.wake('shop/a', 100)
    const again = queue.pop()!
    queue.refuse(again, ['NodeResourcesFit'], 200); queue.wake('shop/a', 300)
    expect([again.misses, queue.pop()!.misses]).toEqual([1, 2])
  })
  it('tries who was woken early after everybody who is active, in the order in which their back-offs end', () => {
    const queue = new SchedulingQueue(), add = (name: string): Queued => { queue.add(podInfo(pod(name)), 0); return queue.pop()! }
    const often = add('often'), once = add('once')
    queue.refuse({ ...often, misses: 3 }, ['NodeResourcesFit'], 0); queue.refuse(once, ['NodeResourcesFit'], 0)
    queue.wake('shop/often', 100); queue.wake('shop/once', 200); queue.add(podInfo(pod('new')), 300)
    expect([1, 2, 3].map(() => queue.pop()!.info.pod.metadata.name)).toEqual(['new', 'once', 'often'])
  })
  it('lets an important pod that is still in its back-off, even for a moment, wait for those that are not', () => {
    const queue = new SchedulingQueue()
    queue.add(podInfo(pod('important', { spec: { priority: 9 } })), 0)
    queue.refuse(queue.pop()!, ['NodeResourcesFit'], 0); queue.wake('shop/important', 999); queue.add(podInfo(pod('new')), 999)
    expect([1, 2].map(() => queue.pop()!.info.pod.metadata.name)).toEqual(['new', 'important'])
  })
})

describe('scores', () => {
  const wants = (weight?: number) => {
    const term = { labelSelector: selector, topologyKey: 'kubernetes.io/hostname' }
    return {
      affinity: {
        podAffinity: weight ? { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term }] }
          : { requiredDuringSchedulingIgnoredDuringExecution: [term] },
      },
    }
  }
  it('prefer the node of a pod that wants to be with this one, whether it must or would like to', () => {
    for (const weight of [undefined, 5]) {
      const world = new World({ a: {}, b: {} }, { first: { on: 'b', labels: app, spec: wants(weight) }, plain: { on: 'a' } })
      expect(world.decide({ labels: app })).toBe('b')
    }
  })
})

describe('scores of nodes', () => {
  const size = { cpu: '1', memory: '1Gi' }, uses = (cpu: string, memory: string): PodWords => ({ requests: { cpu, memory } })
  const decide = (uneven: PodWords, even: PodWords, pod: PodWords): string =>
    new World({ uneven: size, even: size }, { one: { on: 'uneven', ...uneven }, two: { on: 'even', ...even } }).decide(pod)
  it('weigh what is free against how evenly it is used, half of the difference', () => {
    expect(decide(uses('300m', '1'), uses('400m', '512Mi'), uses('100m', '1'))).toBe('uneven')
    expect(decide(uses('400m', '1'), uses('300m', '400Mi'), uses('100m', '1'))).toBe('even')
  })
  it('do not look at evenness for a pod that asks for nothing', () => {
    expect(decide(uses('400m', '1'), uses('300m', '307Mi'), {})).toBe('uneven')
  })
  it('count an image the more, the more nodes have it', () => {
    const image = (name: string, mebibytes: number): any => ({ names: [`${name}:1`], sizeBytes: mebibytes * 1024 * 1024 })
    const common = { images: [image('common', 400)] }
    const world = new World({ a: { images: [image('rare', 600)] }, b: common, c: common })
    expect(world.decide({ spec: { containers: [{ name: 'one', image: 'rare:1' }, { name: 'two', image: 'common:1' }] } })).toBe('b')
  })
  it('know an image without a tag, also behind a port of its registry', () => {
    const image = 'registry.example:5000/app'
    const world = new World({ a: {}, b: { images: [{ names: [`${image}:latest`], sizeBytes: 900 * 1024 * 1024 }] } })
    expect(world.decide({ spec: { containers: [{ name: 'app', image }] } })).toBe('b')
  })
})

describe('preemption', () => {
  const priority = (p: number, on: string, more: PodWords = {}): PodWords => ({ on, requests: { cpu: '1' }, spec: { priority: p }, ...more })
  const urgent: PodWords = { requests: { cpu: '1500m' }, spec: { priority: 1000 } }
  const budget = (disruptionsAllowed: number): any =>
    ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'b', namespace: 'shop' }, spec: { selector }, status: { disruptionsAllowed } })
  it('may use up what a budget allows, and no more', () => {
    const world = (allowed: number): World =>
      new World({ a: {}, b: {} }, { kept: priority(0, 'a', { labels: app }), other: priority(1, 'b') }).with(budget(allowed))
    expect(world(1).decide(urgent)).toMatch(/ends kept on a$/)
    expect(world(0).decide(urgent)).toMatch(/ends other on b$/)
  })
  it('helps a pod that asks for all that a node has', () => {
    const world = new World({ a: { memory: '4Gi' } }, { old: { on: 'a', requests: { memory: '1Gi' }, spec: { priority: 0 } } })
    expect(world.decide({ requests: { memory: '4Gi' }, spec: { priority: 1 } })).toMatch(/ends old on a$/)
    expect(world.decide({ requests: { memory: '4097Mi' }, spec: { priority: 1 } })).toMatch(/Preemption is not helpful/)
  })
  it('ends whom a budget protects, where nothing else makes room', () => {
    expect(new World({ a: {} }, { kept: priority(0, 'a', { labels: app }) }).with(budget(0)).decide(urgent)).toMatch(/ends kept on a$/)
  })
  it('lets those come back first whom a budget protects, and then the important', () => {
    const world = new World({ a: {} }, { kept: priority(0, 'a', { labels: app }), other: priority(1, 'a') }).with(budget(0))
    expect(world.decide({ ...urgent, requests: { cpu: '1' } })).toMatch(/ends other on a$/)
  })
  it('waits for those who are ending for the pod, and looks for no others meanwhile', () => {
    const ending = (reason: string): PodWords => priority(0, 'a', {
      requests: { cpu: '2' }, ending: true, status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason }] },
    })
    const decide = (reason: string, nominatedNodeName?: string): string =>
      new World({ a: {}, b: {} }, { going: ending(reason), calm: priority(-1, 'b', { requests: { cpu: '2' } }) }).decide({
        ...urgent, status: { nominatedNodeName },
      })
    expect(decide('PreemptionByScheduler', 'a')).toMatch(/not eligible due to a terminating pod on the nominated node\.$/)
    expect(decide('PreemptionByScheduler')).toMatch(/ends calm on b$/)
    expect(decide('EvictionByEvictionAPI', 'a')).toMatch(/ends calm on b$/)
  })
})

describe('filters', () => {
  const spread = (more: any): PodWords =>
    ({ spec: { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector, ...more }] } })
  it('count a pod for the skew only if its own selector means it', () => {
    const world = (): World => new World({ a: { labels: { zone: 'a' } }, b: { labels: { zone: 'b' }, cordoned: true } }, { one: { on: 'a', labels: app } })
    expect(world().decide({ ...spread({}), labels: {} })).toBe('a')
    expect(world().decide({ ...spread({}), labels: app })).toMatch(/didn't match pod topology spread constraints/)
    const two = new World(
      { a: { labels: { zone: 'a' } }, b: { labels: { zone: 'b' }, cordoned: true } }, { one: { on: 'a', labels: app }, two: { on: 'a', labels: app } }
    )
    expect(two.decide({ ...spread({}), labels: {} })).toMatch(/didn't match pod topology spread constraints/)
  })
  it('count no pod for the skew that is going', () => {
    const nodes = { a: { labels: { zone: 'a' } }, b: { labels: { zone: 'b' }, cordoned: true } }
    const decide = (ending: boolean): string => new World(nodes, { one: { on: 'a', labels: app, ending } }).decide({ ...spread({}), labels: app })
    expect(decide(true)).toBe('a')
    expect(decide(false)).toMatch(/didn't match pod topology spread constraints/)
  })
  it('keep a claim of one pod from others of its namespace only', () => {
    const claim = (namespace: string): any => ({
      kind: 'PersistentVolumeClaim', metadata: { name: 'c', namespace, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName: `v-${namespace}`, accessModes: ['ReadWriteOncePod'] }, status: { phase: 'Bound' },
    })
    const volume = (namespace: string): any => ({ kind: 'PersistentVolume', metadata: { name: `v-${namespace}` }, spec: {} })
    const uses = { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'c' } }] } }
    const decide = (namespace: string): string =>
      new World({ a: {} }, { first: { on: 'a', namespace, ...uses } }).with(claim('shop'), claim('other'), volume('shop'), volume('other')).decide(uses)
    expect(decide('other')).toBe('a')
    expect(decide('shop')).toMatch(/ReadWriteOncePod access mode already in-use by another pod/)
  })
  it('let as many volumes of a driver onto a node as it may have', () => {
    const csi = (name: string): any[] => [
      {
        kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'shop', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
        spec: { volumeName: name }, status: { phase: 'Bound' },
      },
      { kind: 'PersistentVolume', metadata: { name }, spec: { csi: { driver: 'ebs.example.com', volumeHandle: name } } },
    ]
    const uses = (claimName: string): PodWords => ({ spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] } })
    const driver = (count: number): any => ({ kind: 'CSINode', metadata: { name: 'a' }, spec: { drivers: [{ name: 'ebs.example.com', allocatable: { count } }] } })
    const decide = (count: number): string =>
      new World({ a: {} }, { first: { on: 'a', ...uses('one') } }).with(...csi('one'), ...csi('two'), driver(count)).decide(uses('two'))
    expect(decide(2)).toBe('a')
    expect(decide(1)).toMatch(/exceed max volume count/)
  })
  it('keep a port of one address from who wants it on all, and the other way round', () => {
    const port = (hostIP?: string): PodWords => ({ spec: { containers: [{ name: 'app', image: 'a', ports: [{ containerPort: 80, hostPort: 80, hostIP }] }] } })
    const decide = (taken: string | undefined, wanted: string | undefined): string =>
      new World({ a: {} }, { first: { on: 'a', ...port(taken) } }).decide(port(wanted))
    expect([decide(undefined, '10.0.0.1'), decide('10.0.0.1', undefined)].map(t => /didn't have free ports/.test(t))).toEqual([true, true])
    expect(decide('10.0.0.1', '10.0.0.2')).toBe('a')
  })
  it('let a volume of two zones into either', () => {
    const zone = 'topology.kubernetes.io/zone', volume: any = { kind: 'PersistentVolume', metadata: { name: 'v', labels: { [zone]: 'a_1__b' } }, spec: {} }
    const claim: any = {
      kind: 'PersistentVolumeClaim', metadata: { name: 'c', namespace: 'shop', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName: 'v' }, status: { phase: 'Bound' },
    }
    const uses: PodWords = { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'c' } }] } }
    const decide = (name: string): string => new World({ [name]: { labels: { [zone]: name } } }).with(volume, claim).decide(uses)
    expect([decide('a_1'), decide('b')]).toEqual(['a_1', 'b'])
    expect(decide('a')).toMatch(/node\(s\) had no available volume zone/)
  })
})
