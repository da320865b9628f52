import type { StepOutcome } from '../extension.ts'
import type { ScenarioContext } from './context.ts'

/** A sentence of the driver that says why something cannot be: what the model lacks is inconclusive, everything else cannot run as written. */
export const refusal = (why: string): StepOutcome => why.startsWith('not modelled') ? { notModelled: why.replace(/^not modelled:? */, '') } : { cannotRun: why }

/** Adds something to the cluster that it may do without; what stands in its way there is a failure, what cannot be at all is refused. */
export function install(context: ScenarioContext, operation: string): StepOutcome {
  const why = context.driver().operate(operation, {})
  if (why) return why.includes(' could not be ') ? { failed: why } : refusal(why)
}
