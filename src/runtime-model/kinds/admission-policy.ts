import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1035Label, dns1123Subdomain, pathSegmentName, qualifiedName } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { defaultMatchResources, failurePolicies, validateMatchConditions, validateMatchResources } from './meta/admission-rules.ts'
import { duplicate, forbidden, invalid, notSupported, required } from './meta/errors.ts'
import { admissionVariables, composedVariables, expressionErrors } from './expressions/admission.ts'
import type { Declarations } from './expressions/check.ts'
import { change, fillPointers } from './meta/fill.ts'
import { validateSelector } from './meta/selector.ts'

/**
 * Judged by in the API server's admission (kube-apiserver/admission/validating-admission-policy.ts).
 * Source: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}, printers.go.
 */
export const validatingAdmissionPolicy: KindRules = {
  resource: 'validatingadmissionpolicies.admissionregistration.k8s.io', metaOfUpdate: 'V', metaOfStatusUpdate: '', statusKeepsMeta: 'most',
  anyFinalizer: true,
  generation: true,
  needsResourceVersion: true,
  defaults: p => change(p, 'spec', spec => change(fillPointers(spec, policyDefaults), 'matchConstraints', defaultMatchResources)),
  validate: p => validatePolicy(p.metadata.name ?? '', p.spec ?? {}),
  cells: (p, nowMs) => {
    const of = p.spec?.paramKind
    return [p.metadata.name, (p.spec?.validations ?? []).length, of ? `${of.apiVersion}/${of.kind}` : '<unset>', age(p, nowMs)]
  },
}
const policyDefaults = { failurePolicy: 'Fail' }

function validatePolicy(name: string, spec: any): FieldError[] {
  const errors: FieldError[] = [], { failurePolicy, paramKind, matchConstraints: match, variables = [], validations = [], auditAnnotations = [] } = spec
  if (!failurePolicies.includes(failurePolicy)) errors.push(notSupported('spec.failurePolicy', failurePolicy, failurePolicies))
  if (paramKind) validateParamKind(paramKind, 'spec.paramKind', errors)
  if (!match) errors.push(required('spec.matchConstraints'))
  else {
    validateMatchResources(match, 'spec.matchConstraints', errors)
    if (!match.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'))
  }
  const given = admissionVariables(paramKind !== undefined)
  validateMatchConditions(spec.matchConditions ?? [], 'spec.matchConditions', errors, (expression, at) => expressionErrors(expression, at, given, ['bool']))
  variables.forEach((v: any, i: number) => validateVariable(v, `spec.variables[${i}]`, errors))
  const declared = composedVariables(variables, given, (_, found) => errors.push(...found))
  if (validations.length + auditAnnotations.length === 0) {
    for (const field of ['validations', 'auditAnnotations']) {
      errors.push(required(`spec.${field}`, 'validations or auditAnnotations must contain at least one item'))
    }
  }
  validations.forEach((v: any, i: number) => validateValidation(v, `spec.validations[${i}]`, declared, errors))
  auditAnnotations.forEach(({ key = '', valueExpression = '' }: any, i: number) => {
    const at = `spec.auditAnnotations[${i}]`
    for (const text of qualifiedName(`${name}/${key}`)) errors.push(invalid(`${at}.key`, `${name}/${key}`, text))
    errors.push(...expressionErrors(valueExpression, `${at}.valueExpression`, declared, ['string', 'null_type']))
    if (valueExpression.trim() === '') errors.push(required(`${at}.valueExpression`, 'valueExpression is not specified'))
    if (auditAnnotations.findIndex((a: any) => a.key === key) < i) errors.push(duplicate(`${at}.key`, key))
  })
  return errors
}

function validateParamKind({ apiVersion = '', kind = '' }: any, at: string, errors: FieldError[]): void {
  const parts = apiVersion.split('/'), version = parts[parts.length - 1]
  if (apiVersion === '') errors.push(required(`${at}.apiVersion`))
  else if (parts.length > 2) errors.push(invalid(`${at}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`))
  else {
    const wrongGroup = parts.length === 2 && parts[0] !== '' ? dns1123Subdomain(parts[0]) : []
    if (wrongGroup.length > 0) errors.push(invalid(`${at}.apiVersion`, parts[0], wrongGroup.join(',')))
    const wrong = dns1035Label(version)
    if (version === '') errors.push(invalid(`${at}.apiVersion`, apiVersion, 'version must be specified'))
    else if (wrong.length > 0) errors.push(invalid(`${at}.apiVersion`, version, wrong.join(',')))
  }
  const wrongKind = dns1035Label(kind.toLowerCase())
  if (kind === '') errors.push(required(`${at}.kind`))
  else if (wrongKind.length > 0) errors.push(invalid(`${at}.kind`, kind, 'may have mixed case, but should otherwise match: ' + wrongKind.join(',')))
}
const reserved = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return',
  'var', 'void', 'while',
])
function validateVariable({ name = '', expression = '' }: any, at: string, errors: FieldError[]): void {
  if (name.trim() === '') errors.push(required(`${at}.name`, 'name is not specified'))
  else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || reserved.has(name)) errors.push(invalid(`${at}.name`, name, 'must be a valid CEL identifier'))
  if (expression.trim() === '') errors.push(required(`${at}.expression`, 'expression is not specified'))
}
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']
function validateValidation(
  { expression = '', message = '', messageExpression = '', reason }: any, at: string, declared: Declarations, errors: FieldError[]
): void {
  const blank = (text: string): boolean => text !== '' && text.trim() === ''
  if (expression.trim() === '') errors.push(required(`${at}.expression`, 'expression is not specified'))
  errors.push(
    ...expressionErrors(expression, `${at}.expression`, declared, ['bool']),
    ...expressionErrors(messageExpression, `${at}.messageExpression`, declared, ['string'])
  )
  if (blank(messageExpression)) errors.push(invalid(`${at}.messageExpression`, messageExpression, 'must be non-empty if specified'))
  if (blank(message)) errors.push(invalid(`${at}.message`, message, 'must be non-empty if specified'))
  else if (/[\n\r]/.test(message.trim())) errors.push(invalid(`${at}.message`, message, 'must not contain line breaks'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons))
}

export const validatingAdmissionPolicyBinding: KindRules = {
  resource: 'validatingadmissionpolicybindings.admissionregistration.k8s.io', metaOfUpdate: 'V',
  anyFinalizer: true,
  generation: true,
  needsResourceVersion: true,
  defaults: b => change(b, 'spec', spec => change(spec, 'matchResources', defaultMatchResources)),
  validate: b => validateBinding(b.spec ?? {}),
  cells: (b, nowMs) => [b.metadata.name, b.spec?.policyName ?? '', paramText(b.spec?.paramRef), age(b, nowMs)],
}
function paramText(of: any): string {
  if (!of) return '<unset>'
  return of.name ? `${of.namespace || '*'}/${of.name}` : of.selector ? goSelector(of.selector) : '<unset>'
}
/** as Go prints it. Source: printers.go (printValidatingAdmissionPolicyBinding), LabelSelector.String */
function goSelector({ matchLabels = {}, matchExpressions = [] }: any): string {
  const labels = Object.keys(matchLabels).sort().map(key => `${key}: ${matchLabels[key]},`).join('')
  const expressions = matchExpressions.map(({ key, operator, values = [] }: any) =>
    `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`).join('')
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
}
const actions = ['Audit', 'Deny', 'Warn'], missing = ['Deny', 'Allow']
function validateBinding({ policyName = '', paramRef, matchResources, validationActions: given = [] }: any): FieldError[] {
  const errors: FieldError[] = [], at = 'spec.validationActions'
  if (policyName === '') errors.push(required('spec.policyName'))
  else for (const text of dns1123Subdomain(policyName)) errors.push(invalid('spec.policyName', policyName, text))
  if (paramRef) validateParamRef(paramRef, 'spec.paramRef', errors)
  if (matchResources) validateMatchResources(matchResources, 'spec.matchResources', errors)
  given.forEach((action: string, i: number) => {
    if (!actions.includes(action)) errors.push(notSupported(`${at}[${i}]`, action, actions))
    if (given.indexOf(action) < i) errors.push(duplicate(`${at}[${i}]`, action))
  })
  if (given.includes('Deny') && given.includes('Warn')) {
    errors.push(invalid(
      at, given, 'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'
    ))
  }
  if (given.length === 0) errors.push(required(at, 'at least one validation action is required'))
  return errors
}
function validateParamRef({ name, selector, parameterNotFoundAction: action }: any, at: string, errors: FieldError[]): void {
  if (name) {
    for (const text of pathSegmentName(name)) errors.push(invalid(`${at}.name`, name, text))
    if (selector) errors.push(forbidden(`${at}.name`, 'name and selector are mutually exclusive'))
  }
  if (selector) {
    errors.push(...validateSelector(selector, `${at}.selector`))
    if (name) errors.push(forbidden(`${at}.selector`, 'name and selector are mutually exclusive'))
  }
  if (!name && !selector) errors.push(required(at, 'one of name or selector must be specified'))
  if (!action) errors.push(required(`${at}.parameterNotFoundAction`))
  else if (!missing.includes(action)) errors.push(notSupported(`${at}.parameterNotFoundAction`, action, missing))
}
