import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { declaredName, dns1123Label, dns1123Subdomain } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { deepEqual, duplicate, invalid, notSupported, required } from './meta/errors.ts'
import { change, changeAll, fill } from './meta/fill.ts'

/**
 * Dynamic resource allocation, as stored objects: only pods make something of them, and pods that claim devices are not modelled. Rules for names and
 * requests, not for expressions, constraints and configuration. Source: pkg/apis/resource/{v1/defaults.go,validation/validation.go}, printers.go.
 */
const requestDefaults = { allocationMode: 'ExactCount' }
const defaultRequest = (request: any): any => { const r = fill(request, requestDefaults); return r.allocationMode === 'ExactCount' && !r.count ? { ...r, count: 1 } : r }
const defaultClaim = (spec: any): any => change(spec, 'devices', devices => change(devices, 'requests', list => changeAll(list, r => change(change(r, 'exactly', defaultRequest), 'firstAvailable', subs => changeAll(subs, defaultRequest)))))

export const deviceClass: KindRules = {
  resource: 'deviceclasses.resource.k8s.io',
  nameRule: declaredName,
  generation: true,
  cells: (c, nowMs) => [c.metadata.name, age(c, nowMs)],
}

export const resourceClaim: KindRules = {
  resource: 'resourceclaims.resource.k8s.io',
  defaults: c => change(c, 'spec', defaultClaim),
  validate: c => validateClaim(c.spec ?? {}, 'spec'),
  validateUpdate: (c, old) => sameSpec(c, old, 'resource.v1.ResourceClaimSpec'),
  cells: (c, nowMs) => [c.metadata.name, claimState(c), age(c, nowMs)],
}
function claimState({ metadata, status }: any): string {
  const states = [...metadata.deletionTimestamp ? ['deleted'] : [], ...status?.allocation ? ['allocated'] : ['pending'], ...status?.reservedFor?.length ? ['reserved'] : []]
  return (states.length > 1 ? states.filter(s => s !== 'pending') : states).join(',')
}
const sameSpec = (now: any, old: any, type: string): FieldError[] => deepEqual(now.spec, old.spec) ? [] : [invalid('spec', internalJson(type, now.spec), 'field is immutable')]

export const resourceClaimTemplate: KindRules = {
  resource: 'resourceclaimtemplates.resource.k8s.io',
  defaults: t => change(t, 'spec', spec => change(spec, 'spec', defaultClaim)),
  validate: t => validateClaim(t.spec?.spec ?? {}, 'spec.spec'),
  validateUpdate: (t, old) => deepEqual(t.spec, old.spec) ? [] : [invalid('spec', { ...t.spec.metadata, Spec: internalJson('resource.v1.ResourceClaimSpec', t.spec.spec) }, 'field is immutable')],
  cells: (t, nowMs) => [t.metadata.name, age(t, nowMs)],
}

const modes = ['All', 'ExactCount']
function validateClaim(spec: any, path: string): FieldError[] {
  const errors: FieldError[] = [], requests: readonly any[] = spec.devices?.requests ?? []
  requests.forEach((request, i) => {
    const at = `${path}.devices.requests[${i}]`, { name = '', exactly, firstAvailable } = request
    validateLabel(name, `${at}.name`, errors)
    if (requests.findIndex(r => r.name === name) < i) errors.push(duplicate(`${at}.name`, name))
    if (exactly) validateRequest(exactly, `${at}.exactly`, errors)
    ;(firstAvailable ?? []).forEach((sub: any, j: number) => { validateLabel(sub.name ?? '', `${at}.firstAvailable[${j}].name`, errors); validateRequest(sub, `${at}.firstAvailable[${j}]`, errors) })
    if (!exactly && !firstAvailable?.length) errors.push(required(at, 'exactly one of `exactly` or `firstAvailable` is required'))
    else if (exactly && firstAvailable?.length) errors.push(invalid(at, null, 'exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set'))
  })
  return errors
}
function validateLabel(name: string, at: string, errors: FieldError[]): void {
  if (name === '') errors.push(required(at))
  else for (const text of dns1123Label(name)) errors.push(invalid(at, name, text))
}
function validateRequest({ deviceClassName = '', allocationMode, count }: any, at: string, errors: FieldError[]): void {
  if (deviceClassName === '') errors.push(required(`${at}.deviceClassName`))
  else for (const text of dns1123Subdomain(deviceClassName)) errors.push(invalid(`${at}.deviceClassName`, deviceClassName, text))
  if (allocationMode === 'ExactCount') { if (count <= 0) errors.push(invalid(`${at}.count`, count, 'must be greater than zero')) }
  else if (allocationMode !== 'All') errors.push(notSupported(`${at}.allocationMode`, allocationMode, modes))
  else if (count) errors.push(invalid(`${at}.count`, count, 'must not be specified when allocationMode is \'All\''))
}

const placements = ['nodeName', 'nodeSelector', 'allNodes', 'perDeviceNodeSelection']
export const resourceSlice: KindRules = {
  resource: 'resourceslices.resource.k8s.io',
  generation: true,
  unknownField: field => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  fieldSelectors: { 'spec.driver': s => s.spec?.driver ?? '', 'spec.nodeName': s => s.spec?.nodeName ?? '' },
  validate: s => validateSlice(s.spec ?? {}),
  cells: (s, nowMs) => [s.metadata.name, s.spec?.nodeName ?? '', s.spec?.driver ?? '', s.spec?.pool?.name ?? '', age(s, nowMs)],
}
function validateSlice(spec: any): FieldError[] {
  const errors: FieldError[] = [], { driver = '', pool = {}, devices = [] } = spec, set = placements.filter(p => spec[p] !== undefined && spec[p] !== false)
  if (driver === '') errors.push(required('spec.driver'))
  else for (const text of dns1123Subdomain(driver)) errors.push(invalid('spec.driver', driver, text))
  if (!pool.name) errors.push(required('spec.pool.name'))
  if (set.length !== 1) {
    const list = placements.map(p => `\`${p}\``).join(', ')
    errors.push(set.length === 0 ? required('spec', `exactly one of ${list} is required`) : invalid('spec', `{${set.map(p => `\`${p}\``).join(', ')}}`, `exactly one of ${list} is required, but multiple fields are set`))
  }
  devices.forEach(({ name = '' }: any, i: number) => {
    validateLabel(name, `spec.devices[${i}].name`, errors)
    if (devices.findIndex((d: any) => d.name === name) < i) errors.push(duplicate(`spec.devices[${i}].name`, name))
  })
  return errors
}
