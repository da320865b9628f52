import { writeFile } from '../../written-files.ts'
import { failure } from '../errors.ts'
import { array, bool, text, type Flags, type FlagTable } from '../flags.ts'
import { PREFERENCES, readPreference, type Alias, type Default, type Preference } from '../preference-file.ts'
import { printerOf } from '../printers/index.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Session } from '../session.ts'
import { bareVerb } from './bare.ts'
import { output, type Verb } from '../verb.ts'

const kubercFlags: FlagTable = { kuberc: text() }
const fileOf = (flags: Flags): string => flags.text('kuberc') || PREFERENCES
const empty: Preference = { apiVersion: '', defaults: [], aliases: [] }
const read = (session: Session, path: string): Preference | undefined =>
  session.environment.readFile(path) === undefined ? undefined : readPreference(path, session.environment).preference ?? empty

/** Field by field as kubectl has them. Source: kubectl pkg/config/v1beta1/types.go */
const inOrder = ({ name, command, prependArgs, appendArgs, options }: any): object =>
  ({ name, command, prependArgs, appendArgs, options: options?.map((o: any) => ({ name: o.name, default: o.default })) })
const objectOf = ({ apiVersion, defaults, aliases }: Preference): object =>
  ({ kind: 'Preference', apiVersion, defaults: defaults.map(inOrder), aliases: aliases.map(inOrder) })

/** Source: kubectl pkg/cmd/kuberc/view.go */
const view: Verb = {
  discovers: false, typed: true, flags: { ...output, output: text('o', 'yaml'), ...kubercFlags },
  async run(session, flags) {
    const path = fileOf(flags), preference = read(session, path)
    if (!preference) {
      // nobody answers
      session.stdout += `kuberc file not found at ${path}\nWould you like to generate a default kuberc file with recommended options? (y/N): `
      return
    }
    const object = objectOf(preference)
    if (flags.text('output') === 'json') session.print(JSON.stringify(object, null, 4))
    else printerOf(flags)?.(session, [{ kind: { group: 'kubectl.config.k8s.io', version: 'v1beta1', kind: 'Preference' }, object }], true)
  },
}

/** What kubectl asks of a preference before it looks for its file. Source: kubectl pkg/cmd/kuberc/set.go (Validate). */
function checkPreference(flags: Flags): void {
  const missing = ['command', 'section'].filter(name => !flags.given(name)), section = flags.text('section'), named = flags.text('name') !== ''
  if (missing.length > 0) throw failure(`required flag(s) ${missing.map(name => JSON.stringify(name)).join(', ')} not set`)
  if (!['defaults', 'aliases'].includes(section)) throw failure(`--section must be "defaults" or "aliases", got: ${section}`)
  if (section === 'aliases' && !named) throw failure('--name is required when --section=aliases')
  if (section === 'defaults' && named) throw failure('--name should not be specified when --section=defaults')
  const odd = flags.list('option').find(option => !option.includes('='))
  if (odd !== undefined) throw failure(`invalid option format ${JSON.stringify(odd)}, expected flag=value`)
}
const some = <T>(list: readonly T[]): readonly T[] | undefined => list.length > 0 ? list : undefined
/** Source: kubectl pkg/cmd/kuberc/set.go (Run) */
const set: Verb = {
  discovers: false, flags: {
    ...kubercFlags, section: text(), command: text(), name: text(), option: array(), prependarg: array(), appendarg: array(), overwrite: bool(),
  },
  async run(session, flags) {
    checkPreference(flags)
    const path = fileOf(flags), { defaults, aliases } = read(session, path) ?? empty, over = flags.on('overwrite')
    const command = flags.text('command'), name = flags.text('name')
    const options = some(flags.list('option').map(o => ({ name: o.slice(0, o.indexOf('=')), default: o.slice(o.indexOf('=') + 1) })))
    const prependArgs = some(flags.list('prependarg')), appendArgs = some(flags.list('appendarg'))
    const lists: Pick<Preference, 'defaults' | 'aliases'> = flags.text('section') === 'defaults'
      ? { aliases, defaults: placed<Default>(defaults, d => d.command === command, { command, options }, over, `defaults for command ${JSON.stringify(command)} already exist`) }
      : {
        defaults,
        aliases: placed<Alias>(
          aliases, a => a.name === name, { name, command, prependArgs, appendArgs, options }, over, `alias ${JSON.stringify(name)} already exists`
        ),
      }
    const orNull = <T>(list: readonly T[]): readonly T[] | null => some(list) ?? null
    writeFile(session.driver, path, toYaml({
      apiVersion: 'kubectl.config.k8s.io/v1beta1', kind: 'Preference', defaults: orNull(lists.defaults), aliases: orNull(lists.aliases),
    }))
    session.print(`Updated ${path}`)
  },
}
/** In place of the one that is there, or at the end. */
function placed<T>(list: readonly T[], isIt: (one: T) => boolean, fresh: T, overwrite: boolean, taken: string): readonly T[] {
  if (!list.some(isIt)) return [...list, fresh]
  if (!overwrite) throw failure(`${taken}, use --overwrite to replace`)
  return list.map(one => isIt(one) ? fresh : one)
}

/** Source: kubectl pkg/cmd/alpha.go, pkg/cmd/kuberc. */
export const alpha = bareVerb({ kuberc: bareVerb({ view, set }) }, { stdout: true, code: 0 })
