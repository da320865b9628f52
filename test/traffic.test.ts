import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outcomeOf, physicsOf, TRAFFIC_ID, waysOf, type Source, type TrafficState } from '../src/runtime-model/traffic/index.ts'
import { Network } from './support/network.ts'

const workers = ['worker-1', 'worker-2', 'worker-3'] as const
/** Three pods of one Deployment behind a Service, one on each worker. */
function web(
  more: { readonly spec?: any; readonly pod?: any; readonly container?: any; readonly service?: any; readonly replicas?: number; readonly behaviour?: any } = {}
): Network {
  const network = new Network()
  for (const version of [1, 2]) network.driver.image(`web:${version}`, more.behaviour ?? {})
  network.deployment('web', more.replicas ?? 3, more)
  network.service('web', more.service)
  return network.pass(15_000)
}
const lost = (network: Network, name = 'shoppers'): string => {
  const { lost: n, why } = network.counts(name)
  return n === 0 ? 'none' : Object.entries(why).map(([w, c]) => `${c} ${w}`).join('; ')
}
const withoutNames = (text: string): string => text.replace(/web-[a-z0-9]+-[a-z0-9]+/g, 'web-N').replace(/10\.244\.\d+\.\d+/g, 'ADDRESS')

describe('loadBalancerSourceRanges', () => {
  test('keep out whoever comes through the load balancer from elsewhere', () => {
    const network = web({ service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.0/24'] } })
    network.traffic('shoppers', 'web', 10)
    network.pass(950)
    expect(lost(network)).toBe('10 service web lets only clients of 198.51.100.0/24 in, which 203.0.113.10 is none of (dropped)')
    network.merge('services', 'web', { spec: { loadBalancerSourceRanges: ['198.51.100.0/24', '203.0.113.0/24'] } })
    network.pass(3000)
    const before = network.counts('shoppers').lost
    network.pass(3000)
    expect(network.counts('shoppers').lost).toBe(before)
  })
})

describe('counting', () => {
  test('in a quiet cluster nothing is lost, every ready pod serves about its share, and the cluster stays quiet', () => {
    const network = web(), idle = network.fork().pass(10 * 60_000)
    network.traffic('shoppers', 'web', 50)
    const seen = network.seen(['traffic'])
    network.pass(10 * 60_000)
    const { sent, served, lost: gone, servedBy, servedByUnready } = network.counts('shoppers')
    expect([sent, served, gone, servedByUnready]).toEqual([30_001, 30_001, 0, 0])
    expect(Object.keys(servedBy)).toHaveLength(3)
    for (const n of Object.values(servedBy)) expect(Math.abs(n - 10_000)).toBeLessThan(400)
    // one event: the source's own beginning
    expect([seen, network.driver.cluster.kernel.eventCount - idle.driver.cluster.kernel.eventCount, network.driver.cluster.kernel.quiet]).toEqual([[], 1, true])
  })
  test('a million requests between two changes are shared out by the same chances', () => {
    const network = web()
    network.traffic('crowd', 'web', 1000)
    network.pass(1000_000)
    const { sent, served, servedBy } = network.counts('crowd')
    expect([sent, served]).toEqual([1_000_001, 1_000_001])
    for (const n of Object.values(servedBy)) expect(Math.abs(n - 333_333)).toBeLessThan(10)
  })
  test('of many requests, those before a container turns bad are served', () => {
    const network = web({ replicas: 1, behaviour: { http: [{ from: '100s', status: 500 }] } })
    network.traffic('crowd', 'web', 1000)
    network.pass(200_000)
    const { sent, lost: gone, served } = network.counts('crowd')
    expect(sent).toBe(200_001)
    expect(served).toBeGreaterThan(80_000)
    expect(served).toBeLessThan(90_000)
    expect(served + gone).toBe(sent)
  })
  test('what is lost for good does not keep the cluster from coming to rest', () => {
    const network = new Network()
    network.service('web')
    network.pass(5000)
    network.traffic('shoppers', 'web', 10)
    expect(network.driver.cluster.kernel.quiet).toBe(false)
    network.pass(10 * 60_000)
    expect(network.driver.cluster.kernel.quiet).toBe(true)
    expect(lost(network)).toBe('6001 service web has no ready endpoints (connection refused)')
  })

  const changes: Readonly<Record<string, (network: Network) => void>> = {
    'a pod is deleted': n => { const pod = n.driver.storedList('pods', 'default')[0]; if (pod) n.delete('pods', pod.metadata.name, { gracePeriodSeconds: 1 }) },
    'it is scaled up': n => n.merge('deployments.apps', 'web', { spec: { replicas: 5 } }),
    'it is scaled down': n => n.merge('deployments.apps', 'web', { spec: { replicas: 1 } }),
    'it is scaled to nothing': n => n.merge('deployments.apps', 'web', { spec: { replicas: 0 } }),
    'a new version': n => n.image('web', 'web:2'),
    ...Object.fromEntries([
      'container-crash', 'container-hang',
    ].map(fault => [
      fault,
      (n: Network) => {
        const pod = n.driver.storedList('pods', 'default').at(-1)
        if (pod) n.driver.inject(fault, { namespace: 'default', pod: pod.metadata.name, container: 'app' })
      },
    ])),
    ...Object.fromEntries([
      'node-down', 'node-hang', 'kubelet-stop', 'partition',
    ].flatMap(fault => [
      [fault, (n: Network) => void n.driver.inject(fault, { node: 'worker-2' })],
      [`${fault} ends`, (n: Network) => void n.driver.heal(fault, { node: 'worker-2' })],
    ])),
    'no kube-proxy on worker-1': n => void n.driver.inject('component-down', { component: 'kube-proxy', node: 'worker-1' }),
    'the Service goes': n => { if (n.driver.stored('services', 'default', 'web')) n.delete('services', 'web') },
    'a local policy': n => { if (n.driver.stored('services', 'default', 'web')) n.merge('services', 'web', { spec: { internalTrafficPolicy: 'Local' } }) },
  }
  test('counts equal those of a simulation that looks at each request by itself, whatever changes', () => {
    const base = web()
    const story = fc.array(fc.tuple(fc.constantFrom(...Object.keys(changes)), fc.integer({ min: 1, max: 4000 })), { minLength: 1, maxLength: 6 })
    fc.assert(fc.property(story, fc.integer({ min: 1, max: 40 }), fc.boolean(), (steps, perSecond, inside) => {
      const network = base.fork(), { kernel } = network.driver.cluster
      network.traffic('shoppers', 'web', perSecond, inside ? { pod: network.driver.storedList('pods', 'default')[0].metadata.name } : {})
      const source = (): Source => kernel.stateOf<TrafficState>(TRAFFIC_ID).sources.get('shoppers')!.source, first = source()
      const naive: Record<string, number> = { served: 0, lost: 0 }, physics = physicsOf(kernel)
      let k = 0
      const until = (end: number, inclusive = false): void => {
        for (;; k++) {
          const at = first.startAt + Math.floor(k * 1000 / perSecond)
          if (inclusive ? at > end : at >= end) break
          kernel.runTo(at)
          const outcome = outcomeOf(first, waysOf(physics, first), k)
          if (outcome === undefined) continue
          const { lost: gone, pod } = outcome
          naive[gone === undefined ? 'served' : 'lost']++
          if (pod !== undefined) naive[pod] = (naive[pod] ?? 0) + 1
        }
        kernel.runTo(end)
      }
      // a change at the very moment of a request comes before it
      network.waits = false
      for (const [what, ms] of steps) { until(kernel.now + ms); changes[what](network) }
      until(kernel.now + 5000, true)
      const { served, lost: gone, servedBy, why } = network.counts('shoppers')
      expect({ served, lost: gone, ...servedBy }).toEqual(naive)
      expect(Object.values(why).reduce((a, b) => a + b, 0)).toBe(gone)
    }), { numRuns: 30 })
  })
  test('a pod sends while it runs, and no longer', () => {
    const network = web()
    network.pod('shop', 'worker-1')
    network.pass(5000)
    network.traffic('queries', 'web', 10, { pod: 'shop' })
    network.pass(9_950)
    network.delete('pods', 'shop', { gracePeriodSeconds: 1 })
    network.pass(60_000)
    expect(network.counts('queries')).toMatchObject({ sent: 100, served: 100 })
  })
  test('a fork goes on as its origin does, and neither disturbs the other', () => {
    const network = web()
    network.traffic('shoppers', 'web', 30)
    network.pass(3000)
    const twin = network.fork()
    network.image('web', 'web:2'); network.pass(20_000)
    const { sent } = twin.counts('shoppers')
    expect(sent).toBe(91)
    twin.image('web', 'web:2'); twin.pass(20_000)
    expect(twin.counts('shoppers')).toEqual(network.counts('shoppers'))
    expect(network.counts('shoppers').lost).toBeGreaterThan(0)
  })
})

describe('ways', () => {
  test('session affinity: a client stays with its pod until that is gone, then with another', () => {
    const network = web({ service: { sessionAffinity: 'ClientIP' }, replicas: 3 })
    const [{ metadata: { name: asker } }] = network.driver.storedList('pods', 'default')
    network.traffic('one', 'web', 20, { pod: asker })
    network.pass(10_000)
    const [first, ...others] = Object.keys(network.counts('one').servedBy)
    expect(others).toEqual([])
    network.merge('deployments.apps', 'web', { spec: { replicas: 6 } })
    network.pass(10_000)
    expect(Object.keys(network.counts('one').servedBy)).toEqual([first])
    if (first !== asker) {
      network.delete('pods', first, { gracePeriodSeconds: 0 })
      network.pass(10_000)
      expect(Object.keys(network.counts('one').servedBy)).toHaveLength(2)
    }
  })
  test('a node port takes requests on every node; a local policy drops them where there is no pod', () => {
    const all = web({ replicas: 1, service: { type: 'NodePort' } }), local = web({ replicas: 1, service: { type: 'NodePort', externalTrafficPolicy: 'Local' } })
    for (const network of [all, local]) { network.traffic('shoppers', 'web', 40); network.pass(60_000) }
    expect(lost(all)).toBe('none')
    const { sent, served } = local.counts('shoppers')
    expect(Math.abs(served / sent - 1 / 4)).toBeLessThan(0.03)
    expect(lost(local)).toMatch(/no endpoint of service web on worker-\d \(dropped\)/)
    expect(Object.keys(local.counts('shoppers').why)).toHaveLength(3)
  })
  test('a balancer knows which nodes have a pod', () => {
    const network = web({ replicas: 1, service: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' } })
    network.traffic('shoppers', 'web', 40)
    network.pass(60_000)
    expect(lost(network)).toBe('none')
  })
  test('an inside local policy: a pod on a node without one waits in vain', () => {
    const network = web({ replicas: 1, service: { internalTrafficPolicy: 'Local' } })
    const node = network.driver.storedList('pods', 'default')[0].spec.nodeName as string
    for (const worker of workers) network.pod(`on-${worker}`, worker)
    network.pass(5000)
    for (const worker of workers) {
      expect(network.reach(`on-${worker}`, { service: 'web' })).toMatch(
        worker === node ? /^web-/ : new RegExp(`no endpoint of service web on ${worker} \\(dropped\\)`)
      )
    }
  })
})

/** The requests that a new version costs: everything is there that protects them, but for what a row takes away. */
describe('a rolling update under traffic', () => {
  const slow = { http: [{ from: '0s', status: 0 }, { from: '4s', status: 200 }] }
  const whole = {
    spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    container: { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 }, lifecycle: { preStop: { sleep: { seconds: 5 } } } }, behaviour: slow,
  }
  const update = (more: any): Network => {
    const network = web({ ...whole, ...more })
    network.traffic('shoppers', 'web', 100)
    network.pass(2000)
    network.image('web', 'web:2')
    return network.pass(90_000)
  }
  const done = (network: Network): any => network.driver.stored('deployments.apps', 'default', 'web')!.status
  test('readiness, preStop and surge: not one request is lost', () => {
    const network = update({})
    expect(done(network)).toMatchObject({ updatedReplicas: 3, readyReplicas: 3, replicas: 3 })
    expect(lost(network)).toBe('none')
    expect(Object.keys(network.counts('shoppers').servedBy)).toHaveLength(6)
    expect(network.counts('shoppers').servedByUnready).toBe(0)
  })
  test('without preStop: what kube-proxy still sent to pods that had ended', () => {
    const network = update({ container: { readinessProbe: whole.container.readinessProbe } }), { sent, served, lost: gone, why } = network.counts('shoppers')
    expect(gone).toBeGreaterThan(0)
    expect(sent).toBe(served + gone)
    expect([...new Set(Object.keys(why).map(withoutNames))]).toEqual([
      'pod web-N has ended: no answer from ADDRESS:80; kube-proxy has not taken it out of the rules yet',
    ])
    // rules are written within a second of the change, and a pod has at most a third of the requests: three pods, 100 requests a second
    expect(gone).toBeLessThan(3 * 100 / 3 + 10)
  })
  test('a container that serves on for some seconds after SIGTERM does as well as a preStop hook', () => {
    expect(lost(update({ container: { readinessProbe: whole.container.readinessProbe }, behaviour: { ...slow, term: { after: '3s' } } }))).toBe('none')
  })
  test('without readiness: what new pods did not answer while they started', () => {
    const network = update({ container: { lifecycle: whole.container.lifecycle } }), { why } = network.counts('shoppers')
    expect([...new Set(Object.keys(why).map(withoutNames))]).toEqual(['pod web-N does not answer'])
    expect(network.counts('shoppers').lost).toBeGreaterThan(100)
  })
  const noSurge = { replicas: 1, spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } }
  test('without surge, of one replica: what came while there was no pod', () => {
    const network = update({ ...noSurge, container: { readinessProbe: whole.container.readinessProbe } }), { why, lost: gone } = network.counts('shoppers')
    expect(Object.keys(why).map(withoutNames)).toContain('service web has no ready endpoints (connection refused)')
    // from the end of the old pod to the new one ready: about the 4 s that it takes to start
    expect(gone).toBeGreaterThan(350)
    expect(gone).toBeLessThan(650)
  })
  test('without surge, of one replica, a preStop hook that outlasts the start bridges the gap: the pod that ends serves as long as no other is ready', () => {
    const network = update(noSurge)
    expect(lost(network)).toBe('none')
    expect(Object.keys(network.counts('shoppers').servedBy)).toHaveLength(2)
  })
  test('the exact number lost is the same in every run', () => {
    const run = (): unknown => update({ container: { readinessProbe: whole.container.readinessProbe } }).counts('shoppers')
    expect(run()).toEqual(run())
  })
  test('while the API is away ended pods stay in the rules, and what goes to them is lost', () => {
    const network = web()
    network.traffic('shoppers', 'web', 30)
    network.driver.inject('component-down', { component: 'kube-apiserver' })
    network.driver.inject('node-down', { node: 'worker-1' })
    network.pass(60_000)
    const { lost: gone, sent, why } = network.counts('shoppers')
    expect(Math.abs(gone / sent - 1 / 3)).toBeLessThan(0.05)
    expect(Object.keys(why).map(withoutNames)).toEqual(['node worker-1 is down (no answer from web-N)'])
  })
})

describe('why a request is lost', () => {
  const told = (network: Network): string[] => [...new Set(Object.keys(network.counts('shoppers').why).map(withoutNames))].sort()
  const first = (network: Network): string => network.driver.storedList('pods', 'default')[0].metadata.name
  test.each<[string, (network: Network) => void, number, readonly (string | RegExp)[]]>([
    [
      'a container that crashed', n => void n.driver.inject('container-crash', { namespace: 'default', pod: first(n), container: 'app' }), 400,
      [/^container app of pod web-N has ended with exit code 1: ADDRESS:80 refuses connections; kube-proxy has not taken it out of the rules yet$/],
    ],
    [
      'a container that hangs', n => void n.driver.inject('container-hang', { namespace: 'default', pod: first(n), container: 'app' }), 5000,
      ['pod web-N does not answer'],
    ],
    [
      'a node that lost its power', n => void n.driver.inject('node-down', { node: n.driver.storedList('pods', 'default')[0].spec.nodeName }), 5000,
      ['node worker-N is down (no answer from web-N)'],
    ],
    [
      'kube-proxy that is gone from all nodes',
      n => { n.driver.inject('component-down', { component: 'kube-proxy' }); n.delete('pods', first(n), { gracePeriodSeconds: 1 }) }, 20_000,
      ['pod web-N has ended: no answer from ADDRESS:80; the rules still name it, as kube-proxy on worker-N does not run'],
    ],
    [
      'nobody behind the Service', n => n.merge('services', 'web', { spec: { selector: { app: 'nobody' } } }), 5000,
      ['service web has no ready endpoints (connection refused)'],
    ],
    ['no Service at all', n => n.delete('services', 'web'), 5000, ['no rules for service web on worker-N']],
  ])('%s', (_, break_, ms, wanted) => {
    const network = web()
    network.traffic('shoppers', 'web', 50)
    network.pass(2000)
    break_(network)
    network.pass(ms)
    const found = [...new Set(told(network).map(w => w.replace(/worker-\d|cp-1/g, 'worker-N')))]
    expect(found).toHaveLength(wanted.length)
    wanted.forEach((w, i) => expect(found[i]).toMatch(w))
  })
})
