import type { Behaviour } from '../behaviour.ts'
import type { CriCall } from '../cri.ts'
import { missingFile } from '../missing-file.ts'
import { Run } from './run.ts'
import { parseScript, Unclear, type Node, type Part } from './syntax.ts'

/**
 * What a container does as far as its own command says it: `sleep 30`, `false`, `sh -c "echo ready; touch /tmp/up; sleep 600; exit 1"`, `while true; do …;
 * sleep 5; done`, `until nslookup db; do sleep 2; done`. Undefined where anything in it is not plain: another program, a condition, a pipe. Approximate:
 * only what sleeps takes time, files are not those of the run before, and who is asked to end does so.
 * Source: POSIX.1-2017, Shell Command Language; coreutils and busybox.
 */
export function saidByCommand({ command = none, args = none, env, messagePath }: Told): Behaviour | undefined {
  const words = [...command, ...args]
  if (words.length === 0 || !isProgram(words[0], command.length > 0)) return undefined
  const key = JSON.stringify([words, env, messagePath])
  if (!said.has(key)) {
    if (said.size > 2000) said.clear()
    said.set(key, read(words, new Run(scriptOf(words)?.strict ?? false, env ?? {}, messagePath ?? '/dev/termination-log')))
  }
  return said.get(key)
}
type Told = Pick<Extract<CriCall, { call: 'create' }>, 'command' | 'args' | 'env' | 'messagePath'>
const none: readonly string[] = [], said = new Map<string, Behaviour | undefined>()

/** What a shell alone knows is no program; what stands in `args` may be the argument of a program that the image names. */
const isProgram = (word: string, named: boolean): boolean => {
  const name = word.replace(/^\/(usr\/)?bin\//, '')
  return isShell(word) || /^(sleep|true|false|echo|tail)$/.test(name) || named && !builtIn.has(name) && !name.includes('=')
}
const builtIn = new Set([':', 'exec', 'exit', 'export', 'set', 'umask', 'wait'])
const isShell = (program: string): boolean => /^(\/bin\/|\/usr\/bin\/)?(ba|a|da)?sh$/.test(program)
/** The script that a command line hands to a shell, and whether it ends with the first failure; undefined: it is none. */
function scriptOf([program = '', ...more]: readonly string[]): { readonly script: string; readonly strict: boolean } | undefined {
  const flags = more.findIndex(word => /^-[eux]*c$/.test(word))
  return isShell(program) && flags >= 0 && more.slice(0, flags).every(word => word === '-e') && more[flags + 1] !== undefined
    ? { script: more[flags + 1], strict: more.slice(0, flags + 1).some(word => word.includes('e')) }
    : undefined
}

function read(words: readonly string[], run: Run): Behaviour | undefined {
  const shell = scriptOf(words)
  if (!shell && isShell(words[0])) return undefined
  try {
    run.node(shell ? parseScript(shell.script) : programOf(words))
    return run.behaviour()
  } catch (error) {
    if (error instanceof Unclear) return undefined
    throw error
  }
}
/** Without a shell words are what they are, but for `$(NAME)` that the kubelet could not fill in. */
function programOf(words: readonly string[]): Node {
  const partsOf = (word: string): readonly Part[] =>
    word.split(/(\$\([^()]*\))/).map(part => part.startsWith('$(') ? { substitution: part.slice(2, -1) } : part)
  return { do: 'run', words: words.map(word => ({ parts: partsOf(word), quoted: true })), redirects: [] }
}

/** The file whose absence makes a command fail, and what it says then; undefined: it asks for something else. */
export function fileAskedFor(command: readonly string[] = none, image?: string): { readonly path: string; readonly missing: string } | undefined {
  const script = scriptOf(command)?.script, words = script === undefined ? command : script.trim().split(/\s+/)
  const [, program, path] = /^(?:\/bin\/)?(cat|ls|stat|test -[ef]|\[ -[ef]) (\/[\w./-]+)(?: \])?$/.exec(words.join(' ')) ?? []
  if (path === undefined) return undefined
  return { path, missing: program === 'cat' || program === 'ls' || program === 'stat' ? `${missingFile(program, path, image)}\n` : '' }
}
