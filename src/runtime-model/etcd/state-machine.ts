import type { EtcdKey, EtcdOperation, EtcdResult } from '../api/etcd.ts'
import type { KubeObject } from '../api/request.ts'
import { errors } from './errors.ts'
import type { Effects, Keyspace } from './keyspace.ts'
import type { Grant } from './leases.ts'
import { changed, type MemberChange, type Membership } from './membership.ts'

/** What goes through the Raft log. A new leader's empty entry commits what its predecessors left. */
export type Command = Extract<EtcdOperation, { op: 'put' | 'delete' | 'compact' }> | { readonly op: 'nothing' }
  /** several deletions at one revision: what an operator deletes at once */
  | { readonly op: 'delete all'; readonly keys: readonly Expected[] }
  /** several writes at one revision, of different keys: a transaction of an operator */
  | { readonly op: 'write all'; readonly puts: readonly Extract<EtcdOperation, { op: 'put' }>[]; readonly deletes: readonly Expected[] }
  /** a lease has ended, and takes with it what was put under it and not put again since */
  | { readonly op: 'expire'; readonly keys: readonly Expected[] }
  /** `base`: what the leader takes for the group as long as nothing has changed it */
  | { readonly op: 'member'; readonly change: MemberChange; readonly base: Membership }
  /** a lease is granted or kept alive, or given up with its keys */
  | { readonly op: 'grant'; readonly grant: Grant } | { readonly op: 'revoke'; readonly id: string }

export interface Expected { readonly key: EtcdKey; readonly expected: number }

export interface Outcome { readonly result: EtcdResult; readonly effects: Effects }

const NOTHING: Effects = Object.freeze({})

/**
 * What a command does to the keyspace and what its client is told; a function of the keyspace alone, so that one member may compute it
 * for all. `now`: when it was committed, for leases. Source: etcd server/etcdserver/apply, server/storage/mvcc.
 */
export function evaluate(keyspace: Keyspace, command: Command, call: number, now: number): Outcome {
  switch (command.op) {
    case 'put': return put(keyspace, command, call, now)
    case 'delete': return remove(keyspace, command, call)
    case 'write all': return writeAll(keyspace, command, call, now)
    case 'delete all': return removeAll(keyspace, command.keys, call)
    case 'expire': return removeAll(keyspace, command.keys, 0, now)
    case 'compact': {
      const error = command.revision <= keyspace.compacted ? errors.compacted : command.revision > keyspace.revision ? errors.futureRevision : undefined
      return error
        ? { result: { ok: false, error }, effects: NOTHING }
        : { result: { ok: true, revision: keyspace.revision }, effects: { compactTo: command.revision } }
    }
    case 'member': return told(keyspace, { membership: changed(keyspace.membership ?? command.base, command.change) })
    case 'grant': return told(keyspace, { grants: [...keyspace.grants.filter(g => g.id !== command.grant.id), command.grant] })
    case 'revoke': {
      const keys = keyspace.under(command.id).map(({ key, item }) => ({ key, expected: item.revision })), { result, effects } = removeAll(keyspace, keys, 0)
      return { result, effects: { ...effects, grants: keyspace.grants.filter(g => g.id !== command.id) } }
    }
    case 'nothing': return { result: { ok: true, revision: keyspace.revision }, effects: NOTHING }
  }
}

const told = (keyspace: Keyspace, effects: Effects): Outcome => ({ result: { ok: true, revision: keyspace.revision }, effects })

function put(keyspace: Keyspace, command: Extract<Command, { op: 'put' }>, call: number, now: number): Outcome {
  // a full database raises the alarm again until it is compacted and defragmented
  if (keyspace.alarm || keyspace.space !== 'free') return { result: { ok: false, error: errors.noSpace }, effects: keyspace.alarm ? NOTHING : { alarm: true } }
  const { key, expected, value, ttlSeconds } = command, there = keyspace.item(key)
  if ((there?.revision ?? 0) !== expected) return refused(keyspace, there?.object)
  const revision = keyspace.revision + 1, object = atRevision(key.resource, value, revision)
  const leased = ttlSeconds === undefined ? undefined : keyspace.leases.grant(key, revision, ttlSeconds, now)
  return {
    result: { ok: true, revision, succeeded: true, object },
    effects: {
      change: {
        type: 'PUT', key, revision, object, old: there?.object, call, encrypted: command.encrypted, leased, ttlSeconds,
        created: there?.created ?? revision, version: (there?.version ?? 0) + 1, lease: command.lease,
      },
    },
  }
}

function remove(keyspace: Keyspace, { key, expected }: Expected, call: number, expired?: number): Outcome {
  const there = keyspace.item(key)
  if (!there || there.revision !== expected) return refused(keyspace, there?.object)
  const revision = keyspace.revision + 1
  return {
    result: { ok: true, revision, succeeded: true, object: there.object },
    effects: {
      change: {
        type: 'DELETE', key, revision, object: atRevision(key.resource, there.object, revision), old: there.object, call, expired,
        created: there.created, version: there.version, lease: there.lease,
      },
    },
  }
}

/** All or nothing. */
function writeAll(keyspace: Keyspace, { puts, deletes }: Extract<Command, { op: 'write all' }>, call: number, now: number): Outcome {
  const all = [...puts.map(each => put(keyspace, each, call, now)), ...deletes.map(each => remove(keyspace, each, call))]
  const failed = all.find(({ result }) => !result.ok || !('succeeded' in result) || !result.succeeded)
  const changes = all.flatMap(({ effects }) => effects.change ?? [])
  if (failed) return failed
  const [first, ...more] = changes
  return { result: all[0].result, effects: { change: more.length ? { ...first, more } : first } }
}

/** All of them at one revision; keys that have changed since stay. Source: etcd server/storage/mvcc (a write transaction has one main revision) */
function removeAll(keyspace: Keyspace, keys: readonly Expected[], call: number, expired?: number): Outcome {
  const [first, ...more] = keys.flatMap(key => remove(keyspace, key, call, expired).effects.change ?? [])
  if (first === undefined) return { result: { ok: true, revision: keyspace.revision }, effects: NOTHING }
  return { result: { ok: true, revision: first.revision, succeeded: true }, effects: { change: more.length ? { ...first, more } : first } }
}

const refused = (keyspace: Keyspace, object: KubeObject | undefined): Outcome =>
  ({ result: { ok: true, revision: keyspace.revision, succeeded: false, object }, effects: NOTHING })

type Stamp = (value: KubeObject, revision: number) => KubeObject
const stamp = (): Stamp => (value, revision) => ({ ...value, metadata: { ...value.metadata, resourceVersion: String(revision) } })
/** A function for each resource: its objects have few shapes, and are then copied fast. */
const stamps = new Map<string, Stamp>()
/** The value as it is stored at a revision. */
export function atRevision(resource: string, value: KubeObject, revision: number): KubeObject {
  let own = stamps.get(resource)
  if (own === undefined) stamps.set(resource, own = stamp())
  return own(value, revision)
}
