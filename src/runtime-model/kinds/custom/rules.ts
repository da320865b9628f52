import type { FieldError } from '../kind.ts'
import { isProgram, optional, programOf } from '../expressions/program.ts'
import { deepEqual, duplicate, forbidden, invalid, invalidWithoutValue, print, required } from '../meta/errors.ts'
import { asResource, toExpression } from './expression-types.ts'
import { child, isObject, under, valuesOf, type Rule, type Schema } from './schema.ts'

/**
 * x-kubernetes-validations of a schema against a value, everywhere in it. Rules about `oldSelf` are asked only where there is one; a value that an update
 * leaves as it was may break the others. Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/cel/validation.go.
 */
export function validateRules(schema: Schema, value: any, old: any, path = '', resource = true, how: Asking = ofObjects): FieldError[] {
  if (value === null || value === undefined || !hasRules(schema)) return []
  const rules = schema['x-kubernetes-validations'] ?? [], errors = rules.length > 0 ? ownErrors(schema, rules, value, old, path, resource, how) : []
  if (Array.isArray(value)) {
    return schema.items
      ? [
        ...errors,
        ...value.flatMap((item, i) =>
          validateRules(schema.items!, item, oldItem(schema, old, item), under(path, i), schema.items!['x-kubernetes-embedded-resource'], how)),
      ]
      : errors
  }
  if (!isObject(value)) return errors
  const values = valuesOf(schema)
  return [...errors, ...Object.keys(value).sort().flatMap(key => {
    const known = schema.properties?.[key] ?? values
    return known
      ? validateRules(known, value[key], isObject(old) ? old[key] : undefined, child(path, key), known['x-kubernetes-embedded-resource'] ?? false, how)
      : []
  })]
}

interface Asking {
  /** a value that an update leaves as it was may break a rule */
  readonly ratchets: boolean
  /** what its compiler says of a rule of a schema; those of a stored definition compile */
  problemOf?(rule: Rule, schema: Schema): string | undefined
}
const ofObjects: Asking = { ratchets: true }
/** The same of a default, which is its own old value, in a definition whose rules may not compile. Source: pkg/apiserver/schema/defaulting/validation.go */
export const validateRulesOfDefault = (schema: Schema, value: any, resource: boolean, problemOf: NonNullable<Asking['problemOf']>): FieldError[] =>
  validateRules(schema, value, value, '', resource, { ratchets: false, problemOf })

const withRules = new WeakMap<Schema, boolean>()
export function hasRules(schema: Schema): boolean {
  let has = withRules.get(schema)
  if (has === undefined) {
    has = (schema['x-kubernetes-validations']?.length ?? 0) > 0
      || [...Object.values(schema.properties ?? {}), valuesOf(schema), schema.items].some(s => s !== undefined && hasRules(s))
    withRules.set(schema, has)
  }
  return has
}
/** Items are known again in keyed lists only. */
function oldItem(schema: Schema, old: any, item: any): any {
  const keys = schema['x-kubernetes-list-map-keys']
  return schema['x-kubernetes-list-type'] === 'map' && keys && Array.isArray(old) && isObject(item)
    ? old.find(o => isObject(o) && keys.every(k => deepEqual(o[k], item[k])))
    : undefined
}

function ownErrors(schema: Schema, rules: readonly Rule[], value: any, old: any, path: string, resource: boolean, how: Asking): FieldError[] {
  const shape = resource ? asResource(schema) : schema, self = toExpression(shape, value)
  const oldSelf = old === undefined || old === null ? undefined : toExpression(shape, old)
  const unchanged = how.ratchets && oldSelf !== undefined && deepEqual(value, old)
  return rules.flatMap(rule => {
    const problem = how.problemOf?.(rule, shape)
    if (problem !== undefined) return [invalid(path || '<nil>', schema.type ?? '', `rule compile error: compilation failed: ${problem}`)]
    const program = programOf(rule.rule), changes = usesOldSelf(rule)
    if (!isProgram(program) || (changes && oldSelf === undefined && !rule.optionalOldSelf) || (unchanged && !changes)) return []
    const variables = { self, ...changes ? { oldSelf: rule.optionalOldSelf ? optional(oldSelf) : oldSelf } : undefined }, outcome = program.run(variables)
    if ('error' in outcome) return [failed(schema, path, outcome.error, rule)]
    return outcome.value === true ? [] : [refusal(rule, path, variables, value)]
  })
}
export const usesOldSelf = (rule: Rule): boolean => rule.optionalOldSelf === true || /\boldSelf\b/.test(rule.rule)

function failed(schema: Schema, path: string, error: string, rule: Rule): FieldError {
  const text = (rule.message || rule.rule).trim()
  const why = error === 'no such overload'
    ? `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${text}`
    : `${error} evaluating rule: ${text}`
  return { type: 'FieldValueInvalid', field: path || '<nil>', body: `Invalid value: ${print(schema.type ?? '')}: ${why}` }
}
function refusal(rule: Rule, path: string, variables: Readonly<Record<string, unknown>>, value: unknown): FieldError {
  const shown = typeof value === 'object' ? undefined : value
  const field = rule.fieldPath
    ? `${path}${rule.fieldPath.startsWith('.') || rule.fieldPath.startsWith('[') ? '' : '.'}${rule.fieldPath}`.replace(/^\./, '')
    : path || '<nil>'
  const text = said(rule, variables)
  switch (rule.reason) {
    case 'FieldValueForbidden': return forbidden(field, text)
    case 'FieldValueRequired': return required(field, text)
    case 'FieldValueDuplicate': return duplicate(field, '')
    // only what is no list and no object is shown
    default: return shown === undefined ? invalidWithoutValue(field, text) : invalid(field, shown, text)
  }
}
/** messageExpression, else message, else the rule itself. An expression that fails, or says nothing in one line, counts as absent. */
function said(rule: Rule, variables: Readonly<Record<string, unknown>>): string {
  const plain = rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`
  if (!rule.messageExpression) return plain
  const program = programOf(rule.messageExpression), outcome = isProgram(program) ? program.run(variables) : undefined
  if (!outcome || 'error' in outcome || typeof outcome.value !== 'string') return plain
  const text = outcome.value.trim()
  return text === '' || text.includes('\n') || text.length > 5000 ? plain : text
}
