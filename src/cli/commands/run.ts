import { UsageError } from '../usage-error.ts'
import { EXIT } from '../exit-codes.ts'
import { openReports } from '../reports.ts'
import { durationOption, namesOption, seedOption, tagsOption } from '../options.ts'
import { VERSION } from '../version.ts'
import { defineCommand, gather } from './command.ts'

export const run = defineCommand({
  usage: 'run [paths...]',
  summary: 'run scenarios on the modelled cluster',
  options: [
    ['-t, --tags <expression>', "only scenarios whose tags satisfy it, as in '@chapter03 and not @slow' (repeat: all must hold)", gather],
    ['--name <regexp>', 'only scenarios whose name matches (repeat: any)', gather],
    ['--seed <n>', 'seed of everything that is left to chance; goes before @seed tags (default 1)'],
    ['-f, --format <name[:file]>', 'a report: terminal, html, junit, json, checklist, messages, tap, github; to stdout or to a file (repeatable)', gather],
    ['--no-reports', 'do not write the reports that are written by default into reports/'],
    ['--fail-fast', 'stop at the first scenario that does not pass'],
    ['-v, --verbose', 'show every step, and what commands printed'],
    ['-q, --quiet', 'only what did not pass, and the last line'],
    ['--manifests <dir>', 'where files are looked up that are not beside their feature (repeatable)', gather],
    ['--observe <duration>', 'how long `always`, `never` and open windows are watched, in virtual time (default 5m)'],
    ['--deadline <duration>', 'how long `eventually` waits, in virtual time (default 60s)'],
    ['--no-color', 'no colour (also: NO_COLOR=1)'],
  ],
  help: `Paths are feature files, FILE:LINE or folders; default: scenarios, features or the current folder.
Reports are written to reports/: junit.xml, results.json, checklist.md, checklist.json.

Examples:
  kscenario run scenarios/
  kscenario run scenarios/outage.feature:12 --seed 7 --verbose
  kscenario run --tags '@chapter03 and not @slow' --format junit:out/junit.xml --format html:out/report.html\n`,
  async run([paths], options, host) {
    const deadlineMs = durationOption('--deadline', options.deadline, 60_000)
    const observeMs = durationOption('--observe', options.observe, 300_000)
    const seed = seedOption(options.seed)
    const selection = { tags: await tagsOption(options.tags), names: namesOption(options.name) }
    const manifests: readonly string[] = options.manifests ?? []
    for (const directory of manifests) if (host.files.kind(directory) !== 'directory') throw new UsageError(`--manifests ${directory}: no such folder`)
    if (options.quiet && options.verbose) throw new UsageError('--quiet and --verbose: one of them')
    const reports = await openReports(options.format ?? [], { verbose: !!options.verbose, quiet: !!options.quiet, colour: options.color, defaults: options.reports }, host)
    const [{ runSuite }, { createLanguage }] = await Promise.all([import('../../runner/run-suite.ts'), import('../language.ts')])
    const { language, tools, createDriver } = await createLanguage(host)
    const summary = await runSuite({
      paths: paths.length ? paths : [['scenarios', 'features'].find(d => host.files.kind(d) === 'directory') ?? '.'],
      selection, seed, failFast: !!options.failFast, manifests, deadlineMs, observeMs, version: VERSION,
      language, tools, createDriver, files: host.files, wallMs: host.wallMs, interrupted: host.interrupted, wants: reports.wants,
    }, reports.emit)
    const failures = reports.close()
    for (const { reporter, message } of failures) host.err(`the report ${reporter} could not be written: ${message}\n`)
    return summary.exitCode === 0 && failures.length ? EXIT.inconclusive : summary.exitCode
  },
})
