import { EXIT } from '../exit-codes.ts'
import { defineCommand } from './command.ts'
import { features } from './features.ts'

export const fmt = defineCommand({
  usage: 'fmt [paths...]',
  summary: 'set feature files evenly: indentation, tables, blank lines',
  options: [['--check', 'change nothing; exit 1 if a file is not set so'], ['--no-color', 'no colour (also: NO_COLOR=1)']],
  help: `Words, comments, doc strings and descriptions stay as they are, and the scenarios mean the same.
Paths are feature files or folders; default: scenarios, features or the current folder.
Exit codes: 0 done · 1 with --check: files would change · 2 a file is not Gherkin (it is left alone).

Examples:
  kscenario fmt
  kscenario fmt --check scenarios/\n`,
  async run([paths], options, host) {
    const [{ parseDocument }, { formatFeature }, { renderDiagnostic }, { styleFor }] = await Promise.all([
      import('../../dsl/parse-document.ts'), import('../../dsl/format/index.ts'), import('../../base/render.ts'), import('../style.ts'),
    ])
    const style = styleFor(host.stdout(options.color).colourLevel)
    let broken = 0, changed = 0
    const found = features(paths, host)
    for (const { file, text } of found) {
      if (text === undefined) { host.err(`error: cannot be read: ${file}\n`); broken++; continue }
      const { document, diagnostics } = parseDocument(text, file)
      for (const d of diagnostics) host.err(`${renderDiagnostic(d, text, style)}\n`)
      if (!document) { broken++; continue }
      const set = formatFeature(text, document)
      if (set === text) continue
      changed++
      host.out(`${options.check ? 'would change' : 'changed'} ${file}\n`)
      if (options.check) continue
      const out = host.file(file)
      out.write(set)
      out.close()
    }
    host.out(`${changed} of ${found.length} ${found.length === 1 ? 'file' : 'files'} ${options.check ? 'would change' : 'changed'}\n`)
    return broken > 0 ? EXIT.cannotRun : options.check && changed > 0 ? EXIT.failed : EXIT.passed
  },
})
