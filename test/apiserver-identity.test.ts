import { expect, test } from 'vitest'
import { identityOf } from '../src/runtime-model/kube-apiserver/identity.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import { terminal } from './support/transcript.ts'

/** Who an API server says that it is: the name on a host called vm was read from a 1.35.4 API server there. */
test('the name of its Lease follows from its host', () => expect(identityOf('vm')).toBe('apiserver-wlv32tlttr4jl3gtroqexyxapa'))

const lease = (driver: ReturnType<typeof terminal>['driver']): any => driver.stored('leases.coordination.k8s.io', 'kube-system', identityOf('cp-1'))
async function renewedAt({ type, driver }: ReturnType<typeof terminal>): Promise<number> {
  const said = await type("$ kubectl get lease -n kube-system -l apiserver.kubernetes.io/identity=kube-apiserver -o jsonpath='{.items[0].spec.renewTime}'")
  return Date.parse(said.split('\n')[1]) - driver.epochMs
}

test('the Lease is renewed every ten seconds, and a new process is a new holder', async () => {
  const at = terminal(), { driver } = at, before = lease(driver)
  await driver.advance(25_000)
  expect(driver.now() - await renewedAt(at)).toBeLessThan(10_000)
  driver.inject('component-down', { component: 'kube-apiserver' })
  await driver.advance(30_000)
  driver.heal('component-down', { component: 'kube-apiserver' })
  await driver.advance(10_000)
  const after = lease(driver)
  expect(after.metadata.uid).toBe(before.metadata.uid)
  expect(after.spec.holderIdentity).not.toBe(before.spec.holderIdentity)
  expect(driver.now() - await renewedAt(at)).toBeLessThan(10_000)
})

test('renewals that etcd did not take go on once it is back', async () => {
  const at = terminal(), { driver } = at
  await driver.advance(5000)
  const holder = lease(driver).spec.holderIdentity
  driver.inject('component-down', { component: 'etcd' })
  await driver.advance(30_000)
  driver.heal('component-down', { component: 'etcd' })
  await driver.advance(150_000)
  expect(lease(driver).spec.holderIdentity).toBe(holder)
  expect(driver.now() - await renewedAt(at)).toBeLessThan(10_000)
})

test('the Lease of a server that is gone is collected by the others, an hour after its last renewal at the latest two', async () => {
  const driver = createModelDriver({ controlPlaneNodes: 3, nodes: [{ name: 'worker-1' }] }), names = ['cp-1', 'cp-2', 'cp-3'].map(identityOf)
  const there = (): boolean[] => names.map(name => driver.stored('leases.coordination.k8s.io', 'kube-system', name) !== undefined)
  await driver.advance(60_000)
  driver.inject('component-down', { component: 'kube-apiserver', node: 'cp-2' })
  await driver.advance(50 * 60_000)
  expect(there()).toEqual([true, true, true])
  await driver.advance(2 * 3_600_000)
  expect(there()).toEqual([true, false, true])
  driver.heal('component-down', { component: 'kube-apiserver', node: 'cp-2' })
  await driver.advance(30_000)
  expect(there()).toEqual([true, true, true])
})
