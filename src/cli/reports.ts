import { reporters } from '../reporters/index.ts'
import { multiplex } from '../reporters/multiplexer.ts'
import type { ReporterFailure, Sink } from '../reporters/multiplexer.ts'
import type { Reporter, ReporterSettings } from '../reporters/reporter.ts'
import type { RunnerEvent, Wants } from '../runner/events.ts'
import type { Host } from './host.ts'
import { UsageError } from './usage-error.ts'

interface Wanted { readonly reporter: Reporter; readonly file?: string }
export interface ReportSettings extends ReporterSettings { readonly colour: boolean; /** write what is written by default */ readonly defaults: boolean }
export interface Reports {
  readonly emit: (event: RunnerEvent) => void
  /** what the runner must tell for them */
  readonly wants: Wants
  close(): readonly ReporterFailure[]
}

/** Opens what --format asks for, what is written by default, and the terminal unless another format takes stdout. */
export async function openReports(formats: readonly string[], settings: ReportSettings, host: Host, own: readonly Reporter[] = []): Promise<Reports> {
  const asked = formats.map(text => wanted(text, own))
  const toStdout = asked.filter(w => w.file === undefined)
  if (toStdout.length > 1) {
    throw new UsageError(
      `--format: ${toStdout.map(w => w.reporter.name).join(' and ')} both want stdout; give one a file, as in ${toStdout[1].reporter.name}:FILE`
    )
  }
  if (toStdout.length === 0) {
    asked.unshift({ reporter: reporters[0] })
    // annotations are lines of the job's log, so they stand beside what people read
    const annotations = host.ci === 'github' && reporters.find(r => r.name === 'github')
    if (annotations && !asked.some(w => w.reporter === annotations)) asked.push({ reporter: annotations })
  }
  if (settings.defaults) {
    for (const reporter of reporters) {
      if (reporter.defaultFile && !asked.some(w => w.reporter === reporter && w.file)) asked.push({ reporter, file: reporter.defaultFile })
    }
  }
  const opened: { close(): void }[] = []
  const sinks = await Promise.all(asked.map(async ({ reporter, file }): Promise<Sink> => {
    if (file === undefined) return { name: reporter.name, write: await reporter.open(host.stdout(settings.colour), settings) }
    const out = host.file(file)
    opened.push(out)
    return { name: `${reporter.name}:${file}`, write: await reporter.open(out, settings) }
  }))
  const { emit, failures } = multiplex(sinks)
  const wants = { records: asked.some(w => w.reporter.wants?.records), documents: asked.some(w => w.reporter.wants?.documents) }
  return { emit, wants, close() { for (const out of opened) out.close(); return failures } }
}

/** `junit`, `junit:FILE`; `checklist:x.json` is the JSON of the same. Upper and lower case are one. */
function wanted(text: string, own: readonly Reporter[]): Wanted {
  const colon = text.indexOf(':')
  const name = (colon < 0 ? text : text.slice(0, colon)).toLowerCase(), file = colon < 0 ? undefined : text.slice(colon + 1)
  const all = [...reporters, ...own], reporter = all.find(r => r.name.toLowerCase() === name)
  if (!reporter) throw new UsageError(`--format ${text}: no format is called ${name}; there are ${all.map(r => r.name).join(', ')}`)
  if (file === '') throw new UsageError(`--format ${text}: no file is named behind the colon`)
  const variant = file && reporters.find(r => r.variantOf?.name === name && file.endsWith(r.variantOf.ending))
  return { reporter: variant || reporter, file }
}
