import { createStepParser, type PredicateDeclaration, type StepDeclaration, type StepLanguage } from '../../src/dsl/parse-step.ts'
import type { StepArgument } from '../../src/dsl/step-ast.ts'

type WithExamples = { readonly examples: readonly string[] }
export interface DeclaredLanguage extends StepLanguage {
  readonly steps: readonly (StepDeclaration & WithExamples)[]
  readonly predicates: readonly (PredicateDeclaration & WithExamples)[]
}

/**
 * The law of every declaration: each of its examples parses to it and to nothing else, and it has one. An example of a predicate is
 * a whole sentence. Returns what breaks the law, one line each.
 */
export function checkExamples(language: DeclaredLanguage): string[] {
  const parser = createStepParser(language)
  const ids = new Set<string>()
  return [...language.steps, ...language.predicates].flatMap(declaration => {
    const problems = ids.has(declaration.id) ? [`${declaration.id}: declared twice`] : []
    ids.add(declaration.id)
    if (declaration.examples.length === 0) problems.push(`${declaration.id}: has no example`)
    for (const example of declaration.examples) {
      const [text] = example.split('\n')
      const { value, diagnostics } = parser.parse(text.trim(), argumentFor(declaration, text.trim()))
      const found = value && (value.type === 'assertion' ? value.predicate.definition : value.phrase.definition)
      if (!value)
        problems.push(
          `${declaration.id}: \`${text}\`: ${diagnostics.map(d => [d.message, ...(d.expected ?? []), ...d.notes].join(' · ')).join('; ')}`,
        )
      else if (found !== declaration.id) problems.push(`${declaration.id}: \`${text}\` is ${found}`)
    }
    return problems
  })
}

/** A table or a doc string where the declaration wants one. */
function argumentFor({ argument }: StepDeclaration | PredicateDeclaration, text: string): StepArgument {
  const wanted = argument ?? (text.endsWith(':') ? 'table or docString' : undefined)
  if (wanted === 'table') return { table: [['']] }
  if (wanted === 'docString' || wanted === 'table or docString' || (wanted === 'optional' && text.endsWith(':')))
    return { docString: { content: '', line: 1 } }
  return {}
}
