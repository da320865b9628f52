import { EXIT } from '../exit-codes.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

export const parse = defineCommand({
  usage: 'parse <files...>',
  summary: 'show how feature files are read: the document, its pickles, or the meaning of each step, as JSON',
  options: [['-f, --format <name>', 'ast, pickles or steps (default steps)']],
  help: `Errors go to stderr, with exit code 2.

Examples:
  kscenario parse scenarios/outage.feature
  kscenario parse --format ast scenarios/outage.feature\n`,
  async run([files], options, host) {
    const format: string = options.format ?? 'steps'
    if (!['ast', 'pickles', 'steps'].includes(format)) throw new UsageError(`--format ${format}: there are ast, pickles and steps`)
    const { createReader } = await import('../language.ts')
    const { parseAs } = await createReader(host)
    let errors = 0
    for (const file of files as readonly string[]) {
      const text = host.files.kind(file) === 'file' ? host.files.read(file) : undefined
      if (text === undefined) throw new UsageError(`no such file: ${file}`)
      const { value, diagnostics } = parseAs(format as 'ast' | 'pickles' | 'steps', file, text)
      for (const d of diagnostics) { host.err(d.text + '\n'); if (d.severity === 'error') errors++ }
      host.out(JSON.stringify(value, null, 2) + '\n')
    }
    return errors ? EXIT.cannotRun : EXIT.passed
  },
})
