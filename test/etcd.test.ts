import { describe, expect, it } from 'vitest'
import { Leases } from '../src/runtime-model/etcd/leases.ts'
import { configMap, etcdWorld } from './support/etcd-client.ts'

const key = (name: string, namespace = 'default') => ({ resource: 'configmaps', namespace, name })

describe.each([1, 3, 5])('etcd of %i members in health', count => {
  it('commits a write at any member, one revision each', () => {
    const etcd = etcdWorld(count)
    const revisions = Array.from({ length: 2 * count }, (_, i) => etcd.put(`a${i}`, i % count + 1)).map(r => r.revision)
    expect(revisions).toEqual(revisions.map((_, i) => 2 + i))
    for (let m = 1; m <= count; m++) {
      expect(etcd.get('a0', m)).toMatchObject({ ok: true, object: { metadata: { resourceVersion: '2' } } })
      expect(etcd.state(m).keyspace.revision).toBe(1 + 2 * count)
    }
    expect(etcd.kernel.quiet).toBe(true)
  })

  it('refuses a write whose revision is not the expected one, and says what is there', () => {
    const etcd = etcdWorld(count)
    etcd.put('a', count)
    expect(etcd.put('a', count)).toMatchObject({ ok: true, succeeded: false, object: { metadata: { name: 'a', resourceVersion: '2' } }, revision: 2 })
    expect(etcd.put('a', count, 2)).toMatchObject({ succeeded: true, revision: 3 })
    expect(etcd.call({ op: 'delete', key: key('a'), expected: 3 }, count)).toMatchObject({ succeeded: true, revision: 4 })
    expect(etcd.get('a', count).object).toBeUndefined()
  })

  it('tells a watch everything since its revision, in order', () => {
    const etcd = etcdWorld(count)
    etcd.put('a')
    expect(etcd.call({ op: 'watch', afterRevision: 1 }, count)).toMatchObject({ ok: true, revision: 2 })
    etcd.put('b', count); etcd.call({ op: 'delete', key: key('a'), expected: 2 })
    etcd.kernel.runTo(etcd.kernel.now + 10)
    expect(etcd.client().seen).toEqual(['PUT a@2', 'PUT b@3', 'DELETE a@4'])
  })

  it('records each change once, by its leader', () => {
    const etcd = etcdWorld(count)
    etcd.put('a', count); etcd.put('a', count, 2)
    const seen = [...etcd.kernel.trace.history()].filter(o => o.type === 'object').map((o: any) => `${o.actor} ${o.change} ${o.kind} ${o.name}@${o.revision}`)
    expect(seen).toEqual(['etcd/etcd-1 ADDED ConfigMap a@2', 'etcd/etcd-1 MODIFIED ConfigMap a@3'])
  })
})

describe('the keyspace', () => {
  it('lists in key order, also after deletions and in forks', () => {
    const etcd = etcdWorld(1)
    const names = (world = etcd, namespace?: string) =>
      world.call({ op: 'list', resource: 'configmaps', namespace, linearizable: true }).objects.map((o: any) => `${o.metadata.namespace}/${o.metadata.name}`)
    const put = (namespace: string, name: string, world = etcd) =>
      world.call({ op: 'put', key: key(name, namespace), expected: 0, value: { ...configMap(name), metadata: { name, namespace } } })
    for (const [ns, n] of [['b', 'x'], ['a-b', 'x'], ['a', 'z'], ['a', 'y']]) put(ns, n)
    expect(names()).toEqual(['a-b/x', 'a/y', 'a/z', 'b/x'])
    const twin = etcd.fork()
    put('a', 'a', twin)
    etcd.call({ op: 'delete', key: key('y', 'a'), expected: etcd.view().get('configmaps', 'a', 'y')!.metadata.resourceVersion as any * 1 })
    expect(names(etcd, 'a')).toEqual(['a/z'])
    expect(names(twin, 'a')).toEqual(['a/a', 'a/y', 'a/z'])
    put('a', 'y')
    expect(names()).toEqual(['a-b/x', 'a/y', 'a/z', 'b/x'])
  })

  it('starts with the objects it is given, secrets as they lie on disk', () => {
    const etcd = etcdWorld(3, {
      initial: [configMap('first'), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, data: { a: 'Yg==' } }],
    })
    expect(etcd.view().get('configmaps', 'default', 'first')!.metadata.resourceVersion).toBe('2')
    expect(etcd.view().raw('configmaps', 'default', 'first')).toContain('"kind":"ConfigMap"')
    expect(etcd.view().raw('secrets', 'default', 's')).toMatch(/^k8s:enc:aescbc:v1:key1:[0-9a-f]+$/)
  })

  it('lets keys with a time to live go by themselves', () => {
    const etcd = etcdWorld(3)
    etcd.put('event', 2, 0, { ttlSeconds: 3600 })
    etcd.kernel.runTo(3_660_000 - 1)
    expect(etcd.view().get('configmaps', 'default', 'event')).toBeDefined()
    expect(etcd.kernel.quiet).toBe(true)
    etcd.kernel.runTo(3_662_000)
    expect(etcd.view().get('configmaps', 'default', 'event')).toBeUndefined()
    expect(etcd.state(3).keyspace.revision).toBe(3)
  })

  it('forgets history by compaction, not values', () => {
    const etcd = etcdWorld(3)
    etcd.put('a'); etcd.put('a', 1, 2); etcd.put('a', 1, 3)
    expect(etcd.call({ op: 'compact', revision: 4 }, 2)).toMatchObject({ ok: true })
    expect(etcd.call({ op: 'watch', afterRevision: 2 }, 3)).toMatchObject({ ok: false, error: 'etcdserver: mvcc: required revision has been compacted' })
    expect(etcd.call({ op: 'watch', afterRevision: 3 }, 3)).toMatchObject({ ok: true })
    expect(etcd.call({ op: 'compact', revision: 4 })).toMatchObject({ error: 'etcdserver: mvcc: required revision has been compacted' })
    expect(etcd.get('a', 3)).toMatchObject({ object: { metadata: { resourceVersion: '4' } } })
  })

  it('keeps the change of the revision to which it was compacted, for a watch from there', () => {
    const etcd = etcdWorld(3)
    etcd.put('a'); etcd.put('a', 1, 2); etcd.put('b')
    etcd.call({ op: 'compact', revision: 3 }, 2)
    expect(etcd.state(1).keyspace.changesAfter(2).map(c => c.revision)).toEqual([3, 4])
  })

  it('shares a lease among a thousand keys of a minute, no more', () => {
    const leases = new Leases(), key = (i: number): any => ({ resource: 'events', namespace: 'default', name: `e${i}` })
    const granted = Array.from({ length: 1001 }, (_, i) => { const leased = leases.grant(key(i), i, 3600, i); leases.attach(leased, 3600); return leased })
    expect([granted[0], granted[999], granted[1000]].map(l => l.grantedAt)).toEqual([0, 0, 1000])
    const late = leases.grant(key(0), 0, 3600, 1000 + 60_001)
    expect(late.grantedAt).toBe(61_001)
  })
})
