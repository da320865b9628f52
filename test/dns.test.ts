import { beforeAll, describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

let base: Network
/** shop: web (a ClusterIP Service with ports), db (headless, pods db-0 and db-1 and one not ready), all (unready pods too), away and lost (ExternalName); ops: web */
beforeAll(() => {
  base = new Network()
  base.driver.image('unready:1', { http: [{ status: 503 }] })
  for (const name of ['shop', 'ops']) base.ask('create', { resource: 'namespaces' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  base.pass(1000)
  base.pod('shop/web', 'worker-1'); base.pod('ops/probe', 'worker-2')
  for (const i of [0, 1]) base.pod(`shop/db-${i}`, 'worker-2', { labels: { app: 'db' }, spec: { hostname: `db-${i}`, subdomain: 'db' } })
  base.pod('shop/db-x', 'worker-3', { labels: { app: 'db' }, container: { readinessProbe: { httpGet: { path: '/', port: 81 } }, image: 'unready:1' } })
  base.service('shop/web', { ports: [{ name: 'http', port: 80 }, { name: 'stats', port: 90, protocol: 'UDP' }] })
  base.service('ops/web')
  base.service('shop/db', { clusterIP: 'None' }); base.service('shop/all', { clusterIP: 'None', selector: { app: 'db' }, publishNotReadyAddresses: true })
  base.service('shop/none', { clusterIP: 'None' }); base.service('shop/empty')
  base.service('shop/away', { type: 'ExternalName', externalName: 'db.example.com', selector: undefined, ports: undefined })
  base.service('shop/lost', { type: 'ExternalName', externalName: 'db.corp.internal', selector: undefined, ports: undefined })
  base.pass(20_000)
})
const ip = (path: string): string => { const [namespace, name] = path.split('/'); return base.driver.stored('pods', namespace, name)!.status.podIP }
const clusterIP = (path: string): string => {
  const [namespace, name] = path.split('/')
  return base.driver.stored('services', namespace, name)!.spec.clusterIP
}
const dashed = (address: string): string => address.replaceAll('.', '-')

describe('names', () => {
  test.each<[string, string, () => string]>([
    ['shop/web', 'web', () => clusterIP('shop/web')], ['ops/probe', 'web', () => clusterIP('ops/web')], ['ops/probe', 'web.shop', () => clusterIP('shop/web')],
    ['ops/probe', 'web.shop.svc', () => clusterIP('shop/web')], ['ops/probe', 'web.shop.svc.cluster.local', () => clusterIP('shop/web')],
    ['ops/probe', 'web.shop.svc.cluster.local.', () => clusterIP('shop/web')],
    ['ops/probe', 'WEB.shop', () => clusterIP('shop/web')],
    ['ops/probe', 'web.', () => 'no such host'], ['ops/probe', 'db', () => 'no such host'], ['shop/web', 'nowhere', () => 'no such host'],
    ['shop/web', 'web.nowhere', () => 'no such host'],
    ['shop/web', 'empty', () => clusterIP('shop/empty')], ['shop/web', 'none', () => 'no such host'],
    ['shop/web', 'db-1.db', () => ip('shop/db-1')], ['ops/probe', 'db-0.db.shop.svc.cluster.local', () => ip('shop/db-0')],
    ['shop/web', 'db-2.db', () => 'no such host'], ['shop/web', 'db-0.web', () => 'no such host'],
    ['shop/web', 'away', () => 'not modelled: whether db.example.com is there, outside of the cluster (say `host "db.example.com" is outside of the cluster` if it is)'],
    ['shop/web', 'lost', () => 'no such host'], ['shop/web', 'kubernetes.default', () => '10.96.0.1'],
    ['shop/web', 'kube-dns.kube-system', () => '10.96.0.10'],
    ['shop/web', '10-244-9-9.shop.pod.cluster.local', () => '10.244.9.9'], ['shop/web', '10-244-9-9.nowhere.pod.cluster.local', () => 'no such host'],
    ['shop/web', 'web.shop.pod.cluster.local', () => 'no such host'],
    ['ops/probe', '_http._tcp.web.shop.svc.cluster.local', () => clusterIP('shop/web')], ['ops/probe', '_stats._udp.web.shop', () => clusterIP('shop/web')],
    ['ops/probe', '_stats._tcp.web.shop', () => 'no such host'], ['ops/probe', '_other._tcp.web.shop.svc.cluster.local', () => 'no such host'],
  ])('%s asks for %s', (from, name, wanted) => {
    const answer = base.resolve(from, name)
    expect(answer).toBe(wanted() === 'no such host' ? `lookup ${name}: no such host` : wanted())
  })
  test('a headless Service has the addresses of its ready pods, or of all', () => {
    const resolved = (name: string): boolean => base.resolve('shop/web', name) === ip('shop/db-x')
    expect([base.resolve('shop/web', 'db'), resolved(`${dashed(ip('shop/db-x'))}.all`)]).toEqual([[ip('shop/db-0'), ip('shop/db-1')].sort()[0], true])
    const { addresses } = base.driver.resolve('db', 'shop', 'web') as any
    expect([addresses, base.resolve('shop/web', `${dashed(ip('shop/db-x'))}.db`)]).toEqual([
      [ip('shop/db-0'), ip('shop/db-1')].sort(), expect.stringContaining('no such host'),
    ])
  })
  test('a name with fewer than five dots is looked for in the search list first', () => {
    const network = base.fork(), asked = (name: string): readonly string[] => (network.driver.resolve(name, 'shop', 'web') as any).asked
    for (const name of ['a.b.c.example.com', 'a.b.c.d.example.com']) network.driver.operate('host-outside', { name, address: '198.51.100.7' })
    network.pass(1000)
    expect(asked('a.b.c.example.com')).toEqual([
      'a.b.c.example.com.shop.svc.cluster.local', 'a.b.c.example.com.svc.cluster.local', 'a.b.c.example.com.cluster.local', 'a.b.c.example.com',
    ])
    expect(asked('a.b.c.d.example.com')).toEqual(['a.b.c.d.example.com'])
  })
  test('endpoints of a Service with an address have names too', () => {
    expect(base.resolve('shop/web', `${dashed(ip('shop/web'))}.web`)).toBe(ip('shop/web'))
    expect(base.resolve('shop/web', `${dashed(ip('ops/probe'))}.web`)).toMatch(/no such host$/)
  })
  test('addresses have names', () => {
    const reverse = (address: string): string => base.resolve('shop/web', `${address.split('.').reverse().join('.')}.in-addr.arpa`)
    expect([reverse(clusterIP('shop/web')), reverse(ip('shop/db-1'))]).toEqual([
      'web.shop.svc.cluster.local', 'db-1.db.shop.svc.cluster.local',
    ])
    // endpoints without a hostname have none
    expect(reverse(ip('shop/web'))).toMatch(/no such host$/)
    expect(reverse('10.1.2.3')).toMatch(/no such host$/)
  })
  test('dnsPolicy: who does not ask the cluster does not know its names; dnsConfig adds', () => {
    const network = base.fork()
    network.pod('shop/default', 'worker-1', { spec: { dnsPolicy: 'Default' } })
    network.pod('shop/host', 'worker-1', { spec: { hostNetwork: true } })
    network.pod('shop/host-first', 'worker-1', { spec: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } })
    network.pod('shop/own', 'worker-1', { spec: { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.96.0.10'], searches: ['ops.svc.cluster.local'] } } })
    network.pod('shop/more', 'worker-1', { spec: { dnsConfig: { searches: ['kube-system.svc.cluster.local'], options: [{ name: 'ndots', value: '2' }] } } })
    network.pass(10_000)
    expect(['default', 'host', 'host-first', 'own', 'more'].map(pod => network.resolve(`shop/${pod}`, 'web').replace(/ \(.*/, ''))).toEqual(
      ['lookup web: no such host', 'lookup web: no such host', clusterIP('shop/web'), clusterIP('ops/web'), clusterIP('shop/web')]
    )
    expect(network.resolve('shop/more', 'kube-dns')).toBe('10.96.0.10')
  })
})

describe('CoreDNS', () => {
  test('is up, down and up again', () => {
    const network = base.fork()
    network.driver.inject('component-down', { component: 'coredns' })
    expect(network.pass(1000).resolve('shop/web', 'web')).toBe('lookup web: i/o timeout (CoreDNS is down)')
    network.driver.heal('component-down', { component: 'coredns' })
    expect(network.pass(10_000).resolve('shop/web', 'web')).toBe(clusterIP('shop/web'))
  })
  test('without pods nobody answers; addresses that are known still serve; one pod of two is enough', () => {
    const network = base.fork(), [first, second] = network.driver.storedList('pods', 'kube-system').filter(p => p.metadata.name.startsWith('coredns'))
    const hang = (pod: any): void => void network.driver.inject('container-hang', { namespace: 'kube-system', pod: pod.metadata.name, container: 'coredns' })
    hang(first)
    expect(network.pass(100).resolve('shop/web', 'web')).toBe(clusterIP('shop/web'))
    hang(second)
    expect(network.pass(100).resolve('shop/web', 'web')).toMatch(/^lookup web: pod coredns-\S+ does not answer$/)
    expect(network.reach('ops/probe', { service: 'shop/web' })).toBe('web')
    network.merge('deployments.apps', 'kube-system/coredns', { spec: { replicas: 0 } })
    expect(network.pass(60_000).resolve('shop/web', 'web')).toBe('lookup web: service kube-dns has no ready endpoints (connection refused)')
    network.merge('deployments.apps', 'kube-system/coredns', { spec: { replicas: 1 } })
    expect(network.pass(60_000).resolve('shop/web', 'web')).toBe(clusterIP('shop/web'))
  })
  test('goes on answering from what it knows while the API is away, and learns nothing new', () => {
    const network = base.fork()
    network.driver.inject('component-down', { component: 'kube-apiserver' })
    network.driver.inject('node-down', { node: 'worker-2' })
    network.pass(10 * 60_000)
    expect([network.resolve('shop/web', 'web'), network.resolve('shop/web', 'db-0.db')]).toEqual([clusterIP('shop/web'), ip('shop/db-0')])
  })
  test('caches nothing: a Service is known, and unknown, as soon as CoreDNS has been told', () => {
    const network = base.fork()
    expect(network.resolve('shop/web', 'new')).toBe('lookup new: no such host')
    network.service('shop/new')
    const address = network.pass(100).resolve('shop/web', 'new')
    expect(address).toMatch(/^10\./)
    network.delete('services', 'shop/new')
    expect(network.pass(100).resolve('shop/web', 'new')).toBe('lookup new: no such host')
  })
})
