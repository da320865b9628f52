import { mix32 } from '../../src/base/hash.ts'
import { invariant } from '../../src/base/invariant.ts'
import { connected, pair, WELL } from '../../src/runtime-model/network/links.ts'
import { etcdWorld } from './etcd-client.ts'

type World = ReturnType<typeof etcdWorld>
type Draw = (n: number) => number

/** What an unlucky hour does to a group: one of these, then some time, then writes at any member. */
const mishaps: readonly ((world: World, member: string, draw: Draw) => void)[] = [
  ({ kernel }, id) => { kernel.stop(id) }, ({ kernel }, id) => { kernel.start(id) },
  ({ kernel }, id) => { kernel.hang(id) }, ({ kernel }, id) => { kernel.resume(id) },
  ({ kernel }, id) => { kernel.crash(id) },
  ({ kernel }, id) => { kernel.stop(id); kernel.start(id) }, ({ kernel }, id) => { kernel.hang(id); kernel.resume(id) },
  ({ kernel }, id) => { kernel.hostDown(kernel.actor(id).host) }, ({ kernel }, id) => { kernel.hostUp(kernel.actor(id).host) },
  ({ kernel, ids }, id, draw) => {
    const other = ids()[draw(ids().length)]
    if (other !== id) kernel.setLinks(links => ({ ...links, blocked: new Set([...links.blocked, pair(kernel.actor(id).host, kernel.actor(other).host)]) }))
  },
  ({ kernel, ids }, _, draw) => {
    const side = ids().filter(() => draw(2) === 0), rest = ids().filter(id => !side.includes(id))
    kernel.setLinks(links => ({ ...links, blocked: new Set(side.flatMap(a => rest.map(b => pair(kernel.actor(a).host, kernel.actor(b).host)))) }))
  },
  ({ kernel }) => { kernel.setLinks(() => WELL) },
]

/** Runs one schedule of mishaps and writes, and checks what etcd promises on the way and after all is well again. */
export function runSchedule(members: number, seed: number, rounds = 14) {
  let counter = 0
  const draw: Draw = n => mix32(Math.imul(seed, 0x9e3779b1) + Math.imul(++counter, 0x85ebca77)) % n
  const world = etcdWorld(members, { seed }), { kernel } = world, asked = new Map<number, string>(), reads = new Map<number, number>()
  const leaderOfTerm = new Map<number, string>()
  let revision = 0
  const figures = { committed: 0, failed: 0, read: 0, watched: 0, elections: 0 }
  kernel.observe(o => {
    if (o.type === 'object') { invariant(o.revision === revision + 1 || revision === 0, `revision ${o.revision} follows ${revision}`); revision = o.revision }
    if (o.type === 'component' && o.state === 'leader') {
      figures.elections++
      const term = kernel.stateOf(o.actor).raft.term, other = leaderOfTerm.get(term)
      invariant(other === undefined || other === o.actor, `${o.actor} and ${other} lead term ${term}`)
      leaderOfTerm.set(term, o.actor)
    }
  })
  leaderOfTerm.set(1, 'etcd/etcd-1')
  for (let round = 0; round < rounds; round++) {
    const ids = world.ids()
    for (let k = draw(3); k >= 0; k--) mishaps[draw(mishaps.length)](world, ids[draw(ids.length)], draw)
    for (let k = draw(4); k > 0; k--) {
      const name = `k${round}-${k}`
      asked.set(
        world.ask(
          {
            op: 'put', key: { resource: 'configmaps', namespace: 'default', name }, expected: 0,
            value: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name, namespace: 'default' } } as any,
          },
          1 + draw(members)
        ),
        name
      )
      kernel.runTo(kernel.now + [0, 1, 2, 40][draw(4)])
      if (draw(3) === 0) reads.set(world.ask({ op: 'revision' }, 1 + draw(members)), revision)
      if (draw(6) === 0) world.ask({ op: 'watch', afterRevision: draw(2) ? revision : 1 }, 1 + draw(members))
    }
    kernel.runTo(kernel.now + [0, 1, 3, 700, 1500, 4000, 20_000][draw(7)])
  }
  settles(world)
  // all is well again
  const fork = world.fork(), hash = heal(world)
  invariant(heal(fork) === hash, 'a fork ends differently')
  for (const [id, name] of asked) {
    const answer = world.answer(id)
    if (answer?.succeeded) {
      figures.committed++
      invariant(world.view().get('configmaps', 'default', name), `${name} was committed and is lost`)
    } else figures.failed++
  }
  for (const [id, before] of reads) {
    const answer = world.answer(id)
    if (answer?.ok) {
      figures.read++
      invariant(answer.revision >= before, `a linearizable read answers revision ${answer.revision} after ${before} was committed`)
    }
  }
  const told = new Map<number, number>()
  for (const [stream, revision] of world.client().told) {
    invariant(revision === (told.get(stream) ?? revision - 1) + 1, `a watch tells revision ${revision} after ${told.get(stream)}`)
    told.set(stream, revision)
  }
  figures.watched += told.size
  for (const id of world.ids()) {
    invariant(
      kernel.stateOf(id).keyspace.applied === kernel.stateOf(world.leaders()[0]).keyspace.applied
        && kernel.stateOf(id).keyspace.list('configmaps').length === world.view().list('configmaps').length,
      `${id} differs from its leader`
    )
  }
  return figures
}

/** In whatever state it is: nothing goes on ticking, and members that are all connected and a majority have a leader whom they follow. */
function settles({ kernel, ids }: World): void {
  kernel.runTo(kernel.now + 90_000) // longer than clients wait
  invariant(kernel.quiet, 'the group does not come to rest')
  const up = ids().filter(id => kernel.statusOf(id) === 'up')
  const linked = (a: string, b: string): boolean => connected(kernel.links, kernel.actor(a).host, kernel.actor(b).host)
  const clique = up.filter(a => up.every(b => linked(a, b)))
  if (2 * clique.length <= ids().length) return
  const leader = up.find(id => kernel.stateOf(id).raft.role === 'leader')
  invariant(leader !== undefined && clique.every(id => kernel.stateOf(id).raft.leader === leader), `${clique.join(', ')} do not follow ${leader}`)
}

/** Everything up and connected: the group becomes one again, is quiet, and takes a write at each member. Answers the hash of the run. */
function heal(world: World): string {
  const { kernel } = world
  kernel.setLinks(() => WELL)
  for (const id of world.ids()) { kernel.hostUp(kernel.actor(id).host); kernel.start(id); kernel.resume(id) }
  kernel.runTo(kernel.now + 90_000) // longer than clients wait
  invariant(kernel.quiet, 'the group does not come to rest')
  invariant(world.leaders().length === 1, `leaders after healing: ${world.leaders().join(', ') || 'none'}`)
  world.ids().forEach((_, i) => {
    const before = world.view().revision, result = world.put(`healed-${i}`, i + 1)
    invariant(result?.succeeded && result.revision === before + 1, `a write at etcd-${i + 1} after healing ends in ${JSON.stringify(result)}`)
    invariant(world.get(`healed-${i}`, i + 1).object, 'it is not read again')
  })
  return kernel.traceHash()
}
