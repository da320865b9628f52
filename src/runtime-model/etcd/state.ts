import { PersistentMap } from '../../base/persistent-map.ts'
import { encryptedBy, firstKey, type EtcdOperation, type EtcdResult } from '../api/etcd.ts'
import type { KubeObject } from '../api/request.ts'
import type { ActorId, Effect, StepContext } from '../kernel/actor.ts'
import { memberId, type Group } from './group.ts'
import { storageName, registry } from '../kinds/index.ts'
import { Keyspace } from './keyspace.ts'
import type { Membership } from './membership.ts'
import { atRevision, type Command } from './state-machine.ts'

export interface MemberOptions {
  /** etcd-1 … */
  readonly name: string
  readonly host: string
  /** names of all members at its first start */
  readonly members: readonly string[]
  /** of one that is added to a group: its number there, under which it waits to be told everything */
  readonly joins?: string
  /** what the keyspace starts with, in order of revisions */
  readonly initial: readonly KubeObject[]
  /** resources of `initial` that lie encrypted on disk */
  readonly encryptedResources: readonly string[]
}

/** An entry of the Raft log that is not committed yet. */
export interface Entry {
  readonly index: number
  readonly term: number
  readonly command: Command
  /** the member that answers, and the call it answers; 0: nobody waits */
  readonly proposer: ActorId
  readonly call: number
}

/** A client's call that is not answered yet. */
export interface Pending {
  readonly call: number
  readonly from: ActorId
  readonly operation: EtcdOperation
  readonly at: number
  /** a proposal that was given to a leader, a read that asked one */
  readonly sent: boolean
  /** the list of an API server for its own cache: it is asked again at once when it fails, so it is kept until it can be answered */
  readonly patient: boolean
  /** a read may be answered once this index is applied */
  readonly index?: number
}

/** Another member as the leader knows it: in step over this connection, or asked over it. */
export interface Progress { readonly connection: number; readonly inStep: boolean }

/**
 * The Raft part of a member. Committed entries live in the keyspace alone (a log that is compacted at once: who lacks some gets the
 * whole keyspace, which costs nothing to share), uncommitted ones in `tail`.
 */
export interface Raft {
  readonly role: 'leader' | 'follower' | 'pre-candidate' | 'candidate'
  readonly term: number
  readonly votedFor?: ActorId
  /** last known; itself when it leads */
  readonly leader?: ActorId
  /** over which the leader was heard */
  readonly leaderConnection: number
  /** when that connection broke; -1: it has not */
  readonly leaderLostAt: number
  readonly votes: readonly ActorId[]
  readonly refusals: readonly ActorId[]
  /** of a follower: the leader counts on it, over `leaderConnection` */
  readonly inStep: boolean
  /** of a leader */
  readonly progress: Readonly<Record<ActorId, Progress>>
  readonly tail: readonly Entry[]
  /** reads of followers that wait for this leader to be sure of itself */
  readonly reads: readonly { readonly from: ActorId; readonly call: number }[]
  /** grows when a snapshot is restored: members of different generations are different groups */
  readonly generation: number
  /** lost its disk: no voter until the leader has filled it */
  readonly blank: boolean
}

export interface Watcher { readonly stream: number; readonly client: ActorId; readonly after: number }

/** The record is reused from step to step; see `Actor`. */
export interface MemberState {
  keyspace: Keyspace
  raft: Raft
  watchers: readonly Watcher[]
  pending: PersistentMap<Pending>
  /** since when each peer has been connected, by the number of the connection */
  peers: Readonly<Record<ActorId, { readonly connection: number; readonly since: number }>>
  /** when it last learned of a new leader */
  leaderSince: number
  /** snapshots saved on this machine, by file name; never changed */
  files: PersistentMap<Keyspace>
}

/** One step of a member: what it works on and the effects it has so far. */
export interface Turn {
  readonly state: MemberState
  readonly context: StepContext
  readonly effects: Effect[]
  group: Group
}

/** A new group: all members hold the initial objects, the first one leads. */
export function initialState(options: MemberOptions): MemberState {
  const keyspace = new Keyspace()
  if (options.joins !== undefined) { keyspace.membership = NOBODY; return stateOf(keyspace, NEW_RAFT) }
  options.initial.forEach((object, i) => {
    const [group] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [''], kind = registry.byGroupKind(group, object.kind)
    const resource = storageName(group, kind?.resource ?? object.kind.toLowerCase()), revision = keyspace.revision + 1
    const key = { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name }
    keyspace.take(
      {
        change: {
          type: 'PUT', key, revision, object: atRevision(resource, object, revision), call: 0,
          encrypted: options.encryptedResources.includes(resource) ? encryptedBy(firstKey) : undefined, created: revision, version: 1,
        },
      },
      i + 1, 1
    )
  })
  const leader = memberId(options.members[0])
  return stateOf(keyspace, { ...NEW_RAFT, term: 1, leader, role: leader === memberId(options.name) ? 'leader' : 'follower' })
}

/** of a member that has yet to be told who belongs to its group */
const NOBODY: Membership = Object.freeze({ members: [], removed: [] })

export const NEW_RAFT: Raft = Object.freeze({
  role: 'follower', term: 0, leaderConnection: 0, leaderLostAt: -1, inStep: false, votes: [], refusals: [], progress: {}, tail: [], reads: [], generation: 0,
  blank: false,
})

/** After the end of its process: what is on disk is there, everything else starts anew. */
export function restarted(state: MemberState, options: MemberOptions): MemberState {
  const { term, votedFor, tail, generation, blank } = state.raft, raft: Raft = { ...NEW_RAFT, term, votedFor, tail, generation, blank }
  // a single member that finds no data makes a new, empty group; one of several waits for its leader
  const fresh = blank && options.members.length === 1
  return {
    ...stateOf(fresh ? new Keyspace() : state.keyspace, fresh ? { ...raft, tail: [], generation: generation + 1, blank: false } : raft), files: state.files,
  }
}

const stateOf = (keyspace: Keyspace, raft: Raft): MemberState =>
  ({ keyspace, raft, watchers: [], pending: new PersistentMap(), peers: {}, leaderSince: 0, files: new PersistentMap() })

export function setRaft({ state }: Turn, change: Partial<Raft>): void { state.raft = { ...state.raft, ...change } }

/** Index and term of the last entry in its log, committed or not. */
export function lastEntry({ keyspace, raft }: MemberState): { readonly index: number; readonly term: number } {
  return raft.tail.length ? raft.tail[raft.tail.length - 1] : { index: keyspace.applied, term: keyspace.appliedTerm }
}

export function answer({ effects, group }: Turn, to: ActorId, call: number, result: EtcdResult, rest?: { readonly stream: number }): void {
  effects.push({ do: 'send', to, message: { type: 'etcd reply', replyTo: call, result, ...rest }, extraMs: group.roundTripMs })
}
