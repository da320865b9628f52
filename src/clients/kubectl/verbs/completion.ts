import { NotModelled } from '../../errors.ts'
import { usage } from '../errors.ts'
import type { Verb } from '../verb.ts'

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
