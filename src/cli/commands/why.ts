import { EXIT } from '../exit-codes.ts'
import { inspectOptions } from '../inspect.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

export const why = defineCommand({
  usage: 'why <scenario>', aliases: ['explain'],
  summary: 'explain a failing scenario at length: every cause, the whole timeline, the objects it speaks of',
  options: [...inspectOptions],
  help: `A scenario is named by its file and a line in it.

Example:
  kscenario why scenarios/outage.feature:12\n`,
  async run([path], options, host) {
    const [{ inspect }, { whyText }] = await Promise.all([import('../inspect.ts'), import('../why-text.ts')])
    const all = await inspect(path, options, host, false), failed = all.filter(i => i.finished.failure)
    if (all.length === 0) return EXIT.cannotRun
    if (all.length > 1 && failed.length > 1) {
      throw new UsageError(
        `${failed.length} scenarios of ${path} do not pass: name one by its line, as in ${failed[0].finished.scenario.file}:${failed[0].finished.scenario.line}`
      )
    }
    const paint = host.stdout(options.color)
    if (failed.length === 0) {
      paint.write(
        `${all.length === 1 ? `“${all[0].finished.scenario.name}” ${all[0].finished.status === 'skipped' ? 'is skipped' : 'passes'}` : `all ${all.length} scenarios pass`}: kscenario show ${path} tells what happens in it\n`
      )
    }
    for (const one of failed) paint.write(whyText(one, paint.colourLevel))
    return failed.length ? EXIT.failed : EXIT.passed
  },
})
