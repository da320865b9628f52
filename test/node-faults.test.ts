import { describe, expect, test } from 'vitest'
import type { ModelOptions } from '../src/runtime-model/cluster.ts'
import { Story } from './support/cluster-lines.ts'
import { Network } from './support/network.ts'
import { expectations, runFeature } from './support/run-feature.ts'
import { scenarioLaws } from './support/scenario-laws.ts'

scenarioLaws('scenarios/nodes')

const named = (n: number, zone: string, from = 1): { name: string; zone: string }[] =>
  Array.from({ length: n }, (_, i) => ({ name: `worker-${from + i}`, zone }))
const secondsOf = (lines: readonly string[]): number[] => lines.map(line => Number(line.split(' ')[0]))
const gaps = (at: readonly number[]): number[] => at.slice(1).map((t, i) => Math.round(t - at[i]))
const tainted = /\+unreachable:NoExecute/

/** Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go (ComputeZoneState, handleDisruption, ReducedQPSFunc, HealthyQPSFunc) */
describe('the pace at which a zone loses its pods', () => {
  const lost = (nodes: ModelOptions['nodes'], down: number, forS: number): readonly number[] => {
    const story = new Story({ nodes })
    for (let n = 1; n <= down; n++) story.cluster.inject('node-down', { node: `worker-${n}` })
    return secondsOf(story.after(forS, tainted))
  }
  test('two lost nodes of three are a matter of nodes: one every ten seconds', () => expect(gaps(lost(named(3, 'a'), 2, 120))).toEqual([10]))
  test('three of six are not yet most of the zone', () => expect(gaps(lost(named(6, 'a'), 3, 120))).toEqual([10, 10]))
  test('three of five are, and the zone is small: nobody is evicted', () => expect(lost(named(5, 'a'), 3, 900)).toEqual([]))
  test('a large zone goes on at a tenth of the pace', () => expect(gaps(lost(named(52, 'a'), 30, 400).slice(-3))).toEqual([100, 100]))
  test('a zone that is lost as a whole, while another one is well, keeps the usual pace', () =>
    expect(gaps(lost([...named(4, 'a'), ...named(1, 'b', 5)], 4, 120))).toEqual([10, 10, 10]))
  test('zones have their turns on their own', () => {
    const story = new Story({ nodes: [...named(3, 'a'), ...named(3, 'b', 4)] })
    for (const n of [1, 2, 4, 5]) story.cluster.inject('node-down', { node: `worker-${n}` })
    const at = secondsOf(story.after(120, tainted))
    expect(gaps(at)).toEqual([0, 10, 0])
  })
  test('a node that is left out by its label does not count', () => {
    const nodes = named(6, 'a').map((n, i) => i < 3 ? n : { ...n, labels: { 'node.kubernetes.io/exclude-disruption': '' } })
    expect(lost(nodes, 2, 120)).toHaveLength(2)
    // all that count are gone, in the only zone: it is the control plane that cannot see
    expect(lost(nodes, 3, 600)).toEqual([])
  })
})

describe('a zone', () => {
  test('is lost and comes back as a whole, and nothing else is touched', () => {
    const { cluster } = new Story({ nodes: [...named(2, 'a'), ...named(2, 'b', 3)] })
    const power = (): string[] => [1, 2, 3, 4].map(n => cluster.kernel.powerOf(`worker-${n}`))
    expect(cluster.inject('zone-down', { zone: 'a' })).toBe(2)
    expect(power()).toEqual(['down', 'down', 'up', 'up'])
    expect(cluster.inject('zone-down', { zone: 'a' })).toBe(0)
    expect([cluster.heal('zone-down', { zone: 'a' }), cluster.heal('zone-down', { zone: 'a' })]).toEqual([true, false])
    expect(power()).toEqual(['up', 'up', 'up', 'up'])
    expect(cluster.inject('zone-down', { zone: 'c' })).toBe('no node of this cluster is in zone c (there are the zones a, b)')
    expect(new Story({}).cluster.inject('zone-down', { zone: 'a' })).toBe('no node of this cluster is in zone a (its nodes have no zones)')
  })
})

describe('a network that is cut', () => {
  const ready = (story: Story): string[] => story.cluster.storedList('nodes').map(n => n.status.conditions.find((c: any) => c.type === 'Ready').status)
  test('between two nodes is no matter of the control plane, and counts as met by who tries', () => {
    const network = new Network(), { driver } = network
    network.deployment('web', 3); network.service('web'); network.pass(10_000)
    const pods = driver.cluster.storedList('pods', 'default'), on = (node: string): string => pods.find(p => p.spec.nodeName === node)!.metadata.name
    const reaches = (from: string, to: string): string => {
      const { servedBy, error } = driver.reach({ namespace: 'default', pod: on(from) }, { pod: on(to), namespace: 'default', port: 80 }) as {
        servedBy?: string; error?: string
      }
      return servedBy ? 'yes' : error!
    }
    driver.inject('network-partition', { a: 'worker-1', b: 'worker-2' })
    expect(driver.idleFaults!()).toHaveLength(1)
    expect(reaches('worker-1', 'worker-2')).toContain('nothing passes between worker-1 and worker-2')
    expect(reaches('worker-2', 'worker-1')).toContain('nothing passes between worker-2 and worker-1')
    expect(driver.idleFaults!()).toEqual([])
    expect(['worker-1', 'worker-2'].map(n => reaches(n, 'worker-3'))).toEqual(['yes', 'yes'])
    expect(reaches('worker-1', 'worker-1')).toBe('yes')
    network.pass(300_000)
    expect(driver.cluster.storedList('nodes').every(n => n.status.conditions.some((c: any) => c.type === 'Ready' && c.status === 'True'))).toBe(true)
    driver.heal('network-partition', { a: 'worker-2', b: 'worker-1' })
    expect(reaches('worker-1', 'worker-2')).toBe('yes')
  })
  test('between a zone and the control plane makes its nodes unknown', () => {
    const story = new Story({ nodes: [...named(2, 'a'), ...named(1, 'b', 3)] })
    story.cluster.inject('network-partition', { a: 'zone a', b: 'the control plane' })
    story.cluster.advance(60_000)
    expect(ready(story)).toEqual(['Unknown', 'Unknown', 'True'])
    story.cluster.heal('network-partition', { a: 'zone a', b: 'the control plane' })
    // their watches notice a dead connection by its pings, 45 s after the cut, and what hung then has to time out
    story.cluster.advance(60_000)
    expect(ready(story)).toEqual(['True', 'True', 'True'])
  })
  test('between two machines of etcd leaves a majority', () => {
    const story = new Story({ bare: false, controlPlaneNodes: 3 } as never)
    expect(story.cluster.inject('network-partition', { a: 'cp-1', b: 'cp-2' })).toBe(1)
    story.cluster.advance(120_000)
    expect(
      story.send('create', { resource: 'configmaps', namespace: 'default' }, {
        apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' },
      }).metadata.resourceVersion
    ).toBeDefined()
    expect(story.cluster.inject('network-partition', { a: 'cp-1', b: 'nowhere' })).toMatch(/^there is no machine nowhere in this cluster/)
  })
})

describe('machines of a cloud', () => {
  const managed = (): Story => new Story({ bare: false, managed: true, nodes: [{ name: 'worker-1' }, { name: 'worker-2' }] } as never)
  test('that are taken back are well until the notice is over, and then gone', () => {
    const { cluster } = managed()
    expect(cluster.inject('instance-reclaimed', { node: 'worker-1', noticeMs: 120_000 })).toBe(1)
    cluster.advance(119_000)
    expect(cluster.kernel.powerOf('worker-1')).toBe('up')
    cluster.advance(2000)
    expect(cluster.kernel.powerOf('worker-1')).toBe('down')
    cluster.advance(65_000)
    expect(cluster.stored('nodes', '', 'worker-1')).toBeUndefined()
    expect(new Story({}).cluster.inject('instance-reclaimed', { node: 'worker-1', noticeMs: 1 })).toMatch(/this cluster has no cloud/)
  })
  test('that are stopped keep their Node, with a taint while they are', () => {
    const story = managed(), taints = (): string[] => (story.node('worker-1').spec.taints ?? []).map((t: any) => t.key.split('/')[1])
    story.cluster.inject('instance-stopped', { node: 'worker-1' })
    story.cluster.advance(120_000)
    expect(taints()).toContain('shutdown')
    expect(story.cluster.heal('instance-stopped', { node: 'worker-1' })).toBe(true)
    story.cluster.advance(60_000)
    expect(taints()).toEqual([])
  })
})

describe('machines that come and go', () => {
  test('as often as is said, and no more', () => {
    const { cluster } = new Story({}), seen: number[] = []
    cluster.observe((o: any) => { if (o.type === 'nodePower' && o.state === 'down') seen.push(o.at) })
    expect(cluster.inject('node-reboot', { node: 'worker-1', times: 3, everyMs: 100_000, forMs: 20_000 })).toBe(1)
    cluster.advance(1_000_000)
    expect(seen.map(at => at - seen[0])).toEqual([0, 100_000, 200_000])
    expect(cluster.kernel.powerOf('worker-1')).toBe('up')
    expect(cluster.inject('node-reboot', { node: 'worker-1', times: 3, everyMs: 10_000, forMs: 20_000 })).toBe(
      'a machine that is away for 20 s cannot go down again after 10 s'
    )
  })
  test('a clock that is ahead is seen in what its kubelet writes, and nowhere else', () => {
    const story = new Story({})
    story.cluster.inject('clock-skew', { node: 'worker-1', aheadMs: 3_600_000 })
    story.pod('web', { nodeName: 'worker-1' })
    expect(story.after(600, /NotReady|Unknown/)).toEqual([])
    const { metadata, status } = story.pods().web
    expect(Math.round((Date.parse(status.startTime) - Date.parse(metadata.creationTimestamp)) / 60_000)).toBe(60)
  })
})

test('what is so around a machine is so whether or not it is there when it begins and ends', async () => {
  const image = 'image "shop.example.com/app:1"', pull = `When I run "kubectl run late --image=shop.example.com/app:1"\n`
  const pressed = 'When node worker-1 is under memory pressure\n', calm = 'node worker-1 eventually has condition MemoryPressure=False within 10m'
  const wanted = {
    'a registry that comes back meanwhile': 'passed', 'one that is lost meanwhile': 'passed', 'pressure that ends while the kubelet is away': 'passed',
    'that begins while it is away': 'passed', 'that begins and ends in a frozen machine': 'passed', 'that outlives a restart of the kubelet': 'passed',
    'memory that is left, too': 'passed', 'a network plugin that comes back meanwhile': 'passed', 'an image that is told of meanwhile': 'passed',
  }
  const ran = await runFeature({
    'a registry that comes back meanwhile':
      `Given image registry "shop.example.com" is unreachable\nAnd I run "kubectl run early --image=shop.example.com/early:1"\nAnd 60 seconds pass\nWhen node worker-1 goes down\nAnd image registry "shop.example.com" is reachable again\nAnd node worker-1 comes back\nAnd 60 seconds pass\n${pull}Then pod late eventually Running`,
    'one that is lost meanwhile':
      `When node worker-1 goes down\nAnd image registry "shop.example.com" is unreachable\nAnd node worker-1 comes back\nAnd 60 seconds pass\n${pull}Then pod late eventually ImagePullBackOff`,
    'pressure that ends while the kubelet is away':
      `${pressed}And 20 seconds pass\nAnd the kubelet on worker-1 stops\nAnd node worker-1 is no longer under memory pressure\nAnd the kubelet on worker-1 starts\nThen ${calm}`,
    'that begins while it is away':
      `When the kubelet on worker-1 stops\nAnd node worker-1 is under memory pressure\nAnd the kubelet on worker-1 starts\nThen node worker-1 eventually has condition MemoryPressure=True`,
    'that begins and ends in a frozen machine':
      `When node worker-1 hangs\nAnd node worker-1 is under PID pressure\nAnd node worker-1 is no longer under PID pressure\nAnd node worker-1 resumes\nAnd 10 minutes pass\nThen node worker-1 has condition PIDPressure=False`,
    'that outlives a restart of the kubelet':
      `${pressed}And 20 seconds pass\nAnd the kubelet on worker-1 stops\nAnd the kubelet on worker-1 starts\nAnd 30 seconds pass\nThen node worker-1 stays MemoryPressure for 10m\nWhen node worker-1 is no longer under memory pressure\nThen ${calm}`,
    'memory that is left, too':
      `When only 50Mi of memory is left on node worker-1\nAnd 20 seconds pass\nAnd the kubelet on worker-1 stops\nAnd the kubelet on worker-1 starts\nAnd 30 seconds pass\nThen node worker-1 stays MemoryPressure for 10m`,
    'a network plugin that comes back meanwhile':
      'When the network plugin of node worker-1 is missing\nAnd 30 seconds pass\nAnd node worker-1 goes down\nAnd the network plugin of node worker-1 is there again\nAnd node worker-1 comes back\nThen node worker-1 is eventually Ready within 2m',
    'an image that is told of meanwhile':
      `When node worker-1 goes down\nGiven ${image}:\n"""\nmissing: true\n"""\nWhen node worker-1 comes back\nAnd 60 seconds pass\n${pull}Then pod late eventually ImagePullBackOff`,
  }, 'Given a cluster with 1 node')
  expect(expectations(ran, wanted)).toEqual(wanted)
})
