import { codes } from '../../base/codes.ts'
import { diagnostic, type Diagnostic } from '../../base/diagnostic.ts'
import { suggest } from '../../base/suggest.ts'
import { EXIT } from '../exit-codes.ts'
import type { Host } from '../host.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand, gather } from './command.ts'
import { features } from './features.ts'

export const lint = defineCommand({
  usage: 'lint [paths...]',
  summary: 'find what is wrong or suspicious in feature files, without running them',
  options: [
    ['-f, --format <name>', 'text or json (default text)'],
    ['--manifests <dir>', 'where files are looked up that are not beside their feature (repeatable)', gather],
    ['--explain <code>', 'what a code means; `all` for every code'],
    ['--no-color', 'no colour (also: NO_COLOR=1)'],
  ],
  help: `Paths are feature files or folders; default: scenarios, features or the current folder.
Exit codes: 0 nothing found · 1 warnings only · 2 errors: a file that cannot run as written.

Examples:
  kscenario lint
  kscenario lint --format json scenarios/
  kscenario lint --explain assertion-constant\n`,
  async run([paths], options, host) {
    if (options.explain !== undefined) return explain(options.explain, host)
    const format = options.format ?? 'text'
    if (!['text', 'json'].includes(format)) throw new UsageError(`--format ${format}: there are text and json`)
    const manifests: readonly string[] = options.manifests ?? []
    for (const directory of manifests) if (host.files.kind(directory) !== 'directory') throw new UsageError(`--manifests ${directory}: no such folder`)
    const files = features(paths, host)
    const { createLinter } = await import('../linter.ts')
    const linter = await createLinter(host, manifests)
    const found = files.map(({ file, text }) => ({ file, text, diagnostics: text === undefined ? [unreadable] : linter.lint(file, text) }))
    const all = found.flatMap(f => f.diagnostics)
    const errors = all.filter(d => d.severity === 'error').length, warnings = all.length - errors
    if (format === 'json')
      host.out(
        JSON.stringify({ files: files.length, errors, warnings, diagnostics: found.flatMap(f => f.diagnostics.map(d => plain(d, f.file))) }, null, 2) + '\n'
      )
    else await print(found, host, options.color)
    if (format === 'text') host.out(`${count(errors, 'error')}, ${count(warnings, 'warning')} · ${count(files.length, 'file')}\n`)
    return errors > 0 ? EXIT.cannotRun : warnings > 0 ? EXIT.failed : EXIT.passed
  },
})
const unreadable = diagnostic({ code: 'unreadable', message: 'this file cannot be read', span: { line: 1, column: 1, endColumn: 2 } })
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

const plain = ({ code, severity, message, span, notes, help, suggestions, official }: Diagnostic, file: string): object =>
  ({
    file, line: span.line, column: span.column, endColumn: span.endColumn, severity, code, message, ...(suggestions?.length ? { suggestions } : {}),
    ...(notes.length ? { notes } : {}), ...(help ? { help } : {}), ...(official ? { official } : {}),
  })

async function print(
  found: readonly { readonly file: string; readonly text: string | undefined; readonly diagnostics: readonly Diagnostic[] }[], host: Host, colour: boolean
): Promise<void> {
  const [{ renderDiagnostic }, { styleFor }] = await Promise.all([import('../../base/render.ts'), import('../style.ts')])
  const style = styleFor(host.stdout(colour).colourLevel ?? 0)
  let told = 0
  for (const { file, text, diagnostics } of found) {
    for (const d of diagnostics) {
      if (told++ < inFull) host.out(`${renderDiagnostic({ ...d, file: d.file ?? file }, text, style)}\n\n`)
      else host.out(`${d.file ?? file}:${d.span.line}:${d.span.column}  ${(d.severity === 'error' ? style.error : style.warning)(`${d.severity}[${d.code}]`)}: ${d.message}\n`)
    }
  }
  if (told > inFull) host.out('\n')
}
/** so many are shown with the line they are about, the others in a line each */
const inFull = 50

function explain(code: string, host: Host): number {
  const known: Readonly<Record<string, { readonly title: string; readonly explanation: string }>> = codes
  const shown = code === 'all' ? Object.keys(codes).sort() : [code]
  if (!known[shown[0]]) {
    const near = suggest(code, Object.keys(codes), 2)
    throw new UsageError(
      `--explain ${code}: no code is called so${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; `--explain all` tells of every one'}`
    )
  }
  host.out(shown.map(c => `${c}: ${known[c].title}\n  ${known[c].explanation}\n`).join('\n'))
  return EXIT.passed
}
