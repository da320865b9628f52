import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandLine } from '../src/cli/main.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import type { Driver, WatchListener } from '../src/drivers/driver.ts'
import { Belongings } from '../src/drivers/real/belongings.ts'
import { connect } from '../src/drivers/real/connection.ts'
import type { Mirror } from '../src/drivers/real/mirror.ts'
import type { ApiRequest, ApiResponse } from '../src/runtime-model/api/request.ts'
import { connectRealCluster } from '../src/drivers/real.ts'
import type { RealCluster } from '../src/drivers/real.ts'
import { ADMIN } from '../src/runner/context.ts'
import { listen, type HttpServer } from '../src/serve/http-server.ts'
import { Pace } from '../src/serve/pace.ts'
import { ServedCluster } from '../src/serve/served-cluster.ts'
import { memoryHost } from './support/memory-host.ts'
import { expectations, runFeature } from './support/run-feature.ts'

/** A model behind a Kubernetes API on a free port, forty times as fast as the wall: for whom it is asked over HTTP, a cluster that is there already. */
let model: Driver, server: HttpServer, cluster: RealCluster, ticking: NodeJS.Timeout
const folder = mkdtempSync(join(tmpdir(), 'kscenario-')), kubeconfig = join(folder, 'config')
const configOf = (port: number): string => JSON.stringify({
  apiVersion: 'v1', kind: 'Config', 'current-context': 'here', contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  clusters: [{ name: 'here', cluster: { server: `http://127.0.0.1:${port}` } }], users: [{ name: 'me', user: {} }],
})
const left: string[] = []
beforeAll(async () => {
  model = createModelDriver({ nodes: [{ name: 'kind-worker' }, { name: 'kind-worker2' }] })
  const pace = new Pace(model, 40, () => performance.now())
  server = await listen(new ServedCluster(model, pace, ADMIN), 0, error => { throw error })
  ticking = setInterval(() => { void pace.tick() }, 10)
  writeFileSync(kubeconfig, configOf(server.port))
  cluster = await connectRealCluster({ kubeconfig, left: what => { left.push(...what) } })
})
afterAll(async () => {
  cluster.close()
  clearInterval(ticking)
  await server.close()
  rmSync(folder, { recursive: true })
})

const run = (scenarios: Readonly<Record<string, string>>, on = cluster) => runFeature(scenarios, '', {}, {
  createDriver: on.createDriver, namespace: on.newNamespace, real: { title: on.title, flags: '--context here' }, deadlineMs: 20_000, observeMs: 300,
})
/** Waits until a Deployment of this name is Available, and a little longer: what is said of it next is being looked at. */
async function underWay(name: string): Promise<void> {
  const isAvailable = (d: any): boolean => d.metadata.name === name && d.status?.conditions?.some((c: any) => c.type === 'Available' && c.status === 'True')
  await expect.poll(() => model.storedList('deployments.apps').some(isAvailable), { timeout: 20_000 }).toBe(true)
  await new Promise(done => { setTimeout(done, 700) })
}
const web = 'When I run "kubectl create deployment web --image=shop/catalog --replicas=2"'

const crontabs = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'crontabs.stable.example.com' },
  spec: {
    group: 'stable.example.com', scope: 'Namespaced', names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
}

describe('a scenario runs on a cluster that is there already', () => {
  test('it is told by its context and its version', () => { expect(cluster.title).toMatch(/^here \(v1\.35/) })
  test('in a namespace of its own, which is gone afterwards', async () => {
    const before = model.storedList('namespaces').map(n => n.metadata.name), wanted = { runs: 'passed', again: 'passed' }
    const ran = await run({
      runs: `Given a cluster
        ${web}
        Then deployment web eventually has 2 ready replicas
        And every pod with label "app=web" is Running
        When I run "kubectl delete pod -l app=web"
        Then deployment web eventually has 2 ready replicas
        When I run "kubectl get deployments -o name"
        Then the last command prints exactly "deployment.apps/web"`,
      again: `Given namespace bookstore
        And deployment web with 1 replica of image "shop/catalog"
        Then deployment web is eventually Available
        And 1 pod with label "app=web" is Running`,
    })
    expect(expectations(ran, wanted)).toEqual(wanted)
    expect(left).toEqual([])
    await expect.poll(() => model.storedList('namespaces').map(n => n.metadata.name), { timeout: 5000 }).toEqual(before)
  })
  test('what does not hold fails, and says what was seen', async () => {
    const ran = await run({
      replicas: `${web}
        Then deployment web has 3 ready replicas within 1 second`,
      never: `${web}
        Then deployment web is eventually Available
        And pods with label "app=web" are never Running`,
      pending: `When I apply:
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec: { containers: [{ name: a, image: shop/catalog }], nodeSelector: { disk: ssd } }
        """
        Then pod web is eventually Running within 1 second`,
    })
    expect(ran.statuses).toEqual({ replicas: 'failed', never: 'failed', pending: 'failed' })
    expect(ran.story('replicas')).toContain('2 ready replicas, as its spec asks for 2')
    expect(ran.story('pending')).toContain("2 node(s) didn't match Pod's node affinity/selector")
    expect(ran.story('replicas')).toContain('replay    kscenario run a.feature:2 --context here')
  })
  test('programs, logs, other users, kinds of one\'s own', async () => {
    const wanted = { inside: 'passed', users: 'passed', kinds: 'passed' }
    const ran = await run({
      inside: `When I run "kubectl run web --image=shop/catalog --env=MODE=quiet '--annotations=behaviour.kscenario.dev/web={prints: ready}'"
        Then pod web is eventually Ready
        When I run "kubectl exec web -- printenv MODE"
        Then the last command prints exactly "quiet"
        When I run "kubectl exec web -- false"
        Then the last command has exit code 1
        When I run "kubectl logs web --tail=1"
        Then the last command prints "ready"`,
      users: `Given user "ana"
        When as user "ana" I run "kubectl get pods"
        Then the last command fails with "Forbidden"
        And user "ana" cannot list pods`,
      kinds: `When I apply:
        """
        ${JSON.stringify(crontabs)}
        """
        And I apply:
        """
        apiVersion: stable.example.com/v1
        kind: CronTab
        metadata: { name: nightly }
        """
        Then crontab nightly exists`,
    })
    expect(expectations(ran, wanted)).toEqual(wanted)
  })
})

describe('what a cluster that others use does not let one do or see is inconclusive, and never passes', () => {
  const pod = 'When I run "kubectl run web --image=shop/catalog"\nThen pod web is eventually Ready'
  const cases: readonly (readonly [steps: string, why: string])[] = [
    ['When kube-scheduler goes down\nThen kube-scheduler is down', 'no faults are injected into a cluster that others may use'],
    ['Given image "a/b":\n| start | 2s |\nAnd a cluster\nThen 1 node is Ready', 'how containers of image a/b behave is the image\'s own affair'],
    ['Given a cluster with 3 worker nodes\nThen node worker-1 is Ready', 'the scenario asks for 3 worker nodes, and this cluster has 2'],
    ['Given a cluster with 2 worker nodes\nThen node worker-1 is Ready', 'there is no node worker-1: the nodes of this cluster are called cp-1, kind-worker, kind-worker2'],
    ['Given kubernetes version 1.33\nThen 1 node is Ready', 'the scenario asks for Kubernetes 1.33, and this cluster is v1.35'],
    [`${pod}\nThen only kube-apiserver has talked to etcd`, 'the calls of its components among each other are not seen from outside'],
    [`${pod}\nThen the journey of pod web is:\n| kubectl | kube-apiserver | create pod web |`, 'the calls of its components among each other are not seen'],
    ['When 1 day passes', '1d pass in real time there: one step may wait 15m'],
    ['When the cluster settles', 'nobody can say that nothing more will happen'],
    [`${pod}\nThen pod web can reach service kubernetes`, 'no requests are sent inside the cluster'],
    ['When I run "kubectl delete namespace kube-public"', 'namespaces kube-public was not made by the scenario, and is not touched'],
    ['When I run "kubectl cordon kind-worker"', 'nodes kind-worker was not made by the scenario, and is not touched'],
    ['When I run "kubectl create configmap a -n kube-system"', 'configmaps of namespace kube-system: the namespace is not the scenario\'s own'],
    ['Then cloud-controller-manager is up', 'of its components only those are seen that have pods or Nodes'],
    ['Then no componentstatus exists', 'componentstatuses cannot be watched'],
    ['Given user "ana"\nWhen as user "ana" I run "kubectl get pods --as=bo"', 'user ana is impersonated already'],
    [`${pod}\nWhen I run "kubectl logs -f web"`, 'sessions with a container'],
  ]
  test('each with its reason', async () => {
    const ran = await run(Object.fromEntries(cases.map(([steps], i) => [`case ${i}`, steps])))
    expect(cases.map(([steps, why], i) => [steps, ran.statuses[`case ${i}`], ran.story(`case ${i}`).includes(why) ? why : ran.story(`case ${i}`)]))
      .toEqual(cases.map(([steps, why]) => [steps, 'inconclusive', why]))
    for (const name of ['kube-public', 'kube-system']) expect(model.stored('namespaces', '', name)?.metadata.deletionTimestamp).toBeUndefined()
  })
})

test('what cannot be looked at is not touched, as it may be somebody else\'s', () => {
  const seen = (unknown?: string, served = true): Mirror => ({ one: () => undefined, unknown: () => unknown, served: () => served ? {} : undefined }) as any
  const asked = (mirror: Mirror, request: Partial<ApiRequest>): string => {
    const whole = { verb: 'delete', group: 'example.com', version: 'v1', resource: 'things', name: 'x', credentials: ADMIN, userAgent: 'kubectl', ...request } as ApiRequest
    try { new Belongings('kscenario-aaaaaa', {} as any, mirror).mustBeOwn(whole) } catch (error) { return (error as Error).message }
    return 'sent'
  }
  const refused = 'things x was not made by the scenario, and is not touched'
  expect([
    asked(seen(), {}), asked(seen('things cannot be looked at'), {}), asked(seen(undefined, false), {}), asked(seen(), { verb: 'deletecollection', name: undefined }),
    asked(seen(), { verb: 'create', name: undefined, body: { metadata: { name: 'x' } } }), asked(seen(), { verb: 'create', path: '/x', resource: '', name: undefined }),
  ]).toEqual(['sent', refused, refused, 'things was not made by the scenario, and is not touched', 'sent', ' was not made by the scenario, and is not touched'])
})

describe('a cluster that goes away', () => {
  test('that nothing has happened is not believed of a server that is out of touch, and what stays is told', async () => {
    const other = await listen(new ServedCluster(model, new Pace(model, 40, () => performance.now()), ADMIN), 0, error => { throw error })
    const leaving = join(folder, 'leaving'), stays: string[] = []
    writeFileSync(leaving, configOf(other.port))
    const gone = await connectRealCluster({ kubeconfig: leaving, left: what => { stays.push(...what) } })
    const closing = underWay('web').then(() => other.close())
    const ran = await run({
      s: `${web}\nThen deployment web is eventually Available\nAnd deployment web stays Available for 2 seconds`,
      now: 'Then namespace default exists',
    }, gone)
    gone.close()
    await closing
    expect(ran.statuses).toEqual({ s: 'inconclusive', now: 'inconclusive' })
    expect(ran.story('s')).toContain('the API server is out of touch: nobody answers (refused)')
    expect(stays).toEqual([expect.stringMatching(/^namespaces\/kscenario-/)])
  })
})

describe('what nobody has looked at all the time is not believed', () => {
  const steps = `${web}\nThen deployment web is eventually Available\nAnd deployment web stays Available for 2 seconds`
  /** The cluster over a connection that is disturbed after a while. */
  async function disturbed(after: (watches: readonly WatchListener[]) => void, request?: (request: ApiRequest) => ApiResponse | undefined) {
    const whole = await connect({ kubeconfig }), watches: WatchListener[] = []
    let over = false
    const other = await connectRealCluster({}, Promise.resolve({
      ...whole, request: async asked => (over ? request?.(asked) : undefined) ?? whole.request(asked),
      watch(asked, listener) { if (asked.resource === 'pods') watches.push(listener); return whole.watch(asked, listener) },
    }))
    const disturbing = underWay('web').then(() => { over = true; after(watches) }), ran = await run({ s: steps }, other)
    await disturbing
    other.close()
    return ran
  }
  test('a watch that has to begin anew', async () => {
    const ran = await disturbed(watches => { watches[0].told([{ type: 'ERROR', object: { code: 410 } }]); watches[0].ended() })
    expect([ran.statuses.s, ran.story('s')]).toEqual(['inconclusive', expect.stringContaining('a watch was lost for a while')])
  })
  test('a server that answers no more, though its watches are open', async () => {
    const ran = await disturbed(() => {}, ({ path }) => path === '/version' ? { code: 0, failure: 'timeout' } : undefined)
    expect([ran.statuses.s, ran.story('s')]).toEqual(['inconclusive', expect.stringContaining('the API server is out of touch: nobody answers (timeout)')])
  })
  test('`unaffected` compares with what was so when it began', async () => {
    const deletes = async (): Promise<void> => {
      const [{ metadata: { namespace, name } }] = model.storedList('pods').filter(p => p.metadata.labels?.app === 'quiet')
      await model.request({ verb: 'delete', group: '', version: 'v1', resource: 'pods', namespace, name, credentials: ADMIN, userAgent: 'somebody' })
    }
    const deleting = underWay('quiet').then(deletes)
    const ran = await run({
      s: `Given deployment quiet with 2 replicas of image "shop/catalog"
        And deployment quiet has 2 ready replicas
        Then pods of deployment quiet are unaffected for 3 seconds`,
    })
    await deleting
    expect(ran.statuses.s).toBe('failed')
  })
  test('what is denied while word of it is on its way', async () => {
    const late = { component: 'kube-controller-manager', delayMs: 10_000 }
    model.inject('watch-delay', late)
    const ran = await run({
      s: `When I run "kubectl run web --image=shop/catalog --port=80"
        Then pod web is eventually Ready
        When I run "kubectl expose pod web"
        Then service web has no endpoints`,
    })
    model.heal('watch-delay', late)
    expect([ran.statuses.s, ran.story('s')]).toEqual(['vacuous', expect.stringContaining('as word of what has happened is still on its way')])
  })
})

describe('a cluster that is not there', () => {
  const said = async (...args: readonly string[]): Promise<readonly [number, string]> => {
    const host = memoryHost({ 'a.feature': 'Feature: f\n  Scenario: s\n    Then 1 node is Ready\n' }, ['run', 'a.feature', '--no-reports', ...args])
    return [await commandLine(host), host.told()]
  }
  test('a file, a context, a server', async () => {
    const nobody = join(folder, 'nobody')
    writeFileSync(nobody, configOf(1))
    expect(await said('--kubeconfig', join(folder, 'none'))).toEqual([2, expect.stringMatching(/^error: the kubeconfig .*none cannot be read: ENOENT/)])
    expect(await said('--kubeconfig', kubeconfig, '--context', 'there')).toEqual([2, 'error: the kubeconfig has no context there (it has here)\n'])
    expect(await said('--kubeconfig', nobody)).toEqual([3, expect.stringMatching(/does not say what it serves: nobody answers \(refused\)/)])
  })
})
