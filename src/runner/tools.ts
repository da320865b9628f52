import type { AssertionAst, StepArgument, StepAst } from '../dsl/step-ast.ts'
import type { StepDefinition } from '../extension.ts'
import type { ScenarioContext } from '../steps/context.ts'
import type { Failure, Status } from './events.ts'

/** What the runner is given of the language: the steps by id, and how an assertion is judged and told. */
export interface Tools {
  step(id: string): StepDefinition | undefined
  judge(ast: AssertionAst, context: ScenarioContext, argument: StepArgument, text: string): Promise<Judgement>
  /**
   * Does everything that steps do stay in the scenario (no steps of a config, which may keep something of their own)? Then scenarios may share their
   * beginnings.
   */
  readonly contained?: boolean
  /**
   * Does this step speak of what an action brought (`the last request …`)? Then a refusal is no failure of the scenario. `sent`: did the action send a
   * request of this description? Absent: whatever it sent.
   */
  speaksOfOutcome(ast: StepAst, sent?: (description: string) => boolean): boolean
}

export type Story = Omit<Failure, 'step' | 'replay'>
/** `holds`, or a status with its story. */
/** `note`: what an author should know of a claim that holds. */
export type Judgement = { readonly status: 'passed'; readonly note?: string } | { readonly status: Exclude<Status, 'passed' | 'skipped' | 'ambiguous'>; readonly story: Story }
