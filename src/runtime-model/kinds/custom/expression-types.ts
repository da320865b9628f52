import type { CelType } from '../expressions/types.ts'
import { programOf } from '../expressions/program.ts'
import { isObject, valuesOf, type Schema } from './schema.ts'

/**
 * Values of custom resources as expressions see them, and their types as the compiler does. Whole numbers are integers where the schema says so;
 * fields whose names are no identifiers are written in another way. Source: k8s.io/apiserver pkg/cel/{common/values,common/schemas,escaping}.go.
 */
const reserved: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return',
  'var', 'void', 'while',
])
const escapes: readonly (readonly [RegExp, string])[] = [[/__/g, '__underscores__'], [/\./g, '__dot__'], [/-/g, '__dash__'], [/\//g, '__slash__']]
/** How a property is named in expressions; undefined: it cannot be. */
export function escaped(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`
  const text = escapes.reduce((t, [from, to]) => t.replace(from, to), name)
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? text : undefined
}

const meta: Schema = { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } }
/** A whole resource has these, whatever its schema says. */
export const asResource = (schema: Schema): Schema =>
  ({ ...schema, properties: { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: meta } })

export function declaredType(schema: Schema, name = 'selfType'): CelType {
  if (schema['x-kubernetes-int-or-string']) return 'dyn'
  switch (schema.type) {
    case 'integer': return 'int'
    case 'number': return 'double'
    case 'boolean': return 'bool'
    case 'string': return textTypes[schema.format ?? ''] ?? 'string'
    case 'array': return { list: schema.items ? declaredType(schema.items, `${name}.@idx`) : 'dyn' }
    case 'object': {
      const values = valuesOf(schema)
      if (values) return { map: ['string', declaredType(values, `${name}.@elem`)] }
      return {
        object: name,
        fields: Object.fromEntries(Object.entries(schema.properties ?? {}).flatMap(([key, part]) => {
          const field = escaped(key)
          return field ? [[field, declaredType(part, `${name}.${field}`)]] : []
        })),
      }
    }
    default: return 'dyn'
  }
}
const textTypes: Readonly<Record<string, CelType>> = {
  'date-time': 'google.protobuf.Timestamp', datetime: 'google.protobuf.Timestamp', date: 'google.protobuf.Timestamp', duration: 'google.protobuf.Duration',
  byte: 'bytes',
}

/** undefined stays undefined: there is no such value. */
export function toExpression(schema: Schema | undefined, value: any): any {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (typeof value === 'number') return schema?.type === 'number' ? value : Number.isInteger(value) ? BigInt(value) : value
  if (typeof value === 'string') return schema?.format && textTypes[schema.format] ? special(schema.format, value) : value
  if (Array.isArray(value)) return value.map(item => toExpression(schema?.items, item))
  if (!isObject(value)) return value
  const values = schema && valuesOf(schema), named = schema?.properties !== undefined
  return Object.fromEntries(Object.keys(value).flatMap(key => {
    const known = schema?.properties?.[key] ?? values, field = named ? escaped(key) : key
    return field === undefined || (named && known === undefined) ? [] : [[field, toExpression(known, value[key])]]
  }))
}
function special(format: string, text: string): unknown {
  if (format === 'byte') return run('bytes(self)', text)
  if (format === 'duration') return run('duration(self)', text)
  return run('timestamp(self)', format === 'date' ? `${text}T00:00:00Z` : text)
}
function run(expression: string, self: unknown): unknown {
  const program = programOf(expression), outcome = 'run' in program ? program.run({ self }) : undefined
  return outcome && 'value' in outcome ? outcome.value : self
}
