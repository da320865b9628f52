import type { FieldError } from '../kind.ts'
import { nanoOf } from '../../api/quantity.ts'
import { dns1123Label } from '../../api/names.ts'
import { duplicate, forbidden, invalid, notSupported, required } from '../meta/errors.ts'
import { validateFieldRef, validateResourceRef } from './env.ts'
import { noBacksteps, nonReservedPath } from './paths.ts'
import { hostPathTypes, podSources, secondSource, sourceOrder, sourcesIn } from './sources.ts'

/** Source: pkg/apis/core/validation/validation.go (ValidateVolumes, validateVolumeSource and the functions of the sources). */
/** `sound`: gets those without a fault; containers can mount no others. */
export function validateVolumes(volumes: readonly any[], path: string, sound: any[]): FieldError[] {
  const names = new Set<string>(), errors: FieldError[] = []
  volumes.forEach((volume, i) => {
    const at = `${path}[${i}]`, mine: FieldError[] = []
    validateSource(volume, at, mine)
    if (!volume.name) mine.push(required(`${at}.name`))
    else for (const text of dns1123Label(volume.name)) mine.push(invalid(`${at}.name`, volume.name, text))
    if (names.has(volume.name)) mine.push(duplicate(`${at}.name`, volume.name))
    if (mine.length === 0) { names.add(volume.name); sound.push(volume) }
    errors.push(...mine)
  })
  return errors
}

const neededFields: Readonly<Record<string, string>> = {
  hostPath: 'path', secret: 'secretName', configMap: 'name', persistentVolumeClaim: 'claimName', nfs: 'server', csi: 'driver', ephemeral: 'volumeClaimTemplate',
}
function validateSource(volume: any, at: string, errors: FieldError[]): void {
  const [first, ...others] = sourcesIn(volume, sourceOrder)
  if (first === undefined) { errors.push(required(at, 'must specify a volume type')); return }
  const needed = neededFields[first], given = needed === undefined || volume[first][needed]
  if (!given) errors.push(required(`${at}.${first}.${needed}`))
  const rule = given ? details[first] ?? podSources[first] : first === 'hostPath' ? undefined : details[first]
  rule?.(volume[first], `${at}.${first}`, errors)
  for (const source of others) errors.push(secondSource(source, at))
}

const details: Readonly<Record<string, (value: any, at: string, errors: FieldError[]) => void>> = {
  emptyDir(value, at, errors) {
    if (value.sizeLimit !== undefined && nanoOf(value.sizeLimit) < 0n) {
      errors.push(forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
    }
  },
  hostPath(value, at, errors) {
    errors.push(...noBacksteps(value.path, `${at}.path`))
    if (!hostPathTypes.includes(value.type ?? '')) errors.push(notSupported(`${at}.type`, value.type, hostPathTypes))
  },
  nfs(value, at, errors) {
    if (!value.path) errors.push(required(`${at}.path`))
    if (!value.path?.startsWith('/')) errors.push(invalid(`${at}.path`, value.path ?? '', 'must be an absolute path'))
  },
  secret: keysAndModes, configMap: keysAndModes,
  downwardAPI(value, at, errors) {
    validateMode(value.defaultMode, `${at}.defaultMode`, errors)
    for (const file of value.items ?? []) validateDownwardFile(file, at, errors)
  },
  projected(value, at, errors) {
    validateMode(value.defaultMode, `${at}.defaultMode`, errors)
    const { sources } = value, before = errors.length
    if (!sources || sound.has(sources)) return
    const paths = new Set<string>()
    sources.forEach((source: any, i: number) => { validateProjection(source, at, `${at}.sources[${i}]`, errors); validatePaths(source, paths, at, errors) })
    if (errors.length === before) sound.add(sources)
  },
}
/** No two files of a volume have one path: the name of the second's object is told, or its path if it has none. */
function validatePaths({ secret, configMap, downwardAPI, serviceAccountToken: token }: any, paths: Set<string>, at: string, errors: FieldError[]): void {
  const take = (path: string | undefined, told: string): void => {
    if (!path) return
    if (paths.has(path)) errors.push(invalid(at, told, 'conflicting duplicate paths'))
    paths.add(path)
  }
  for (const source of [secret, configMap]) for (const { path } of source?.items ?? []) take(path, source.name ?? '')
  for (const { path } of downwardAPI?.items ?? []) take(path, path)
  if (token) take(token.path, token.path)
}
/** Sources without a fault: the token of a service account is in every pod. */
const sound = new WeakSet<object>()
function validateMode(mode: number | undefined, at: string, errors: FieldError[]): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) errors.push(invalid(at, mode, 'must be a number between 0 and 0777 (octal), both inclusive'))
}
function keysAndModes(value: any, at: string, errors: FieldError[]): void {
  validateMode(value.defaultMode, `${at}.defaultMode`, errors)
  validateItems(value.items ?? [], `${at}.items`, errors)
}
function validateItems(items: readonly any[], at: string, errors: FieldError[]): void {
  items.forEach(({ key, path, mode }, i) => {
    if (!key) errors.push(required(`${at}[${i}].key`))
    if (!path) errors.push(required(`${at}[${i}].path`))
    errors.push(...nonReservedPath(path ?? '', `${at}[${i}].path`))
    validateMode(mode, `${at}[${i}].mode`, errors)
  })
}

const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']
function validateDownwardFile({ path, fieldRef, resourceFieldRef, mode }: any, at: string, errors: FieldError[]): void {
  if (!path) errors.push(required(`${at}.path`))
  errors.push(...nonReservedPath(path ?? '', `${at}.path`))
  if (fieldRef) {
    validateFieldRef(fieldRef.fieldPath, `${at}.fieldRef.fieldPath`, errors, volumeFields)
    if (resourceFieldRef) errors.push(invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
  } else if (resourceFieldRef) {
    if (!resourceFieldRef.containerName) errors.push(required(`${at}.resourceFieldRef.containerName`))
    else validateResourceRef(resourceFieldRef, `${at}.resourceFieldRef`, errors)
  } else errors.push(required(at, 'one of fieldRef and resourceFieldRef is required'))
  validateMode(mode, `${at}.mode`, errors)
}

function validateProjection({ secret, configMap, downwardAPI, serviceAccountToken: token }: any, volumeAt: string, at: string, errors: FieldError[]): void {
  for (const [name, source] of [['secret', secret], ['configMap', configMap]] as const) {
    if (source && !source.name) errors.push(required(`${at}.${name}.name`))
    if (source) validateItems(source.items ?? [], `${at}.${name}.items`, errors)
  }
  for (const file of downwardAPI?.items ?? []) validateDownwardFile(file, `${at}.downwardAPI`, errors)
  if (token) {
    const { expirationSeconds: seconds, path } = token, here = `${at}.serviceAccountToken.expirationSeconds`
    if (seconds < 600) errors.push(invalid(here, seconds, 'may not specify a duration less than 10 minutes'))
    if (seconds > 2 ** 32) errors.push(invalid(here, seconds, 'may not specify a duration larger than 2^32 seconds'))
    // told of the volume, not of the source
    if (!path) errors.push(required(`${volumeAt}.path`))
    else errors.push(...nonReservedPath(path, `${volumeAt}.path`))
  }
  if ([secret, configMap, downwardAPI, token].filter(Boolean).length > 1) errors.push(forbidden(at, 'may not specify more than 1 volume type per source'))
}
