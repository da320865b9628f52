import type { Diagnostic } from '../base/diagnostic.ts'
import type { BoundScenario, BoundStep } from '../dsl/bind.ts'
import type { GherkinDocument } from '../dsl/gherkin-document.ts'

/** What a rule looks at: one feature file that is Gherkin, its scenarios, and the files around it. */
export interface Linted {
  readonly file: string
  readonly text: string
  readonly document: GherkinDocument
  readonly scenarios: readonly BoundScenario[]
  /** text of a file that a step names, looked up as a run would; `folder`: it is one; undefined: there is none */
  readonly read: (path: string) => string | 'folder' | undefined
  /** paths of files that a step could have meant, relative to where they are looked up */
  readonly nearby: (path: string) => readonly string[]
  /** ids of the nearest checklist.yaml, if there is one */
  readonly checklist?: { readonly file: string; readonly ids: readonly string[] }
  /** predicates that speak of whether something is there at all (`present`, `gone`) */
  readonly existence: ReadonlySet<string>
  /** is the definition one of ours? What a user's own step does, nobody knows. */
  readonly builtin: (definition: string) => boolean
}

/** A lint that needs more than the language: files, kinds, checklists. One file each, its meaning in base/codes.ts. */
export interface Rule { readonly check: (linted: Linted) => readonly Diagnostic[] }

/** Does a step behind it, before the next action, speak of what the action brought? Then a refusal is what the scenario is about. */
export function outcomeIsSpokenOf(steps: readonly BoundStep[], at: number): boolean {
  for (const { ast } of steps.slice(at + 1)) {
    if (ast?.type === 'action') return false
    if (ast?.type === 'assertion' && [ast.subject, ...ast.windows.map(w => w.condition.subject)].some(s => s.type === 'outcome')) return true
  }
  return false
}

/** The same step of an outline or a background is bound for every row and scenario: a finding is told once for each place and text. */
export function once(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return found.filter(d => {
    const key = `${d.file} ${d.span.line}:${d.span.column} ${d.code} ${d.message}`
    return !seen.has(key) && seen.add(key)
  })
}
