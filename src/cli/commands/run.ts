import { UsageError } from '../usage-error.ts'
import { EXIT } from '../exit-codes.ts'
import { openReports } from '../reports.ts'
import { namesOption, tagsOption } from '../options.ts'
import { extensions } from '../extensions.ts'
import type { OnCluster } from '../real-cluster.ts'
import { runOptions } from '../run-options.ts'
import { logLine } from '../../runner/event-log.ts'
import type { Workers } from '../../runner/jobs.ts'
import { VERSION } from '../version.ts'
import { defineCommand, gather } from './command.ts'

export const run = defineCommand({
  usage: 'run [paths...]',
  summary: 'run scenarios on the modelled cluster, or on a real one',
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
    ['--kubeconfig <file>', 'run them on the cluster that the file leads to, each in a namespace of its own (default with --context: as kubectl)'],
    ['--context <name>', 'the same, by a context of the kubeconfig'],
    ['--preset <name>', 'settings of the config under this name (repeatable: later ones go before)', gather],
    ['--config <file>', 'the config, where it is not kscenario.config.ts, .js or .json here'],
    ['--parallel <n>', 'how many threads run the scenarios (default: one while that takes a second or two only, then as many as there are processors)'],
    ['--shard <i/n>', 'only this part of the scenarios, dealt in turn; see kscenario help merge'],
    ['--watch', 'run again what a change of a file touches; writes no reports'],
    ['--no-color', 'no colour (also: NO_COLOR=1)'],
  ],
  help: `Paths are feature files, FILE:LINE or folders; default: scenarios, features or the current folder.
Reports are written to reports/: junit.xml, results.json, checklist.md, checklist.json.

Examples:
  kscenario run scenarios/
  kscenario run scenarios/outage.feature:12 --seed 7 --verbose
  kscenario run scenarios/rollout.feature --context kind-kind --observe 20s
  kscenario run --tags '@chapter03 and not @slow' --format junit:out/junit.xml --format html:out/report.html\n`,
  async run([paths], options, host) {
    if (options.quiet && options.verbose) throw new UsageError('--quiet and --verbose: one of them')
    if (options.watch && (options.kubeconfig ?? options.context) !== undefined) throw new UsageError('--watch: on the model only')
    if (options.watch) return (await import('../watch.ts')).watch(paths, options, host)
    const asked = await runOptions(paths, options, host), { shard, parallel, cluster } = asked, known = await extensions(host)
    const reports = await openReports(
      asked.formats, { verbose: !!options.verbose, quiet: !!options.quiet, colour: options.color, defaults: asked.reports }, host,
      known.flatMap(e => e.reporters ?? [])
    )
    const log = shard && host.file(`reports/shard-${shard.index}-of-${shard.of}.ndjson`), wants = log ? { records: true, documents: true } : reports.wants
    const [{ runSuite }, { createLanguage }, { withWarnings }] = await Promise.all([
      import('../../runner/run-suite.ts'), import('../language.ts'), import('../linter.ts'),
    ])
    const { language, parser, tools, createDriver } = await createLanguage(host)
    const start = async (): Promise<Workers> => {
      const { startWorkers, usualThreads } = await import('../worker-pool.ts')
      return startWorkers(parallel ?? usualThreads(host.threads), { options: asked, wants, config: options.config })
    }
    const on = async (real?: OnCluster): Promise<number> => (await runSuite({
      ...asked, selection: { tags: await tagsOption(asked.tags), names: namesOption(asked.names) }, version: VERSION,
      language: withWarnings(language, parser, host, asked.manifests), tools, createDriver, files: host.files, wallMs: host.wallMs,
      interrupted: host.interrupted, wants, ...real,
      ...(real || parallel === 1 || parallel === undefined && host.threads < 2 ? {} : { workers: { whenWorthIt: parallel === undefined, start } }),
    }, event => { log?.write(logLine(event)); reports.emit(event) })).exitCode
    const exitCode = cluster ? await (await import('../real-cluster.ts')).onRealCluster(cluster, host, on) : await on()
    log?.close()
    const failures = reports.close()
    for (const { reporter, message } of failures) host.err(`the report ${reporter} could not be written: ${message}\n`)
    return exitCode === 0 && failures.length ? EXIT.inconclusive : exitCode
  },
})
