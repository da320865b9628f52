import type { FieldError } from '../kind.ts'
import { compareQuantities, nanoOf, quantityError } from '../../api/quantity.ts'
import { duplicate, forbidden, invalid, notFound, notSupported, portRange, required, tooLong } from '../meta/errors.ts'
import { dns1123Label, portName } from '../../api/names.ts'
import { isInteger, isNative, validateContainerResourceName } from '../meta/resource-names.ts'
import { validateUsedClaims } from './claims.ts'
import { validateEnv, validateEnvFrom } from './env.ts'
import { validateDevices, validateMounts } from './mounts.ts'
import { validateLifecycle, validateProbe } from './probes.ts'
import { validateSecurityContext } from './security.ts'

/** Rules of containers, in the API server's order. Source: pkg/apis/core/validation/validation.go (validateContainers, validateContainerCommon …). */
export function validateContainers(
  list: readonly any[] | undefined | null, volumes: readonly any[], path: string, graceSeconds: number, spec: any
): FieldError[] {
  if (!list || list.length === 0) return [required(path)]
  const names = new Set<string>(), errors: FieldError[] = []
  list.forEach((c, i) => {
    const at = `${path}[${i}]`
    common(c, volumes, at, errors, spec)
    unique(c.name, names, at, errors)
    if (c.lifecycle) validateLifecycle(c.lifecycle, `${at}.lifecycle`, graceSeconds, errors)
    if (c.livenessProbe) validateProbe(c.livenessProbe, `${at}.livenessProbe`, 'liveness', errors)
    if (c.readinessProbe) validateProbe(c.readinessProbe, `${at}.readinessProbe`, 'readiness', errors)
    if (c.startupProbe) validateProbe(c.startupProbe, `${at}.startupProbe`, 'startup', errors)
    validateRestartPolicy(c, at, errors)
    validateRestartRules(c, at, errors)
  })
  validateHostPorts(list, path, errors)
  return errors
}

export function validateInitContainers(
  list: readonly any[], regular: readonly any[], volumes: readonly any[], path: string, graceSeconds: number, spec: any
): FieldError[] {
  const names = new Set<string>(regular.map(c => c.name)), errors: FieldError[] = []
  list.forEach((c, i) => {
    const at = `${path}[${i}]`, sidecar = c.restartPolicy === 'Always'
    common(c, volumes, at, errors, spec)
    unique(c.name, names, at, errors)
    validateRestartPolicy(c, at, errors)
    if (sidecar && c.restartPolicyRules?.length) {
      errors.push(forbidden(`${at}.restartPolicyRules`, 'restartPolicyRules are not allowed for init containers with restart policy Always'))
    } else if (c.restartPolicy !== undefined) validateRestartRules(c, at, errors)
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
      if (!c[field]) continue
      if (!sidecar) errors.push(forbidden(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'))
      else if (field === 'lifecycle') validateLifecycle(c.lifecycle, `${at}.lifecycle`, graceSeconds, errors)
      else validateProbe(c[field], `${at}.${field}`, field.replace('Probe', '') as 'liveness', errors)
    }
  })
  return errors
}

const containerRestartPolicies = ['Always', 'Never', 'OnFailure']
/** Source: validateContainerRestartPolicy, validateContainerRestartRules */
function validateRestartPolicy(c: any, at: string, errors: FieldError[]): void {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = c
  if (policy === undefined) {
    if (rules.length > 0) errors.push(required(`${at}.restartPolicy`, 'must specify restartPolicy when restart rules are used'))
  } else if (!containerRestartPolicies.includes(policy)) errors.push(notSupported(`${at}.restartPolicy`, policy, containerRestartPolicies))
}
function validateRestartRules({ restartPolicyRules: rules = [] }: any, at: string, errors: FieldError[]): void {
  if (rules.length > 20) errors.push(tooLong(`${at}.restartPolicyRules`, 20))
  rules.forEach(({ action = '', exitCodes }: any, i: number) => {
    const here = `${at}.restartPolicyRules[${i}]`
    if (action !== 'Restart') errors.push(notSupported(`${here}.action`, action, ['Restart']))
    if (!exitCodes) { errors.push(required(`${here}.exitCodes`, 'must be specified')); return }
    const { operator = '', values = [] } = exitCodes
    if (operator !== 'In' && operator !== 'NotIn') errors.push(notSupported(`${here}.exitCodes.operator`, operator, ['In', 'NotIn']))
    if (values.length > 255) errors.push(tooLong(`${here}.exitCodes.values`, 255))
  })
}
/** One host port may be asked for once in a pod. */
function validateHostPorts(list: readonly any[], path: string, errors: FieldError[]): void {
  const taken = new Set<string>()
  list.forEach((c, i) => (c.ports ?? []).forEach((port: any, j: number) => {
    if (!port.hostPort) return
    const key = `${port.protocol ?? 'TCP'}/${port.hostIP ?? ''}/${port.hostPort}`
    if (taken.has(key)) errors.push(duplicate(`${path}[${i}].ports[${j}].hostPort`, key))
    taken.add(key)
  }))
}

function unique(name: string | undefined, names: Set<string>, at: string, errors: FieldError[]): void {
  if (names.has(name ?? '')) errors.push(duplicate(`${at}.name`, name ?? ''))
  else names.add(name ?? '')
}

/** `spec`: of the pod */
function common(c: any, volumes: readonly any[], at: string, errors: FieldError[], spec: any): void {
  if (!c.name) errors.push(required(`${at}.name`))
  else for (const text of dns1123Label(c.name)) errors.push(invalid(`${at}.name`, c.name, text))
  if (!c.image) errors.push(required(`${at}.image`))
  if (c.terminationMessagePolicy && !messagePolicies.includes(c.terminationMessagePolicy)) {
    errors.push(notSupported(`${at}.terminationMessagePolicy`, c.terminationMessagePolicy, messagePolicies))
  }
  if (c.ports) validatePorts(c.ports, `${at}.ports`, errors)
  ;(c.env ?? []).forEach((variable: any, i: number) => validateEnv(variable, `${at}.env[${i}]`, errors))
  ;(c.envFrom ?? []).forEach((source: any, i: number) => validateEnvFrom(source, `${at}.envFrom`, i, errors))
  if (c.volumeMounts) validateMounts(c, volumes, `${at}.volumeMounts`, errors)
  if (c.volumeDevices?.length) {
    if (spec.hostUsers === false) errors.push(forbidden(`${at}.volumeDevices`, 'when `hostUsers` is false'))
    validateDevices(c, volumes, `${at}.volumeDevices`, errors)
  }
  if (c.imagePullPolicy && !pullPolicies.includes(c.imagePullPolicy)) errors.push(notSupported(`${at}.imagePullPolicy`, c.imagePullPolicy, pullPolicies))
  if (c.resources) validateResources(c.resources, `${at}.resources`, errors)
  if (c.resources?.claims) validateUsedClaims(c.resources.claims, spec.resourceClaims ?? [], `${at}.resources.claims`, errors)
  if (c.resizePolicy?.length) validateResizePolicy(c.resizePolicy, `${at}.resizePolicy`, errors, spec.restartPolicy)
  if (c.securityContext) validateSecurityContext(c.securityContext, `${at}.securityContext`, errors, spec.hostUsers === false)
}
const messagePolicies = ['File', 'FallbackToLogsOnError'], pullPolicies = ['Always', 'IfNotPresent', 'Never'], protocols = ['SCTP', 'TCP', 'UDP']

function validatePorts(ports: readonly any[], path: string, errors: FieldError[]): void {
  const names = new Set<string>()
  ports.forEach((port, i) => {
    const at = `${path}[${i}]`
    if (port.name) {
      const wrong = portName(port.name)
      for (const text of wrong) errors.push(invalid(`${at}.name`, port.name, text))
      if (wrong.length === 0 && names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name))
      names.add(port.name)
    }
    if (!port.containerPort) errors.push(required(`${at}.containerPort`))
    else errors.push(...portRange(port.containerPort, `${at}.containerPort`))
    if (port.hostPort) errors.push(...portRange(port.hostPort, `${at}.hostPort`))
    if (port.protocol && !protocols.includes(port.protocol)) errors.push(notSupported(`${at}.protocol`, port.protocol, protocols))
  })
}

const resizable = ['cpu', 'memory'], resizePolicies = ['NotRequired', 'RestartContainer']
function validateResizePolicy(policies: readonly any[], at: string, errors: FieldError[], restarts: string | undefined): void {
  policies.forEach(({ resourceName = '', restartPolicy = '' }, i) => {
    if (policies.findIndex(p => p.resourceName === resourceName) < i) errors.push(duplicate(`${at}[${i}]`, resourceName))
    if (!resizable.includes(resourceName)) errors.push(resourceName === '' ? required(at) : notSupported(at, resourceName, resizable))
    if (!resizePolicies.includes(restartPolicy)) errors.push(restartPolicy === '' ? required(at) : notSupported(at, restartPolicy, resizePolicies))
    if (restarts === 'Never' && restartPolicy !== 'NotRequired') {
      errors.push(invalid(at, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"))
    }
  })
}

export const validateResources = (resources: any, path: string, errors: FieldError[]): void =>
  validateRequirements(resources, path, validateContainerResourceName, errors)
/** `named` judges the names of resources. Source: ValidateContainerResourceRequirements, validateResourceRequirements */
export function validateRequirements(
  resources: any, path: string, named: (name: string, at: string, errors: FieldError[]) => void, errors: FieldError[]
): void {
  const limits = resources.limits ?? {}, requests = resources.requests ?? {}
  for (const name of Object.keys(limits)) {
    named(name, `${path}.limits[${name}]`, errors)
    validateAmount(name, limits[name], `${path}.limits[${name}]`, errors)
    validatePages(name, limits[name], `${path}.limits[${name}]`, errors)
  }
  for (const name of Object.keys(requests)) {
    named(name, `${path}.requests[${name}]`, errors)
    validateAmount(name, requests[name], `${path}.requests[${name}]`, errors)
    if (limits[name] !== undefined) {
      if (isWhole(name) && compareQuantities(requests[name], limits[name]) !== 0)
        errors.push(invalid(`${path}.requests`, requests[name], `must be equal to ${name} limit of ${limits[name]}`))
      else if (compareQuantities(requests[name], limits[name]) > 0) errors.push(invalid(
        `${path}.requests`, requests[name], `must be less than or equal to ${name} limit of ${limits[name]}`
      ))
    } else if (isWhole(name)) errors.push(required(`${path}.limits`, `Limit must be set for non overcommitable resources`))
    validatePages(name, requests[name], `${path}.requests[${name}]`, errors)
  }
  const all = [...Object.keys(limits), ...Object.keys(requests)]
  if (all.some(name => name.startsWith('hugepages-')) && !all.includes('cpu') && !all.includes('memory')) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'))
  }
}
/** Nobody can ask for less of it than it may use. Source: IsOvercommitAllowed */
const isWhole = (name: string): boolean => !isNative(name) || name.startsWith('hugepages-')
export function validateAmount(name: string, amount: string, at: string, errors: FieldError[]): void {
  const nano = nanoOf(amount)
  if (nano < 0n) errors.push(invalid(at, amount, 'must be greater than or equal to 0'))
  else if (isInteger(name) && nano % 1_000_000_000n !== 0n) errors.push(invalid(at, amount, 'must be an integer'))
}

function validatePages(name: string, amount: string, at: string, errors: FieldError[]): void {
  if (!name.startsWith('hugepages-') || quantityError(name.slice(10)) !== undefined) return
  if (nanoOf(amount) % nanoOf(name.slice(10)) !== 0n) errors.push(invalid(at, amount, `${amount} is not positive integer multiple of ${name}`))
}

/** in the order of the struct; only of `resources` an empty one is none */
const notEphemeral = [
  'ports', 'resources', 'resizePolicy', 'restartPolicy', 'restartPolicyRules', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle',
]
export function validateEphemeralContainers(list: readonly any[], spec: any, path: string): FieldError[] {
  const errors: FieldError[] = [], names = new Set<string>([...spec.containers ?? [], ...spec.initContainers ?? []].map(c => c.name))
  list.forEach((c, i) => {
    const at = `${path}[${i}]`
    common(c, spec.volumes ?? [], at, errors, spec)
    if (c.image && c.image.trim() !== c.image) errors.push(invalid(`${at}.image`, c.image, 'must not have leading or trailing whitespace'))
    unique(c.name, names, at, errors)
    if (c.targetContainerName && !names.has(c.targetContainerName)) errors.push(notFound(`${at}.targetContainerName`, c.targetContainerName))
    for (const field of notEphemeral) {
      if (c[field] && (field !== 'resources' || Object.keys(c[field]).length > 0)) errors.push(forbidden(`${at}.${field}`, 'cannot be set for an Ephemeral Container'))
    }
    ;(c.volumeMounts ?? []).forEach((mount: any, j: number) => {
      for (const field of ['subPath', 'subPathExpr']) {
        if (mount[field]) errors.push(forbidden(`${at}.volumeMounts[${j}].${field}`, 'cannot be set for an Ephemeral Container'))
      }
    })
  })
  return errors
}
