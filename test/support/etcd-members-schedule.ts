import { mix32 } from '../../src/base/hash.ts'
import { invariant } from '../../src/base/invariant.ts'
import { etcdMember, memberNumber, type Member, type MemberChange, type Membership } from '../../src/runtime-model/etcd/index.ts'
import { groupOf } from '../../src/runtime-model/operations/etcdctl/endpoints.ts'
import { pair, WELL } from '../../src/runtime-model/network/links.ts'
import { etcdWorld } from './etcd-client.ts'

type World = ReturnType<typeof etcdWorld>
type Draw = (n: number) => number

const leaderOf = ({ kernel, ids }: World): string | undefined => {
  const leading = ids().filter(id => kernel.statusOf(id) === 'up' && kernel.stateOf<any>(id).raft.role === 'leader')
  return leading.sort((a, b) => kernel.stateOf<any>(b).raft.term - kernel.stateOf<any>(a).raft.term)[0]
}
const membershipOf = (world: World, id: string): Membership => groupOf(world as any, id).membership
function change(world: World, leader: string, what: MemberChange): void {
  world.kernel.operate(leader, 'member', { change: what })
  world.kernel.runTo(world.kernel.now)
}

/** Changes of the group that nobody checks before, as an operator without --strict-reconfig-check makes them: Raft alone keeps them safe. */
const changes: readonly ((world: World, leader: string, draw: Draw) => void)[] = [
  (world, leader, draw) => {
    const { kernel } = world, all = membershipOf(world, leader).members, name = `etcd-${1 + draw(7)}`, id = `etcd/${name}`
    if (all.some(m => m.id === id) || kernel.stateOf<any>(leader).raft.tail.length > 0) return
    const member: Member = { id, number: memberNumber(id, String(kernel.now)), learner: draw(2) === 0, started: false }
    if (kernel.has(id)) { kernel.stop(id); kernel.remove(id) }
    kernel.add(
      etcdMember({ name, host: name, members: [...world.ids().map(i => i.slice(5)), name], joins: member.number, initial: [], encryptedResources: [] }),
      'stopped'
    )
    change(world, leader, { do: 'add', member })
    if (draw(3)) kernel.start(id)
  },
  (world, leader, draw) => {
    const { members } = membershipOf(world, leader), gone = members[draw(members.length)]
    if (members.some(m => !m.learner && m.started && m !== gone)) change(world, leader, { do: 'remove', number: gone.number })
  },
  (world, leader) => {
    const learner = membershipOf(world, leader).members.find(m => m.learner)
    if (learner) change(world, leader, { do: 'promote', number: learner.number })
  },
  (world, leader, draw) => {
    const { members } = membershipOf(world, leader)
    world.kernel.operate(leader, 'move-leader', { to: members[draw(members.length)].id })
  },
]
const mishaps: readonly ((world: World, id: string, draw: Draw) => void)[] = [
  ({ kernel }, id) => { kernel.stop(id) }, ({ kernel }, id) => { kernel.start(id) }, ({ kernel }, id) => { kernel.crash(id) },
  ({ kernel }, id) => { kernel.hang(id) }, ({ kernel }, id) => { kernel.resume(id) },
  ({ kernel, ids }, _, draw) => {
    const hosts = ids().map(id => kernel.actor(id).host), side = hosts.filter(() => draw(2) === 0), rest = hosts.filter(h => !side.includes(h))
    kernel.setLinks(() => ({ ...WELL, blocked: new Set(side.flatMap(a => rest.map(b => pair(a, b)))) }))
  },
  ({ kernel }) => { kernel.setLinks(() => WELL) },
]

/** One schedule of changes of the group, mishaps and writes; what etcd promises is checked on the way and when all is well again. */
export function runMembersSchedule(seed: number, rounds = 16) {
  let counter = 0
  const draw: Draw = n => mix32(Math.imul(seed, 0x9e3779b1) + Math.imul(++counter, 0x85ebca77)) % n
  const world = etcdWorld(1 + draw(5), { seed }), { kernel } = world, asked = new Map<number, string>(), reads = new Map<number, number>()
  const leaders = new Map<number, string>([[1, 'etcd/etcd-1']]), figures = { committed: 0, failed: 0, read: 0, changed: 0, elections: 0 }
  let revision = 0
  kernel.observe(o => {
    if (o.type === 'object') { invariant(revision === 0 || o.revision === revision + 1, `revision ${o.revision} follows ${revision}`); revision = o.revision }
    if (o.type !== 'component' || o.state !== 'leader') return
    const { term } = kernel.stateOf(o.actor).raft, other = leaders.get(term)
    invariant(other === undefined || other === o.actor, `${o.actor} and ${other} lead term ${term}`)
    leaders.set(term, o.actor); figures.elections++
  })
  for (let round = 0; round < rounds; round++) {
    const leader = leaderOf(world), before = leader && membershipOf(world, leader)
    if (leader && draw(2)) changes[draw(changes.length)](world, leader, draw)
    if (leader && kernel.has(leader) && membershipOf(world, leader) !== before) figures.changed++
    if (draw(2)) mishaps[draw(mishaps.length)](world, world.ids()[draw(world.ids().length)], draw)
    for (let k = draw(4); k > 0; k--) {
      const name = `k${round}-${k}`, member = Number(world.ids()[draw(world.ids().length)].slice('etcd/etcd-'.length))
      asked.set(world.ask({ op: 'put', key: { resource: 'configmaps', namespace: 'default', name }, expected: 0, value: object(name) }, member), name)
      kernel.runTo(kernel.now + [0, 1, 2, 40][draw(4)])
      if (draw(2) === 0) reads.set(world.ask({ op: 'revision' }, member), revision)
    }
    kernel.runTo(kernel.now + [0, 1, 3, 700, 1500, 4000, 20_000][draw(7)])
  }
  const fork = world.fork(), hash = heal(world)
  invariant(heal(fork) === hash, 'a fork ends differently')
  for (const [id, name] of asked) {
    if (!world.answer(id)?.succeeded) { figures.failed++; continue }
    figures.committed++
    invariant(world.view().get('configmaps', 'default', name), `${name} was committed and is lost`)
  }
  for (const [id, before] of reads) {
    const answer = world.answer(id)
    if (!answer?.ok) continue
    figures.read++
    invariant(answer.revision >= before, `a linearizable read answers revision ${answer.revision} after ${before} was committed`)
  }
  return figures
}
const object = (name: string): any => ({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name, namespace: 'default' } })

/** Everybody who belongs to the group is up and connected, nobody else is: it has one leader, all hold the same, and it takes a write. */
function heal(world: World): string {
  const { kernel } = world
  kernel.setLinks(() => WELL)
  for (const id of world.ids()) { kernel.start(id); kernel.resume(id) }
  kernel.runTo(kernel.now + 30_000)
  const leader = leaderOf(world)
  invariant(leader !== undefined, 'nobody leads after healing')
  const { members } = membershipOf(world, leader), belonging = members.map(m => m.id)
  for (const id of world.ids()) if (!belonging.includes(id)) kernel.stop(id)
  kernel.runTo(kernel.now + 700_000) // longer than a supervisor waits
  invariant(kernel.quiet, 'the group does not come to rest')
  invariant(members.every(m => m.started || m.id === leader) || membershipOf(world, leader).members.every(m => m.started), 'somebody has not told its name')
  const at = Number(leader.slice('etcd/etcd-'.length)), result = world.put('healed', at)
  invariant(result?.succeeded && world.get('healed', at).object, `a write after healing ends in ${JSON.stringify(result)}`)
  const { applied } = kernel.stateOf<any>(leader).keyspace
  for (const id of belonging) invariant(kernel.stateOf<any>(id).keyspace.applied === applied, `${id} has not what its leader has`)
  return kernel.traceHash()
}
