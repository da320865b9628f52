import { compileProblem } from '../expressions/check.ts'
import type { FieldError } from '../kind.ts'
import { forbidden, invalid, notSupported, required } from '../meta/errors.ts'
import { asResource, declaredType } from './expression-types.ts'
import { boundOf, costOf, runs } from './rule-costs.ts'
import { usesOldSelf } from './rules.ts'
import { isObject, valuesOf, type Rule, type Schema } from './schema.ts'

/**
 * The rules of a schema before they are ever asked: do they compile, do they say what they must, and may they cost what they can cost?
 * Source: pkg/apis/apiextensions/validation/validation.go.
 */
export function validateRuleTexts(schema: Schema, at: string, mistakes: readonly FieldError[]): FieldError[] {
  const costs: Spent[] = [], flawed = (where: string): boolean => mistakes.some(({ field }) => field.startsWith(`${where}.`))
  const errors = ruleTexts(schema, at, { costs, bound: 1, resource: true, flawed })
  const total = costs.reduce((sum, c) => sum + c.cost, 0)
  if (total <= schemaLimit) return errors
  const dearest = [...costs].filter(c => c.cost > schemaLimit / 100).sort((a, b) => b.cost - a.cost).slice(0, 4)
  return [
    ...errors, ...dearest.map(c => forbidden(c.at, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema')),
    forbidden(at, tooDear('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', total, schemaLimit)),
  ]
}
interface Spent { readonly at: string; readonly cost: number }
/** `bound`: how many of this value one object may have; undefined: nothing says */
interface Place {
  readonly costs: Spent[]
  readonly bound: number | undefined
  readonly resource: boolean
  readonly uncorrelatable?: string
  readonly flawed: (at: string) => boolean
}
const ruleLimit = 10_000_000, schemaLimit = 100_000_000
function tooDear(what: string, cost: number, limit: number): string {
  const factor = cost / limit, times = factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`
  return `${what} exceeds budget by factor of ${times} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
}

/** What their compiler says: of a rule above or beside a mistake in the schema, nothing. */
function ruleTexts(schema: Schema, at: string, place: Place): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? [], values = valuesOf(schema), inside = boundOf(schema), inner: FieldError[] = []
  const below = (part: Schema, where: string, its: Place): void => { inner.push(...ruleTexts(part, where, its)) }
  const within: Place = { ...place, resource: false }, bound = place.bound === undefined || inside === undefined ? undefined : place.bound * inside
  for (const name of Object.keys(schema.properties ?? {}).sort()) below(schema.properties![name], `${at}.properties[${name}]`, within)
  if (values) below(values, `${at}.additionalProperties`, { ...within, bound })
  if (isObject(schema.items)) {
    const uncorrelatable = place.uncorrelatable ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : `${at}.items`)
    below(schema.items, `${at}.items`, { ...within, bound, uncorrelatable })
  }
  const own = place.flawed(at) ? [] : rules.flatMap((rule, i) => compiled(rule, schema, `${at}.x-kubernetes-validations[${i}]`, place))
  return [...own, ...inner]
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
/** What is wrong with a rule as it stands. */
export function checkRule({ rule: text = '', message, messageExpression, reason, fieldPath }: Rule, schema: Schema, at: string): FieldError[] {
  const errors: FieldError[] = []
  if (text.trim() === '') errors.push(required(`${at}.rule`, 'rule is not specified'))
  else if (message !== undefined && message !== ''
    && message.trim() === '') errors.push(invalid(`${at}.message`, message, 'message must be non-empty if specified'))
  else if (message && /[\n\r]/.test(message.trim())) errors.push(invalid(`${at}.message`, message, 'must not contain line breaks'))
  else if (/[\n\r]/.test(text.trim()) && !message) errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'))
  if (messageExpression !== undefined && messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'))
  }
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons))
  if (fieldPath && !pathExists(fieldPath, schema)) errors.push(invalid(`${at}.fieldPath`, fieldPath, 'must be a valid path'))
  return errors
}

const declaredIn = (schema: Schema, rule: Rule): Parameters<typeof compileProblem>[1] => {
  const self = declaredType(schema)
  return { self, oldSelf: rule.optionalOldSelf ? 'optional' as const : self }
}
/** What the compiler says of a rule, if it does not compile. */
export const problemOf = (rule: Rule, schema: Schema): string | undefined =>
  rule.rule?.trim() ? compileProblem(rule.rule, declaredIn(schema, rule)).problem : undefined
function compiled(rule: Rule, schema: Schema, at: string, { costs, bound, resource, uncorrelatable }: Place): FieldError[] {
  const declared = declaredIn(resource ? asResource(schema) : schema, rule)
  const shown = inGo(rule), { rule: text, messageExpression } = rule
  const { problem, type, program } = compileProblem(text, declared)
  if (problem !== undefined) return [shownInvalid(`${at}.rule`, shown, `compilation failed: ${problem}`)]
  if (type !== 'bool' && type !== 'dyn') return [shownInvalid(`${at}.rule`, shown, 'cel expression must evaluate to a bool')]
  const errors: FieldError[] = [], spend = (what: string, where: string, cost: number): void => {
    costs.push({ at: where, cost })
    if (cost > ruleLimit) errors.push(forbidden(where, tooDear(`estimated ${what} cost`, cost, ruleLimit)))
  }
  spend('rule', `${at}.rule`, costOf(program!, schema) * runs(schema, bound))
  if (messageExpression) {
    const said = compileProblem(messageExpression, declared)
    if (said.problem !== undefined) errors.push(shownInvalid(`${at}.messageExpression`, shown, `messageExpression compilation failed: ${said.problem}`))
    else if (said.type !== 'string'
      && said.type !== 'dyn') errors.push(shownInvalid(`${at}.messageExpression`, shown, 'messageExpression must evaluate to a string'))
    else spend('messageExpression', `${at}.messageExpression`, costOf(said.program!, schema))
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
