import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { suggest } from '../base/suggest.ts'
import { authorMade, builtInName } from '../dsl/author-made.ts'
import type { BoundScenario, BoundStep } from '../dsl/bind.ts'
import type { AssertionAst, ObjectSubject } from '../dsl/step-ast.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import { once, type Linted, type Rule } from './rule.ts'
import { sourcesOf } from './sources.ts'

/**
 * Objects whose name no step, file or command line of the scenario says. Whatever is said anywhere counts, as does a name that begins
 * with one (`web-5d4f…` of web): a false alarm would be worse than a miss.
 */
export const objectUnknown: Rule = { check: linted => once(linted.scenarios.flatMap(scenario => ofScenario(scenario, linted))) }

function ofScenario(scenario: BoundScenario, linted: Linted): Diagnostic[] {
  const { steps } = scenario
  // a step that is not understood, or a user's own, or a restored snapshot, may bring anything
  if (steps.some(s => !s.ast || !linted.builtin(s.definition ?? '') || s.definition === 'etcd-restore')) return []
  const said = wordsSaid(steps, linted)
  if (said === undefined) return []
  const known = (name: string): boolean =>
    builtInName.test(name) || said.has(name) || name.split('-').some((_, i, parts) => i > 0 && said.has(parts.slice(0, i).join('-')))
  return steps.flatMap(step => {
    if (step.ast?.type !== 'assertion') return []
    return wantedBy(step.ast, linted).flatMap(subject => problemOf(subject, step, scenario.file, known, said))
  })
}

/** Objects that must be there for the assertion to hold. */
function wantedBy({ subject, predicate, modality, windows }: AssertionAst, { existence }: Linted): ObjectSubject[] {
  if (predicate.negated || modality.type === 'never' || existence.has(predicate.definition) || windows.length > 0) return []
  const object = subject.type === 'container' ? subject.pod : subject
  return object.type === 'object' ? [object] : []
}

function problemOf(subject: ObjectSubject, step: BoundStep, file: string, known: (name: string) => boolean, said: ReadonlySet<string>): Diagnostic[] {
  const kind = registry.find(subject.kind)
  if (!kind || !authorMade.has(kind.kind)) return []
  const { name, namespace, span } = subject
  const wrong = namespace !== undefined && !known(namespace) ? namespace : !known(name) ? name : undefined
  if (wrong === undefined) return []
  const column = step.column + span.start + Math.max(0, step.text.slice(span.start, span.end).lastIndexOf(wrong))
  const near = suggest(wrong, said, 2).filter(n => n.length > 2)
  return [diagnostic({
    code: 'object-unknown', severity: 'warning', file, span: { line: step.line, column, endColumn: column + wrong.length },
    message: wrong === namespace
      ? `no step of this scenario speaks of a namespace \`${wrong}\``
      : `no step of this scenario creates ${kind.singular} \`${wrong}\``,
    ...(near.length > 0 ? { suggestions: near } : {}),
  })]
}

const word = /[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/g
/** Every word of what is no assertion, and of the files that it names; undefined if one of them cannot be read. */
function wordsSaid(steps: readonly BoundStep[], linted: Linted): ReadonlySet<string> | undefined {
  const said = new Set<string>()
  const add = (text: string): void => { for (const [found] of text.toLowerCase().matchAll(word)) said.add(found) }
  for (const step of steps) {
    if (step.ast?.type === 'assertion') continue
    for (const text of [step.text, step.argument.docString?.content ?? '', ...(step.argument.table ?? []).flat()]) add(text)
    for (const source of sourcesOf(step)) {
      const content = source.type === 'file' ? linted.read(source.path) : ''
      if (content === undefined || content === 'folder') return undefined
      add(content)
    }
  }
  return said
}
