import type { ClusterOptions, Driver } from '../src/drivers/driver.ts'

type Create = (options: ClusterOptions) => Driver
interface Figures { readonly wallMs: number; readonly count: number; readonly virtualMs: number; readonly heapBytes: number }

const pod = (name: string, behaviour: string, spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', annotations: { 'behaviour.kscenario.dev/app': behaviour } }, spec: { containers: [{ name: 'app', image: 'registry.example/app:1', ports: [{ containerPort: 8080 }], ...spec }] } })
async function started(create: Create, nodes: number, pods: number, behaviour: string, spec: object): Promise<Driver> {
  const driver = create({ nodes: Array.from({ length: nodes }, (_, i) => ({ name: `worker-${i + 1}` })), trace: 'none' })
  for (let i = 0; i < pods; i++) {
    const answer = await driver.request({ credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'bench', verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'default', body: pod(`app-${i + 1}`, behaviour, spec) as any })
    if (answer.code !== 201) throw new Error(`refused: ${answer.code} ${answer.body?.message ?? ''}`)
  }
  await driver.advance(60_000)
  return driver
}
function heap(): number { globalThis.gc?.(); return process.memoryUsage().heapUsed }

/** Containers that exit every ten minutes and a second, so that no back-off grows: restarted until there were so many. */
export async function restarts(create: Create, wanted: number): Promise<Figures> {
  const driver = await started(create, 10, 500, 'exit: {after: 601s, code: 1}', {}), before = heap(), began = performance.now(), from = driver.now()
  let count = 0
  driver.observe(o => { if (o.type === 'container' && o.state === 'running') count++ }, ['container'])
  await driver.runUntil(() => count >= wanted, from + wanted / 500 * 900_000)
  const result = { wallMs: performance.now() - began, count, virtualMs: driver.now() - from, heapBytes: heap() - before }
  await driver.close()
  return result
}
/** Two probes of each container, which always pass, every second: for so long that there are so many periods. */
export async function probePeriods(create: Create, wanted: number): Promise<Figures> {
  const probe = { httpGet: { port: 8080 }, periodSeconds: 1 }, pods = 100
  const driver = await started(create, 10, pods, '{}', { livenessProbe: probe, readinessProbe: probe }), before = heap(), began = performance.now(), from = driver.now()
  await driver.advance(wanted / (2 * pods) * 1000)
  const result = { wallMs: performance.now() - began, count: (driver.now() - from) / 1000 * 2 * pods, virtualMs: driver.now() - from, heapBytes: heap() - before }
  await driver.close()
  return result
}
