import { elementOf } from '../../api/field-diff.ts'
import { stepText } from '../../api/field-set.ts'
import { itemOf, memberOf } from '../../api/merge-metadata.ts'
import type { Member } from '../../api/merge-metadata.ts'
import { structOf } from '../../api/schema.ts'
import type { ScalarName, TypeSchema } from '../../api/schema.ts'

/**
 * What in an applied configuration does not fit the types of its fields, each with its path; empty: it fits. An apply is judged so before anything else is.
 * Source: sigs.k8s.io/structured-merge-diff typed/{validate,helpers}.go; texts seen on a 1.35.4 API server, which tells several in no particular order.
 */
export function typedErrors(type: TypeSchema | undefined, config: any): readonly string[] {
  const errors: string[] = []
  if (type) visitFields(type, config, '', errors)
  return errors
}
/** Whether it is clear whose each part of an object is: what a write leaves so is not noted. Items may be there twice. */
export const isTyped = (type: TypeSchema | undefined, object: any): boolean => typedErrors(type, object).every(e => e.includes(': duplicate entries for key '))
/** As an API server tells them. */
export const told = (errors: readonly string[]): string => errors.length === 1 ? errors[0] : `errors:\n${errors.map(e => `  ${e}`).join('\n')}`

const isMap = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

function visitFields(type: TypeSchema, value: any, path: string, errors: string[]): void {
  const struct = type.is === 'struct' ? structOf(type) : undefined
  // a part without a type: whatever is in it fits
  if (type.is === 'struct' && (!struct || struct.fields.length === 0 && struct.name !== '')) return
  for (const name of Object.keys(value)) {
    const at = `${path}.${name}`, member = memberOf(type, name)
    if (value[name] === undefined) continue
    if (member) visit(member, value[name], at, errors)
    // nothing else of this map is looked at
    else if (!struct?.open) { errors.push(`${at}: field not declared in schema`); return }
  }
}

function visit(member: Member, value: any, path: string, errors: string[]): void {
  if (value === null) return
  const { type } = member
  if (type.is === 'scalar') { const wrong = wrongScalar(type.name, value); if (wrong) errors.push(`${path}: ${wrong}`); return }
  if (type.is === 'list') {
    if (Array.isArray(value)) visitItems(member, value, path, errors); else errors.push(`${path}: expected list, got &{${goValue(value)}}`)
    return
  }
  if (isMap(value)) visitFields(type, value, path, errors)
  else errors.push(`${path}: expected map, got &{${goValue(value)}}`)
}

function visitItems(member: Member, list: readonly any[], path: string, errors: string[]): void {
  const type = itemOf(member), seen = new Set<string>(), keyed = member.topology === 'map' || member.topology === 'set'
  for (const [i, item] of list.entries()) {
    const wrong = keyed ? wrongItem(member, item) : undefined
    // what it is known by is part of the path of everything in it
    if (wrong) { errors.push(`${path}: element ${i}: ${wrong}`); return }
    const element = keyed ? elementOf(member, item)! : `i:${i}`
    if (keyed && seen.has(element)) errors.push(`${path}: duplicate entries for key ${stepText(element)}`)
    seen.add(element)
    visit({ ...member, type, topology: 'granular' }, item, path + stepText(element), errors)
  }
}
function wrongItem(member: Member, item: any): string | undefined {
  const list = member.topology === 'set' ? 'associative list without keys' : 'associative list with keys'
  if (item === null) return member.topology === 'set' ? `${list} has an element that's an explicit null` : `${list} may not have a null element`
  if (member.topology === 'set') {
    return Array.isArray(item) ? `${list} has an element that's a list type` : isMap(item) ? `${list} has an element that's a map type` : undefined
  }
  if (!isMap(item)) return `${list} may not have non-map elements`
  return elementOf(member, item) === undefined
    ? `${list} has an element that omits all key fields [${member.keys.map(k => JSON.stringify(k)).join(' ')}] (and doesn't have default values for any key fields)`
    : undefined
}

function wrongScalar(name: ScalarName, value: any): string | undefined {
  switch (name) {
    case 'string': case 'bytes': case 'time': case 'microtime': return typeof value === 'string'
      ? undefined
      : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`
    case 'int32': case 'int64': case 'float64': return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`
    case 'bool': return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goValue(value)}}`
    case 'quantity': return typeof value === 'object' ? `expected any scalar, got &{${goValue(value)}}` : undefined
    case 'intstr': case 'any': return undefined
  }
}
/** %v, %T and %#v of Go */
const goValue = (value: any): string => Array.isArray(value) ? `[${value.map(goValue).join(' ')}]`
  : isMap(value) ? `map[${Object.keys(value).sort().map(k => `${k}:${goValue(value[k])}`).join(' ')}]`
  : value === null ? '<nil>'
  : String(value)
const goType = (value: any): string => Array.isArray(value) ? '[]interface {}'
  : isMap(value) ? 'map[string]interface {}'
  : typeof value === 'boolean' ? 'bool'
  : typeof value === 'number' ? (Number.isInteger(value) ? 'int64' : 'float64')
  : 'string'
const goSyntax = (value: any): string => Array.isArray(value) ? `[]interface {}{${value.map(goSyntax).join(', ')}}`
  : isMap(value) ? `map[string]interface {}{${Object.keys(value).sort().map(k => `${JSON.stringify(k)}:${goSyntax(value[k])}`).join(', ')}}`
  : value === null ? 'interface {}(nil)'
  : JSON.stringify(value)
