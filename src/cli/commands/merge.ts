import { merged, mismatch, readLog } from '../../runner/event-log.ts'
import type { Log } from '../../runner/event-log.ts'
import { EXIT } from '../exit-codes.ts'
import { extensions } from '../extensions.ts'
import type { Host } from '../host.ts'
import { openReports } from '../reports.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand, gather } from './command.ts'

export const merge = defineCommand({
  usage: 'merge <files...>',
  summary: 'put the results of shards together, and write the reports of the whole run',
  options: [
    ['-f, --format <name[:file]>', 'a report, as for kscenario run (repeatable)', gather],
    ['--no-reports', 'do not write the reports that are written by default into reports/'],
    ['-v, --verbose', 'show every step, and what commands printed'],
    ['-q, --quiet', 'only what did not pass, and the last line'],
    ['--no-color', 'no colour (also: NO_COLOR=1)'],
  ],
  help: `The files are what \`kscenario run --shard 1/4\` leaves as reports/shard-1-of-4.ndjson; a folder stands for those in it.
The reports are those that one machine would have written.

Examples:
  kscenario run scenarios/ --shard 1/4        # and 2/4, 3/4, 4/4 elsewhere
  kscenario merge shards/ --format html:report.html\n`,
  async run([paths], options, host) {
    const logs = (paths as readonly string[]).flatMap(path => logsOf(path, host))
    if (logs.length === 0) throw new UsageError(`no file shard-N-of-N.ndjson in ${paths.join(' ')}`)
    const wrong = mismatch(logs)
    if (wrong) throw new UsageError(wrong)
    const own = (await extensions(host)).flatMap(e => e.reporters ?? [])
    const reports = await openReports(
      options.format ?? [], { verbose: !!options.verbose, quiet: !!options.quiet, colour: options.color, defaults: options.reports }, host, own
    )
    const events = merged(logs)
    for (const event of events) reports.emit(event)
    const failures = reports.close(), last = events.at(-1)!
    for (const { reporter, message } of failures) host.err(`the report ${reporter} could not be written: ${message}\n`)
    const code = last.type === 'runFinished' ? last.summary.exitCode : EXIT.inconclusive
    return code === 0 && failures.length ? EXIT.inconclusive : code
  },
})

function logsOf(path: string, host: Host): readonly Log[] {
  if (host.files.kind(path) === 'directory') {
    return [...host.files.list(path)].filter(name => /^shard-\d+-of-\d+\.ndjson$/.test(name)).sort().flatMap(name => logsOf(`${path}/${name}`, host))
  }
  const text = host.files.read(path)
  if (text === undefined) throw new UsageError(`no such file: ${path}`)
  const log = readLog(path, text)
  if (typeof log === 'string') throw new UsageError(log)
  return [log]
}
