import { parentPort, workerData } from 'node:worker_threads'
import type { RunnerEvent } from '../runner/events.ts'
import type { Job } from '../runner/jobs.ts'
import { runOne } from '../runner/run-suite.ts'
import type { Language, ScenarioSettings } from '../runner/run-suite.ts'
import { configOf } from './extensions.ts'
import { createWorkerHost } from './host.ts'
import { createLanguage } from './language.ts'
import { claim } from './worker-pool.ts'
import type { WorkerNews, WorkerSettings } from './worker-pool.ts'

/** A thread that runs scenarios: it claims batches, reads their files itself, and tells the events of each scenario. */
const port = parentPort!, settings = workerData as WorkerSettings
/** so often the main thread hears of what is through */
const newsMs = 100

const host = createWorkerHost(), read = new Map<string, ReturnType<Language['read']>>()

async function work({ options, wants, config, me }: WorkerSettings): Promise<void> {
  await configOf(host, config)
  const { language, tools, createDriver } = await createLanguage(host)
  const how: ScenarioSettings = { ...options, tools, createDriver, files: host.files, wallMs: host.wallMs, wants }
  let news: { job: Job; events: RunnerEvent[] }[] = [], told = host.wallMs()
  const tell = (): void => { if (news.length) port.postMessage(news satisfies WorkerNews); news = []; told = host.wallMs() }
  for (let batch = claim(settings, me); batch; batch = claim(settings, me)) for (const job of batch) {
    const scenarios = (read.get(job.file) ?? read.set(job.file, language.read(job.file, host.files.read(job.file) ?? '')).get(job.file)!).scenarios
    const events: RunnerEvent[] = []
    await runOne(scenarios[job.pickle].bind(), job.index, job.pickle, how, event => { events.push(event) })
    news.push({ job, events })
    if (host.wallMs() - told >= newsMs) tell()
  }
  tell()
}

work(settings).then(() => port.close(), error => { throw error })
