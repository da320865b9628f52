import { PersistentMap } from '../../base/persistent-map.ts'

const baseMs = 5, maxMs = 1_000_000

/**
 * The rate-limited work queue of a controller: a key waits in it once, is in work once, and is queued again when it changed meanwhile.
 * Delays (`due`) are kept here, their timers by the manager. Source: client-go util/workqueue (queue.go, delaying_queue.go,
 * default_rate_limiters.go; the overall limit of ten a second with burst 100 is left out: it delays failing keys only).
 */
export class WorkQueue {
  #waiting: string[] = []
  #head = 0
  #queued = new Set<string>()
  #active = new Set<string>()
  #failures = new PersistentMap<number>()
  /** key → when it is to be added; `own`: its reconcile asked for that, and asks anew each time; `background`: nobody waits for it */
  readonly due: PersistentMap<{ readonly at: number; readonly own: boolean; readonly background: boolean }>

  constructor(due: WorkQueue['due'] = new PersistentMap()) { this.due = due }

  get waiting(): number { return this.#waiting.length - this.#head }
  get active(): number { return this.#active.size }

  add(key: string): void {
    if (this.#queued.has(key)) return
    this.#queued.add(key)
    if (!this.#active.has(key)) this.#waiting.push(key)
  }
  /** The next key, which is in work until `done`. */
  take(): string | undefined {
    if (this.#head === this.#waiting.length) return undefined
    const key = this.#waiting[this.#head++]
    if (this.#head === this.#waiting.length) { this.#waiting = []; this.#head = 0 }
    this.#queued.delete(key)
    this.#active.add(key)
    return key
  }
  done(key: string): void {
    this.#active.delete(key)
    if (this.#queued.has(key)) this.#waiting.push(key)
  }

  /** One more failure of a key: how long it stays away, undefined when it has failed `limit` times already. */
  failed(key: string, retries: { readonly baseMs?: number; readonly maxMs?: number; readonly limit?: number } = {}): number | undefined {
    const failures = this.#failures.get(key) ?? 0
    if (retries.limit !== undefined && failures >= retries.limit) { this.#failures.delete(key); return undefined }
    this.#failures.set(key, failures + 1)
    return Math.min(retries.maxMs ?? maxMs, (retries.baseMs ?? baseMs) * 2 ** Math.min(failures, 40))
  }
  forget(key: string): void { this.#failures.delete(key) }
  failuresOf(key: string): number { return this.#failures.get(key) ?? 0 }

  fork(): WorkQueue {
    const twin = new WorkQueue(this.due.fork())
    twin.#waiting = this.#waiting.slice(this.#head)
    twin.#queued = new Set(this.#queued)
    twin.#active = new Set(this.#active)
    twin.#failures = this.#failures.fork()
    return twin
  }
}
