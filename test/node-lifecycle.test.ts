import { describe, expect, it } from 'vitest'
import { Story } from './support/cluster-lines.ts'

const about = /^\S+ (node|pod|event (worker|web))/
const onWorker1 = { nodeName: 'worker-1' }
const told = (lines: readonly string[]): string[] => lines.map(line => line.slice(line.indexOf(' ') + 1))
const secondsOf = (lines: readonly string[], words: string): number => Number(lines.find(line => line.includes(words))?.split(' ')[0])

describe('a node that is lost', () => {
  it('is noticed 50 s after its last heartbeat, and its pods are evicted five minutes later', () => {
    const story = new Story({})
    story.pod('web', onWorker1)
    story.after(10, about)
    story.cluster.inject('node-down', { node: 'worker-1' })
    const lost = story.after(60, about)
    expect(told(lost)).toEqual([
      'node worker-1 Ready=Unknown', 'node worker-1 +unreachable:NoSchedule', 'event worker-1 NodeNotReady: Node worker-1 status is now: NodeNotReady',
      'pod web Ready=False', 'event web NodeNotReady: Node is not ready', 'node worker-1 +unreachable:NoExecute',
    ])
    const at = secondsOf(lost, 'Ready=Unknown')
    expect(at).toBeGreaterThan(10 + 40); expect(at).toBeLessThanOrEqual(10 + 55)
    expect(story.node('worker-1').status.conditions.map((c: any) => [c.type, c.status, c.reason])).toEqual([
      'MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready',
    ].map(type =>
      [type, 'Unknown', 'NodeStatusUnknown']))
    const evicted = story.after(310, about)
    expect(told(evicted)).toEqual(['event web TaintManagerEviction: Marking for deletion Pod default/web', 'pod web DisruptionTarget=True', 'pod web deleted'])
    expect(secondsOf(evicted, 'deleted') - secondsOf(lost, 'NoExecute')).toBeCloseTo(300, 0)
  })
  it('that comes back in time keeps its pods', () => {
    const story = new Story({})
    story.pod('web', onWorker1)
    story.after(5, about)
    story.cluster.inject('kubelet-stop', { node: 'worker-1' })
    story.after(120, about)
    story.cluster.heal('kubelet-stop', { node: 'worker-1' })
    const back = told(story.after(30, about))
    expect(back).toContain('event web TaintManagerEviction: Cancelling deletion of Pod default/web')
    expect(back.indexOf('node worker-1 -unreachable:NoSchedule')).toBeLessThan(back.indexOf('node worker-1 -unreachable:NoExecute'))
    expect(story.after(400, /deleted/)).toEqual([])
  })
  it('gets 50 s more when the controllers start anew', () => {
    const story = new Story({})
    story.after(2, about)
    story.cluster.inject('node-down', { node: 'worker-1' })
    story.cluster.inject('component-down', { component: 'kube-controller-manager' })
    expect(story.after(90, /Ready=Unknown/)).toEqual([])
    story.cluster.heal('component-down', { component: 'kube-controller-manager' })
    expect(story.after(45, /Ready=Unknown/)).toEqual([])
    expect(story.after(40, /Ready=Unknown/)).toHaveLength(1)
  })
  it('is not to blame when all are lost: nobody is evicted until one is back', () => {
    const story = new Story({})
    story.pod('web', onWorker1)
    story.after(2, about)
    for (const node of ['worker-1', 'worker-2']) story.cluster.inject('node-down', { node })
    expect(told(story.after(200, /NoExecute|NoSchedule/))).toEqual(['node worker-1 +unreachable:NoSchedule', 'node worker-2 +unreachable:NoSchedule'])
    story.cluster.heal('node-down', { node: 'worker-2' })
    expect(told(story.after(60, /NoExecute/))).toEqual(['node worker-1 +unreachable:NoExecute'])
  })
  it('takes its turn: a zone loses one node every ten seconds', () => {
    const story = new Story({ nodes: ['1', '2', '3', '4', '5', '6'].map(n => ({ name: `worker-${n}` })) })
    for (const n of ['1', '2', '3']) story.cluster.inject('node-down', { node: `worker-${n}` })
    const at = story.after(90, /NoExecute/).map(line => Number(line.split(' ')[0]))
    expect(at).toHaveLength(3)
    expect([at[1] - at[0], at[2] - at[1]].map(Math.round)).toEqual([10, 10])
  })
  it('renews its lease at moments of its own: nodes that are lost together are noticed one after the other, and the first is given up meanwhile', () => {
    const nodes = ['worker-1', 'worker-2', 'worker-3'].map(name => ({ name })), story = new Story({ bare: false, nodes })
    story.after(20, about)
    for (const { name } of nodes) story.cluster.inject('node-down', { node: name })
    const lost = story.after(80, /Ready=Unknown|NoExecute/), at = lost.filter(line => line.includes('Unknown')).map(line => Number(line.split(' ')[0]))
    expect(at).toHaveLength(3)
    expect(at[2] - at[0]).toBeGreaterThanOrEqual(5); expect(at[2] - at[0]).toBeLessThanOrEqual(10)
    // once most of the zone is gone nobody is given up any more
    expect(told(lost).filter(line => line.includes('NoExecute'))).toEqual(['node worker-2 +unreachable:NoExecute'])
    expect(story.after(60, /NoExecute/)).toEqual([])
  })
  it('costs nothing while all is well', () => {
    const { cluster } = new Story({}), events = cluster.kernel.eventCount
    expect(cluster.kernel.quiet).toBe(true)
    cluster.advance(86_400_000)
    expect(cluster.kernel.eventCount - events).toBeLessThan(2000)
  })
})

describe('taints', () => {
  it('follow a cordon at once', () => {
    const story = new Story({})
    story.merge('nodes', 'worker-1', { spec: { unschedulable: true } })
    expect(told(story.after(1, /node/))).toEqual(['node worker-1 +unschedulable:NoSchedule'])
    story.merge('nodes', 'worker-1', { spec: { unschedulable: null } })
    expect(told(story.after(1, /node/))).toEqual(['node worker-1 -unschedulable:NoSchedule'])
  })
  it('evict at once, after a while, or never', () => {
    const story = new Story({})
    const tolerating = (seconds?: number) => ({
      ...onWorker1,
      tolerations: [{ key: 'maintenance', operator: 'Exists', effect: 'NoExecute', ...seconds === undefined ? {} : { tolerationSeconds: seconds } }],
    })
    story.pod('plain', onWorker1); story.pod('patient', tolerating(5)); story.pod('stubborn', tolerating())
    story.after(3, /./)
    const from = story.cluster.now / 1000
    story.merge('nodes', 'worker-1', { spec: { taints: [{ key: 'maintenance', value: 'now', effect: 'NoExecute' }] } })
    const lines = story.after(60, /deleted|Marking/)
    expect(told(lines).filter(line => line.startsWith('pod'))).toEqual(['pod plain deleted', 'pod patient deleted'])
    expect([secondsOf(lines, 'pod plain') - from, secondsOf(lines, 'pod patient') - from].map(s => Math.round(Math.abs(s)))).toEqual([0, 5])
  })
  it('leave a planned eviction where it is, and it is called off aloud only while it is still to come', () => {
    const story = new Story({}), taint = (...keys: string[]): void => {
      story.merge('nodes', 'worker-1', { spec: { taints: keys.map(key => ({ key, value: 'now', effect: 'NoExecute' })) } })
    }
    const bears = (times: Readonly<Record<string, number>>) =>
      ({ ...onWorker1, tolerations: Object.entries(times).map(([key, tolerationSeconds]) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds })) })
    for (const name of ['later', 'early', 'sudden']) story.pod(name, bears(name === 'sudden' ? { a: 15 } : { a: 15, b: 3 }))
    story.after(3, /./)
    const from = story.cluster.now / 1000
    taint('a')
    story.after(2, /./)
    story.send('delete', { resource: 'pods', namespace: 'default', name: 'early' })
    taint('a', 'b')
    const lines = story.after(20, /event .*(Marking|Cancelling)/)
    expect(told(lines).map(line => line.replace(/TaintManagerEviction: | Pod default.*/g, '')).toSorted()).toEqual([
      'event early Cancelling deletion of', 'event later Marking for deletion', 'event sudden Cancelling deletion of', 'event sudden Marking for deletion',
    ])
    expect(Math.round(secondsOf(lines, 'event later') - from)).toBe(15)
    taint()
    expect(story.after(10, /Cancelling/)).toEqual([])
  })
})

describe('a new node', () => {
  it('gets its range, its annotation and a word of welcome', () => {
    const story = new Story({ nodes: [{ name: 'worker-1' }] })
    expect(story.node('worker-1')).toMatchObject({
      metadata: { annotations: { 'node.alpha.kubernetes.io/ttl': '0' } }, spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] },
    })
    expect(story.cluster.storedList('events').map(e => e.message)).toContain('Node worker-1 event: Registered Node worker-1 in Controller')
  })
  it('gets the range after the last one given, though one that left has set another free', () => {
    const story = new Story({ nodes: [{ name: 'worker-1' }] })
    const join = (name: string): string => {
      story.send('create', { resource: 'nodes' }, { apiVersion: 'v1', kind: 'Node', metadata: { name } })
      story.after(1, /./)
      return story.node(name).spec.podCIDR
    }
    expect(join('guest')).toBe('10.244.1.0/24')
    story.send('delete', { resource: 'nodes', name: 'guest' })
    story.after(1, /./)
    expect(join('guest')).toBe('10.244.2.0/24')
  })
  it('whose kubelet never reports is unknown after a minute', () => {
    const story = new Story({ nodes: [{ name: 'worker-1' }] })
    story.send('create', { resource: 'nodes' }, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'ghost' } })
    story.after(70, /./)
    expect(story.node('ghost').status.conditions.map((c: any) => `${c.type} ${c.status} ${c.reason}`)).toContain('Ready Unknown NodeStatusNeverUpdated')
    story.send('delete', { resource: 'nodes', name: 'ghost' })
    expect(told(story.after(10, /event ghost/))).toEqual(['event ghost RemovingNode: Node ghost event: Removing Node ghost from Controller'])
  })
})
