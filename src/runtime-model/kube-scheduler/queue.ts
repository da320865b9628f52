import { PersistentMap } from '../../base/persistent-map.ts'
import type { PodInfo } from './pod-info.ts'

/** A pod that waits for a node. Frozen. */
export interface Queued {
  readonly info: PodInfo
  /** when it came to the queue, or back to it; ms */
  readonly at: number
  readonly order: number
  /** times it fitted nowhere, and errors in a row */
  readonly misses: number
  readonly errors: number
  /** plugins that refused it last */
  readonly rejectedBy: readonly string[]
}

const firstBackoffMs = 1000, maxBackoffMs = 10_000
/** A pod that fits nowhere is tried again after so long though nothing has happened, noticed every 30 s. */
const leftoverMs = 300_000, leftoverCheckMs = 30_000

/**
 * Pods without a node: active (by priority, then age), in back-off, and unschedulable until something happens that may help. A pod that was refused
 * may leave its back-off early when nothing else is active; one that met an error may not. Gated pods stand nowhere.
 * Source: pkg/scheduler/backend/queue/{scheduling_queue,active_queue,backoff_queue}.go (PopFromBackoffQ is on)
 */
export class SchedulingQueue {
  readonly #active = new Line(inOrder)
  readonly #early = new Line(byBackoff)
  #errors: PersistentMap<Queued> = new PersistentMap()
  #unschedulable: PersistentMap<Queued> = new PersistentMap()
  #order = 0

  /** is no pod active? */
  get isEmpty(): boolean { return this.#active.isEmpty && this.#early.isEmpty }
  get unschedulableCount(): number { return this.#unschedulable.size }
  waiting(): Queued[] { return [...this.#unschedulable.values()] }

  add(info: PodInfo, now: number): void { this.#active.insert({ info, at: now, order: this.#order++, misses: 0, errors: 0, rejectedBy: [] }) }
  /** Next pod to try. */
  pop(): Queued | undefined { return this.#active.shift() ?? this.#early.shift() }
  /** The pod fits nowhere; answers when it will be looked at again by itself. */
  refuse(queued: Queued, rejectedBy: readonly string[], now: number): number {
    this.#unschedulable.set(queued.info.key, { ...queued, at: now, misses: queued.misses + 1, errors: 0, rejectedBy })
    return now + leftoverMs
  }
  /** Something went wrong that has nothing to do with the pod; answers when its back-off ends. */
  fail(queued: Queued, now: number): number {
    const errors = queued.errors + 1
    this.#errors.set(queued.info.key, { ...queued, at: now, errors, rejectedBy: [] })
    return backoffEnd(now, errors)
  }
  /** A pod that was refused becomes active, or goes through its back-off first. */
  wake(key: string, now: number): void {
    const queued = this.#unschedulable.get(key)
    if (!queued) return
    this.#unschedulable.delete(key)
    if (backoffEnd(queued.at, queued.misses) > now) this.#early.insert(queued)
    else this.#active.insert(queued)
  }
  /** Ends of back-off after errors; answers when the next one is due. */
  wakeErrors(now: number): number | undefined {
    let next: number | undefined
    for (const [key, queued] of this.#errors.sorted()) {
      const end = backoffEnd(queued.at, queued.errors)
      if (end <= now) { this.#errors.delete(key); this.#active.insert(queued) } else next = Math.min(next ?? Infinity, end)
    }
    return next
  }
  /** Pods that have been unschedulable for five minutes get another try; answers when to look again. */
  wakeLeftovers(now: number): number | undefined {
    let next: number | undefined
    for (const [key, queued] of this.#unschedulable.sorted()) {
      if (now - queued.at >= leftoverMs) this.wake(key, now)
      else next = Math.min(next ?? Infinity, queued.at + leftoverMs)
    }
    return next
  }
  /** The pod's object has changed. */
  update(info: PodInfo): 'unschedulable' | 'queued' | 'unknown' {
    const waiting = this.#unschedulable.get(info.key)
    if (waiting) { this.#unschedulable.set(info.key, { ...waiting, info }); return 'unschedulable' }
    const failed = this.#errors.get(info.key)
    if (failed) { this.#errors.set(info.key, { ...failed, info }); return 'queued' }
    return this.#active.replace(info) || this.#early.replace(info) ? 'queued' : 'unknown'
  }
  remove(key: string): void {
    if (this.#unschedulable.delete(key) || this.#errors.delete(key)) return
    this.#active.remove(key); this.#early.remove(key)
  }
  fork(): SchedulingQueue {
    const twin = new SchedulingQueue()
    twin.#active.take(this.#active); twin.#early.take(this.#early); twin.#order = this.#order
    twin.#errors = this.#errors.fork(); twin.#unschedulable = this.#unschedulable.fork()
    return twin
  }
}

/** A sorted list that is mostly appended to and taken from its front. */
class Line {
  #items: Queued[] = []
  #head = 0
  readonly #compare: (a: Queued, b: Queued) => number
  constructor(compare: (a: Queued, b: Queued) => number) { this.#compare = compare }
  get isEmpty(): boolean { return this.#head === this.#items.length }
  insert(queued: Queued): void {
    let low = this.#head, high = this.#items.length
    while (low < high) { const mid = (low + high) >> 1; if (this.#compare(this.#items[mid], queued) <= 0) low = mid + 1; else high = mid }
    this.#items.splice(low, 0, queued)
  }
  shift(): Queued | undefined {
    if (this.#head >= this.#items.length) return undefined
    const first = this.#items[this.#head++]
    if (this.#head === this.#items.length) { this.#items = []; this.#head = 0 }
    return first
  }
  replace(info: PodInfo): boolean {
    const at = this.#at(info.key)
    if (at >= 0) this.#items[at] = { ...this.#items[at], info }
    return at >= 0
  }
  remove(key: string): void { const at = this.#at(key); if (at >= 0) this.#items.splice(at, 1) }
  take(other: Line): void { this.#items = other.#items.slice(other.#head); this.#head = 0 }
  #at(key: string): number { for (let i = this.#head; i < this.#items.length; i++) if (this.#items[i].info.key === key) return i; return -1 }
}

function byBackoff(a: Queued, b: Queued): number { return backoffEnd(a.at, a.misses) - backoffEnd(b.at, b.misses) || inOrder(a, b) }
function inOrder(a: Queued, b: Queued): number { return b.info.priority - a.info.priority || a.at - b.at || a.order - b.order }
/** 1 s doubling to 10 s, cut to whole seconds. */
function backoffEnd(at: number, tries: number): number {
  const end = at + Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.max(0, tries - 1))
  return Math.floor(end / 1000) * 1000
}
/** Leftovers are noticed by a loop of 30 s. */
export const nextCheck = (at: number): number => Math.ceil(at / leftoverCheckMs) * leftoverCheckMs
