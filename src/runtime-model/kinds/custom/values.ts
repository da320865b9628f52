import { dns1035Label } from '../../api/names.ts'
import type { FieldError } from '../kind.ts'
import { deepEqual, print } from '../meta/errors.ts'
import { formats } from './formats.ts'
import { child, isObject, under, valuesOf, type Schema } from './schema.ts'

/**
 * What a schema finds wrong with a value, in the API server's words and, as far as it has one, its order: fields of an object come sorted here, in Go in any
 * order.
 * Parts that an update leaves as they were are not complained of (`old`). The words are not those of a JSON Schema validator, and so is the order: a
 * library would only say the same things differently. Source: k8s.io/kube-openapi pkg/validation/{validate,errors}, k8s.io/apiextensions-apiserver
 * pkg/apiserver/validation/{validation,ratcheting}.go; texts seen on a 1.35.4 API server.
 */
export function validateValue(schema: Schema, value: any, path = '', old?: any): FieldError[] {
  if (old !== undefined && deepEqual(value, old)) return []
  if (value === null) return [...checkType(schema, value, path), ...checkEnum(schema, value, path)]
  const errors = [...checkType(schema, value, path), ...combined(schema, value, path)]
  if (typeof value === 'string') errors.push(...checkText(schema, value, path))
  else if (typeof value === 'number') errors.push(...checkNumber(schema, value, path))
  else if (Array.isArray(value)) errors.push(...checkList(schema, value, path))
  errors.push(...checkEnum(schema, value, path))
  if (isObject(value)) errors.push(...checkObject(schema, value, path, old))
  return errors
}

const wordOf = (value: any): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value
const wrong = (type: FieldError['type'], field: string, body: string): FieldError => ({ type, field, body })
const inBody = (path: string, value: unknown, text: string): FieldError =>
  wrong('FieldValueInvalid', path, `Invalid value: ${print(value)}: ${path} in body ${text}`)
/** complaints about combinations name no field */
const nowhere = (text: string): FieldError => wrong('FieldValueInvalid', '<nil>', `Invalid value: "": ${text}`)

function checkType(schema: Schema, value: any, path: string): FieldError[] {
  const either = schema['x-kubernetes-int-or-string'], wanted = either ? ['integer', 'string'] : schema.type ? [schema.type] : []
  const word = wordOf(value), { format } = schema
  // a text with a format: what else has none of it, and a list is not asked. Source: k8s.io/kube-openapi pkg/validation/validate/type.go
  if (format && schema.type === 'string' && value !== null && word !== 'string') {
    if (word === 'array') return []
    const is = word === 'integer' ? 'int64' : word === 'number' ? 'float64' : ''
    return [wrong('FieldValueTypeInvalid', path, `Invalid value: ${print(is)}: ${path} in body must be of type ${format}: ${print(is)}`)]
  }
  if (wanted.length === 0 || wanted.includes(word) || (word === 'integer' && wanted.includes('number')) || (value === null && schema.nullable)) return []
  return [wrong('FieldValueTypeInvalid', path, `Invalid value: ${print(word)}: ${path} in body must be of type ${wanted.join(',')}: ${print(word)}`)]
}
function checkEnum(schema: Schema, value: any, path: string): FieldError[] {
  if (!schema.enum || schema.enum.some(e => deepEqual(e, value)) || (value === null && schema.nullable)) return []
  return [wrong(
    'FieldValueNotSupported', path,
    `Unsupported value: ${print(value)}: supported values: ${schema.enum.map(e => print(typeof e === 'string' ? e : JSON.stringify(e))).join(', ')}`
  )]
}

function combined(schema: Schema, value: any, path: string): FieldError[] {
  const { anyOf, oneOf, allOf, not } = schema, errors: FieldError[] = []
  if (anyOf?.length) {
    const found = anyOf.map(s => validateValue(s, value, path))
    if (found.every(e => e.length > 0)) errors.push(nowhere(`"${path}" must validate at least one schema (anyOf)`), ...found[0])
  }
  if (oneOf?.length) {
    const found = oneOf.map(s => validateValue(s, value, path)), valid = found.filter(e => e.length === 0).length
    if (valid === 0) errors.push(nowhere(`"${path}" must validate one and only one schema (oneOf). Found none valid`), ...found[0])
    else if (valid > 1) errors.push(nowhere(`"${path}" must validate one and only one schema (oneOf). Found ${valid} valid alternatives`))
  }
  if (allOf?.length) {
    const found = allOf.map(s => validateValue(s, value, path)), valid = found.filter(e => e.length === 0).length
    errors.push(...found.flat())
    if (valid < allOf.length) errors.push(nowhere(`"${path}" must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`))
  }
  if (not && validateValue(not, value, path).length === 0) errors.push(nowhere(`"${path}" must not validate the schema (not)`))
  return errors
}

function checkText(schema: Schema, text: string, path: string): FieldError[] {
  const length = [...text].length
  return [
    ...schema.maxLength !== undefined && length > schema.maxLength
      ? [wrong('FieldValueTooLong', path, `Too long: may not be more than ${schema.maxLength} bytes`)]
      : [],
    // the first of these is told
    ...schema.minLength !== undefined && length < schema.minLength ? [inBody(path, text, `should be at least ${schema.minLength} chars long`)]
      : schema.pattern && !patternOf(schema.pattern)?.test(text) ? [inBody(path, text, `should match '${schema.pattern}'`)] : [],
    ...schema.format && formats[schema.format]?.(text) === false
      ? [wrong('FieldValueTypeInvalid', path, `Invalid value: ${print(text)}: ${path} in body must be of type ${schema.format}: ${print(text)}`)]
      : [],
  ]
}
const patterns = new Map<string, RegExp | undefined>()
/** Go's regular expressions as JavaScript writes them; undefined: it cannot be read. Flags are only known in front. */
export function patternOf(text: string): RegExp | undefined {
  if (patterns.has(text)) return patterns.get(text)
  const flags = /^\(\?([ims]+)\)/.exec(text)
  const source = (flags ? text.slice(flags[0].length) : text).replaceAll('(?P<', '(?<').replaceAll('\\z', '$').replaceAll('\\A', '^')
  const made = compile(source, `${flags?.[1] ?? ''}u`) ?? compile(source, flags?.[1] ?? '')
  if (patterns.size > 10_000) patterns.clear()
  patterns.set(text, made)
  return made
}
function compile(source: string, flags: string): RegExp | undefined {
  try { return new RegExp(source, flags) } catch { return undefined }
}

function checkNumber(schema: Schema, value: number, path: string): FieldError[] {
  const { minimum, maximum, multipleOf } = schema, errors: FieldError[] = []
  if (multipleOf !== undefined) {
    // Whole numbers are compared with the whole part of the factor, which may then be none.
    const factor = Number.isInteger(value) ? Math.trunc(multipleOf) : multipleOf, times = value / factor
    if (factor <= 0)
      errors.push(wrong('FieldValueInvalid', path, `Invalid value: ${print(value)}: factor MultipleOf declared for ${path} must be positive: ${value}`))
    else if (Math.abs(times - Math.round(times)) > 1e-9) errors.push(inBody(path, value, `should be a multiple of ${multipleOf}`))
  }
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    errors.push(inBody(path, value, `should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`))
  }
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    errors.push(inBody(path, value, `should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`))
  }
  return errors
}

function checkList(schema: Schema, list: readonly any[], path: string): FieldError[] {
  return [
    ...schema.items ? list.flatMap((item, i) => validateValue(schema.items!, item, under(path, i))) : [],
    ...schema.minItems !== undefined && list.length < schema.minItems ? [inBody(path, list.length, `should have at least ${schema.minItems} items`)] : [],
    ...schema.maxItems !== undefined && list.length > schema.maxItems
      ? [wrong('FieldValueTooMany', path, `Too many: ${list.length}: must have at most ${schema.maxItems} ${schema.maxItems === 1 ? 'item' : 'items'}`)]
      : [],
  ]
}

function checkObject(schema: Schema, object: Record<string, any>, path: string, old: any): FieldError[] {
  const keys = Object.keys(object).sort(), values = valuesOf(schema), before = isObject(old) ? old : undefined
  if (schema.minProperties !== undefined && keys.length < schema.minProperties) {
    return [inBody(path, keys.length, `should have at least ${schema.minProperties} properties`)]
  }
  if (schema.maxProperties !== undefined && keys.length > schema.maxProperties) {
    return [wrong('FieldValueTooMany', path, `Too many: ${keys.length}: must have at most ${schema.maxProperties} ${schema.maxProperties === 1 ? 'item' : 'items'}`)]
  }
  const errors: FieldError[] = []
  for (const key of keys) {
    const known = schema.properties?.[key] ?? values
    if (known) errors.push(...validateValue(known, object[key], child(path, key), before?.[key]))
  }
  for (const key of schema.required ?? []) if (!(key in object)) errors.push(wrong('FieldValueRequired', child(path, key), 'Required value'))
  return errors
}

/** Objects inside of the object say of what kind they are. Source: pkg/apiserver/schema/objectmeta/validation.go */
export function embedded(schema: Schema, value: any, path = ''): FieldError[] {
  if (Array.isArray(value)) return schema.items ? value.flatMap((item, i) => embedded(schema.items!, item, under(path, i))) : []
  if (!isObject(value)) return []
  const values = valuesOf(schema), own = schema['x-kubernetes-embedded-resource'] ? ['apiVersion', 'kind'].flatMap(field => typeMeta(value, field, path)) : []
  return [...own, ...Object.keys(value).sort().flatMap(key => {
    const known = schema.properties?.[key] ?? values
    return known ? embedded(known, value[key], child(path, key)) : []
  })]
}
function typeMeta(value: Record<string, any>, field: string, path: string): FieldError[] {
  const at = child(path, field), text = value[field], say = (why: string): FieldError[] => [wrong('FieldValueInvalid', at, `Invalid value: ${print(text)}: ${why}`)]
  if (!(field in value)) return [wrong('FieldValueRequired', at, 'Required value')]
  if (typeof text !== 'string') return say('must be a string')
  if (text === '') return say('must not be empty')
  const name = field === 'kind' ? dns1035Label(text.toLowerCase()) : []
  if (name.length > 0) return say(`may have mixed case, but should otherwise match: ${name.join(',')}`)
  return field === 'apiVersion' && text.split('/').length > 2 ? say(`unexpected GroupVersion string: ${text}`) : []
}

/** Members of sets and keyed lists that are there twice. Source: pkg/apiserver/schema/listtype/validation.go. */
export function duplicates(schema: Schema, value: any, path = ''): FieldError[] {
  if (Array.isArray(value)) {
    return [...repeated(schema, value, path), ...schema.items ? value.flatMap((item, i) => duplicates(schema.items!, item, under(path, i))) : []]
  }
  if (!isObject(value)) return []
  const values = valuesOf(schema)
  return Object.keys(value)
    .sort()
    .flatMap(key => {
      const own = schema.properties?.[key], known = own ?? values
      return known ? duplicates(known, value[key], own ? child(path, key) : `${path}[${key}]`) : []
    })
}
function repeated(schema: Schema, list: readonly any[], path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type'], keys = schema['x-kubernetes-list-map-keys'] ?? []
  if (type !== 'set' && type !== 'map') return []
  const seen: any[] = []
  return list.flatMap((item, i) => {
    if (type === 'map' && !isObject(item) && item !== null) {
      return [wrong('FieldValueInvalid', under(path, i), `Invalid value: ${print(item)}: must be an object for an array of list-type map`)]
    }
    const key = type === 'set' ? item : Object.fromEntries([...keys].sort().flatMap(k => isObject(item) && item[k] !== undefined ? [[k, item[k]]] : []))
    if (seen.some(s => deepEqual(s, key))) return [wrong('FieldValueDuplicate', under(path, i), `Duplicate value: ${print(key)}`)]
    seen.push(key)
    return []
  })
}
