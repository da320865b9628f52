import type { FieldError } from '../kind.ts'
import { deepEqual, forbidden, invalid, required } from '../meta/errors.ts'
import { pruned } from './prune.ts'
import { problemOf, validateRuleTexts } from './rule-texts.ts'
import { validateRulesOfDefault } from './rules.ts'
import { isObject, valuesOf, type Schema } from './schema.ts'
import { schemaMistakes, unreadable } from './schema-mistakes.ts'
import { patternOf, validateValue } from './values.ts'

/**
 * What is wrong with the schema of a CustomResourceDefinition: it must be structural, its defaults valid, its rules compile.
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/{validation,defaulting/validation}.go, pkg/apis/apiextensions/validation/validation.go.
 */
export function validateSchema(schema: Schema, at: string, statusApart: boolean): FieldError[] {
  const errors: FieldError[] = statusApart ? rootFields(schema, at) : []
  if (schema.nullable) errors.push(forbidden(`${at}.nullable`, 'nullable cannot be true at the root'))
  const plain = schemaMistakes(schema, at), unread = unreadable(schema)
  const structural = unread !== undefined ? [] : invariants(schema, 'root', at).sort((a, b) => `${a.field}: ${a.body}` < `${b.field}: ${b.body}` ? -1 : 1)
  const defaults = structural.length === 0 && unread === undefined ? wrongDefaults(schema, at, true) : []
  const sound = unread === undefined && structural.length + defaults.length === 0
  const all = [...errors, ...structural, ...defaults, ...plain, ...sound ? validateRuleTexts(schema, at, plain) : []]
  return all.length === 0 && unread !== undefined ? [invalid(at, '', unread)] : all
}

const atRoot: ReadonlySet<string> = new Set([
  'type', 'properties', 'description', 'title', 'example', 'externalDocs', 'required', 'allOf', 'anyOf', 'oneOf', 'not', 'additionalProperties', 'nullable',
  'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations', 'x-kubernetes-map-type', 'default', 'format', '$schema', 'id',
])
const rootFields = (schema: Schema, at: string): FieldError[] => schema.type !== undefined && schema.type !== 'object'
  ? [invalid(`${at}.type`, schema.type, 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled')]
  : Object.keys(schema).some(key => !atRoot.has(key))
  ? [invalid(
    at, '',
    'only ["type", "title", "description", "properties", "required", "example", "externalDocs"] fields are allowed at the root of the schema if the status subresource is enabled'
  )]
  : []

type Level = 'root' | 'item' | 'field'
const emptyAt: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root', item: 'must not be empty for specified array items', field: 'must not be empty for specified object fields',
}

function invariants(schema: Schema, level: Level, at: string): FieldError[] {
  const errors: FieldError[] = [], embedded = schema['x-kubernetes-embedded-resource'] ?? false, keeps = schema['x-kubernetes-preserve-unknown-fields']
  const either = schema['x-kubernetes-int-or-string'], values = valuesOf(schema)
  if (schema.type === 'array' && !schema.items) errors.push(required(`${at}.items`, 'must be specified'))
  if (isObject(schema.items)) errors.push(...invariants(schema.items, 'item', `${at}.items`))
  for (const [name, part] of Object.entries(schema.properties ?? {})) errors.push(...invariants(part, 'field', `${at}.properties[${name}]`))
  if (schema.additionalProperties !== undefined && level === 'root') errors.push(forbidden(`${at}.additionalProperties`, 'must not be used at the root'))
  if (values) errors.push(...invariants(values, 'field', `${at}.additionalProperties`))
  if (either && keeps) errors.push(invalid(`${at}.x-kubernetes-preserve-unknown-fields`, keeps, 'must be false if x-kubernetes-int-or-string is true'))
  if (either && embedded) errors.push(invalid(`${at}.x-kubernetes-embedded-resource`, embedded, 'must be false if x-kubernetes-int-or-string is true'))
  errors.push(...junctors(schema, at, isEitherPattern(schema.anyOf), isEitherPattern(schema.allOf?.[0]?.anyOf)))
  if (embedded && schema.type !== 'object')
    errors.push(
      schema.type
        ? invalid(`${at}.type`, schema.type, 'must be object if x-kubernetes-embedded-resource is true')
        : required(`${at}.type`, 'must be object if x-kubernetes-embedded-resource is true')
    )
  else if (!schema.type && !either && !keeps) errors.push(required(`${at}.type`, emptyAt[level]))
  if (embedded && schema.additionalProperties !== undefined) {
    errors.push(forbidden(`${at}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'))
  }
  if (level === 'root' && schema.type && schema.type !== 'object') errors.push(invalid(`${at}.type`, schema.type, 'must be object at the root'))
  if (level === 'root' || embedded) {
    for (const name of ['kind', 'apiVersion']) {
      const part = schema.properties?.[name]
      if (part && part.type !== 'string') errors.push(invalid(`${at}.properties[${name}].type`, part.type ?? '', 'must be string'))
    }
  }
  const { metadata } = schema.properties ?? {}
  if (metadata && (level === 'root' || embedded)) errors.push(...metadataInvariants(metadata, level, `${at}.properties[metadata]`))
  if (embedded && !keeps && Object.keys(schema.properties ?? {}).length === 0) {
    errors.push(required(`${at}.properties`, 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'))
  }
  return errors
}
const isEitherPattern = (list: readonly Schema[] | undefined): boolean => deepEqual(list, [{ type: 'integer' }, { type: 'string' }])

function metadataInvariants(metadata: Schema, level: Level, at: string): FieldError[] {
  const errors = metadata.type === 'object' ? [] : [invalid(`${at}.type`, metadata.type ?? '', 'must be object')]
  if (level !== 'root') return errors
  const { type: _t, default: _d, description, properties, ...rest } = metadata
  const others = Object.keys(properties ?? {}).filter(name => name !== 'name' && name !== 'generateName')
  return others.length > 0 || Object.keys(rest).length > 0 || description
    ? [...errors, forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified')]
    : errors
}

function junctors(schema: Schema, at: string, skipAnyOf: boolean, skipFirst: boolean): FieldError[] {
  const errors: FieldError[] = []
  if (!skipAnyOf) schema.anyOf?.forEach((part, i) => errors.push(...nested(part, `${at}.anyOf[${i}]`)))
  schema.allOf?.forEach((part, i) => errors.push(...nested(part, `${at}.allOf[${i}]`, skipFirst && i === 0)))
  schema.oneOf?.forEach((part, i) => errors.push(...nested(part, `${at}.oneOf[${i}]`)))
  if (schema.not) errors.push(...nested(schema.not, `${at}.not`))
  if (schema.pattern) {
    const why = wrongPattern(schema.pattern)
    if (why) errors.push(invalid(`${at}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${why}`))
  }
  return errors
}
/** Go names what it did not find; other mistakes are only named as such. */
function wrongPattern(pattern: string): string | undefined {
  if (patternOf(pattern)) return undefined
  const opens = pattern.replace(/\\.|\[[^\]]*\]/g, '').split(/[()]/).length
  const kind = /\[[^\]]*$/.test(pattern.replace(/\\./g, '')) ? 'missing closing ]: '
    : opens % 2 === 0 ? (pattern.includes('(') ? 'missing closing ): ' : 'unexpected ): ')
    : /^[*+?]/.test(pattern) ? 'missing argument to repetition operator: '
    : 'invalid character class: '
  return `error parsing regexp: ${kind}\`${kind.startsWith('missing argument') ? pattern[0] : pattern}\``
}

const mustBe: readonly (readonly [keyof Schema, string])[] = [
  ['type', 'must be empty to be structural'], ['default', 'must be undefined to be structural'], ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'], ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'], ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'], ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'], ['x-kubernetes-validations', 'must be empty to be structural'],
]
/** Below a junctor only values may be judged. */
function nested(schema: Schema, at: string, skipAnyOf = false): FieldError[] {
  const errors = junctors(schema, at, skipAnyOf, false)
  if (isObject(schema.items)) errors.push(...nested(schema.items, `${at}.items`))
  for (const [name, part] of Object.entries(schema.properties ?? {})) errors.push(...nested(part, `${at}.properties[${name}]`))
  for (const [field, text] of mustBe) if (schema[field]) errors.push(forbidden(`${at}.${field}`, text))
  if (schema.additionalProperties !== undefined) errors.push(forbidden(`${at}.additionalProperties`, 'must be undefined to be structural'))
  if (schema.properties?.metadata) errors.push(forbidden(`${at}.properties[metadata]`, 'must not be specified in a nested context'))
  return errors
}

/** `resource`: of a whole object, which has metadata of its own */
function wrongDefaults(schema: Schema, at: string, resource = false): FieldError[] {
  const errors: FieldError[] = []
  if (schema.default !== undefined) {
    const whole = pruned(schema, schema.default, [], '', resource)
    if (!deepEqual(whole, schema.default)) errors.push(invalid(`${at}.default`, schema.default, 'must not have unknown fields'))
    // of a default nothing is asked for being an integer or a string
    const plain = validateValue(schema, schema.default, '').filter(e => !e.body.includes('in body must be of type integer,string:'))
    const wrong = plain.length > 0 ? plain : validateRulesOfDefault(schema, schema.default, resource, problemOf)
    errors.push(...wrong.map(e => ({ ...e, field: e.field === '' || e.field === '<nil>' ? `${at}.default` : `${at}.default.${e.field}` })))
  }
  if (isObject(schema.items)) errors.push(...wrongDefaults(schema.items, `${at}.items`))
  for (const name of Object.keys(schema.properties ?? {}).sort()) errors.push(...wrongDefaults(schema.properties![name], `${at}.properties[${name}]`))
  // what stands below additionalProperties is not judged
  return errors
}
