import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { compareQuantities, nanoOf } from '../api/quantity.ts'
import { age, type Cell } from './meta/cells.ts'
import { deepEqual, duplicate, forbidden, immutable, invalid, notSupported, required } from './meta/errors.ts'
import { validateContainerResourceName, validateResourceName } from './meta/resource-names.ts'
import { internalJson } from './meta/diff.ts'
import { change, changeAll, fillPointers } from './meta/fill.ts'
import { qualifiedName } from '../api/names.ts'

/** ResourceQuota, LimitRange, PriorityClass. Source: pkg/apis/core/{v1/defaults.go,validation}, pkg/apis/scheduling, printers.go. */
export const resourceQuota: KindRules = {
  resource: 'resourcequotas',
  validate: q => validateQuota(q.spec ?? {}),
  validateUpdate: (q, old) => {
    const scopes: readonly string[] = q.spec?.scopes ?? [], before: readonly string[] = old.spec?.scopes ?? []
    const same = scopes.every(s => before.includes(s)) && before.every(s => scopes.includes(s))
    return [...validateQuota(q.spec ?? {}), ...same ? [] : [invalid('spec.scopes', q.spec?.scopes ?? null, 'field is immutable')]]
  },
  validateStatusUpdate: q => [...validateAmounts(q.status?.hard, 'status.hard'), ...validateAmounts(q.status?.used, 'status.used')],
  cells: (q, nowMs): Cell[] => {
    const hard = q.status?.hard ?? {}, used = q.status?.used ?? {}
    const line = (names: string[]): string => names.map(n => `${n}: ${used[n] ?? '0'}/${hard[n]}`).join(', ')
    const names = Object.keys(hard).sort()
    return [q.metadata.name, line(names.filter(n => !n.startsWith('limits.'))), line(names.filter(n => n.startsWith('limits.'))), age(q, nowMs)]
  },
}
function validateQuota(spec: any): FieldError[] {
  const errors = validateAmounts(spec.hard, 'spec.hard')
  validateScopes(spec.scopes ?? [], spec.hard ?? {}, errors)
  if (spec.scopeSelector) validateScopeSelector(spec, errors)
  return errors
}
function validateAmounts(amounts: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    const at = `${path}[${name}]`
    validateResourceName(name, at, errors)
    if (!name.includes('/') && !quotaNames.test(name)) errors.push(invalid(at, name, 'must be a standard resource for quota'))
    if (nanoOf(amount) < 0n) errors.push(invalid(at, amount, 'must be greater than or equal to 0'))
    if (isCount(name) && nanoOf(amount) % 1_000_000_000n !== 0n) errors.push(invalid(at, amount, 'must be an integer'))
  }
  return errors
}
const ofPods = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']
/** Whether a scope can narrow what is counted of a resource. Source: pkg/apis/core/helper/helpers.go (IsResourceQuotaScopeValidForResource) */
function scopeFits(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return resource === 'pods'
  if (scope === 'VolumeAttributesClass') return resource === 'persistentvolumeclaims' || resource === 'requests.storage'
  return !quotaScopes.includes(scope) || resource === 'pods' || ofPods.includes(resource)
}
const isStandard = (resource: string): boolean => !resource.includes('/') && quotaNames.test(resource)
const pairs = [['BestEffort', 'NotBestEffort'], ['Terminating', 'NotTerminating']]
function validateScopes(scopes: readonly string[], hard: any, errors: FieldError[]): void {
  for (const scope of scopes) {
    if (!quotaScopes.includes(scope)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope'))
    for (const resource of Object.keys(hard).sort()) {
      if (isStandard(resource) && !scopeFits(scope, resource)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope applied to resource'))
    }
  }
  for (const pair of pairs) if (pair.every(s => scopes.includes(s))) errors.push(invalid('spec.scopes', scopes, 'conflicting scopes'))
}
const existsOnly = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']
function validateScopeSelector({ scopeSelector, hard = {}, scopes }: any, errors: FieldError[]): void {
  const path = 'spec.scopeSelector.matchExpressions', expressions: readonly any[] = scopeSelector.matchExpressions ?? []
  for (const { scopeName = '', operator = '', values = [] } of expressions) {
    if (!quotaScopes.includes(scopeName)) errors.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'))
    for (const resource of Object.keys(hard).sort()) {
      if (isStandard(resource) && !scopeFits(scopeName, resource)) {
        errors.push(invalid(path, internalJson('core.v1.ScopeSelector', scopeSelector), 'unsupported scope applied to resource'))
      }
    }
    if (existsOnly.includes(scopeName) && operator !== 'Exists') {
      errors.push(invalid(
        `${path}.operator`, operator,
        `must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity`
      ))
    }
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) errors.push(required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"))
    }
    else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) errors.push(invalid(`${path}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"))
    }
    else errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  }
  for (const pair of pairs) if (pair.every(s => expressions.some(e => e.scopeName === s))) errors.push(invalid(path, scopes ?? null, 'conflicting scopes'))
}
const quotaNames =
  /^(cpu|memory|ephemeral-storage|(requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.(storage|.*\/.*|hugepages-.+)|limits\..*\/.*|pods|resourcequotas|services|services\..+|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|hugepages-.+)$/
const quotaScopes = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass']
const isCount = (name: string): boolean =>
  /^(pods|resourcequotas|services|services\..+|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|count\/.+)$/.test(name)

/** A limit fills what is left out: min → default request, max → default limit. Source: SetDefaults_LimitRangeItem. */
function defaultItem(item: any): any {
  if (item.type !== 'Container') return item
  const limit = { ...item.max, ...item.default }, defaultRequest = { ...item.min, ...limit, ...item.defaultRequest }
  const next = deepEqual(limit, item.default ?? {}) ? item : { ...item, default: limit }
  if (deepEqual(defaultRequest, item.defaultRequest ?? {})) return next
  return { ...next, defaultRequest }
}
export const limitRange: KindRules = {
  resource: 'limitranges', metaOfUpdate: 'V',
  // The strategy names one that has no name.
  beforeCreate: l => l.metadata.name ? l : { ...l, metadata: { ...l.metadata, name: l.metadata.uid } },
  defaults: l => change(l, 'spec', spec => change(spec, 'limits', list => changeAll(list, defaultItem))),
  validate: l => {
    const errors: FieldError[] = [], seen = new Set<string>()
    ;(l.spec?.limits ?? []).forEach((item: any, i: number) => {
      const at = `spec.limits[${i}]`
      const { type = '' } = item, wrong = qualifiedName(type)
      for (const text of wrong) errors.push(invalid(`${at}.type`, type, text))
      if (wrong.length === 0 && !limitTypes.includes(type) && !type.includes('/')) {
        errors.push(invalid(`${at}.type`, item.type ?? '', 'must be a standard limit type or fully qualified'))
      }
      if (seen.has(item.type)) errors.push(duplicate(`${at}.type`, item.type))
      seen.add(item.type)
      if (item.type === 'Pod') {
        if (item.default && Object.keys(item.default).length) errors.push(forbidden(`${at}.default`, 'may not be specified when `type` is \'Pod\''))
        if (item.defaultRequest && Object.keys(item.defaultRequest).length) {
          errors.push(forbidden(`${at}.defaultRequest`, 'may not be specified when `type` is \'Pod\''))
        }
      }
      for (const kind of item.type === 'Pod' ? ['max', 'min', 'maxLimitRequestRatio'] : ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio']) {
        for (const name of Object.keys(item[kind] ?? {})) validateLimitName(item.type, name, `${at}.${kind}[${name}]`, errors)
      }
      if (item.type === 'PersistentVolumeClaim' && item.min?.storage === undefined && item.max?.storage === undefined) {
        errors.push(required(`${at}.limits`, 'either minimum or maximum storage value is required, but neither was provided'))
      }
      for (const name of new Set(['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio'].flatMap(k => Object.keys(item[k] ?? {})))) {
        validateItem(item, name, at, errors)
      }
    })
    return errors
  },
  cells: l => [l.metadata.name, l.metadata.creationTimestamp ?? ''],
}
const limitTypes = ['Pod', 'Container', 'PersistentVolumeClaim']
function validateLimitName(type: string, name: string, at: string, errors: FieldError[]): void {
  if (type === 'Pod' || type === 'Container') validateContainerResourceName(name, at, errors)
  else validateResourceName(name, at, errors)
}
function validateItem(
  { min, max, default: limit, defaultRequest: request, maxLimitRequestRatio: ratio }: any, name: string, at: string, errors: FieldError[]
): void {
  const above = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && compareQuantities(a, b) > 0
  if (above(min?.[name], max?.[name])) errors.push(invalid(`${at}.min[${name}]`, min[name], `min value ${min[name]} is greater than max value ${max[name]}`))
  if (above(min?.[name], request?.[name])) {
    errors.push(invalid(`${at}.defaultRequest[${name}]`, request[name], `min value ${min[name]} is greater than default request value ${request[name]}`))
  }
  if (above(request?.[name], max?.[name])) {
    errors.push(invalid(`${at}.defaultRequest[${name}]`, request[name], `default request value ${request[name]} is greater than max value ${max[name]}`))
  }
  if (above(request?.[name], limit?.[name])) {
    errors.push(invalid(
      `${at}.defaultRequest[${name}]`, request[name], `default request value ${request[name]} is greater than default limit value ${limit[name]}`
    ))
  }
  if (above(min?.[name], limit?.[name])) {
    errors.push(invalid(`${at}.default[${name}]`, min[name], `min value ${min[name]} is greater than default value ${limit[name]}`))
  }
  if (above(limit?.[name], max?.[name])) {
    errors.push(invalid(`${at}.default[${name}]`, max[name], `default value ${limit[name]} is greater than max value ${max[name]}`))
  }
  const most = ratio?.[name], at2 = `${at}.maxLimitRequestRatio[${name}]`
  if (most === undefined) return
  if (compareQuantities(most, '1') < 0) errors.push(invalid(at2, most, `ratio ${most} is less than 1`))
  if (min?.[name] === undefined || max?.[name] === undefined) return
  const bound = Number(nanoOf(max[name])) / Number(nanoOf(min[name]))
  if (Number(nanoOf(most)) / 1e9 > bound) errors.push(invalid(at2, most, `ratio ${most} is greater than max/min = ${bound.toFixed(6)}`))
}

export const priorityClass: KindRules = {
  resource: 'priorityclasses.scheduling.k8s.io',
  // Given on create, never counted up.
  generation: () => 0,
  defaults: p => fillPointers(p, { preemptionPolicy: 'PreemptLowerPriority' }),
  validate: p => {
    const errors: FieldError[] = [], { name = '' } = p.metadata, reserved = name.startsWith('system-')
    const fixed = system[name]
    if (fixed !== undefined && p.value !== fixed) {
      errors.push(forbidden(
        'metadata.name',
        `priority class names with 'system-' prefix are reserved for system use only. error: value of ${p.metadata.name} PriorityClass must be ${fixed}`
      ))
    }
    if (reserved && fixed === undefined) {
      errors.push(forbidden(
        'metadata.name',
        "priority class names with 'system-' prefix are reserved for system use only. error: " + p.metadata.name + ' is not a known system priority class'
      ))
    }
    if (!reserved && p.value > 1_000_000_000) errors.push(forbidden('value', 'maximum allowed value of a user defined priority is 1000000000'))
    if (p.preemptionPolicy === '') errors.push(required('preemptionPolicy'))
    else if (p.preemptionPolicy
      && !preemptionPolicies.includes(p.preemptionPolicy)) errors.push(notSupported('preemptionPolicy', p.preemptionPolicy, preemptionPolicies))
    return errors
  },
  // Source: pkg/registry/scheduling/priorityclass/storage/storage.go (Delete)
  kept: p => system[p.metadata.name] === undefined ? undefined : 'this is a system priority class and cannot be deleted',
  validateUpdate: (p, old) => [
    ...p.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')],
    ...immutable(p.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
  ],
  cells: (p, nowMs) => [p.metadata.name, p.value ?? 0, p.globalDefault === true, age(p, nowMs), p.preemptionPolicy ?? '<unset>'],
}
const preemptionPolicies = ['PreemptLowerPriority', 'Never']
const system: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 }
