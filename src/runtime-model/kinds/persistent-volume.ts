import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1123Label, dns1123Subdomain } from '../api/names.ts'
import { nanoOf } from '../api/quantity.ts'
import { age, type Cell } from './meta/cells.ts'
import { internalJson, specDiff } from './meta/diff.ts'
import { deepEqual, forbidden, immutable, invalid, notSupported, required, tooLong, twice } from './meta/errors.ts'
import { change, fill, fillPointers } from './meta/fill.ts'
import { defaultSource } from './pod-spec/defaults.ts'
import { noBacksteps } from './pod-spec/paths.ts'
import { validateNodeSelector } from './pod-spec/placement.ts'
import { commonSources, hostPathTypes, secondSource, sourcesIn } from './pod-spec/sources.ts'
import { modesText, pending, unset, validateModes, volumeModes } from './storage.ts'

/** Source: pkg/apis/core/v1/defaults.go, pkg/apis/core/validation/validation.go (ValidatePersistentVolumeSpec), pkg/registry/core/persistentvolume. */
const recycleText =
  'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.'
const volumeDefaults = { persistentVolumeReclaimPolicy: 'Retain' }, modeDefault = { volumeMode: 'Filesystem' }
export const persistentVolume: KindRules = {
  resource: 'persistentvolumes', metaOfUpdate: 'VV',
  defaults: v => change(change(v, 'spec', spec => defaultVolumeSource(fillPointers(fill(spec, volumeDefaults), modeDefault))), 'status', status => fill(status, pending)),
  beforeCreate: v => ({ ...v, status: v.metadata.creationTimestamp ? { ...pending, lastPhaseTransitionTime: v.metadata.creationTimestamp } : pending }),
  validate: validateVolume,
  validateUpdate: (v, old) => v.spec === old.spec ? [] : [...twice(validateVolume(v)), ...validateVolumeChange(v, old)],
  warnings: v => [
    ...v.spec?.persistentVolumeReclaimPolicy === 'Recycle' ? [recycleText] : [],
    ...Object.keys(oldSources).filter(source => v.spec?.[source]).map(source => `spec.${source}: ${oldSources[source]}`),
  ],
  statusWord: volumeWord,
  cells: (v, nowMs): Cell[] => {
    const claim = v.spec?.claimRef
    return [
      v.metadata.name, v.spec?.capacity?.storage ?? '0', modesText(v.spec?.accessModes), v.spec?.persistentVolumeReclaimPolicy ?? '', volumeWord(v),
      claim ? `${claim.namespace}/${claim.name}` : '',
      v.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? v.spec?.storageClassName ?? '', unset(v.spec?.volumeAttributesClassName),
      v.status?.reason ?? '', age(v, nowMs), unset(v.spec?.volumeMode),
    ]
  },
}
function defaultVolumeSource(spec: any): any {
  if (spec.hostPath) return change(spec, 'hostPath', h => h.type === undefined ? { ...h, type: '' } : h)
  return sourcesOf(spec).reduce(defaultSource, spec)
}
function volumeWord(v: any): string { return v.metadata.deletionTimestamp ? 'Terminating' : v.status?.phase ?? '' }
/** in the order in which an API server looks at them */
const sourceOrder = [
  'hostPath', 'gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'flocker', 'nfs', 'rbd', 'quobyte', 'cephfs', 'iscsi', 'cinder', 'fc', 'flexVolume',
  'azureFile', 'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk', 'scaleIO', 'local', 'storageos', 'csi',
]
const sourcesOf = (spec: any): string[] => sourcesIn(spec, sourceOrder)
/** Source: pkg/api/persistentvolume/util.go (GetWarningsForPersistentVolume). */
const oldSources: Readonly<Record<string, string>> = {
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+', cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+', scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
}
const policies = ['Delete', 'Recycle', 'Retain']

function validateVolume(v: any): FieldError[] { return validateVolumeSpec(v.spec ?? {}, 'spec', false) }
const inlineOnly = 'in the context of inline volumes', notInline = `may not be specified ${inlineOnly}`
/** `inline`: of a volume that a VolumeAttachment describes itself, which has less to say. */
export function validateVolumeSpec(spec: any, at: string, inline: boolean): FieldError[] {
  const errors: FieldError[] = inline ? onlyOfInline(spec, at) : [], policy = spec.persistentVolumeReclaimPolicy
  errors.push(...validateModes(spec.accessModes, `${at}.accessModes`))
  if (!inline) validateCapacity(spec.capacity, `${at}.capacity`, errors)
  if (policy && inline && policy !== 'Retain') errors.push(forbidden(`${at}.persistentVolumeReclaimPolicy`, `may only be Retain ${inlineOnly}`))
  else if (policy && !policies.includes(policy)) errors.push(notSupported(`${at}.persistentVolumeReclaimPolicy`, policy, policies))
  if (spec.nodeAffinity && inline) errors.push(forbidden(`${at}.nodeAffinity`, notInline))
  else if (spec.nodeAffinity && !spec.nodeAffinity.required) errors.push(required(`${at}.nodeAffinity.required`, 'must specify required node constraints'))
  else if (spec.nodeAffinity) validateNodeSelector(spec.nodeAffinity.required, `${at}.nodeAffinity.required`, errors)
  validateSources(spec, at, errors)
  if (/^\/+$/.test(spec.hostPath?.path ?? '') && policy === 'Recycle') {
    errors.push(forbidden(`${at}.persistentVolumeReclaimPolicy`, "may not be 'recycle' for a hostPath mount of '/'"))
  }
  if (spec.storageClassName && inline) errors.push(forbidden(`${at}.storageClassName`, notInline))
  else if (spec.storageClassName) validateName(spec.storageClassName, `${at}.storageClassName`, errors)
  if (spec.volumeMode && inline && spec.volumeMode !== 'Filesystem') {
    errors.push(forbidden(`${at}.volumeMode`, `may not specify volumeMode other than Filesystem ${inlineOnly}`))
  } else if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode)) errors.push(notSupported(`${at}.volumeMode`, spec.volumeMode, volumeModes))
  if (!inline) validateAttributesClass(spec, at, errors)
  return errors
}
function validateAttributesClass(spec: any, at: string, errors: FieldError[]): void {
  if (spec.volumeAttributesClassName === '') errors.push(required(`${at}.volumeAttributesClassName`, 'an empty string is disallowed'))
  else if (spec.volumeAttributesClassName) validateName(spec.volumeAttributesClassName, `${at}.volumeAttributesClassName`, errors)
  if (spec.volumeAttributesClassName && !spec.csi) errors.push(required(`${at}.csi`, 'has to be specified when using volumeAttributesClassName'))
}
function onlyOfInline(spec: any, at: string): FieldError[] {
  return [
    ...['claimRef', 'capacity'].filter(field => spec[field]).map(field => forbidden(`${at}.${field}`, notInline)),
    ...spec.csi ? [] : [required(`${at}.csi`, `has to be specified ${inlineOnly}`)],
  ]
}
function validateName(name: string, at: string, errors: FieldError[]): void {
  for (const text of dns1123Subdomain(name)) errors.push(invalid(at, name, text))
}
function validateCapacity(capacity: any, at: string, errors: FieldError[]): void {
  const size = capacity?.storage
  if (!capacity || Object.keys(capacity).length === 0) errors.push(required(at))
  if (size === undefined || Object.keys(capacity).length > 1) errors.push(notSupported(at, capacity ?? null, ['storage']))
  for (const name of Object.keys(capacity ?? {}).sort()) {
    const value = nanoOf(capacity[name])
    if (value < 0n) errors.push(invalid(`${at}[${name}]`, Number(value / 1_000_000_000n), 'must be a valid resource quantity'))
    if (value <= 0n) errors.push(invalid(`${at}[${name}]`, capacity[name], 'must be greater than zero'))
  }
}
function validateSources(spec: any, at: string, errors: FieldError[]): void {
  const sources = sourcesOf(spec)
  for (const [i, source] of sources.entries()) {
    // nobody counts a flexVolume that comes second
    if (i > 0 && source !== 'flexVolume') { errors.push(secondSource(source, at)); continue }
    ;(sourceRules[source] ?? commonSources[source])?.(spec[source], `${at}.${source}`, errors)
    if (source === 'local' && !spec.nodeAffinity) errors.push(required(`${at}.nodeAffinity`, 'Local volume requires node affinity'))
  }
  if (sources.length === 0) errors.push(required(at, 'must specify a volume type'))
}
const sourceRules: Readonly<Record<string, (source: any, at: string, errors: FieldError[]) => void>> = {
  hostPath(source, at, errors) {
    if (!source.path) { errors.push(required(`${at}.path`)); return }
    errors.push(...noBacksteps(source.path, `${at}.path`))
    if (!hostPathTypes.includes(source.type ?? '')) errors.push(notSupported(`${at}.type`, source.type, hostPathTypes))
  },
  local(source, at, errors) { errors.push(...source.path ? noBacksteps(source.path, `${at}.path`) : [required(`${at}.path`)]) },
  nfs({ server, path }, at, errors) {
    if (!server) errors.push(required(`${at}.server`))
    if (!path) errors.push(required(`${at}.path`))
    if (!path?.startsWith('/')) errors.push(invalid(`${at}.path`, path ?? '', 'must be an absolute path'))
  },
  csi(source, at, errors) {
    const { driver, volumeHandle } = source
    if (!driver) errors.push(required(`${at}.driver`))
    else {
      if (driver.length > 63) errors.push(tooLong(`${at}.driver`, 63))
      for (const text of dns1123Subdomain(driver.toLowerCase())) errors.push(invalid(`${at}.driver`, driver, text))
    }
    if (!volumeHandle) errors.push(required(`${at}.volumeHandle`))
    for (const name of secretsOfDrivers) if (source[name]) validateSecretReference(source[name], `${at}.${name}`, errors)
  },
  glusterfs(source, at, errors) {
    commonSources.glusterfs(source, at, errors)
    const { endpointsNamespace: namespace } = source
    if (namespace !== undefined) for (const text of dns1123Label(namespace)) errors.push(invalid(`${at}.endpointsNamespace`, namespace, text))
  },
  iscsi(source, at, errors) {
    commonSources.iscsi(source, at, errors)
    if (source.secretRef && !source.secretRef.name) errors.push(required(`${at}.secretRef.name`))
  },
  cinder({ volumeID, secretRef: secret }, at, errors) {
    if (!volumeID) errors.push(required(`${at}.volumeID`))
    for (const field of ['name', 'namespace']) if (secret && !secret[field]) errors.push(required(`${at}.secretRef.${field}`))
  },
  storageos(source, at, errors) {
    commonSources.storageos(source, at, errors)
    const { secretRef: secret } = source
    for (const field of ['name', 'namespace']) if (secret && !secret[field]) errors.push(required(`${at}.secretRef.${field}`))
  },
  azureFile({ secretName, shareName, secretNamespace: namespace }, at, errors) {
    if (!secretName) errors.push(required(`${at}.secretName`))
    if (!shareName) errors.push(required(`${at}.shareName`))
    if (namespace === '') errors.push(required(`${at}.secretNamespace`))
  },
}
const secretsOfDrivers = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef']
function validateSecretReference({ name = '', namespace = '' }: any, at: string, errors: FieldError[]): void {
  if (name === '') errors.push(required(`${at}.name`))
  else for (const text of dns1123Subdomain(name)) errors.push(invalid(`${at}.name`, name, text))
  if (namespace === '') errors.push(required(`${at}.namespace`))
  else for (const text of dns1123Label(namespace)) errors.push(invalid(`${at}.namespace`, namespace, text))
}
function validateVolumeChange(v: any, old: any): FieldError[] {
  const source = (spec: any): any => Object.fromEntries(sourcesOf(spec).map(k => [k, spec[k]])), errors: FieldError[] = []
  if (!deepEqual(source(v.spec), source(old.spec))) {
    errors.push(forbidden(
      'spec.persistentvolumesource',
      `spec.persistentvolumesource is immutable after creation\n${specDiff('core.v1.PersistentVolumeSpec', source(old.spec), source(v.spec))}`
    ))
  }
  errors.push(...immutable(v.spec.volumeMode, old.spec.volumeMode, 'volumeMode'))
  // a label of an older Kubernetes may become the one of today; that is not followed
  if (old.spec.nodeAffinity && !deepEqual(v.spec.nodeAffinity, old.spec.nodeAffinity)) {
    const now = v.spec.nodeAffinity ? internalJson('core.v1.VolumeNodeAffinity', v.spec.nodeAffinity) : null
    errors.push(invalid('nodeAffinity', now, 'field is immutable, except for updating from beta label to GA'))
  }
  return errors
}
