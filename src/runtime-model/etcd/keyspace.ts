import { PersistentLog } from '../../base/persistent-log.ts'
import type { EtcdEvent, EtcdKey, KeyspaceView } from '../api/etcd.ts'
import type { KubeObject } from '../api/request.ts'
import { Leases, type Grant, type Leased } from './leases.ts'
import type { Membership } from './membership.ts'
import { rawValue } from './raw.ts'
import { keyOf, keyText, Table, type Item } from './table.ts'

/** A change as the log of revisions keeps it; `call`: the request that asked for it, 0 if none did. */
export interface Change extends EtcdEvent {
  readonly call: number
  readonly encrypted?: string
  readonly leased?: Leased
  readonly ttlSeconds?: number
  readonly expired?: number
  /** revision at which the key was made, and how often it has been put since: of what is deleted, as it was */
  readonly created: number
  readonly version: number
  /** the lease that an operator has put it under */
  readonly lease?: string
  /** what else has changed at the same revision, in the log: the first change holds the others */
  readonly more?: readonly Change[]
}
export const changesOf = (change: Change): readonly Change[] => change.more ? [change, ...change.more] : [change]

/** What an entry of the Raft log does to a keyspace: the same on every member. */
export interface Effects {
  readonly change?: Change
  readonly compactTo?: number
  readonly alarm?: boolean
  readonly membership?: Membership
  readonly grants?: readonly Grant[]
}

/**
 * The multi-version keyspace that every member holds: current values, the log of changes since the last compaction, leases, and how far
 * in the Raft log it has come. An empty keyspace is at revision 1. Source: https://etcd.io/docs/v3.6/learning/data_model/
 */
export class Keyspace implements KeyspaceView {
  revision = 1
  /** changes before this revision are forgotten */
  compacted = 1
  /** index and term of the last entry applied */
  applied = 0
  appliedTerm = 0
  /** alarm NOSPACE */
  alarm = false
  /** of the database file: full, full of what compaction has freed (defragmentation gives it back), or free */
  space: 'free' | 'full' | 'compacted' = 'free'
  /** undefined: those that there were from the beginning */
  membership: Membership | undefined = undefined
  /** leases that operators hold */
  grants: readonly Grant[] = []
  #tables = new Map<string, Table>()
  #log = new PersistentLog<Change>()
  /** revision of entry 0 of the log */
  #logStart = 2
  #leases = new Leases()

  get leases(): Leases { return this.#leases }

  item(key: EtcdKey): Item | undefined { return this.#tables.get(key.resource)?.get(keyText(key.namespace, key.name)) }
  get(resource: string, namespace: string, name: string): KubeObject | undefined { return this.#tables.get(resource)?.get(keyText(namespace, name))?.object }
  list(resource: string, namespace?: string): readonly KubeObject[] { return this.#tables.get(resource)?.list(namespace) ?? [] }
  raw(resource: string, namespace: string, name: string): string | undefined {
    const item = this.item({ resource, namespace, name })
    return item && rawValue(item)
  }
  resources(): string[] { return [...this.#tables.keys()].sort() }
  table(resource: string): Table | undefined { return this.#tables.get(resource) }

  /** What has been put under a lease of an operator. */
  under(lease: string): { readonly key: EtcdKey; readonly item: Item }[] {
    return this.resources().flatMap(resource =>
      this.table(resource)!.items().flatMap(([, item]) => item.lease === lease ? [{ key: keyOf(resource, item), item }] : []))
  }

  /** Changes after a revision; those of `compacted` and later are kept. */
  changesAfter(revision: number): Change[] {
    const changes: Change[] = []
    for (let i = Math.max(revision + 1 - this.#logStart, this.#log.first); i < this.#log.length; i++) changes.push(...changesOf(this.#log.get(i)!))
    return changes
  }

  take(effects: Effects, index: number, term: number): void {
    this.applied = index
    this.appliedTerm = term
    if (effects.change) {
      this.#log.append(effects.change)
      for (const change of changesOf(effects.change)) this.#change(change)
    }
    if (effects.compactTo !== undefined) this.#compact(effects.compactTo)
    if (effects.alarm !== undefined) this.alarm = effects.alarm
    if (effects.membership) this.membership = effects.membership
    if (effects.grants) this.grants = effects.grants
  }

  /** The same content at the start of a new group's log, as a restored snapshot is. */
  restored(): Keyspace { const twin = this.fork(); twin.applied = 1; twin.appliedTerm = 1; twin.alarm = false; twin.space = 'free'; return twin }

  fork(): Keyspace {
    const twin = new Keyspace()
    twin.revision = this.revision; twin.compacted = this.compacted; twin.applied = this.applied; twin.appliedTerm = this.appliedTerm
    twin.alarm = this.alarm; twin.space = this.space; twin.membership = this.membership; twin.grants = this.grants; twin.#logStart = this.#logStart
    for (const [resource, table] of this.#tables) twin.#tables.set(resource, table.fork())
    twin.#log = this.#log.fork(); twin.#leases = this.#leases.fork()
    return twin
  }

  #change(change: Change): void {
    const { resource, namespace, name } = change.key
    let table = this.#tables.get(resource)
    if (!table) this.#tables.set(resource, table = new Table())
    this.revision = change.revision
    if (change.type === 'DELETE') table.delete(keyText(namespace, name))
    else table.put(keyText(namespace, name), {
      object: change.object, revision: change.revision, encrypted: change.encrypted, created: change.created, version: change.version, lease: change.lease,
    })
    if (change.leased) this.#leases.attach(change.leased, change.ttlSeconds!)
    if (change.expired !== undefined) this.#leases.takeDue(change.expired)
  }
  #compact(revision: number): void {
    this.compacted = revision
    this.#log.dropBefore(revision - this.#logStart)
    if (this.space === 'full') this.space = 'compacted'
  }
}
