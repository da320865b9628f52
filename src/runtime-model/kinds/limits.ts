import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { compareQuantities, nanoOf } from '../api/quantity.ts'
import { age, type Cell } from './meta/cells.ts'
import { deepEqual, duplicate, forbidden, immutable, invalid, notSupported } from './meta/errors.ts'
import { change, changeAll, fill } from './meta/fill.ts'
import { qualifiedName } from '../api/names.ts'

/** ResourceQuota, LimitRange, PriorityClass. Source: pkg/apis/core/{v1/defaults.go,validation}, pkg/apis/scheduling, printers.go. */
export const resourceQuota: KindRules = {
  resource: 'resourcequotas',
  validate: q => {
    const errors = validateAmounts(q.spec?.hard, 'spec.hard'), scopes: readonly string[] = q.spec?.scopes ?? []
    if (scopes.some(s => !quotaScopes.includes(s))) errors.push(invalid('spec.scopes', scopes, 'unsupported scope'))
    return errors
  },
  validateUpdate: (q, old) => [...validateAmounts(q.spec?.hard, 'spec.hard'), ...immutable(sorted(q.spec?.scopes), sorted(old.spec?.scopes), 'spec.scopes')],
  validateStatusUpdate: q => [...validateAmounts(q.status?.hard, 'status.hard'), ...validateAmounts(q.status?.used, 'status.used')],
  cells: (q, nowMs): Cell[] => {
    const hard = q.status?.hard ?? {}, used = q.status?.used ?? {}, line = (names: string[]): string => names.map(n => `${n}: ${used[n] ?? '0'}/${hard[n]}`).join(', ')
    const names = Object.keys(hard).sort()
    return [q.metadata.name, line(names.filter(n => !n.startsWith('limits.'))), line(names.filter(n => n.startsWith('limits.'))), age(q, nowMs)]
  },
}
function validateAmounts(amounts: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    const at = `${path}[${name}]`, wrong = qualifiedName(name)
    for (const text of wrong) errors.push(invalid(at, name, text))
    if (!name.includes('/') && !quotaNames.test(name)) {
      if (wrong.length === 0) errors.push(invalid(at, name, 'must be a standard resource type or fully qualified'))
      errors.push(invalid(at, name, 'must be a standard resource for quota'))
    }
    if (nanoOf(amount) < 0n) errors.push(invalid(at, amount, 'must be greater than or equal to 0'))
    if (isCount(name) && nanoOf(amount) % 1_000_000_000n !== 0n) errors.push(invalid(at, amount, 'must be an integer'))
  }
  return errors
}
const quotaNames = /^(cpu|memory|ephemeral-storage|requests\..+|limits\..+|pods|resourcequotas|services|services\..+|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|storage|hugepages-.+)$/
const quotaScopes = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass']
const isCount = (name: string): boolean => /^(pods|resourcequotas|services|services\..+|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|count\/.+)$/.test(name)
const sorted = (list: readonly string[] | undefined): string[] => [...list ?? []].sort()

/** A limit fills what is left out: min → default request, max → default limit. Source: SetDefaults_LimitRangeItem. */
function defaultItem(item: any): any {
  if (item.type !== 'Container') return item
  const limit = { ...item.max, ...item.default }, defaultRequest = { ...item.min, ...limit, ...item.defaultRequest }
  const next = deepEqual(limit, item.default) ? item : { ...item, default: limit }
  if (deepEqual(defaultRequest, item.defaultRequest)) return next
  return { ...next, defaultRequest }
}
export const limitRange: KindRules = {
  resource: 'limitranges',
  defaults: l => change(l, 'spec', spec => change(spec, 'limits', list => changeAll(list, defaultItem))),
  validate: l => {
    const errors: FieldError[] = [], seen = new Set<string>()
    ;(l.spec?.limits ?? []).forEach((item: any, i: number) => {
      const at = `spec.limits[${i}]`
      if (seen.has(item.type)) errors.push(duplicate(`${at}.type`, item.type))
      seen.add(item.type)
      if (!limitTypes.includes(item.type) && !item.type?.includes('/')) errors.push(invalid(`${at}.type`, item.type ?? '', 'must be a standard limit type or fully qualified'))
      if (item.type === 'Pod') {
        if (item.default && Object.keys(item.default).length) errors.push(forbidden(`${at}.default`, 'may not be specified when `type` is \'Pod\''))
        if (item.defaultRequest && Object.keys(item.defaultRequest).length) errors.push(forbidden(`${at}.defaultRequest`, 'may not be specified when `type` is \'Pod\''))
      }
      for (const name of new Set(['min', 'max', 'default', 'defaultRequest'].flatMap(k => Object.keys(item[k] ?? {})))) validateItem(item, name, at, errors)
    })
    return errors
  },
  cells: l => [l.metadata.name, l.metadata.creationTimestamp ?? ''],
}
const limitTypes = ['Pod', 'Container', 'PersistentVolumeClaim']
function validateItem({ min, max, default: limit, defaultRequest: request }: any, name: string, at: string, errors: FieldError[]): void {
  const above = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && compareQuantities(a, b) > 0
  if (above(min?.[name], max?.[name])) errors.push(invalid(`${at}.min[${name}]`, min[name], `min value ${min[name]} is greater than max value ${max[name]}`))
  if (above(min?.[name], request?.[name])) errors.push(invalid(`${at}.defaultRequest[${name}]`, request[name], `min value ${min[name]} is greater than default request value ${request[name]}`))
  if (above(request?.[name], max?.[name])) errors.push(invalid(`${at}.defaultRequest[${name}]`, request[name], `default request value ${request[name]} is greater than max value ${max[name]}`))
  if (above(request?.[name], limit?.[name])) errors.push(invalid(`${at}.defaultRequest[${name}]`, request[name], `default request value ${request[name]} is greater than default limit value ${limit[name]}`))
  if (above(min?.[name], limit?.[name])) errors.push(invalid(`${at}.default[${name}]`, limit[name], `min value ${min[name]} is greater than default value ${limit[name]}`))
  if (above(limit?.[name], max?.[name])) errors.push(invalid(`${at}.default[${name}]`, max[name], `default value ${limit[name]} is greater than max value ${max[name]}`))
}

export const priorityClass: KindRules = {
  resource: 'priorityclasses.scheduling.k8s.io',
  // Given on create, never counted up.
  generation: () => 0,
  defaults: p => fill(p, { preemptionPolicy: 'PreemptLowerPriority' }),
  validate: p => {
    const errors: FieldError[] = [], reserved = p.metadata.name.startsWith('system-')
    if (reserved && !system[p.metadata.name]) errors.push(forbidden('metadata.name', "priority class names with 'system-' prefix are reserved for system use only. error: " + p.metadata.name + ' is not a known system priority class'))
    if (!reserved && p.value > 1_000_000_000) errors.push(forbidden('value', 'maximum allowed value of a user defined priority is 1000000000'))
    if (p.preemptionPolicy && !preemptionPolicies.includes(p.preemptionPolicy)) errors.push(notSupported('preemptionPolicy', p.preemptionPolicy, preemptionPolicies))
    return errors
  },
  validateUpdate: (p, old) => [
    ...p.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')],
    ...immutable(p.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
  ],
  cells: (p, nowMs) => [p.metadata.name, p.value ?? 0, p.globalDefault === true, age(p, nowMs), p.preemptionPolicy ?? '<unset>'],
}
const preemptionPolicies = ['PreemptLowerPriority', 'Never']
const system: Readonly<Record<string, true>> = { 'system-node-critical': true, 'system-cluster-critical': true }
