import type { CommandEnvironment } from '../outcome.ts'
import { isWritten } from '../written-files.ts'
import { choose, type Chosen } from './choose.ts'
import { bool, parseFlags, type FlagTable } from './flags.ts'
import { everyVerb } from './global-flags.ts'
import { PREFERENCES, readPreference, refused, type Default, type Option, type Preference } from './preference-file.ts'

/** A command line as preferences make it, and what is said of them. */
export interface Preferred { readonly words: readonly string[]; readonly said: string }

/**
 * Aliases and defaults of the file that `--kuberc` or the variable KUBERC names, or of the one that `kubectl alpha kuberc set` has written. Source: kubectl
 * pkg/kuberc/kuberc.go (Apply); its words were seen of kubectl 1.35.4.
 */
export function preferred(words: readonly string[], environment: Pick<CommandEnvironment, 'readFile' | 'driver' | 'variables'>): Preferred {
  const given = fileOf(words), { KUBERC: variable = '' } = environment.variables ?? {}
  if (isOff(variable) && given !== undefined) throw refused('kuberc error disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive')
  if (isOff(variable)) return { words, said: '' }
  const path = given ?? (variable || PREFERENCES)
  if (path === PREFERENCES && !isWritten(environment.driver, path)) return { words, said: '' }
  const { preference, said } = readPreference(path, environment)
  if (!preference) return { words, said }
  const { words: renamed, alias } = aliased(words, preference)
  const { words: full, said: more } = defaulted(renamed, words, preference, alias)
  return { words: full, said: said + more }
}
const isOff = (variable: string): boolean => variable === 'off'
/** a file of preferences is named, which says what the words mean */
export const asksPreferences = (words: readonly string[], { KUBERC = '' }: Readonly<Record<string, string>> = {}): boolean =>
  KUBERC !== '' && !isOff(KUBERC) || words.some(w => w === '--kuberc' || w.startsWith('--kuberc='))

/** Before any flag is read kubectl looks for this one. */
function fileOf(words: readonly string[]): string | undefined {
  const end = words.indexOf('--'), before = end < 0 ? words : words.slice(0, end), at = before.findIndex(w => w === '--kuberc' || w.includes('--kuberc='))
  if (at < 0) return undefined
  const path = before[at] === '--kuberc' ? words[at + 1] : before[at].split('=')[1]
  if (!path) throw refused('kuberc file is not found')
  return path
}

const fields = (command: string): readonly string[] => command.split(/\s+/).filter(Boolean)
function found(words: readonly string[]): Chosen | undefined {
  const chosen = choose(words)
  return 'problem' in chosen || chosen.stray ? undefined : chosen
}
const flagsOf = ({ verb }: Chosen): FlagTable => ({ ...everyVerb, ...verb.flags, help: bool('h') })

/** The command that an alias stands for, in its place. Source: kuberc.go (applyAliases) */
function aliased(words: readonly string[], { aliases }: Preference): { readonly words: readonly string[]; readonly alias?: string } {
  const at = words.findIndex(w => !w.startsWith('-')), alias = 'problem' in choose(words) ? aliases.find(a => a.name === words[at]) : undefined
  if (!alias) return { words }
  const command = fields(alias.command), chosen = found(command)
  if (!chosen) throw refused(`command ${JSON.stringify(alias.command)} not found to set alias ${JSON.stringify(alias.name)}: [${command.join(' ')}]`)
  const options = optionsOf(
    alias, chosen, words, name => `invalid alias flag ${name} in alias kubectl`,
    (o, why) => `could not apply value ${o.default} to flag ${o.name} in alias kubectl err: ${why}`
  )
  return {
    words: [...words.slice(0, at), ...command, ...options, ...alias.prependArgs ?? [], ...words.slice(at + 1), ...alias.appendArgs ?? []], alias: alias.name,
  }
}
/** Flags that the command does not have yet. Commands are told apart by their last word alone. Source: kuberc.go (applyOverrides) */
function defaulted(words: readonly string[], typed: readonly string[], { defaults }: Preference, alias: string | undefined): Preferred {
  const chosen = found(words), name = alias ?? chosen?.command.split(' ').at(-1), added: string[] = []
  let said = ''
  if (!chosen) return { words, said }
  for (const entry of defaults) {
    const meant = entry.command === alias ? undefined : found(fields(entry.command))
    if (entry.command === alias) throw refused(`alias ${alias} can not be overridden`)
    if (!meant) { said += `Warning: command ${JSON.stringify(entry.command)} not found to set kuberc override\n`; continue }
    if (meant.command.split(' ').at(-1) !== name) continue
    added.push(...optionsOf(
      entry, chosen, typed, flag => `invalid flag ${flag} for command ${entry.command}`,
      (o, why) => `could not apply override value ${o.default} to flag ${o.name} in command ${entry.command} err: ${why}`
    ))
  }
  return { words: [...added, ...words], said }
}
function optionsOf(
  { options = [] }: Default, chosen: Chosen, typed: readonly string[], unknown: (name: string) => string, unfit: (option: Option, why: string) => string
): readonly string[] {
  const specs = flagsOf(chosen)
  return options.flatMap(option => {
    if (!Object.hasOwn(specs, option.name)) throw refused(unknown(option.name))
    if (isTyped(option.name, specs[option.name].short, typed)) return []
    const word = `--${option.name}=${option.default}`, parsed = parseFlags([word], specs)
    if ('wrong' in parsed) throw refused(unfit(option, parsed.wrong))
    return [word]
  })
}
/** Source: kuberc.go (searchInArgs) */
const isTyped = (name: string, short: string | undefined, words: readonly string[]): boolean => words.some(w =>
  w === `--${name}` || w.startsWith(`--${name}=`) || short !== undefined && (w.startsWith(`-${short}`) || /^-[a-zA-Z]+$/.test(w) && w.slice(1).includes(short)))
