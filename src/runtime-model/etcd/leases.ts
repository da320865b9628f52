import { PersistentLog } from '../../base/persistent-log.ts'
import type { EtcdKey } from '../api/etcd.ts'

/** A key that goes away by itself, under the lease that was granted at `grantedAt` for it and up to 1,000 others. */
export interface Leased { readonly key: EtcdKey; readonly revision: number; readonly grantedAt: number; readonly expiresAt: number; readonly ordinal: number }

/** A lease of an operator: `etcdctl lease grant`. Times are the kernel's, in ms. */
export interface Grant { readonly id: string; readonly ttlSeconds: number; readonly expiresAt: number }

/** A lease is shared by what is put within a minute, up to so many keys, and lives that much longer. Source: apiserver pkg/storage/etcd3/lease_manager.go */
const reuseMs = 60_000, maxKeys = 1000

/** Keys with a lease, for each time to live in the order in which they expire. */
export class Leases {
  #queues = new Map<number, PersistentLog<Leased>>()

  /** The lease for a key that is put now: the last one while it may be shared, otherwise a new one. */
  grant(key: EtcdKey, revision: number, ttlSeconds: number, now: number): Leased {
    const queue = this.#queues.get(ttlSeconds), last = queue?.get(queue.length - 1)
    if (last && now <= last.grantedAt + reuseMs && last.ordinal < maxKeys) return { ...last, key, revision, ordinal: last.ordinal + 1 }
    return { key, revision, grantedAt: now, expiresAt: now + ttlSeconds * 1000 + reuseMs, ordinal: 1 }
  }
  attach(leased: Leased, ttlSeconds: number): void {
    let queue = this.#queues.get(ttlSeconds)
    if (!queue) this.#queues.set(ttlSeconds, queue = new PersistentLog())
    queue.append(leased)
  }
  /** Removes and answers what has expired; a key may have been put again or deleted since. */
  takeDue(now: number): Leased[] {
    const due: Leased[] = []
    for (const queue of this.#queues.values()) {
      let i = queue.first
      for (let leased = queue.get(i); leased && leased.expiresAt <= now; leased = queue.get(++i)) due.push(leased)
      queue.dropBefore(i)
    }
    return due
  }
  /** Those of API servers that have not ended, each with the keys that were put under it and may have been put again or deleted since. */
  shared(): { readonly ttlSeconds: number; readonly grantedAt: number; readonly expiresAt: number; readonly keys: readonly Leased[] }[] {
    const all = new Map<string, { ttlSeconds: number; grantedAt: number; expiresAt: number; keys: Leased[] }>()
    for (const [ttl, queue] of this.#queues) for (let i = queue.first; i < queue.length; i++) {
      const leased = queue.get(i)!, name = `${ttl} ${leased.grantedAt}`, { grantedAt, expiresAt } = leased
      const lease = all.get(name) ?? { ttlSeconds: (expiresAt - grantedAt) / 1000, grantedAt, expiresAt, keys: [] }
      lease.keys.push(leased)
      all.set(name, lease)
    }
    return [...all.values()]
  }
  nextAt(): number {
    let next = Infinity
    for (const queue of this.#queues.values()) next = Math.min(next, queue.get(queue.first)?.expiresAt ?? Infinity)
    return next
  }

  fork(): Leases { const twin = new Leases(); for (const [ttl, queue] of this.#queues) twin.#queues.set(ttl, queue.fork()); return twin }
}
