import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import type { LibraryCluster } from '../src/library.ts'

/**
 * Whatever happens on the nodes while a control plane is away: the API shows all the while what it showed last, who nothing happens to is left alone, and
 * afterwards the API, the nodes, the Services and the leases say the same. KSCENARIO_OUTAGES: how many mixtures are tried.
 */
const apps = ['red', 'green', 'blue', 'grey', 'gold', 'pink'] as const, minute = 60_000, windowMs = 45 * minute
type App = typeof apps[number]
const home = (app: App): string => `worker-${apps.indexOf(app) % 3 + 1}`

interface Happening { readonly what: string; readonly app: App; readonly at: number; readonly forMs: number }
const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom(
    'container-crash', 'container-oom', 'container-hang', 'node-reboot', 'node-pressure', 'kubelet-stop', 'node-hang', 'network-plugin-missing'
  ),
  app: fc.constantFrom(...apps), at: fc.integer({ min: 1, max: 40 }).map(n => n * minute), forMs: fc.integer({ min: 5, max: 300 }).map(n => n * 1000),
})
const mixture = fc.record({
  away: fc.constantFrom('control plane', 'kube-apiserver', 'etcd'),
  list: fc.array(happening, { minLength: 3, maxLength: 8 }).map(l => [...l].sort((a, b) => a.at - b.at)),
})

function booted(): LibraryCluster {
  const cluster = createCluster({ nodes: 3 })
  for (const app of apps) {
    const probe = { httpGet: { port: 8080, path: '/' }, periodSeconds: 10 }
    const containers = [{
      name: 'app', image: `shop/${app}:1`, ports: [{ containerPort: 8080 }], readinessProbe: probe,
      ...apps.indexOf(app) % 2 ? { livenessProbe: probe } : {},
    }]
    const template = { metadata: { labels: { app } }, spec: { nodeSelector: { 'kubernetes.io/hostname': home(app) }, containers } }
    cluster.client.create({ kind: 'Deployment', metadata: { name: app }, spec: { replicas: 1, selector: { matchLabels: { app } }, template } })
    cluster.client.create({ kind: 'Service', metadata: { name: app }, spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] } })
  }
  expect(cluster.until(() => apps.every(app => podOf(cluster, app)?.status.phase === 'Running'), '2m')).toBe(true)
  cluster.advance('30s')
  return cluster
}
const podsOf = (cluster: LibraryCluster, app: App): readonly any[] => cluster.model.storedList('pods', 'default').filter(p => p.metadata.labels?.app === app)
const podOf = (cluster: LibraryCluster, app: App): any => podsOf(cluster, app).find(p => !['Failed', 'Succeeded'].includes(p.status.phase))
const addressesOf = (cluster: LibraryCluster, app: App): readonly string[] => cluster.model.storedList('endpointslices.discovery.k8s.io', 'default')
  .filter(s => s.metadata.labels?.['kubernetes.io/service-name'] === app)
  .flatMap(s => (s.endpoints ?? []).filter((e: any) => e.conditions.ready).flatMap((e: any) => e.addresses))
const onNode = (cluster: LibraryCluster, pod: any): string => {
  const truth = cluster.model.nodeTruth().pod(pod.metadata.uid, pod.spec.nodeName), [container] = truth?.containers ?? []
  return container === undefined ? 'nothing' : `${container.state === 'running' ? truth!.ready ? 'ready' : 'running' : container.state} ${container.restarts}`
}
const inApi = ({ status }: any): string => {
  const [container] = status.containerStatuses ?? [], ready = status.conditions.find((c: any) => c.type === 'Ready')?.status === 'True'
  return `${container?.state.running ? ready ? 'ready' : 'running' : 'exited'} ${container?.restartCount}`
}
const kinds = ['pods', 'nodes', 'endpointslices.discovery.k8s.io', 'deployments.apps', 'replicasets.apps', 'leases.coordination.k8s.io', 'events']
const revisions = (cluster: LibraryCluster, without: readonly string[] = []): string => kinds.filter(k => !without.includes(k)).flatMap(resource =>
  cluster.model.storedList(resource).map(o => `${resource} ${o.metadata.namespace ?? ''}/${o.metadata.name} ${o.metadata.resourceVersion}`)).join('\n')

/** Whom a happening touches: its container, or all of its machine. */
const touched = ({ what, app }: Happening): readonly App[] => what.startsWith('container') ? [app] : apps.filter(a => home(a) === home(app))
function inject(cluster: LibraryCluster, { what, app, forMs }: Happening, pod: any): (() => void) | undefined {
  const node = { node: home(app) }, container = { namespace: 'default', pod: pod.metadata.name, container: 'app' }
  if (what === 'node-reboot') { cluster.inject(what, { ...node, forMs }); return undefined }
  const heal = cluster.inject(what, what.startsWith('container') ? container : what === 'node-pressure' ? { ...node, kind: 'memory' } : node)
  return what === 'container-crash' || what === 'container-oom' ? undefined : heal
}

describe('a mixture of mishaps while a control plane is away', () => {
  let first: LibraryCluster
  beforeAll(() => { first = booted() })

  function lives({ away, list }: { readonly away: string; readonly list: readonly Happening[] }): void {
    const cluster = first.fork(), from = cluster.now, pods = Object.fromEntries(apps.map(app => [app, podOf(cluster, app)])) as Record<App, any>
    const starts: Record<string, number> = {}, last: Record<string, string> = {}, still = apps.filter(app => !list.some(h => touched(h).includes(app)))
    cluster.observe((o: any) => {
      if (o.type !== 'container') return
      if (o.state === 'running' && (last[o.pod] ?? 'running') !== 'running') starts[o.pod] = (starts[o.pod] ?? 0) + 1
      last[o.pod] = o.state
    })
    const back = cluster.inject('component-down', { component: away }), before = revisions(cluster)
    const over: { readonly at: number; readonly heal: () => void }[] = []
    const until = (at: number): void => {
      for (const { at: end, heal } of over.splice(0).sort((a, b) => a.at - b.at)) {
        if (end <= at) { reach(end); heal() } else over.push({ at: end, heal })
      }
      reach(at)
    }
    const reach = (at: number): void => {
      while (cluster.now - from < at) {
        cluster.advance(Math.min(15_000, at - (cluster.now - from)))
        if (revisions(cluster) !== before) throw new Error(`the API changed at ${(cluster.now - from) / 1000} s`)
        for (const app of still) if (onNode(cluster, pods[app]) !== 'ready 0') throw new Error(`${app} was ${onNode(cluster, pods[app])}`)
      }
    }
    for (const h of list) {
      until(h.at)
      let heal: (() => void) | undefined
      // what is no longer there, or not up, cannot be hurt
      try { heal = inject(cluster, h, pods[h.app]) } catch { continue }
      if (heal) over.push({ at: h.at + h.forMs, heal })
    }
    until(windowMs)
    for (const { heal } of over) heal()
    back()
    cluster.advance('20m')
    for (const app of apps) {
      const pod = podOf(cluster, app)
      expect([app, pod && inApi(pod), addressesOf(cluster, app)]).toEqual([app, onNode(cluster, pod), [pod.status.podIP]])
      expect(inApi(pod)).toMatch(/^ready /)
      if (pod.metadata.uid === pods[app].metadata.uid) {
        expect([app, pod.status.containerStatuses[0].restartCount]).toEqual([app, starts[pod.metadata.name] ?? 0])
      }
      expect(podsOf(cluster, app).filter(p => p !== pod).every(p => p.status.phase === 'Failed' && p.status.reason === 'Evicted')).toBe(true)
    }
    for (const node of cluster.model.storedList('nodes')) {
      const taints = (node.spec.taints ?? []).filter((t: any) => t.key !== 'node-role.kubernetes.io/control-plane')
      expect([node.metadata.name, node.status.conditions.find((c: any) => c.type === 'Ready').status, taints]).toEqual([node.metadata.name, 'True', []])
      expect(cluster.model.kernel.heartbeat(`leases.coordination.k8s.io/kube-node-lease/${node.metadata.name}`)?.kept).toBe(true)
    }
    const rest = revisions(cluster, ['events'])
    cluster.advance('20m')
    expect(revisions(cluster, ['events'])).toBe(rest)
  }
  test('nothing is lost, nothing is made up', () => {
    fc.assert(fc.property(mixture, lives), { numRuns: Number(process.env.KSCENARIO_OUTAGES ?? 8), seed: 45 })
  }, 120_000)
})
