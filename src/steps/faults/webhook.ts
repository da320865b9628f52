import type { StepDefinition } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { noSuchWebhook } from '../../assertions/named-webhooks.ts'
import { faultFamily } from './family.ts'

const parameters = { name: 'text' } as const
const source = 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy'
const args = (context: ScenarioContext, { name }: Readonly<Record<string, any>>): Readonly<Record<string, any>> => noSuchWebhook(context, name) ?? { name }

const down = faultFamily({
  id: 'webhook-down', fault: 'webhook-down', parameters, source, doc: 'The server of an admission webhook ends: whoever calls it is refused the connection.',
  inject: ['webhook {name} goes down'], heal: ['webhook {name} comes back'],
  examples: { inject: ['webhook "policy.example.com" goes down'], heal: ['webhook "policy.example.com" comes back'] }, args,
})
const hang = faultFamily({
  id: 'webhook-hang', fault: 'webhook-hang', parameters, source,
  doc: 'The server of an admission webhook takes requests and never answers: API servers wait as long as its configuration says.',
  inject: ['webhook {name} hangs'], heal: ['webhook {name} resumes'],
  examples: { inject: ['webhook "policy.example.com" hangs'], heal: ['webhook "policy.example.com" resumes'] }, args,
})
export const webhookFaults: readonly StepDefinition[] = [...down, ...hang]
