import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rulesFor } from '../src/runtime-model/kube-proxy/rules.ts'
import { Network } from './support/network.ts'

/**
 * Endpoints as words, one each: `a@worker-1`, then `not-ready`, `terminating` (still serving), `gone` (terminating and no longer serving),
 * `zone:z` and `node:n` (hints), joined by `,`.
 */
function sliceOf(text: string): any {
  const endpoints = text.split(' ').filter(Boolean).map((word, i) => {
    const [place, ...marks] = word.split(','), [name, node] = place.split('@'), terminating = marks.includes('terminating') || marks.includes('gone')
    const serving = !marks.includes('not-ready') && !marks.includes('gone')
    const hints = (key: string) => marks.filter(m => m.startsWith(`${key}:`)).map(m => ({ name: m.slice(key.length + 1) }))
    return {
      addresses: [`10.244.0.${i + 1}`], nodeName: node, targetRef: { kind: 'Pod', name, uid: name },
      conditions: { ready: serving && !terminating, serving, terminating },
      ...hints('zone').length + hints('node').length
        ? { hints: { ...hints('zone').length ? { forZones: hints('zone') } : {}, ...hints('node').length ? { forNodes: hints('node') } : {} } }
        : {},
    }
  })
  return {
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } }, ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints,
  }
}
const serviceOf = (spec: any = {}): any =>
  ({ metadata: { name: 'web', namespace: 'default' }, spec: { type: 'ClusterIP', clusterIP: '10.96.1.1', ports: [{ port: 80 }], ...spec } })
/** what worker-1, in zone a, makes of it: `inside: a b, outside: dropped` */
function rules(spec: any, endpoints: string, node = 'worker-1', zone: string | undefined = 'a'): string {
  const found = rulesFor(serviceOf(spec), [sliceOf(endpoints)], node, zone)
  if (!found) return 'no rules'
  const [port] = found.ports, told = (list: readonly any[], drop: boolean): string => list.map(e => e.pod).join(' ') || (drop ? 'dropped' : 'refused')
  return `inside: ${told(port.internal, port.dropInternal)}, outside: ${told(port.external, port.dropExternal)}`
}

const internalLocal = { internalTrafficPolicy: 'Local' }, externalLocal = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }
describe('which endpoints a node\'s rules choose from', () => {
  test.each<[string, any, string, string]>([
    ['all that are ready', {}, 'a@worker-1 b@worker-2 c@worker-3,not-ready', 'inside: a b, outside: a b'],
    ['none that ends while another is ready', {}, 'a@worker-1,terminating b@worker-2', 'inside: b, outside: b'],
    [
      'those that end and still serve, when none is ready anywhere', {}, 'a@worker-1,terminating b@worker-2,terminating c@worker-3,not-ready d@worker-1,gone',
      'inside: a b, outside: a b',
    ],
    ['none at all: refused', {}, '', 'inside: refused, outside: refused'],
    ['none but unready ones: refused', {}, 'a@worker-1,not-ready', 'inside: refused, outside: refused'],
    ['none but one that has ended: refused', {}, 'a@worker-1,gone', 'inside: refused, outside: refused'],
    ['inside local: the node\'s own', internalLocal, 'a@worker-1 b@worker-2', 'inside: a, outside: a b'],
    ['inside local: its own that still serves, though others are ready', internalLocal, 'a@worker-1,terminating b@worker-2', 'inside: a, outside: b'],
    ['inside local without a local one: dropped', internalLocal, 'b@worker-2', 'inside: dropped, outside: b'],
    ['inside local without any: refused', internalLocal, '', 'inside: refused, outside: refused'],
    ['outside local: the node\'s own; inside all', externalLocal, 'a@worker-1 b@worker-2', 'inside: a b, outside: a'],
    ['outside local without a local one: dropped; inside all', externalLocal, 'b@worker-2', 'inside: b, outside: dropped'],
    ['both local', { ...internalLocal, ...externalLocal }, 'a@worker-1 b@worker-2', 'inside: a, outside: a'],
    ['hints for the own zone', {}, 'a@worker-1,zone:a b@worker-2,zone:a c@worker-3,zone:b', 'inside: a b, outside: a b'],
    ['hints that one ready endpoint lacks do not count', {}, 'a@worker-1,zone:a b@worker-2 c@worker-3,zone:b', 'inside: a b c, outside: a b c'],
    ['an unready one without a hint does no harm', {}, 'a@worker-1,zone:a b@worker-2,not-ready c@worker-3,zone:b', 'inside: a, outside: a'],
    ['hints for other zones only: all', {}, 'b@worker-2,zone:c c@worker-3,zone:b', 'inside: b c, outside: b c'],
    ['hints for the own node win over those for its zone', {}, 'a@worker-1,zone:a,node:worker-1 b@worker-2,zone:a,node:worker-2', 'inside: a, outside: a'],
    ['hints for other nodes: the zone\'s', {}, 'b@worker-2,zone:a,node:worker-2 c@worker-3,zone:b,node:worker-3', 'inside: b, outside: b'],
    ['hints do not matter to a local policy', internalLocal, 'a@worker-1,zone:b b@worker-2,zone:a', 'inside: a, outside: b'],
    ['hints do not matter when none is ready', {}, 'a@worker-1,terminating,zone:b b@worker-2,terminating,zone:a', 'inside: a b, outside: a b'],
    ['a headless Service has no rules', { clusterIP: 'None' }, 'a@worker-1', 'no rules'],
    ['an ExternalName has no rules', { type: 'ExternalName', clusterIP: undefined, externalName: 'example.com' }, '', 'no rules'],
  ])('%s', (_, spec, endpoints, wanted) => expect(rules(spec, endpoints)).toBe(wanted))

  test('a node without a zone heeds no hint for one', () =>
    expect(rulesFor(serviceOf(), [sliceOf('a@worker-1,zone:a b@worker-2,zone:b')], 'worker-1', undefined)!.ports[0].internal).toHaveLength(2))
  test('addresses: cluster, external and balancer addresses, not those of a proxying balancer; affinity in seconds', () => {
    const service = {
      ...serviceOf({
        type: 'LoadBalancer', externalIPs: ['192.0.2.1'], sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      }),
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.1', ipMode: 'VIP' }, { ip: '203.0.113.2', ipMode: 'Proxy' }, { hostname: 'lb.example.com' }] } },
    }
    expect(rulesFor(service, [], 'worker-1', 'a')).toMatchObject({ addresses: ['10.96.1.1', '192.0.2.1', '203.0.113.1'], affinitySeconds: 60 })
    expect(rulesFor(serviceOf({ sessionAffinity: 'ClientIP' }), [], 'worker-1', 'a')!.affinitySeconds).toBe(10_800)
  })
  test('what is left to another proxy has no rules', () => {
    const labels = { 'service.kubernetes.io/service-proxy-name': 'other' }, left = { ...serviceOf(), metadata: { ...serviceOf().metadata, labels } }
    expect(rulesFor(left, [sliceOf('a@worker-1')], 'worker-1', 'a')).toBeUndefined()
  })
  test('each port has the endpoints of the slices that carry it, whatever their order', () => {
    const service = serviceOf({ ports: [{ name: 'http', port: 80, nodePort: 30080 }, { name: 'metrics', port: 9090 }] })
    const base = sliceOf('a@worker-1 b@worker-2')
    const slices = [
      { ...base, ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] },
      { ...sliceOf('c@worker-3'), ports: [{ name: 'http', port: 8081, protocol: 'TCP' }, { name: 'metrics', port: 9000, protocol: 'TCP' }] },
      { ...base, ports: [{ name: 'http', port: 1, protocol: 'UDP' }] },
    ]
    const [http, metrics] = rulesFor(service, slices, 'worker-1', 'a')!.ports
    expect(http.internal.map(e => `${e.pod}:${e.port}`).sort()).toEqual(['a:8080', 'b:8080', 'c:8081'])
    expect(metrics.internal.map(e => `${e.pod}:${e.port}`)).toEqual(['c:9000'])
    expect(http.nodePort).toBe(30080)
    expect(rulesFor(service, [...slices].reverse(), 'worker-1', 'a')!.ports[1]).toEqual(metrics)
  })
})

describe('laws over random endpoints', () => {
  const mark = fc.constantFrom('', ',not-ready', ',terminating', ',gone')
  const hint = fc.constantFrom('', ',zone:a', ',zone:b', ',zone:a,node:worker-1', ',zone:a,node:worker-2')
  const endpoints = fc.array(fc.tuple(fc.constantFrom('worker-1', 'worker-2', 'worker-3'), mark, hint), { maxLength: 6 }).map(
    list => list.map(([node, m, h], i) => `p${i}@${node}${m}${h}`).join(' ')
  )
  const policy = fc.constantFrom('Cluster', 'Local')
  test('no request goes where nobody serves while a ready one is within reach; local stays local; nothing is both refused and routed', () => {
    fc.assert(fc.property(endpoints, policy, policy, (text, internalTrafficPolicy, externalTrafficPolicy) => {
      const all = sliceOf(text).endpoints as any[]
      const [port] = rulesFor(serviceOf({ type: 'NodePort', internalTrafficPolicy, externalTrafficPolicy }), [sliceOf(text)], 'worker-1', 'a')!.ports
      for (const [list, drop, where] of [
        [port.internal, port.dropInternal, internalTrafficPolicy], [port.external, port.dropExternal, externalTrafficPolicy],
      ] as const) {
        const reach = all.filter(e => where === 'Cluster' || e.nodeName === 'worker-1'), ready = reach.filter(e => e.conditions.ready)
        const serving = reach.filter(e => e.conditions.serving)
        expect(list.length > 0).toBe(serving.length > 0)
        if (ready.length > 0) expect(list.every(e => e.ready)).toBe(true)
        if (where === 'Local') expect(list.map(e => e.pod).sort()).toEqual((ready.length ? ready : serving).map(e => e.targetRef.name).sort())
        if (drop) expect([list.length, where]).toEqual([0, 'Local'])
        if (list.length === 0) expect(drop).toBe(where === 'Local' && all.some(e => e.conditions.serving))
      }
    }), { numRuns: 300 })
  })
})

describe('kube-proxy on the nodes', () => {
  const workers = ['worker-1', 'worker-2', 'worker-3'] as const
  const web = (): Network => {
    const network = new Network()
    for (const [i, node] of workers.entries()) network.pod(`web-${i + 1}`, node, { labels: { app: 'web' } })
    network.service('web')
    return network.pass(10_000)
  }
  const all = (network: Network): string[] => workers.map(node => network.endpoints('web', node))

  test('every node has the same endpoints, and takes away the rules of a Service that is deleted', () => {
    const network = web()
    expect(all(network)).toEqual(Array(3).fill('web-1 web-2 web-3'))
    network.delete('services', 'web')
    expect(all(network.pass(2000))).toEqual(Array(3).fill('none'))
  })
  test('rules stay as they are while the API server is away, ended pods included; they are written anew when it is back', () => {
    const network = web()
    network.driver.inject('component-down', { component: 'kube-apiserver' })
    network.driver.inject('node-down', { node: 'worker-3' })
    network.pass(20 * 60_000)
    expect(network.endpoints('web', 'worker-1')).toBe('web-1 web-2 web-3')
    expect(['web-1', 'web-2', 'web-3'].map(pod => network.reach({ node: 'worker-1' }, { pod }))).toEqual([
      'web-1', 'web-2', expect.stringContaining('node worker-3 is down'),
    ])
    network.driver.heal('component-down', { component: 'kube-apiserver' })
    network.pass(3 * 60_000)
    expect(network.endpoints('web', 'worker-1')).toBe('web-1 web-2')
  })
  test('a node that is cut off keeps old rules while the others follow', () => {
    const network = web()
    network.driver.inject('partition', { node: 'worker-2' })
    network.delete('pods', 'web-1', { gracePeriodSeconds: 0 })
    network.pass(5000)
    expect(all(network)).toEqual(['web-2 web-3', 'web-1 web-2 web-3', 'web-2 web-3'])
    expect(network.reach({ node: 'worker-2' }, { pod: 'web-2' })).toBe('web-2')
    network.driver.heal('partition', { node: 'worker-2' })
    network.pass(120_000)
    expect(network.endpoints('web', 'worker-2')).toBe('web-2 web-3')
  })
  test('rules are the node\'s: they outlive kube-proxy, and go with the machine', () => {
    const network = web()
    network.driver.inject('component-down', { component: 'kube-proxy', node: 'worker-1' })
    network.delete('services', 'web')
    network.pass(60_000)
    expect([all(network), network.driver.storedList('endpointslices.discovery.k8s.io', 'default').filter(s => s.metadata.name.startsWith('web'))]).toEqual([
      ['web-1 web-2 web-3', 'none', 'none'], [],
    ])
    network.driver.heal('component-down', { component: 'kube-proxy', node: 'worker-1' })
    expect(all(network.pass(5000))).toEqual(['none', 'none', 'none'])
    const other = web()
    other.driver.inject('node-down', { node: 'worker-1' })
    other.pass(1000)
    other.driver.inject('component-down', { component: 'kube-apiserver' })
    other.driver.heal('node-down', { node: 'worker-1' })
    expect(other.pass(30_000).endpoints('web', 'worker-1')).toBe('none')
  })
  test('rules of a Service that went while kube-proxy was away are taken away when it is back, in a cluster without zones too', () => {
    const network = new Network({ nodes: [{ name: 'worker-1' }] })
    network.pod('web', 'worker-1'); network.service('web')
    network.pass(10_000)
    network.driver.inject('component-down', { component: 'kube-proxy', node: 'worker-1' })
    network.delete('services', 'web')
    const before = network.pass(60_000).endpoints('web', 'worker-1')
    network.driver.heal('component-down', { component: 'kube-proxy', node: 'worker-1' })
    expect([before, network.pass(5000).endpoints('web', 'worker-1')]).toEqual(['web', 'none'])
  })
  test('a node writes its rules at once after a quiet second, and never twice within one', () => {
    const network = web(), written = network.seen(['proxy'])
    const from = network.now
    for (let i = 0; i < 20; i++) { network.merge('pods', `web-${i % 3 + 1}`, { metadata: { labels: { app: i % 2 ? 'web' : 'other' } } }); network.pass(170) }
    network.pass(5000)
    for (const node of workers) {
      const at = written.filter(o => o.node === node && o.service === 'web').map(o => o.at as number)
      expect(at[0] - from).toBeLessThan(50)
      expect(at.length).toBeGreaterThan(2)
      for (let i = 1; i < at.length; i++) expect(at[i] - at[i - 1]).toBeGreaterThanOrEqual(1000)
      expect(network.endpoints('web', node)).toBe(network.driver.storedList('endpointslices.discovery.k8s.io', 'default')
        .filter(s => s.metadata.labels!['kubernetes.io/service-name'] === 'web')
        .flatMap(s => (s.endpoints ?? []).filter((e: any) => e.conditions.ready).map((e: any) => e.targetRef.name))
        .sort()
        .join(' '))
    }
  })
  test('a node that is moved to another zone goes by the hints for that one', () => {
    const network = new Network()
    for (const i of [1, 3]) network.pod(`web-${i}`, `worker-${i}`, { labels: { app: 'web' } })
    network.service('web', { trafficDistribution: 'PreferSameZone' })
    network.pass(10_000)
    const before = network.endpoints('web', 'worker-2')
    network.merge('nodes', 'worker-2', { metadata: { labels: { 'topology.kubernetes.io/zone': 'b' } } })
    expect([before, network.pass(3000).endpoints('web', 'worker-2')]).toEqual(['web-1', 'web-3'])
  })
  test('preferring the same zone or node takes effect, and falls back when the zone has no pod left', () => {
    const network = new Network()
    for (const [i, node] of workers.entries()) network.pod(`web-${i + 1}`, node, { labels: { app: 'web' } })
    network.service('web', { trafficDistribution: 'PreferSameZone' })
    network.service('near', { selector: { app: 'web' }, trafficDistribution: 'PreferSameNode' })
    network.pass(10_000)
    expect(all(network)).toEqual(['web-1 web-2', 'web-1 web-2', 'web-3'])
    expect(workers.map(node => network.endpoints('near', node))).toEqual(['web-1', 'web-2', 'web-3'])
    network.delete('pods', 'web-3', { gracePeriodSeconds: 0 })
    network.pass(5000)
    expect(all(network)).toEqual(Array(3).fill('web-1 web-2'))
    expect(network.endpoints('near', 'worker-3')).toBe('web-1 web-2')
  })
})
