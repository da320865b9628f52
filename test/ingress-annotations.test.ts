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
test.each([
  ['mirror-target', 'http://other'], ['upstream-hash-by', '$request_uri'], ['affinity', 'ip'], ['backend-protocol', 'GRPC'], ['auth-type', 'digest'],
  ['custom-http-errors', '404'],
  ['ssl-passthrough', 'true'], ['server-alias', 'a.example.com'],
])('%s is not modelled, by its name', (name, value) =>
  expect(asked(world({ [name]: value }), shop)).toContain(`not modelled: annotation nginx.ingress.kubernetes.io/${name}`))
test('backend-protocol: HTTP is what it is without it', () => expect(asked(world({ 'backend-protocol': 'HTTP' }), shop)).toBe('served'))
