import { EXIT } from '../exit-codes.ts'
import { defineCommand } from './command.ts'

export const lsp = defineCommand({
  usage: 'lsp',
  summary: 'a language server for editors, over stdin and stdout',
  options: [['--stdio', 'as editors say it; there is no other way']],
  help: `Diagnostics as you write, completion, documentation of the step under the cursor, the way to manifests, bindings and steps of your own,
quick fixes, formatting, outline. What kscenario.config adds is known.

Neovim:  vim.lsp.config.kscenario = { cmd = { 'npx', 'kscenario', 'lsp', '--stdio' }, filetypes = { 'cucumber' } }
Helix:   [language-server.kscenario] command = "npx", args = ["kscenario", "lsp", "--stdio"]\n`,
  async run(_, __, host) {
    const { serveStreams } = await import('../../lsp/index.ts')
    const { input, output } = host.pipes()
    await serveStreams(input, output, host)
    return EXIT.passed
  },
})
