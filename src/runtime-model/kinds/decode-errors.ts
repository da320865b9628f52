import { structSchema, type TypeSchema } from '../api/schema.ts'
import { quantityError } from '../api/quantity.ts'
import { timeProblem } from '../api/time-errors.ts'

/**
 * The complaints of a decoder, in document order: the first wrong type ends it (`error`), unknown fields are collected (`strict`).
 * Source: sigs.k8s.io/json (a fork of Go's encoding/json); the texts were seen on a 1.35.4 API server.
 */
export function diagnose(type: string, document: any): { error?: string; strict: string[] } {
  const found: Found = { strict: [] }
  visit({ is: 'struct', name: type }, goOf(type), document, '', { struct: '', path: '' }, found)
  return { error: found.fatal ?? found.error, strict: found.strict }
}
/** `fatal`: what cannot be read by a reader of its own (amounts, times, numbers or texts) ends it at once; a value of another type only once all has been read */
interface Found { fatal?: string; error?: string; readonly strict: string[] }
/** where Go is: the struct whose field it fills, and the names of fields down to it */
interface Place { readonly struct: string; readonly path: string }

const goOf = (type: string): string => type.slice(type.indexOf('.') + 1)
const wordOf = (value: any): string => value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value

function visit(type: TypeSchema, go: string, value: any, path: string, place: Place, found: Found): void {
  if (value === null || value === undefined) return
  if (type.is === 'struct') return visitStruct(type.name, go, value, path, place, found)
  if (type.is === 'list') {
    if (!Array.isArray(value)) return mismatch(wordOf(value), go, place, found)
    const item = go.startsWith('[]') ? go.slice(2) : itemName(type.items)
    value.forEach((v, i) => visit(type.items, item, v, `${path}[${i}]`, place, found))
    return
  }
  if (type.is === 'map') {
    if (wordOf(value) !== 'object') return mismatch(wordOf(value), go, place, found)
    for (const key of Object.keys(value)) visit(type.values, itemName(type.values), value[key], `${path}.${key}`, place, found)
    return
  }
  visitScalar(type.name, go, value, place, found)
}

function visitStruct(name: string, go: string, value: any, path: string, place: Place, found: Found): void {
  if (wordOf(value) !== 'object') return mismatch(wordOf(value), go, place, found)
  const struct = structSchema(name)!, short = name.slice(name.lastIndexOf('.') + 1)
  for (const key of Object.keys(value)) {
    const field = struct.byName.get(key), here = path === '' ? key : `${path}.${key}`
    if (!field) { if (value[key] !== undefined) found.strict.push(`unknown field ${JSON.stringify(here)}`); continue }
    const at: Place = { struct: short, path: join(place.path, field.inline, key) }, union = schemaUnion(name, key)
    if (union) visitUnion(union, value[key], here, at, found)
    else visit(field.type, field.go, value[key], here, at, found)
  }
}

/**
 * A field that holds a JSON schema or something else. Source: apiextensions v1 marshal.go (JSONSchemaPropsOrBool, JSONSchemaPropsOrArray): no unknown field is
 * told of in there.
 */
export interface SchemaUnion { fits(value: any): boolean; readonly otherwise?: string }
export const schemaType = 'apiextensions.v1.JSONSchemaProps'
const orBool: SchemaUnion = { fits: value => typeof value === 'boolean', otherwise: 'boolean or JSON schema expected' }
const orArray: SchemaUnion = { fits: Array.isArray }
export const schemaUnion = (struct: string, field: string): SchemaUnion | undefined =>
  struct !== schemaType ? undefined : field === 'additionalProperties' || field === 'additionalItems' ? orBool : field === 'items' ? orArray : undefined
function visitUnion(union: SchemaUnion, value: any, path: string, place: Place, found: Found): void {
  if (value === null || value === undefined || union.fits(value)) return
  const inner: Found = { strict: [] }
  if (wordOf(value) === 'object') visitStruct(schemaType, goOf(schemaType), value, path, place, inner)
  found.fatal ??= inner.fatal
  found.error ??= inner.error ?? (wordOf(value) === 'object' ? undefined : union.otherwise)
}

/** Fields of an embedded struct are reached through its name: `livenessProbe.ProbeHandler.httpGet`. */
const join = (...parts: (string | undefined)[]): string => parts.filter(p => p).join('.')

function itemName(type: TypeSchema): string {
  switch (type.is) {
    case 'struct': return goOf(type.name)
    case 'list': return '[]' + itemName(type.items)
    case 'map': return 'map[string]' + itemName(type.values)
    case 'scalar': return type.name === 'bytes' ? '[]uint8' : type.name
  }
}

function visitScalar(name: string, go: string, value: any, place: Place, found: Found): void {
  const word = wordOf(value)
  switch (name) {
    case 'string': if (word !== 'string') mismatch(word, go, place, found); return
    case 'bool': if (word !== 'bool') mismatch(word, go, place, found); return
    case 'float64': if (word !== 'number') mismatch(word, go, place, found); return
    case 'int32': case 'int64': return number(name, go, value, place, found)
    case 'bytes': return word === 'array' ? bytes(value, place, found) : word !== 'string' ? mismatch(word, go, place, found) : base64(value, found)
    case 'quantity': {
      const error = quantityError(word === 'string' || word === 'number' ? value : JSON.stringify(value))
      if (error) found.fatal ??= error
      return
    }
    case 'intstr': if (word !== 'string') found.fatal ??= wordsOf(inner => number('int32', 'int32', value, place, inner)); return
    case 'time': case 'microtime': found.fatal ??= word === 'string' ? timeProblem(value, name) : wordsOf(inner => mismatch(word, 'string', place, inner))
  }
}

function wordsOf(read: (found: Found) => void): string | undefined {
  const found: Found = { strict: [] }
  read(found)
  return found.error
}

function number(kind: 'int32' | 'int64', go: string, value: any, place: Place, found: Found): void {
  const limit = kind === 'int32' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER
  const word = wordOf(value)
  const problem = word !== 'number' ? word : !Number.isInteger(value) || value > limit || value < -limit - 1 ? `number ${value}` : undefined
  if (problem === undefined) return
  mismatch(problem, go, place, found)
}

function mismatch(word: string, go: string, place: Place, found: Found): void {
  found.error ??= place.struct === ''
    ? `json: cannot unmarshal ${word} into Go value of type ${go}`
    : `json: cannot unmarshal ${word} into Go struct field ${place.struct}.${place.path} of type ${go}`
}

function bytes(list: readonly any[], place: Place, found: Found): void {
  for (const item of list) {
    const word = wordOf(item)
    if (word !== 'number') mismatch(word, 'uint8', place, found)
    else if (!Number.isInteger(item) || item < 0 || item > 255) mismatch(`number ${item}`, 'uint8', place, found)
  }
}
function base64(text: string, found: Found): void {
  const clean = text.replace(/[\r\n]/g, ''), bad = /[^A-Za-z0-9+/=]/.exec(clean)
  if (bad) found.error ??= `illegal base64 data at input byte ${bad.index}`
  else if (clean.length % 4 !== 0) found.error ??= `illegal base64 data at input byte ${Math.floor(clean.length / 4) * 4}`
}
