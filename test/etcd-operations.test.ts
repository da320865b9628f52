import { describe, expect, it } from 'vitest'
import { etcdctl, etcdutl } from '../src/runtime-model/operations/etcdctl/index.ts'
import { configMap, etcdWorld } from './support/etcd-client.ts'

type World = ReturnType<typeof etcdWorld>
/** What a terminal shows: standard output, then standard error, then an exit code that is not 0. */
function run(world: World, line: string): string {
  const [program, ...args] = line.split(' '), { stdout, stderr, code } = JSON.parse((program === 'etcdutl' ? etcdutl : etcdctl)(world as any, { args }))
  return stdout + stderr + (code ? `(${code})` : '')
}
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, data: { a: 'Yg==' } }
const names = (world: World) => world.view().list('configmaps').map(o => o.metadata.name)

describe('etcdctl', () => {
  const world = (count = 3) =>
    etcdWorld(count, { initial: [configMap('a', '1'), configMap('b', '2'), secret, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' } }] })

  it('reads keys as they lie on disk', () => {
    const etcd = world()
    expect(run(etcd, 'etcdctl get /registry --prefix --keys-only')).toBe(
      '/registry/configmaps/default/a\n\n/registry/configmaps/default/b\n\n/registry/minions/worker-1\n\n/registry/secrets/default/s\n\n'
    )
    expect(run(etcd, 'etcdctl get /registry/configmaps/default/a')).toBe(
      '/registry/configmaps/default/a\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"},"data":{"value":"1"}}\n'
    )
    expect(run(etcd, 'etcdctl get /registry/secrets/default/s --print-value-only')).toMatch(/^k8s:enc:aescbc:v1:key1:/)
    expect(run(etcd, 'etcdctl get /registry/configmaps/default/none')).toBe('')
    expect([...etcd.kernel.trace.history()].filter(o => o.type === 'etcd').every(o => o.actor === 'etcdctl')).toBe(true)
  })

  it('shows members and their health', () => {
    const etcd = world()
    expect(run(etcd, 'etcdctl member list').split('\n').find(l => l.includes('etcd-2'))).toMatch(/^[0-9a-f]+, started, etcd-2, https:\/\/etcd-2:2380, https:\/\/etcd-2:2379, false$/)
    expect(run(etcd, 'etcdctl endpoint health --cluster -w table')).toBe([
      '+---------------------+--------+------+-------+', '|      ENDPOINT       | HEALTH | TOOK | ERROR |', '+---------------------+--------+------+-------+',
      ...[3, 1, 2].map(n => `| https://etcd-${n}:2379 |   true |  5ms |       |`), '+---------------------+--------+------+-------+', ''].join('\n'))
    expect(run(etcd, 'etcdctl endpoint status --cluster -w table').split('\n').slice(3, 6).map(l => l.split('|')[9].trim())).toEqual(['false', 'true', 'false'])
    etcd.kernel.stop('etcd/etcd-2'); etcd.kernel.stop('etcd/etcd-3'); etcd.kernel.runTo(5000)
    expect(run(etcd, 'etcdctl endpoint health')).toBe(
      '127.0.0.1:2379 is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster\n(1)'
    )
    expect(run(etcd, 'etcdctl get /registry --prefix')).toBe('Error: context deadline exceeded\n(1)')
    expect(run(etcd, 'etcdctl get /registry --prefix --keys-only --consistency=s --limit=1')).toBe('/registry/configmaps/default/a\n\n')
    expect(JSON.parse(run(etcd, 'etcdctl endpoint status -w json'))[0].Status.errors).toEqual(['etcdserver: no leader'])
  })

  it('compacts', () => {
    const etcd = world()
    expect(run(etcd, 'etcdctl compact 4')).toBe('compacted revision 4\n')
    expect(run(etcd, 'etcdctl compact 3')).toBe('Error: etcdserver: mvcc: required revision has been compacted\n(1)')
    expect(run(etcd, 'etcdctl compact 99')).toBe('Error: etcdserver: mvcc: required revision is a future revision\n(1)')
    expect(etcd.state(3).keyspace.compacted).toBe(4)
  })

  it('waits for every endpoint that is named before it moves the leader', () => {
    const etcd = world(), all = '--endpoints=etcd-1:2379,etcd-2:2379'
    const to = run(etcd, 'etcdctl member list').split('\n').find(l => l.includes('etcd-2'))!.split(',')[0]
    etcd.kernel.stop('etcd/etcd-2')
    const from = etcd.kernel.now
    expect(run(etcd, `etcdctl move-leader ${to} ${all}`)).toBe('Error: context deadline exceeded\n(1)')
    expect(etcd.kernel.now - from).toBe(5000)
    etcd.kernel.start('etcd/etcd-2'); etcd.kernel.runTo(etcd.kernel.now + 3000)
    expect(run(etcd, `etcdctl move-leader ${to} ${all}`)).toMatch(/^Leadership transferred from [0-9a-f]+ to [0-9a-f]+\n$/)
    expect(etcd.state(2).raft.role).toBe('leader')
  })

  it('names what is not modelled', () => {
    expect(run(world(), 'etcdctl lock a')).toBe('Error: not modelled: etcdctl lock a\n(1)')
  })
})

describe('what goes at once has one revision', () => {
  const gone = (etcd: World): string[] => etcd.client().seen.filter(s => s.startsWith('DELETE')), plain = { resource: '', namespace: '' }
  const now = (etcd: World): readonly number[] => [1, 2, 3].map(m => etcd.state(m).keyspace.revision)

  it('a range of keys that is deleted, as every member and watch sees it', () => {
    const etcd = etcdWorld(3)
    for (const name of ['a', 'b', 'c']) etcd.put(name)
    run(etcd, 'etcdctl put /own/x 1'); run(etcd, 'etcdctl put /own/y 2')
    etcd.call({ op: 'watch', afterRevision: 6 }, 2)
    expect(run(etcd, 'etcdctl del /registry/configmaps/ --prefix')).toBe('3\n')
    etcd.kernel.runTo(etcd.kernel.now + 100)
    expect([now(etcd), gone(etcd), names(etcd)]).toEqual([[7, 7, 7], ['DELETE a@7', 'DELETE b@7', 'DELETE c@7'], []])
    expect(run(etcd, 'etcdctl del /own/ --prefix')).toBe('2\n')
    expect(now(etcd)[0]).toBe(8)
    expect(run(etcd, 'etcdctl del /own/ --prefix')).toBe('0\n')
    expect(now(etcd)[0]).toBe(8)
    expect(run(etcd, 'etcdctl watch /own --prefix --rev=7').match(/DELETE/g)).toHaveLength(2)
    expect(run(etcd, 'etcdctl get /own --prefix --rev=7 --keys-only')).toBe('/own/x\n\n/own/y\n\n')
    expect(run(etcd, 'etcdctl get /registry/configmaps --prefix --rev=6 --keys-only').match(/default/g)).toHaveLength(3)
    expect(etcd.put('d')).toMatchObject({ revision: 9 })
    expect(etcd.state(3).keyspace.changesAfter(6).map(c => c.revision)).toEqual([7, 7, 7, 8, 8, 9])
    etcd.call({ op: 'compact', revision: 8 })
    expect(etcd.state(1).keyspace.changesAfter(7).map(c => c.revision)).toEqual([8, 8, 9])
  })

  it('a member that was away is told of all of it', () => {
    const etcd = etcdWorld(3)
    for (const name of ['a', 'b']) etcd.put(name)
    etcd.kernel.stop('etcd/etcd-3')
    run(etcd, 'etcdctl del /registry/configmaps/ --prefix'); etcd.put('c')
    etcd.kernel.start('etcd/etcd-3'); etcd.kernel.runTo(etcd.kernel.now + 5000)
    expect([now(etcd), etcd.state(3).keyspace.list('configmaps').map(o => o.metadata.name)]).toEqual([[5, 5, 5], ['c']])
  })

  it('the keys of a lease that ends, is revoked, or is an API server\'s', () => {
    const etcd = etcdWorld(3), grant = (seconds: number): string => run(etcd, `etcdctl lease grant ${seconds}`).split(' ')[1]
    const short = grant(5), long = grant(600)
    for (const [key, lease] of [['/a', short], ['/b', short], ['/c', long], ['/d', long]]) run(etcd, `etcdctl put ${key} 1 --lease=${lease}`)
    etcd.kernel.runTo(etcd.kernel.now + 6000)
    expect([now(etcd), etcd.state(2).keyspace.item({ ...plain, name: '/b' }), etcd.state(2).keyspace.grants.length]).toEqual([[6, 6, 6], undefined, 1])
    expect(run(etcd, `etcdctl lease revoke ${long}`)).toBe(`lease ${long} revoked\n`)
    expect([now(etcd)[0], etcd.state(1).keyspace.item({ ...plain, name: '/c' })]).toEqual([7, undefined])
    const event = (name: string): void => {
      etcd.call({ op: 'put', key: { resource: 'events', namespace: 'default', name }, expected: 0, value: configMap(name), ttlSeconds: 60 })
    }
    event('e1'); event('e2'); etcd.kernel.runTo(etcd.kernel.now + 60_000); event('e3')
    etcd.kernel.runTo(etcd.kernel.now + 61_000)
    expect([now(etcd), etcd.state(2).keyspace.list('events').map(o => o.metadata.name)]).toEqual([[11, 11, 11], ['e3']])
  })
})

describe('a full database', () => {
  it('takes no puts until it is compacted, defragmented and disarmed; reads and deletes go on', () => {
    const etcd = etcdWorld(3)
    etcd.put('a'); etcd.put('a', 1, 2)
    for (const id of etcd.ids()) etcd.kernel.operate(id, 'nospace', { on: true })
    const full = { ok: false, error: 'etcdserver: mvcc: database space exceeded' }
    expect(etcd.put('b', 2)).toEqual(full)
    expect(etcd.kernel.condition('etcd writable')).toBe(false)
    expect(etcd.get('a').object).toBeDefined()
    expect(etcd.call({ op: 'delete', key: { resource: 'configmaps', namespace: 'default', name: 'a' }, expected: 3 })).toMatchObject({ succeeded: true })
    expect(run(etcd, 'etcdctl alarm list')).toMatch(/^(memberID:\d+ alarm:NOSPACE \n){3}$/)
    run(etcd, 'etcdctl alarm disarm')
    expect(etcd.put('b', 2)).toEqual(full)
    expect(etcd.kernel.condition('etcd writable')).toBe(false)
    run(etcd, 'etcdctl compact 3')
    run(etcd, 'etcdctl alarm disarm')
    expect(etcd.put('b', 2)).toEqual(full) // what was compacted is still a part of the file
    expect(run(etcd, 'etcdctl defrag --cluster').split('\n')[0]).toMatch(/^Finished defragmenting etcd member\[https:\/\/etcd-3:2379\]/)
    run(etcd, 'etcdctl alarm disarm')
    expect(etcd.put('b', 2)).toMatchObject({ succeeded: true })
    expect(etcd.kernel.condition('etcd writable')).toBe(true)
  })
})

describe('a lost disk', () => {
  const lose = (etcd: World, member: number) => {
    etcd.kernel.operate(`etcd/etcd-${member}`, 'lose-disk', {})
    etcd.kernel.runTo(etcd.kernel.now)
    etcd.kernel.stop(`etcd/etcd-${member}`)
  }

  it.each([1, 2])('of member %i of three is filled again by the leader', member => {
    const etcd = etcdWorld(3)
    etcd.put('a'); lose(etcd, member)
    expect(names(etcd)).toEqual(['a'])
    etcd.kernel.runTo(5000); etcd.put('b', 3)
    etcd.kernel.start(`etcd/etcd-${member}`); etcd.kernel.runTo(10_000)
    expect(etcd.get('b', member, false).object).toBeDefined()
    expect(etcd.state(member).keyspace.list('configmaps')).toHaveLength(2)
  })

  it('does not count as a vote before it is filled', () => {
    const etcd = etcdWorld(3)
    etcd.put('a'); lose(etcd, 2); etcd.kernel.stop('etcd/etcd-1'); etcd.kernel.start('etcd/etcd-2'); etcd.kernel.runTo(60_000)
    expect(etcd.state(3).raft.leader).toBeUndefined()
    expect(etcd.kernel.condition('etcd/etcd-2 votes')).toBe(false)
    expect(etcd.kernel.quiet).toBe(true)
    etcd.kernel.start('etcd/etcd-1'); etcd.kernel.runTo(70_000)
    expect(etcd.get('a', 2).object).toBeDefined()
    expect(etcd.kernel.condition('etcd/etcd-2 votes')).toBe(true)
  })

  it('of the only member is the loss of everything', () => {
    const etcd = etcdWorld(1)
    etcd.put('a'); lose(etcd, 1); etcd.kernel.start('etcd/etcd-1'); etcd.kernel.runTo(1000)
    expect(names(etcd)).toEqual([])
    expect(etcd.put('b')).toMatchObject({ succeeded: true, revision: 2 })
  })
})

describe('a snapshot', () => {
  it('is saved from one member, described, and brings back what it holds', () => {
    const etcd = etcdWorld(3)
    etcd.put('kept'); etcd.call({ op: 'watch', afterRevision: 2 }, 2)
    expect(run(etcd, 'etcdctl snapshot save snap.db')).toBe('Snapshot saved at snap.db\nServer version 3.6.0\n')
    expect(run(etcd, 'etcdutl snapshot status snap.db')).toMatch(/^[0-9a-f]+, 2, 1, 21 kB, 3.6.0\n$/)
    etcd.put('late'); etcd.call({ op: 'delete', key: { resource: 'configmaps', namespace: 'default', name: 'kept' }, expected: 2 })
    expect(names(etcd)).toEqual(['late'])
    expect(run(etcd, 'etcdutl snapshot restore snap.db')).toBe('')
    expect(names(etcd)).toEqual(['kept'])
    etcd.kernel.runTo(etcd.kernel.now + 3000)
    expect(etcd.client().closed).toBe(1) // its watch
    expect(etcd.put('new', 3)).toMatchObject({ succeeded: true, revision: 3 })
    expect([1, 2, 3].map(m => etcd.get('kept', m).revision)).toEqual([3, 3, 3])
  })

  it('reaches a member that was away later', () => {
    const etcd = etcdWorld(3)
    etcd.put('kept'); run(etcd, 'etcdctl snapshot save snap.db')
    etcd.kernel.hostDown('etcd-1'); etcd.kernel.runTo(5000); etcd.put('late', 2)
    run(etcd, 'etcdutl snapshot restore snap.db'); etcd.kernel.runTo(10_000); etcd.put('new', 2)
    etcd.kernel.hostUp('etcd-1'); etcd.kernel.runTo(20_000)
    expect(etcd.state(1).keyspace.list('configmaps').map(o => o.metadata.name)).toEqual(['kept', 'new'])
  })

  it('that was never saved is refused', () => {
    expect(run(etcdWorld(1), 'etcdutl snapshot restore none.db')).toBe('Error: open none.db: no such file or directory\n(1)')
  })

  it('survives a fork: both sides restore the same', () => {
    const etcd = etcdWorld(3)
    etcd.put('kept'); run(etcd, 'etcdctl snapshot save snap.db'); etcd.put('late')
    const twin = etcd.fork()
    for (const world of [etcd, twin]) { run(world, 'etcdutl snapshot restore snap.db'); world.kernel.runTo(world.kernel.now + 5000); world.put(`more`, 2) }
    expect(twin.kernel.traceHash()).toBe(etcd.kernel.traceHash())
    expect(names(twin)).toEqual(['kept', 'more'])
  })
})
