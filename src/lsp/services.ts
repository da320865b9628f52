import type { Diagnostic } from '../base/diagnostic.ts'
import { catalogue } from '../cli/catalogue.ts'
import type { Entry, Section } from '../cli/catalogue.ts'
import { extensions } from '../cli/extensions.ts'
import type { Host } from '../cli/host.ts'
import { createReader } from '../cli/language.ts'
import { createLinter } from '../cli/linter.ts'
import { runOptions } from '../cli/run-options.ts'
import type { StepParser } from '../dsl/parse-step.ts'
import { registry } from '../runtime-model/kinds/index.ts'

/** What the language server asks of the language. Files are named as the command line names them: relative to the project. */
export interface Services {
  readonly parser: StepParser
  readonly sections: readonly Section[]
  /** id of a step or predicate → what the step reference says of it */
  readonly entries: ReadonlyMap<string, Entry>
  /** id of a step of one's own → where it was declared: `file:///…/steps.mjs:12:1` */
  readonly declaredAt: ReadonlyMap<string, string>
  readonly manifests: readonly string[]
  readonly kindWords: readonly string[]
  lint(file: string, text: string): readonly Diagnostic[]
}

export async function createServices(host: Host): Promise<Services> {
  const all = await extensions(host), { manifests } = await runOptions([], {}, host)
  const [{ parser }, linter] = await Promise.all([createReader(host, all), createLinter(host, manifests)])
  const sections = catalogue(all)
  return {
    parser, sections, manifests, lint: linter.lint,
    // of what is declared; subjects, windows and rows of journeys are called by words that may be an id too
    entries: new Map(sections.filter(s => s.declared).flatMap(s => s.entries.map(e => [e.id, e] as const))),
    declaredAt: new Map(all.flatMap(e => e.ownSteps ?? []).flatMap(s => s.at ? [[`own:${s.expression}`, s.at] as const] : [])),
    kindWords: registry.all.flatMap(k => [k.singular, k.resource]),
  }
}
