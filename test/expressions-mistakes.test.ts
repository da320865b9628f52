import { expect, test } from 'vitest'
import { decode, registry } from '../src/runtime-model/kinds/index.ts'
import recorded from './expressions-mistakes.json' with { type: 'json' }

/** What a 1.35.4 API server says of an expression in a ValidatingAdmissionPolicy: what does not parse, what has no type, what is not known. null: nothing. */
const kind = registry.byResource('validatingadmissionpolicies.admissionregistration.k8s.io')!
const policy = (expression: string): any => ({
  apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name: 'x' },
  spec: {
    matchConstraints: { resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }] },
    validations: [{ expression }],
  },
})
test.each(recorded.map(c => [c.expression, c.error] as const))('%s', (expression, error) => {
  const problems = kind.validate(kind.defaults(decode(kind, policy(expression)).object)).map(e => `${e.field}: ${e.body}`)
  expect(problems.length > 1 ? `[${problems.join(', ')}]` : problems[0] ?? null).toBe(error)
})
