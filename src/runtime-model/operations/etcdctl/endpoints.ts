import { errors, groupAtFirst, groupIn, memberName, memberNumber, type Command, type Group, type MemberState } from '../../etcd/index.ts'
import type { Cluster } from '../../cluster.ts'
import { failed, timeoutOf, waitFor, type Invocation, type Output } from './command.ts'

/** A member that a command asks, under the address by which it was named. */
export interface Endpoint { readonly url: string; readonly id: string; readonly state: MemberState; readonly up: boolean }

export const decimal = (hexadecimal: string): string => BigInt(`0x${hexadecimal}`).toString()
/** The number of the cluster, as responses have it. */
export const clusterNumber = memberNumber('cluster')

const stateOf = (cluster: Cluster, id: string): MemberState => cluster.kernel.stateOf(id)
/** The group as a member of it knows it. */
export function groupOf(cluster: Cluster, id: string): Group {
  const { membership } = stateOf(cluster, id).keyspace, { peers = [] } = cluster.kernel.actor(id)
  // in the order in which they were named at first
  const names = [id, ...peers].map(memberName).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const atFirst = groupAtFirst(memberName(id), names)
  if (membership === undefined) return atFirst
  const own = membership.members.find(m => m.id === id)
  return groupIn({ ...atFirst, number: own?.number ?? atFirst.number }, membership)
}
export const numberOf = (cluster: Cluster, id: string): string => groupOf(cluster, id).number
export const hostOf = (cluster: Cluster, id: string): string => cluster.kernel.actor(id).host

/** Who is a member in fact, in order of their processes. */
export const memberIds = (cluster: Cluster): readonly string[] => {
  const ids = cluster.kernel.ids('etcd'), belonging = ids.filter(id => { const g = groupOf(cluster, id); return g.votes || g.learns })
  return belonging.length ? belonging : ids
}

export const endpointOf = (cluster: Cluster, id: string, url = `https://${hostOf(cluster, id)}:2379`): Endpoint =>
  ({ url, id, state: stateOf(cluster, id), up: cluster.kernel.statusOf(id) === 'up' })

export function endpoints({ cluster, flags }: Invocation): Endpoint[] {
  const ids = cluster.kernel.ids('etcd'), local = ids.find(id => cluster.kernel.statusOf(id) === 'up') ?? ids[0]
  if (flags.cluster) return clusterEndpoints(cluster)
  if (!flags.endpoints) return [endpointOf(cluster, local, '127.0.0.1:2379')]
  return flags.endpoints.split(',').map(url => {
    const host = url.replace(/^https?:\/\//, '').split(':')[0]
    return endpointOf(cluster, ids.find(id => host === memberName(id) || host === hostOf(cluster, id)) ?? local, url)
  })
}

/** Of every member that has told its addresses. */
function clusterEndpoints(cluster: Cluster): Endpoint[] {
  const ids = memberIds(cluster), { membership } = groupOf(cluster, ids.find(id => cluster.kernel.statusOf(id) === 'up') ?? ids[0])
  return [...membership.members].sort(byNumber).filter(m => m.started && cluster.kernel.has(m.id)).map(m => endpointOf(cluster, m.id))
}
export const byNumber = (a: { readonly number: string }, b: { readonly number: string }): number =>
  a.number.length - b.number.length || (a.number < b.number ? -1 : 1)

/** A member answers what needs the quorum: its leader runs and is followed by a majority of those who vote, and it is one of those who follow. */
export function hasQuorum(cluster: Cluster, { up, state, id }: Endpoint): boolean {
  const { leader } = state.raft
  if (!up || leader === undefined || !cluster.kernel.has(leader)) return false
  const { votes, voters, majority } = groupOf(cluster, leader)
  const follows = (member: string): boolean => {
    if (!cluster.kernel.has(member) || cluster.kernel.statusOf(member) !== 'up') return false
    const { raft } = stateOf(cluster, member)
    return raft.role === 'leader' ? member === leader : raft.leader === leader && raft.leaderLostAt < 0
  }
  return votes && follows(leader) && follows(id) && [leader, ...voters].filter(follows).length >= majority
}

export const unreachable = failed(errors.deadline)
export const notForLearner = failed(errors.notForLearner)
const learns = (cluster: Cluster, { id }: Endpoint): boolean => groupOf(cluster, id).learns

/** The first endpoint that answers, as its client picks it; without one the command ends after its time-out, with this output. */
export function reach(invocation: Invocation, linearizable: boolean): Endpoint | Output {
  const { cluster } = invocation
  const find = (): Endpoint | undefined => endpoints(invocation).find(e => linearizable ? hasQuorum(cluster, e) : e.up)
  const asked = endpoints(invocation).find(e => e.up)
  if (asked && linearizable && learns(cluster, asked)) return notForLearner
  waitFor(cluster.kernel, () => find() !== undefined, timeoutOf(invocation))
  return find() ?? unreachable
}
export const isEndpoint = (reached: Endpoint | Output): reached is Endpoint => 'state' in reached

/** The leader that a member follows. */
export const leaderOf = (cluster: Cluster, { state }: Endpoint): Endpoint => endpointOf(cluster, state.raft.leader!)

export function note({ cluster, words }: Invocation, to: Endpoint, operation: string): void {
  cluster.kernel.record('etcdctl', { type: 'etcd', to: to.id, operation, what: words.join(' '), request: 0 })
}
export function operate(cluster: Cluster, id: string, operation: string, args: any = {}): void {
  cluster.kernel.operate(id, operation, args)
  cluster.kernel.runTo(cluster.kernel.now)
}

/**
 * Has the leader commit what `commands` says, looked up at that moment, and waits until it is; undefined: it is. A leader that has just been elected
 * may still have to hear of its followers.
 */
export function commit(invocation: Invocation, to: Endpoint, commands: () => readonly Command[]): Output | undefined {
  const { cluster } = invocation, leader = leaderOf(cluster, to), { keyspace } = leader.state, all = commands()
  const before = keyspace.applied
  for (const command of all) operate(cluster, leader.id, 'command', { command })
  const done = (): boolean => endpointOf(cluster, leader.id).state.keyspace.applied >= before + all.length
  return waitFor(cluster.kernel, done, timeoutOf(invocation)) ? undefined : unreachable
}

