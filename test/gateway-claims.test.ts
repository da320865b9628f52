import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/**
 * What courses say about HTTPRoutes and GRPCRoutes, one question each: web (2 pods), next (1), api (knows /v2/users only), each behind a Service of its name
 * on 80; a Gateway that listens on 80, and on 443 with a certificate.
 */
let base: Network | undefined
function world(): Network {
  if (!base) {
    base = new Network()
    expect(base.driver.operate('install-gateways', {})).toBeUndefined()
    base.driver.image('api:1', { http: [{ status: 500 }, { path: '/v2/users', status: 200 }] })
    base.deployment('web', 2)
    for (const name of ['api', 'next']) base.deployment(name, 1)
    for (const name of ['web', 'api', 'next']) base.service(name)
    base.apply('{ apiVersion: v1, kind: Secret, metadata: { name: cert }, type: kubernetes.io/tls, data: { tls.crt: YQ==, tls.key: YQ== } }')
    put(base, 'Gateway', 'shop', {
      gatewayClassName: 'nginx', listeners: [
        { name: 'http', port: 80, protocol: 'HTTP' }, { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert' }] } },
      ],
    })
    base.pass(30_000)
  }
  return base.fork()
}
const resourceOf: Readonly<Record<string, string>> = { Gateway: 'gateways', HTTPRoute: 'httproutes', GRPCRoute: 'grpcroutes' }
function put(n: Network, kind: string, name: string, spec: any): void {
  n.ask('create', { resource: `${resourceOf[kind]}.gateway.networking.k8s.io`, namespace: 'default' }, {
    apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name }, spec,
  })
}
const to = (name: string, more: any = {}): any => ({ name, port: 80, ...more })
const route = (n: Network, rules: readonly any[], more: any = {}): void => {
  put(n, 'HTTPRoute', 'r', { parentRefs: [{ name: 'shop' }], hostnames: ['shop.example.com'], rules, ...more }); n.pass(3000)
}
/** Who answers: Deployments, or why nobody does. */
function asked(n: Network, url: string, more: any = {}): string {
  const name = `${url}${JSON.stringify(more)}`, why = n.driver.operate('url-source', { name, url, perSecond: 20, gateway: 'default/shop', ...more })
  if (why) throw new Error(why)
  n.pass(3000)
  const { servedBy, why: lost } = n.counts(name)
  const said = Object.keys(lost).map(w => w.replace(/^gateway shop /, ''))
  return [...new Set([...Object.keys(servedBy).map(p => p.split('-')[0]), ...said])].sort().join(' + ')
}
const at = (path: string, scheme = 'http'): string => `${scheme}://shop.example.com${path}`
const status = (n: Network, kind: string, name: string): string =>
  n.driver.cluster.stored(`${resourceOf[kind]}.gateway.networking.k8s.io`, 'default', name)!.status.parents[0].conditions
    .map((c: any) => `${c.type}=${c.status}/${c.reason}`).join(' ')
const path = (value: string, type = 'PathPrefix'): any => ({ path: { type, value } })

test.each<[string, any, readonly string[]]>([
  ['Same', undefined, ['NotAllowedByListeners', 'NotAllowedByListeners']], ['All', { from: 'All' }, ['Accepted', 'Accepted']],
  ['Selector', { from: 'Selector', selector: { matchLabels: { team: 'shop' } } }, ['Accepted', 'NotAllowedByListeners']],
])('a listener lets in routes of other namespaces by %s', (_, namespaces, wanted) => {
  const n = world(), reason = (namespace: string): string =>
    n.driver.cluster.stored('httproutes.gateway.networking.k8s.io', namespace, 'r')!.status.parents[0].conditions.find((c: any) => c.type === 'Accepted').reason
  put(n, 'Gateway', 'other', {
    gatewayClassName: 'nginx', listeners: [{ name: 'http', port: 80, protocol: 'HTTP', ...namespaces ? { allowedRoutes: { namespaces } } : {} }],
  })
  for (const [name, team] of [['a', 'shop'], ['b', 'till']]) {
    n.ask('create', { resource: 'namespaces' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team } } })
    n.ask('create', { resource: 'httproutes.gateway.networking.k8s.io', namespace: name }, {
      apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'r' },
      spec: { parentRefs: [{ name: 'other', namespace: 'default' }], rules: [{ backendRefs: [to('web')] }] },
    })
  }
  n.pass(5000)
  expect(['a', 'b'].map(reason)).toEqual(wanted)
})

describe('matches', () => {
  test('by method and by query, where a request has them', () => {
    const n = world()
    route(n, [
      { matches: [path('/')], backendRefs: [to('web')] }, { matches: [{ ...path('/'), method: 'POST' }], backendRefs: [to('next')] },
      { matches: [{ ...path('/'), queryParams: [{ name: 'beta', value: '1' }] }], backendRefs: [to('next')] },
    ])
    expect([
      asked(n, at('/')), asked(n, at('/'), { method: 'POST' }), asked(n, at('/?beta=1')), asked(n, at('/?beta=2')), asked(n, at('/?a=0&beta=1')),
      asked(n, at('/'), { method: 'PUT' }),
    ]).toEqual(['web', 'next', 'next', 'web', 'next', 'web'])
  })
  test('all of one match, any of several', () => {
    const n = world(), header = (value: string): any => ({ headers: [{ name: 'who', value }] })
    route(n, [{ matches: [{ ...path('/'), ...header('ana'), method: 'POST' }, { ...path('/'), ...header('bob') }], backendRefs: [to('web')] }])
    const as = (who: string, method?: string): string => asked(n, at('/'), { headers: { who }, method })
    expect([as('ana', 'POST'), as('ana'), as('bob')]).toEqual(['web', 'answered 404: no route of host shop.example.com has a rule for /', 'web'])
  })
})

describe('filters', () => {
  test('a redirect to https leads to whoever listens there', () => {
    const n = world(), filters = [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }]
    put(n, 'HTTPRoute', 'plain', { parentRefs: [{ name: 'shop', sectionName: 'http' }], hostnames: ['shop.example.com'], rules: [{ filters }] })
    n.pass(3000)
    expect(asked(n, at('/cart'))).toBe('answered 404: no route has host shop.example.com')
    put(n, 'HTTPRoute', 'tls', { parentRefs: [{ name: 'shop', sectionName: 'https' }], hostnames: ['shop.example.com'], rules: [{ backendRefs: [to('web')] }] })
    n.pass(3000)
    expect(asked(n, at('/wine'))).toBe('web')
  })
  test('a redirect of a path keeps what comes behind its prefix; one that leads to itself ends', () => {
    const n = world(), change = (value: string): any =>
      [{ type: 'RequestRedirect', requestRedirect: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: value } } }]
    route(n, [
      { matches: [path('/old')], filters: change('/v2') }, { matches: [path('/v2/users', 'Exact')], backendRefs: [to('api')] },
      { matches: [path('/ring')], filters: change('/ring') },
    ])
    expect([asked(n, at('/old/users')), asked(n, at('/old')), asked(n, at('/ring'))]).toEqual([
      'api', 'answered 404: no route of host shop.example.com has a rule for /v2',
      'answered 302: sends whoever asks for shop.example.com/ring round in a circle',
    ])
  })
  test.each<[string, any, string, string]>([
    ['of the prefix', { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' }, '/api/users', 'api'],
    ['of the prefix, with a slash', { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2/' }, '/api/users', 'api'],
    ['of all', { type: 'ReplaceFullPath', replaceFullPath: '/v2/users' }, '/api/anything', 'api'],
  ])('a rewrite %s is what the pods are asked for', (_, change, asks, expected) => {
    const n = world()
    route(n, [{ matches: [path('/api')], filters: [{ type: 'URLRewrite', urlRewrite: { path: change } }], backendRefs: [to('api')] }])
    expect(asked(n, at(asks))).toBe(expected)
    const plain = world()
    route(plain, [{ matches: [path('/api')], backendRefs: [to('api')] }])
    expect(asked(plain, at(asks))).toMatch(/answered 500/)
  })
  test('a mirror changes nobody\'s answer, but it must be there', () => {
    const n = world(), mirror = (name: string): any => [{ type: 'RequestMirror', requestMirror: { backendRef: to(name) } }]
    route(n, [{ filters: mirror('api'), backendRefs: [to('web')] }])
    expect([asked(n, at('/')), status(n, 'HTTPRoute', 'r')]).toEqual(['web', 'Accepted=True/Accepted ResolvedRefs=True/ResolvedRefs'])
    const gone = world()
    route(gone, [{ filters: mirror('gone'), backendRefs: [to('web')] }])
    expect([asked(gone, at('/')), status(gone, 'HTTPRoute', 'r')]).toEqual(['web', 'Accepted=True/Accepted ResolvedRefs=False/BackendNotFound'])
  })
  test('changed headers matter to nobody; filters of a backend and extensions are not taken', () => {
    const n = world(), header = { type: 'RequestHeaderModifier', requestHeaderModifier: { add: [{ name: 'a', value: 'b' }] } }
    route(n, [
      { matches: [path('/a')], filters: [header], backendRefs: [to('web')] }, { matches: [path('/b')], backendRefs: [to('web', { filters: [header] })] },
      {
        matches: [path('/c')], filters: [{ type: 'ExtensionRef', extensionRef: { group: 'gateway.nginx.org', kind: 'SnippetsFilter', name: 's' } }],
        backendRefs: [to('web')],
      },
    ])
    expect([asked(n, at('/a')), asked(n, at('/b')), asked(n, at('/c'))]).toEqual([
      'web', expect.stringMatching(/^answered 500: UnsupportedValue/), 'not modelled: filter ExtensionRef of HTTPRoute r',
    ])
  })
})

describe('routes of gRPC', () => {
  const calls = (n: Network, name: string, matches: any, more: any = {}): void => {
    put(n, 'GRPCRoute', name, {
      parentRefs: [{ name: 'shop' }], hostnames: ['grpc.example.com'], rules: [{ ...matches ? { matches } : {}, backendRefs: [to('web')] }], ...more,
    })
    n.pass(3000)
  }
  test('a call is a path', () => {
    const n = world()
    calls(n, 'cart', [{ method: { service: 'shop.Cart', method: 'Add' } }])
    expect([
      status(n, 'GRPCRoute', 'cart'), asked(n, 'http://grpc.example.com/shop.Cart/Add', { method: 'POST' }),
      asked(n, 'http://grpc.example.com/shop.Cart/Remove', { method: 'POST' }),
    ]).toEqual(['Accepted=True/Accepted ResolvedRefs=True/ResolvedRefs', 'web', expect.stringMatching(/^answered 404/)])
  })
  test('a method without its service is not accepted; a backend that is gone is told', () => {
    const n = world()
    calls(n, 'half', [{ method: { method: 'Add' } }])
    calls(n, 'gone', undefined, { rules: [{ backendRefs: [to('gone')] }] })
    expect([status(n, 'GRPCRoute', 'half'), status(n, 'GRPCRoute', 'gone')]).toEqual([
      'Accepted=False/UnsupportedValue ResolvedRefs=True/ResolvedRefs', 'Accepted=True/Accepted ResolvedRefs=False/BackendNotFound',
    ])
  })
  test('a listener that takes HTTPRoutes only', () => {
    const n = world()
    put(n, 'Gateway', 'narrow', {
      gatewayClassName: 'nginx', listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }] } }],
    })
    calls(n, 'cart', undefined, { parentRefs: [{ name: 'narrow' }] })
    const gateway = n.driver.cluster.stored('gateways.gateway.networking.k8s.io', 'default', 'narrow')!
    expect([status(n, 'GRPCRoute', 'cart'), gateway.status.listeners[0].supportedKinds.map((k: any) => k.kind)]).toEqual([
      'Accepted=False/NotAllowedByListeners ResolvedRefs=True/ResolvedRefs', ['HTTPRoute'],
    ])
  })
})
