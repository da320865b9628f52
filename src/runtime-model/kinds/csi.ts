import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { nanoOf } from '../api/quantity.ts'
import { dns1123Subdomain, qualifiedName } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { deepEqual, duplicate, forbidden, immutable, invalid, nonNegative, notSupported, required, tooLong, twice } from './meta/errors.ts'
import { change, fillPointers } from './meta/fill.ts'
import { validateSelector } from './meta/selector.ts'
import { validateVolumeSpec } from './persistent-volume.ts'
import { validateParameters } from './storage.ts'

/**
 * What CSI drivers and their sidecars tell each other about. A driver that a scenario installs acts on these records (csi-names.ts says how it is told from
 * one that is not there). Source: pkg/apis/storage/{v1/defaults.go,validation/validation.go}, pkg/registry/storage, printers.go.
 */
function driverName(name: string, at: string): FieldError[] {
  if (!name) return [required(at)]
  return [...name.length > 63 ? [tooLong(at, 63)] : [], ...dns1123Subdomain(name.toLowerCase()).map(text => invalid(at, name, text))]
}

export const csiDriver: KindRules = {
  resource: 'csidrivers.storage.k8s.io',
  generation: true, uncountedWhenNew: true,
  needsResourceVersion: true,
  defaults: d =>
    change(d, 'spec', spec => fillPointers(spec.volumeLifecycleModes?.length ? spec : { ...spec, volumeLifecycleModes: ['Persistent'] }, driverDefaults)),
  validate: d => validateDriver(d.spec ?? {}),
  validateUpdate: (d, old) => [
    ...validateDriver(d.spec ?? {}),
    ...immutable(d.spec?.attachRequired, old.spec?.attachRequired, 'spec.attachedRequired'),
    ...immutable(d.spec?.volumeLifecycleModes, old.spec?.volumeLifecycleModes, 'spec.volumeLifecycleModes'),
  ],
  warnings: (d, old) => d.spec?.tokenRequests?.length && d.spec.serviceAccountTokenInSecrets === undefined
    && !deepEqual(d.spec.tokenRequests, old?.spec?.tokenRequests)
    ? ['spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes']
    : [],
  cells: (d, nowMs) => {
    const s = d.spec ?? {}, modes = (s.volumeLifecycleModes ?? []).join(',')
    return [
      d.metadata.name, s.attachRequired ?? true, s.podInfoOnMount ?? false, s.storageCapacity ?? false,
      s.tokenRequests?.map((t: any) => t.audience).join(',') ?? '<unset>', s.requiresRepublish ?? false, modes || '<none>', age(d, nowMs),
    ]
  },
}
const driverDefaults = {
  attachRequired: true, podInfoOnMount: false, storageCapacity: false, fsGroupPolicy: 'ReadWriteOnceWithFSType', requiresRepublish: false, seLinuxMount: false,
}
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'], lifecycleModes = ['Persistent', 'Ephemeral']

function validateDriver(spec: any): FieldError[] {
  const errors: FieldError[] = [], audiences = new Set<string>(), tokens: readonly any[] = spec.tokenRequests ?? []
  const { nodeAllocatableUpdatePeriodSeconds: period } = spec
  if (spec.fsGroupPolicy !== undefined && !groupPolicies.includes(spec.fsGroupPolicy)) {
    errors.push(notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, groupPolicies))
  }
  tokens.forEach(({ audience = '', expirationSeconds: seconds }, i) => {
    const at = `spec.tokenRequests[${i}]`
    if (audiences.has(audience)) { errors.push(duplicate(`${at}.audience`, audience)); return }
    audiences.add(audience)
    if (seconds < 600) errors.push(invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'))
    if (seconds > 2 ** 32) errors.push(invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'))
  })
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (!lifecycleModes.includes(mode)) errors.push(notSupported('spec.volumeLifecycleModes', mode, lifecycleModes))
  }
  if (period < 10) errors.push(invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds'))
  if (spec.serviceAccountTokenInSecrets !== undefined && tokens.length === 0) {
    errors.push(invalid(
      'spec.serviceAccountTokenInSecrets', spec.serviceAccountTokenInSecrets, 'serviceAccountTokenInSecrets is set but no tokenRequests are specified'
    ))
  }
  return errors
}

export const csiNode: KindRules = {
  resource: 'csinodes.storage.k8s.io', metaOfUpdate: 'VV', uidStream: 'uid of a CSINode',
  needsResourceVersion: true,
  validate: n => validateDrivers(n.spec?.drivers ?? []),
  validateUpdate: (n, old) => [...twice(validateDrivers(n.spec?.drivers ?? [])), ...(old.spec?.drivers ?? []).flatMap((before: any) => {
    const now = (n.spec?.drivers ?? []).find((d: any) => d.name === before.name)
    const fixed = (d: any): any => internalJson('storage.v1.CSINodeDriver', { ...d, allocatable: undefined })
    return now ? immutable(fixed(now), fixed(before), 'spec.drivers') : []
  })],
  cells: (n, nowMs) => [n.metadata.name, (n.spec?.drivers ?? []).length, age(n, nowMs)],
}
function validateDrivers(drivers: readonly any[]): FieldError[] {
  const errors: FieldError[] = [], names = new Set<string>()
  drivers.forEach((d, i) => {
    const at = `spec.drivers[${i}]`, keys = new Set<string>()
    errors.push(...driverName(d.name, `${at}.name`))
    if (!d.nodeID) errors.push(required(`${at}.nodeID`))
    else if (d.nodeID.length > 256) errors.push(invalid(`${at}.nodeID`, d.nodeID, 'must be 256 characters or less'))
    errors.push(...nonNegative(d.allocatable?.count, `${at}.allocatable.count`))
    if (names.has(d.name)) errors.push(duplicate(`${at}.name`, d.name))
    names.add(d.name)
    for (const key of d.topologyKeys ?? []) {
      if (key === '') errors.push(required(at))
      if (keys.has(key)) errors.push(duplicate(at, key))
      keys.add(key)
      for (const text of qualifiedName(key)) errors.push(invalid(at, key, text))
    }
  })
  return errors
}

export const csiStorageCapacity: KindRules = {
  resource: 'csistoragecapacities.storage.k8s.io', metaOfUpdate: 'VU',
  needsResourceVersion: true,
  validate: validateCapacity,
  validateUpdate: (c, old) => [
    ...validateCapacity(c), ...immutable(c.nodeTopology, old.nodeTopology, 'nodeTopology'),
    ...immutable(c.storageClassName ?? '', old.storageClassName ?? '', 'storageClassName'),
  ],
  cells: c => [c.metadata.name, c.metadata.creationTimestamp ?? ''],
}
function validateCapacity(c: any): FieldError[] {
  const name = c.storageClassName ?? ''
  return [
    ...c.nodeTopology ? validateSelector(c.nodeTopology, 'nodeTopology') : [], ...dns1123Subdomain(name).map(text => invalid('storageClassName', name, text)),
    ...c.capacity !== undefined && nanoOf(c.capacity) < 0n ? [invalid('capacity', c.capacity, 'must be greater than or equal to 0')] : [],
  ]
}

export const volumeAttachment: KindRules = {
  resource: 'volumeattachments.storage.k8s.io', metaOfUpdate: 'V', metaOfStatusUpdate: 'V', statusKeepsMeta: 'most',
  needsResourceVersion: true,
  validate: a => {
    const { attacher, source = {} } = a.spec ?? {}, name = source.persistentVolumeName
    return [
      ...validateAttachment(a), ...driverName(attacher ?? '', 'spec.attacher'),
      ...name !== undefined ? dns1123Subdomain(name).map(text => invalid('spec.source.persistentVolumeName', name, text)) : [],
    ]
  },
  validateUpdate: (a, old) => [
    ...validateAttachment(a),
    ...deepEqual(a.spec, old.spec) ? [] : [invalid('spec', internalJson('storage.v1.VolumeAttachmentSpec', a.spec), 'field is immutable')],
  ],
  validateStatusUpdate: a =>
    ['attachError', 'detachError'].flatMap(field => (a.status?.[field]?.message ?? '').length > 1024 ? [tooLong(`status.${field}.message`, 262_144)] : []),
  cells: (a, nowMs) =>
    [a.metadata.name, a.spec?.attacher ?? '', a.spec?.source?.persistentVolumeName ?? '', a.spec?.nodeName ?? '', a.status?.attached === true, age(a, nowMs)],
}
function validateAttachment(a: any): FieldError[] {
  const { attacher, source = {}, nodeName = '' } = a.spec ?? {}, { inlineVolumeSpec: inline, persistentVolumeName: name } = source
  const errors: FieldError[] = attacher ? [] : [required('spec.attacher')]
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (!inline && name === undefined) errors.push(required('spec.source', one))
  else if (inline && name !== undefined) errors.push(forbidden('spec.source', one))
  else if (name === '') errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'))
  else if (inline) {
    errors.push(...validateVolumeSpec(inline, 'spec.source.inlineVolumeSpec', true))
  }
  for (const text of dns1123Subdomain(nodeName)) errors.push(invalid('spec.nodeName', nodeName, text))
  return errors
}

export const volumeAttributesClass: KindRules = {
  resource: 'volumeattributesclasses.storage.k8s.io', metaOfUpdate: 'UV',
  validate: validateClass,
  validateUpdate: (c, old) => [
    ...c.driverName === old.driverName ? [] : [forbidden('driverName', 'updates to driverName are forbidden.')],
    ...deepEqual(c.parameters, old.parameters) ? [] : [forbidden('parameters', 'updates to parameters are forbidden.')],
    ...validateClass(c),
  ],
  cells: (c, nowMs) => [c.metadata.name, c.driverName ?? '', age(c, nowMs)],
}
function validateClass(c: any): FieldError[] {
  return [
    ...c.driverName ? qualifiedName(c.driverName.toLowerCase()).map(text => invalid('driverName', c.driverName.toLowerCase(), text)) : [required('driverName')],
    ...Object.keys(c.parameters ?? {}).length === 0 ? [required('parameters', 'must contain at least one key/value pair')] : validateParameters(c.parameters),
  ]
}
