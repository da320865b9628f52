import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { turnedAway } from '../src/runtime-model/traffic/limits.ts'
import { Network } from './support/network.ts'

/** ingress-nginx in front of three pods of web and one of auth, and an Ingress with these annotations. */
let base: Network | undefined
function world(annotations: Readonly<Record<string, string>>, auth = 'auth:1'): Network {
  if (!base) {
    base = new Network()
    expect(base.driver.operate('install-ingress-nginx', {})).toBeUndefined()
    for (const [image, status] of [['auth:1', 200], ['auth:401', 401], ['auth:403', 403], ['auth:418', 418]] as const) {
      base.driver.image(image, { http: [{ status: 500 }, { path: '/check', status }] })
    }
    base.deployment('web', 3); base.service('web')
    base.deployment('auth', 1); base.service('auth')
    base.pass(40_000)
    // what clients come by keeps their address
    base.merge('services', 'ingress-nginx/ingress-nginx-controller', { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' } })
    base.pass(5000)
  }
  const network = base.fork(), named = Object.fromEntries(Object.entries(annotations).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v]))
  if (auth !== 'auth:1') { network.image('auth', auth); network.pass(20_000) }
  network.apply(JSON.stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'shop', annotations: named },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
    },
  }))
  return network.pass(10_000)
}
const shop = 'http://shop.example.com/'
function send(network: Network, perSecond: number, ms: number, more: any = {}): ReturnType<Network['counts']> {
  const why = network.driver.operate('url-source', { name: 'c', url: shop, perSecond, ...more })
  if (why) throw new Error(why)
  return network.pass(ms - 1).counts('c')
}
const why = (n: Network, more?: any): string => {
  const { served, why: reasons } = send(n, 10, 2000, more)
  return [...served ? ['served'] : [], ...Object.keys(reasons)].join('; ')
}

describe('limits', () => {
  test('a burst of five seconds\' worth, then the rate', () => {
    const { served, lost, why: reasons } = send(world({ 'limit-rps': '5' }), 20, 20_000)
    expect([served, lost, Object.keys(reasons)]).toEqual([
      1 + 25 + 99, 400 - 125, ['ingress-nginx answered 503: more than 5 requests per second from one address'],
    ])
  })
  test('whoever keeps to them is served', () => expect(send(world({ 'limit-rps': '20' }), 20, 60_000).lost).toBe(0))
  test('another burst; addresses that are exempt', () => {
    expect(send(world({ 'limit-rps': '5', 'limit-burst-multiplier': '1' }), 20, 20_000).served).toBe(1 + 5 + 99)
    expect(send(world({ 'limit-rps': '5', 'limit-whitelist': '203.0.113.0/24' }), 20, 20_000).lost).toBe(0)
    expect(send(world({ 'limit-rps': '5', 'limit-whitelist': '198.51.100.0/24' }), 20, 20_000).lost).toBeGreaterThan(200)
  })
  test('in a minute', () => {
    const { served, why: reasons } = send(world({ 'limit-rpm': '60' }), 10, 60_000)
    expect([served, Object.keys(reasons)[0]]).toEqual([1 + 300 + 59, 'ingress-nginx answered 503: more than 60 requests per minute from one address'])
  })
  test('at the same time: of 20 a second that take a second each, four', () => {
    const { served, lost } = send(world({ 'limit-connections': '4' }), 20, 20_000, { takesMs: 1000 })
    expect([served, lost]).toEqual([80, 320])
    expect(send(world({ 'limit-connections': '4' }), 20, 20_000).lost).toBe(0)
  })
  test('each nginx, and each node that hides its clients, counts for itself', () => {
    const many = world({ 'limit-rps': '2' })
    many.merge('services', 'ingress-nginx/ingress-nginx-controller', { spec: { externalTrafficPolicy: 'Cluster' } })
    many.pass(5000)
    // four nodes: 8 a second, and bursts of 4 × 11
    expect(send(many, 20, 20_000).served).toBe(4 * 11 + Math.floor(8 * 19.95))
    const two = world({ 'limit-rps': '2' })
    two.merge('deployments.apps', 'ingress-nginx/ingress-nginx-controller', { spec: { replicas: 2 } })
    two.pass(60_000)
    expect(send(two, 20, 20_000).served).toBe(2 * 11 + Math.floor(4 * 19.95))
  })
  test('are news when the first is turned away', () => {
    const network = world({ 'limit-rps': '5' }), seen = network.seen(['traffic'])
    send(network, 20, 20_000)
    expect(seen.some(o => o.outcome === 'lost')).toBe(true)
  })
  test('let in as many as a bucket that nginx fills and drains does', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 6 }), (limit, perSecond, multiplier) => {
      const limits = { proxy: 'nginx', counters: 1, perSecond: limit, multiplier, exempt: [] }, source: any = { perSecond, limited: { from: 7 } }
      let excess = 0, last: number | undefined, naive = 0, model = 0
      for (let i = 0; i < 1500; i++) {
        const at = i * 1000 / perSecond, next = last === undefined ? 0 : Math.max(0, excess - limit * (at - last) / 1000 + 1)
        if (next <= limit * multiplier + 1e-9) { naive++; excess = next; last = at }
        if (turnedAway(limits, source, 7 + i) === undefined) model++
        expect(Math.abs(naive - model), `after ${i + 1} requests`).toBeLessThanOrEqual(1)
      }
    }), { numRuns: 60, seed: 3 })
  })
})

describe('a server that is asked first', () => {
  const asks = { 'auth-url': 'http://auth.default.svc.cluster.local/check' }
  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['lets in', 'auth:1', asks, 'served'],
    ['says 401', 'auth:401', asks, 'ingress-nginx answered 401: its auth-url says so'],
    ['says 403', 'auth:403', asks, 'ingress-nginx answered 403: its auth-url says so'],
    ['says 401, and there is a page to sign in', 'auth:401', { ...asks, 'auth-signin': 'https://login.example.com' },
      'ingress-nginx answered 302: its auth-url answered 401, and clients have to sign in'],
    ['says anything else', 'auth:418', asks, 'ingress-nginx answered 500: its auth-url answered 418'],
    ['is asked another path', 'auth:1', { 'auth-url': 'http://auth.default.svc.cluster.local/other' }, 'ingress-nginx answered 500: its auth-url answered 500'],
    ['is not there', 'auth:1', { 'auth-url': 'http://gone.default.svc.cluster.local/check' },
      'ingress-nginx answered 500: its auth-url does not answer: lookup gone.default.svc.cluster.local: no such host'],
    ['is outside, of which nobody has told', 'auth:1', { 'auth-url': 'https://auth.example.com/check' },
      'not modelled: auth-url leads to auth.example.com, which is outside of the cluster (say `host "auth.example.com" is outside of the cluster` if it is there)'],
    ['is told by its query who asks', 'auth:1', { 'auth-url': `${asks['auth-url']}?rd=$escaped_request_uri` }, 'served'],
    ['has names that nginx makes', 'auth:1', { 'auth-url': 'http://auth.default.svc.cluster.local${uri}check' }, 'served'],
    ['… of another path', 'auth:1', { 'auth-url': 'http://auth.default.svc.cluster.local/$scheme' },
      'ingress-nginx answered 500: its auth-url answered 500'],
    ['… and is thereby outside', 'auth:1', { 'auth-url': 'https://auth.$host/check' },
      'not modelled: auth-url leads to auth.shop.example.com, which is outside of the cluster (say `host "auth.shop.example.com" is outside of the cluster` if it is there)'],
    ['… that nobody knows', 'auth:1', { 'auth-url': 'http://$auth_host/check' },
      'ingress-nginx not modelled: variable $auth_host of auth-url http://$auth_host/check'],
  ])('%s', (_, image, annotations, wanted) => expect(why(world(annotations, image))).toBe(wanted))
  test('ends, and comes back', () => {
    const network = world(asks)
    send(network, 10, 2000)
    network.merge('deployments.apps', 'auth', { spec: { replicas: 0 } })
    network.pass(60_000)
    const { lost, why: reasons } = network.counts('c')
    expect([lost > 300, Object.keys(reasons).every(r => r.startsWith('ingress-nginx answered 500: its auth-url does not answer'))]).toEqual([true, true])
    network.merge('deployments.apps', 'auth', { spec: { replicas: 1 } })
    network.pass(60_000)
    const after = network.counts('c').lost
    expect(network.pass(10_000).counts('c').lost).toBe(after)
  })
})

describe('what a request carries', () => {
  const carries = (bytes: number): any => ({ headers: { 'content-length': String(bytes) } }), mebi = 1024 * 1024
  test.each<[string, Readonly<Record<string, string>>, number, string]>([
    ['1 MiB may be', {}, mebi, 'served'], ['more may not', {}, mebi + 1, `ingress-nginx answered 413: a request carries ${mebi + 1} bytes, and ${mebi} may be`],
    ['8m', { 'proxy-body-size': '8m' }, 8 * mebi, 'served'],
    ['more than 8m', { 'proxy-body-size': '8m' }, 8 * mebi + 1, `ingress-nginx answered 413: a request carries ${8 * mebi + 1} bytes, and ${8 * mebi} may be`],
    ['0: anything', { 'proxy-body-size': '0' }, 1e12, 'served'],
  ])('%s', (_, annotations, bytes, wanted) => expect(why(world(annotations), carries(bytes))).toBe(wanted))
})

describe('clients that come back to the pod that their cookie names', () => {
  const sticky = { affinity: 'cookie' }
  const pods = (n: Network): readonly string[] => Object.keys(n.counts('c').servedBy)
  const scale = (n: Network, replicas: number): void => { n.merge('deployments.apps', 'web', { spec: { replicas } }); n.pass(30_000) }
  test('one pod', () => { const n = world(sticky); send(n, 20, 10_000); expect(pods(n)).toHaveLength(1) })
  test('persistent: for good; in balance: until others take over a share', () => {
    let moved = 0
    for (let i = 0; i < 12; i++) {
      const n = world({ ...sticky, ...i % 2 ? { 'affinity-mode': 'persistent' } : {} })
      n.driver.operate('url-source', { name: `c${i}`, url: shop, perSecond: 5 })
      n.pass(2000)
      scale(n, 9)
      const count = Object.keys(n.counts(`c${i}`).servedBy).length
      if (i % 2) expect(count).toBe(1)
      else if (count > 1) moved++
    }
    expect(moved).toBeGreaterThan(0)
  })
  test('another one when it is gone', () => {
    const n = world({ ...sticky, 'affinity-mode': 'persistent' })
    send(n, 20, 5000)
    n.delete('pods', pods(n)[0])
    n.pass(10_000)
    expect(pods(n)).toHaveLength(2)
  })
  test('one that does not answer is asked again and again, unless clients may change', () => {
    const silent = (annotations: any): number => {
      const n = world(annotations)
      send(n, 20, 5000)
      n.driver.inject('container-hang', { namespace: 'default', pod: pods(n)[0], container: 'app' })
      return n.pass(15_000).counts('c').lost
    }
    expect([silent(sticky) > 100, silent({ ...sticky, 'session-cookie-change-on-failure': 'true' })]).toEqual([true, 0])
  })
})

test('a canary by cookie', () => {
  const n = world({})
  n.deployment('next', 1); n.service('next')
  n.apply(JSON.stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
    metadata: { name: 'next', annotations: { 'nginx.ingress.kubernetes.io/canary': 'true', 'nginx.ingress.kubernetes.io/canary-by-cookie': 'beta' } },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'next', port: { number: 80 } } } }] } }],
    },
  }))
  n.pass(20_000)
  for (const [name, cookie] of [['yes', 'a=b; beta=always'], ['no', 'beta=never'], ['none', 'beta=maybe']] as const) {
    n.driver.operate('url-source', { name, url: shop, perSecond: 20, headers: { cookie } })
  }
  n.pass(5000)
  const who = (name: string): string => [...new Set(Object.keys(n.counts(name).servedBy).map(p => p.split('-')[0]))].join()
  expect(['yes', 'no', 'none'].map(who)).toEqual(['next', 'web', 'web'])
})
