import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/** What the pods of a Service add to it, as the API has them now: `web-1 ready`, `web-2 not-ready`. */
function wanted(network: Network): { readonly slices: string[]; readonly endpoints: string[] } {
  const pods = network.driver.cluster.storedList('pods', 'default').filter(p =>
    p.metadata.labels?.app === 'web' && p.status?.podIP && !['Succeeded', 'Failed'].includes(p.status.phase))
  const ready = (p: any): boolean => p.status.conditions.some((c: any) => c.type === 'Ready' && c.status === 'True')
  const ends = (p: any): boolean => p.metadata.deletionTimestamp !== undefined
  return {
    slices: pods.map(p => `${p.metadata.name} ${p.status.podIP} ${ready(p) && !ends(p)} ${ready(p)} ${ends(p)}`).sort(),
    endpoints: pods.filter(p => !ends(p)).map(p => `${p.metadata.name} ${p.status.podIP} ${ready(p)}`).sort(),
  }
}
const slicesOf = ({ driver: { cluster } }: Network): readonly any[] =>
  cluster.storedList('endpointslices.discovery.k8s.io', 'default').filter(s => s.metadata.labels?.['kubernetes.io/service-name'] === 'web')
function found(network: Network): ReturnType<typeof wanted> {
  const { cluster } = network.driver, slices = slicesOf(network)
  const object = cluster.stored('endpoints', 'default', 'web')
  const told = (list: readonly any[] | undefined, ready: boolean): string[] => (list ?? []).map(a => `${a.targetRef.name} ${a.ip} ${ready}`)
  const subsets: readonly any[] = object?.['subsets'] as any ?? []
  return {
    slices: slices.flatMap(s => s.endpoints ?? [])
      .map((e: any) => `${e.targetRef.name} ${e.addresses[0]} ${e.conditions.ready} ${e.conditions.serving} ${e.conditions.terminating}`)
      .sort(),
    endpoints: subsets.flatMap(s => [...told(s.addresses, true), ...told(s.notReadyAddresses, false)]).sort(),
  }
}

describe('endpoints of a Service', () => {
  const labels = ['web', 'other'], step = fc.oneof(
    fc.tuple(fc.constant('create'), fc.nat(7)), fc.tuple(fc.constant('delete'), fc.nat(7)), fc.tuple(fc.constant('kill'), fc.nat(7)),
    fc.tuple(fc.constant('label'), fc.nat(7)), fc.tuple(fc.constant('finish'), fc.nat(7)),
    fc.tuple(fc.constant('service'), fc.nat(2)), fc.tuple(fc.constant('wait'), fc.nat(2000)), fc.tuple(fc.constant('manager'), fc.nat(1)),
    fc.tuple(fc.constant('ports'), fc.nat(1)), fc.tuple(fc.constant('slices'), fc.nat(1)))
  function act(network: Network, what: string, n: number): void {
    const { cluster } = network.driver, name = `p-${n}`, pod = cluster.stored('pods', 'default', name)
    if (what === 'create' && !pod) {
      network.pod(name, `worker-${n % 3 + 1}`, {
        labels: { app: labels[n % 4 === 3 ? 1 : 0] }, spec: { restartPolicy: n % 3 === 2 ? 'Never' : 'Always', hostNetwork: n === 5 },
        container: { ports: [{ name: 'http', containerPort: 8000 + n % 2 }] },
      })
    }
    if (what === 'delete' && pod && !pod.metadata.deletionTimestamp) network.delete('pods', name)
    if (what === 'label' && pod) network.merge('pods', name, { metadata: { labels: { app: pod.metadata.labels!.app === 'web' ? 'other' : 'web' } } })
    if (what === 'finish' && pod) cluster.inject('container-crash', { namespace: 'default', pod: name, container: 'app' })
    if (what === 'kill' && pod) network.delete('pods', name, { gracePeriodSeconds: 0 })
    if (what === 'service') network.merge('services', 'web', { metadata: { labels: { turn: String(n) } } })
    if (what === 'ports') network.merge('services', 'web', { spec: { ports: [{ port: 80, targetPort: n === 0 ? 'http' : 80 }] } })
    if (what === 'manager') {
      cluster.inject('component-down', { component: 'kube-controller-manager' })
      network.pass(n * 3000)
      cluster.heal('component-down', { component: 'kube-controller-manager' })
    }
    if (what === 'slices') for (const { metadata } of slicesOf(network)) network.delete('endpointslices.discovery.k8s.io', metadata.name)
    if (what === 'wait') network.pass(n)
  }
  test('are its pods, whatever happened to them in whichever order', () => {
    const base = new Network()
    base.service('web')
    base.pass(3000)
    fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), steps => {
      const network = base.fork()
      for (const [what, n] of steps) act(network, what, n)
      network.pass(30_000)
      // of slices that another process has written a new one does not miss any; and that a pod which was never ready has ended is no news, as it is not ready
      // still (Source: k8s.io/endpointslice util/controller_utils.go, podEndpointsChanged)
      const did = (one: string): boolean => steps.some(([what]) => what === one)
      if (did('manager') && did('slices') || did('finish')) act(network, 'service', 9)
      network.pass(60_000)
      expect(found(network)).toEqual(wanted(network))
    }), { numRuns: 25 })
  })
  test('come back a second after somebody has deleted them', () => {
    const network = new Network()
    network.service('web')
    network.pod('web', 'worker-1')
    network.pass(3000)
    const [before] = slicesOf(network)
    act(network, 'slices', 0)
    network.pass(900)
    expect(slicesOf(network)).toEqual([])
    network.pass(200)
    expect(slicesOf(network).map(s => s.endpoints)).toEqual([before.endpoints])
  })
  test('have several ports in the order that a real cluster gave them', () => {
    const network = new Network(), { cluster } = network.driver
    const numbers = { http: 8080, metrics: 9100, grpc: 9000, dns: 53, 'dns-tcp': 53, admin: 8443 }
    const ports = Object.entries(numbers).map(([name, targetPort], i) => ({
      name, port: 100 + i, targetPort, protocol: name === 'dns' ? 'UDP' : 'TCP', ...name === 'grpc' ? { appProtocol: 'kubernetes.io/h2c' } : undefined,
    }))
    network.service('web', { ports })
    network.pod('web', 'worker-1')
    network.pass(3000)
    const [slice] = slicesOf(network)
    expect(slice.ports.map((p: any) => p.name)).toEqual(['http', 'dns', 'metrics', 'admin', 'dns-tcp', 'grpc'])
    const [subset] = (cluster.stored('endpoints', 'default', 'web') as any).subsets
    expect(subset.ports.map((p: any) => p.name)).toEqual(['http', 'grpc', 'metrics', 'dns-tcp', 'dns', 'admin'])
  })
  test('stand with each port that they serve', () => {
    const network = new Network(), { cluster } = network.driver
    network.service('web', { ports: [{ name: 'a', port: 80, targetPort: 'web' }, { name: 'b', port: 81, targetPort: 9000 }] })
    network.pod('web', 'worker-1', { container: { ports: [{ name: 'web', containerPort: 8000 }] } })
    network.pod('nameless', 'worker-1', { labels: { app: 'web' } })
    network.pass(3000)
    const { subsets } = cluster.stored('endpoints', 'default', 'web') as any
    expect(subsets.map((s: any) => `${s.ports.map((p: any) => p.name).join()}: ${s.addresses.map((a: any) => a.targetRef.name).sort().join()}`).sort())
      .toEqual(['a: web', 'b: nameless,web'])
  })
})
