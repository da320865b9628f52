import { splitCommand } from '../base/command-words.ts'
import { suggest } from '../base/suggest.ts'
import { tableOf } from '../base/table.ts'
import { checkEtcdctl, checkEtcdutl, runEtcdctl, runEtcdutl } from './etcdctl.ts'
import { CannotRun } from './errors.ts'
import { checkKubectl, runKubectl } from './kubectl/index.ts'
import type { CommandEnvironment, CommandOutcome } from './outcome.ts'
import { substitute } from './variables.ts'
import { withWritten } from './written-files.ts'

/** Why a command line cannot run as written, and what could stand there instead; `refusal`: the program itself refuses it, which may be the point. */
export interface CommandProblem { readonly message: string; readonly supported?: readonly string[]; readonly refusal?: true }

interface Program {
  readonly check: (words: readonly string[], variables: Readonly<Record<string, string>>) => CommandProblem | undefined
  readonly run: (words: readonly string[], environment: CommandEnvironment) => Promise<Omit<CommandOutcome, 'command' | 'atMs'>>
}
const programs = tableOf<Program>({
  kubectl: { check: checkKubectl, run: runKubectl },
  etcdctl: { check: checkEtcdctl, run: runEtcdctl }, etcdutl: { check: checkEtcdutl, run: runEtcdutl },
  curl: { check: () => undefined, run: async (words, environment) => (await import('./curl.ts')).runCurl(words, environment) },
})

/** variables of the environment that stand before a command */
const known = ['KUBE_EDITOR', 'EDITOR', 'KUBECONFIG', 'KUBERC']
function assignments(words: readonly string[]): { readonly variables: Readonly<Record<string, string>>; readonly words: readonly string[] } {
  const end = words.findIndex(w => !/^[A-Za-z_]\w*=/.test(w)), count = end < 0 ? words.length : end
  return {
    variables: Object.fromEntries(words.slice(0, count).map(w => [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)])), words: words.slice(count),
  }
}

/** Finds, before anything runs, what no command line of ours can hold: another program, a shell's characters, an unknown verb or flag. */
export function checkCommandLine(line: string): CommandProblem | undefined {
  const split = splitCommand(line)
  if ('error' in split) return { message: split.error }
  const { variables, words: [name, ...words] } = assignments(split.words), idle = Object.keys(variables).find(v => !known.includes(v) || name !== 'kubectl')
  if (name === undefined) return { message: 'there is no command on this line', supported: Object.keys(programs) }
  if (idle !== undefined) return { message: `\`${idle}=\` says nothing to ${name} here; kubectl hears ${known.join(', ').replace(/, (?=[^,]*$)/, ' and ')}`, supported: known }
  const program = programs[name]
  if (program) return program.check(words, variables)
  const near = suggest(name, Object.keys(programs))
  return {
    message:
      `\`${name}\` is not a command of this language${near.length ? `, did you mean ${near[0]}?` : ''}; commands are interpreted, never handed to a shell: ${Object.keys(programs).join(', ').replace(/, (?=[^,]*$)/, ' and ')} are known`,
    supported: Object.keys(programs),
  }
}

/** Runs one command line against the cluster. Throws CannotRun and NotModelled; everything else is in the outcome, as on a terminal. */
export async function runCommandLine(line: string, environment: CommandEnvironment): Promise<CommandOutcome> {
  const problem = checkCommandLine(line)
  if (problem && !problem.refusal) throw new CannotRun(problem.message)
  const atMs = environment.driver.now()
  if (environment.commandMs) await environment.driver.advance(environment.commandMs)
  const split = splitCommand(line)
  if ('error' in split) throw new CannotRun(split.error)
  const { variables, words: [name, ...words] } = assignments(split.words)
  const around = withWritten(environment)
  const outcome = await programs[name].run(words.map(w => substitute(w, environment)), Object.keys(variables).length ? { ...around, variables } : around)
  return { command: line, atMs, ...outcome }
}
