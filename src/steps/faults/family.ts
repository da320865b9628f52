import type { PhraseDeclaration, ParameterType } from '../../dsl/phrase-declaration.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { bindingTo } from '../command.ts'
import type { Binding, ScenarioContext } from '../context.ts'
import type { NotChosen } from '../objects.ts'
import { refusal } from '../outcome.ts'

/** A fault and its way back as sentences. `args` makes the model's arguments of a sentence's, or says why it cannot. */
export interface FaultFamily {
  /** id of the sentences; the model's fault is `fault` */
  readonly id: string
  readonly fault: string
  readonly doc: string
  readonly source?: string
  readonly parameters?: Readonly<Record<string, ParameterType>>
  readonly inject: PhraseDeclaration['phrases']
  readonly heal?: PhraseDeclaration['phrases']
  readonly examples: { readonly inject: readonly string[]; readonly heal?: readonly string[] }
  args(context: ScenarioContext, args: Readonly<Record<string, any>>, text: string): Readonly<Record<string, any>> | NotChosen
}

export function faultFamily(family: FaultFamily): readonly StepDefinition[] {
  const { id, fault, doc, source, parameters } = family
  const base = { kind: 'fault' as const, parameters, source }
  const ends = family.heal !== undefined && !family.inject.some(p => /\bfor \{/.test(p))
  const inject = defineStep({
    ...base, id, phrases: ends ? family.inject.flatMap(forSoLong) : family.inject, doc, examples: family.examples.inject,
    run: (context, args, { ast, text }) => injectFault(context, fault, family.args(context, args, text), ast.bind, ends ? args.duration : undefined),
  })
  if (!family.heal) return [inject]
  const heal = defineStep({
    ...base, id: `${id}-ends`, phrases: family.heal, doc: `The way back from: ${family.inject[0]}.`, examples: family.examples.heal ?? [],
    run: (context, args, { text }) => healFault(context, [fault], family.args(context, args, text)),
  })
  return [inject, heal]
}

/** `… goes down for 45 minutes`: the step is done at once, and the fault ends by itself. */
export const forSoLong = (phrase: string): readonly string[] => [phrase, `${phrase} for {duration}`]

const wrongIn = (args: Readonly<Record<string, any>>): NotChosen | undefined =>
  typeof args.failed === 'string' ? { failed: args.failed } : typeof args.cannotRun === 'string' ? { cannotRun: args.cannotRun } : undefined

/**
 * A fault that found nothing to alter shows nothing: what follows would hold without it. `bind`: `as "name"` behind it, of the pod or node that it happens
 * to. `forMs`: it ends by itself after so long.
 */
export async function injectFault(
  context: ScenarioContext, fault: string, args: Readonly<Record<string, any>>, bind?: string, forMs?: number
): Promise<StepOutcome> {
  const wrong = wrongIn(args)
  if (wrong) return wrong
  if (forMs === 0) return { vacuous: 'this fault altered nothing: it lasts for no time' }
  const bound = bind === undefined ? undefined : hitBy(args, context)
  const done = context.driver().inject(fault, args)
  if (typeof done === 'string') return refusal(done)
  if (forMs !== undefined) context.driver().healAfter!(fault, args, forMs)
  // what it does at once has been done when the next step looks
  await context.driver().advance(0)
  if (bound) context.bindings.set(bind!, bound)
  if (done.altered === 0) return { vacuous: 'this fault altered nothing: what it stops or changes was so already' }
}

function hitBy({ pod, node, namespace }: Readonly<Record<string, any>>, context: ScenarioContext): Binding | undefined {
  const stored = typeof pod === 'string' ? context.driver().stored('pods', namespace ?? context.namespace, pod)
    : typeof node === 'string' ? context.driver().stored('nodes', '', node) : undefined
  return stored && bindingTo({ ...stored, apiVersion: 'v1', kind: typeof pod === 'string' ? 'Pod' : 'Node' })
}

/** Tries the ways back in turn; it is the author's mistake when there was nothing to come back from. */
export function healFault(context: ScenarioContext, faults: readonly string[], args: Readonly<Record<string, any>>): StepOutcome {
  const wrong = wrongIn(args)
  if (wrong) return wrong
  const healed = faults.filter(fault => context.driver().heal(fault, args))
  if (healed.length === 0) return { vacuous: 'there was nothing to come back from: no such fault is there now' }
}
