import { NotModelled } from './errors.ts'
import type { CommandProblem } from './command-line.ts'
import type { CommandEnvironment, CommandOutcome } from './outcome.ts'

/** etcdctl's commands that the model may know; which of them it does, the cluster says when asked. */
const commands = [
  'get', 'put', 'del', 'endpoint', 'member', 'snapshot', 'alarm', 'defrag', 'compact', 'compaction', 'move-leader', 'version', 'txn', 'watch', 'lease',
]

export function checkEtcdctl(words: readonly string[]): CommandProblem | undefined {
  const command = words.find(w => !w.startsWith('-'))
  if (command && commands.includes(command)) return undefined
  return { message: `etcdctl has no command \`${command ?? ''}\` here; known are ${commands.join(', ')}`, supported: commands }
}

/** The operator's etcdctl on an etcd machine: the cluster under test answers what it prints. */
export async function runEtcdctl(words: readonly string[], environment: CommandEnvironment): Promise<Omit<CommandOutcome, 'command' | 'atMs'>> {
  const files = Object.fromEntries(words.filter(w => /\.(db|json|txt)$/.test(w)).flatMap(path => {
    const text = environment.readFile(path)
    return text === undefined ? [] : [[path, text]]
  }))
  const answer = environment.driver.operate('etcdctl', { args: words, files })
  if (typeof answer !== 'string' || !answer.startsWith('{')) throw new NotModelled(answer ?? `etcdctl ${words.join(' ')}`)
  const { stdout, stderr, code } = JSON.parse(answer) as { stdout: string; stderr: string; code: number }
  const missing = /not modelled: (.*)/.exec(stderr)
  if (missing) throw new NotModelled(missing[1])
  return { stdout, stderr, code, requests: [] }
}
