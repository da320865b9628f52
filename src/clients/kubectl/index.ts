import { suggest } from '../../base/suggest.ts'
import type { CommandProblem } from '../command-line.ts'
import { CannotRun, NotModelled } from '../errors.ts'
import type { CommandEnvironment, CommandOutcome } from '../outcome.ts'
import { meetWords } from './custom-kinds.ts'
import { choose } from './choose.ts'
import { logLine } from './discovery.ts'
import { explain, failure } from './errors.ts'
import { bool, parseFlags, type FlagSpec, type FlagTable } from './flags.ts'
import { oldDryRun } from './printers/index.ts'
import { helpPage } from './help.ts'
import { reachOf } from './reach.ts'
import { asksPreferences, preferred, type Preferred } from './preferences.ts'
import { Session } from './session.ts'
import { checkGlobals, everyVerb } from './global-flags.ts'
import type { Verb } from './verb.ts'

export function checkKubectl(words: readonly string[], variables: Readonly<Record<string, string>>): CommandProblem | undefined {
  // what its file makes of the line is known once it is read
  if (asksPreferences(words, variables)) return undefined
  const chosen = choose(words)
  if ('problem' in chosen) {
    const alone = parseFlags(words, { ...everyVerb, help: helpFlag })
    if (chosen.said === undefined && 'flags' in alone && alone.flags.on('help')) return undefined
    return 'wrong' in alone ? { ...chosen.problem, refusal: true } : chosen.problem
  }
  if (chosen.stray && !chosen.words.some(w => /^(-f|-k|--filename|--kustomize)/.test(w))) return chosen.stray
  const specs = flagsOf(chosen.verb), parsed = parseFlags(chosen.words, specs)
  if (!('wrong' in parsed) || parsed.unknown === undefined) return undefined
  const supported = Object.keys(specs).map(f => `--${f}`), near = suggest(parsed.unknown, supported)
  return {
    message:
      `${chosen.command} has no flag \`${parsed.unknown}\` here${near.length ? `, did you mean ${near.join(' or ')}?` : ''}; known are ${supported.join(', ')}`,
    supported, refusal: true,
  }
}

export async function runKubectl(typed: readonly string[], environment: CommandEnvironment): Promise<Omit<CommandOutcome, 'command' | 'atMs'>> {
  let line: Preferred
  try { line = preferred(typed, environment) } catch (error) {
    const { stderr, code } = explain(error)
    return { stdout: '', stderr, code, requests: [] }
  }
  const outcome = await runAsTyped(line.words, environment)
  return { ...outcome, stderr: line.said + outcome.stderr }
}
async function runAsTyped(words: readonly string[], environment: CommandEnvironment): Promise<Omit<CommandOutcome, 'command' | 'atMs'>> {
  const chosen = choose(words), refused = (stderr: string): Omit<CommandOutcome, 'command' | 'atMs'> => ({ stdout: '', stderr, code: 1, requests: [] })
  if ('problem' in chosen) {
    const alone = parseFlags(words, { ...everyVerb, help: helpFlag })
    if (chosen.said === undefined && 'wrong' in alone) return refused(misused('kubectl', alone.wrong))
    if (chosen.said === undefined && 'flags' in alone && alone.flags.on('help')) return shown(await helpPage('kubectl'))
    if (chosen.said === undefined) throw new CannotRun(chosen.problem.message)
    return refused(chosen.said)
  }
  const specs = flagsOf(chosen.verb), parsed = parseFlags(chosen.words, specs)
  if ('wrong' in parsed) return refused(misused(chosen.command, parsed.wrong, chosen.verb.misused))
  if (parsed.flags.on('help')) return shown(await helpPage(chosen.command))
  const reach = reachOf(environment, chosen.command, name => Object.hasOwn(chosen.verb.flags, name) ? '' : parsed.flags.text(name))
  const session = new Session(environment, parsed.flags, chosen.verb.discovers ?? true, reach)
  session.typed = chosen.verb.typed ?? false
  const said = parsed.flags.said()
  for (const name of new Set(parsed.flags.typed().map(([name]) => name))) {
    const { absent, deprecated } = specs[name]
    if (absent && said.includes(name)) throw new NotModelled(`${chosen.command} --${name}`)
    if (deprecated !== undefined) session.complain(`Flag --${name} has been deprecated, ${deprecated}`)
  }
  try {
    checkGlobals(session, parsed.flags)
    await meetWords(session, parsed.flags, chosen.command)
    const old = Object.hasOwn(chosen.verb.flags, 'dry-run') ? oldDryRun(parsed.flags) : undefined
    if (old) session.complain(logLine(session, 'W', old.at, old.says))
    parsed.flags.forgetReads()
    await chosen.verb.run(session, parsed.flags, chosen.command)
    // a flag that was not heard would be a lie: what kubectl does with it is not what was done here
    const heard = (name: string): boolean => parsed.flags.wasRead(name) || specs[name].inert === true || specs[name].situational === true
    const unheard = session.foundNothing ? undefined : said.find(name => Object.hasOwn(chosen.verb.flags, name) && !heard(name))
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
/** asks for the page of the command, once all its other flags could be read. Source: github.com/spf13/cobra, command.go (InitDefaultHelpFlag, execute). */
const helpFlag: FlagSpec = bool('h')
const flagsOf = (verb: Verb): FlagTable => ({ ...everyVerb, ...verb.flags, help: helpFlag })
const shown = (stdout: string): Omit<CommandOutcome, 'command' | 'atMs'> => ({ stdout, stderr: '', code: 0, requests: [] })
const misused = (command: string, why: string, advice = `See '${command} --help' for usage.`): string => failure(`${why}\n${advice}`).stderr
