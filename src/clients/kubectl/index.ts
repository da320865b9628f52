import { suggest } from '../../base/suggest.ts'
import type { CommandProblem } from '../command-line.ts'
import { CannotRun } from '../errors.ts'
import type { CommandEnvironment, CommandOutcome } from '../outcome.ts'
import { meetWords } from './custom-kinds.ts'
import { bare, explain, failure } from './errors.ts'
import { Flags, parseFlags, type FlagTable } from './flags.ts'
import { Session } from './session.ts'
import { everyVerb, type Verb } from './verb.ts'
import { contextOf } from './verbs/config.ts'
import { verbs } from './verbs/index.ts'

interface Chosen { readonly verb: Verb; readonly command: string; readonly words: readonly string[] }

/** Finds the verb that the words name (`rollout status`), and takes its name off. */
function choose(words: readonly string[]): Chosen | CommandProblem {
  const at = firstWord(words)
  let verb: Verb = { flags: {}, under: verbs, run: async () => {} }, command = 'kubectl', rest = [...words]
  if (at < 0) return { message: `kubectl needs a verb: ${names(verbs)}`, supported: Object.keys(verbs) }
  for (let from = at; verb.under; from = firstWord(rest)) {
    const name = from < 0 ? undefined : rest[from], next = name !== undefined && Object.hasOwn(verb.under, name) ? verb.under[name] : undefined
    if (!next) {
      if (command !== 'kubectl' && (name === undefined || rest.some(w => /^(-f|-k|--filename|--kustomize)/.test(w)))) break
      const near = suggest(name ?? '', Object.keys(verb.under))
      return {
        message: `${command} has no verb \`${name ?? ''}\` here${near.length ? `, did you mean ${near.join(' or ')}?` : ''}; known are ${names(verb.under)}`,
        supported: Object.keys(verb.under),
      }
    }
    rest = [...rest.slice(0, from), ...rest.slice(from + 1)]
    verb = next
    command += ` ${verb.name ?? name}`
  }
  return { verb, command, words: rest }
}
const names = (table: Readonly<Record<string, unknown>>): string => Object.keys(table).join(', ')
/** The place of the first word that is neither a flag nor the value of a flag that stands before the verb. */
function firstWord(words: readonly string[]): number {
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--') return -1
    if (!words[i].startsWith('-')) return i
    if (/^(-n|--namespace|--context|--as|--as-group|--request-timeout|-v)$/.test(words[i])) i++
  }
  return -1
}

export function checkKubectl(words: readonly string[]): CommandProblem | undefined {
  const chosen = choose(words)
  if ('message' in chosen) return chosen
  const specs: FlagTable = { ...chosen.verb.flags, ...everyVerb }, parsed = parseFlags(chosen.words, specs)
  if (!('unknown' in parsed)) return undefined
  const supported = Object.keys(specs).map(f => `--${f}`), near = suggest(parsed.unknown, supported)
  return {
    message:
      `${chosen.command} has no flag \`${parsed.unknown}\` here${near.length ? `, did you mean ${near.join(' or ')}?` : ''}; known are ${supported.join(', ')}`,
    supported,
  }
}

export async function runKubectl(words: readonly string[], environment: CommandEnvironment): Promise<Omit<CommandOutcome, 'command' | 'atMs'>> {
  const chosen = choose(words)
  if ('message' in chosen) throw new CannotRun(chosen.message)
  const parsed = parseFlags(chosen.words, { ...chosen.verb.flags, ...everyVerb })
  if ('unknown' in parsed) throw new CannotRun(`${chosen.command} has no flag ${parsed.unknown}`)
  if ('wrong' in parsed) return { stdout: '', stderr: failure(`${parsed.wrong}\nSee '${chosen.command} --help' for usage.`).stderr, code: 1, requests: [] }
  const session = new Session(environment, parsed.flags as Flags, chosen.verb.discovers ?? true)
  session.typed = chosen.verb.typed ?? false
  for (const [name, { deprecated }] of Object.entries(chosen.verb.flags)) {
    if (deprecated !== undefined && parsed.flags.given(name)) session.complain(`Flag --${name} has been deprecated, ${deprecated}`)
  }
  try {
    const context = parsed.flags.text('context')
    if (context !== '' && context !== contextOf(session)) throw bare(`Error in configuration: context was not found for specified context: ${context}`)
    await meetWords(session, parsed.flags, chosen.command)
    await chosen.verb.run(session, parsed.flags, chosen.command)
    return { stdout: session.stdout, stderr: session.stderr, code: 0, requests: session.requests }
  } catch (error) {
    const exit = explain(error)
    return { stdout: session.stdout, stderr: session.stderr + exit.stderr, code: exit.code, requests: session.requests }
  }
}
