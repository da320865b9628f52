import { Command, CommanderError } from 'commander'
import { commands } from './commands/index.ts'
import { EXIT } from './exit-codes.ts'
import { createHost } from './host.ts'
import type { Host } from './host.ts'
import { UsageError } from './usage-error.ts'
import { VERSION } from './version.ts'

/** The `kscenario` command. Ends by setting the exit code, so that everything written reaches its reader. */
export async function main(argv: readonly string[]): Promise<void> {
  const host = createHost(argv)
  host.exit(await commandLine(host))
}

/** One command, said to a host: answers the exit code. */
export async function commandLine(host: Host): Promise<number> {
  let code: number = EXIT.passed
  const program = new Command('kscenario')
    .description('Says in plain sentences what a Kubernetes cluster should do, and shows whether it does, and why not.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help; also: kscenario help COMMAND')
    .helpCommand('help [command]', 'show help of a command')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: text => host.out(text), writeErr: text => host.err(text) })
    .addHelpText('after', '\nExit codes: 0 passed · 1 a scenario failed or is vacuous · 2 cannot run as written · 3 inconclusive · 130 interrupted\n')
  for (const command of commands) {
    const sub = program.command(command.usage).description(command.summary).aliases(command.aliases ?? [])
    for (const [flags, text, parse] of command.options) sub.option(flags, text, parse as never)
    if (command.help) sub.addHelpText('after', `\n${command.help}`)
    sub.action(async (...args) => { code = await command.run(args.slice(0, -2), args.at(-2), host) })
  }
  try {
    if (host.args.length === 0) { host.out(program.helpInformation()); return EXIT.cannotRun }
    await program.parseAsync([...host.args], { from: 'user' })
    return code
  } catch (error) { return failed(error, host) }
}

function failed(error: unknown, host: Host): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.cannotRun
  if (error instanceof UsageError) { host.err(`error: ${error.message}\n`); return EXIT.cannotRun }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  host.err(`internal error of kscenario ${VERSION}, not yours: ${message}\n${(stack ?? '').split('\n').slice(1, 5).join('\n')}\n`)
  return EXIT.inconclusive
}
