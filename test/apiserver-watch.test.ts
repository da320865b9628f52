import { expect, test } from 'vitest'
import { observations, startServers, toldTo, watcher } from './support/api-servers.ts'

test('a watch tells the present, then every change once', () => {
  const servers = startServers()
  servers.say('create configmaps default/a')
  servers.kernel.add(watcher('w', {}))
  servers.kernel.runTo(servers.kernel.now + 10)
  servers.say('create configmaps default/b')
  servers.say('patch configmaps default/b {"data":{"x":"1"}}')
  servers.say('patch configmaps default/b {"data":{"x":"1"}}')
  servers.say('delete configmaps default/a')
  servers.kernel.runTo(servers.kernel.now + 10)
  expect(toldTo(servers, 'w')).toEqual(['initially 1', 'ADDED a', 'ADDED b', 'MODIFIED b', 'DELETED a'])
})

test('objects come into a selection and leave it', () => {
  const servers = startServers({
    actors: [
      watcher('labels', { labelSelector: 'on=yes' }), watcher('name', { fieldSelector: 'metadata.name=b' }), watcher('elsewhere', { namespace: 'kube-system' }),
    ],
  })
  servers.say('create configmaps default/a {"metadata":{"labels":{"on":"yes"}}}')
  servers.say('create configmaps default/b')
  servers.say('patch configmaps default/b {"metadata":{"labels":{"on":"yes"}}}')
  servers.say('patch configmaps default/b {"data":{"x":"1"}}')
  servers.say('patch configmaps default/a {"metadata":{"labels":{"on":null}}}')
  servers.kernel.runTo(servers.kernel.now + 10)
  expect(toldTo(servers, 'labels')).toEqual(['initially 0', 'ADDED a', 'ADDED b', 'MODIFIED b', 'DELETED a'])
  expect(toldTo(servers, 'name')).toEqual(['initially 0', 'ADDED b', 'MODIFIED b', 'MODIFIED b'])
  expect(toldTo(servers, 'elsewhere')).toEqual(['initially 0'])
})

test('a kubelet is told of its own pods only', () => {
  const on = (node: string) => watcher(node, { resource: 'pods', fieldSelector: `spec.nodeName=${node}` })
  const servers = startServers({ actors: [on('n'), on('m')] })
  servers.say('create serviceaccounts default/default')
  servers.say('create pods default/p {"spec":{"containers":[{"name":"c","image":"i"}]}}')
  const mark = servers.kernel.trace.count
  servers.say('create pods/binding default/p {"target":{"kind":"Node","name":"n"}}')
  servers.kernel.runTo(servers.kernel.now + 10)
  expect(toldTo(servers, 'n')).toEqual(['initially 0', 'ADDED p'])
  expect(toldTo(servers, 'm')).toEqual(['initially 0'])
  expect(observations(servers, mark).filter(o => o.type === 'notify').map(o => `${(o as any).to}: ${(o as any).what}`)).toEqual(['n: pod p'])
})

test('a watch goes on after a revision, unless that is too long ago', () => {
  const servers = startServers()
  servers.say('create configmaps default/old')
  const { resourceVersion } = servers.ask({ verb: 'list', resource: 'configmaps' }).body.metadata
  servers.say('create configmaps default/a')
  servers.say('delete configmaps default/a')
  servers.kernel.add(watcher('resumes', { resourceVersion }))
  servers.kernel.runTo(servers.kernel.now + 10)
  expect(toldTo(servers, 'resumes')).toEqual(['ADDED a', 'DELETED a'])
  for (let i = 0; i < 120; i++) servers.say(`patch configmaps default/old {"data":{"i":"${i}"}}`)
  servers.kernel.runTo(servers.kernel.now + 80_000)
  servers.say('create configmaps default/late')
  servers.kernel.add(watcher('late', { resourceVersion }))
  servers.kernel.runTo(servers.kernel.now + 10)
  expect(toldTo(servers, 'late').join()).toMatch(new RegExp(`^ERROR 410 too old resource version: ${resourceVersion} \\(\\d+\\)$`))
  expect(servers.kernel.stateOf('late').closed).toBe(true)
})

test('events.k8s.io shows the same Events in its own spelling', () => {
  const servers = startServers({ actors: [watcher('new', { group: 'events.k8s.io', resource: 'events' }), watcher('old', { resource: 'events' })] })
  servers.ask({
    verb: 'create', group: 'events.k8s.io', resource: 'events', namespace: 'default',
    body: {
      metadata: { name: 'e' }, eventTime: '2026-01-01T00:00:00.000000Z', regarding: { kind: 'Pod', name: 'p', namespace: 'default' }, reason: 'R', note: 'n',
      type: 'Normal', action: 'A', reportingController: 'c', reportingInstance: 'i',
    },
  })
  servers.kernel.runTo(servers.kernel.now + 10)
  expect([toldTo(servers, 'new'), toldTo(servers, 'old')]).toEqual([['initially 0', 'ADDED e'], ['initially 0', 'ADDED e']])
  expect(servers.ask({ verb: 'get', resource: 'events', namespace: 'default', name: 'e' }).body).toMatchObject({
    apiVersion: 'v1', message: 'n', involvedObject: { name: 'p' },
  })
  expect(servers.ask({ verb: 'get', group: 'events.k8s.io', resource: 'events', namespace: 'default', name: 'e' }).body).toMatchObject(
    { apiVersion: 'events.k8s.io/v1', note: 'n', regarding: { name: 'p' } }
  )
})

test('with several servers a write to one is told by all, and read from all', () => {
  const servers = startServers({ servers: 3, actors: [watcher('a', {}), watcher('b', {}), watcher('c', {})] })
  servers.say('create configmaps default/a')
  for (const host of ['cp-1', 'cp-2', 'cp-3']) expect(servers.say('list configmaps default'), host).toBe('200 a')
  servers.kernel.runTo(servers.kernel.now + 10)
  for (const id of ['a', 'b', 'c']) expect(toldTo(servers, id)).toEqual(['initially 0', 'ADDED a'])
})
