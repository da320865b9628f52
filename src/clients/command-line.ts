import { splitCommand } from '../base/command-words.ts'
import { suggest } from '../base/suggest.ts'
import { checkEtcdctl, runEtcdctl } from './etcdctl.ts'
import { CannotRun } from './errors.ts'
import { checkKubectl, runKubectl } from './kubectl/index.ts'
import type { CommandEnvironment, CommandOutcome } from './outcome.ts'
import { substitute } from './variables.ts'

/** Why a command line cannot run as written, and what could stand there instead. */
export interface CommandProblem { readonly message: string; readonly supported?: readonly string[] }

interface Program {
  readonly check: (words: readonly string[]) => CommandProblem | undefined
  readonly run: (words: readonly string[], environment: CommandEnvironment) => Promise<Omit<CommandOutcome, 'command' | 'atMs'>>
}
const programs: Readonly<Record<string, Program>> = {
  kubectl: { check: checkKubectl, run: runKubectl },
  etcdctl: { check: checkEtcdctl, run: runEtcdctl },
}

/** Finds, before anything runs, what no command line of ours can hold: another program, a shell's characters, an unknown verb or flag. */
export function checkCommandLine(line: string): CommandProblem | undefined {
  const split = splitCommand(line)
  if ('error' in split) return { message: split.error }
  const [name, ...words] = split.words
  if (name === undefined) return { message: 'there is no command on this line', supported: Object.keys(programs) }
  const program = programs[name]
  if (program) return program.check(words)
  const near = suggest(name, Object.keys(programs))
  return {
    message:
      `\`${name}\` is not a command of this language${near.length ? `, did you mean ${near[0]}?` : ''}; commands are interpreted, never handed to a shell: ${Object.keys(programs).join(' and ')} are known`,
    supported: Object.keys(programs),
  }
}

/** Runs one command line against the cluster. Throws CannotRun and NotModelled; everything else is in the outcome, as on a terminal. */
export async function runCommandLine(line: string, environment: CommandEnvironment): Promise<CommandOutcome> {
  const problem = checkCommandLine(line)
  if (problem) throw new CannotRun(problem.message)
  const atMs = environment.driver.now()
  if (environment.commandMs) await environment.driver.advance(environment.commandMs)
  const split = splitCommand(line)
  if ('error' in split) throw new CannotRun(split.error)
  const [name, ...words] = split.words
  const outcome = await programs[name].run(words.map(w => substitute(w, environment)), environment)
  return { command: line, atMs, ...outcome }
}
