import { EXIT } from '../exit-codes.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

export const completion = defineCommand({
  usage: 'completion <shell>',
  summary: 'print a script that completes commands, options and feature files: bash, zsh or fish',
  options: [],
  help: `Examples:
  source <(kscenario completion bash)
  kscenario completion zsh > "\${fpath[1]}/_kscenario"
  kscenario completion fish > ~/.config/fish/completions/kscenario.fish\n`,
  async run([shell], _options, host) {
    const [{ completionFor, shells }, { commands }] = await Promise.all([import('../completion.ts'), import('./index.ts')])
    const known = shells.find(s => s === shell)
    if (!known) throw new UsageError(`completion ${shell}: there are ${shells.join(', ')}`)
    host.out(completionFor(known, commands))
    return EXIT.passed
  },
})
