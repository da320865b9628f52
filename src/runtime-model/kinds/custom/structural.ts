import type { FieldError } from '../kind.ts'
import { deepEqual, forbidden, invalid, notSupported, required } from '../meta/errors.ts'
import { defaulted, pruned } from './prune.ts'
import { validateRuleTexts } from './rule-texts.ts'
import { isObject, valuesOf, type Schema } from './schema.ts'
import { patternOf, validateValue } from './values.ts'

/**
 * What is wrong with the schema of a CustomResourceDefinition: it must be structural, its defaults valid, its rules compile.
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/{validation,defaulting/validation}.go, pkg/apis/apiextensions/validation/validation.go.
 */
export function validateSchema(schema: Schema, at: string, statusApart: boolean): FieldError[] {
  const errors: FieldError[] = statusApart ? rootFields(schema, at) : []
  if (schema.nullable) errors.push(forbidden(`${at}.nullable`, 'nullable cannot be true at the root'))
  const plain = general(schema, at), unreadable = plain.some(e => e.type === 'FieldValueForbidden' && e.body.endsWith(' is not supported'))
  const structural = unreadable ? [] : invariants(schema, 'root', at).sort((a, b) => `${a.field}: ${a.body}` < `${b.field}: ${b.body}` ? -1 : 1)
  const defaults = structural.length === 0 && !unreadable ? wrongDefaults(schema, at) : []
  const sound = structural.length + defaults.length === 0
  return [...errors, ...structural, ...defaults, ...plain, ...sound ? validateRuleTexts(schema, at) : []]
}

const atRoot: ReadonlySet<string> = new Set([
  'type', 'properties', 'description', 'title', 'example', 'externalDocs', 'required', 'allOf', 'anyOf', 'oneOf', 'not', 'additionalProperties', 'nullable',
  'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations', 'x-kubernetes-map-type', 'default', 'format', '$schema', 'id',
])
const rootFields = (schema: Schema, at: string): FieldError[] => Object.keys(schema).some(key => !atRoot.has(key))
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

function wrongDefaults(schema: Schema, at: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.default !== undefined) {
    if (!deepEqual(pruned(schema, schema.default, []), schema.default)) errors.push(invalid(`${at}.default`, schema.default, 'must not have unknown fields'))
    else errors.push(
      ...validateValue(schema, defaulted(schema, schema.default), '').map(e =>
        ({ ...e, field: e.field === '' || e.field === '<nil>' ? `${at}.default` : `${at}.default.${e.field}` }))
    )
  }
  if (isObject(schema.items)) errors.push(...wrongDefaults(schema.items, `${at}.items`))
  for (const name of Object.keys(schema.properties ?? {}).sort()) errors.push(...wrongDefaults(schema.properties![name], `${at}.properties[${name}]`))
  const values = valuesOf(schema)
  return values ? [...errors, ...wrongDefaults(values, `${at}.additionalProperties`)] : errors
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'], listTypes = ['atomic', 'set', 'map'], mapTypes = ['atomic', 'granular']
const unsupported: readonly (readonly [string, string])[] = [
  ['id', 'id is not supported'], ['additionalItems', 'additionalItems is not supported'], ['patternProperties', 'patternProperties is not supported'],
  ['definitions', 'definitions is not supported'], ['dependencies', 'dependencies is not supported'], ['$ref', '$ref is not supported'],
]

function general(schema: Schema, at: string): FieldError[] {
  const errors: FieldError[] = [], type = schema.type as string | undefined, values = valuesOf(schema)
  for (const [field, text] of unsupported) if ((schema as any)[field]) errors.push(forbidden(`${at}.${field}`, text))
  if (type && !types.includes(type)) errors.push(notSupported(`${at}.type`, type, types))
  if (type === 'null') errors.push(forbidden(`${at}.type`, 'type cannot be set to null, use nullable as an alternative'))
  if (Array.isArray(schema.items)) errors.push(forbidden(`${at}.items`, 'items must be a schema object and not an array'))
  if (schema.uniqueItems) errors.push(forbidden(`${at}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'))
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== true && Object.keys(schema.properties ?? {}).length > 0) {
    errors.push(forbidden(`${at}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  }
  if (values) errors.push(...general(values, `${at}.additionalProperties`))
  for (const name of Object.keys(schema.properties ?? {}).sort()) errors.push(...general(schema.properties![name], `${at}.properties[${name}]`))
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const) schema[junctor]?.forEach((part, i) => errors.push(...general(part, `${at}.${junctor}[${i}]`)))
  if (isObject(schema.items)) errors.push(...general(schema.items, `${at}.items`))
  errors.push(...lists(schema, at), ...maps(schema, at))
  return errors
}

function lists(schema: Schema, at: string): FieldError[] {
  const type = schema['x-kubernetes-list-type'] as string | undefined, keys = schema['x-kubernetes-list-map-keys'] ?? [], items = schema.items
  const errors: FieldError[] = []
  if (type !== undefined && schema.type !== 'array')
    errors.push(
      schema.type
        ? invalid(`${at}.type`, schema.type, 'must be array if x-kubernetes-list-type is specified')
        : required(`${at}.type`, 'must be array if x-kubernetes-list-type is specified')
    )
  else if (type !== undefined && !listTypes.includes(type)) errors.push(notSupported(`${at}.x-kubernetes-list-type`, type, listTypes))
  if (type === 'set' && items && (items.type === 'object' || items.type === 'array')) {
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
      errors.push(invalid(
        `${at}.items.x-kubernetes-map-type`, items['x-kubernetes-map-type'] ?? null, 'must be atomic as item of a list with x-kubernetes-list-type=set'
      ))
    }
    if (items.type === 'array' && items['x-kubernetes-list-type'] !== 'atomic') {
      errors.push(invalid(
        `${at}.items.x-kubernetes-list-type`, items['x-kubernetes-list-type'] ?? null, 'must be atomic as item of a list with x-kubernetes-list-type=set'
      ))
    }
  }
  if (keys.length > 0 && type !== 'map') {
    errors.push(
      type
        ? invalid(`${at}.x-kubernetes-list-type`, type, 'must be map if x-kubernetes-list-map-keys is non-empty')
        : required(`${at}.x-kubernetes-list-type`, 'must be map if x-kubernetes-list-map-keys is non-empty')
    )
  }
  if (type !== 'map') return errors
  if (keys.length === 0) return [...errors, required(`${at}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map')]
  if (!items) return [...errors, required(`${at}.items`, 'must have a schema if x-kubernetes-list-type is map')]
  if (items.type !== 'object') {
    return [...errors, invalid(`${at}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map")]
  }
  if (keys.some(key => !items.properties?.[key])) {
    return [...errors, invalid(`${at}.x-kubernetes-list-map-keys`, keys, 'entries must all be names of item properties')]
  }
  keys.forEach((key, i) => {
    const part = items.properties![key]
    if (part.type === 'array' || part.type === 'object') {
      errors.push(invalid(`${at}.items.properties[${key}].type`, part.type, "must be a scalar type if parent array's x-kubernetes-list-type is map"))
    }
    if (keys.indexOf(key) < i) errors.push(invalid(`${at}.x-kubernetes-list-map-keys[${i}]`, key, 'must not contain duplicate entries'))
    if (part.default === undefined && !items.required?.includes(key)) {
      errors.push(required(
        `${at}.items.properties[${key}].default`, 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
      ))
    }
    if (part.nullable) {
      errors.push(forbidden(`${at}.items.properties[${key}].nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'))
    }
  })
  return errors
}
function maps(schema: Schema, at: string): FieldError[] {
  const type = schema['x-kubernetes-map-type'] as string | undefined
  if (type === undefined) return []
  if (!mapTypes.includes(type)) return [notSupported(`${at}.x-kubernetes-map-type`, type, mapTypes)]
  return schema.type === 'object'
    ? []
    : [
      schema.type
        ? invalid(`${at}.type`, schema.type, 'must be object if x-kubernetes-map-type is specified')
        : required(`${at}.type`, 'must be object if x-kubernetes-map-type is specified'),
    ]
}
