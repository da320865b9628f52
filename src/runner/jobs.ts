import type { RunnerEvent } from './events.ts'

/** A scenario to run, as a worker thread is told of it: its place in the run, and where it is found. */
export interface Job { readonly index: number; readonly file: string; readonly pickle: number }

/** What has become of a job on another thread: its events, or why its thread ended without them. */
export type Done = (job: Job, result: readonly RunnerEvent[] | { readonly lost: string }) => void

/** Threads that run scenarios beside this one. They load while this one reads. */
export interface Workers {
  deal(jobs: readonly Job[], done: Done): Deal
  /** Ends the threads at once. */
  stop(): void
}
/** Each thread, this one too, claims the next batch whenever it is free. */
export interface Deal {
  /** the next batch, for this thread; undefined: all are claimed */
  claim(): readonly Job[] | undefined
  /** once every job that another thread has claimed is done or lost */
  readonly ended: Promise<void>
}

/** At most so many scenarios are claimed at once, and each thread claims at least so often. */
const mostAtOnce = 100, turns = 6

/** Neighbours in batches, as they often begin with the same cluster. The last batches are smaller, so that all end at about the same time. */
export function batchesOf(jobs: readonly Job[], threads: number): readonly (readonly Job[])[] {
  const batches: Job[][] = []
  for (let at = 0; at < jobs.length;) {
    const size = Math.max(1, Math.min(mostAtOnce, Math.ceil((jobs.length - at) / (threads * turns))))
    batches.push(jobs.slice(at, at + size))
    at += size
  }
  return batches
}

/** characters of feature files from which on a suite is expected to be worth it before anything of it is known, if so many scenarios are selected */
export const worthCharacters = 20_000, worthScenarios = 20
/** Wall-clock ms that a run must be expected to take still before other threads are worth starting: each loads and warms up anew. */
const worthMs = 4000
/** Is it worth it to share the rest with other threads? Asked after each scenario, from what those so far have cost. */
export const worthWorkers = (doneMs: number, done: number, left: number): boolean => doneMs / done * left >= worthMs

/** Puts events that come in any order into the order of the plan. */
export class InOrder {
  #next = 0
  readonly #waiting = new Map<number, readonly RunnerEvent[]>()
  readonly #emit: (events: readonly RunnerEvent[]) => void
  readonly #order: readonly number[]
  /** `order`: all indexes that will come, in the order in which they are told */
  constructor(order: readonly number[], emit: (events: readonly RunnerEvent[]) => void) { this.#order = order; this.#emit = emit }
  add(index: number, events: readonly RunnerEvent[]): void {
    this.#waiting.set(index, events)
    for (; this.#next < this.#order.length; this.#next++) {
      const ready = this.#waiting.get(this.#order[this.#next])
      if (!ready) return
      this.#waiting.delete(this.#order[this.#next])
      this.#emit(ready)
    }
  }
}
