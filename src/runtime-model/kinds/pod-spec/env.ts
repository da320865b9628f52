import type { FieldError } from '../kind.ts'
import { configMapKey, dns1123Label, dns1123Subdomain, envVarName, qualifiedName } from '../../api/names.ts'
import { invalid, notFound, notSupported, required } from '../meta/errors.ts'
import { noBacksteps } from './paths.ts'

/**
 * Environment variables, and fields that pods tell their containers. Source: pkg/apis/core/validation/validation.go (ValidateEnv, ValidateEnvFrom,
 * validateObjectFieldSelector).
 */
export function validateEnv(variable: any, at: string, errors: FieldError[]): void {
  if (!variable.name) errors.push(required(`${at}.name`))
  else for (const text of envVarName(variable.name)) errors.push(invalid(`${at}.name`, variable.name, text))
  const from = variable.valueFrom
  if (!from) return
  const sources = Object.keys(from).filter(k => from[k])
  if (from.fieldRef) validateFieldRef(from.fieldRef.fieldPath, `${at}.valueFrom.fieldRef.fieldPath`, errors)
  if (from.resourceFieldRef) validateResourceRef(from.resourceFieldRef, `${at}.valueFrom.resourceFieldRef`, errors)
  for (const source of ['configMapKeyRef', 'secretKeyRef']) {
    const ref = from[source]
    if (!ref) continue
    for (const text of dns1123Subdomain(ref.name ?? '')) errors.push(invalid(`${at}.valueFrom.${source}.name`, ref.name ?? '', text))
    if (!ref.key) errors.push(required(`${at}.valueFrom.${source}.key`))
    else for (const text of configMapKey(ref.key)) errors.push(invalid(`${at}.valueFrom.${source}.key`, ref.key, text))
  }
  if (from.fileKeyRef) validateFileRef(from.fileKeyRef, `${at}.valueFrom.fileKeyRef`, errors)
  if (sources.length === 0) errors.push(invalid(
    `${at}.valueFrom`, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
  ))
  else if (variable.value) errors.push(invalid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty'))
  else if (sources.length > 1) errors.push(invalid(`${at}.valueFrom`, '', 'may not have more than one field specified at a time'))
}
/** Source: validateFileKeyRefVolumes, validateFileKeySelector */
function validateFileRef({ volumeName = '', path = '', key = '' }: any, at: string, errors: FieldError[]): void {
  if (key === '') errors.push(required(`${at}.key`))
  else for (const text of envVarName(key)) errors.push(invalid(`${at}.key`, key, text))
  if (volumeName === '') errors.push(required(`${at}.volumeName`))
  else for (const text of dns1123Label(volumeName)) errors.push(invalid(`${at}.volumeName`, volumeName, text))
  if (path === '') errors.push(required(`${at}.path`))
  else errors.push(...noBacksteps(path, `${at}.path`))
}
export function validateFileRefs(spec: any, path: string, errors: FieldError[]): void {
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) (spec[list] ?? []).forEach((c: any, i: number) =>
    (c.env ?? []).forEach((variable: any, j: number) => {
      const ref = variable.valueFrom?.fileKeyRef
      if (!ref) return
      const volume = (spec.volumes ?? []).find((v: any) => v.name === ref.volumeName), at = `${path}.${list}[${i}].env[${j}].valueFrom.fileKeyRef.volumeName`
      if (!volume) errors.push(notFound(at, ref.volumeName ?? ''))
      else if (!volume.emptyDir) errors.push(invalid(at, ref.volumeName, 'referenced volume must be of type emptyDir'))
    }))
}
const fieldPaths = [
  'metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP',
  'status.podIPs',
]
/** what pods can be asked for at all; not all of it everywhere */
const known = new Set([...fieldPaths, 'metadata.annotations', 'metadata.labels', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase', 'spec.host'])
export function validateFieldRef(path: string | undefined, at: string, errors: FieldError[], allowed: readonly string[] = fieldPaths): void {
  if (!path) errors.push(required(at))
  else if (/^metadata\.(labels|annotations)\['.+'\]$/.test(path)) {
    for (const text of qualifiedName(path.slice(path.indexOf("'") + 1, -2).toLowerCase())) {
      errors.push(invalid(at.replace(/\.fieldPath$/, ''), path.slice(path.indexOf("'") + 1, -2), text))
    }
  }
  else if (!known.has(path)) errors.push(invalid(at, path, `error converting fieldPath: field label not supported: ${path}`))
  else if (!allowed.includes(path)) errors.push(notSupported(at, path, allowed))
}

const resourceRefs = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory']
export function validateResourceRef({ resource, divisor }: any, at: string, errors: FieldError[]): void {
  if (!resource) errors.push(required(`${at}.resource`))
  else if (!resourceRefs.includes(resource)
    && !/^(limits|requests)\.hugepages-/.test(resource)) errors.push(notSupported(`${at}.resource`, resource, resourceRefs))
  else validateDivisor(resource, divisor, `${at}.divisor`, errors)
}
const cpuDivisors = ['1', '1m', '0'], byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei', '0']
/** The resource stands where the divisor should: so says the API server. */
function validateDivisor(resource: string, divisor: string | undefined, at: string, errors: FieldError[]): void {
  const name = resource.slice(resource.indexOf('.') + 1), cpu = name === 'cpu'
  if (divisor === undefined || (cpu ? cpuDivisors : byteDivisors).includes(divisor)) return
  const kind = name.startsWith('hugepages-') ? 'hugepages' : name === 'ephemeral-storage' ? 'local ephemeral storage' : name
  errors.push(invalid(
    at, resource,
    cpu
      ? "only divisor's values 1m and 1 are supported with the cpu resource"
      : `only divisor's values ${byteDivisors.slice(0, -1).join(', ')} are supported with the ${kind} resource`
  ))
}

export function validateEnvFrom(source: any, at: string, i: number, errors: FieldError[]): void {
  const kinds = ['configMapRef', 'secretRef'].filter(k => source[k])
  if (source.prefix) for (const text of envVarName(source.prefix)) errors.push(invalid(`${at}[${i}].prefix`, source.prefix, text))
  for (const k of kinds) {
    if (!source[k].name) errors.push(required(`${at}[${i}].${k}.name`))
    else for (const text of dns1123Subdomain(source[k].name)) errors.push(invalid(`${at}[${i}].${k}.name`, source[k].name, text))
  }
  if (kinds.length === 0) errors.push(invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`'))
  else if (kinds.length > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'))
}
