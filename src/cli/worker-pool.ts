import { Worker } from 'node:worker_threads'
import type { RunnerEvent, Wants } from '../runner/events.ts'
import { batchesOf } from '../runner/jobs.ts'
import type { Job, Workers } from '../runner/jobs.ts'
import type { RunOptions } from './run-options.ts'

/** What a worker is started with. */
export interface WorkerSettings { readonly options: RunOptions; readonly wants: Wants; /** --config */ readonly config?: string }
/** What it tells: scenarios that are through, and that it waits for more work. */
export type WorkerNews = { readonly finished: readonly { readonly job: Job; readonly events: readonly RunnerEvent[] }[]; readonly idle: boolean } | { readonly failed: string }

/** So many workers as are worth it when nobody says how many. */
export const usualWorkers = (threads: number): number => Math.min(threads, 8)

/** Starts threads and deals batches of scenarios to whoever is idle. */
export function startWorkers(count: number, settings: WorkerSettings): Workers {
  const running = new Set<Worker>()
  let stop = (): void => {}
  return {
    count,
    stop: () => stop(),
    async run(jobs, done) {
      const batches = [...batchesOf(jobs, count)], hands = Math.min(count, batches.length)
      let stopped = false
      const ended = Array.from({ length: hands }, () => new Promise<void>(end => {
        const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: settings })
        let left = new Map<number, Job>()
        const give = (): void => {
          const batch = batches.shift()
          if (!batch) { void worker.terminate(); return }
          left = new Map(batch.map(job => [job.index, job]))
          worker.postMessage(batch)
        }
        const lose = (why: string): void => { if (!stopped) for (const job of left.values()) done(job, { lost: why }); left.clear() }
        running.add(worker)
        worker.on('message', (news: WorkerNews) => {
          if ('failed' in news) { lose(news.failed); void worker.terminate(); return }
          for (const { job, events } of news.finished) { left.delete(job.index); if (!stopped) done(job, events) }
          if (news.idle && !stopped) give()
        })
        worker.on('error', error => lose(error.message))
        worker.on('exit', code => { lose(`it ended with code ${code}`); running.delete(worker); end() })
        give()
      }))
      stop = () => { stopped = true; batches.length = 0; for (const worker of running) void worker.terminate() }
      await Promise.all(ended)
      // workers that ended before their time may have left batches to nobody
      for (const job of batches.flat()) if (!stopped) done(job, { lost: 'no worker was left' })
    },
  }
}
