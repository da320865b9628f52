import { Worker } from 'node:worker_threads'
import type { RunnerEvent, Wants } from '../runner/events.ts'
import { batchesOf } from '../runner/jobs.ts'
import type { Done, Job, Workers } from '../runner/jobs.ts'
import type { RunOptions } from './run-options.ts'

/** What a worker is started with. */
export interface WorkerSettings { readonly options: RunOptions; readonly wants: Wants; /** --config */ readonly config?: string }
/** What it is told once that is known. `claims`: the next batch that nobody has claimed, then who has claimed each (0: nobody). */
export interface Dealt { readonly batches: readonly (readonly Job[])[]; readonly claims: Int32Array; /** which thread it is, from 1 */ readonly me: number }
/** What it tells: jobs that are through. It ends by itself once all batches are claimed. */
export type WorkerNews = readonly { readonly job: Job; readonly events: readonly RunnerEvent[] }[]

/** So many threads as are worth it when nobody says how many, with the one that starts them. */
export const usualThreads = (threads: number): number => Math.min(threads, 8)

/** Claims the next batch; undefined: none is left. */
export function claim({ batches, claims, me }: Dealt): readonly Job[] | undefined {
  const at = Atomics.add(claims, 0, 1)
  if (at >= batches.length) return undefined
  Atomics.store(claims, at + 1, me)
  return batches[at]
}

/** Starts threads until there are so many, with this one; what they are to do comes later. */
export function startWorkers(threads: number, settings: WorkerSettings): Workers {
  const running = Array.from({ length: threads - 1 }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData: settings }))
  let stopped = false
  const stop = (): void => { stopped = true; for (const worker of running) void worker.terminate() }
  return {
    stop,
    deal(jobs, done) {
      const batches = batchesOf(jobs, threads), claims = new Int32Array(new SharedArrayBuffer(4 * (batches.length + 1)))
      const left = new Set(jobs.map(job => job.index))
      const finish = (job: Job, result: Parameters<Done>[1]): void => { if (left.delete(job.index) && !stopped) done(job, result) }
      /** A thread that has ended: what it had claimed and not told of is lost. */
      const lose = (me: number, why: string): void => {
        batches.forEach((batch, at) => { if (Atomics.load(claims, at + 1) === me) for (const job of batch) finish(job, { lost: why }) })
      }
      const ended = running.map((worker, i) => new Promise<void>(end => {
        const me = i + 1
        worker.on('message', (news: WorkerNews) => { for (const { job, events } of news) finish(job, events) })
        worker.on('error', error => lose(me, error.message))
        worker.on('exit', code => { lose(me, `it ended with code ${code}`); end() })
        worker.postMessage({ batches, claims, me } satisfies Dealt)
      }))
      return { claim: () => claim({ batches, claims, me: threads }), ended: Promise.all(ended).then(() => {}) }
    },
  }
}
