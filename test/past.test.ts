import { expect, it } from 'vitest'
import { History } from '../src/assertions/past/history.ts'
import { PastCluster } from '../src/assertions/past/past-cluster.ts'
import { runCommandLine } from '../src/clients/index.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import type { Driver } from '../src/drivers/driver.ts'

/** What assertions may read of a cluster, as text. */
function seen(driver: Driver): string {
  const uids = [...new Set(driver.storedList('pods').map(p => p.metadata.uid))]
  const truth = uids.map(uid => driver.nodeTruth.pod(uid)).map(p =>
    p
      && `${p.name} ${p.phase} ${p.ready} ${p.phase === 'Running' ? p.ip : ''} ${p.containers.filter(c => c.state !== 'created').map(c => `${c.name} ${c.state} ${c.restarts}`)}`)
  return JSON.stringify({
    now: driver.now(), nodes: driver.storedList('nodes').map(n => [n.metadata.name, n.metadata.resourceVersion, driver.nodeTruth.node(n.metadata.name)]),
    pods: driver.storedList('pods').map(p => [p.metadata.name, p.metadata.resourceVersion]),
    slices: driver.storedList('endpointslices.discovery.k8s.io').map(p => p.metadata.resourceVersion),
    truth, components: driver.components(), named: driver.stored('deployments.apps', 'default', 'web')?.metadata.resourceVersion,
  }, null, 1)
}

it('the past is read as it was, at every moment that has gone by', async () => {
  const driver = createModelDriver({ nodes: [{ name: 'worker-1' }, { name: 'worker-2' }] })
  const run = (line: string) => runCommandLine(line, {
    driver, credentials: { user: 'admin', groups: ['system:masters'] }, namespace: 'default', readFile: () => undefined, binding: () => undefined,
  })
  const moments: { readonly id: number; readonly seen: string }[] = []
  const keep = (): void => { const id = driver.mark('look'); moments.push({ id, seen: seen(driver) }) }
  const pass = async (ms: number, times: number): Promise<void> => { for (let i = 0; i < times; i++) { await driver.advance(ms); keep() } }
  keep()
  await run('kubectl create deployment web --image=a:1 --replicas=3'); await pass(120, 12)
  await run('kubectl delete pods -l app=web --wait=false'); await pass(700, 5)
  driver.inject('component-down', { component: 'control plane' }); await pass(10_000, 3)
  driver.heal('component-down', { component: 'control plane' }); await pass(1000, 5)
  const pod = driver.storedList('pods', 'default')[0].metadata.name
  driver.inject('container-crash', { namespace: 'default', pod, container: 'a' }); await pass(500, 4)
  driver.inject('node-hang', { node: 'worker-2' }); await pass(20_000, 3)
  driver.heal('node-hang', { node: 'worker-2' }); await pass(5000, 3)
  await run('kubectl scale deployment web --replicas=1'); await pass(700, 4)

  const history = new History(driver)
  for (const moment of moments) expect(seen(new PastCluster(driver, history, moment.id).driver)).toBe(moment.seen)
  // and forward from the first moment, one observation at a time
  const past = new PastCluster(driver, history, moments[0].id)
  for (const moment of moments.slice(1)) {
    while (past.id < moment.id) past.apply(history.at(past.id + 1)!)
    expect(seen(past.driver)).toBe(moment.seen)
  }
})
