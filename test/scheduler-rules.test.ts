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
  it('tries who was woken early after everybody who is active, in the order in which their back-offs end', () => {
    const queue = new SchedulingQueue(), add = (name: string): Queued => { queue.add(podInfo(pod(name)), 0); return queue.pop()! }
    const often = add('often'), once = add('once')
    queue.refuse({ ...often, misses: 3 }, ['NodeResourcesFit'], 0); queue.refuse(once, ['NodeResourcesFit'], 0)
    queue.wake('shop/often', 100); queue.wake('shop/once', 200); queue.add(podInfo(pod('new')), 300)
    expect([1, 2, 3].map(() => queue.pop()!.info.pod.metadata.name)).toEqual(['new', 'once', 'often'])
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
  it('ends whom a budget protects, where nothing else makes room', () => {
    expect(new World({ a: {} }, { kept: priority(0, 'a', { labels: app }) }).with(budget(0)).decide(urgent)).toMatch(/ends kept on a$/)
  })
})
