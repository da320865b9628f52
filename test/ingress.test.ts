import { describe, expect, test } from 'vitest'
import { decide, parseUrl, type ProxyConfig } from '../src/runtime-model/api/http-proxy.ts'
import { Network } from './support/network.ts'

const shop = (paths: string, more = ''): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  ingressClassName: nginx
${more}
  rules:
    - host: shop.example.com
      http: { paths: [${paths}] }`
const path = (p: string, type: string, service = 'web'): string =>
  `{ path: "${p}", pathType: ${type}, backend: { service: { name: ${service}, port: { number: 80 } } } }`

/** A cluster with ingress-nginx, whose pod is ready, and three pods of web behind a Service. */
let base: Network | undefined
function world(): Network {
  if (!base) {
    base = new Network()
    expect(base.driver.operate('install-ingress-nginx', {})).toBeUndefined()
    base.deployment('web', 3)
    base.service('web')
    base.pass(40_000)
  }
  return base.fork()
}
function ask(network: Network, name: string, url: string, perSecond = 10): void {
  const why = network.driver.operate('url-source', { name, url, perSecond })
  if (why) throw new Error(why)
  network.pass(0)
}
const lost = (network: Network, name = 'shoppers'): string => {
  const { lost: n, why } = network.counts(name)
  return n === 0 ? 'none' : Object.entries(why).map(([w, c]) => `${c} ${w}`).join('; ')
}
const withoutNames = (text: string): string => text.replace(/web-[a-z0-9]+-[a-z0-9]+/g, 'web-N').replace(/10\.244\.\d+\.\d+/g, 'ADDRESS')

describe('the admission webhook refuses', () => {
  const refused = (ingress: string): string => { try { world().apply(ingress); return 'allowed' } catch (error) { return (error as Error).message } }
  test.each<[string, string, string]>([
    [
      'lines of nginx\'s own',
      shop(path('/', 'Prefix')).replace('{ name: shop }', '{ name: shop, annotations: { nginx.ingress.kubernetes.io/server-snippet: "x" } }'),
      'nginx.ingress.kubernetes.io/server-snippet annotation cannot be used. Snippet directives are disabled by the Ingress administrator',
    ],
    [
      'an expression as a prefix', shop(path('/api(/|$)(.*)', 'Prefix')),
      'ingress contains invalid paths: path /api(/|$)(.*) cannot be used with pathType Prefix',
    ],
    ['… or as an exact path', shop(path('/a+', 'Exact')), 'ingress contains invalid paths: path /a+ cannot be used with pathType Exact'],
    ['… not as one that is nginx\'s business', shop(path('/api(/|$)(.*)', 'ImplementationSpecific')), 'allowed'],
    ['… nor dots', shop(path('/.well-known/a_b-c.html', 'Prefix')), 'allowed'],
    ['… nor what is another controller\'s', shop(path('/a+', 'Exact')).replace('ingressClassName: nginx', ''), 'allowed'],
  ])('%s', (_, ingress, wanted) => expect(refused(ingress)).toContain(wanted))
})

describe('what nginx is told', () => {
  test('changes no sooner than 3⅓ s after the last change', () => {
    const network = world(), seen = network.seen(['httpProxy'])
    network.apply(shop(path('/', 'Prefix')))
    network.pass(200)
    const told = seen.length
    network.merge('ingresses.networking.k8s.io', 'shop', { spec: { rules: [{ host: 'other.example.com' }] } })
    network.pass(10_000)
    expect(told).toBeGreaterThan(0)
    expect(seen[told].at - seen[told - 1].at).toBeGreaterThanOrEqual(3334)
  })
  test('of two default backends of a host the older one counts', () => {
    const network = world()
    network.deployment('next', 1); network.service('next')
    for (const [name, service] of [['older', 'web'], ['newer', 'next']]) {
      const spec = {
        ingressClassName: 'nginx', defaultBackend: { service: { name: service, port: { number: 80 } } },
        rules: [{
          host: 'shop.example.com', http: { paths: [{ path: `/${name}`, pathType: 'Exact', backend: { service: { name: service, port: { number: 80 } } } }] },
        }],
      }
      network.apply(JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name }, spec }))
      network.pass(10_000)
    }
    ask(network, 'shoppers', 'http://shop.example.com/anything')
    network.pass(5000)
    expect(Object.keys(network.counts('shoppers').servedBy).every(p => p.startsWith('web'))).toBe(true)
  })
})

describe('requests through ingress-nginx', () => {
  test('come to every ready pod', () => {
    const network = world()
    network.apply(shop(path('/', 'Prefix')))
    network.pass(10_000)
    ask(network, 'shoppers', 'http://shop.example.com/cart')
    network.pass(10_000)
    expect(lost(network)).toBe('none')
    expect(Object.keys(network.counts('shoppers').servedBy)).toHaveLength(3)
  })
  test('that two endpoints in turn do not answer come to a third', () => {
    const network = world()
    network.apply(shop(path('/', 'Prefix')))
    network.pass(10_000)
    const [first, second] = network.driver.storedList('pods', 'default').filter(p => p.metadata.labels?.app === 'web')
    for (const { metadata } of [first, second]) network.driver.inject('container-hang', { namespace: 'default', pod: metadata.name, container: 'app' })
    network.pass(100)
    ask(network, 'shoppers', 'http://shop.example.com/')
    network.pass(5000)
    expect(lost(network)).toBe('none')
    // of four that do not answer three are asked
    network.merge('deployments.apps', 'web', { spec: { replicas: 4 } })
    network.pass(20_000)
    const before = network.counts('shoppers').lost
    for (const { metadata } of network.driver.storedList('pods', 'default').filter(p => p.metadata.labels?.app === 'web').slice(2, 3)) {
      network.driver.inject('container-hang', { namespace: 'default', pod: metadata.name, container: 'app' })
    }
    network.pass(10_000)
    expect(network.counts('shoppers').lost - before).toBeGreaterThan(5)
    expect(network.counts('shoppers').lost - before).toBeLessThan(50)
  })
  test('go where a name leads, inside or outside, and are refused where it leads nowhere', () => {
    const network = world(), alias = (name: string, externalName: string, port: any = { port: 80 }): void =>
      network.service(name, { type: 'ExternalName', externalName, selector: null, ports: [port] })
    network.driver.operate('host-outside', { name: 'pay.example.com', address: '198.51.100.7' })
    alias('in', 'web.default.svc.cluster.local'); alias('out', 'pay.example.com'); alias('gone', 'nowhere.default.svc.cluster.local')
    alias('unknown', 'other.example.com')
    network.apply(shop(['in', 'out', 'gone', 'unknown'].map(name => path(`/${name}`, 'Prefix', name)).join(', ')))
    network.pass(10_000)
    for (const name of ['in', 'out', 'gone', 'unknown']) ask(network, name, `http://shop.example.com/${name}`)
    network.pass(10_000)
    expect([lost(network, 'in'), Object.keys(network.counts('in').servedBy).length]).toEqual(['none', 3])
    expect([lost(network, 'out'), network.counts('out').servedBy]).toEqual(['none', { 'pay.example.com': 101 }])
    expect(lost(network, 'gone')).toBe(
      '101 ingress-nginx answered 502: lookup nowhere.default.svc.cluster.local: no such host (service gone is an alias of it)'
    )
    expect(lost(network, 'unknown')).toMatch(/^101 not modelled: service unknown leads to other.example.com/)
    network.merge('services', 'web', { spec: { selector: { app: 'nobody' } } })
    network.pass(10_000)
    expect(lost(network, 'in')).toContain('ingress-nginx answered 502: service web has no ready endpoints (connection refused)')
  })
  test('in flight end with an nginx that breaks, and are finished by one that is told to end', () => {
    const inFlight = (end: (network: Network, pod: string) => void): number => {
      const network = world()
      network.apply(shop(path('/', 'Prefix')))
      network.pass(10_000)
      const why = network.driver.operate('url-source', { name: 'uploads', url: 'http://shop.example.com/', perSecond: 10, takesMs: 5000 })
      if (why) throw new Error(why)
      network.pass(10_050)
      end(network, network.driver.storedList('pods', 'ingress-nginx')[0].metadata.name)
      network.pass(500)
      const cut = Object.entries(network.counts('uploads').why).filter(([reason]) => reason.includes('of ingress-nginx ended before it had answered'))
      return cut.reduce((sum, [, n]) => sum + n, 0)
    }
    const crash = (network: Network, pod: string): unknown =>
      network.driver.inject('container-crash', { namespace: 'ingress-nginx', pod, container: 'controller' })
    expect([inFlight(crash), inFlight((network, pod) => network.delete('pods', `ingress-nginx/${pod}`))]).toEqual([50, 0])
  })
  test('are lost where no rule fits, nobody is ready or no certificate is there', () => {
    const network = world()
    network.service('empty', { selector: { app: 'nobody' } })
    network.apply(shop(
      [path('/cart', 'Prefix'), path('/empty', 'Exact', 'empty'), path('/gone', 'Exact', 'gone')].join(', '),
      '  tls: [{ hosts: [shop.example.com], secretName: cert }]'
    ).replace('name: shop }', 'name: shop, annotations: { nginx.ingress.kubernetes.io/ssl-redirect: "false" } }'))
    network.pass(10_000)
    const urls = {
      other: 'http://other.example.com/', nopath: 'http://shop.example.com/', empty: 'http://shop.example.com/empty', gone: 'http://shop.example.com/gone',
      tls: 'https://shop.example.com/cart', below: 'http://shop.example.com/cart/1', beside: 'http://shop.example.com/carts',
    }
    for (const [name, url] of Object.entries(urls)) ask(network, name, url)
    network.pass(950)
    expect(Object.keys(urls).map(name => lost(network, name))).toEqual([
      '10 ingress-nginx answered 404: no rule has host other.example.com', '10 ingress-nginx answered 404: no rule of host shop.example.com has path /',
      '10 ingress-nginx answered 503: service empty has no ready endpoints', '10 ingress-nginx answered 503: there is no service gone',
      '10 ingress-nginx shows a certificate that is not for shop.example.com, as Secret default/cert is missing', 'none',
      '10 ingress-nginx answered 404: no rule of host shop.example.com has path /carts',
    ])
    network.apply('{ apiVersion: v1, kind: Secret, metadata: { name: cert }, type: kubernetes.io/tls, data: { tls.crt: YQ==, tls.key: YQ== } }')
    network.pass(5000)
    const before = network.counts('tls').lost
    network.pass(5000)
    expect(network.counts('tls').lost).toBe(before)
  })
  test('an endpoint that refuses is not the last one asked; when all refuse the answer is 502', () => {
    const network = world()
    network.apply(shop(path('/', 'Prefix')))
    network.pass(10_000)
    ask(network, 'shoppers', 'http://shop.example.com/', 50)
    const pods = network.driver.cluster.storedList('pods', 'default')
    network.driver.cluster.inject('container-crash', { namespace: 'default', pod: pods[0].metadata.name, container: 'app' })
    network.pass(200)
    expect([lost(network), Object.keys(network.counts('shoppers').servedBy).length]).toEqual(['none', 3])
    for (const pod of pods) network.driver.cluster.inject('container-crash', { namespace: 'default', pod: pod.metadata.name, container: 'app' })
    network.pass(100)
    expect(withoutNames(lost(network))).toMatch(/ingress-nginx answered 502: container app of pod web-N has ended/)
  })
  test('go on by what nginx was told while the control plane or the controller\'s loop is away', () => {
    const network = world()
    network.apply(shop(path('/', 'Prefix')))
    network.pass(10_000)
    ask(network, 'shoppers', 'http://shop.example.com/')
    network.driver.cluster.kernel.stop('ingress-nginx/controller')
    expect(network.driver.cluster.inject('component-down', { component: 'kube-apiserver' })).toBe(1)
    network.pass(60_000)
    expect([lost(network), network.counts('shoppers').served > 500]).toEqual(['none', true])
  })
})

describe('the controller', () => {
  test('acts for its class only, and publishes its address within a minute', () => {
    const network = world()
    network.apply(shop(path('/', 'Prefix')))
    network.apply(shop(path('/', 'Prefix')).replace('name: shop }', 'name: other }').replace('ingressClassName: nginx', 'ingressClassName: traefik'))
    network.pass(61_000)
    const address = (name: string): any => network.driver.cluster.stored('ingresses.networking.k8s.io', 'default', name)!.status.loadBalancer
    expect([address('shop').ingress?.length, address('other')]).toEqual([1, {}])
    expect(network.driver.cluster.storedList('events', 'default')
      .filter(e => e.reason === 'Sync')
      .map(e => `${e.type} ${e.source.component} ${e.message} ${e.regarding ?? e.involvedObject.name}`)).toEqual([
        'Normal nginx-ingress-controller Scheduled for sync shop',
      ])
  })
  test('refuses a host and path that another Ingress has', () => {
    const network = world()
    network.apply(shop(path('/', 'Prefix')))
    network.pass(1000)
    expect(() => network.apply(shop(path('/', 'Prefix')).replace('name: shop }', 'name: twin }'))).toThrow(
      'admission webhook \\"validate.nginx.ingress.kubernetes.io\\" denied the request: host \\"shop.example.com\\" and path \\"/\\" is already defined in ingress default/shop'
    )
  })
  test('a cluster at rest with ingresses stays quiet', () => {
    const network = world()
    network.apply(shop(path('/', 'Prefix')))
    ask(network, 'shoppers', 'http://shop.example.com/')
    network.pass(10 * 60_000)
    expect(network.driver.cluster.kernel.quiet).toBe(true)
  })
})

describe('nginx', () => {
  const to = (service: string) => ({ service, endpoints: [] })
  const config: ProxyConfig = {
    name: 'proxy',
    servers: [
      { host: '*.example.com', locations: [{ path: '/', match: 'prefix', to: to('wild') }] },
      {
        host: 'a.example.com',
        locations: [
          { path: '/x', match: 'exact', to: to('exact') }, { path: '/x/', match: 'prefix', to: to('below') }, { path: '/', match: 'prefix', to: to('root') },
        ],
      },
    ],
  }
  test.each([
    ['http://a.example.com/x', 'exact'], ['http://a.example.com/x/', 'below'], ['http://a.example.com/x/y', 'below'], ['http://a.example.com/xy', 'root'],
    ['http://b.example.com/x', 'wild'], ['http://b.a.example.com/', '404'], ['http://example.com/', '404'],
  ])('gives %s to %s', (url, expected) => {
    const [{ to: target }] = decide(config, parseUrl(url) as any)
    expect('service' in target ? target.service : String(target.status)).toBe(expected)
  })
})
