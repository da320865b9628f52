import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { isDefaultStorageClass } from '../api/default-classes.ts'
import { compareQuantities, nanoOf } from '../api/quantity.ts'
import { age, type Cell } from './meta/cells.ts'
import { specDiff } from './meta/diff.ts'
import { deepEqual, duplicate, forbidden, immutable, invalid, notSupported, required, tooLong } from './meta/errors.ts'
import { change, fill, fillPointers } from './meta/fill.ts'
import { dns1123Subdomain, qualifiedName } from '../api/names.ts'
import { validateSelector } from './meta/selector.ts'
import { fractional, isFractional } from './pod-spec/warnings.ts'

/**
 * Source: pkg/apis/core/v1/defaults.go, pkg/apis/storage/v1/defaults.go, pkg/apis/core/validation/validation.go,
 * pkg/registry/core/persistentvolumeclaim.
 */
const modeNames: Readonly<Record<string, string>> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' }
const modeOrder = Object.keys(modeNames), sortedModes = [...modeOrder].sort()
export const modesText = (modes: readonly string[] | undefined): string => modeOrder.filter(m => modes?.includes(m)).map(m => modeNames[m]).join(',')
export const unset = (value: string | undefined): string => value || '<unset>'
const specDefaults = { volumeMode: 'Filesystem' }
export const pending = { phase: 'Pending' }

export const persistentVolumeClaim: KindRules = {
  resource: 'persistentvolumeclaims', metaOfUpdate: 'UV',
  defaults: defaultClaim,
  beforeCreate: c => ({ ...withSources(c), status: pending }),
  beforeUpdate: mirrored,
  validate: validateClaim,
  validateUpdate: (c, old) => c.spec === old.spec ? [] : [...validateClaim(c), ...validateClaimChange(c, old)],
  validateStatusUpdate: c => Object.entries<string>(c.status?.capacity ?? {})
    .filter(([, amount]) => nanoOf(amount) < 0n)
    .map(([name, amount]) => invalid(`status.capacity[${name}]`, Number(nanoOf(amount) / 1_000_000_000n), 'must be a valid resource quantity')),
  warnings: c => claimWarnings(c.spec, 'spec'),
  statusWord: claimWord,
  cells: (c, nowMs): Cell[] => {
    const bound = c.spec?.volumeName
    return [c.metadata.name, claimWord(c), bound ?? '', bound ? c.status?.capacity?.storage ?? '0' : '', bound ? modesText(c.status?.accessModes) : '',
      claimClass(c), unset(c.spec?.volumeAttributesClassName), age(c, nowMs), unset(c.spec?.volumeMode)]
  },
}
export function defaultClaim(c: any): any {
  return change(change(c, 'spec', spec => fillPointers(spec, specDefaults)), 'status', status => fill(status, pending))
}
/**
 * Both fields say the same; what the older one may not name is dropped. Source: pkg/api/persistentvolumeclaim/util.go (EnforceDataSourceBackwardsCompatibility,
 * NormalizeDataSources)
 */
function withSources(c: any): any {
  const { dataSource, dataSourceRef, ...spec } = c.spec ?? {}
  if (!dataSource && !dataSourceRef) return c
  const isKnown = ({ apiGroup, kind }: any): boolean =>
    kind === 'PersistentVolumeClaim' && !apiGroup || kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io'
  // beside the newer one it stays, to be judged
  const ref = dataSourceRef?.namespace ? undefined : dataSourceRef, old = dataSource && (ref || isKnown(dataSource)) ? dataSource : undefined, both = old ?? ref
  return { ...c, spec: both ? { ...spec, dataSource: old ?? ref, dataSourceRef: ref ?? old } : spec }
}
/** On an update what is dropped is not looked for. Source: NormalizeDataSources */
function mirrored(c: any): any {
  const { dataSource, dataSourceRef } = c.spec ?? {}
  if (dataSource && !dataSourceRef) return { ...c, spec: { ...c.spec, dataSourceRef: dataSource } }
  return dataSourceRef && !dataSource && !dataSourceRef.namespace ? { ...c, spec: { ...c.spec, dataSource: dataSourceRef } } : c
}
function validateSource(source: any, path: string): FieldError[] {
  if (!source) return []
  const errors: FieldError[] = []
  if (!source.name) errors.push(required(`${path}.name`))
  if (!source.kind) errors.push(required(`${path}.kind`))
  if (!source.apiGroup && source.kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, source.kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
  }
  if (source.apiGroup) for (const text of dns1123Subdomain(source.apiGroup)) errors.push(invalid(`${path}.apiGroup`, source.apiGroup, text))
  return errors
}
export function claimWarnings(spec: any, path: string): string[] {
  const size = spec?.resources?.requests?.storage
  return size && isFractional(size) ? [fractional(`${path}.resources.requests[storage]`, size)] : []
}
function claimWord(c: any): string { return c.metadata.deletionTimestamp ? 'Terminating' : c.status?.phase ?? '' }
const claimClass = (c: any): string => c.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? c.spec?.storageClassName ?? ''

export function validateModes(modes: readonly string[] | undefined, path: string, detail = ''): FieldError[] {
  if (!modes?.length) return [required(path, detail)]
  const errors = modes.filter(m => !modeNames[m]).map(m => notSupported(path, m, sortedModes))
  if (modes.includes('ReadWriteOncePod') && modes.some(m => modeNames[m] && m !== 'ReadWriteOncePod')) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'))
  }
  return errors
}
export const volumeModes = ['Block', 'Filesystem']
function validateClaim(c: any): FieldError[] { return validateClaimSpec(c.spec ?? {}, 'spec') }
/** also of a claim that stands in a template */
export function validateClaimSpec(spec: any, path: string): FieldError[] {
  const modes = validateModes(spec.accessModes, `${path}.accessModes`, 'at least 1 access mode is required'), size = spec.resources?.requests?.storage
  const selector = spec.selector ? validateSelector(spec.selector, `${path}.selector`) : []
  // that there are modes at all is asked first, which they are only behind the selector
  const errors = spec.accessModes?.length ? [...selector, ...modes] : [...modes, ...selector]
  if (size === undefined) errors.push(required(`${path}.resources[storage]`))
  else if (nanoOf(size) <= 0n) errors.push(invalid(`${path}.resources[storage]`, size, 'must be greater than zero'))
  if (spec.storageClassName) {
    for (const text of dns1123Subdomain(spec.storageClassName)) errors.push(invalid(`${path}.storageClassName`, spec.storageClassName, text))
  }
  if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode)) errors.push(notSupported(`${path}.volumeMode`, spec.volumeMode, volumeModes))
  errors.push(...validateSource(spec.dataSource, `${path}.dataSource`), ...validateSource(spec.dataSourceRef, `${path}.dataSourceRef`))
  // the value told is a path, as JSON
  if (spec.dataSource && spec.dataSourceRef && ['apiGroup', 'kind', 'name'].some(f => spec.dataSource[f] !== spec.dataSourceRef[f])) {
    errors.push(invalid(path, {}, 'must match dataSourceRef'))
  }
  if (spec.volumeAttributesClassName) {
    for (const text of dns1123Subdomain(spec.volumeAttributesClassName)) {
      errors.push(invalid(`${path}.volumeAttributesClassName`, spec.volumeAttributesClassName, text))
    }
  }
  return errors
}
function validateClaimChange(c: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  let allowed = c.spec
  // Binding sets the volume's name once; a bound claim may grow; a class may be given later to a claim without one.
  if (!old.spec.volumeName) allowed = { ...allowed, volumeName: old.spec.volumeName }
  if (old.spec.storageClassName === undefined && c.spec.storageClassName !== undefined && !old.spec.volumeName) {
    allowed = { ...allowed, storageClassName: undefined }
  }
  if (old.status?.phase === 'Bound') {
    allowed = {
      ...allowed, resources: { ...allowed.resources, requests: old.spec.resources?.requests }, volumeAttributesClassName: old.spec.volumeAttributesClassName,
    }
  }
  if (!deepEqual(allowed, old.spec)) {
    errors.push(forbidden(
      'spec',
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${specDiff('core.v1.PersistentVolumeClaimSpec', old.spec, allowed)}`
    ))
  }
  const attributes = c.spec.volumeAttributesClassName, at = 'spec.volumeAttributesClassName'
  if (old.status?.phase === 'Bound' && old.status.currentVolumeAttributesClassName !== undefined && !attributes) {
    const what = attributes === undefined ? 'nil' : 'empty string'
    errors.push(forbidden(at, `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`))
  }
  const now = c.spec.resources?.requests?.storage ?? '0', before = old.spec.resources?.requests?.storage ?? '0'
  if (compareQuantities(now, before) < 0 && compareQuantities(now, old.status?.capacity?.storage ?? '0') <= 0) {
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'))
  }
  errors.push(...immutable(c.spec.volumeMode, old.spec.volumeMode, 'volumeMode'))
  return errors
}

const classDefaults = { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }, bindingModes = ['Immediate', 'WaitForFirstConsumer']
export const storageClass: KindRules = {
  resource: 'storageclasses.storage.k8s.io', metaOfUpdate: 'VU',
  defaults: c => fillPointers(c, classDefaults),
  validate: validateClass,
  validateUpdate: (c, old) => [
    ...validateClass(c),
    ...deepEqual(c.parameters, old.parameters) ? [] : [forbidden('parameters', 'updates to parameters are forbidden.')],
    ...c.provisioner === old.provisioner ? [] : [forbidden('provisioner', 'updates to provisioner are forbidden.')],
    ...c.reclaimPolicy === old.reclaimPolicy ? [] : [forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.')],
    ...immutable(c.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'),
  ],
  cells: (c, nowMs) =>
    [isDefaultStorageClass(c) ? `${c.metadata.name} (default)` : c.metadata.name, c.provisioner ?? '', c.reclaimPolicy ?? 'Delete', c.volumeBindingMode ?? '<unset>',
    c.allowVolumeExpansion === true, age(c, nowMs)],
}
function validateClass(c: any): FieldError[] {
  return [
    ...c.provisioner
      ? qualifiedName(c.provisioner.toLowerCase()).map(text => invalid('provisioner', c.provisioner.toLowerCase(), text))
      : [required('provisioner')],
    ...validateParameters(c.parameters ?? {}),
    ...c.reclaimPolicy && c.reclaimPolicy !== 'Delete' && c.reclaimPolicy !== 'Retain'
      ? [notSupported('reclaimPolicy', c.reclaimPolicy, ['Delete', 'Retain'])]
      : [],
    ...c.volumeBindingMode !== undefined && !bindingModes.includes(c.volumeBindingMode)
      ? [notSupported('volumeBindingMode', c.volumeBindingMode, bindingModes)]
      : [],
    ...validateTopologies(c.allowedTopologies ?? []),
  ]
}
/** of a StorageClass or a VolumeAttributesClass */
export function validateParameters(parameters: Readonly<Record<string, string>>): FieldError[] {
  const entries = Object.entries(parameters), size = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  if (entries.length > 512) return [tooLong('parameters', 512)]
  return [
    ...entries.some(([key]) => key === '') ? [invalid('parameters', '', 'field can not be empty.')] : [],
    ...size > 262_144 ? [tooLong('parameters', 262_144)] : [],
  ]
}
/** No two terms are the same, and none is empty. */
function validateTopologies(terms: readonly any[]): FieldError[] {
  const keyOf = (term: any): string => JSON.stringify((term.matchLabelExpressions ?? []).map((e: any) => [e.key, [...new Set(e.values)].sort()]).sort())
  const keys = terms.map(keyOf)
  return terms.flatMap((term, i) => [
    ...validateTopology(term, `allowedTopologies[${i}]`),
    ...keys[i] === '[]' || keys.indexOf(keys[i]) < i ? [duplicate(`allowedTopologies[${i}].matchLabelExpressions`, '')] : [],
  ])
}
function validateTopology(term: any, at: string): FieldError[] {
  const expressions: readonly any[] = term.matchLabelExpressions ?? []
  return expressions.flatMap(({ key = '', values: given }, i) => {
    const values: readonly string[] = given ?? []
    const here = `${at}.matchLabelExpressions[${i}]`
    return [
      ...values.length === 0 ? [required(`${here}.values`)] : [],
      ...values.flatMap((v: string, j: number) => values.indexOf(v) < j ? [duplicate(`${here}.values[${j}]`, v)] : []),
      ...qualifiedName(key).map(text => invalid(`${here}.key`, key, text)),
      ...expressions.findIndex(e => e.key === key) < i ? [duplicate(`${here}.key`, key)] : [],
    ]
  })
}
