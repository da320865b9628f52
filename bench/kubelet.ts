import type { ClusterOptions, Driver } from '../src/drivers/driver.ts'
import type { ApiRequest } from '../src/runtime-model/api/request.ts'

type Create = (options: ClusterOptions) => Driver
export interface Cost { readonly wallMs: number; readonly virtualMs: number; readonly count: number; readonly heapMiB: number }

const base = { credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'bench' } as const
const perNode = 50

/** So many bare pods, fifty a node, each with one container that behaves as its annotation says. */
async function podsOf(create: Create, count: number, behaviour: string, container: object = {}): Promise<Driver> {
  const driver = create({ nodes: Array.from({ length: Math.ceil(count / perNode) }, (_, i) => ({ name: `worker-${i + 1}` })), trace: 'none' })
  for (let i = 0; i < count; i++) {
    const spec = {
      nodeName: `worker-${Math.floor(i / perNode) + 1}`,
      containers: [{ name: 'app', image: 'registry.example/app:1', ports: [{ containerPort: 8080 }], ...container }],
    }
    const request: ApiRequest = {
      ...base, verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'default',
      body: {
        apiVersion: 'v1', kind: 'Pod', metadata: { name: `app-${i}`, namespace: 'default', annotations: { 'behaviour.kscenario.dev/app': behaviour } }, spec,
      },
    }
    const answer = await driver.request(request)
    if (answer.code !== 201) throw new Error(`refused: ${answer.code} ${answer.body?.message ?? ''}`)
  }
  return driver
}

async function costOf(driver: Driver, run: () => Promise<number>): Promise<Cost> {
  globalThis.gc?.()
  const heap = process.memoryUsage().heapUsed, from = driver.now(), began = performance.now()
  const count = await run(), wallMs = performance.now() - began
  globalThis.gc?.()
  return { wallMs, virtualMs: driver.now() - from, count, heapMiB: (process.memoryUsage().heapUsed - heap) / 2 ** 20 }
}

/** Containers that end again and again are started again and again, five minutes apart in the end, with their status and events. */
export async function restarts(create: Create, wanted: number): Promise<Cost> {
  const driver = await podsOf(create, 1000, '{exit: {after: 1s, code: 1}}')
  let count = 0
  driver.observe(o => { if (o.type === 'container' && o.state === 'running') count++ }, ['container'])
  const cost = await costOf(driver, async () => { while (count < wanted) await driver.advance(60_000); return count })
  await driver.close()
  return cost
}

/** Probes each second of containers that answer (quiet: nothing follows from a pass) or that never do. */
export async function probePeriods(create: Create, periods: number, status: number): Promise<Cost> {
  const pods = 200
  const driver = await podsOf(create, pods, `{http: [{path: /, from: 0s, status: ${status}}]}`, {
    readinessProbe: { httpGet: { port: 8080, path: '/' }, periodSeconds: 1 },
  })
  await driver.advance(60_000)
  const cost = await costOf(driver, async () => { await driver.advance(periods / pods * 1000); return periods })
  const ready = driver.storedList('pods', 'default').filter((p: any) => p.status.conditions.some((c: any) => c.type === 'Ready' && c.status === 'True')).length
  if (ready !== (status === 200 ? pods : 0)) throw new Error(`${ready} of ${pods} pods are ready`)
  await driver.close()
  return cost
}
