import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

const workers = ['worker-1', 'worker-2', 'worker-3'] as const
/** A managed cluster with a pod of web on each worker, behind a load balancer that asks every 10 s and believes the second answer. */
function world(
  more: { readonly policy?: 'Local' | 'Cluster'; readonly preStop?: number; readonly checks?: any; readonly drainsMs?: number; readonly clients?: any } = {}
): Network {
  const network = new Network({
    managed: true, nodes: workers.map(name => ({ name })), ...more.checks ? { balancerChecks: more.checks } : {},
    ...more.drainsMs === undefined ? {} : { balancerDrainsMs: more.drainsMs },
  })
  for (const [i, node] of workers.entries()) {
    network.pod(`web-${i + 1}`, node, {
      labels: { app: 'web' }, spec: { terminationGracePeriodSeconds: 60 },
      ...more.preStop ? { container: { lifecycle: { preStop: { sleep: { seconds: more.preStop } } } } } : {},
    })
  }
  network.service('web', { type: 'LoadBalancer', externalTrafficPolicy: more.policy ?? 'Local' })
  network.pass(20_000)
  network.traffic('shoppers', 'web', 30, more.clients)
  return network.pass(3000)
}
const lost = (network: Network): string => { const { lost: n, why } = network.counts('shoppers'); return n === 0 ? 'none' : Object.keys(why).join('; ') }
/** the second from now in which the last request is lost (for this reason) */
function lastLoss(network: Network, seconds: number, reason?: string): number {
  let last = 0
  const count = (): number => reason === undefined ? network.counts('shoppers').lost : network.counts('shoppers').why[reason] ?? 0
  for (let i = 1; i <= seconds; i++) { const before = count(); network.pass(1000); if (count() > before) last = i }
  return last
}
const untilCheck = (network: Network): number => 10 - network.driver.cluster.kernel.now % 10_000 / 1000

describe('a load balancer finds out by itself', () => {
  test('that no node is well: it uses all, and everything is lost', () => {
    const network = world()
    for (const i of [1, 2, 3]) network.delete('pods', `web-${i}`, { gracePeriodSeconds: 0 })
    network.pass(60_000)
    const before = network.counts('shoppers')
    network.pass(10_000)
    const after = network.counts('shoppers')
    expect([after.lost - before.lost, after.served - before.served]).toEqual([300, 0])
  })
  test('that a node has no pod any more: what comes there till then is dropped', () => {
    const network = world(), second = untilCheck(network) + 10
    network.delete('pods', 'web-1')
    expect(Math.abs(lastLoss(network, 40) - second)).toBeLessThanOrEqual(1.5)
    expect(lost(network)).toContain('no endpoint of service web on worker-1 (dropped)')
  })
  test('and nothing is lost where the pod serves on for as long as that takes', () => {
    const careful = world({ preStop: 25 }), hasty = world({ preStop: 5 })
    for (const network of [careful, hasty]) { network.delete('pods', 'web-1'); network.pass(60_000) }
    expect([lost(careful), lost(hasty)]).toEqual(['none', expect.stringContaining('worker-1')])
  })
  test('with a cluster policy: that a node is off, or that its kube-proxy is', () => {
    const off = world({ policy: 'Cluster' }), proxy = world({ policy: 'Cluster' })
    off.driver.inject('node-down', { node: 'worker-2' })
    proxy.driver.inject('component-down', { component: 'kube-proxy', node: 'worker-2' })
    const second = untilCheck(off) + 10
    expect(Math.abs(lastLoss(off, 30, 'node worker-2 is down') - second)).toBeLessThanOrEqual(1.5)
    // rules outlive kube-proxy: nothing is lost meanwhile
    proxy.pass(60_000)
    expect([lost(off), lost(proxy)]).toEqual([expect.stringContaining('node worker-2 is down'), 'none'])
  })
  test('as often as it asks', () => {
    const network = world({ checks: { everyMs: 2000, times: 1 } })
    network.delete('pods', 'web-1')
    expect(lastLoss(network, 20)).toBeLessThanOrEqual(3)
  })
  test('and asks all when no node is well', () => {
    const network = world()
    for (const pod of ['web-1', 'web-2', 'web-3']) network.delete('pods', pod)
    network.pass(60_000)
    expect(lost(network)).toContain('service web has no ready endpoints (connection refused)')
    network.pod('web-4', 'worker-1', { labels: { app: 'web' } })
    network.pass(40_000)
    expect([lastLoss(network, 10), Object.keys(network.counts('shoppers').servedBy)]).toEqual([0, expect.arrayContaining(['web-4'])])
  })
  test('a rolling update with a local policy: pods must serve on until the balancer has left their node out', () => {
    const update = (seconds: number): string => {
      const network = new Network({ managed: true, nodes: workers.map(name => ({ name })) })
      network.deployment('web', 2, {
        spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }, pod: { terminationGracePeriodSeconds: 60 },
        container: { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 }, lifecycle: { preStop: { sleep: { seconds } } } },
      })
      network.service('web', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' })
      network.pass(40_000)
      network.traffic('shoppers', 'web', 50)
      network.pass(2000)
      network.image('web', 'web:2')
      return lost(network.pass(180_000))
    }
    expect(update(25)).toBe('none')
    expect(update(3)).toContain('no endpoint of service web on worker-')
  })
  test('a cluster at rest stays quiet, and a fork goes the same way', () => {
    const network = world(), twin = network.fork()
    for (const one of [network, twin]) { one.delete('pods', 'web-1'); one.pass(120_000) }
    expect(network.counts('shoppers')).toEqual(twin.counts('shoppers'))
    expect(network.driver.cluster.kernel.quiet).toBe(true)
  })
})

describe('a node that the cluster autoscaler is about to delete', () => {
  const taint = (network: Network, node: string): void =>
    network.merge('nodes', node, { spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1700000000', effect: 'NoSchedule' }] } })
  const healthz = (network: Network, path: string): unknown => {
    const { servedBy, error } = network.driver.reach({ namespace: 'default', node: 'worker-1' }, { namespace: 'default', host: 'worker-2', port: 10256, path }) as any
    return servedBy ?? error
  }
  test('says so to load balancers: they leave it out while it serves, and its end costs nothing', () => {
    const warned = world({ policy: 'Cluster' }), sudden = world({ policy: 'Cluster' })
    taint(warned, 'worker-2')
    warned.pass(25_000); sudden.pass(25_000)
    expect([healthz(warned, '/healthz'), healthz(warned, '/livez'), healthz(sudden, '/healthz')]).toEqual([
      'pod kube-proxy on worker-2 answered 503', 'kube-proxy on worker-2', 'kube-proxy on worker-2',
    ])
    expect(lost(warned)).toBe('none')
    for (const network of [warned, sudden]) { network.delete('pods', 'web-2'); network.pass(10_000); network.driver.inject('node-down', { node: 'worker-2' }) }
    expect([lastLoss(warned, 30, 'node worker-2 is down'), lastLoss(sudden, 30, 'node worker-2 is down') > 5]).toEqual([0, true])
    // the balancer has not been told to forget it
    expect(warned.driver.cluster.kernel.stateOf<any>('cloud/api').balancers.sorted()[0][1].nodes).toEqual([...workers])
  })
  test('is taken back when it stays after all', () => {
    const network = world({ policy: 'Cluster' })
    taint(network, 'worker-2')
    network.pass(25_000)
    network.merge('nodes', 'worker-2', { spec: { taints: null } })
    expect(healthz(network.pass(1000), '/healthz')).toBe('kube-proxy on worker-2')
  })
  test('goes on with a local policy as long as it has a pod', () => {
    const network = world()
    taint(network, 'worker-2')
    const before = network.counts('shoppers').servedBy['web-2']
    network.pass(60_000)
    expect([lost(network), network.counts('shoppers').servedBy['web-2'] > before + 400]).toEqual(['none', true])
  })
  test('is not told of when another change is', () => {
    const network = world({ policy: 'Cluster' })
    taint(network, 'worker-2')
    network.merge('nodes', 'worker-3', { metadata: { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } } })
    network.pass(5000)
    expect(network.driver.cluster.kernel.stateOf<any>('cloud/api').balancers.sorted()[0][1].nodes).toEqual(['worker-1'])
  })
})

describe('what is in flight by a node that the balancer is told to forget', () => {
  const forget = (network: Network): Network => {
    network.merge('nodes', 'worker-2', { metadata: { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } } })
    return network
  }
  const cut = (network: Network): number =>
    Object.entries(network.counts('shoppers').why).filter(([why]) => why.includes('let go of node worker-2')).reduce((sum, [, n]) => sum + n, 0)
  test('goes on for as long as it drains, then it is cut off', () => {
    const [long, short] = [15_000, 5000].map(drainsMs => forget(world({ policy: 'Cluster', drainsMs, clients: { takesMs: 10_000 } }).pass(10_000)).pass(30_000))
    expect([cut(long), lost(long)]).toEqual([0, 'none'])
    // a third of those of the last ten seconds that are not answered within five
    expect(Math.abs(cut(short) - 30 * 5 / 3)).toBeLessThan(20)
    expect(short.counts('shoppers').sent).toBe(short.counts('shoppers').served + short.counts('shoppers').lost)
  })
  test('is lost with the node that it came by, though its pod lives elsewhere', () => {
    const network = new Network({ managed: true, nodes: workers.map(name => ({ name })) })
    network.pod('web', 'worker-1', { labels: { app: 'web' } })
    network.service('web', { type: 'LoadBalancer' })
    network.pass(20_000)
    network.traffic('shoppers', 'web', 30, { takesMs: 10_000 })
    network.traffic('pool', 'web', 30, { connections: 12 })
    network.pass(15_000)
    network.driver.inject('node-down', { node: 'worker-2' })
    network.pass(5000)
    const [[, n]] = Object.entries(network.counts('shoppers').why).filter(([why]) => why.startsWith('node worker-2, by which they had come, was gone'))
    expect(Math.abs(n - 100)).toBeLessThan(30)
    // connections that came by that node are made anew, some of them by the same node until its check fails
    expect(Object.keys(network.counts('pool').why)).toEqual(['node worker-2 is down'])
  })
})
