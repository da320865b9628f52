import { describe, expect, test } from 'vitest'
import { createModelDriver, type ModelDriver } from '../src/drivers/model.ts'
import type { ApiRequest } from '../src/runtime-model/api/request.ts'

/** A kubelet's certificate over the years: when it asks for the next one, who answers, and what becomes of the node if nobody does. */
const day = 86_400_000, minute = 60_000
const admin = { version: 'v1', credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl' } as const
const csrs = (driver: ModelDriver): readonly any[] => driver.storedList('certificatesigningrequests.certificates.k8s.io')
const until = (driver: ModelDriver, node: string): number => {
  const { certificate } = driver.cluster.kernel.stateOf(`kubelet/${node}`) as any
  return certificate.untilMs - driver.cluster.kernel.options.epochMs
}
const isReady = (driver: ModelDriver, node: string): boolean =>
  (driver.stored('nodes', '', node) as any)?.status.conditions.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false
const create = (seed = 0): ModelDriver => createModelDriver({ nodes: [{ name: 'worker-1' }], seed, trace: 'none' })
/** kubeadm renews what is the control plane's, which lasts no longer than a kubelet's. */
async function renewControlPlane(driver: ModelDriver): Promise<void> {
  for (const component of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    expect(driver.operate('replace-component', { component, node: 'cp-1', version: '1.35' })).toBeUndefined()
    driver.operate('start-component', { component, node: 'cp-1' })
    await driver.advance(10_000)
  }
}

describe('rotation', () => {
  test('comes after 70 to 90 % of a year, another time for each', async () => {
    for (const seed of [0, 7]) {
      const driver = create(seed)
      await driver.advance(0.7 * 365 * day - minute)
      expect(csrs(driver)).toEqual([])
      expect(until(driver, 'worker-1')).toBe(365 * day)
      await driver.advance(0.2 * 365 * day + 2 * minute)
      expect(until(driver, 'worker-1')).toBeGreaterThan((1.7 * 365 - 1) * day)
      expect(until(driver, 'worker-1')).toBeLessThan((1.9 * 365 + 1) * day)
    }
  })
  test('is approved and issued by kube-controller-manager, and nobody notices', async () => {
    const driver = create(), seen: string[] = []
    driver.observe(o => { if (o.type === 'request' && o.what.includes('certificatesigningrequest')) seen.push(`${o.user}: ${o.what.replace(/csr-\w+/, 'csr-*')}`) })
    await driver.advance(300 * day)
    expect(seen.filter(s => s.startsWith('system:node:worker-1'))).toEqual([
      'system:node:worker-1: create certificatesigningrequest csr-', 'system:node:worker-1: watch certificatesigningrequests',
    ])
    expect(csrs(driver)).toEqual([])
    expect(isReady(driver, 'worker-1')).toBe(true)
  })
  test('waits a quarter of an hour for an answer, and asks again and again', async () => {
    const driver = create()
    await driver.advance(290 * day)
    driver.inject('component-down', { component: 'kube-controller-manager' })
    await driver.advance(3 * day)
    const asked = csrs(driver).filter(c => c.spec.username === 'system:node:worker-1').map(c => Date.parse(c.metadata.creationTimestamp)).sort((a, b) => a - b)
    const waits = asked.slice(1).map((at, i) => (at - asked[i]) / 1000)
    expect(waits.slice(0, 6)).toEqual([902, 904, 908, 916, 932, 932])
  })
  test('waits for the path to an API server where there is none, and goes on once there is', async () => {
    const driver = create(), renewal = (): any => (driver.cluster.kernel.stateOf('kubelet/worker-1') as any).renewal
    await driver.advance(0.8 * 365 * day - 5 * minute)
    driver.inject('partition', { node: 'worker-1' })
    await driver.advance(10 * minute)
    expect(renewal().offline).toBe(true)
    driver.heal('partition', { node: 'worker-1' })
    await driver.advance(2 * minute)
    expect(renewal()).toBeUndefined()
    expect(until(driver, 'worker-1')).toBeGreaterThan(600 * day)
  })
  test('does not happen while nothing allows it: somebody has to approve', async () => {
    const driver = create(), name = 'kubeadm:node-autoapprove-certificate-rotation'
    await driver.request({ ...admin, verb: 'delete', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', name } as ApiRequest)
    await driver.advance(0.8 * 365 * day + 10 * minute)
    const [pending] = csrs(driver).filter(c => c.spec.username === 'system:node:worker-1')
    expect(pending.status).toEqual({})
    const condition = { type: 'Approved', status: 'True', reason: 'ByHand' }
    await driver.request({
      ...admin, verb: 'update', group: 'certificates.k8s.io', resource: 'certificatesigningrequests', subresource: 'approval', name: pending.metadata.name,
      body: { ...pending, status: { conditions: [condition] } },
    } as ApiRequest)
    await driver.advance(minute)
    expect(until(driver, 'worker-1')).toBeGreaterThan(600 * day)
  })
})

describe('a certificate that has expired', () => {
  async function late(): Promise<ModelDriver> {
    const driver = create()
    driver.inject('node-down', { node: 'worker-1' })
    await driver.advance(300 * day)
    await renewControlPlane(driver)
    await driver.advance(66 * day)
    expect(driver.heal('node-down', { node: 'worker-1' })).toBe(true)
    return driver
  }
  test('ends a kubelet whenever it starts', async () => {
    const driver = await late()
    await driver.advance(60 * minute)
    expect(isReady(driver, 'worker-1')).toBe(false)
    expect(driver.components().find(c => c.component === 'kubelet' && c.node === 'worker-1')?.state).toBe('down')
    expect(driver.operate('renew-kubelet', { node: 'worker-1' })).toBeUndefined()
    await driver.advance(2 * minute)
    expect(isReady(driver, 'worker-1')).toBe(true)
  })
})
