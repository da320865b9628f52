import { expect, test } from 'vitest'
import type { Credentials } from '../src/runtime-model/api/request.ts'
import { expectations, runFeature } from './support/run-feature.ts'
import { startServers, textOf, toldTo, watcher, type Servers } from './support/api-servers.ts'

/** Sends a request and tells when, and with what, it was answered. */
function timed(servers: Servers, line: string, atMost = 120_000): string {
  const from = servers.kernel.now, text = servers.say(line)
  expect(servers.kernel.now - from).toBeLessThanOrEqual(atMost)
  return `${Math.round((servers.kernel.now - from) / 1000)} s: ${text}`
}

test('without etcd writes end after 34 s, reads after 60 s, and the cache still answers', () => {
  const servers = startServers({ actors: [watcher('w', {})] })
  servers.say('create configmaps default/a')
  servers.kernel.stop('etcd/etcd-1')
  expect(timed(servers, 'create configmaps default/b')).toBe(
    '34 s: 504 Timeout Timeout: request did not complete within requested timeout - context deadline exceeded'
  )
  expect(timed(servers, 'get configmaps default/a')).toBe(
    '60 s: 504 Timeout the server was unable to return a response in the time allotted, but may still be processing the request (get configmaps)'
  )
  expect(timed(servers, 'list configmaps default')).toContain('60 s: 504')
  expect(textOf(servers.ask({ verb: 'list', resource: 'configmaps', resourceVersion: '0' }))).toBe('200 a')
  expect(servers.ask({ path: '/readyz' }).body).toContain('[-]etcd failed: reason withheld\n[-]etcd-readiness failed: reason withheld')
  expect(toldTo(servers, 'w')).toEqual(['initially 0', 'ADDED a'])
  expect(servers.kernel.stateOf('w').closed).toBe(false)
})

test('a request that waits when etcd comes back is served', () => {
  const servers = startServers({ actors: [watcher('w', {})] })
  servers.kernel.stop('etcd/etcd-1')
  const id = servers.submit({ verb: 'create', resource: 'configmaps', namespace: 'default', body: { metadata: { name: 'late' } } })
  servers.kernel.runTo(servers.kernel.now + 2000)
  servers.kernel.start('etcd/etcd-1')
  servers.kernel.runTo(servers.kernel.now + 20_000)
  expect(textOf(servers.answer(id)!)).toBe('201 configmap late')
  expect(toldTo(servers, 'w')).toEqual(['initially 0', 'ADDED late'])
})

test('without a quorum nothing is written; with one again everything goes on', () => {
  const servers = startServers({ servers: 3 })
  servers.say('create configmaps default/a')
  servers.kernel.stop('etcd/etcd-2')
  servers.kernel.stop('etcd/etcd-3')
  expect(timed(servers, 'create configmaps default/b')).toMatch(/^3[34] s: 504 Timeout/)
  servers.kernel.start('etcd/etcd-2')
  servers.kernel.runTo(servers.kernel.now + 10_000)
  expect(servers.say('create configmaps default/c')).toBe('201 configmap c')
})

test('a server that crashed refuses connections; one that starts takes them, and serves what etcd holds once it can', () => {
  const servers = startServers({ actors: [watcher('w', {})] })
  servers.say('create configmaps default/a')
  servers.kernel.crash('kube-apiserver/cp-1')
  expect(servers.say('list configmaps default')).toBe('0 refused')
  servers.kernel.runTo(servers.kernel.now + 1500)
  expect(timed(servers, 'list configmaps default')).toBe('3 s: 200 a')
  expect(servers.kernel.stateOf('w').closed).toBe(true)
})

const ana: Credentials = { user: 'ana', groups: ['system:authenticated'] }
const kubelet: Credentials = { user: 'system:node:worker-1', groups: ['system:nodes', 'system:authenticated'] }
const mayView = {
  metadata: { name: 'ana' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ana' }],
}

test('what a server serves first it serves without roles, and its checks hold one after the other', () => {
  const servers = startServers(), later = (ms: number): void => servers.kernel.runTo(servers.kernel.now + ms)
  servers.ask({ verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', body: mayView })
  servers.ask({ verb: 'create', resource: 'configmaps', namespace: 'default', body: { metadata: { name: 'a' } } })
  servers.kernel.stop('kube-apiserver/cp-1')
  servers.kernel.start('kube-apiserver/cp-1')
  const asked = servers.submit({ verb: 'list', resource: 'configmaps', namespace: 'default', credentials: ana })
  expect(servers.say('list configmaps default')).toBe('200 a')
  expect(textOf(servers.answer(asked)!)).toBe(
    '403 Forbidden configmaps is forbidden: User "ana" cannot list resource "configmaps" in API group "" in the namespace "default"'
  )
  // a kubelet's rules are built in
  expect(servers.ask({ verb: 'list', resource: 'services', credentials: kubelet }).code).toBe(200)
  const failing = (path: string): string[] =>
    [...String(servers.ask({ path }).body).matchAll(/\[-\](?:poststarthook\/)?(\S+) failed/g)].map(([, check]) => check)
  expect(failing('/readyz')).toContain('informer-sync')
  expect(failing('/livez')).toContain('start-apiextensions-controllers')
  later(150)
  expect(servers.say('list configmaps default', { credentials: ana })).toBe('200 a')
  later(400)
  expect(failing('/readyz')).toEqual(['rbac/bootstrap-roles', 'scheduling/bootstrap-system-priority-classes'])
  expect(servers.ask({ path: '/readyz' }).code).toBe(500)
  later(500)
  expect(failing('/livez')).toEqual(['rbac/bootstrap-roles'])
  later(500)
  expect(servers.ask({ path: '/readyz' })).toMatchObject({ code: 200, body: 'ok' })
})

test('a server that starts and finds no etcd holds whoever connects: ten seconds, and no longer than it runs itself', () => {
  const servers = startServers()
  servers.kernel.stop('etcd/etcd-1')
  servers.kernel.stop('kube-apiserver/cp-1')
  servers.kernel.start('kube-apiserver/cp-1')
  expect(timed(servers, 'list configmaps default')).toBe('10 s: 0 timeout')
  const short = servers.kernel.now
  expect(servers.say('list configmaps default', { timeoutMs: 2000 })).toBe('0 timeout')
  expect(servers.kernel.now - short).toBe(2002)
  servers.kernel.runTo(17_000 + servers.kernel.now - short)
  expect(servers.say('list configmaps default')).toBe('0 reset')
  expect(servers.say('list configmaps default')).toBe('0 refused')
})

test('of several servers a load balancer asks those that are ready', () => {
  const servers = startServers({ servers: 3 }), { kernel } = servers
  const asked = (): string => { 
    servers.say('list configmaps default')
    return ([...kernel.trace.history()].findLast((o: any) => o.type === 'request') as any).to
  }
  const usual = asked(), later = (ms: number): void => kernel.runTo(kernel.now + ms)
  kernel.stop(usual)
  expect(asked()).not.toBe(usual)
  kernel.start(usual)
  later(4000)
  expect(kernel.stateOf<any>(usual).phase).toBe('serving')
  expect(asked()).not.toBe(usual)
  later(1000)
  expect(asked()).toBe(usual)
})

test('a pod that has ended is removed by the next delete, where its server ended before it could', () => {
  const servers = startServers({ servers: 2 }), terminal = { status: { phase: 'Failed' } }
  servers.say('create serviceaccounts default/default')
  servers.say('create pods default/p {"spec":{"nodeName":"worker-1","containers":[{"name":"a","image":"i"}]}}')
  servers.ask({
    verb: 'patch', resource: 'pods', subresource: 'status', namespace: 'default', name: 'p', patchType: 'application/merge-patch+json', body: terminal,
  })
  const stored = (): any => servers.kernel.stateOf<any>('etcd/etcd-1').keyspace.get('pods', 'default', 'p')
  servers.submit({ verb: 'delete', resource: 'pods', namespace: 'default', name: 'p' })
  while (!stored()?.metadata.deletionTimestamp) servers.kernel.stepOnce()
  for (const id of servers.kernel.ids('kube-apiserver')) servers.kernel.crash(id)
  servers.kernel.runTo(servers.kernel.now + 10_000)
  expect(stored().metadata.deletionGracePeriodSeconds).toBe(0)
  expect(servers.say('delete pods default/p {"gracePeriodSeconds":0}')).toMatch(/^200/)
  expect(stored()).toBeUndefined()
})

test('a server that ends between its steps leaves only whole writes', () => {
  for (let after = 0; after < 12; after++) {
    const servers = startServers()
    servers.submit({ verb: 'create', resource: 'services', namespace: 'default', body: { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } } })
    for (let i = 0; i < after; i++) servers.kernel.stepOnce()
    servers.kernel.crash('kube-apiserver/cp-1')
    servers.kernel.runTo(servers.kernel.now + 10_000)
    const text = servers.say('get services default/s')
    expect(['200 service s', '404 NotFound services "s" not found']).toContain(text)
    if (text.startsWith('404')) expect(servers.say('create services default/s {"spec":{"ports":[{"port":80}]}}')).toBe('201 service s')
  }
})

test('a fork in the middle of a request ends as the original does', () => {
  const servers = startServers({ servers: 3, actors: [watcher('w', {})] })
  const id = servers.submit({ verb: 'create', resource: 'configmaps', namespace: 'default', body: { metadata: { generateName: 'x-' } } })
  for (let i = 0; i < 3; i++) servers.kernel.stepOnce()
  const twin = servers.fork()
  for (const side of [servers, twin]) side.kernel.runTo(side.kernel.now + 5000)
  expect(textOf(servers.answer(id)!)).toBe(textOf(twin.answer(id)!))
  expect(servers.kernel.traceHash()).toBe(twin.kernel.traceHash())
  servers.say('create configmaps default/only-here')
  expect(twin.say('get configmaps default/only-here')).toContain('404')
})

test('two writers: one wins, the other is told or tries again', () => {
  const servers = startServers({ servers: 3 })
  servers.say('create configmaps default/a {"data":{"n":"0"}}')
  const { resourceVersion } = servers.ask({ verb: 'get', resource: 'configmaps', namespace: 'default', name: 'a' }).body.metadata
  const put = () => servers.submit({
    verb: 'update', resource: 'configmaps', namespace: 'default', name: 'a', body: { metadata: { name: 'a', resourceVersion }, data: { n: 'put' } },
  })
  const patch = (n: string) => servers.submit({
    verb: 'patch', patchType: 'application/merge-patch+json', resource: 'configmaps', namespace: 'default', name: 'a', body: { data: { [n]: n } },
  })
  const ids = [patch('x'), patch('y'), put()]
  servers.kernel.runTo(servers.kernel.now + 1000)
  expect(ids.map(id => servers.answer(id)!.code)).toEqual([200, 200, 409])
  expect(servers.ask({ verb: 'get', resource: 'configmaps', namespace: 'default', name: 'a' }).body.data).toEqual({ n: '0', x: 'x', y: 'y' })
})

test('old history is given up, and a quiet cluster stays quiet', () => {
  const servers = startServers(), { kernel } = servers, compacted = (): number => (kernel.stateOf('etcd/etcd-1') as any).keyspace.compacted
  servers.say('create configmaps default/a')
  const before = compacted()
  kernel.runTo(kernel.now + 700_000)
  expect(compacted()).toBeGreaterThan(before)
  const events = kernel.eventCount
  kernel.runTo(kernel.now + 86_400_000)
  expect([kernel.quiet, kernel.eventCount]).toEqual([true, events])
})

/** A reflector opens a watch that has ended again at once, and waits only when that is refused. Source: client-go tools/cache/reflector.go (watch) */
test('with another API server watches go on at once, and with none as soon as one is there', async () => {
  const lost = (node: string): string =>
    `Given a cluster with 3 control plane nodes and 2 nodes\nWhen kube-apiserver on ${node} goes down\nAnd I run "kubectl create deployment web --image=nginx"\nThen pods labelled app=web eventually Scheduled within 300ms`
  const ran = await runFeature({
    'first': lost('cp-1'), 'second': lost('cp-2'), 'third': lost('cp-3'),
    'the only one': 'Given a cluster\nWhen kube-apiserver goes down\nAnd 5 seconds pass\nAnd kube-apiserver comes back\nAnd kube-apiserver is eventually healthy\nAnd I run "kubectl create deployment web --image=nginx"\nThen pods labelled app=web eventually Scheduled within 20s',
  })
  const wanted = { 'first': 'passed', 'second': 'passed', 'third': 'passed', 'the only one': 'passed' }
  expect(expectations(ran, wanted)).toEqual(wanted)
})

test('how long kubectl waits stands in the URL that it tells', async () => {
  const ran = await runFeature({
    told: `Given a cluster
      When etcd hangs
      And I run "kubectl create configmap late --request-timeout=3s"
      Then the last command fails
      And the last command prints "configmaps?fieldManager=kubectl-create&fieldValidation=Strict&timeout=3s"`,
  })
  expect(expectations(ran, { told: 'passed' })).toEqual({ told: 'passed' })
})
