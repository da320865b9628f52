import { describe, expect, it, test } from 'vitest'
import { enoughNodes } from '../src/runtime-model/kube-scheduler/schedule-pod.ts'
import { podInfo } from '../src/runtime-model/kube-scheduler/pod-info.ts'
import { node, pod, World } from './support/scheduling.ts'
import type { NodeWords, PodWords } from './support/scheduling.ts'

const three: Record<string, NodeWords> = { 'worker-1': {}, 'worker-2': {}, 'worker-3': { taints: ['dedicated=gpu:NoSchedule'] } }
const app = { app: 'shop' }, selector = { matchLabels: app }
const claims = 'no new claims to deallocate, preemption: '
const anti = (key: string) => ({ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector, topologyKey: key }] } })
const together = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector, topologyKey: 'kubernetes.io/hostname' }] } }

/** pods that fit nowhere, and the API server's reader is told */
const refused: readonly (readonly [string, Record<string, NodeWords>, Record<string, PodWords>, PodWords, string])[] = [
  [
    'too much cpu', three, {}, { requests: { cpu: '8' } },
    `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. ${claims}0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  ],
  [
    'too much of two things', three, {}, { requests: { cpu: '8', memory: '64Gi' } },
    `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu, 2 Insufficient memory. ${claims}0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  ],
  [
    'cpu in use by its equals', { 'worker-1': {} }, { old: { on: 'worker-1', requests: { cpu: '1500m' } } }, { requests: { cpu: '1' } },
    `0/1 nodes are available: 1 Insufficient cpu. ${claims}0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
  ],
  [
    'a resource no node has', { 'worker-1': {} }, {}, { requests: { 'example.com/gpu': '1' } },
    `0/1 nodes are available: 1 Insufficient example.com/gpu. ${claims}0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
  ],
  [
    'cordoned nodes', { a: { cordoned: true, taints: ['node.kubernetes.io/unschedulable:NoSchedule'] } }, {}, {},
    `0/1 nodes are available: 1 node(s) were unschedulable. ${claims}0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
  ],
  [
    'a label nobody has', three, {}, { spec: { nodeSelector: { disk: 'ssd' } } },
    `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. ${claims}0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  ],
  [
    'a port that is taken', { a: {} }, { old: { on: 'a', spec: { containers: [{ ports: [{ hostPort: 80 }] }] } } },
    { spec: { containers: [{ ports: [{ hostPort: 80, hostIP: '127.0.0.1' }] }] } },
    `0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. ${claims}0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
  ],
  [
    'a full node', { a: { pods: '1' } }, { old: { on: 'a' } }, {},
    `0/1 nodes are available: 1 Too many pods. ${claims}0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
  ],
  [
    'apart from its own kind', three, { x: { on: 'worker-1', labels: app }, y: { on: 'worker-2', labels: app } },
    { labels: app, spec: { affinity: anti('kubernetes.io/hostname') } },
    `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules. ${claims}0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.`,
  ],
  [
    'unwelcome where it would be', { a: {} }, { x: { on: 'a', spec: { affinity: anti('kubernetes.io/hostname') } } }, { labels: app },
    `0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules. ${claims}0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
  ],
  [
    'with others that are nowhere', { a: {} }, {}, { spec: { affinity: together } },
    `0/1 nodes are available: 1 node(s) didn't match pod affinity rules. ${claims}0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
  ],
  [
    'too uneven', { a: {}, b: { cordoned: true } }, { x: { on: 'a', labels: app } },
    {
      labels: app,
      spec: { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector }] },
    },
    `0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable. ${claims}0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.`,
  ],
  [
    'spread over a label nobody has', { a: {} }, {},
    { spec: { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector }] } },
    `0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label). ${claims}0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
  ],
  [
    'a claim that is not there', { a: {} }, {}, { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } },
    '0/1 nodes are available: persistentvolumeclaim "data" not found. not found',
  ],
  [
    'too polite to preempt', { a: {} }, { low: { on: 'a', requests: { cpu: '2' } } },
    { requests: { cpu: '1' }, spec: { priority: 10, preemptionPolicy: 'Never' } },
    `0/1 nodes are available: 1 Insufficient cpu. ${claims}not eligible due to preemptionPolicy=Never.`,
  ],
  [
    'named for a node that is gone', { a: {}, b: {} }, {},
    {
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['z'] }] }] },
          },
        },
      },
    },
    `0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${claims}0/2 nodes are available: 2 Preemption is not helpful for scheduling.`,
  ],
]
describe('a pod that fits nowhere', () => {
  test.each(refused)('%s', (_, nodes, pods, words, message) => { expect(new World(nodes, pods).decide(words)).toBe(message) })
  it('was told the taint in 1.33', () => {
    const world = new World({ a: { taints: ['dedicated=gpu:NoSchedule'] } })
    world.minorVersion = 33
    expect(world.decide()).toBe(
      '0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
    )
  })
})

/** pods that fit, and where they go */
const placed: readonly (readonly [string, Record<string, NodeWords>, Record<string, PodWords>, PodWords, string])[] = [
  ['the emptier node', { a: {}, b: {} }, { x: { on: 'a', requests: { cpu: '1' } } }, { requests: { cpu: '100m' } }, 'b'],
  ['the larger node', { a: {}, b: { cpu: '8', memory: '32Gi' } }, {}, {}, 'b'],
  [
    'a tolerated taint', { a: { taints: ['dedicated=gpu:NoSchedule'] } }, {},
    { spec: { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'gpu' }] } }, 'a',
  ],
  ['away from a soft taint', { a: { taints: ['slow=yes:PreferNoSchedule'] }, b: {} }, { x: { on: 'b', requests: { cpu: '1' } } }, {}, 'b'],
  ['the label it wants', { a: {}, b: { labels: { disk: 'ssd' } } }, {}, { spec: { nodeSelector: { disk: 'ssd' } } }, 'b'],
  [
    'the label it would like', { a: {}, b: { labels: { disk: 'ssd' } } }, { x: { on: 'b', requests: { cpu: '500m' } } },
    {
      spec: {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{
              weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
            }],
          },
        },
      },
    },
    'b',
  ],
  ['with its friends', { a: {}, b: {} }, { x: { on: 'b', labels: app } }, { spec: { affinity: together } }, 'b'],
  ['the first of a group that stays together', { a: {} }, {}, { labels: app, spec: { affinity: together } }, 'a'],
  ['where its image is', { a: {}, b: { images: [{ names: ['example.com/app:1'], sizeBytes: 800_000_000 }] } }, {}, {}, 'b'],
  [
    'the node its volume is on', { a: {}, b: {} }, {},
    {
      spec: {
        nodeSelector: {},
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }] },
          },
        },
      },
    },
    'b',
  ],
]
describe('a pod that fits', () => {
  test.each(placed)('%s', (_, nodes, pods, words, place) => { expect(new World(nodes, pods).decide(words)).toBe(place) })
  it('takes turns with its equals', () => {
    const world = new World({ a: {}, b: {}, c: {} })
    expect(['1', '2', '3'].map(n => world.place(n))).toHaveLength(3)
    expect(new Set(['a', 'b', 'c'].map(n => world.nodes.get(n)!.pods.size))).toEqual(new Set([1]))
  })
  it('spreads the replicas of a set over zones, though nothing says so', () => {
    const zone = (z: string): NodeWords => ({ labels: { 'topology.kubernetes.io/zone': z } })
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'shop', namespace: 'shop', uid: 'rs' } as any, spec: { selector } }
    const world = new World({ a: zone('1'), b: zone('1'), c: zone('2') }).with(owner)
    const places = ['1', '2', '3', '4'].map(n => world.place(n, { labels: app, owner }))
    expect(places.filter(p => p === 'c')).toHaveLength(2)
  })
  it('chooses among equals', () => {
    const seen = new Set([0, 1, 2].map(n => new World({ a: {}, b: {}, c: {} }).decide({}, () => n)))
    expect(seen).toEqual(new Set(['a', 'b', 'c']))
  })
})

describe('preemption', () => {
  const priority = (p: number, cpu: string, on: string, more: PodWords = {}): PodWords => ({ on, requests: { cpu }, spec: { priority: p }, ...more })
  const urgent: PodWords = { requests: { cpu: '1500m' }, spec: { priority: 1000 } }
  it('ends what is less important', () => {
    expect(new World({ a: {} }, { low: priority(0, '1', 'a') }).decide(urgent)).toBe('0/1 nodes are available: 1 Insufficient cpu. ends low on a')
  })
  it('spares whoever may stay, the more important first', () => {
    expect(new World({ a: {} }, { low: priority(1, '1', 'a'), mid: priority(5, '500m', 'a') }).decide(urgent)).toMatch(/ends low on a$/)
  })
  it('prefers the node with the less important victims', () => {
    expect(new World({ a: {}, b: {} }, { mid: priority(5, '1', 'a'), low: priority(1, '1', 'b') }).decide(urgent)).toMatch(/ends low on b$/)
  })
  it('respects budgets where there is a choice', () => {
    const budget = {
      apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'b', namespace: 'shop' } as any, spec: { selector },
      status: { disruptionsAllowed: 0 },
    }
    expect(new World({ a: {}, b: {} }, {
      kept: priority(0, '1', 'a', { labels: app }), other: priority(1, '1', 'b'),
    }).with(budget).decide(urgent)).toMatch(/ends other on b$/)
  })
  it('leaves everything as it was when it only thinks', () => {
    const world = new World({ a: {} }, { low: priority(0, '1', 'a') })
    world.decide(urgent)
    expect(world.nodes.get('a')).toMatchObject({ cpu: 1000 })
    expect(world.nodes.get('a')!.pods.size).toBe(1)
  })
})

describe('the cache', () => {
  it('counts the same however pods came and went', () => {
    const world = new World({ a: {}, b: {} }), infos = [1, 2, 3, 4].map(n => podInfo(pod(`p${n}`, { requests: { cpu: '100m', memory: '64Mi' } })))
    infos.forEach((info, i) => world.nodes.setPod(info, i % 2 ? 'a' : 'b'))
    world.nodes.setPod(infos[0], 'a')
    infos.forEach(info => world.nodes.removePod(info.key))
    for (const name of ['a', 'b']) expect(world.nodes.get(name)).toMatchObject({ cpu: 0, memory: 0, scoreCpu: 0, scoreMemory: 0 })
  })
  it('forks into two that know nothing of each other', () => {
    const { nodes } = new World({ a: {} }), twin = nodes.fork(), info = podInfo(pod('p'))
    twin.setPod(info, 'a')
    expect([nodes.get('a')!.pods.size, twin.get('a')!.pods.size, nodes.nodeOf('shop/p')]).toEqual([0, 1, undefined])
    nodes.setNode(node('b'))
    expect([nodes.list.length, twin.list.length]).toEqual([2, 1])
  })
  test.each([[1, 1], [99, 99], [100, 100], [250, 120], [1000, 420], [5000, 500], [10_000, 500]])(
    'of %i nodes, %i that fit are enough', (total, enough) => { expect(enoughNodes(total)).toBe(enough) }
  )
})
