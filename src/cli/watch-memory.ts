import type { Pickle } from '../dsl/gherkin-document.ts'
import { parseDocument } from '../dsl/parse-document.ts'
import { pickles } from '../dsl/pickles.ts'

/**
 * What is known of scenarios that have run. A run is a pure function of its scenario, so one that reads as it did ends as it did: only what was
 * edited runs again, and what did not pass, so that it stays in view.
 */
export class WatchMemory {
  /** file → what a scenario says → did it pass? */
  readonly #known = new Map<string, ReadonlyMap<string, boolean>>()
  readonly #told = new Map<string, Map<number, boolean>>()

  /** A scenario of `file`, at the line that it had when it ran. */
  tell(file: string, line: number, passed: boolean): void { (this.#told.get(file) ?? this.#told.set(file, new Map()).get(file)!).set(line, passed) }

  /** A run is over: `text` is what the file said. What was not run in it is known from before. */
  keep(file: string, text: string | undefined): void {
    const told = this.#told.get(file), before = this.#known.get(file)
    this.#told.delete(file)
    const kept = new Map<string, boolean>()
    for (const pickle of scenariosOf(file, text) ?? []) {
      const key = saidBy(pickle), passed = told?.get(pickle.location.line) ?? before?.get(key)
      if (passed !== undefined) kept.set(key, passed)
    }
    this.#known.set(file, kept)
  }

  /** Lines of the scenarios that are to run now that the file says `text`; undefined: all of it. */
  linesToRun(file: string, text: string | undefined): readonly number[] | undefined {
    const known = this.#known.get(file), scenarios = scenariosOf(file, text)
    if (!known || !scenarios) return undefined
    const lines = scenarios.filter(pickle => known.get(saidBy(pickle)) !== true).map(pickle => pickle.location.line)
    return lines.length > 0 && lines.length < scenarios.length ? lines : undefined
  }
}

function scenariosOf(file: string, text: string | undefined): readonly Pickle[] | undefined {
  const { document, diagnostics } = parseDocument(text ?? '', file)
  return document && diagnostics.length === 0 ? pickles(document, file) : undefined
}

const saidBy = ({ name, tags, steps }: Pickle): string =>
  JSON.stringify([name, tags.map(t => t.name), steps.map(({ text, type, argument }) => [text, type, argument])])
