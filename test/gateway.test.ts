import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideByGateway, sharesOf, specificity, type GatewayConfig, type GatewayRule } from '../src/runtime-model/api/gateway-proxy.ts'
import { parseUrl, type HttpRequest } from '../src/runtime-model/api/http-proxy.ts'
import { intersection } from '../src/runtime-model/nginx-gateway-fabric/routes.ts'
import { Network } from './support/network.ts'
import { scenarioLaws } from './support/scenario-laws.ts'

scenarioLaws('scenarios/gateway')

const resourceOf: Readonly<Record<string, string>> = {
  Gateway: 'gateways', HTTPRoute: 'httproutes', ReferenceGrant: 'referencegrants', GatewayClass: 'gatewayclasses',
}
/** A cluster with the Gateway API, pods of web behind a Service, and a Gateway that listens on 80. */
let base: Network | undefined
function world(): Network {
  if (!base) {
    base = new Network()
    expect(base.driver.operate('install-gateways', {})).toBeUndefined()
    base.deployment('web', 2); base.service('web'); base.service('empty')
    put(base, 'Gateway', 'shop', { gatewayClassName: 'nginx', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] })
    base.pass(30_000)
  }
  return base.fork()
}
function put(network: Network, kind: string, name: string, spec: any, namespace = 'default'): void {
  const version = kind === 'ReferenceGrant' ? 'v1beta1' : 'v1'
  const target = { resource: `${resourceOf[kind]}.gateway.networking.k8s.io`, version, namespace: kind === 'GatewayClass' ? undefined : namespace }
  network.ask('create', target, { apiVersion: `gateway.networking.k8s.io/${version}`, kind, metadata: { name }, spec })
}
const get = (network: Network, kind: string, name: string, namespace = 'default'): any =>
  network.driver.cluster.stored(`${resourceOf[kind]}.gateway.networking.k8s.io`, namespace, name)
const told = (conditions: readonly any[] | undefined): string => (conditions ?? []).map(c => `${c.type}=${c.status}/${c.reason}`).join(' ')
const web = (path = '/', more: any = {}): any =>
  ({ matches: [{ path: { type: 'PathPrefix', value: path } }], backendRefs: [{ name: 'web', port: 80, ...more }] })
function lost(network: Network, url: string, headers?: any): string {
  const why = network.driver.operate('url-source', { name: url, url, perSecond: 10, gateway: 'default/shop', headers })
  if (why) return why
  network.pass(950)
  const { lost: n, why: all } = network.counts(url)
  return n === 0 ? 'none' : Object.keys(all).join('; ')
}

describe('what is said of a Gateway', () => {
  test('one that all is well with, its class, and its data plane', () => {
    const network = world(), gateway = get(network, 'Gateway', 'shop'), service = network.driver.cluster.stored('services', 'default', 'shop-nginx')!
    expect(told(get(network, 'GatewayClass', 'nginx', '').status.conditions)).toBe('Accepted=True/Accepted')
    expect(told(gateway.status.conditions)).toBe('Accepted=True/Accepted Programmed=True/Programmed')
    expect(gateway.status.listeners.map((l: any) => `${l.name} ${l.attachedRoutes} ${told(l.conditions)}`)).toEqual([
      'http 0 Accepted=True/Accepted Programmed=True/Programmed ResolvedRefs=True/ResolvedRefs Conflicted=False/NoConflicts',
    ])
    expect([gateway.status.addresses, service.spec.type, service.spec.ports.map((p: any) => p.port)]).toEqual([
      [{ type: 'IPAddress', value: service.spec.clusterIP }], 'NodePort', [80],
    ])
  })
  test('that of another class waits for its controller; one that is deleted takes its data plane along', () => {
    const network = world()
    put(network, 'Gateway', 'other', { gatewayClassName: 'envoy', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] })
    network.delete('gateways.gateway.networking.k8s.io', 'shop')
    network.pass(60_000)
    const other = network.ask('get', { resource: 'gateways.gateway.networking.k8s.io', namespace: 'default', name: 'other' })
    expect(told(other.status.conditions)).toBe('Accepted=Unknown/Pending Programmed=Unknown/Pending')
    expect(['services', 'deployments.apps'].map(r => network.driver.cluster.stored(r, 'default', 'shop-nginx'))).toEqual([undefined, undefined])
  })
  test.each<[string, any[], string, string]>([
    [
      'a protocol that it does not speak', [{ name: 'a', port: 53, protocol: 'UDP' }], 'Accepted=False/ListenersNotValid Programmed=False/Invalid',
      'Accepted=False/UnsupportedProtocol Programmed=False/Invalid ResolvedRefs=True/ResolvedRefs Conflicted=False/NoConflicts',
    ],
    [
      'a certificate that is not there',
      [{ name: 'a', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert' }] } }, { name: 'b', port: 80, protocol: 'HTTP' }],
      'Accepted=True/ListenersNotValid Programmed=False/Pending',
      'Accepted=True/Accepted Programmed=False/Invalid ResolvedRefs=False/InvalidCertificateRef Conflicted=False/NoConflicts',
    ],
    [
      'a certificate of another namespace',
      [{ name: 'a', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert', namespace: 'kube-system' }] } }],
      'Accepted=False/ListenersNotValid Programmed=False/Invalid',
      'Accepted=True/Accepted Programmed=False/Invalid ResolvedRefs=False/RefNotPermitted Conflicted=False/NoConflicts',
    ],
    [
      'the same port twice', [{ name: 'a', port: 80, protocol: 'HTTP' }, { name: 'b', port: 80, protocol: 'HTTPS' }],
      'Accepted=False/ListenersNotValid Programmed=False/Invalid',
      'Accepted=False/ProtocolConflict Programmed=False/Invalid ResolvedRefs=True/ResolvedRefs Conflicted=True/ProtocolConflict',
    ],
    [
      'the same host twice', [{ name: 'a', port: 80, protocol: 'HTTP', hostname: 'a.com' }, { name: 'b', port: 80, protocol: 'HTTP', hostname: 'a.com' }],
      'Accepted=False/ListenersNotValid Programmed=False/Invalid',
      'Accepted=False/HostnameConflict Programmed=False/Invalid ResolvedRefs=True/ResolvedRefs Conflicted=True/HostnameConflict',
    ],
    [
      'routes of a kind that it does not know', [{ name: 'a', port: 80, protocol: 'HTTP', allowedRoutes: { kinds: [{ kind: 'TCPRoute' }] } }],
      'Accepted=False/ListenersNotValid Programmed=False/Invalid',
      'Accepted=True/Accepted Programmed=False/Invalid ResolvedRefs=False/InvalidRouteKinds Conflicted=False/NoConflicts',
    ],
  ])('%s', (_, listeners, gateway, first) => {
    const network = world()
    put(network, 'Gateway', 'odd', { gatewayClassName: 'nginx', listeners })
    network.pass(5000)
    const { status } = get(network, 'Gateway', 'odd')
    expect([told(status.conditions), told(status.listeners[0].conditions)]).toEqual([gateway, first])
  })
})

describe('what it has no way to do', () => {
  test('addresses of one\'s own, parameters of a class, time-outs', () => {
    const network = world(), listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }]
    put(network, 'GatewayClass', 'tuned', {
      controllerName: 'gateway.nginx.org/nginx-gateway-controller', parametersRef: { group: 'gateway.nginx.org', kind: 'NginxProxy', name: 'fast' },
    })
    put(network, 'Gateway', 'tuned', { gatewayClassName: 'tuned', listeners })
    put(network, 'Gateway', 'fixed', { gatewayClassName: 'nginx', listeners, addresses: [{ type: 'IPAddress', value: '203.0.113.9' }] })
    put(network, 'HTTPRoute', 'patient', { parentRefs: [{ name: 'shop' }], rules: [{ ...web(), timeouts: { request: '1s' } }] })
    network.pass(5000)
    expect([
      told(get(network, 'GatewayClass', 'tuned', '').status.conditions), get(network, 'Gateway', 'tuned').status,
      told(get(network, 'Gateway', 'fixed').status.conditions), lost(network, 'http://any.example.com/'),
    ]).toEqual([
      'Accepted=False/InvalidParameters', undefined, 'Accepted=False/ListenersNotValid Programmed=False/Invalid',
      'none'])
  })
})

describe('what is said of an HTTPRoute', () => {
  const shop = [{ name: 'shop' }], fine = 'Accepted=True/Accepted'
  test.each<[string, any, string]>([
    ['one that all is well with', { parentRefs: shop, rules: [web()] }, `${fine} ResolvedRefs=True/ResolvedRefs`],
    [
      'a listener that is not there', { parentRefs: [{ name: 'shop', sectionName: 'https' }], rules: [web()] },
      'Accepted=False/NoMatchingParent ResolvedRefs=True/ResolvedRefs',
    ],
    [
      'a port that nothing listens on', { parentRefs: [{ name: 'shop', port: 81 }], rules: [web()] },
      'Accepted=False/NoMatchingParent ResolvedRefs=True/ResolvedRefs',
    ],
    ['no such Service', { parentRefs: shop, rules: [{ backendRefs: [{ name: 'gone', port: 80 }] }] }, `${fine} ResolvedRefs=False/BackendNotFound`],
    ['no such port', { parentRefs: shop, rules: [web('/', { port: 81 })] }, `${fine} ResolvedRefs=False/BackendNotFound`],
    ['a backend that is no Service', { parentRefs: shop, rules: [web('/', { kind: 'Pod' })] }, `${fine} ResolvedRefs=False/InvalidKind`],
    [
      'a Service of another namespace', { parentRefs: shop, rules: [web('/', { namespace: 'kube-system', name: 'kube-dns' })] },
      `${fine} ResolvedRefs=False/RefNotPermitted`,
    ],
    [
      'a regular expression', { parentRefs: shop, rules: [{ matches: [{ path: { type: 'RegularExpression', value: '/a.*' } }] }] },
      'Accepted=False/UnsupportedValue ResolvedRefs=True/ResolvedRefs',
    ],
  ])('%s', (_, spec, wanted) => {
    const network = world()
    put(network, 'HTTPRoute', 'route', spec)
    network.pass(3000)
    expect(told(get(network, 'HTTPRoute', 'route').status.parents[0].conditions)).toBe(wanted)
  })
  test('of another namespace, where the listener wants its own; of a host that it does not have', () => {
    const network = world(), parentRefs = [{ name: 'shop', namespace: 'default' }]
    put(network, 'HTTPRoute', 'afar', { parentRefs, rules: [web('/', { namespace: 'default' })] }, 'kube-public')
    network.merge('gateways.gateway.networking.k8s.io', 'shop', {
      spec: { listeners: [{ name: 'http', port: 80, protocol: 'HTTP', hostname: '*.example.com' }] },
    })
    put(network, 'HTTPRoute', 'other', { parentRefs, hostnames: ['example.org'], rules: [web()] })
    put(network, 'HTTPRoute', 'stray', { parentRefs: [{ name: 'nobody' }], rules: [web()] })
    network.pass(3000)
    const reason = (name: string, namespace?: string): string => get(network, 'HTTPRoute', name, namespace).status.parents[0].conditions[0].reason
    expect([reason('afar', 'kube-public'), reason('other'), get(network, 'HTTPRoute', 'stray').status]).toEqual([
      'NotAllowedByListeners', 'NoMatchingListenerHostname', undefined,
    ])
  })
  test('a grant for one Service by name', () => {
    const network = world(), answers: string[] = []
    put(network, 'HTTPRoute', 'route', { parentRefs: shop, rules: [web('/', { namespace: 'kube-system', name: 'kube-dns', port: 53 })] })
    for (const name of ['other', 'kube-dns']) {
      put(
        network, 'ReferenceGrant', name,
        { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default' }], to: [{ group: '', kind: 'Service', name }] }, 'kube-system'
      )
      network.pass(3000)
      answers.push(get(network, 'HTTPRoute', 'route').status.parents[0].conditions[1].reason)
    }
    expect(answers).toEqual(['RefNotPermitted', 'ResolvedRefs'])
  })
})

describe('requests', () => {
  test('by path, host, header and weight; 404, 500 and 503 where nobody else answers', () => {
    const network = world(), to = (name: string, weight?: number): any => ({ name, port: 80, weight })
    put(network, 'HTTPRoute', 'all', { parentRefs: [{ name: 'shop' }], hostnames: ['shop.example.com'], rules: [
      { matches: [{ path: { value: '/cart' } }], backendRefs: [to('web')] }, { matches: [{ path: { value: '/empty' } }], backendRefs: [to('empty')] },
      { matches: [{ path: { value: '/none' } }] },
      { matches: [{ path: { value: '/off' } }], backendRefs: [to('gone', 0), to('web', 3)] },
      { matches: [{ path: { value: '/moved' } }], filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'x' } }] },
      { matches: [{ path: { value: '/' }, headers: [{ name: 'Who', value: 'tester' }] }], backendRefs: [to('web')] },
    ] })
    network.pass(3000)
    const at = (path: string): string => lost(network, `http://shop.example.com${path}`)
    expect(['/cart', '/cart/1', '/carts', '/empty', '/none', '/off', '/moved'].map(at)).toEqual([
      'none', 'none', 'gateway shop answered 404: no route of host shop.example.com has a rule for /carts',
      'gateway shop answered 503: service empty has no ready endpoints', 'gateway shop answered 500: HTTPRoute all names no backend', 'none',
      'gateway shop answered 404: no route has host x',
    ])
    expect([
      lost(network, 'http://other.example.com/cart'), lost(network, 'http://shop.example.com/x', { who: 'tester' }),
      lost(network, 'http://shop.example.com:81/cart'), lost(network, 'https://shop.example.com/cart'),
    ]).toEqual([
      'gateway shop answered 404: no route has host other.example.com', 'none', 'service shop-nginx has no port 81', 'service shop-nginx has no port 443'])
  })
  test('a cluster at rest with gateways is quiet', () => {
    const network = world()
    put(network, 'HTTPRoute', 'route', { parentRefs: [{ name: 'shop' }], rules: [web()] })
    network.pass(60_000)
    const idle = network.fork().pass(600_950)
    expect([
      lost(network, 'http://any.example.com/'), network.pass(600_000).driver.cluster.kernel.eventCount - idle.driver.cluster.kernel.eventCount,
      network.driver.cluster.kernel.quiet,
    ]).toEqual(['none', 1, true])
  })
})

describe('laws', () => {
  const host = fc.constantFrom('a.com', '*.a.com', 'x.a.com', 'y.x.a.com', '*.x.a.com', 'b.com')
  const plain = fc.constantFrom('a.com', 'x.a.com', 'y.x.a.com', 'b.com', 'z.y.x.a.com')
  test('a host is of the intersection when it is of the listener and of the route', () => {
    fc.assert(fc.property(fc.option(host, { nil: undefined }), fc.array(host, { maxLength: 3 }), plain, (listener, route, asked) => {
      const both = specificity(listener, asked) >= 0 && (route.length === 0 || route.some(r => specificity(r, asked) >= 0))
      expect(intersection(listener, route).some(h => specificity(h, asked) >= 0)).toBe(both)
    }), { numRuns: 500 })
  })
  test('shares are as the weights, to a hundredth', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 }), weights => {
      const shares = sharesOf(weights.map((weight, i) => ({ weight, to: { status: 500, why: String(i) } }))), sum = weights.reduce((a, b) => a + b)
      weights.forEach((w, i) =>
        expect(Math.abs(shares.filter((s: any) => s.to.why === String(i)).length / Math.max(1, shares.length) - w / Math.max(1, sum))).toBeLessThan(0.03))
    }), { numRuns: 300 })
  })
  test('the rule that decides is one that fits', () => {
    const rule = fc.record({
      path: fc.record({ type: fc.constantFrom('Exact' as const, 'PathPrefix' as const), value: fc.constantFrom('/', '/a', '/a/b') }),
      headers: fc.constantFrom([], [{ name: 'v', value: '1' }]), queries: fc.constantFrom([], [{ name: 'q', value: '1' }]),
    })
    fc.assert(fc.property(fc.array(rule, { maxLength: 4 }), fc.constantFrom('/', '/a', '/ab', '/a/b/c'), fc.boolean(), (rules, path, tagged) => {
      const all: GatewayRule[] = rules.map((r, i) => ({ ...r, to: [{ weight: 1, to: { status: 200, why: String(i) } }] }))
      const config: GatewayConfig = { name: 'g', namespace: 'd', listeners: [{ port: 80, protocol: 'HTTP', rules: all }] }
      const [{ to }] = decideByGateway(config, { ...parseUrl(`http://a.com${path}`) as HttpRequest, ...tagged ? { headers: { v: '1' } } : {} }) as any
      const fit = rules.findIndex(r =>
        r.queries.length === 0 && (r.headers.length === 0 || tagged)
          && (r.path.value === path || r.path.type === 'PathPrefix' && path.startsWith(r.path.value.replace(/\/?$/, '/'))))
      expect([to.status, to.why]).toEqual(fit < 0 ? [404, expect.any(String)] : [200, String(fit)])
    }), { numRuns: 300 })
  })
})

test('what takes longer than nginx waits is answered with 504; what is in flight ends with a data plane that breaks', () => {
  const network = world()
  put(network, 'HTTPRoute', 'web', { parentRefs: [{ name: 'shop' }], rules: [web()] })
  network.pass(5000)
  for (const [name, takesMs] of [['long', 90_000], ['short', 5000]] as const) {
    expect(network.driver.operate('url-source', { name, url: 'http://shop.example.com/', perSecond: 10, gateway: 'default/shop', takesMs })).toBeUndefined()
  }
  network.pass(10_050)
  expect(Object.keys(network.counts('long').why)).toEqual(['gateway shop answered 504: requests take 90s, and nginx waits for 60s'])
  expect(network.counts('short').lost).toBe(0)
  const pod = network.driver.storedList('pods', 'default').find(p => p.metadata.name.startsWith('shop-nginx'))!
  network.driver.inject('container-crash', { namespace: 'default', pod: pod.metadata.name, container: pod.spec.containers[0].name })
  network.pass(0)
  expect(Object.entries(network.counts('short').why).filter(([why]) => why.includes('of gateway shop ended before it had answered')).map(([, n]) =>
    n)).toEqual([50])
})
