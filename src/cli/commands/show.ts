import { EXIT } from '../exit-codes.ts'
import { inspectOptions } from '../inspect.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

export const show = defineCommand({
  usage: 'show <scenario>',
  summary: 'show what happens in a scenario, passing or not: its timeline, step by step',
  options: [
    ['--component <name>', 'only what this component does and what becomes of it, its requests too: kube-scheduler, kubelet on worker-1'],
    ['--object <name>', 'only what happens to this object: pod/catalog, or a part of a name'],
    ['--json', 'as data: lanes, moments, faults, changes of objects, journeys'],
    ...inspectOptions,
  ],
  help: `A scenario is named by its file and a line in it.

Examples:
  kscenario show scenarios/outage.feature:12
  kscenario show scenarios/outage.feature:12 --component kube-scheduler
  kscenario show scenarios/outage.feature:12 --object pod/catalog\n`,
  async run([path], options, host) {
    const [{ inspect }, { showText }] = await Promise.all([import('../inspect.ts'), import('../show-text.ts')])
    const all = await inspect(path, options, host, true)
    if (all.length === 0) return EXIT.cannotRun
    const out = host.stdout(options.color)
    if (options.json) {
      host.out(
        JSON.stringify(
          all.map(({ finished, record }) => ({ scenario: finished.scenario, status: finished.status, failure: finished.failure, record })), null, 2
        )
          + '\n'
      )
      return EXIT.passed
    }
    for (const one of all) {
      const text = showText(one, { component: options.component, object: options.object }, out.colourLevel)
      if (text === undefined) {
        throw new UsageError(
          `nothing happened to ${[options.component, options.object].filter(Boolean).join(' or ')} in this scenario; there are ${(one.record?.lanes ?? []).filter(l => l.group === (options.object ? 'object' : 'component')).map(l => l.name).join(', ') || 'none'}`
        )
      }
      out.write(text)
    }
    return EXIT.passed
  },
})
