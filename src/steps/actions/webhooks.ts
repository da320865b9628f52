import { parse } from 'yaml'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { refusal } from '../outcome.ts'
import { noSuchWebhook } from '../../assertions/named-webhooks.ts'

const source = 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/'

async function answers(context: ScenarioContext, name: string, answer: Readonly<Record<string, unknown>>, delayMs?: number): Promise<StepOutcome> {
  const nobody = noSuchWebhook(context, name)
  if (nobody) return nobody
  const why = context.driver().operate('webhook', { name, answer, ...(delayMs ? { delayMs } : {}) })
  if (why) return refusal(why)
}

const refuses = defineStep({
  id: 'webhook-refuses', kind: 'action', phrases: ['webhook {name} refuses {reason}', 'webhook {name} refuses {reason} with {code}'],
  parameters: { name: 'text', reason: 'text', code: 'int' }, source,
  doc: 'An admission webhook that a manifest has set up refuses every request that it is asked about, with these words (and this HTTP code).',
  examples: ['webhook "policy.example.com" refuses "no latest tags"', 'webhook "policy.example.com" refuses "no latest tags" with 403'],
  run: (context, { name, reason, code }) =>
    answers(context, name, { allowed: false, message: reason, ...(code ? { code, ...(code === 403 ? { reason: 'Forbidden' } : {}) } : {}) }),
})
const allows = defineStep({
  id: 'webhook-allows', kind: 'action', phrases: ['webhook {name} allows', 'webhook {name} allows everything', 'webhook {name} allows after {delay}'],
  parameters: { name: 'text', delay: 'duration' }, source,
  doc: 'An admission webhook allows every request that it is asked about, at once or after so long.',
  examples: ['webhook "policy.example.com" allows', 'webhook "policy.example.com" allows after 3s'],
  run: (context, { name, delay }) => answers(context, name, { allowed: true }, delay),
})
const warns = defineStep({
  id: 'webhook-warns', kind: 'action', phrases: ['webhook {name} warns {warning}'], parameters: { name: 'text', warning: 'text' }, source,
  doc: 'An admission webhook allows every request, with this warning for the client.', examples: ['webhook "policy.example.com" warns "this tag moves"'],
  run: (context, { name, warning }) => answers(context, name, { allowed: true, warnings: [warning] }),
})
const patches = defineStep({
  id: 'webhook-patches', kind: 'action', phrases: ['webhook {name} patches:'], argument: 'docString', parameters: { name: 'text' }, source,
  doc: 'A mutating webhook changes every object that it is asked about: by a JSON Patch (a list of operations) or a merge patch, as YAML or JSON.',
  examples: ['webhook "inject.example.com" patches:'],
  run: (context, { name }, { argument }) => {
    let patch: unknown
    try {
      patch = parse(argument.docString?.content ?? '')
    } catch (error) { return { cannotRun: `the patch cannot be read: ${(error as Error).message.split('\n')[0]}` } }
    return typeof patch === 'object' && patch !== null
      ? answers(context, name, { allowed: true, patch })
      : { cannotRun: 'a patch is a list of operations or a part of an object' }
  },
})
export const webhookActions: readonly StepDefinition[] = [refuses, allows, warns, patches]
