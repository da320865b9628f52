import { suggest } from '../../base/suggest.ts'
import type { CommandProblem } from '../command-line.ts'
import { CannotRun, NotModelled } from '../errors.ts'
import type { CommandEnvironment, CommandOutcome } from '../outcome.ts'
import { meetWords } from './custom-kinds.ts'
import { explain, failure } from './errors.ts'
import { Flags, parseFlags, type FlagTable } from './flags.ts'
import { Session } from './session.ts'
import type { Verb } from './verb.ts'
import { checkGlobals, everyVerb } from './global-flags.ts'
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
      if (command !== 'kubectl' && (name === undefined || verb.takesWords || rest.some(w => /^(-f|-k|--filename|--kustomize)/.test(w)))) break
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
    const name = words[i].startsWith('--') ? words[i].slice(2) : Object.keys(everyVerb).find(f => `-${everyVerb[f].short}` === words[i]) ?? ''
    if (Object.hasOwn(everyVerb, name) && everyVerb[name].alone === undefined) i++
  }
  return -1
}

export function checkKubectl(words: readonly string[]): CommandProblem | undefined {
  const chosen = choose(words)
  if ('message' in chosen) return chosen
  const specs: FlagTable = { ...everyVerb, ...chosen.verb.flags }, parsed = parseFlags(chosen.words, specs)
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
  const specs: FlagTable = { ...everyVerb, ...chosen.verb.flags }, parsed = parseFlags(chosen.words, specs)
  if ('unknown' in parsed) throw new CannotRun(`${chosen.command} has no flag ${parsed.unknown}`)
  if ('wrong' in parsed) return { stdout: '', stderr: failure(`${parsed.wrong}\nSee '${chosen.command} --help' for usage.`).stderr, code: 1, requests: [] }
  const session = new Session(environment, parsed.flags as Flags, chosen.verb.discovers ?? true)
  session.typed = chosen.verb.typed ?? false
  const said = parsed.flags.said()
  for (const name of said) {
    const { absent, deprecated } = specs[name]
    if (absent) throw new NotModelled(`${chosen.command} --${name}`)
    if (deprecated !== undefined) session.complain(`Flag --${name} has been deprecated, ${deprecated}`)
  }
  try {
    checkGlobals(session, parsed.flags, chosen.verb.flags)
    await meetWords(session, parsed.flags, chosen.command)
    parsed.flags.forgetReads()
    await chosen.verb.run(session, parsed.flags, chosen.command)
    // a flag that was not heard would be a lie: what kubectl does with it is not what was done here
    const unheard = said.find(name => Object.hasOwn(chosen.verb.flags, name) && !specs[name].inert && !specs[name].situational
      && !parsed.flags.wasRead(name))
    if (unheard !== undefined) throw new NotModelled(`${chosen.command} --${unheard} in this place`)
    if (parsed.flags.on('warnings-as-errors') && session.warnings > 0) {
      throw failure(`${session.warnings} warning${session.warnings === 1 ? '' : 's'} received`)
    }
    return { stdout: session.stdout, stderr: session.stderr, code: 0, requests: session.requests }
  } catch (error) {
    const exit = explain(error)
    return { stdout: session.stdout, stderr: session.stderr + exit.stderr, code: exit.code, requests: session.requests }
  }
}
