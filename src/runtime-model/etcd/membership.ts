import { hashHex } from '../../base/hash.ts'
import type { ActorId } from '../kernel/actor.ts'

/** One of a group: a voter, or a learner, which is told everything and decides nothing. */
export interface Member {
  readonly id: ActorId
  /** 64 bits, in hexadecimal digits; who is added again under the same name is another member */
  readonly number: string
  readonly learner: boolean
  /** it has told the group its name: it has been there at least once */
  readonly started: boolean
  /** undefined: port 2380 of its machine */
  readonly peerUrls?: readonly string[]
}

/** Who belongs to a group. `removed`: numbers of members that may never come back. Kept in the keyspace of each member, and changed through the Raft log. */
export interface Membership { readonly members: readonly Member[]; readonly removed: readonly string[] }

export type MemberChange =
  | { readonly do: 'add'; readonly member: Member }
  | { readonly do: 'remove' | 'promote' | 'start'; readonly number: string }
  | { readonly do: 'update'; readonly number: string; readonly peerUrls: readonly string[] }

/**
 * The number of a member; `addedAt`: ms, of one that was not there from the beginning. Source: etcd server/etcdserver/api/membership/member.go computeMemberID
 */
export const memberNumber = (id: ActorId, addedAt = ''): string => hashHex(id + addedAt, 2, 1).replace(/^0+/, '')

export const original = (ids: readonly ActorId[]): Membership =>
  ({ members: ids.map(id => ({ id, number: memberNumber(id), learner: false, started: true })), removed: [] })

/** What a change makes of a group; it is the same if there is nothing to change. Source: etcd server/etcdserver/api/membership/cluster.go */
export function changed(membership: Membership, change: MemberChange): Membership {
  const { members, removed } = membership
  const each = (number: string, alter: (member: Member) => Member): Membership => ({ members: members.map(m => m.number === number ? alter(m) : m), removed })
  switch (change.do) {
    case 'add': return { members: [...members.filter(m => m.id !== change.member.id), change.member], removed }
    case 'remove': return { members: members.filter(m => m.number !== change.number), removed: [...removed, change.number] }
    case 'promote': return each(change.number, m => ({ ...m, learner: false }))
    case 'start': return each(change.number, m => ({ ...m, started: true }))
    case 'update': return each(change.number, m => ({ ...m, peerUrls: change.peerUrls }))
  }
}
