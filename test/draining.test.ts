import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/** Pods of web behind a Service, one replica more while they are replaced; ready pods answer at once, and end at once when told to. */
function web(more: { readonly replicas?: number; readonly preStop?: number; readonly term?: string } = {}): Network {
  const network = new Network(), lifecycle = more.preStop === undefined ? {} : { lifecycle: { preStop: { sleep: { seconds: more.preStop } } } }
  for (const version of [1, 2]) network.driver.image(`web:${version}`, more.term === undefined ? {} : { term: { after: more.term } })
  network.deployment('web', more.replicas ?? 2, {
    spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    container: { readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 }, ...lifecycle },
  })
  network.service('web')
  return network.pass(15_000)
}
const lost = (network: Network, name: string): string => {
  const { lost: n, why } = network.counts(name)
  return n === 0 ? 'none' : Object.entries(why).map(([w, c]) => `${c} ${w}`).join('; ')
}
const withoutNames = (text: string): string => text.replace(/web-[a-z0-9]+-[a-z0-9]+/g, 'web-N').replace(/10\.244\.\d+\.\d+/g, 'ADDRESS')

describe('requests that take their time', () => {
  test('are lost when the container ends before it has answered: as many as it had begun in that time', () => {
    const network = web({ replicas: 1 })
    network.traffic('uploads', 'web', 10, { takesMs: 3000 })
    network.pass(10_050)
    const [pod] = network.driver.cluster.storedList('pods', 'default')
    network.driver.cluster.inject('container-crash', { namespace: 'default', pod: pod.metadata.name, container: 'app' })
    network.pass(0)
    const { sent, served, lost: gone } = network.counts('uploads')
    // those of the last three seconds
    expect(withoutNames(lost(network, 'uploads'))).toMatch(/^30 pod web-N ended before it had answered \(requests take 3s\)/)
    expect(sent).toBe(served + gone)
    const again = network.counts('uploads').why
    network.driver.cluster.inject('container-crash', { namespace: 'default', pod: pod.metadata.name, container: 'app' })
    network.pass(0)
    expect(Object.entries(network.counts('uploads').why).filter(([w]) => w.includes('before it had'))).toEqual(Object.entries(again).filter(([w]) =>
      w.includes('before it had')))
  })
  test('outlive a rolling update whose preStop hook or whose server waits for them, and not one that does not', () => {
    const through = (network: Network): Network => {
      network.traffic('uploads', 'web', 10, { takesMs: 3000 })
      network.pass(5000)
      network.image('web', 'web:2')
      return network.pass(120_000)
    }
    expect(lost(through(web({ preStop: 10 })), 'uploads')).toBe('none')
    expect(withoutNames(lost(through(web({ preStop: 2 })), 'uploads'))).toMatch(/\d+ pod web-N ended before it had answered/)
    // it answers what it has begun, and goes on for longer than the rules need to forget it
    expect(lost(through(web({ term: '10s' })), 'uploads')).toBe('none')
  })
  test('the node that works on them takes them along', () => {
    const network = web({ replicas: 1 }), [pod] = network.driver.cluster.storedList('pods', 'default')
    network.traffic('uploads', 'web', 10, { takesMs: 3000 })
    network.pass(10_050)
    network.driver.cluster.inject('node-down', { node: pod.spec.nodeName })
    network.pass(1)
    expect(Object.entries(network.counts('uploads').why).filter(([w]) => w.includes('before it had')).map(([, n]) => n)).toEqual([30])
  })
})

describe('connections that are kept open', () => {
  test('are given up when their pod keeps silent: clients come to another', () => {
    const network = new Network()
    network.deployment('web', 2); network.service('web')
    network.pass(15_000)
    network.traffic('pool', 'web', 20, { connections: 1 })
    network.pass(5000)
    const [pod] = Object.keys(network.counts('pool').servedBy)
    network.driver.inject('container-hang', { namespace: 'default', pod, container: 'app' })
    network.pass(120_000)
    const { lost: gone, servedBy } = network.counts('pool')
    expect([gone > 0, gone < 2400, Object.keys(servedBy).length]).toEqual([true, true, 2])
  })
  const drained = (network: Network): void =>
    network.merge('pods', network.driver.cluster.storedList('pods', 'default')[0].metadata.name, { metadata: { labels: { app: 'drained' } } })
  test('stay with a pod that is behind the Service no more; new ones do not come to it', () => {
    const network = web(), victim = network.driver.cluster.storedList('pods', 'default')[0].metadata.name
    network.traffic('pool', 'web', 20, { connections: 8 })
    network.traffic('each', 'web', 20)
    network.pass(5000)
    drained(network)
    network.pass(10_000)
    const [pool, each] = ['pool', 'each'].map(name => network.counts(name).servedBy[victim])
    network.pass(10_000)
    expect(network.counts('pool').servedBy[victim]).toBeGreaterThan(pool + 20)
    expect(network.counts('each').servedBy[victim]).toBe(each)
  })
  test('are made anew when their pod ends, and lose nothing where a preStop hook waits for the rules', () => {
    const network = web({ preStop: 5 })
    network.traffic('pool', 'web', 20, { connections: 8 })
    network.pass(5000)
    network.image('web', 'web:2')
    network.pass(60_000)
    expect([lost(network, 'pool'), Object.keys(network.counts('pool').servedBy).length]).toEqual(['none', 4])
  })
  test('datagrams go on into nothing for as long as the rules name who has ended; a connection is made anew at once', () => {
    const lostBy = (protocol: string, proxies: 'up' | 'down'): number => {
      const network = web(), [{ metadata: { name: victim } }] = network.driver.cluster.storedList('pods', 'default')
      network.merge('services', 'web', { spec: { ports: [{ port: 80, protocol }] } })
      network.pod('client', 'worker-1')
      network.pass(5000)
      network.traffic('pool', 'web', 20, { connections: 8, pod: 'client' })
      network.pass(5000)
      if (proxies === 'down') network.driver.inject('component-down', { component: 'kube-proxy', node: 'worker-1' })
      network.delete('pods', victim, { gracePeriodSeconds: 1 })
      network.pass(60_000)
      return network.counts('pool').lost
    }
    // about half of the flows, for a second at most; for the whole minute where nobody tells the node to forget them
    expect(lostBy('UDP', 'up')).toBeLessThanOrEqual(30)
    expect(lostBy('UDP', 'down')).toBeGreaterThan(300)
    expect(lostBy('TCP', 'up')).toBeLessThanOrEqual(30)
  })
  test('datagrams leave an address that is no endpoint any more', () => {
    const network = web(), victim = network.driver.cluster.storedList('pods', 'default')[0].metadata.name
    network.merge('services', 'web', { spec: { ports: [{ port: 80, protocol: 'UDP' }] } })
    network.pass(5000)
    network.traffic('pool', 'web', 20, { connections: 8 })
    network.pass(5000)
    drained(network)
    network.pass(10_000)
    const before = network.counts('pool').servedBy[victim]
    network.pass(10_000)
    expect(network.counts('pool').servedBy[victim]).toBe(before)
  })
})
