import { EXIT } from '../exit-codes.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

const formats = ['messages', 'ast', 'pickles', 'steps'] as const

export const parse = defineCommand({
  usage: 'parse <files...>',
  summary: 'show how feature files are read, as JSON',
  options: [['-f, --format <name>', 'messages, ast, pickles or steps (default messages)']],
  help: `messages  the official Cucumber messages, one a line: source, gherkinDocument, pickle, parseError
ast       the GherkinDocument alone
pickles   its scenarios, with backgrounds and rows of Examples filled in
steps     the meaning of every sentence

Errors go to stderr too, with exit code 2.

Examples:
  kscenario parse scenarios/outage.feature
  kscenario parse --format steps scenarios/outage.feature\n`,
  async run([files], options, host) {
    const format: (typeof formats)[number] = options.format ?? 'messages'
    if (!formats.includes(format)) throw new UsageError(`--format ${format}: there are ${formats.join(', ')}`)
    const texts = (files as readonly string[]).map(file => {
      const text = host.files.kind(file) === 'file' ? host.files.read(file) : undefined
      if (text === undefined) throw new UsageError(`no such file: ${file}`)
      return { file, text }
    })
    const { createReader } = await import('../language.ts')
    const { parseAs } = await createReader(host)
    const { countingIds } = await import('../../dsl/parse-document.ts')
    const newId = countingIds()
    let errors = 0
    for (const { file, text } of texts) {
      const { value, diagnostics } = parseAs(format, file, text, newId)
      for (const d of diagnostics) { host.err(d.text + '\n'); if (d.severity === 'error') errors++ }
      if (format !== 'messages') host.out(JSON.stringify(value, null, 2) + '\n')
      else host.out((value as readonly unknown[]).map(envelope => JSON.stringify(envelope) + '\n').join(''))
    }
    return errors ? EXIT.cannotRun : EXIT.passed
  },
})
