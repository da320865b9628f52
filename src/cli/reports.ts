import { reporters } from '../reporters/index.ts'
import { multiplex } from '../reporters/multiplexer.ts'
import type { ReporterFailure, Sink } from '../reporters/multiplexer.ts'
import type { Reporter } from '../reporters/reporter.ts'
import type { RunnerEvent } from '../runner/events.ts'
import type { Host } from './host.ts'
import { UsageError } from './usage-error.ts'

interface Wanted { readonly reporter: Reporter; readonly file?: string }

/** Opens what --format asks for, what is written by default, and the terminal unless another format takes stdout. */
export function openReports(formats: readonly string[], settings: { readonly verbose: boolean; readonly colour: boolean; readonly defaults: boolean }, host: Host): { readonly emit: (event: RunnerEvent) => void; close(): readonly ReporterFailure[] } {
  const asked = formats.map(wanted)
  const toStdout = asked.filter(w => w.file === undefined)
  if (toStdout.length > 1) throw new UsageError(`--format: ${toStdout.map(w => w.reporter.name).join(' and ')} both want stdout; give one a file, as in ${toStdout[1].reporter.name}:FILE`)
  if (toStdout.length === 0) asked.unshift({ reporter: reporters[0] })
  if (settings.defaults) for (const reporter of reporters) if (reporter.defaultFile && !asked.some(w => w.reporter === reporter && w.file)) asked.push({ reporter, file: reporter.defaultFile })
  const opened: { close(): void }[] = []
  const sinks: Sink[] = asked.map(({ reporter, file }) => {
    if (file === undefined) return { name: reporter.name, write: reporter.open(host.stdout(settings.colour), settings) }
    const out = host.file(file)
    opened.push(out)
    return { name: `${reporter.name}:${file}`, write: reporter.open(out, settings) }
  })
  const { emit, failures } = multiplex(sinks)
  return { emit, close() { for (const out of opened) out.close(); return failures } }
}

/** `junit`, `junit:FILE`; `checklist:x.json` is the JSON of the same. Upper and lower case are one. */
function wanted(text: string): Wanted {
  const colon = text.indexOf(':')
  const name = (colon < 0 ? text : text.slice(0, colon)).toLowerCase(), file = colon < 0 ? undefined : text.slice(colon + 1)
  const reporter = reporters.find(r => r.name === name)
  if (!reporter) throw new UsageError(`--format ${text}: no format is called ${name}; there are ${reporters.map(r => r.name).join(', ')}`)
  if (file === '') throw new UsageError(`--format ${text}: no file is named behind the colon`)
  const variant = file && reporters.find(r => r.variantOf?.name === name && file.endsWith(r.variantOf.ending))
  return { reporter: variant || reporter, file }
}
