import { NotModelled } from '../../errors.ts'
import { failure, usage } from '../errors.ts'
import { array, bool, text, type Flags, type FlagTable } from '../flags.ts'
import { printerOf } from '../printers/index.ts'
import { readPreference } from '../preference-file.ts'
import { bareVerb } from './bare.ts'
import { output, type Verb } from '../verb.ts'

export const completion: Verb = {
  discovers: false, flags: {},
  async run(_session, flags, command) {
    const [shell] = flags.args
    if (shell === undefined) throw usage(command, 'Shell not specified.')
    if (flags.args.length > 1) throw usage(command, 'Too many arguments. Expected only the shell type.')
    if (!['bash', 'zsh', 'fish', 'powershell'].includes(shell)) throw usage(command, `Unsupported shell type ${JSON.stringify(shell)}.`)
    throw new NotModelled(`${command}: there is no shell to complete words in`)
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
const kubercFlags: FlagTable = { kuberc: text() }
/** Field by field as kubectl has them. Source: kubectl pkg/config/v1beta1/types.go */
const inOrder = ({ name, command, prependArgs, appendArgs, options }: any): object =>
  ({ name, command, prependArgs, appendArgs, options: options?.map((o: any) => ({ name: o.name, default: o.default })) })
/** Source: kubectl pkg/cmd/kuberc/view.go */
const view: Verb = {
  discovers: false, typed: true, flags: { ...output, output: text('o', 'yaml'), ...kubercFlags },
  async run(session, flags, command) {
    const path = flags.text('kuberc')
    if (path === '') throw new NotModelled(`${command}: there is no file of preferences but what --kuberc names`)
    const { preference } = readPreference(path, session.environment)
    const { apiVersion, defaults, aliases } = preference ?? { apiVersion: '', defaults: [], aliases: [] }
    const object = { kind: 'Preference', apiVersion, defaults: defaults.map(inOrder), aliases: aliases.map(inOrder) }
    if (flags.text('output') === 'json') session.print(JSON.stringify(object, null, 4))
    else printerOf(flags)?.(session, [{ kind: { group: 'kubectl.config.k8s.io', version: 'v1beta1', kind: 'Preference' }, object }], true)
  },
}
/** Source: kubectl pkg/cmd/alpha.go, pkg/cmd/kuberc. */
export const alpha = bareVerb({
  kuberc: bareVerb({
    view,
    set: {
      discovers: false, flags: {
        ...kubercFlags, section: text(), command: text(), name: text(), option: array(), prependarg: array(), appendarg: array(), overwrite: bool(),
      },
      async run(_, flags, command) {
        checkPreference(flags)
        throw new NotModelled(`${command}: there is no file of preferences`)
      },
    },
  }),
}, { stdout: true, code: 0 })
