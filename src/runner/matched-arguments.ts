import type { MatchedArgument } from './events.ts'
import type { PlannedStep } from './plan.ts'

/** What filled in the parameters of the phrase that reads this step. Steps of one's own bring the groups of their expression. */
export function matchedArguments({ reading, text }: PlannedStep): readonly MatchedArgument[] {
  if (reading.type !== 'bound') return []
  const { ast } = reading, { args, argSpans } = ast.type === 'assertion' ? ast.predicate : ast.phrase
  if (typeof args.groups === 'function') return (args.groups as () => readonly MatchedArgument[])()
  return Object.entries(argSpans)
    .sort(([, a], [, b]) => a.start - b.start)
    .map(([parameterTypeName, { start, end }]) => ({ group: { start, value: text.slice(start, end) }, parameterTypeName }))
}
