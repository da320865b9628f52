import type { RunnerEvent, Wants } from '../runner/events.ts'

/** Where a reporter writes: a stream or a file, which it cannot tell apart. */
export interface Output {
  write(text: string): void
  /** colours a terminal can show; 0 for files and pipes */
  readonly colourLevel: 0 | 1 | 2 | 3
  /** width of the terminal, if it is one */
  readonly columns?: number
  /** overwrites the last line while the run goes on; absent where that is not possible */
  progress?(line: string): void
  /** adds Markdown to the summary of a CI job; absent where there is none */
  summary?(markdown: string): void
}
/** `quiet`: only what did not pass, and the last line */
export interface ReporterSettings { readonly verbose: boolean; readonly quiet?: boolean }
export type Write = (event: RunnerEvent) => void

/**
 * A report of a run. It sees the events of the runner and writes to its output, nothing else; if it fails the run goes on and
 * says so. The same events give the same bytes, figures of the wall clock apart.
 */
export interface Reporter {
  readonly name: string
  readonly doc: string
  /** written by default, unless --format gives it a file of its own */
  readonly defaultFile?: string
  /** events that are made only if somebody wants them */
  readonly wants?: Wants
  /** a file that ends so is written by this reporter, when another is asked for: `checklist:x.json` */
  readonly variantOf?: { readonly name: string; readonly ending: string }
  /** heavy ones load their parts first */
  open(out: Output, settings: ReporterSettings): Write | Promise<Write>
}
export const defineReporter = <R extends Reporter>(reporter: R): R => reporter
