import type { createModelDriver } from '../src/drivers/model.ts'
import { patch, request } from '../src/runtime-model/network/client.ts'

type Create = typeof createModelDriver
const identity = { credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl' }
const merge = 'application/merge-patch+json'

export interface Programmed { readonly wallMs: number; readonly changeMs: number; readonly programmed: number; readonly rssMiB: number }
/**
 * So many Services with so many endpoints each, in slices made by hand as a mirror would, and two kube-proxies that write rules for all of them; then one
 * endpoint of
 * each Service changes.
 */
export async function programming(create: Create, services: number, endpoints: number): Promise<Programmed> {
  const driver = create({ seed: 1, nodes: [{ name: 'worker-1' }] }), { cluster } = driver
  await driver.advance(1000)
  globalThis.gc?.()
  const rss = process.memoryUsage().rss, began = performance.now()
  for (let i = 0; i < services; i++) {
    const name = `s-${i}`
    cluster.submit(request(identity, 'create', { resource: 'services', namespace: 'default' }, {
      body: { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { ports: [{ port: 80 }] } },
    }))
    cluster.submit(request(identity, 'create', { resource: 'endpointslices.discovery.k8s.io', namespace: 'default' }, {
      body: slice(name, i, endpoints, true),
    }))
  }
  await driver.advance(60_000)
  const wallMs = performance.now() - began, again = performance.now()
  for (let i = 0; i < services; i++) {
    cluster.submit(patch(
      identity, { resource: 'endpointslices.discovery.k8s.io', namespace: 'default', name: `s-${i}-a` }, merge,
      { endpoints: slice(`s-${i}`, i, endpoints, false).endpoints }
    ))
  }
  await driver.advance(60_000)
  const rules = cluster.kernel.stateOf<any>('kube-proxy/worker-1').rules
  const programmed = [...rules].filter(([key, r]: [string, any]) => key.startsWith('default/s-') && r.ports[0].internal.length === endpoints - 1).length
  return { wallMs, changeMs: performance.now() - again, programmed, rssMiB: (process.memoryUsage().rss - rss) / 2 ** 20 }
}
function slice(service: string, i: number, count: number, ready: boolean): any {
  const endpoints = Array.from({ length: count }, (_, k) =>
    ({ addresses: [`10.${100 + (i >> 10)}.${i & 255}.${k + 1 + 50 * (i >> 8 & 3)}`], conditions: { ready: k > 0 || ready }, nodeName: 'worker-1' }))
  return {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4',
    metadata: { name: `${service}-a`, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    ports: [{ name: '', port: 80, protocol: 'TCP' }], endpoints,
  }
}

/** Pods of one Service come and go: each change makes the endpoint controllers look. */
export async function manyEndpoints(create: Create, pods: number): Promise<{ readonly upMs: number; readonly churnMs: number; readonly ready: number }> {
  const nodes = Array.from({ length: Math.ceil(pods / 100) + 1 }, (_, i) => ({ name: `worker-${i + 1}`, cpu: '64', memory: '256Gi' }))
  const driver = create({ seed: 1, nodes }), { cluster } = driver
  await driver.advance(1000)
  const began = performance.now()
  const ask = (resource: string, body: any): void => void cluster.submit(request(identity, 'create', { resource, namespace: 'default' }, { body }))
  ask('services', {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  const labels = { app: 'web' }, template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'web:1' }] } }
  ask('deployments.apps', {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: pods, selector: { matchLabels: labels }, template },
  })
  await driver.advance(300_000)
  const upMs = performance.now() - began, again = performance.now()
  cluster.submit(patch(identity, { resource: 'deployments.apps', namespace: 'default', name: 'web' }, merge, {
    spec: { template: { metadata: { annotations: { again: 'yes' } } } },
  }))
  await driver.advance(900_000)
  const ready = cluster.storedList('endpointslices.discovery.k8s.io', 'default').filter(s =>
    s.metadata.labels?.['kubernetes.io/service-name'] === 'web').flatMap(s =>
    s.endpoints ?? []).filter((e: any) =>
    e.conditions.ready).length
  return { upMs, churnMs: performance.now() - again, ready }
}

export interface Routed { readonly wallMs: number; readonly sent: number; readonly lost: number; readonly rssMiB: number }
/** Requests to one Service while its pods are replaced again and again, each request decided by itself. */
export async function routed(create: Create, requests: number): Promise<Routed> {
  const driver = create({ seed: 1, nodes: [{ name: 'worker-1' }, { name: 'worker-2' }] }), { cluster } = driver
  const ask = (resource: string, body: any): any => cluster.request(request(identity, 'create', { resource, namespace: 'default' }, { body }))
  const labels = { app: 'web' }, template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'web:1' }] } }
  ask('deployments.apps', {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 10, selector: { matchLabels: labels }, template },
  })
  ask('services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { selector: labels, ports: [{ port: 80 }] } })
  await driver.advance(20_000)
  globalThis.gc?.()
  const rss = process.memoryUsage().rss, began = performance.now(), perSecond = requests / 1000
  const why = driver.operate('traffic-source', { name: 'crowd', namespace: 'default', service: 'web', perSecond })
  if (why) throw new Error(why)
  for (let second = 0; second < 1000; second += 10) {
    const pods = cluster.storedList('pods', 'default'), pod = pods[second / 10 % pods.length]
    cluster.request(request(identity, 'delete', { resource: 'pods', namespace: 'default', name: pod.metadata.name }, {
      body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 1 },
    }))
    await driver.advance(10_000)
  }
  const { sent, lost } = (await driver.traffic('crowd'))!
  return { wallMs: performance.now() - began, sent, lost, rssMiB: (process.memoryUsage().rss - rss) / 2 ** 20 }
}
