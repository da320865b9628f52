import { compileProblem } from '../expressions/check.ts'
import type { FieldError } from '../kind.ts'
import { forbidden, invalid, notSupported, required } from '../meta/errors.ts'
import { asResource, declaredType } from './expression-types.ts'
import { usesOldSelf } from './rules.ts'
import { isObject, valuesOf, type Rule, type Schema } from './schema.ts'

/**
 * The rules of a schema before they are ever asked: do they compile, and do they say what they must? Source: pkg/apis/apiextensions/validation/validation.go.
 */
export function validateRuleTexts(schema: Schema, at: string, resource = true, uncorrelatable?: string): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? [], values = valuesOf(schema)
  const errors = rules.flatMap((rule, i) => checkRule(rule, schema, `${at}.x-kubernetes-validations[${i}]`, resource, uncorrelatable))
  for (const name of Object.keys(schema.properties ?? {}).sort()) {
    errors.push(...validateRuleTexts(schema.properties![name], `${at}.properties[${name}]`, false, uncorrelatable))
  }
  if (values) errors.push(...validateRuleTexts(values, `${at}.additionalProperties`, false, uncorrelatable))
  if (isObject(schema.items)) {
    errors.push(
      ...validateRuleTexts(schema.items, `${at}.items`, false, uncorrelatable ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : `${at}.items`))
    )
  }
  return errors
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
function checkRule(rule: Rule, schema: Schema, at: string, resource: boolean, uncorrelatable: string | undefined): FieldError[] {
  const errors: FieldError[] = [], { rule: text = '', message, messageExpression, reason, fieldPath } = rule
  if (text.trim() === '') errors.push(required(`${at}.rule`, 'rule is not specified'))
  if (message !== undefined && message !== '' && message.trim() === '') errors.push(invalid(`${at}.message`, message, 'message must be non-empty if specified'))
  else if (message && /[\n\r]/.test(message.trim())) errors.push(invalid(`${at}.message`, message, 'must not contain line breaks'))
  else if (/[\n\r]/.test(text.trim()) && !message) errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'))
  if (messageExpression !== undefined && messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'))
  }
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons))
  if (fieldPath && !pathExists(fieldPath, schema)) errors.push(invalid(`${at}.fieldPath`, fieldPath, 'must be a valid path'))
  return text.trim() === '' ? errors : [...errors, ...compiled(rule, schema, at, resource, uncorrelatable)]
}

function compiled(rule: Rule, schema: Schema, at: string, resource: boolean, uncorrelatable: string | undefined): FieldError[] {
  const self = declaredType(resource ? asResource(schema) : schema), declared = { self, oldSelf: rule.optionalOldSelf ? 'optional' as const : self }
  const shown = inGo(rule), { rule: text, messageExpression } = rule
  const { problem, type } = compileProblem(text, declared)
  if (problem !== undefined) return [shownInvalid(`${at}.rule`, shown, `compilation failed: ${problem}`)]
  if (type !== 'bool' && type !== 'dyn') return [shownInvalid(`${at}.rule`, shown, 'cel expression must evaluate to a bool')]
  const errors: FieldError[] = []
  if (messageExpression) {
    const said = compileProblem(messageExpression, declared)
    if (said.problem !== undefined) errors.push(shownInvalid(`${at}.messageExpression`, shown, `messageExpression compilation failed: ${said.problem}`))
    else if (said.type !== 'string'
      && said.type !== 'dyn') errors.push(shownInvalid(`${at}.messageExpression`, shown, 'messageExpression must evaluate to a string'))
  }
  const mentions = /\boldSelf\b/.test(text)
  if (uncorrelatable !== undefined && usesOldSelf(rule)) {
    errors.push(invalid(`${at}.rule`, text, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`))
  }
  if (rule.optionalOldSelf !== undefined && !mentions)
    errors.push(invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'))
  else if (rule.optionalOldSelf !== undefined
    && uncorrelatable !== undefined) errors.push(forbidden(`${at}.optionalOldSelf`, 'may not be set on an uncorrelatable portion of the schema'))
  return errors
}
const shownInvalid = (field: string, shown: string, why: string): FieldError => ({ type: 'FieldValueInvalid', field, body: `Invalid value: ${shown}: ${why}` })
/** as the server's own type prints it */
const json = (text: string): string => JSON.stringify(text).replace(/[<>&]/g, c => `\\u00${c.charCodeAt(0).toString(16)}`)
const inGo = ({ rule, message = '', messageExpression = '', reason = undefined, fieldPath = '', optionalOldSelf = undefined }: Rule): string =>
  `{"Rule":${json(rule)},"Message":${json(message)},"MessageExpression":${json(messageExpression)},"Reason":${reason === undefined ? 'null' : json(reason)},"FieldPath":${json(fieldPath)},"OptionalOldSelf":${optionalOldSelf ?? null}}`

function pathExists(path: string, schema: Schema): boolean {
  let at: Schema | undefined = schema
  for (const [, dotted, quoted] of path.matchAll(/\.([A-Za-z_][\w-]*)|\['([^']+)'\]/g)) {
    at = at && (at.properties?.[dotted ?? quoted] ?? (quoted !== undefined || dotted !== undefined ? valuesOf(at) : undefined))
  }
  return at !== undefined && /^(?:\.[A-Za-z_][\w-]*|\['[^']+'\])+$/.test(path)
}
