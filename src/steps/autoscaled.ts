import type { StepOutcome } from '../extension.ts'
import type { BindingSubject, ObjectSubject } from '../dsl/step-ast.ts'
import { line, say } from './command.ts'
import type { ScenarioContext } from './context.ts'
import { namedBy, namespaceFlag } from './objects.ts'

export interface Limits { readonly min: number; readonly max: number; /** the share of what is requested that is aimed at: `50%` */ readonly cpu: string }
/** A HorizontalPodAutoscaler of a workload, called as it is or otherwise. */
export function autoscaled(
  context: ScenarioContext, what: ObjectSubject | BindingSubject, { min, max, cpu }: Limits, named: { readonly name?: string; readonly bind?: string }
): Promise<StepOutcome> | StepOutcome {
  if (!/^\d+%$/.test(cpu)) return { cannotRun: `what is aimed at is a share such as 50%, which ${cpu} is not` }
  const of = namedBy(context, what), flags = [...named.name === undefined ? [] : [`--name=${named.name}`], `--min=${min}`, `--max=${max}`, `--cpu=${cpu}`]
  return say(context, line('kubectl', 'autoscale', of.kind, of.name, ...flags, ...namespaceFlag(of)), { bind: named.bind })
}
