import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/** ingress-nginx in front of two pods of web, and an Ingress with these annotations. */
let base: Network | undefined
function world(annotations: Readonly<Record<string, string>>, more: { readonly host?: string; readonly path?: string } = {}): Network {
  if (!base) {
    base = new Network()
    expect(base.driver.operate('install-ingress-nginx', {})).toBeUndefined()
    base.deployment('web', 2); base.service('web')
    base.pass(40_000)
  }
  const network = base.fork(), named = Object.fromEntries(Object.entries(annotations).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v]))
  network.apply(JSON.stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'shop', annotations: named },
    spec: {
      ingressClassName: 'nginx', rules: [{
        host: more.host ?? 'shop.example.com',
        http: { paths: [{ path: more.path ?? '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] },
      }],
    },
  }))
  return network.pass(10_000)
}
/** what becomes of requests for a URL: `served`, or why they are lost */
function asked(network: Network, url: string, more: any = {}): string {
  const why = network.driver.operate('url-source', { name: url, url, perSecond: 10, ...more })
  if (why) throw new Error(why)
  network.pass(2000)
  const { served, lost, why: reasons } = network.counts(url)
  return [...served ? ['served'] : [], ...lost ? Object.keys(reasons).sort() : []].join('; ')
}
const shop = 'http://shop.example.com/'

describe('annotations that send clients elsewhere', () => {
  test.each<[string, Readonly<Record<string, string>>, string, string]>([
    [
      'permanent-redirect within the shop', { 'permanent-redirect': 'http://shop.example.com/new' }, shop,
      'ingress-nginx answered 301: sends whoever asks for shop.example.com/new round in a circle',
    ],
    [
      'permanent-redirect to elsewhere', { 'permanent-redirect': 'https://www.example.org' }, shop,
      'ingress-nginx not modelled: where https://www.example.org leads',
    ],
    [
      'temporal-redirect counts first', { 'permanent-redirect': 'https://a.example.org', 'temporal-redirect': 'https://b.example.org' }, shop,
      'ingress-nginx not modelled: where https://b.example.org leads',
    ],
    ['from-to-www-redirect', { 'from-to-www-redirect': 'true' }, 'http://www.shop.example.com/cart', 'served'],
    ['… without it', {}, 'http://www.shop.example.com/cart', 'ingress-nginx answered 404: no rule has host www.shop.example.com'],
  ])('%s', (_, annotations, url, wanted) => expect(asked(world(annotations), url)).toBe(wanted))
  test('app-root, from / only', () => {
    const network = world({ 'app-root': '/shop' }, { path: '/shop' })
    expect([asked(network, shop), asked(network, `${shop}other`)]).toEqual([
      'served', 'ingress-nginx answered 404: no rule of host shop.example.com has path /other',
    ])
  })
  test('from-to-www-redirect of a host with www.', () => {
    const network = world({ 'from-to-www-redirect': 'true' }, { host: 'www.shop.example.com' })
    expect([asked(network, shop), asked(network, 'http://www.shop.example.com/')]).toEqual(['served', 'served'])
  })
})

describe('annotations that let in some only', () => {
  const local = (network: Network): Network => {
    network.merge('services', 'ingress-nginx/ingress-nginx-controller', { spec: { externalTrafficPolicy: 'Local' } })
    return network.pass(5000)
  }
  test('by address, which nginx sees where traffic stays on its node, and not behind a node port that hides it', () => {
    const annotations = { 'whitelist-source-range': '203.0.113.0/24' }
    expect(asked(local(world(annotations)), shop)).toMatch(/^served; no endpoint of service ingress-nginx-controller on cp-1 \(dropped\);/)
    expect(asked(world(annotations), shop)).toMatch(/^ingress-nginx answered 403: 172\.18\.\d+\.\d+ is none of 203\.0\.113\.0\/24/)
  })
  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'allowlist-source-range counts before the old name', { 'allowlist-source-range': '198.51.100.0/24', 'whitelist-source-range': '0.0.0.0/0' },
      'ingress-nginx answered 403: 203.0.113.10 is none of 198.51.100.0/24',
    ],
    ['denylist-source-range', { 'denylist-source-range': '203.0.113.10' }, 'ingress-nginx answered 403: 203.0.113.10 is one of 203.0.113.10'],
    ['a list of one that is it', { 'allowlist-source-range': '198.51.100.0/24, 203.0.113.10/32' }, 'served'],
  ])('%s', (_, annotations, wanted) =>
    expect(asked(local(world(annotations)), shop).split('; ').filter(w => !w.startsWith('no endpoint'))).toEqual([wanted]))
  test('by name and password', () => {
    const annotations = { 'auth-type': 'basic', 'auth-secret': 'people' }
    expect(asked(world(annotations), shop)).toBe('ingress-nginx answered 401: it asks for a name and a password')
    expect(asked(world(annotations), shop, { headers: { authorization: 'Basic amFuZTo=' } })).toMatch(/^not modelled: whether a name and a password/)
  })
})

test('nginx waits for an answer for a minute, or as long as it is told', () => {
  expect(asked(world({}), shop, { takesMs: 90_000 })).toBe('ingress-nginx answered 504: requests take 90s, and nginx waits for 60s')
  expect(asked(world({ 'proxy-read-timeout': '120' }), shop, { takesMs: 90_000 })).toBe('served')
  expect(asked(world({ 'proxy-read-timeout': '5' }), shop, { takesMs: 6000 })).toBe('ingress-nginx answered 504: requests take 6s, and nginx waits for 5s')
  expect(asked(world({}), shop, { takesMs: 60_000 })).toBe('served')
})
describe('default-backend', () => {
  test('answers where nobody is behind the Service of a location, from the moment on at which nobody is, and no longer', () => {
    const network = world({ 'default-backend': 'sorry' })
    network.deployment('sorry', 1); network.service('sorry')
    network.pass(20_000)
    network.driver.operate('url-source', { name: 'c', url: shop, perSecond: 10 })
    network.pass(5000)
    const servers = (): string[] => Object.keys(network.counts('c').servedBy).map(pod => pod.split('-')[0]).sort()
    expect(servers()).toEqual(['web', 'web'])
    network.merge('deployments.apps', 'web', { spec: { replicas: 0 } })
    network.pass(30_000)
    expect([servers(), Object.keys(network.counts('c').why).filter(w => w.includes('503'))]).toEqual([['sorry', 'web', 'web'], []])
    network.merge('deployments.apps', 'web', { spec: { replicas: 1 } })
    network.pass(30_000)
    expect(servers()).toEqual(['sorry', 'web', 'web', 'web'])
  })
  test.each<[string, string | undefined, (n: Network) => void]>([
    ['nobody is there either', 'sorry', n => n.service('sorry')], ['it is not there', 'sorry', () => {}],
    ['it is of another namespace', 'kube-system/kube-dns', () => {}],
  ])('%s: 503', (_, name, make) => {
    const network = world({ ...name ? { 'default-backend': name } : undefined })
    make(network)
    network.merge('deployments.apps', 'web', { spec: { replicas: 0 } })
    expect(asked(network.pass(30_000), shop)).toBe('ingress-nginx answered 503: service web has no ready endpoints')
  })
})
describe('other names of a host', () => {
  test.each<[string, string, string]>([
    ['each of them', 'http://b.example.com/', 'served'], ['the host itself', shop, 'served'],
    ['no other', 'http://c.example.com/', 'ingress-nginx answered 404: no rule has host c.example.com'],
  ])('%s', (_, url, wanted) => expect(asked(world({ 'server-alias': 'a.example.com, b.example.com' }), url)).toBe(wanted))
  test('a host of that name goes first, and the certificate is for the names that tls says', () => {
    const network = world({ 'server-alias': 'a.example.com,b.example.com' })
    network.apply(JSON.stringify({
      apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cert' }, type: 'kubernetes.io/tls', data: { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' },
    }))
    network.merge('ingresses.networking.k8s.io', 'shop', { spec: { tls: [{ hosts: ['shop.example.com', 'a.example.com'], secretName: 'cert' }] } })
    network.apply(JSON.stringify({
      apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'b' },
      spec: { ingressClassName: 'nginx', rules: [{ host: 'b.example.com', http: { paths: [{ path: '/only', pathType: 'Exact', backend: backend('web') }] } }] },
    }))
    network.pass(10_000)
    expect(asked(network, 'https://a.example.com/')).toBe('served')
    expect(asked(network, 'http://b.example.com/')).toBe('ingress-nginx answered 404: no rule of host b.example.com has path /')
    network.merge('ingresses.networking.k8s.io', 'shop', { spec: { tls: [{ hosts: ['shop.example.com'], secretName: 'cert' }] } })
    expect(asked(network.pass(10_000), 'https://a.example.com/again')).toBe(
      'ingress-nginx shows a certificate that is not for a.example.com, as that of Secret default/cert is for shop.example.com'
    )
  })
})
const backend = (name: string) => ({ service: { name, port: { number: 80 } } })
const servers = (network: Network, source: string): readonly string[] => Object.keys(network.counts(source).servedBy).map(pod => pod.split('-')[0]).sort()

describe('a canary beside affinity: cookie', () => {
  const withCanary = (annotations: Readonly<Record<string, string>> = {}): Network => {
    const network = world({ affinity: 'cookie' })
    network.deployment('next', 2); network.service('next')
    canary(network, annotations)
    return network.pass(20_000)
  }
  const canary = (network: Network, annotations: Readonly<Record<string, string>>): void => network.apply(JSON.stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: {
      name: 'next',
      annotations: Object.fromEntries(Object.entries({ canary: 'true', ...annotations }).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v])),
    },
    spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend('next') }] } }] },
  }))
  const weigh = (network: Network, weight: number): Network => {
    network.merge('ingresses.networking.k8s.io', 'next', { metadata: { annotations: { 'nginx.ingress.kubernetes.io/canary-weight': `${weight}` } } })
    return network.pass(10_000)
  }
  const come = (network: Network, name: string, more: any = {}): Network => {
    expect(network.driver.operate('url-source', { name, url: shop, perSecond: 10, ...more })).toBeUndefined()
    return network.pass(10_000)
  }
  test('each client comes to one pod of one of both, by the weight', () => {
    const network = withCanary({ 'canary-weight': '30' }), to: Record<string, number> = { web: 0, next: 0 }
    for (let i = 0; i < 60; i++) {
      network.driver.operate('url-source', { name: `c${i}`, url: shop, perSecond: 2 })
    }
    network.pass(10_000)
    for (let i = 0; i < 60; i++) {
      const by = servers(network, `c${i}`)
      expect(by.length, by.join()).toBe(1)
      to[by[0]]++
    }
    expect(to.next / 60).toBeGreaterThan(0.15)
    expect(to.next / 60).toBeLessThan(0.45)
  })
  test('a client that was served by either stays there, whatever the weight becomes', () => {
    const network = come(withCanary({ 'canary-weight': '100' }), 'early')
    come(weigh(network, 0), 'late')
    network.pass(10_000)
    expect([servers(network, 'early'), servers(network, 'late')]).toEqual([['next'], ['web']])
    weigh(network, 100)
    expect([servers(network, 'early'), servers(network, 'late')]).toEqual([['next'], ['web']])
  })
  test('the header decides for new clients alone', () => {
    const network = world({ affinity: 'cookie' })
    network.deployment('next', 2); network.service('next')
    come(network, 'old', { headers: { 'x-next': 'always' } })
    canary(network, { 'canary-by-header': 'X-Next' })
    come(network.pass(10_000), 'new', { headers: { 'x-next': 'always' } })
    expect([servers(network, 'old'), servers(network, 'new')]).toEqual([['web'], ['next']])
  })
  test('a canary that goes gives its clients back, and takes them again', () => {
    const network = come(withCanary({ 'canary-weight': '100' }), 'c')
    network.merge('deployments.apps', 'next', { spec: { replicas: 0 } })
    network.pass(20_000)
    expect(servers(network, 'c')).toEqual(['next', 'web'])
    weigh(network, 0)
    network.merge('deployments.apps', 'next', { spec: { replicas: 1 } })
    network.pass(20_000)
    const { servedBy } = network.counts('c'), [web] = Object.keys(servedBy).filter(p => p.startsWith('web'))
    expect(network.pass(5000).counts('c').servedBy[web]).toBe(servedBy[web])
  })
  test('a location that nobody is behind has no canary either', () => {
    const network = withCanary({ 'canary-weight': '100' })
    network.merge('deployments.apps', 'web', { spec: { replicas: 0 } })
    expect(asked(network.pass(20_000), shop)).toBe('ingress-nginx answered 503: service web has no ready endpoints')
  })
  test('legacy is not modelled, by its name', () =>
    expect(asked(withCanary({ 'canary-weight': '100', 'affinity-canary-behavior': 'legacy' }), shop)).toBe(
      'ingress-nginx not modelled: annotation nginx.ingress.kubernetes.io/affinity-canary-behavior: legacy of ingress next'
    ))
  test('what a canary says for itself alone is not modelled, by its name', () =>
    expect(asked(withCanary({ 'canary-weight': '0', 'upstream-hash-by': '$request_uri' }), shop)).toBe(
      'ingress-nginx not modelled: annotation upstream-hash-by of canary next'
    ))
})

test('upstream-hash-by: the same is asked of the same pod, which moves only where that one is gone', () => {
  const network = world({ 'upstream-hash-by': '$request_uri' }), named = (i: number): string => `c${i}`
  for (let i = 0; i < 12; i++) network.driver.operate('url-source', { name: named(i), url: `${shop}${i % 6}`, perSecond: 5 })
  network.pass(5000)
  const by = (i: number): string => Object.keys(network.counts(named(i)).servedBy).join()
  const pods = [0, 1, 2, 3, 4, 5].map(by)
  expect([6, 7, 8, 9, 10, 11].map(by)).toEqual(pods)
  expect([...new Set(pods)].length).toBe(2)
  expect(asked(world({ 'upstream-hash-by': '$jwt_sub' }), shop)).toBe('ingress-nginx not modelled: variable $jwt_sub of upstream-hash-by $jwt_sub')
})
describe('who else is asked', () => {
  const broken = (annotations: Readonly<Record<string, string>>): Network => {
    const network = world(annotations), [pod] = network.driver.cluster.storedList('pods').filter((p: any) => p.metadata.labels.app === 'web')
    network.driver.inject('container-hang', { namespace: 'default', pod: pod.metadata.name, container: 'app' })
    return network
  }
  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['the next one, where one is silent', {}, /^served$/], ['nobody', { 'proxy-next-upstream': 'off' }, /^served; ingress-nginx answered 504/],
    ['as many as are allowed', { 'proxy-next-upstream-tries': '1' }, /^served; ingress-nginx answered 504/],
    ['any number', { 'proxy-next-upstream-tries': '0' }, /^served$/],
    ['nobody, where nginx knows the Service alone', { 'service-upstream': 'true' }, /^served; ingress-nginx answered 504/],
  ])('%s', (_, annotations, wanted) => expect(asked(broken(annotations), shop)).toMatch(wanted))
  test('with service-upstream nobody behind the Service is a connection refused', () => {
    const network = world({ 'service-upstream': 'true' })
    network.merge('deployments.apps', 'web', { spec: { replicas: 0 } })
    expect(asked(network.pass(30_000), shop)).toBe('ingress-nginx answered 502: service web has no ready endpoints (connection refused)')
  })
})
describe('the command line of the controller', () => {
  const flagged = (annotations: Readonly<Record<string, string>>, ...flags: readonly string[]): Network => {
    const network = world(annotations), at = { resource: 'deployments.apps', namespace: 'ingress-nginx', name: 'ingress-nginx-controller' }
    const { args } = network.ask('get', at).spec.template.spec.containers[0]
    const body = [{ op: 'replace', path: '/spec/template/spec/containers/0/args', value: [...args, ...flags] }]
    network.ask('patch', at, body, { patchType: 'application/json-patch+json' })
    return network.pass(60_000)
  }
  const passes = { 'ssl-passthrough': 'true' }, named = 'ingress-nginx not modelled: annotation nginx.ingress.kubernetes.io/ssl-passthrough of ingress shop'
  test('ssl-passthrough is nothing to a controller that does not listen for it', () => {
    expect(asked(world(passes), shop)).toBe('served')
    expect(asked(flagged(passes, '--enable-ssl-passthrough'), shop)).toBe(named)
    expect(asked(flagged({}, '--enable-ssl-passthrough'), shop)).toBe('served')
  })
  test('--watch-ingress-without-class', () => {
    const bare = (network: Network): Network => {
      network.apply(JSON.stringify({
        apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'bare' },
        spec: { rules: [{ host: 'bare.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend('web') }] } }] },
      }))
      return network.pass(10_000)
    }
    expect(asked(bare(world({})), 'http://bare.example.com/')).toBe('ingress-nginx answered 404: no rule has host bare.example.com')
    expect(asked(bare(flagged({}, '--watch-ingress-without-class=true')), 'http://bare.example.com/')).toBe('served')
  })
  test('any other is not modelled, by its name', () =>
    expect(asked(flagged({}, '--default-backend-service=default/web'), shop)).toBe(
      'ingress-nginx not modelled: --default-backend-service=default/web of ingress-nginx'
    ))
})
test('what neither routes nor refuses', () => {
  const annotations = { 'mirror-target': 'http://other', 'proxy-busy-buffers-size': '8k', 'ssl-ciphers': 'ALL', 'load-balance': 'round_robin', satisfy: 'all' }
  expect(asked(world(annotations), shop)).toBe('served')
})
test.each([
  ['load-balance', 'ewma'], ['proxy-next-upstream', 'error timeout http_503'], ['satisfy', 'any'], ['affinity', 'ip'], ['backend-protocol', 'GRPC'],
  ['auth-type', 'digest'], ['custom-http-errors', '404'],
])('%s is not modelled, by its name', (name, value) =>
  expect(asked(world({ [name]: value }), shop)).toContain(`not modelled: annotation nginx.ingress.kubernetes.io/${name}`))
test('backend-protocol: HTTP is what it is without it', () => expect(asked(world({ 'backend-protocol': 'HTTP' }), shop)).toBe('served'))
