import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

const workers = ['worker-1', 'worker-2', 'worker-3'] as const
type Mode = 'iptables' | 'ipvs' | 'nftables'
function world(mode: Mode, service: any = {}, more: any = {}): Network {
  const network = new Network({ kubeProxyMode: mode, ...more, nodes: workers.map(name => ({ name })) })
  for (const [i, node] of workers.entries()) network.pod(`web-${i + 1}`, node, { labels: { app: 'web' } })
  network.pod('client', 'worker-1')
  network.service('web', service)
  return network.pass(10_000)
}
const fromClient = { pod: 'client' }
const at = (network: Network, from: any, address: string): string => {
  const [host, port] = address.split(':'), answer = network.driver.reach(from, { namespace: 'default', host, port: Number(port) }) as any
  return answer.error ?? 'served'
}
const client = { namespace: 'default', pod: 'client' }, node = { namespace: 'default', node: 'worker-1' }

describe('which endpoint a connection goes to', () => {
  test('ipvs takes them in turn, iptables any', () => {
    const shares = (mode: Mode): number[] => {
      const network = world(mode)
      network.traffic('calls', 'web', 30, fromClient)
      network.pass(9999)
      return Object.values(network.counts('calls').servedBy)
    }
    expect(shares('ipvs')).toEqual([100, 100, 100])
    const random = shares('iptables')
    expect([random.reduce((a, b) => a + b), random.every(n => n === 100)]).toEqual([300, false])
  })
  test.each<[string, number, number]>([['rr', 3, 3], ['wrr', 3, 3], ['lc', 3, 3], ['wlc', 3, 3], ['sh', 1, 3], ['mh', 1, 3], ['dh', 1, 1]])(
    '%s: pods that one client comes to, and that twelve come to', (ipvsScheduler, one, twelve) => {
      const network = world('ipvs', {}, { ipvsScheduler }), met = new Set<string>()
      for (let i = 0; i < 12; i++) network.traffic(`client-${i}`, 'web', 10, fromClient)
      network.pass(5000)
      for (let i = 0; i < 12; i++) for (const pod of Object.keys(network.counts(`client-${i}`).servedBy)) met.add(pod)
      expect([Object.keys(network.counts('client-0').servedBy).length, met.size]).toEqual([one, twelve])
    }
  )
  test('with sh a client has its own', () => {
    const network = world('ipvs', {}, { ipvsScheduler: 'sh' })
    network.traffic('calls', 'web', 30, fromClient)
    network.pass(10_000)
    expect(Object.values(network.counts('calls').servedBy)).toHaveLength(1)
  })
})

describe('sed and nq', () => {
  const pods = (scheduler: string, more: any = {}): number => {
    const network = world('ipvs', {}, { ipvsScheduler: scheduler })
    network.traffic('calls', 'web', 30, { ...fromClient, ...more })
    network.pass(10_000)
    return Object.keys(network.counts('calls').servedBy).length
  }
  test('send what is over at once to one that is idle, and what takes its time to all', () => {
    expect(['sed', 'nq', 'wlc'].map(s => pods(s))).toEqual([1, 1, 3])
    expect(['sed', 'nq'].map(s => pods(s, { takesMs: 1000 }))).toEqual([3, 3])
  })
})

describe('a local policy without a local endpoint', () => {
  const alone = (mode: Mode, spec: any): string => {
    const network = world(mode, { ...spec, internalTrafficPolicy: 'Local' })
    network.delete('pods', 'web-1')
    return network.pass(10_000).reach({ node: 'worker-1' }, { service: 'web' })
  }
  test('ipvs refuses where only the Service\'s own address leads there, and falls back to the cluster\'s where others do', () => {
    expect(['iptables', 'nftables', 'ipvs'].map(m => alone(m as Mode, {}))).toEqual([
      'no endpoint of service web on worker-1 (dropped)', 'no endpoint of service web on worker-1 (dropped)',
      'no endpoint of service web on worker-1 (connection refused)',
    ])
    expect(alone('iptables', { type: 'NodePort' })).toBe('no endpoint of service web on worker-1 (dropped)')
    expect(alone('ipvs', { type: 'NodePort' })).toMatch(/^web-[23]$/)
  })
  test('ipvs keeps to the node who asks an external address from within, while that has an endpoint', () => {
    const asked = (mode: Mode): string => {
      const network = world(mode, { externalIPs: ['198.51.100.7'], externalTrafficPolicy: 'Local' })
      network.driver.inject('container-hang', { namespace: 'default', pod: 'web-1', container: 'app' })
      return at(network.pass(100), node, '198.51.100.7:80')
    }
    expect([asked('iptables'), asked('ipvs')]).toEqual(['served', 'pod web-1 does not answer'])
  })
})

describe('when rules are written', () => {
  test('ipvs waits for nobody, the others for the second to be over', () => {
    const delays = (mode: Mode): number[] => {
      const network = world(mode)
      const seen: any[] = [], began = network.now
      network.driver.observe(o => seen.push(o), ['proxy'])
      for (const name of ['a', 'b']) { network.service(name); network.pass(300) }
      network.pass(3000)
      return seen.filter(o => o.node === 'worker-1' && o.service === 'b').map(o => o.at - began)
    }
    expect(delays('ipvs')[0]).toBeLessThan(600)
    expect(delays('iptables')[0]).toBeGreaterThanOrEqual(1000)
    expect(delays('nftables')).toEqual(delays('iptables'))
  })
})

describe('addresses', () => {
  const nodePort = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }
  test.each<[Mode, string, string]>([
    ['iptables', 'served', 'service web has no port 81'],
    ['nftables', 'nothing listens on 127.0.0.1:30080 of worker-1 (connection refused)', 'service web has no port 81 (connection refused)'],
    ['ipvs', 'nothing listens on 127.0.0.1:30080 of worker-1 (connection refused)', 'service web has no port 81 (connection refused)'],
  ])('%s: node ports on 127.0.0.1, and ports that a Service does not have', (mode, loopback, other) => {
    const network = world(mode, nodePort), ip = network.driver.cluster.stored('services', 'default', 'web')!.spec.clusterIP
    expect([
      at(network, node, '127.0.0.1:30080'), at(network, node, 'localhost:30080'), at(network, client, `${ip}:81`), at(network, client, `${ip}:80`),
    ]).toEqual([loopback, loopback, other, 'served'])
  })
  test('of nodes, pods and the world, by iptables', () => {
    const network = world('iptables', { ...nodePort, externalIPs: ['198.51.100.7'] }), pod = network.driver.cluster.stored('pods', 'default', 'web-2')!
    const answers = [
      'worker-1:30080', 'worker-2:30080', '172.18.1.4:30080', '198.51.100.7:80', `${pod.status.podIP}:80`, '127.0.0.1:30080', 'worker-2:30081',
      '10.244.99.9:80',
    ].map(a =>
      at(network, client, a))
    expect(answers).toEqual([
      'served', 'served', 'served', 'served', 'served', '127.0.0.1:30080 of a pod is the pod\'s own (connection refused)',
      'nothing listens on port 30081 of worker-2 (connection refused)', 'nobody has the address 10.244.99.9 (no answer)',
    ])
  })
  test('a local policy holds for who comes from another node, not on the own one', () => {
    const told = (mode: Mode): string[] => {
      const network = world(mode, { ...nodePort, externalTrafficPolicy: 'Local' })
      network.delete('pods', 'web-1'); network.delete('pods', 'web-2')
      network.pass(10_000)
      return [at(network, client, 'worker-1:30080'), at(network, client, 'worker-2:30080'), at(network, client, 'worker-3:30080')]
    }
    expect(told('iptables')).toEqual(['served', 'no endpoint of service web on worker-2 (dropped)', 'served'])
    expect(told('ipvs')).toEqual(['served', 'no endpoint of service web on worker-2 (dropped)', 'served'])
  })
  test('clients outside come by an external address where a Service has one, by the policy for who is outside', () => {
    const network = world('iptables', { externalIPs: ['198.51.100.7'], externalTrafficPolicy: 'Local' })
    network.delete('pods', 'web-1')
    network.pass(10_000)
    network.traffic('shoppers', 'web', 10)
    network.pass(10_000)
    expect(Object.keys(network.counts('shoppers').why)).toEqual([
      'no endpoint of service web on cp-1 (dropped)', 'no endpoint of service web on worker-1 (dropped)',
    ])
  })
})

test.each<Mode>(['iptables', 'nftables', 'ipvs'])('%s: a pod reaches itself by its own Service (hairpin)', mode => {
  const network = world(mode)
  network.pod('alone', 'worker-1')
  network.service('alone')
  expect(network.pass(10_000).reach('alone', { service: 'alone' })).toBe('alone')
})

describe('session affinity', () => {
  test('a client that has been silent for longer than the rules remember may come to another pod', () => {
    const after = (timeoutSeconds: number): boolean[] => {
      const network = world('iptables', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds } } })
      return ['a', 'b', 'c', 'd', 'e', 'f'].map(name => {
        const twin = network.fork()
        twin.traffic(name, 'web', 10, fromClient)
        twin.pass(2000)
        const [first] = Object.keys(twin.counts(name).servedBy)
        twin.driver.cluster.inject('container-crash', { namespace: 'default', pod: 'client', container: 'app' })
        for (let i = 0; i < 2; i++) {
          twin.pass(15_000)
          twin.driver.cluster.inject('container-crash', { namespace: 'default', pod: 'client', container: 'app' })
        }
        twin.pass(60_000)
        return Object.keys(twin.counts(name).servedBy).join() === first
      })
    }
    expect(after(10_800)).toEqual(Array(6).fill(true))
    expect(after(5)).toContain(false)
  })
})
