import { parentPort, workerData } from 'node:worker_threads'
import type { RunnerEvent } from '../runner/events.ts'
import type { Job } from '../runner/jobs.ts'
import { runOne } from '../runner/run-suite.ts'
import type { Language, ScenarioSettings } from '../runner/run-suite.ts'
import { configOf } from './extensions.ts'
import { createWorkerHost } from './host.ts'
import { createLanguage } from './language.ts'
import type { WorkerNews, WorkerSettings } from './worker-pool.ts'

/** A thread that runs scenarios: it reads their files itself, and tells the events of each. */
const port = parentPort!, { options, wants, config } = workerData as WorkerSettings
/** so often the main thread hears of what is through */
const newsMs = 100

const host = createWorkerHost()
const tell = (news: WorkerNews): void => port.postMessage(news)

const ready = configOf(host, config).then(() => createLanguage(host)).then(({ language, tools, createDriver }) => ({
  language, settings: { ...options, tools, createDriver, files: host.files, wallMs: host.wallMs, wants } satisfies ScenarioSettings,
}))

const read = new Map<string, ReturnType<Language['read']>>()

async function run(jobs: readonly Job[]): Promise<void> {
  const { language, settings } = await ready
  let finished: { job: Job; events: RunnerEvent[] }[] = [], told = host.wallMs()
  for (const job of jobs) {
    const scenarios = (read.get(job.file) ?? read.set(job.file, language.read(job.file, host.files.read(job.file) ?? '')).get(job.file)!).scenarios
    const events: RunnerEvent[] = []
    await runOne(scenarios[job.pickle].bind(), job.index, job.pickle, settings, event => { events.push(event) })
    finished.push({ job, events })
    if (host.wallMs() - told < newsMs) continue
    tell({ finished, idle: false })
    finished = []; told = host.wallMs()
  }
  tell({ finished, idle: true })
}

port.on('message', (jobs: readonly Job[]) => { run(jobs).catch(error => tell({ failed: (error as Error).message })) })
