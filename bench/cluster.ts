import type { ClusterOptions, Driver } from '../src/drivers/driver.ts'
import type { ApiRequest } from '../src/runtime-model/api/request.ts'

type Create = (options: ClusterOptions) => Driver

const workers = (count: number): ClusterOptions['nodes'] => Array.from({ length: count }, (_, i) => ({ name: `worker-${i + 1}` }))
const base = { credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'bench' } as const
const deployment = (name: string, replicas: number): ApiRequest => ({
  ...base, verb: 'create', group: 'apps', version: 'v1', resource: 'deployments', namespace: 'default',
  body: {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'default' },
    spec: {
      replicas, selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: `registry.example/${name}:1` }] } },
    },
  },
})

/** how many pods are Running, kept up to date */
function countRunning(driver: Driver): () => number {
  let count = 0
  driver.observe(
    o => { if (o.type === 'object' && o.resource === 'pods') count += Number(o.new?.status?.phase === 'Running') - Number(o.old?.status?.phase === 'Running') },
    ['object']
  )
  return () => count
}
const running = (driver: Driver): number => driver.storedList('pods', 'default').filter((p: any) => p.status?.phase === 'Running').length

async function deployed(create: Create, nodes: number, deployments: number, replicas = 3): Promise<Driver> {
  const driver = create({ nodes: workers(nodes), trace: 'none' }), up = countRunning(driver)
  for (let i = 0; i < deployments; i++) expectOk(await driver.request(deployment(`app-${i + 1}`, replicas)))
  await driver.runUntil(() => up() === deployments * replicas, driver.now() + 300_000)
  return driver
}
function expectOk(answer: { readonly code: number; readonly body?: any }): void {
  if (answer.code >= 300 || answer.code === 0) throw new Error(`refused: ${answer.code} ${answer.body?.message ?? ''}`)
}
function injected(result: unknown): void { if (typeof result === 'string') throw new Error(result) }

/** A node is lost five minutes in; its pods are evicted and made anew; it comes back at the end. The deployments are made in the run. */
export async function nodeLoss(create: Create, replicas: number): Promise<void> { await nodeLossIn(await deployed(create, 3, 10, replicas), replicas) }

/** The same in forks of one cluster in which the deployments run: what the loss alone costs, as in scenarios that begin in one world. */
export async function nodeLossOf(create: Create, replicas: number): Promise<() => Promise<void>> {
  const running = await deployed(create, 3, 10, replicas)
  return () => nodeLossIn(running.fork!(), replicas)
}

async function nodeLossIn(driver: Driver, replicas: number): Promise<void> {
  await driver.advance(300_000 - driver.now())
  injected(driver.inject('node-down', { node: 'worker-1' }))
  await driver.advance(35 * 60_000)
  driver.heal('node-down', { node: 'worker-1' })
  await driver.advance(45 * 60_000 - driver.now())
  if (running(driver) < 10 * replicas) throw new Error(`${running(driver)} of ${10 * replicas} pods run at the end`)
  await driver.close()
}

export async function outage(create: Create): Promise<void> {
  const driver = await deployed(create, 3, 10)
  injected(driver.inject('component-down', { component: 'control plane' }))
  await driver.advance(45 * 60_000)
  driver.heal('component-down', { component: 'control plane' })
  await driver.advance(60_000)
  await driver.close()
}

export async function quietDays(create: Create): Promise<void> {
  const driver = await deployed(create, 10, 10)
  await driver.advance(30 * 86_400_000)
  if (running(driver) !== 30) throw new Error(`${running(driver)} of 30 pods run after 30 days`)
  await driver.close()
}

/** As many pods as fit ten a node, in deployments of a hundred. */
export async function scaleUp(
  create: Create, nodes: number, pods: number
): Promise<{ readonly wallMs: number; readonly virtualMs: number; readonly running: number }> {
  const began = performance.now()
  const driver = create({ nodes: workers(nodes), trace: 'none' }), up = countRunning(driver)
  for (let i = 0; i < pods / 100; i++) expectOk(await driver.request(deployment(`app-${i + 1}`, 100)))
  await driver.runUntil(() => up() >= pods, driver.now() + 4 * 3_600_000)
  const result = { wallMs: performance.now() - began, virtualMs: driver.now(), running: up() }
  await driver.close()
  return result
}

/** Pods that wait are bound while no kubelet runs: what the scheduler's decisions cost, with the writes that they end in. */
export async function scheduled(create: Create, nodes: number, pods: number): Promise<number> {
  const driver = create({ nodes: workers(nodes), trace: 'none' })
  for (let i = 0; i < nodes; i++) injected(driver.inject('kubelet-stop', { node: `worker-${i + 1}` }))
  injected(driver.inject('component-down', { component: 'kube-scheduler' }))
  const spec = { containers: [{ name: 'app', image: 'registry.example/app:1', resources: { requests: { cpu: '50m', memory: '64Mi' } } }] }
  for (let i = 0; i < pods; i++) expectOk(await driver.request(inDefault('pods', { kind: 'Pod', metadata: { name: `p-${i}` }, spec })))
  let bound = 0
  driver.observe(o => { if (o.type === 'object' && o.resource === 'pods' && o.new?.spec.nodeName && !o.old?.spec.nodeName) bound++ }, ['object'])
  const began = performance.now()
  driver.heal('component-down', { component: 'kube-scheduler' })
  await driver.runUntil(() => bound >= pods, driver.now() + 600_000)
  if (bound < pods) throw new Error(`${bound} of ${pods} pods are bound`)
  const wallMs = performance.now() - began
  await driver.close()
  return wallMs
}

/** Writes of one client, one after the other, from kubectl's request to its answer. */
export async function written(create: Create, count: number): Promise<number> {
  const driver = create({ nodes: workers(1), trace: 'none' }), began = performance.now()
  for (let i = 0; i < count; i++) {
    expectOk(await driver.request(inDefault('configmaps', { kind: 'ConfigMap', metadata: { name: `c-${i}` }, data: { n: String(i) } })))
  }
  const wallMs = performance.now() - began
  await driver.close()
  return wallMs
}
const inDefault = (resource: string, body: any): ApiRequest =>
  ({ ...base, verb: 'create', group: '', version: 'v1', resource, namespace: 'default', body: { apiVersion: 'v1', ...body } })
