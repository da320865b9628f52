import { expect, test } from 'vitest'
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

test('a server that crashed refuses connections, then serves what etcd holds', () => {
  const servers = startServers({ actors: [watcher('w', {})] })
  servers.say('create configmaps default/a')
  servers.kernel.crash('kube-apiserver/cp-1')
  expect(servers.say('list configmaps default')).toBe('0 refused')
  servers.kernel.runTo(servers.kernel.now + 2000)
  expect(servers.say('list configmaps default')).toBe('0 refused')
  servers.kernel.runTo(servers.kernel.now + 3000)
  expect(servers.say('list configmaps default')).toBe('200 a')
  expect(servers.kernel.stateOf('w').closed).toBe(true)
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
