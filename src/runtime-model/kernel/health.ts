import { connected } from '../network/links.ts'
import type { Input } from './actor.ts'
import type { Core } from './core.ts'
import { cut, resolve } from './transport.ts'

/**
 * What the closed forms rest on: whether the path of a heartbeat and the connections between peers are well. Everything is looked at again when
 * a process, a machine, a link or a condition has changed, and at no other time.
 */
export function disturbed(core: Core): void { reviewPeers(core); review(core) }

const isUp = (core: Core, i: number): boolean => core.cells[i].status === 'up' && core.powerOf(core.cells[i].actor.host) === 'up'

export function reviewPeers(core: Core): void {
  const well = (a: number, b: number): boolean => isUp(core, a) && isUp(core, b) && connected(core.links, core.cells[a].actor.host, core.cells[b].actor.host)
  for (const { a, b, connection } of core.peers.review(well)) {
    // what breaks between two that are well is stopped by a cut, which has been met by their heartbeats
    if (connection === 0 && isUp(core, a) && isUp(core, b)) cut(core, core.cells[a].actor.host, core.cells[b].actor.host)
    for (const [end, other] of [[a, b], [b, a]]) core.push(core.now, end, { on: 'peer', peer: core.cells[other].actor.id, connection })
  }
}

function review(core: Core): void {
  const { heartbeats } = core
  for (const [key, h] of heartbeats.all()) {
    const healthy = pathHealthy(core, h.owner)
    if (h.stoppedAt < 0 && !healthy) {
      heartbeats.stop(key, core.now)
      tellFollowers(core, key, 'stopped')
      tell(core, h.owner, key, 'failing')
    } else if (h.stoppedAt >= 0 && healthy) tell(core, h.owner, key, 'possible')
  }
}

/** A heartbeat is kept from now on, or has been since a while ago. */
export function keep(core: Core, i: number, key: string, periodMs: number, agoMs = 0): void {
  if (core.heartbeats.keep(key, i, periodMs, core.now - agoMs)) tellFollowers(core, key, 'resumed')
  if (!pathHealthy(core, i)) review(core)
}

function pathHealthy(core: Core, owner: number): boolean {
  const { host } = core.cells[owner].actor
  if (!isUp(core, owner) || !core.condition('etcd writable')) return false
  if (core.links.rules.some(r => r.to === 'kube-apiserver' && r.type === 'request' && r.effect.do !== 'delay')) return false
  const server = resolve(core, host, 'kube-apiserver')
  return server !== undefined && !core.isStalled(server) && core.condition(`${core.cells[server].actor.id} serving`)
    && etcdHasQuorum(core, core.cells[server].actor.host)
}

/**
 * Whether a majority of members is up, connected and holds a keyspace, and the member on this host (which the API server there uses)
 * reaches it. The second or two in which such a majority elects a leader are left out of account.
 */
function etcdHasQuorum(core: Core, host: string): boolean {
  const members = (core.byComponent.get('etcd') ?? []).filter(i => core.condition(`${core.cells[i].actor.id} belongs`))
  const hostOf = (i: number): string => core.cells[i].actor.host
  const well = members.filter(i => isUp(core, i) && core.condition(`${core.cells[i].actor.id} votes`))
  const asked = members.some(i => hostOf(i) === host) ? well.filter(i => hostOf(i) === host) : well
  return members.length === 0 || asked.some(i => 2 * well.filter(j => i === j || connected(core.links, hostOf(i), hostOf(j))).length > members.length)
}

function tellFollowers(core: Core, key: string, state: 'stopped' | 'resumed'): void {
  for (const actor of core.heartbeats.followersOf(key)) tell(core, actor, key, state)
}
function tell(core: Core, actor: number, key: string, state: Extract<Input, { on: 'heartbeat' }>['state']): void {
  core.push(core.now, actor, { on: 'heartbeat', key, state, lastAt: core.heartbeats.lastAt(core.heartbeats.get(key)!, core.now) })
}
