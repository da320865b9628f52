import { beforeAll, describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/**
 * Pods and nodes that use what is meant for the outside (an address of a load balancer, an external one, a node port) come in as if they had gone out: the
 * cluster's endpoints, whatever the policies; the balancer's ranges count for them too. Source: pkg/proxy/iptables/proxier.go
 */
let base: Network
const nodePort = 30_080, external = '192.0.2.7'
beforeAll(() => {
  base = new Network({ managed: true, nodes: ['worker-1', 'worker-2', 'worker-3'].map(name => ({ name })) })
  base.pod('web-2', 'worker-2', { labels: { app: 'web' } })
  base.pod('near', 'worker-1'); base.pod('other', 'worker-1')
  const local = { internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local' }
  base.service('web', { type: 'LoadBalancer', ...local, externalIPs: [external], ports: [{ port: 80, nodePort }] })
  base.pass(20_000)
})
const balancer = (n: Network): string => n.driver.stored('services', 'default', 'web')!.status.loadBalancer.ingress[0].ip
const to = (n: Network, from: any, host: string, port: number): string => {
  const answer = n.driver.reach({ namespace: 'default', ...from }, { namespace: 'default', host, port }) as any
  return answer.servedBy ?? answer.error
}
const pod = { pod: 'near' }, node = { node: 'worker-1' }

describe('with local policies, on a node without an endpoint', () => {
  test('the address of the Service itself: none', () => expect(base.reach('near', { service: 'web' })).toContain('(dropped)'))
  test.each<[string, any]>([['a pod', pod], ['the node', node]])('from %s: a balancer, an external address, a node port of the own node', (_, from) => {
    const answers = [to(base, from, balancer(base), 80), to(base, from, external, 80), to(base, from, 'worker-1', nodePort)]
    expect(answers).toEqual(['web-2', 'web-2', 'web-2'])
  })
  test('a node port of another node asks that node\'s policy', () => {
    expect(to(base, pod, 'worker-2', nodePort)).toBe('web-2')
    expect(to(base, pod, 'worker-3', nodePort)).toContain('no endpoint of service web on worker-3 (dropped)')
  })
  test('nobody anywhere: refused', () => {
    const n = base.fork()
    n.delete('pods', 'web-2', { gracePeriodSeconds: 0 })
    n.pass(5000)
    expect(to(n, pod, external, 80)).toContain('no ready endpoints (connection refused)')
  })
})

describe('ranges of a balancer', () => {
  const limited = (ranges: readonly string[]): Network => {
    const n = base.fork()
    n.merge('services', 'web', { spec: { loadBalancerSourceRanges: ranges, externalTrafficPolicy: 'Cluster' } })
    return n.pass(5000)
  }
  test('count for pods at its address, not at the Service\'s own, an external one or a node port', () => {
    const n = limited(['198.51.100.0/24'])
    expect(to(n, pod, balancer(n), 80)).toMatch(/lets only clients of 198.51.100.0\/24 in, which 10.244.\d+.\d+ is none of/)
    expect(to(n, node, balancer(n), 80)).toMatch(/which [\d.]+ is none of/)
    expect([to(n, pod, external, 80), to(n, pod, 'worker-1', nodePort), to(n, pod, 'worker-3', nodePort)]).toEqual(['web-2', 'web-2', 'web-2'])
  })
  test('let pods of the range in', () => { const n = limited(['10.244.0.0/16']); expect(to(n, pod, balancer(n), 80)).toBe('web-2') })
})

describe('who it is that a policy sees', () => {
  const policy = (from: any): any => ({
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'in' },
    spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress: [{ from: [from] }] },
  })
  const guarded = (external: string): Network => {
    const n = base.fork()
    n.merge('services', 'web', { spec: { externalTrafficPolicy: external, internalTrafficPolicy: 'Cluster' } })
    n.apply(JSON.stringify(policy({ podSelector: { matchLabels: { app: 'near' } } })))
    return n.pass(5000)
  }
  test('with a cluster policy the node stands for the pod, where the endpoint is elsewhere', () => {
    const n = guarded('Cluster')
    expect([n.reach('near', { service: 'web' }), to(n, pod, external, 80)]).toEqual(['web-2', expect.stringContaining('network policy in')])
  })
  test('clients outside are seen themselves by a pod of the node that they come in by, and as that node by others', () => {
    const n = base.fork()
    n.merge('services', 'web', { spec: { externalTrafficPolicy: 'Cluster' } })
    n.apply(JSON.stringify(policy({ ipBlock: { cidr: '203.0.113.0/24' } })))
    n.pass(20_000)
    n.traffic('clients', 'web', 40)
    const { served, why } = n.pass(5000).counts('clients')
    expect([served > 30, served < 100, Object.keys(why).map(w => w.replace(/ \(.*/, ''))]).toEqual([
      true, true, ['network policy in lets no such traffic into pod web-2'],
    ])
  })
  test('with a local policy the pod is seen itself', () => {
    const n = guarded('Local')
    expect([to(n, pod, external, 80), to(n, { pod: 'other' }, external, 80)]).toEqual(['web-2', expect.stringContaining('network policy in')])
  })
})

test('a port of the machine may be one of its own address alone', () => {
  const n = base.fork()
  for (const [name, hostIP] of [['any', undefined], ['own', '127.0.0.1']] as const) {
    n.pod(name, 'worker-3', { container: { ports: [{ containerPort: 80, hostPort: name === 'any' ? 8088 : 8089, ...hostIP ? { hostIP } : {} }] } })
  }
  n.pass(10_000)
  expect([to(n, pod, 'worker-3', 8088), to(n, pod, 'worker-3', 8089)]).toEqual(['any', expect.stringContaining('nothing listens on port 8089 of worker-3')])
})

test('requests under way are judged anew when a pod gets a label that a policy selects', () => {
  const n = base.fork()
  n.apply(JSON.stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'shut' },
    spec: { podSelector: { matchLabels: { shut: 'yes' } }, policyTypes: ['Egress'] },
  }))
  n.merge('services', 'web', { spec: { internalTrafficPolicy: 'Cluster' } })
  n.pass(10_000)
  n.traffic('calls', 'web', 10, { pod: 'near' })
  n.pass(5000)
  const seen = n.seen(['traffic'])
  n.merge('pods', 'near', { metadata: { labels: { shut: 'yes' } } })
  n.pass(10_000)
  expect([seen.filter(o => o.outcome === 'lost').length > 0, n.counts('calls').lost]).toEqual([true, 100])
})
