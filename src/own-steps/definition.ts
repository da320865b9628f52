import type { BoundSentence, StepDefinition, StepOutcome } from '../extension.ts'
import { ownCluster, StepFailed } from './own-cluster.ts'
import { Late } from './parameter-types.ts'
import type { CompiledStep } from './parser.ts'

/** An own step as a step of the language: what it throws is a failure in its own words, where its author finds it. */
export function definitionOf({ id, step, source }: CompiledStep): StepDefinition {
  return {
    id, phrases: [source], kind: step.kind ?? 'time', doc: step.doc ?? '', examples: step.examples ?? [],
    run(context, args, { argument }: BoundSentence): StepOutcome | Promise<StepOutcome> {
      try {
        const values = (args.values as readonly unknown[]).map(v => v instanceof Late ? v.of(context) : v)
        const done = step.run(ownCluster(context, argument), ...values) as PromiseLike<unknown> | undefined
        return typeof done?.then === 'function' ? Promise.resolve(done).then(() => undefined, outcomeOf) : undefined
      } catch (error) { return outcomeOf(error) }
    },
  }
}

/** Errors that the runner knows by name (not modelled, cannot run) go through. */
function outcomeOf(thrown: unknown): StepOutcome {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error.name === 'CannotRun' || error.name === 'NotModelled') throw error
  if (error.name === 'NoSuch') return { cannotRun: error.message }
  if (error instanceof StepFailed) return { failed: error.message, notes: error.notes }
  const [first, ...more] = error.message.trim().split('\n')
  const place = (error.stack ?? '').split('\n').find(l => /^\s+at /.test(l) && !/node_modules|\/dist\/|node:internal|src\/own-steps/.test(l))?.trim()
  return { failed: first || error.name, notes: [...more.filter(l => l.trim()), ...(place ? [place] : [])] }
}
