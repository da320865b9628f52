import { EXIT } from '../exit-codes.ts'
import type { Host } from '../host.ts'
import { wholeOption } from '../options.ts'
import { runOptions } from '../run-options.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand, gather } from './command.ts'
import type { Speed } from '../../serve/pace.ts'
import type { ServedCommand } from '../../serve/index.ts'

/** where it is served unless told otherwise, and what clients are led by */
const usualPort = 6440, usualFile = 'kscenario.kubeconfig'
/** so often the user is asked whether to end, wall-clock ms */
const lookMs = 100

export const serve = defineCommand({
  usage: 'serve [scenario]',
  summary: 'put the modelled cluster behind a real Kubernetes API, for kubectl and other clients',
  options: [
    ['-p, --port <n>', `on 127.0.0.1 (default ${usualPort}; 0: any that is free)`],
    ['--speed <speed>', 'how its time passes: so many times as fast as on the wall, free (until nothing is left to happen) or steps (as requests need it) (default 1)'],
    ['--kubeconfig <file>', `where the way to it is written (default ${usualFile})`],
    ['--seed <n>', 'seed of everything that is left to chance (default 1)'],
    ['--manifests <dir>', 'where files are looked up that are not beside the feature (repeatable)', gather],
    ['--config <file>', 'the config, where it is not kscenario.config.ts, .js or .json here'],
    ['--preset <name>', 'settings of the config under this name (repeatable: later ones go before)', gather],
  ],
  help: `A scenario is named by its file and a line in it: its steps are gone through first, up to one that does not pass. Without one there is the cluster of the
config, or one of three nodes. Sentences that are typed happen to the cluster, or are looked into, and say what they come to; Ctrl-C ends it.

Examples:
  kscenario serve
  kscenario serve scenarios/outage.feature:12 --speed steps
  KUBECONFIG=${usualFile} kubectl get pods --watch\n`,
  async run([path], options, host) {
    const port = wholeOption('--port', options.port, 0, 65_535) ?? usualPort, speed = speedOption(options.speed)
    const asked = await runOptions(path === undefined ? [] : [path], { ...options, reports: false }, host)
    const { start } = await import('../../serve/index.ts')
    const served = await start({ path, asked, port, speed, host })
    if (typeof served === 'string') throw new UsageError(served)
    const file = options.kubeconfig ?? usualFile, written = host.file(file)
    written.write(served.kubeconfig)
    written.close()
    host.out(`${served.told}serving on ${served.url}, ${timeOf(speed)}\n\n  export KUBECONFIG=${file}\n  kubectl get nodes\n\nSay a sentence, as in: node worker-1 goes down\n`)
    await untilTheEnd(served, host)
    return EXIT.passed
  },
})

function speedOption(text: string | undefined): Speed {
  if (text === undefined) return 1
  if (text === 'free' || text === 'steps') return text
  if (!/^\d+(\.\d+)?x?$/.test(text) || Number.parseFloat(text) <= 0) throw new UsageError(`--speed ${text}: there are free, steps, and numbers such as 60`)
  return Number.parseFloat(text)
}
const timeOf = (speed: Speed): string =>
  speed === 'steps' ? 'time passes as requests and sentences need it' : speed === 'free' ? 'time passes until nothing is left to happen'
    : speed === 1 ? 'time passes as on the wall' : `time passes ${speed} times as fast as on the wall`

async function untilTheEnd(served: ServedCommand, host: Host): Promise<void> {
  const typed = host.lines(line => { if (line.trim() !== '') void served.say(line.trim()).then(text => host.out(text)) })
  while (!await host.interrupted()) await new Promise(done => { setTimeout(done, lookMs) })
  typed.close()
  await served.close()
}
