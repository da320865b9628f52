import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1035Label, dns1123Subdomain } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { defaultRules, failurePolicies, matchPolicies, validateMatchConditions, validateRule } from './meta/admission-rules.ts'
import { duplicate, invalid, notSupported, portRange, required } from './meta/errors.ts'
import { admissionVariables, expressionErrors } from './expressions/admission.ts'
import { change, changeAll, fill, fillPointers } from './meta/fill.ts'
import { fullyQualifiedName } from './meta/names.ts'
import { validateSelector } from './meta/selector.ts'

/**
 * Asked by the API server's admission (kube-apiserver/admission/webhooks.ts).
 * Source: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}, k8s.io/apiserver pkg/util/webhook/validation.go.
 */
function webhooks(resource: string, mutating: boolean): KindRules {
  const validate = (c: any): FieldError[] =>
    (c.webhooks ?? []).flatMap((hook: any, i: number) => validateHook(hook, `webhooks[${i}]`, c.webhooks.slice(0, i), mutating))
  return {
    resource,
    generation: c => c.webhooks, countsEmpties: true,
    anyFinalizer: true, metaOfUpdate: 'V', needsResourceVersion: true,
    defaults: c => change(c, 'webhooks', list => changeAll(list, hook => defaultHook(hook, mutating))),
    validate, validateUpdate: validate,
    cells: (c, nowMs) => [c.metadata.name, (c.webhooks ?? []).length, age(c, nowMs)],
  }
}
export const validatingWebhook = webhooks('validatingwebhookconfigurations.admissionregistration.k8s.io', false)
export const mutatingWebhook = webhooks('mutatingwebhookconfigurations.admissionregistration.k8s.io', true)

const hookDefaults = { failurePolicy: 'Fail', matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, timeoutSeconds: 10 }
const mutatingDefaults = { reinvocationPolicy: 'Never' }, serviceDefaults = { port: 443 }
function defaultHook(hook: any, mutating: boolean): any {
  const h = fillPointers(hook, hookDefaults), full = mutating ? fillPointers(h, mutatingDefaults) : h
  return change(change(full, 'rules', defaultRules), 'clientConfig', config => change(config, 'service', service => fill(service, serviceDefaults)))
}

const effects = ['None', 'NoneOnDryRun'], reinvocations = ['IfNeeded', 'Never'], versions = ['v1', 'v1beta1']
function validateHook(hook: any, at: string, before: readonly any[], mutating: boolean): FieldError[] {
  const { name = '', sideEffects, timeoutSeconds: seconds } = hook, errors = fullyQualifiedName(name, `${at}.name`)
  const oneOf = (field: string, allowed: readonly string[]): void => {
    if (hook[field] !== undefined && hook[field] !== null && !allowed.includes(hook[field])) errors.push(notSupported(`${at}.${field}`, hook[field], allowed))
  }
  ;(hook.rules ?? []).forEach((rule: any, i: number) => validateRule(rule, `${at}.rules[${i}]`, errors))
  oneOf('failurePolicy', failurePolicies)
  oneOf('matchPolicy', matchPolicies)
  if (sideEffects === undefined || sideEffects === null) errors.push(required(`${at}.sideEffects`, `must specify one of ${effects.join(', ')}`))
  oneOf('sideEffects', effects)
  if (seconds > 30 || seconds < 1) errors.push(invalid(`${at}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds'))
  for (const selector of ['namespaceSelector', 'objectSelector']) errors.push(...validateSelector(hook[selector] ?? {}, `${at}.${selector}`))
  if (mutating) oneOf('reinvocationPolicy', reinvocations)
  validateClient(hook.clientConfig ?? {}, `${at}.clientConfig`, errors)
  validateMatchConditions(hook.matchConditions ?? [], `${at}.matchConditions`, errors, (expression, where) =>
    expressionErrors(expression, where, admissionVariables(false), ['bool']))
  validateVersions(hook.admissionReviewVersions ?? [], `${at}.admissionReviewVersions`, errors)
  if (name !== '' && before.some(b => b.name === name)) errors.push(duplicate(`${at}.name`, name))
  return errors
}

function validateVersions(given: readonly string[], at: string, errors: FieldError[]): void {
  if (given.length === 0) { errors.push(required(at, `must specify one of ${versions.join(', ')}`)); return }
  given.forEach((v, i) => {
    if (given.indexOf(v) < i) errors.push(invalid(`${at}[${i}]`, v, 'duplicate version'))
    else for (const text of dns1035Label(v)) errors.push(invalid(`${at}[${i}]`, v, text))
  })
  if (!given.some(v => versions.includes(v))) errors.push(invalid(at, given, `must include at least one of ${versions.join(', ')}`))
}

function validateClient({ url, service }: any, at: string, errors: FieldError[]): void {
  if ((url === undefined) === (service === undefined)) errors.push(required(at, 'exactly one of url or service is required'))
  else if (url !== undefined) validateUrl(url, `${at}.url`, errors)
  else {
    // which of the two is missing is told the wrong way round
    if (!service.namespace) errors.push(required(`${at}.service.name`))
    if (!service.name) errors.push(required(`${at}.service.namespace`))
    if (portRange(service.port, '').length > 0) {
      errors.push(invalid(`${at}.service.port`, service.port, 'port is not valid: must be between 1 and 65535, inclusive'))
    }
    if (service.path !== undefined) validatePath(service.path, `${at}.service.path`, errors)
  }
}
function validatePath(path: string, at: string, errors: FieldError[]): void {
  if (path === '/' || path === '') return
  if (path === '//') { errors.push(invalid(at, path, 'segment[0] may not be empty')); return }
  if (!path.startsWith('/')) errors.push(invalid(at, path, "must start with a '/'"))
  const steps = path.slice(1).replace(/\/$/, '').split('/')
  steps.forEach((step, i) => {
    if (step === '') errors.push(invalid(at, path, `segment[${i}] may not be empty`))
    else for (const text of dns1123Subdomain(step)) errors.push(invalid(at, path, `segment[${i}]: ${text}`))
  })
}
const form = '; desired format: https://host[/path]'
function validateUrl(url: string, at: string, errors: FieldError[]): void {
  const m = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url)
  if (!m) { errors.push(required(at, 'url must be a valid URL' + form)); return }
  const [, scheme = '', user, host = '', , query, fragment] = m
  if (scheme !== 'https') errors.push(invalid(at, scheme, `'https' is the only allowed URL scheme${form}`))
  if (host === '') errors.push(invalid(at, host, `host must be specified${form}`))
  if (user !== undefined) errors.push(invalid(at, user, 'user information is not permitted in the URL'))
  if (fragment) errors.push(invalid(at, fragment, 'fragments are not permitted in the URL'))
  if (query) errors.push(invalid(at, query, 'query parameters are not permitted in the URL'))
}
