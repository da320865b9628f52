import type { ActorId } from '../kernel/actor.ts'
import { memberNumber, original, type Membership } from './membership.ts'

/** A group as one of its members sees it. */
export interface Group {
  readonly self: ActorId
  /** etcd-1 … */
  readonly name: string
  /** its own number; see `Member` */
  readonly number: string
  readonly ordinal: number
  /** whether it votes, or only learns; neither: it does not belong to the group (yet, or any more) */
  readonly votes: boolean
  readonly learns: boolean
  /** the others, learners among them: who is told what is committed */
  readonly peers: readonly ActorId[]
  /** those of them who vote */
  readonly voters: readonly ActorId[]
  /** of all who vote, itself included */
  readonly majority: number
  /** ms from a proposal at the leader to its answer: a round trip to the nearest members */
  readonly roundTripMs: number
  readonly membership: Membership
}

export const memberId = (name: string): ActorId => `etcd/${name}`
export const memberName = (id: ActorId): string => id.slice('etcd/'.length)

/** As its command line says (`--initial-cluster`). */
export const groupAtFirst = (name: string, members: readonly string[], number = memberNumber(memberId(name))): Group =>
  groupOf(memberId(name), number, original(members.map(memberId)))

function groupOf(self: ActorId, number: string, membership: Membership): Group {
  const { members } = membership, own = members.find(m => m.number === number), all = members.filter(m => !m.learner).map(m => m.id)
  return {
    self, name: memberName(self), number, ordinal: Math.max(0, members.findIndex(m => m.id === self)),
    votes: own?.learner === false, learns: own?.learner === true,
    peers: members.filter(m => m.id !== self).map(m => m.id), voters: all.filter(id => id !== self),
    majority: Math.floor(all.length / 2) + 1, roundTripMs: all.length > 1 ? 2 : 0, membership,
  }
}

/** What is derived from a membership, which is a frozen value, is remembered by it. */
const derived = new WeakMap<Membership, Map<string, Group>>()

/** The same member in a group that has changed. */
export function groupIn({ self, number }: Group, membership: Membership): Group {
  let groups = derived.get(membership)
  if (!groups) derived.set(membership, groups = new Map())
  const key = `${self} ${number}`, known = groups.get(key) ?? groupOf(self, number, membership)
  groups.set(key, known)
  return known
}
