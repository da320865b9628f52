import { NotModelled } from '../../errors.ts'
import { failure, usage } from '../errors.ts'
import { array, bool, text, type Flags, type FlagTable } from '../flags.ts'
import { bareVerb } from './bare.ts'
import { output, type Verb } from '../verb.ts'

/** Verbs of kubectl that need what the model has not: a machine of one's own, a shell, what containers print. */
const without = (why: string, flags: FlagTable = {}): Verb => ({ flags, async run(_, __, command) { throw new NotModelled(`${command}: ${why}`) } })

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
/** Source: kubectl pkg/cmd/alpha.go, pkg/cmd/kuberc. */
export const alpha = bareVerb({
  kuberc: bareVerb({
    view: without('there is no file of preferences', { ...output, output: text('o', 'yaml'), ...kubercFlags }),
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
