import { expect, test } from 'vitest'
import { decode, registry } from '../src/runtime-model/kinds/index.ts'
import recorded from './custom-resources-mistakes.json' with { type: 'json' }

/**
 * What a 1.35.4 API server said of CustomResourceDefinitions: whole ones, schemas, and schemas of one field (`a`). Nothing: it took them. Names that the
 * server makes up for types of its own are cut short.
 */
interface Entry { readonly definition?: any; readonly schema?: any; readonly a?: any; readonly says: readonly string[] }
const kind = registry.byGroupKind('apiextensions.k8s.io', 'CustomResourceDefinition')!
const objectSchema = (a: any): any => ({ type: 'object', properties: { spec: { type: 'object', properties: { a } } } })
const definitionOf = ({ definition, schema, a }: Entry): any => ({
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema ?? objectSchema(a) } }],
  },
  ...definition,
})
const title = ({ definition, schema, a }: Entry): string => JSON.stringify(definition?.spec ?? schema ?? a).slice(0, 120)

test.each((recorded as readonly Entry[]).map(e => [title(e), e] as const))('%s', (_, entry) => {
  const { object, error, strict } = decode(kind, definitionOf(entry))
  expect(error).toBeUndefined()
  if (strict.length > 0) return expect(`strict decoding error: ${strict.join(', ')}`).toBe(entry.says[0])
  const problems = kind.validate(kind.beforeCreate(kind.defaults(object))).map(p => `${p.field}: ${p.body}`)
  expect(problems).toEqual(entry.says)
})
test('what is stored stays as it is when it is read again', () => {
  const stored = kind.beforeCreate(kind.defaults(decode(kind, definitionOf({ a: { type: 'string' }, says: [] })).object))
  expect(decode(kind, stored).object).toEqual(stored)
  expect(kind.defaults(stored)).toBe(stored)
})
