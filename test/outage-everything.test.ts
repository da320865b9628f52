import { beforeAll, describe, expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import type { LibraryCluster } from '../src/library.ts'
import { kscenario } from './support/cli.ts'

/**
 * A control plane that is away for 45 minutes while everything happens on the nodes that can: a container crashes, another stops answering its probe and
 * answers again, leases run out, a machine reboots, another runs short of memory. What the nodes do and what the API shows are compared every 15 seconds.
 */
const apps = ['steady', 'crashing', 'silent', 'rebooted', 'squeezed'] as const
type App = typeof apps[number]
const home: Readonly<Record<App, string>> = { steady: 'worker-3', crashing: 'worker-3', silent: 'worker-3', rebooted: 'worker-2', squeezed: 'worker-1' }
const minute = 60_000

function started(): LibraryCluster {
  const cluster = createCluster({ nodes: 3 })
  for (const app of apps) {
    const containers = [{
      name: 'app', image: `shop/${app}:1`, ports: [{ containerPort: 8080 }], readinessProbe: { httpGet: { port: 8080, path: '/' }, periodSeconds: 10 },
    }]
    const template = { metadata: { labels: { app } }, spec: { nodeSelector: { 'kubernetes.io/hostname': home[app] }, containers } }
    cluster.client.create({ kind: 'Deployment', metadata: { name: app }, spec: { replicas: 1, selector: { matchLabels: { app } }, template } })
    cluster.client.create({ kind: 'Service', metadata: { name: app }, spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] } })
  }
  expect(cluster.until(() => apps.every(app => addressesOf(cluster, app).length === 1), '2m')).toBe(true)
  cluster.advance('10s')
  return cluster
}
const podsOf = (cluster: LibraryCluster, app: App): readonly any[] => cluster.model.storedList('pods', 'default').filter(p => p.metadata.labels?.app === app)
const addressesOf = (cluster: LibraryCluster, app: App): readonly string[] => cluster.model.storedList('endpointslices.discovery.k8s.io', 'default')
  .filter(s => s.metadata.labels?.['kubernetes.io/service-name'] === app)
    .flatMap(s => (s.endpoints ?? []).filter((e: any) => e.conditions.ready).flatMap((e: any) => e.addresses))

/** What a node does with a pod, in a word: `ready 0` is ready, with no restart so far. */
function onNode(cluster: LibraryCluster, pod: any): string {
  const truth = cluster.model.nodeTruth().pod(pod.metadata.uid, pod.spec.nodeName), [container] = truth?.containers ?? []
  return container === undefined ? 'nothing' : `${container.state === 'running' ? truth!.ready ? 'ready' : 'running' : container.state} ${container.restarts}`
}
/** The same as the API shows it. */
function inApi(pod: any): string {
  const [container] = pod.status.containerStatuses ?? [], ready = pod.status.conditions.find((c: any) => c.type === 'Ready')?.status === 'True'
  return `${container.state.running ? ready ? 'ready' : 'running' : 'exited'} ${container.restartCount}`
}

interface Moment { readonly at: number; readonly node: Readonly<Record<App, string>>; readonly revisions: string }

describe('everything that can happen on nodes while the control plane is away', () => {
  let cluster: LibraryCluster, pods: Readonly<Record<App, any>>, before: string
  const moments: Moment[] = []
  const revisions = (): string =>
    ['pods', 'nodes', 'events', 'endpointslices.discovery.k8s.io', 'deployments.apps', 'replicasets.apps', 'leases.coordination.k8s.io']
    .flatMap(resource =>
      cluster.model.storedList(resource).map(o => `${resource} ${o.metadata.namespace ?? ''}/${o.metadata.name} ${o.metadata.resourceVersion}`)).join('\n')

  beforeAll(() => {
    cluster = started()
    pods = Object.fromEntries(apps.map(app => [app, podsOf(cluster, app)[0]])) as Record<App, any>
    const from = cluster.now
    const look = (): void => {
      moments.push({
        at: cluster.now - from, node: Object.fromEntries(apps.map(app => [app, onNode(cluster, pods[app])])) as Record<App, string>, revisions: revisions(),
      })
    }
    const until = (at: number): void => { while (cluster.now - from < at) { cluster.advance(Math.min(15_000, at - (cluster.now - from))); look() } }
    const container = (app: App) => ({ namespace: 'default', pod: pods[app].metadata.name, container: 'app' })
    const controlPlane = cluster.inject('component-down', { component: 'control plane' })
    before = revisions()
    until(5 * minute); cluster.inject('container-crash', container('crashing'))
    until(8 * minute); const answering = cluster.inject('container-hang', container('silent'))
    until(12 * minute); answering()
    until(15 * minute); cluster.inject('node-reboot', { node: 'worker-2', forMs: minute })
    until(25 * minute); const relief = cluster.inject('node-pressure', { node: 'worker-1', kind: 'memory' })
    until(30 * minute); relief()
    until(45 * minute); controlPlane()
  })
  /** what a pod did on its node from one minute to another, without repeats */
  const course = (app: App, from = 0, to = 45): readonly string[] =>
    moments.filter(m => m.at > from * minute && m.at <= to * minute).map(m => m.node[app]).filter((word, i, all) => word !== all[i - 1])

  test('the API shows all the while what it showed last', () => { expect(moments.filter(m => m.revisions !== before).map(m => m.at)).toEqual([]) })
  test('a pod that nothing happens to is as ready as it was', () => { expect(course('steady')).toEqual(['ready 0']) })
  test('a crashed container is started again by its kubelet, and is ready once its probe has passed', () => {
    expect(course('crashing', 0, 5)).toEqual(['ready 0'])
    expect(course('crashing', 5)).toEqual(['ready 1'])
  })
  test('one that does not answer is not ready after three probes, and is ready when it answers', () => {
    expect(course('silent', 0, 8)).toEqual(['ready 0'])
    expect(course('silent', 8, 12)).toEqual(['ready 0', 'running 0'])
    expect(course('silent', 12)).toEqual(['ready 0'])
  })
  test('a machine that rebooted starts no pod before it has heard of an API server which pods it has', () => {
    expect(course('rebooted', 0, 15)).toEqual(['ready 0'])
    expect(course('rebooted', 15)).toEqual(['exited 0'])
  })
  test('a kubelet short of memory evicts without asking anybody, and nobody makes the pod anew', () => {
    expect(course('squeezed', 0, 25)).toEqual(['ready 0'])
    expect(course('squeezed', 25)).toEqual(['exited 0'])
  })

  describe('afterwards', () => {
    beforeAll(() => { cluster.advance('6m') })
    test('the API shows of every pod what its node does', () => {
      const all = apps.flatMap(app => podsOf(cluster, app).filter(p => p.status.phase === 'Running'))
      expect(all.map(p => p.metadata.labels.app).sort()).toEqual([...apps].sort())
      for (const pod of all) expect(`${pod.metadata.name} ${inApi(pod)}`).toBe(`${pod.metadata.name} ${onNode(cluster, pod)}`)
    })
    test('only who was evicted was made anew', () => {
      expect(apps.filter(app =>
        !podsOf(cluster, app).some(p => p.metadata.uid === pods[app].metadata.uid && p.status.phase === 'Running'))).toEqual(['squeezed'])
      expect(podsOf(cluster, 'squeezed').map(p => [p.status.phase, p.status.reason]).sort()).toEqual([['Failed', 'Evicted'], ['Running', undefined]])
    })
    test('restarts are those that happened', () => {
      expect(Object.fromEntries(apps.map(app => [
        app, podsOf(cluster, app).find(p => p.status.phase === 'Running').status.containerStatuses[0].restartCount,
      ]))).toEqual({ steady: 0, crashing: 1, silent: 0, rebooted: 1, squeezed: 0 })
    })
    test('every Service is backed by its pod, every node is Ready and no taint is left, every lease is renewed', () => {
      for (const app of apps) expect(addressesOf(cluster, app)).toEqual([podsOf(cluster, app).find(p => p.status.phase === 'Running').status.podIP])
      for (const node of cluster.model.storedList('nodes')) {
        expect([
          node.metadata.name, node.status.conditions.find((c: any) => c.type === 'Ready').status,
          (node.spec.taints ?? []).filter((t: any) => t.key !== 'node-role.kubernetes.io/control-plane'),
        ]).toEqual([node.metadata.name, 'True', []])
        expect(cluster.model.kernel.heartbeat(`leases.coordination.k8s.io/kube-node-lease/${node.metadata.name}`)?.kept).toBe(true)
      }
    })
    test('nothing is left to do', () => {
      const lasting = (): string => revisions().split('\n').filter(line => !line.startsWith('events ')).join('\n'), at = lasting() // events end after an hour
      cluster.advance('30m')
      expect(lasting()).toBe(at)
    })
  })
})

test.each([['steady', 'passed'], ['crashing', 'failed'], ['silent', 'failed'], ['rebooted', 'failed'], ['squeezed', 'failed']] as const)(
  '`unaffected while control plane down` of %s: %s', (app, verdict) => {
  const feature =
    `Feature: Everything\n  Scenario: All at once\n    Given a cluster with 3 nodes\n${apps.map(a => `    And the manifest "${a}.yaml" is applied\n`).join('')}    And all pods are eventually Ready
    When the control plane goes down
    And 5 minutes pass
    And container app in pod crashing crashes
    And container app in pod silent hangs
    And 2 minutes pass
    And container app in pod silent resumes
    And node worker-2 reboots
    And 5 minutes pass
    And node worker-1 is under memory pressure
    And 5 minutes pass
    And the control plane comes back
    Then pod ${app} unaffected while control plane down\n`
  const pod = (a: App): string => JSON.stringify({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: a },
    spec: { nodeName: home[a], containers: [{ name: 'app', image: `shop/${a}:1`, readinessProbe: { httpGet: { port: 8080 } } }] },
  })
  const { stdout } = kscenario(['run', 'everything.feature', '--no-reports'], {
    'everything.feature': feature, ...Object.fromEntries(apps.map(a => [`${a}.yaml`, pod(a)])),
  })
  expect(stdout).toMatch(verdict === 'passed' ? /1 passed/ : /1 failed/)
}
)
