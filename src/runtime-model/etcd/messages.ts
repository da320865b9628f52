import type { ActorId, Message } from '../kernel/actor.ts'
import type { Effects, Keyspace } from './keyspace.ts'
import type { Command } from './state-machine.ts'
import type { Entry } from './state.ts'
import type { EtcdResult } from '../api/etcd.ts'

/**
 * What members say to each other. `in step`, `install`, `commit` and `resign` are handed over in closed form (a message and its acknowledgement), to members
 * that are in step; the others are messages like any other. Source of the protocol: https://raft.github.io/raft.pdf, etcd-io/raft (PreVote, CheckQuorum).
 */
export type RaftBody =
  /** `number`: of the candidate; `asked`: of whom it asks; `force`: even if there is a leader, who wants it so */
  | {
    readonly kind: 'pre-vote' | 'vote'; readonly index: number; readonly lastTerm: number; readonly number: string; readonly asked: string;
    readonly force: boolean
  }
  | { readonly kind: 'pre-vote answer' | 'vote answer'; readonly granted: boolean; readonly why?: Refusal }
  /** the leader, over a new connection: who it is */
  | { readonly kind: 'heartbeat'; readonly connection: number; readonly asked: string }
  | { readonly kind: 'heartbeat answer'; readonly connection: number; readonly applied: number; readonly appliedTerm: number; readonly blank: boolean }
  /** the leader counts on this follower from now on: all it commits is handed over */
  | { readonly kind: 'in step' }
  /** the leader has stepped down, as the absence of its heartbeats would tell */
  | { readonly kind: 'resign' }
  /** the sender's term is higher */
  | { readonly kind: 'stale' }
  /** the leader would have the other one lead */
  | { readonly kind: 'timeout now' }
  /** to one who asks for votes and does not belong to the group any more: its number */
  | { readonly kind: 'removed'; readonly number: string }
  | { readonly kind: 'propose'; readonly command: Command; readonly call: number }
  | { readonly kind: 'read index'; readonly call: number }
  | { readonly kind: 'read index answer'; readonly call: number; readonly index: number }
  | { readonly kind: 'install'; readonly keyspace: Keyspace }
  | { readonly kind: 'commit'; readonly entry: Entry; readonly effects: Effects; readonly result: EtcdResult }

/** leader: it has one; log: the candidate lacks entries; voted: for another one in this term; term: the candidate's is old; blank: no voter */
export type Refusal = 'leader' | 'log' | 'voted' | 'term' | 'blank'

/** `term`: the sender's (of pre-vote and vote: the one it would lead) */
export type RaftMessage = Message & { readonly type: 'etcd raft'; readonly from: ActorId; readonly term: number; readonly generation: number } & RaftBody
