import { expect, test } from 'vitest'
import { invalid } from '../src/runtime-model/api/status.ts'
import { decode, registry } from '../src/runtime-model/kinds/index.ts'
import recorded from './expression-costs.json' with { type: 'json' }

/**
 * What a 1.35.4 API server said of definitions whose rules may cost much: rules and messages over the same `properties`, and whole specs. null: it took them.
 */
interface Case { readonly rule?: string; readonly messageExpression?: string; readonly message: string | null }
const { properties, cases, specs } = recorded as unknown as {
  readonly properties: any; readonly cases: readonly Case[]; readonly specs: readonly { readonly spec: any; readonly message: string | null }[]
}
const kind = registry.byGroupKind('apiextensions.k8s.io', 'CustomResourceDefinition')!
function said(spec: any): string | null {
  const { object } = decode(kind, {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'things.cost.example.com' },
    spec: {
      group: 'cost.example.com', scope: 'Namespaced', names: { plural: 'things', singular: 'thing', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }],
    },
  })
  const problems = kind.validate(kind.beforeCreate(kind.defaults(object)))
  return problems.length === 0 ? null : invalid(kind, 'things.cost.example.com', problems).message!
}

test.each(cases.map(c => [c.rule ?? `says ${c.messageExpression}`, c] as const))('%s', (_, { rule, messageExpression, message }) => {
  const validation = rule === undefined ? { rule: 'self.n > 0', messageExpression } : { rule, message: 'no' }
  expect(said({ type: 'object', properties, 'x-kubernetes-validations': [validation] })).toBe(message)
})
test.each(specs.map(s => [JSON.stringify(s.spec).slice(0, 150), s] as const))('%s', (_, { spec, message }) => expect(said(spec)).toBe(message))
