import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/** Three workers of equal size, two in zone a and one in zone b; a Service that asks for hints, and pods by node: `1 1 2 3`. */
function world(pods: string, annotations: any = { 'service.kubernetes.io/topology-mode': 'Auto' }): Network {
  const n = new Network()
  pods.split(' ').forEach((node, i) => n.pod(`web-${i}`, `worker-${node}`, { labels: { app: 'web' } }))
  n.pass(5000)
  n.ask('create', { resource: 'services', namespace: 'default' }, {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', annotations }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  return n.pass(5000)
}
const slices = (n: Network): readonly any[] => n.driver.storedList('endpointslices.discovery.k8s.io', 'default').filter(s =>
  s.metadata.labels!['kubernetes.io/service-name'] === 'web')
/** `a>b`: an endpoint of zone a for clients of zone b */
const hints = (n: Network): string => slices(n).flatMap(s => s.endpoints).map((e: any) => `${e.zone}>${e.hints?.forZones?.[0].name ?? '-'}`).sort().join(' ')
const told = (n: Network): string => n.driver.storedList('events', 'default').filter(e => (e.regarding ?? e.involvedObject).kind === 'Service')
  .map(e => `${e.type} ${e.reason} ${e.message ?? e.note}`).join('; ')

describe('topology aware routing', () => {
  test('endpoints in proportion serve their own zone', () => {
    const n = world('1 2 3')
    expect([hints(n), told(n)]).toEqual(['a>a a>a b>b', 'Normal TopologyAwareHintsEnabled Topology Aware Hints has been enabled, addressType: IPv4'])
    expect([n.endpoints('web', 'worker-1'), n.endpoints('web', 'worker-3')]).toEqual(['web-0 web-1', 'web-2'])
  })
  test('a zone that has too many lends to the other', () => {
    const n = world('1 1 1 2 2 2')
    expect(hints(n)).toBe('a>a a>a a>a a>a a>b a>b')
    expect(n.endpoints('web', 'worker-3').split(' ')).toHaveLength(2)
  })
  test.each([
    ['fewer endpoints than zones', '1', 'Insufficient number of endpoints (1 endpoints, 2 zones)'],
    [
      'shares that cannot be had without a burden', '1 3',
      'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (2 endpoints, 2 zones)',
    ],
  ])('%s: none, and all nodes use all', (_, pods, why) => {
    const n = world(pods)
    expect([hints(n).includes('>a') || hints(n).includes('>b'), told(n)]).toEqual([false, `Warning TopologyAwareHintsDisabled ${why}, addressType: IPv4`])
  })
  test('a node that is no longer ready changes what is due to its zone; the annotation taken off, all hints go', () => {
    const n = world('1 1 2 3 3 3')
    expect(hints(n)).toBe('a>a a>a a>a b>a b>b b>b')
    n.driver.inject('node-down', { node: 'worker-3' })
    n.pass(60_000)
    expect(hints(n).replaceAll('b>-', '').trim()).toBe('a>- a>- a>-')
    const other = world('1 2 3')
    other.merge('services', 'web', { metadata: { annotations: { 'service.kubernetes.io/topology-mode': null } } })
    other.pass(3000)
    expect([hints(other), told(other)]).toEqual([
      'a>- a>- b>-', expect.stringContaining('Warning TopologyAwareHintsDisabled Topology Aware Hints has been disabled'),
    ])
  })
  test('at rest nothing is written; it goes before trafficDistribution', () => {
    const n = world('1 2 3'), before = slices(n)[0].metadata.resourceVersion
    n.pass(600_000)
    expect(slices(n)[0].metadata.resourceVersion).toBe(before)
    n.merge('services', 'web', { spec: { trafficDistribution: 'PreferSameNode' } })
    n.pass(3000)
    expect(slices(n)[0].endpoints.some((e: any) => e.hints.forNodes)).toBe(false)
    expect(hints(world('1 2', {}))).toBe('a>- a>-')
  })
})
