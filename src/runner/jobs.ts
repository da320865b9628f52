import type { RunnerEvent } from './events.ts'

/** A scenario to run, as a worker thread is told of it: its place in the run, and where it is found. */
export interface Job { readonly index: number; readonly file: string; readonly pickle: number }

/** Threads that run scenarios beside this one. */
export interface Workers {
  readonly count: number
  /** Runs all jobs; `done` is given the events of each, in any order, or why its worker ended without them. */
  run(jobs: readonly Job[], done: (job: Job, result: readonly RunnerEvent[] | { readonly lost: string }) => void): Promise<void>
  /** Ends at once; `run` comes back. */
  stop(): void
}

/** At most so many scenarios go to a worker at once, and each worker is given work at least so many times. */
const mostAtOnce = 100, turns = 6

/** Neighbours in batches: talking to a worker costs more than a small scenario. The last batches are smaller, so that all end at about the same time. */
export function batchesOf(jobs: readonly Job[], workers: number): readonly (readonly Job[])[] {
  const batches: Job[][] = []
  for (let at = 0; at < jobs.length;) {
    const size = Math.max(1, Math.min(mostAtOnce, Math.ceil((jobs.length - at) / (workers * turns))))
    batches.push(jobs.slice(at, at + size))
    at += size
  }
  return batches
}

/** Wall-clock ms that a run must be expected to take still before workers are worth starting: each loads and warms up anew. */
const worthMs = 15_000, probeMs = 2000
/** Is it worth it to give the rest to workers? Asked after each scenario, from what those so far have cost. */
export const worthWorkers = (doneMs: number, done: number, left: number): boolean => doneMs >= probeMs && doneMs / done * left >= worthMs

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
