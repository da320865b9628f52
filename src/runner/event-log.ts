import type { RunnerEvent, RunStarted, ScenarioFinished, Status } from './events.ts'
import { STATUSES } from './events.ts'
import { summarise } from './summary.ts'

/** A run as its events, one a line: what a shard leaves for `kscenario merge`. */
export const logLine = (event: RunnerEvent): string => `${JSON.stringify(event)}\n`

export interface Log { readonly name: string; readonly events: readonly RunnerEvent[] }

/** Reads a log; a string says what is wrong with it. */
export function readLog(name: string, text: string): Log | string {
  const lines = text.split('\n').filter(Boolean), events: RunnerEvent[] = []
  for (const [i, line] of lines.entries()) {
    try { events.push(JSON.parse(line) as RunnerEvent) } catch { return `${name}:${i + 1}: not a line of a run's events` }
  }
  if (events[0]?.type !== 'runStarted' || !events[0].shard) return `${name}: not what a run with --shard writes`
  if (events.at(-1)?.type !== 'runFinished') return `${name}: the run did not come to its end`
  return { name, events }
}
const headOf = (log: Log): RunStarted & { readonly shard: NonNullable<RunStarted['shard']> } => log.events[0] as never

/** What keeps logs from being parts of one run; undefined: nothing. */
export function mismatch(logs: readonly Log[]): string | undefined {
  const [first, ...others] = logs, head = headOf(first)
  for (const log of others) {
    const own = headOf(log)
    for (const [what, a, b] of [
      ['version', head.version, own.version], ['seed', head.seed, own.seed], ['number of shards', head.shard.of, own.shard.of],
      ['files', head.files.join(' '), own.files.join(' ')],
    ] as const)
      if (a !== b) return `${first.name} and ${log.name} are not of one run: ${what} ${a} and ${b}`
  }
  const seen = new Map<number, string>()
  for (const log of logs) {
    const { index } = headOf(log).shard
    if (seen.has(index)) return `${seen.get(index)} and ${log.name} are both shard ${index}`
    seen.set(index, log.name)
  }
  const missing = Array.from({ length: head.shard.of }, (_, i) => i + 1).filter(i => !seen.has(i))
  return missing.length ? `of ${head.shard.of} shards ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing` : undefined
}

/** The events of the whole run, as if one machine had run it. Logs must be parts of one run. */
export function merged(logs: readonly Log[]): readonly RunnerEvent[] {
  const { shard: _, ...head } = headOf(logs[0])
  // every shard reads all files, and so tells the same of them
  const common = logs[0].events.filter(e => e.type === 'featureRead' || e.type === 'diagnostics')
  const scenarios = logs.flatMap(scenariosOf).sort((a, b) => a.index - b.index)
  const finished = scenarios.flatMap(s => s.events.filter((e): e is ScenarioFinished => e.type === 'scenarioFinished'))
  const counts = Object.fromEntries(STATUSES.map(s => [s, finished.filter(f => f.status === s).length])) as Record<Status, number>
  const ends = logs.flatMap(log => log.events.filter(e => e.type === 'runFinished')), interrupted = ends.some(e => e.interrupted)
  const selected = logs.reduce((sum, log) => sum + headOf(log).scenarios, 0)
  const summary = summarise({
    counts, seed: head.seed, interrupted, files: head.files.length, selected, virtualMs: finished.reduce((sum, f) => sum + f.virtualMs, 0),
    diagnostics: common.flatMap(e => e.type === 'diagnostics' ? e.diagnostics : []),
  })
  return [
    { ...head, scenarios: selected }, ...common, ...scenarios.flatMap(s => s.events),
    { type: 'runFinished', summary, wallMs: Math.max(...ends.map(e => e.wallMs)), ...(interrupted ? { interrupted } : {}) },
  ]
}

/** The events of each scenario together, by its place in the whole suite. */
function scenariosOf({ events }: Log): readonly { readonly index: number; readonly events: readonly RunnerEvent[] }[] {
  const found: { index: number; events: RunnerEvent[] }[] = []
  for (const event of events) {
    if (event.type === 'scenarioStarted') found.push({ index: event.scenario.index, events: [event] })
    else if (event.type === 'stepFinished' || event.type === 'scenarioRecord' || event.type === 'scenarioFinished') found.at(-1)!.events.push(event)
  }
  return found
}
