import { PersistentMap } from '../../base/persistent-map.ts'

/**
 * Renewals in closed form. A healthy lease is renewed every few seconds for ever and each renewal changes only its own time, so the
 * kernel keeps one record per lease instead of sending them: it was last kept at since + k·period. A record breaks when something
 * on its path does: its owner, the link to the API servers, the API servers, etcd's quorum. Then its followers learn what the
 * absence of renewals would have told them, and its owner renews by real requests until it can say `keep` again.
 * The model is exact in when a renewal was last kept; it does not show the single renewals in the trace.
 */
export interface Heartbeat { readonly owner: number; readonly periodMs: number; readonly since: number; readonly stoppedAt: number }

export class Heartbeats {
  #kept = new PersistentMap<Heartbeat>()
  #followers = new PersistentMap<readonly number[]>()

  get(key: string): Heartbeat | undefined { return this.#kept.get(key) }
  keep(key: string, owner: number, periodMs: number, since: number): boolean {
    const before = this.#kept.get(key)
    this.#kept.set(key, { owner, periodMs, since, stoppedAt: -1 })
    return before !== undefined && before.stoppedAt >= 0
  }
  drop(key: string): void { this.#kept.delete(key) }
  stop(key: string, now: number): void { const h = this.#kept.get(key); if (h && h.stoppedAt < 0) this.#kept.set(key, { ...h, stoppedAt: now }) }

  /** Time of the last renewal that succeeded. */
  lastAt(h: Heartbeat, now: number): number {
    const until = h.stoppedAt < 0 ? now : h.stoppedAt
    return h.since + Math.floor((until - h.since) / h.periodMs) * h.periodMs
  }
  /** All records in order of key. */
  all(): [string, Heartbeat][] { return this.#kept.sorted() }

  follow(prefix: string, actor: number): void {
    const f = this.#followers.get(prefix) ?? []
    if (!f.includes(actor)) this.#followers.set(prefix, [...f, actor].sort((a, b) => a - b))
  }
  unfollow(prefix: string, actor: number): void {
    const left = (this.#followers.get(prefix) ?? []).filter(a => a !== actor)
    if (left.length) this.#followers.set(prefix, left); else this.#followers.delete(prefix)
  }
  unfollowAll(actor: number): void { for (const [prefix] of this.#followers.sorted()) this.unfollow(prefix, actor) }
  followersOf(key: string): number[] {
    const found: number[] = []
    for (const [prefix, actors] of this.#followers.sorted()) if (key.startsWith(prefix)) for (const a of actors) if (!found.includes(a)) found.push(a)
    return found
  }

  fork(): Heartbeats {
    const twin = new Heartbeats()
    twin.#kept = this.#kept.fork(); twin.#followers = this.#followers.fork()
    return twin
  }
}
