import { describe, expect, it } from 'vitest'
import { pair, WELL } from '../src/runtime-model/network/links.ts'
import { etcdWorld } from './support/etcd-client.ts'

type World = ReturnType<typeof etcdWorld>
const cut = ({ kernel }: World, ...pairs: readonly (readonly [string, string])[]) =>
  kernel.setLinks(() => ({ ...WELL, blocked: new Set(pairs.map(([a, b]) => pair(a, b))) }))
const isolate = (world: World, host: string) => cut(world, ...world.ids().map(id => [host, id.slice(5)] as const).filter(([a, b]) => a !== b))
const changes = ({ kernel }: World) => [...kernel.trace.history()].filter(o => o.type === 'component' && o.at > 0).map((o: any) => `${o.node} ${o.state}`)
const days = (n: number) => n * 86_400_000

describe('the leader is lost', () => {
  it('another is elected in one to two seconds, and takes what was asked meanwhile', () => {
    const etcd = etcdWorld(3)
    etcd.put('before')
    etcd.kernel.stop('etcd/etcd-1')
    const from = etcd.kernel.now
    etcd.kernel.runTo(from + 900)
    expect(etcd.leaders()).toEqual(['etcd/etcd-1']) // the state a stopped process left; the living have none
    const asked = etcd.ask(
      {
        op: 'put', key: { resource: 'configmaps', namespace: 'default', name: 'x' }, expected: 0,
        value: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' } } as any,
      },
      2
    )
    const list = etcd.ask({ op: 'list', resource: 'configmaps', linearizable: true }, 2), revision = etcd.ask({ op: 'revision' }, 2)
    etcd.kernel.runTo(from + 2100)
    const leader = etcd.leaders().filter(id => id !== 'etcd/etcd-1')
    expect(leader).toHaveLength(1)
    expect(changes(etcd)).toContain(`${leader[0].slice(5)} leader`)
    expect(etcd.answer(asked)).toMatchObject({ ok: true, succeeded: true })
    expect(etcd.answer(list)).toMatchObject({ ok: true })
    expect(etcd.answer(revision)).toMatchObject({ ok: false, error: 'etcdserver: leader changed' })
    expect(etcd.put('after', 3)).toMatchObject({ succeeded: true })
    expect(etcd.get('before', 2).object).toBeDefined()
  })

  it('a write that was on its way to it is lost with it', () => {
    const etcd = etcdWorld(3)
    const asked = etcd.ask(
      {
        op: 'put', key: { resource: 'configmaps', namespace: 'default', name: 'x' }, expected: 0,
        value: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' } } as any,
      },
      2
    )
    etcd.kernel.runTo(1); etcd.kernel.stop('etcd/etcd-1'); etcd.kernel.runTo(8000)
    expect(etcd.answer(asked)).toMatchObject({ ok: false, error: 'etcdserver: request timed out, possibly due to previous leader failure' })
  })

  it('a write that waits for a leader is committed when there is one', () => {
    const etcd = etcdWorld(3)
    etcd.kernel.stop('etcd/etcd-1'); etcd.kernel.stop('etcd/etcd-2'); etcd.kernel.runTo(5000)
    const asked = etcd.ask(
      {
        op: 'put', key: { resource: 'configmaps', namespace: 'default', name: 'x' }, expected: 0,
        value: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' } } as any,
      },
      3
    )
    etcd.kernel.runTo(6000); etcd.kernel.start('etcd/etcd-2'); etcd.kernel.runTo(10_000)
    expect(etcd.answer(asked)).toMatchObject({ ok: true, succeeded: true })
  })

  it('comes back as a follower and catches up', () => {
    const etcd = etcdWorld(3)
    etcd.kernel.crash('etcd/etcd-1'); etcd.kernel.runTo(900); etcd.kernel.stop('etcd/etcd-1'); etcd.kernel.runTo(5000)
    etcd.put('a', 2); etcd.kernel.start('etcd/etcd-1'); etcd.kernel.runTo(70_000)
    expect(etcd.leaders()).toHaveLength(1)
    expect(etcd.get('a', 1, false).object).toBeDefined()
    expect(etcd.kernel.quiet).toBe(true)
  })

  it('a frozen leader finds itself deposed when it thaws', () => {
    const etcd = etcdWorld(3)
    etcd.kernel.hang('etcd/etcd-1'); etcd.kernel.runTo(3000)
    const stale = etcd.ask({ op: 'revision' }, 1)
    expect(etcd.put('a', 2)).toMatchObject({ succeeded: true })
    etcd.kernel.resume('etcd/etcd-1'); etcd.kernel.runTo(20_000)
    expect(etcd.answer(stale)).toMatchObject({ ok: false, error: 'etcdserver: leader changed' })
    expect(changes(etcd).at(-1)).toBe('etcd-1 follower')
    expect(etcd.get('a', 1).object).toBeDefined()
  })
})

describe('the quorum is lost', () => {
  const two = () => {
    const etcd = etcdWorld(3)
    etcd.put('kept')
    etcd.kernel.stop('etcd/etcd-2')
    etcd.kernel.stop('etcd/etcd-3')
    etcd.kernel.runTo(10_000)
    return etcd
  }

  it('writes and linearizable reads fail after seven seconds, serializable ones are answered', () => {
    const etcd = two(), from = etcd.kernel.now
    expect(etcd.put('x')).toMatchObject({ ok: false, error: 'context deadline exceeded' })
    expect(etcd.kernel.now - from).toBeLessThan(7100)
    expect(etcd.get('kept')).toEqual({ ok: false, error: 'etcdserver: request timed out' })
    expect(etcd.get('kept', 1, false)).toMatchObject({ ok: true, object: { metadata: { name: 'kept' } } })
  })

  it('watches are cancelled and new ones refused', () => {
    const etcd = etcdWorld(3)
    etcd.call({ op: 'watch', afterRevision: 1 })
    etcd.kernel.stop('etcd/etcd-2'); etcd.kernel.stop('etcd/etcd-3')
    etcd.kernel.runTo(3900)
    expect(etcd.client().closed).toBe(0)
    etcd.kernel.runTo(4100)
    expect(etcd.client().closed).toBe(1)
    expect(etcd.call({ op: 'watch', afterRevision: 1 })).toEqual({ ok: false, error: 'etcdserver: no leader' })
  })

  it('costs nothing for as long as it lasts, and ends by itself', () => {
    const etcd = two()
    etcd.kernel.runTo(100_000)
    expect(etcd.kernel.quiet).toBe(true)
    const events = etcd.kernel.eventCount
    etcd.kernel.runTo(days(3))
    expect(etcd.kernel.eventCount - events).toBe(0)
    etcd.kernel.start('etcd/etcd-3'); etcd.kernel.runTo(days(3) + 3000)
    expect(etcd.put('x')).toMatchObject({ succeeded: true })
  })
})

describe('the network is cut', () => {
  it('a leader in the minority steps down, the majority goes on', () => {
    const etcd = etcdWorld(5)
    cut(etcd, ...['etcd-1', 'etcd-2'].flatMap(a => ['etcd-3', 'etcd-4', 'etcd-5'].map(b => [a, b] as const)))
    etcd.kernel.runTo(1500)
    expect(changes(etcd)[0]).toBe('etcd-1 follower')
    etcd.kernel.runTo(5000)
    expect(etcd.put('a', 4)).toMatchObject({ succeeded: true })
    expect(etcd.get('a', 2, false).object).toBeUndefined()
    etcd.kernel.setLinks(() => WELL); etcd.kernel.runTo(6000)
    expect(etcd.get('a', 2).object).toBeDefined()
    expect(etcd.leaders()).toHaveLength(1)
  })

  it('a write that only the minority has is given up when it rejoins', () => {
    const etcd = etcdWorld(3)
    cut(etcd, ['etcd-1', 'etcd-2'], ['etcd-1', 'etcd-3'])
    const lost = etcd.ask({
      op: 'put', key: { resource: 'configmaps', namespace: 'default', name: 'lost' }, expected: 0,
      value: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'lost' } } as any,
    })
    etcd.kernel.runTo(4000)
    etcd.put('won', 2)
    etcd.kernel.setLinks(() => WELL); etcd.kernel.runTo(60_000)
    expect(etcd.answer(lost).ok).toBe(false)
    for (const m of [1, 2, 3]) expect(etcd.state(m).keyspace.list('configmaps').map(o => o.metadata.name)).toEqual(['won'])
  })

  it('a short break is not noticed by clients', () => {
    const etcd = etcdWorld(3)
    isolate(etcd, 'etcd-1')
    const asked = etcd.ask({
      op: 'put', key: { resource: 'configmaps', namespace: 'default', name: 'x' }, expected: 0,
      value: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' } } as any,
    })
    etcd.kernel.runTo(600); etcd.kernel.setLinks(() => WELL); etcd.kernel.runTo(700)
    expect(etcd.answer(asked)).toMatchObject({ succeeded: true })
    expect(changes(etcd)).toEqual([])
  })

  it('a member that one other still reaches does not disturb the leader', () => {
    const etcd = etcdWorld(3)
    cut(etcd, ['etcd-1', 'etcd-3']); etcd.kernel.runTo(days(1))
    expect(etcd.leaders()).toEqual(['etcd/etcd-1'])
    expect(etcd.state(1).raft.term).toBe(1)
    expect(etcd.kernel.eventCount).toBeLessThan(100)
    etcd.kernel.stop('etcd/etcd-1'); etcd.kernel.runTo(days(1) + 5000)
    expect(etcd.put('x', 3)).toMatchObject({ succeeded: true })
  })
})
