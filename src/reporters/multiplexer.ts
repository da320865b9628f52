import type { RunnerEvent } from '../runner/events.ts'

export interface Sink { readonly name: string; readonly write: (event: RunnerEvent) => void }
export interface ReporterFailure { readonly reporter: string; readonly message: string }

/** Gives each event to all reporters. One that throws is told of once and gets no more events; the others never notice. */
export function multiplex(sinks: readonly Sink[]): { readonly emit: (event: RunnerEvent) => void; readonly failures: readonly ReporterFailure[] } {
  const failures: ReporterFailure[] = []
  const broken = new Set<Sink>()
  const emit = (event: RunnerEvent): void => {
    for (const sink of sinks) {
      if (broken.has(sink)) continue
      try { sink.write(event) } catch (error) {
        broken.add(sink)
        failures.push({ reporter: sink.name, message: error instanceof Error ? error.message : String(error) })
      }
    }
  }
  return { emit, failures }
}
