import type { Driver } from '../drivers/driver.ts'
import type { ReportedDiagnostic, RunnerEvent, ScenarioFinished, ScenarioRecord } from '../runner/events.ts'
import { createLanguage } from './language.ts'
import type { Host } from './host.ts'
import { namesOption, tagsOption } from './options.ts'
import { runOptions } from './run-options.ts'
import { UsageError } from './usage-error.ts'
import { VERSION } from './version.ts'

/** A scenario that was run to be looked at, with its cluster as it was at the end (undefined: it never had one). */
export interface Inspected { readonly finished: ScenarioFinished; readonly record?: ScenarioRecord; readonly driver?: Driver }

/** Options of the commands that look at single scenarios. */
export const inspectOptions = [
  ['--seed <n>', 'seed of everything that is left to chance; goes before @seed tags (default 1)'],
  [
    '--manifests <dir>', 'where files are looked up that are not beside their feature (repeatable)',
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  ],
  ['--observe <duration>', 'how long `always`, `never` and open windows are watched, in virtual time (default 5m)'],
  ['--deadline <duration>', 'how long `eventually` waits, in virtual time (default 60s)'],
  ['--no-color', 'no colour (also: NO_COLOR=1)'],
] as const

/** Runs what FILE:LINE names, with stories that leave nothing out. Nothing is reported but what is wrong with the file. */
export async function inspect(path: string, options: Readonly<Record<string, any>>, host: Host, records: boolean): Promise<readonly Inspected[]> {
  const asked = await runOptions([path], { ...options, reports: false }, host)
  const [{ runSuite }, { language, tools, createDriver }] = await Promise.all([import('../runner/run-suite.ts'), createLanguage(host, { whole: true })])
  const inspected: Inspected[] = [], diagnostics: ReportedDiagnostic[] = []
  let driver: Driver | undefined, record: ScenarioRecord | undefined
  const look = (event: RunnerEvent): void => {
    switch (event.type) {
      case 'diagnostics': diagnostics.push(...event.diagnostics); break
      case 'scenarioStarted': driver = undefined; record = undefined; break
      case 'scenarioRecord': record = event; break
      case 'scenarioFinished': inspected.push({ finished: event, record, driver })
    }
  }
  await runSuite({
    ...asked, selection: { tags: await tagsOption(asked.tags), names: namesOption(asked.names) }, version: VERSION, language, tools,
    createDriver: world => driver = createDriver(world), files: host.files,
    wallMs: host.wallMs, interrupted: host.interrupted, wants: { records },
  }, look)
  for (const d of diagnostics) host.err(`${d.text}\n`)
  if (inspected.length === 0 && diagnostics.length === 0) throw new UsageError(`no scenario stands at ${path}`)
  return inspected
}
