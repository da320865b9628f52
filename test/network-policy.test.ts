import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal, type Peer, type PolicyView } from '../src/runtime-model/traffic/index.ts'
import { registry } from '../src/runtime-model/kinds/index.ts'
import { Network } from './support/network.ts'

const kind = registry.find('networkpolicies')!
/** A policy `[namespace/]name` with the API server's defaults. */
const policy = (path: string, spec: any): any => {
  const [name, namespace = 'shop'] = path.split('/').reverse()
  return kind.defaults!({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec: { podSelector: {}, ...spec } } as any)
}
const namespaces: Readonly<Record<string, any>> = { shop: { team: 'shop' }, ops: { team: 'ops' } }
const viewOf = (policies: readonly any[]): PolicyView =>
  ({ policies: namespace => policies.filter(p => p.metadata.namespace === namespace), namespaceLabels: name => namespaces[name] })
/** `shop/web`: pod web, labelled app=web, whose port 8080 is called http; else an address, or a node's name */
const peers: Readonly<Record<string, Peer>> = {
  ...Object.fromEntries(['shop/web', 'shop/db', 'ops/probe', 'ops/web'].map((path, i) => {
    const [namespace, app] = path.split('/')
    return [
      path,
      {
        address: `10.244.${i}.5`,
        pod: {
          apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace, labels: { app } },
          spec: { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] }] },
        },
      },
    ]
  })),
  outside: { address: '203.0.113.10' }, 'worker-1': { address: '172.18.1.2', node: 'worker-1' }, 'worker-2': { address: '172.18.1.3', node: 'worker-2' },
}
/** `shop/web > shop/db 8080`, `… 53/UDP`: the pod that is connected to runs on worker-1 */
function passes(policies: readonly any[], connection: string): boolean {
  const [, from, to, port, protocol = 'TCP'] = /^(\S+) > (\S+) (\d+)(?:\/(\w+))?$/.exec(connection)!
  return refusal(viewOf(policies), { from: peers[from], to: peers[to], port: Number(port), protocol, toNode: 'worker-1' }) === undefined
}

const inward = (name: string, ingress: any, rest: any = {}): any => policy(name, { ingress, ...rest })
const outward = (name: string, egress: any, rest: any = {}): any => policy(name, { policyTypes: ['Egress'], egress, ...rest })
const app = (name: string): any => ({ matchLabels: { app: name } }), team = (name: string): any => ({ matchLabels: { team: name } })
describe('what policies let through', () => {
  test.each<[string, readonly any[], string, boolean]>([
    ['no policy: everything', [], 'ops/probe > shop/web 80', true],
    ['a policy elsewhere isolates nobody here', [inward('ops/deny', undefined)], 'ops/probe > shop/web 80', true],
    ['default deny inward', [inward('deny', undefined)], 'shop/db > shop/web 80', false],
    ['… and outward nothing is denied', [inward('deny', undefined)], 'shop/web > ops/probe 80', true],
    ['… with an empty list too', [inward('deny', [])], 'shop/db > shop/web 80', false],
    ['default deny outward', [outward('deny', undefined)], 'shop/web > ops/probe 80', false],
    ['… and inward nothing is denied', [outward('deny', undefined)], 'ops/probe > shop/web 80', true],
    ['… DNS included', [outward('deny', undefined)], 'shop/web > ops/probe 53/UDP', false],
    ['both directions', [policy('deny', { policyTypes: ['Ingress', 'Egress'] })], 'shop/web > shop/db 80', false],
    ['egress rules make a policy one of both directions', [policy('out', { egress: [{}] })], 'ops/probe > shop/web 80', false],
    ['an empty rule: everybody', [inward('all', [{}])], 'outside > shop/web 80', true],
    ['empty from: everybody', [inward('all', [{ from: [] }])], 'outside > shop/web 80', true],
    ['a policy that selects another pod', [inward('deny', undefined, { podSelector: app('db') })], 'ops/probe > shop/web 80', true],
    ['podSelector: pods of the own namespace', [inward('p', [{ from: [{ podSelector: app('web') }] }])], 'shop/web > shop/db 80', true],
    ['… and not of others', [inward('p', [{ from: [{ podSelector: app('web') }] }])], 'ops/web > shop/db 80', false],
    ['namespaceSelector: all pods there', [inward('p', [{ from: [{ namespaceSelector: team('ops') }] }])], 'ops/probe > shop/db 80', true],
    ['… and not of the own', [inward('p', [{ from: [{ namespaceSelector: team('ops') }] }])], 'shop/web > shop/db 80', false],
    ['an empty namespaceSelector: pods everywhere', [inward('p', [{ from: [{ namespaceSelector: {} }] }])], 'ops/probe > shop/db 80', true],
    ['… but nobody outside', [inward('p', [{ from: [{ namespaceSelector: {} }] }])], 'outside > shop/db 80', false],
    [
      'both selectors in one item: both must hold', [inward('p', [{ from: [{ namespaceSelector: team('ops'), podSelector: app('web') }] }])],
      'ops/probe > shop/db 80', false,
    ],
    ['… as they do here', [inward('p', [{ from: [{ namespaceSelector: team('ops'), podSelector: app('web') }] }])], 'ops/web > shop/db 80', true],
    [
      'in two items: one is enough', [inward('p', [{ from: [{ namespaceSelector: team('ops') }, { podSelector: app('web') }] }])], 'ops/probe > shop/db 80',
      true,
    ],
    ['ipBlock', [inward('p', [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }])], 'outside > shop/db 80', true],
    ['… but not its exceptions', [inward('p', [{ from: [{ ipBlock: { cidr: '203.0.0.0/16', except: ['203.0.113.0/24'] } }] }])], 'outside > shop/db 80', false],
    ['… and no other address', [inward('p', [{ from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }])], 'outside > shop/db 80', false],
    ['a port', [inward('p', [{ ports: [{ port: 8080 }] }])], 'ops/probe > shop/db 8080', true],
    ['… and no other', [inward('p', [{ ports: [{ port: 8080 }] }])], 'ops/probe > shop/db 8081', false],
    ['… nor another protocol', [inward('p', [{ ports: [{ port: 8080 }] }])], 'ops/probe > shop/db 8080/UDP', false],
    ['a range of ports', [inward('p', [{ ports: [{ port: 8000, endPort: 8100 }] }])], 'ops/probe > shop/db 8100', true],
    ['… ends', [inward('p', [{ ports: [{ port: 8000, endPort: 8100 }] }])], 'ops/probe > shop/db 8101', false],
    ['a port by name: that of the pod connected to', [inward('p', [{ ports: [{ port: 'http' }] }])], 'ops/probe > shop/db 8080', true],
    ['… that it must have', [inward('p', [{ ports: [{ port: 'metrics' }] }])], 'ops/probe > shop/db 8080', false],
    ['a protocol alone', [inward('p', [{ ports: [{ protocol: 'UDP' }] }])], 'ops/probe > shop/db 53/UDP', true],
    [
      'peer and port of one rule must both fit', [inward('p', [{
        from: [{ podSelector: app('web') }], ports: [{ port: 80 }],
      }])], 'shop/web > shop/db 81', false,
    ],
    ['policies add up', [inward('deny', undefined), inward('p', [{ from: [{ podSelector: app('web') }] }])], 'shop/web > shop/db 80', true],
    ['outward to a pod', [outward('p', [{ to: [{ podSelector: app('db') }] }])], 'shop/web > shop/db 80', true],
    ['outward, a port by name is that of the other end', [outward('p', [{ ports: [{ port: 'http' }] }])], 'shop/web > shop/db 8080', true],
    [
      'both ends must allow: the receiver does not', [outward('out', [{}], { podSelector: app('web') }), inward('deny', undefined, { podSelector: app('db') })],
      'shop/web > shop/db 80', false,
    ],
    [
      'both ends must allow: the sender does not', [outward('deny', undefined, { podSelector: app('web') }), inward('in', [{}], { podSelector: app('db') })],
      'shop/web > shop/db 80', false,
    ],
    ['a pod reaches itself', [policy('deny', { policyTypes: ['Ingress', 'Egress'] })], 'shop/web > shop/web 80', true],
    ['the pod\'s own node (its probes) always passes', [inward('deny', undefined)], 'worker-1 > shop/web 80', true],
    ['another node does not', [inward('deny', undefined)], 'worker-2 > shop/web 80', false],
  ])('%s', (_, policies, connection, wanted) => expect(passes(policies, connection)).toBe(wanted))

  test('laws: order does not matter, a rule more never forbids, and whoever no policy selects is free', () => {
    const selector = fc.constantFrom({}, app('web'), app('db'))
    const peer = fc.constantFrom<any>(
      { podSelector: app('web') }, { namespaceSelector: team('ops') }, { namespaceSelector: team('ops'), podSelector: app('probe') },
      { ipBlock: { cidr: '203.0.113.0/24' } }, { podSelector: {} }
    )
    const rule = fc.record({
      from: fc.array(peer, { maxLength: 2 }), ports: fc.array(fc.constantFrom<any>({ port: 80 }, { port: 'http' }, { protocol: 'UDP' }), { maxLength: 2 }),
    })
    const any = fc.array(fc.tuple(selector, fc.boolean(), fc.array(rule, { maxLength: 2 })), { maxLength: 4 }).map(list => list.map(
      ([podSelector, out, rules], i) =>
        out ? outward(`p${i}`, rules.map(({ from, ports }) => ({ to: from, ports })), { podSelector }) : inward(`p${i}`, rules, { podSelector })
    ))
    const connection = fc.tuple(
      fc.constantFrom('shop/web', 'shop/db', 'ops/probe', 'outside'), fc.constantFrom('shop/web', 'shop/db', 'ops/probe'),
      fc.constantFrom('80', '8080', '53/UDP')
    ).map(([a, b, c]) =>
      `${a} > ${b} ${c}`)
    fc.assert(fc.property(any, connection, selector, (policies, c, podSelector) => {
      const before = passes(policies, c)
      expect(passes([...policies].reverse(), c)).toBe(before)
      expect(passes([...policies, inward('open-in', [{}], { podSelector }), outward('open-out', [{}], { podSelector })], c) || !before).toBe(true)
      if (!policies.some(p =>
        ['web', 'db'].some(a => c.includes(`shop/${a}`) && (Object.keys(p.spec.podSelector).length === 0 || p.spec.podSelector.matchLabels.app === a)))) {
        expect(before).toBe(true)
      }
    }), { numRuns: 400 })
  })
})

describe('in a cluster', () => {
  const shop = (options: any = {}): Network => {
    const network = new Network(options)
    network.pod('web', 'worker-1', {
      container: {
        ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 1 },
        readinessProbe: { httpGet: { port: 80 }, periodSeconds: 5 },
      },
    })
    network.pod('shop', 'worker-2'); network.pod('other', 'worker-3'); network.service('web')
    return network.pass(20_000)
  }
  const deny = (types: readonly string[]): string =>
    JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny' }, spec: { podSelector: {}, policyTypes: types } })
  const allow = (name: string, spec: any): string => JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec })

  test('default deny stops pods at once, never the kubelet\'s probes; a policy lets one in', () => {
    const network = shop()
    expect(network.reach('shop', { service: 'web' })).toBe('web')
    network.apply(deny(['Ingress']))
    network.pass(1000)
    expect(network.reach('shop', { service: 'web' })).toBe('network policy deny lets no such traffic into pod web (TCP 80, no answer)')
    expect(network.reach('shop', { pod: 'web' })).toMatch('network policy deny')
    expect([network.reach({ node: 'worker-1' }, { service: 'web' }), network.reach({ node: 'worker-2' }, { service: 'web' })]).toEqual(
      ['web', expect.stringContaining('network policy deny')]
    )
    network.pass(120_000)
    expect(network.driver.stored('pods', 'default', 'web')!.status.containerStatuses[0]).toMatchObject({ ready: true, restartCount: 0 })
    network.apply(allow('shop-to-web', {
      podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'shop' } } }], ports: [{ port: 80 }] }],
    }))
    network.pass(1000)
    expect([network.reach('shop', { service: 'web' }), network.reach('other', { service: 'web' })]).toEqual([
      'web', expect.stringContaining('network policies deny, shop-to-web'),
    ])
    network.merge('pods', 'other', { metadata: { labels: { app: 'shop' } } })
    expect(network.pass(1000).reach('other', { service: 'web' })).toBe('web')
    network.delete('networkpolicies.networking.k8s.io', 'shop-to-web'); network.delete('networkpolicies.networking.k8s.io', 'deny')
    expect(network.pass(1000).reach('shop', { service: 'web' })).toBe('web')
  })
  test('with flannel a policy is stored and does nothing; with calico it is enforced', () => {
    for (const [cni, wanted] of [['flannel', 'web'], ['calico', 'network policy deny lets no such traffic into pod web (TCP 80, no answer)']]) {
      const network = shop({ cni })
      network.apply(deny(['Ingress']))
      network.pass(1000)
      expect(network.driver.storedList('networkpolicies.networking.k8s.io', 'default')).toHaveLength(1)
      expect(network.reach('shop', { service: 'web' })).toBe(wanted)
    }
  })
  test.each([
    ['kindnet', /^10\.244\./, 'web'], ['calico', /^192\.168\./, 'web'],
    ['cilium', /^10\.0\./, expect.stringContaining('network policy range lets no such traffic into pod web')],
  ])('%s: addresses of pods, and whether an ipBlock means them', (cni, addresses, wanted) => {
    const network = shop({ cni })
    expect(network.driver.storedList('pods', 'default').map(p => p.status.podIP)).toEqual(Array(
      network.driver.storedList('pods', 'default').length
    ).fill(expect.stringMatching(addresses)))
    network.apply(
      '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: range }, spec: { podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] } }'
    )
    network.pass(1000)
    expect(network.reach('shop', { service: 'web' })).toEqual(wanted)
    // who is outside is meant everywhere
    network.merge('services', 'web', { spec: { type: 'NodePort', externalTrafficPolicy: 'Local' } })
    network.pass(3000)
    network.traffic('guests', 'web', 10)
    network.pass(5000)
    expect(network.counts('guests').served).toBeGreaterThan(0)
  })
  test('DNS blocked by accident: names fail, addresses that are allowed work; a rule for kube-dns helps', () => {
    const network = shop()
    expect(network.resolve('shop', 'web')).toMatch(/^10\./)
    network.apply(allow('only-web', {
      podSelector: { matchLabels: { app: 'shop' } }, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
    }))
    network.pass(1000)
    expect(network.resolve('shop', 'web')).toBe('lookup web: network policy only-web lets no such traffic out of pod shop (UDP 53, no answer)')
    expect([network.reach('shop', { service: 'web' }), network.resolve('other', 'web')]).toEqual(['web', expect.stringMatching(/^10\./)])
    network.apply(allow('dns', {
      podSelector: {}, policyTypes: ['Egress'],
      egress: [{
        to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }],
      }],
    }))
    expect(network.pass(1000).resolve('shop', 'web')).toMatch(/^10\./)
    expect(network.reach('other', { service: 'web' })).toMatch('network policy dns lets no such traffic out of pod other')
  })
  test('traffic: lost from the moment of the policy to the moment it goes, for this reason', () => {
    const network = shop()
    network.traffic('queries', 'web', 10, { pod: 'shop' })
    network.pass(5000)
    network.apply(deny(['Ingress', 'Egress']))
    network.pass(10_000)
    network.delete('networkpolicies.networking.k8s.io', 'deny')
    network.pass(5000)
    const { lost, why } = network.counts('queries')
    expect([lost, why]).toEqual([expect.closeTo(100, -1), { 'network policy deny lets no such traffic out of pod shop (TCP 80, no answer)': lost }])
  })
  test(
    'what comes from outside bears the client\'s address on the pod\'s own node, and another node\'s address elsewhere, unless the policy of the Service is local',
    () => {
    const policies = allow('clients', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }] })
    const share = (spec: any): number => {
      const network = shop()
      network.service('door', { type: 'NodePort', selector: { app: 'web' }, ...spec })
      network.apply(policies)
      network.pass(2000)
      network.traffic('shoppers', 'door', 40)
      network.pass(60_000)
      const { served, why } = network.counts('shoppers')
      return served / (served + Object.entries(why).filter(([w]) => w.startsWith('network policy')).reduce((sum, [, n]) => sum + n, 0))
    }
    expect(share({})).toBeCloseTo(1 / 4, 1)
    expect(share({ externalTrafficPolicy: 'Local' })).toBe(1)
  }
  )
  test('what was enforced stays so while the API is away', () => {
    const network = shop()
    network.apply(deny(['Ingress']))
    network.pass(1000)
    network.driver.inject('component-down', { component: 'kube-apiserver' })
    network.pass(600_000)
    expect(network.reach('shop', { service: 'web' })).toMatch('network policy deny')
    network.driver.heal('component-down', { component: 'kube-apiserver' })
    network.pass(60_000)
    network.delete('networkpolicies.networking.k8s.io', 'deny')
    expect(network.pass(60_000).reach('shop', { service: 'web' })).toBe('web')
  })
})
