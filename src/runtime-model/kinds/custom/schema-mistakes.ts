import type { FieldError } from '../kind.ts'
import { forbidden, invalid, notSupported, required } from '../meta/errors.ts'
import { checkRule } from './rule-texts.ts'
import { isObject, valuesOf, type Schema } from './schema.ts'

/**
 * What is wrong with a schema as OpenAPI, whether it is structural or not, in the server's order.
 * Source: k8s.io/apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go (ValidateCustomResourceDefinitionOpenAPISchema).
 */
const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'], listTypes = ['atomic', 'set', 'map'], mapTypes = ['atomic', 'granular']
const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref']
const metaFields = ['metadata', 'kind', 'apiVersion']
/** `inMeta`: within what every object has; `noDefaults`: why none may stand there */
interface Place { readonly root?: boolean; readonly inMeta?: boolean; readonly noDefaults?: string }

export function schemaMistakes(schema: Schema, at: string, place: Place = { root: true }): FieldError[] {
  const errors = unsupportedParts(schema, at, place), values = valuesOf(schema), inside: Place = { ...place, root: false }
  const below = (part: Schema | undefined, where: string, its = inside): void => { if (part) errors.push(...schemaMistakes(part, `${at}.${where}`, its)) }
  if (schema.uniqueItems) errors.push(forbidden(`${at}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'))
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== true && Object.keys(schema.properties ?? {}).length > 0) {
    errors.push(forbidden(`${at}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  }
  below(values, 'additionalProperties', place.inMeta ? { ...inside, noDefaults: 'inside additionalProperties applying to object metadata' } : inside)
  for (const name of Object.keys(schema.properties ?? {}).sort()) {
    const isMeta = (place.root || schema['x-kubernetes-embedded-resource']) && metaFields.includes(name)
    const its = isMeta ? { ...inside, inMeta: true, ...place.root ? { noDefaults: `in top-level ${name}` } : undefined } : inside
    below(schema.properties![name], `properties[${name}]`, its)
  }
  below(schema.not, 'not')
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const) schema[junctor]?.forEach((part, i) => below(part, `${junctor}[${i}]`))
  for (const name of Object.keys((schema as any).definitions ?? {}).sort()) below((schema as any).definitions[name], `definitions[${name}]`)
  if (isObject(schema.items)) below(schema.items, 'items')
  for (const [name, part] of Object.entries<any>((schema as any).dependencies ?? {})) if (isObject(part)) below(part, `dependencies[${name}]`)
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(invalid(`${at}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'))
  }
  errors.push(...maps(schema, at), ...lists(schema, at))
  const rules = schema['x-kubernetes-validations'] ?? []
  return [...errors, ...rules.flatMap((rule, i) => checkRule(rule, schema, `${at}.x-kubernetes-validations[${i}]`))]
}

function unsupportedParts(schema: Schema, at: string, { inMeta, noDefaults }: Place): FieldError[] {
  const errors: FieldError[] = [], type = schema.type as string | undefined, parts = schema as any
  if (type && !types.includes(type)) errors.push(notSupported(`${at}.type`, type, types))
  if (schema.default !== undefined && noDefaults !== undefined) errors.push(forbidden(`${at}.default`, `must not be set ${noDefaults}`))
  for (const part of unsupported) {
    if (isSet(part, parts[part])) errors.push(forbidden(`${at}.${part}`, `${part} is not supported`))
  }
  if (type === 'null') errors.push(forbidden(`${at}.type`, 'type cannot be set to null, use nullable as an alternative'))
  if (Array.isArray(schema.items)) errors.push(forbidden(`${at}.items`, 'items must be a schema object and not an array'))
  if (inMeta && schema['x-kubernetes-embedded-resource']) {
    errors.push(forbidden(`${at}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'))
  }
  return errors
}

const mustBe = (type: string | undefined, wanted: string, because: string, at: string): FieldError =>
  type ? invalid(at, type, `must be ${wanted} if ${because}`) : required(at, `must be ${wanted} if ${because}`)
function maps(schema: Schema, at: string): FieldError[] {
  const type = schema['x-kubernetes-map-type'] as string | undefined
  if (type === undefined) return []
  return [
    ...schema.type === 'object' ? [] : [mustBe(schema.type, 'object', 'x-kubernetes-map-type is specified', `${at}.type`)],
    ...mapTypes.includes(type) ? [] : [notSupported(`${at}.x-kubernetes-map-type`, type, mapTypes)],
  ]
}
function lists(schema: Schema, at: string): FieldError[] {
  const type = schema['x-kubernetes-list-type'] as string | undefined, keys = schema['x-kubernetes-list-map-keys'] ?? [], items = schema.items
  const errors: FieldError[] = [], itemsMapType = items?.['x-kubernetes-map-type'], itemsListType = items?.['x-kubernetes-list-type']
  const ofSet = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  if (type !== undefined && schema.type !== 'array') errors.push(mustBe(schema.type, 'array', 'x-kubernetes-list-type is specified', `${at}.type`))
  else if (type === 'set' && items?.type === 'array' && itemsListType !== undefined && itemsListType !== 'atomic') {
    errors.push(invalid(`${at}.items.x-kubernetes-list-type`, itemsListType, ofSet))
  } else if (type === 'set' && items?.type === 'object' && itemsMapType !== 'atomic') {
    // the server tells the other type
    errors.push(invalid(`${at}.items.x-kubernetes-map-type`, itemsListType ?? null, ofSet))
  }
  if (type !== undefined && !listTypes.includes(type)) errors.push(notSupported(`${at}.x-kubernetes-list-type`, type, listTypes))
  if (keys.length > 0 && type !== 'map') {
    const here = `${at}.x-kubernetes-list-type`, why = 'x-kubernetes-list-map-keys is non-empty'
    errors.push(type === '' ? invalid(here, '', `must be map if ${why}`) : mustBe(type, 'map', why, here))
  }
  if (type === 'map') errors.push(...listMap(keys, items, at))
  if (isObject(items) && (type === 'map' || type === 'set') && items.nullable) {
    errors.push(forbidden(`${at}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${type}`))
  }
  return type === 'map' && isObject(items) ? [...errors, ...keyProperties(keys, items, at)] : errors
}
function listMap(keys: readonly string[], items: Schema | undefined, at: string): FieldError[] {
  const errors: FieldError[] = [], ofMap = "if parent array's x-kubernetes-list-type is map"
  if (keys.length === 0) errors.push(required(`${at}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'))
  if (!items) return [...errors, required(`${at}.items`, 'must have a schema if x-kubernetes-list-type is map')]
  if (items.type !== 'object') return [...errors, invalid(`${at}.items.type`, items.type ?? '', `must be object ${ofMap}`)]
  keys.forEach((key, i) => {
    const part = items.properties?.[key]
    if (!part) errors.push(invalid(`${at}.x-kubernetes-list-map-keys`, keys, 'entries must all be names of item properties'))
    else if (part.type === 'array' || part.type === 'object') {
      errors.push(invalid(`${at}.items.properties[${key}].type`, items.type, `must be a scalar type ${ofMap}`))
    }
    if (keys.indexOf(key) < i) errors.push(invalid(`${at}.x-kubernetes-list-map-keys`, keys, 'must not contain duplicate entries'))
  })
  return errors
}
function keyProperties(keys: readonly string[], items: Schema, at: string): FieldError[] {
  return keys.flatMap(key => {
    const part = items.properties?.[key], where = `${at}.items.properties[${key}]`, said = 'this property is in x-kubernetes-list-map-keys, so it'
    if (!part) return []
    const isSure = part.default !== undefined || items.required?.includes(key)
    return [
      ...isSure ? [] : [required(`${where}.default`, `${said} must have a default or be a required property`)],
      ...part.nullable ? [forbidden(`${where}.nullable`, `${said} cannot be nullable`)] : [],
    ]
  })
}

/**
 * Why a schema cannot be read as a structural one at all, which is told if nothing else is.
 * Source: pkg/apiserver/schema/convert.go (NewStructural)
 */
export function unreadable(schema: Schema): string | undefined {
  for (const part of ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'additionalItems', 'definitions']) {
    if (isSet(part, (schema as any)[part])) return `OpenAPIV3Schema '${part.replace('$schema', 'schema')}' is not supported`
  }
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  const inner = [
    schema.items, valuesOf(schema), ...Object.values(schema.properties ?? {}), schema.not, ...schema.allOf ?? [], ...schema.oneOf ?? [], ...schema.anyOf ?? [],
  ]
  for (const part of inner) { const wrong = part && unreadable(part); if (wrong) return wrong }
  return undefined
}
/** an empty schema of additional items is one, too */
const isSet = (part: string, value: any): boolean =>
  value !== undefined && value !== '' && (part === 'additionalItems' || !isObject(value) || Object.keys(value).length > 0)
