import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { refusal } from '../outcome.ts'

const keys = defineStep({
  id: 'encryption-keys', kind: 'action', phrases: ['the API servers encrypt Secrets with key/keys {keys}'], parameters: { keys: 'text' },
  doc:
    'The keys (aescbc) of all API servers for Secrets at rest, from now on: the first one encrypts what is written, each decrypts, `identity` stands for no encryption. What is stored stays as it is until it is written again; a key that something there still needs cannot be left out.',
  examples: ['the API servers encrypt Secrets with keys "key2, key1"', 'the API servers encrypt Secrets with keys "key1, identity"'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#rotating-a-decryption-key',
  run(context, { keys: given }) {
    const why = context.driver().operate('encryption-keys', { keys: given })
    if (why) return refusal(why)
  },
})
export const encryptionActions: readonly StepDefinition[] = [keys]
