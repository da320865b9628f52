import { parentPort, workerData } from 'node:worker_threads'
import type { RunnerEvent } from '../runner/events.ts'
import type { Job } from '../runner/jobs.ts'
import type { PlannedScenario } from '../runner/plan.ts'
import { beginningsFor, lookingAhead, runOne } from '../runner/run-suite.ts'
import type { Language, ScenarioSettings } from '../runner/run-suite.ts'
import { configOf } from './extensions.ts'
import { createWorkerHost } from './host.ts'
import { createLanguage } from './language.ts'
import { claim } from './worker-pool.ts'
import type { Dealt, WorkerNews, WorkerSettings } from './worker-pool.ts'

/** A thread that runs scenarios: it claims batches, reads their files itself, and tells the events of each scenario. */
const port = parentPort!, { options, wants, config } = workerData as WorkerSettings
/** so often the main thread hears of what is through */
const newsMs = 100

const host = createWorkerHost(), read = new Map<string, ReturnType<Language['read']>>()

const ready = configOf(host, config).then(() => createLanguage(host)).then(({ language, tools, createDriver }) => ({
  language, how: { ...options, tools, createDriver, files: host.files, wallMs: host.wallMs, wants } satisfies ScenarioSettings,
}))

async function work(dealt: Dealt): Promise<void> {
  const { language, how } = await ready
  let news: { job: Job; events: RunnerEvent[] }[] = [], told = host.wallMs()
  const tell = (): void => { if (news.length) port.postMessage(news satisfies WorkerNews); news = []; told = host.wallMs() }
  const beginnings = beginningsFor(how)
  const bind = ({ file, pickle }: Job): PlannedScenario =>
    (read.get(file) ?? read.set(file, language.read(file, host.files.read(file) ?? '')).get(file)!).scenarios[pickle].bind()
  for (let batch = claim(dealt); batch; batch = claim(dealt)) {
    for (const { job, plan, following } of lookingAhead(batch.map(job => ({ job, bind: () => bind(job) })))) {
      const events: RunnerEvent[] = []
      await runOne(plan, job.index, job.pickle, how, event => { events.push(event) }, beginnings && { beginnings, following })
      news.push({ job, events })
      if (host.wallMs() - told >= newsMs) tell()
    }
  }
  tell()
}

port.once('message', (dealt: Dealt) => { work(dealt).then(() => port.close(), error => { throw error }) })
