import type { FieldError } from '../kind.ts'
import { pathSegmentName, qualifiedName } from '../../api/names.ts'
import { duplicate, invalid, notSupported, required, tooMany } from './errors.ts'
import { change, changeAll, fillPointers } from './fill.ts'
import { validateSelector } from './selector.ts'

/**
 * What webhooks and admission policies share: which requests they are about. Expressions are not compiled here.
 * Source: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}.
 */
const scopeDefault = { scope: '*' }, selectorDefaults = { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} }
export const defaultRules = (rules: readonly any[]): readonly any[] => changeAll(rules, rule => fillPointers(rule, scopeDefault))
export const defaultMatchResources = (match: any): any =>
  change(change(fillPointers(match, selectorDefaults), 'resourceRules', defaultRules), 'excludeResourceRules', defaultRules)

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'], scopes = ['*', 'Cluster', 'Namespaced']
export const failurePolicies = ['Fail', 'Ignore'], matchPolicies = ['Equivalent', 'Exact']

export function validateRule(rule: any, at: string, errors: FieldError[]): void {
  const { operations: ops = [], apiGroups = [], apiVersions = [], resources = [], resourceNames = [], scope } = rule
  resourceNames.forEach((name: string, i: number) => {
    for (const text of pathSegmentName(name)) errors.push(invalid(`${at}.resourceNames[${i}]`, name, text))
    if (resourceNames.indexOf(name) < i) errors.push(duplicate(`${at}.resourceNames[${i}]`, name))
  })
  const filled = (list: readonly string[], field: string, what: string): void => {
    if (list.length === 0) errors.push(required(`${at}.${field}`))
    if (list.length > 1 && list.includes('*')) errors.push(invalid(`${at}.${field}`, list, `if '*' is present, must not specify other ${what}`))
  }
  filled(ops, 'operations', 'operations')
  ops.forEach((op: string, i: number) => { if (!operations.includes(op)) errors.push(notSupported(`${at}.operations[${i}]`, op, operations)) })
  filled(apiGroups, 'apiGroups', 'API groups')
  filled(apiVersions, 'apiVersions', 'API versions')
  apiVersions.forEach((version: string, i: number) => { if (version === '') errors.push(required(`${at}.apiVersions[${i}]`)) })
  validateResources(resources, `${at}.resources`, errors)
  if (scope !== undefined && !scopes.includes(scope)) errors.push(notSupported(`${at}.scope`, scope, scopes))
}

/** `pods`, `pods/*`, `*` + `/status` */
function validateResources(resources: readonly string[], at: string, errors: FieldError[]): void {
  if (resources.length === 0) errors.push(required(at))
  const wholes = new Set<string>(), subs = new Set<string>()
  let plain = false
  resources.forEach((text, i) => {
    if (text === '') { errors.push(required(`${at}[${i}]`)); return }
    const slash = text.indexOf('/'), resource = text.slice(0, slash), sub = text.slice(slash + 1)
    if (slash < 0) { plain = text !== '*'; return }
    if (wholes.has(resource)) errors.push(invalid(`${at}[${i}]`, text, `if '${resource}/*' is present, must not specify ${text}`))
    if (subs.has(sub)) errors.push(invalid(`${at}[${i}]`, text, `if '*/${sub}' is present, must not specify ${text}`))
    if (sub === '*') wholes.add(resource)
    if (resource === '*') subs.add(sub)
  })
  if (resources.length > 1 && resources.includes('*/*')) errors.push(invalid(at, resources, "if '*/*' is present, must not specify other resources"))
  if (resources.includes('*') && plain) errors.push(invalid(at, resources, "if '*' is present, must not specify other resources without subresources"))
}

export function validateMatchResources(match: any, at: string, errors: FieldError[]): void {
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = match
  if (!matchPolicies.includes(matchPolicy)) errors.push(notSupported(`${at}.matchPolicy`, matchPolicy, matchPolicies))
  errors.push(...validateSelector(namespaceSelector ?? {}, `${at}.namespaceSelector`), ...validateSelector(objectSelector ?? {}, `${at}.objectSelector`))
  resourceRules.forEach((rule: any, i: number) => validateRule(rule, `${at}.resourceRules[${i}]`, errors))
  excludeResourceRules.forEach((rule: any, i: number) => validateRule(rule, `${at}.excludeResourceRules[${i}]`, errors))
}

export function validateMatchConditions(
  conditions: readonly any[], at: string, errors: FieldError[], judge: (expression: string, at: string) => readonly FieldError[]
): void {
  if (conditions.length > 64) errors.push(tooMany(at, conditions.length, 64))
  conditions.forEach(({ name = '', expression = '' }, i) => {
    if (expression.trim() === '') errors.push(required(`${at}[${i}].expression`))
    else errors.push(...judge(expression, `${at}[${i}].expression`))
    if (name === '') { errors.push(required(`${at}[${i}].name`)); return }
    for (const text of qualifiedName(name)) errors.push(invalid(`${at}[${i}].name`, name, text))
    if (conditions.findIndex(c => c.name === name) < i) errors.push(duplicate(`${at}[${i}].name`, name))
  })
}
