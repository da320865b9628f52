import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { refusal } from '../outcome.ts'

const host = defineStep({
  id: 'host-outside', kind: 'world', phrases: ['host {name} is outside of the cluster', 'host {name} is outside of the cluster with address {address}'],
  parameters: { name: 'text', address: 'text' },
  doc:
    'A host that is there, outside of the cluster, and answers on every port: its name is found by pods whose DNS works (CoreDNS asks on), its address is reached where no NetworkPolicy is against it. Services lead there by an ExternalName, or by EndpointSlices with its address. Of names and addresses outside that nothing is said of the model knows nothing.',
  examples: ['host "api.payments.example" is outside of the cluster', 'host "db.example.com" is outside of the cluster with address "198.51.100.7"'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#externalname',
  run(context, { name, address }) {
    const why = context.driver().operate('host-outside', { name, address })
    if (why) return refusal(why)
  },
})

export const network: readonly StepDefinition[] = [host]
