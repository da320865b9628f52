import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { declaredName, dns1123Subdomain } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { validateConfig, validateConstraints, validateDevice, validateDriver, validateLabel, validateSelectors } from './device-rules.ts'
import { internalJson } from './meta/diff.ts'
import { deepEqual, duplicate, forbidden, immutable, invalid, notSupported, required } from './meta/errors.ts'
import { change, changeAll, fill } from './meta/fill.ts'
import { validateAnnotations, validateLabels } from './meta/object-meta.ts'
import { validateNodeSelector } from './pod-spec/placement.ts'

/**
 * Dynamic resource allocation, as stored objects; kube-scheduler gives devices to claims, kube-controller-manager makes claims of templates and takes devices
 * back. Source: pkg/apis/resource/{v1/defaults.go,validation/validation.go}, printers.go.
 */
const requestDefaults = { allocationMode: 'ExactCount' }
const defaultRequest = (request: any): any => {
  const r = fill(request, requestDefaults)
  return r.allocationMode === 'ExactCount' && !r.count ? { ...r, count: 1 } : r
}
const defaultClaim = (spec: any): any => change(spec, 'devices', devices => change(devices, 'requests', list =>
  changeAll(list, r => change(change(r, 'exactly', defaultRequest), 'firstAvailable', subs => changeAll(subs, defaultRequest)))))

export const deviceClass: KindRules = {
  resource: 'deviceclasses.resource.k8s.io', metaOfUpdate: 'VU',
  nameRule: declaredName,
  generation: true,
  validate: c => {
    const errors: FieldError[] = []
    validateSelectors(c.spec?.selectors, 'spec.selectors', errors)
    validateConfig(c.spec?.config, undefined, 'spec.config', errors)
    return errors
  },
  cells: (c, nowMs) => [c.metadata.name, age(c, nowMs)],
}

export const resourceClaim: KindRules = {
  resource: 'resourceclaims.resource.k8s.io', metaOfUpdate: 'VU', statusKeepsMeta: 'most',
  defaults: c => change(c, 'spec', defaultClaim),
  validate: c => validateClaim(c.spec ?? {}, 'spec'),
  validateStatusUpdate: c =>
    c.status?.reservedFor?.length && !c.status.allocation ? [forbidden('status.reservedFor', 'may not be specified when `allocated` is not set')] : [],
  validateUpdate: (c, old) => sameSpec(c, old, 'resource.v1.ResourceClaimSpec'),
  cells: (c, nowMs) => [c.metadata.name, claimState(c), age(c, nowMs)],
}
function claimState({ metadata, status }: any): string {
  const states = [
    ...metadata.deletionTimestamp ? ['deleted'] : [], ...status?.allocation ? ['allocated'] : ['pending'], ...status?.reservedFor?.length ? ['reserved'] : [],
  ]
  return (states.length > 1 ? states.filter(s => s !== 'pending') : states).join(',')
}
const sameSpec = (now: any, old: any, type: string): FieldError[] =>
  deepEqual(now.spec, old.spec) ? [] : [invalid('spec', internalJson(type, now.spec), 'field is immutable')]

export const resourceClaimTemplate: KindRules = {
  resource: 'resourceclaimtemplates.resource.k8s.io', metaOfUpdate: 'VU',
  defaults: t => change(t, 'spec', spec => change(spec, 'spec', defaultClaim)),
  validate: validateTemplate,
  validateUpdate: (t, old) => deepEqual(t.spec, old.spec)
    ? validateTemplate(t)
    : [...validateTemplate(t), invalid('spec', { ...t.spec.metadata, Spec: internalJson('resource.v1.ResourceClaimSpec', t.spec.spec) }, 'field is immutable')],
  cells: (t, nowMs) => [t.metadata.name, age(t, nowMs)],
}

function validateTemplate({ spec = {} }: any): FieldError[] {
  return [...validateTemplateMeta(spec.metadata ?? {}), ...validateClaim(spec.spec ?? {}, 'spec.spec')]
}
/** Only labels and annotations come with a claim. */
const validateTemplateMeta = ({ labels, annotations, ...rest }: any): FieldError[] => [
  ...validateLabels(labels ?? {}, 'spec.metadata.labels'), ...validateAnnotations(annotations ?? {}, 'spec.metadata.annotations'),
  ...Object.keys(rest).filter(field => rest[field]).map(field => forbidden(`spec.metadata.${field === 'uid' ? 'uID' : field}`, 'cannot be set')),
]
const modes = ['All', 'ExactCount']
function validateClaim(spec: any, path: string): FieldError[] {
  const errors: FieldError[] = [], requests: readonly any[] = spec.devices?.requests ?? [], at = `${path}.devices`
  requests.forEach((request, i) => validateOne(request, `${at}.requests[${i}]`, errors))
  namedTwice(requests, `${at}.requests`, errors)
  const known = new Set<string>(requests.flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map((sub: any) => `${name}/${sub.name}`)]))
  validateConstraints(spec.devices?.constraints, known, `${at}.constraints`, errors)
  validateConfig(spec.devices?.config, known, `${at}.config`, errors)
  return errors
}
function namedTwice(list: readonly any[], at: string, errors: FieldError[]): void {
  list.forEach(({ name = '' }, i) => { if (list.findIndex(r => (r.name ?? '') === name) < i) errors.push(duplicate(`${at}[${i}]`, name)) })
}
function validateOne({ name = '', exactly, firstAvailable = [] }: any, at: string, errors: FieldError[]): void {
  validateLabel(name, `${at}.name`, errors)
  if (!exactly && firstAvailable.length === 0) errors.push(required(at, 'exactly one of `exactly` or `firstAvailable` is required'))
  else if (exactly
    && firstAvailable.length > 0) errors.push(invalid(at, null, 'exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set'))
  else if (exactly) validateRequest(exactly, `${at}.exactly`, errors)
  else {
    firstAvailable.forEach((sub: any, j: number) => {
      const here = `${at}.firstAvailable[${j}]`
      validateLabel(sub.name ?? '', `${here}.name`, errors)
      validateRequest(sub, here, errors)
    })
    namedTwice(firstAvailable, `${at}.firstAvailable`, errors)
  }
}
function validateRequest({ deviceClassName = '', allocationMode, count, selectors }: any, at: string, errors: FieldError[]): void {
  if (deviceClassName === '') errors.push(required(`${at}.deviceClassName`))
  else for (const text of dns1123Subdomain(deviceClassName)) errors.push(invalid(`${at}.deviceClassName`, deviceClassName, text))
  validateSelectors(selectors, `${at}.selectors`, errors)
  if (allocationMode === 'ExactCount') { if (count <= 0) errors.push(invalid(`${at}.count`, count, 'must be greater than zero')) }
  else if (allocationMode !== 'All') errors.push(notSupported(`${at}.allocationMode`, allocationMode, modes))
  else if (count) errors.push(invalid(`${at}.count`, count, 'must not be specified when allocationMode is \'All\''))
}

const placements = ['nodeName', 'nodeSelector', 'allNodes', 'perDeviceNodeSelection']
export const resourceSlice: KindRules = {
  resource: 'resourceslices.resource.k8s.io',
  generation: true, countsEmpties: true,
  unknownField: field => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  fieldSelectors: { 'spec.driver': s => s.spec?.driver ?? '', 'spec.nodeName': s => s.spec?.nodeName ?? '' },
  validate: s => validateSlice(s.spec ?? {}),
  validateUpdate: (s, old) => validateSlice(s.spec ?? {}, old.spec),
  cells: (s, nowMs) => [s.metadata.name, s.spec?.nodeName ?? '', s.spec?.driver ?? '', s.spec?.pool?.name ?? '', age(s, nowMs)],
}
function validateSlice(spec: any, before?: any): FieldError[] {
  const errors: FieldError[] = [], { driver = '', pool = {}, devices = [], nodeName } = spec
  const set = placements.filter(p => spec[p] !== undefined && spec[p] !== false && spec[p] !== '')
  validateDriver(driver, 'spec.driver', errors)
  validatePool(pool, errors)
  if (before) {
    errors.push(
      ...immutable(pool.name ?? '', before.pool?.name ?? '', 'spec.pool.name'), ...immutable(driver, before.driver ?? '', 'spec.driver'),
      ...immutable(nodeName, before.nodeName, 'spec.nodeName')
    )
  }
  if (nodeName === '') errors.push(invalid('spec.nodeName', '', 'must be either unset or set to a non-empty string'))
  else if (nodeName) for (const text of dns1123Subdomain(nodeName)) errors.push(invalid('spec.nodeName', nodeName, text))
  if (spec.nodeSelector) {
    const terms: readonly any[] = spec.nodeSelector.nodeSelectorTerms ?? [], at = 'spec.nodeSelector'
    validateNodeSelector(spec.nodeSelector, at, errors)
    if (terms.length !== 1) {
      errors.push(invalid(`${at}.nodeSelectorTerms`, terms.map(t => internalJson('core.v1.NodeSelectorTerm', t)), 'must have exactly one node selector term'))
    }
  }
  if (set.length !== 1) {
    const list = placements.map(p => `\`${p}\``).join(', ')
    errors.push(
      set.length === 0
        ? required('spec', `exactly one of ${list} is required`)
        : invalid('spec', `{${set.map(p => `\`${p}\``).join(', ')}}`, `exactly one of ${list} is required, but multiple fields are set`)
    )
  }
  devices.forEach((d: any, i: number) => validateDevice(d, `spec.devices[${i}]`, errors))
  namedTwice(devices, 'spec.devices', errors)
  return errors
}
function validatePool({ name = '', generation = 0, resourceSliceCount: count = 0 }: any, errors: FieldError[]): void {
  if (name === '') errors.push(required('spec.pool.name'))
  else for (const part of name.split('/')) for (const text of dns1123Subdomain(part)) errors.push(invalid('spec.pool.name', part, text))
  if (count <= 0) errors.push(invalid('spec.pool.resourceSliceCount', count, 'must be greater than zero'))
  if (generation < 0) errors.push(invalid('spec.pool.generation', generation, 'must be greater than or equal to zero'))
}
