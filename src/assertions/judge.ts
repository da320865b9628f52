import type { AssertionAst, PredicateAst, StepArgument, StepAst, SubjectAst } from '../dsl/step-ast.ts'
import type { PredicateDefinition } from '../extension.ts'
import { invariant } from '../base/invariant.ts'
import type { ScenarioContext } from '../steps/context.ts'
import type { ClaimParts } from './claim.ts'
import { explain } from './explain.ts'
import type { Judgement } from './verdict.ts'
import { watch } from './watch.ts'
import type { Watched } from './watch.ts'

export type Judge = (ast: AssertionAst, context: ScenarioContext, argument: StepArgument, text: string) => Promise<Judgement>

/** A judge of assertions over these predicates. `whole`: its stories leave nothing out. */
export function createJudge(predicates: readonly PredicateDefinition[], { whole = false } = {}): Judge {
  const byId = new Map(predicates.map(p => [p.id, p]))
  const partsOf = (subject: SubjectAst, predicate: PredicateAst, argument: StepArgument): ClaimParts => {
    const definition = byId.get(predicate.definition)
    invariant(definition, `no predicate is registered as ${predicate.definition}`)
    return { subject, predicate, definition, argument }
  }
  return async (ast, context, argument, text) => {
    const watched: Watched = { ast, claim: partsOf(ast.subject, ast.predicate, argument), conditions: ast.windows.map(w => partsOf(w.condition.subject, w.condition.predicate, {})) }
    const watching = await watch(watched, context)
    return explain(watched, watching, context, text, whole)
  }
}

/** Does a step speak of what an action brought? Then a refusal is what it is about, and no failure of the scenario. */
export function speaksOfOutcome(ast: StepAst): boolean {
  if (ast.type === 'sentence') return ast.phrase.definition.startsWith('request-')
  if (ast.type !== 'assertion') return false
  return ast.subject.type === 'outcome' || ast.windows.some(w => w.condition.subject.type === 'outcome')
}
