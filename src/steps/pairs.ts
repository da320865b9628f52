import type { StepArgument } from '../dsl/step-ast.ts'

const headings = new Set(['key', 'field', 'name', 'option'])

/** Rows of a table of key | value; a first row that says just that is its heading. */
export const pairsOf = (argument: StepArgument | undefined): readonly (readonly string[])[] => {
  const [first, ...rest] = argument?.table ?? []
  if (!first) return []
  return headings.has(first[0]?.trim().toLowerCase()) && first[1]?.trim().toLowerCase() === 'value' ? rest : [first, ...rest]
}
